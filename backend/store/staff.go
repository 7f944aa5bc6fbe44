package store

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"kontaktlaege/internal/kontakt"
)

// Municipality is a kommune: the data controller of its tablets.
type Municipality struct {
	ID   kontakt.MunicipalityID
	Name string
	CVR  string // company number; an employee's sign-in must name it
}

// SaveMunicipality makes or changes one.
func (tx *Tx) SaveMunicipality(m Municipality) error {
	_, err := tx.exec("store.SaveMunicipality", `INSERT INTO municipalities (id, name, cvr) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, cvr = excluded.cvr`, m.ID, m.Name, m.CVR)
	return err
}

// Municipality gives one.
func (tx *Tx) Municipality(id kontakt.MunicipalityID) (Municipality, error) {
	m := Municipality{ID: id}
	err := tx.must("store.Municipality", `SELECT name, cvr FROM municipalities WHERE id = $1`, []any{id}, &m.Name, &m.CVR)
	return m, err
}

// MunicipalityByCVR finds one by its company number.
func (tx *Tx) MunicipalityByCVR(cvr string) (Municipality, error) {
	m := Municipality{CVR: cvr}
	err := tx.must("store.MunicipalityByCVR", `SELECT id, name FROM municipalities WHERE cvr = $1`, []any{cvr}, &m.ID, &m.Name)
	return m, err
}

// Municipalities gives all of them, by name.
func (tx *Tx) Municipalities() ([]Municipality, error) {
	all, err := collect(tx, "store.Municipalities", `SELECT id, name, cvr FROM municipalities ORDER BY id`, nil, func(scan scan) (m Municipality, err error) {
		err = scan(&m.ID, &m.Name, &m.CVR)
		return m, err
	})
	sortByName(all, func(m Municipality) string { return m.Name })
	return all, err
}

// DanishOrder compares names as a Danish reader looks for them, æ, ø, å last: the engines each have an order of their own.
// What it returns is for one goroutine.
func DanishOrder() func(a, b string) int { return collate.New(language.Danish).CompareString }

// sortByName keeps the order of those with one name.
func sortByName[T any](all []T, name func(T) string) {
	order := DanishOrder()
	slices.SortStableFunc(all, func(a, b T) int { return order(name(a), name(b)) })
}

// Employee is a person who works for a municipality or a clinic, as the last sign-in told. Issuer and Subject are the
// key; Municipality or Clinic is empty. Role and clinic of one who was appointed are ours to say, and no sign-in changes
// them.
type Employee struct {
	ID              kontakt.EmployeeID
	Issuer, Subject string
	Name, Title     string
	Role            kontakt.Role
	Municipality    kontakt.MunicipalityID
	Clinic          kontakt.ClinicID
	Appointed       bool
}

// SaveEmployee makes or changes the employee with this issuer and subject, and gives the row as it stands: with the id
// that the person had, else the one that e brings, and with the role and clinic of an appointment that stands.
func (tx *Tx) SaveEmployee(e Employee) (Employee, error) {
	err := tx.must("store.SaveEmployee", `INSERT INTO employees (id, issuer, subject, name, title, role, municipality, clinic, appointed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, title = excluded.title,
			role = CASE WHEN employees.appointed AND NOT excluded.appointed THEN employees.role ELSE excluded.role END,
			municipality = CASE WHEN employees.appointed AND NOT excluded.appointed THEN employees.municipality ELSE excluded.municipality END,
			clinic = CASE WHEN employees.appointed AND NOT excluded.appointed THEN employees.clinic ELSE excluded.clinic END,
			appointed = employees.appointed OR excluded.appointed
		RETURNING id, role, municipality, clinic, appointed`,
		[]any{e.ID, e.Issuer, e.Subject, e.Name, e.Title, e.Role, e.Municipality, e.Clinic, e.Appointed},
		&e.ID, &e.Role, &e.Municipality, &e.Clinic, &e.Appointed)
	return e, err
}

// Dismiss takes an appointment back: the next sign-in tells role and clinic again. False where there was none.
func (tx *Tx) Dismiss(id kontakt.EmployeeID) (bool, error) {
	n, err := tx.exec("store.Dismiss", `UPDATE employees SET appointed = $2 WHERE id = $1 AND appointed`, id, false)
	return n == 1, err
}

// Employees gives those of a clinic, by name.
func (tx *Tx) Employees(clinic kontakt.ClinicID) ([]Employee, error) {
	all, err := tx.employees("store.Employees", `clinic = $1 ORDER BY id`, clinic)
	sortByName(all, func(e Employee) string { return e.Name })
	return all, err
}

// ClinicHelpers gives those who stand by the citizens that hold the open places of a clinic.
func (tx *Tx) ClinicHelpers(clinic kontakt.ClinicID) ([]Employee, error) {
	return tx.employees("store.ClinicHelpers", `id IN (SELECT helper FROM entries WHERE clinic = $1 AND `+open+`)`, clinic)
}

// Employee gives one.
func (tx *Tx) Employee(id kontakt.EmployeeID) (Employee, error) {
	return tx.employee("store.Employee", `id = $1`, id)
}

// EmployeeBySubject finds one by the provider's key.
func (tx *Tx) EmployeeBySubject(issuer, subject string) (Employee, error) {
	return tx.employee("store.EmployeeBySubject", `issuer = $1 AND subject = $2`, issuer, subject)
}

func (tx *Tx) employee(op, where string, args ...any) (Employee, error) {
	all, err := tx.employees(op, where, args...)
	return first(op, all, err)
}

func (tx *Tx) employees(op, where string, args ...any) ([]Employee, error) {
	return collect(tx, op, `SELECT id, issuer, subject, name, title, role, municipality, clinic, appointed FROM employees WHERE `+where, args,
		func(scan scan) (e Employee, err error) {
			err = scan(&e.ID, &e.Issuer, &e.Subject, &e.Name, &e.Title, &e.Role, &e.Municipality, &e.Clinic, &e.Appointed)
			return e, err
		})
}
