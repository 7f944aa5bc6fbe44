package store

import (
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

// Municipalities gives all of them.
func (tx *Tx) Municipalities() ([]Municipality, error) {
	var all []Municipality
	err := tx.each("store.Municipalities", `SELECT id, name, cvr FROM municipalities ORDER BY name`, nil, func(scan func(...any) error) error {
		var m Municipality
		err := scan(&m.ID, &m.Name, &m.CVR)
		all = append(all, m)
		return err
	})
	return all, err
}

// Employee is a person who works for a municipality or a clinic, as the last sign-in told. Issuer and Subject are the
// key; Municipality or Clinic is empty.
type Employee struct {
	ID              kontakt.EmployeeID
	Issuer, Subject string
	Name, Title     string
	Role            kontakt.Role
	Municipality    kontakt.MunicipalityID
	Clinic          kontakt.ClinicID
}

// SaveEmployee makes or changes the employee with this issuer and subject, and gives the row as it stands: with the id
// that the person had, else the one that e brings.
func (tx *Tx) SaveEmployee(e Employee) (Employee, error) {
	err := tx.must("store.SaveEmployee", `INSERT INTO employees (id, issuer, subject, name, title, role, municipality, clinic)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, title = excluded.title, role = excluded.role,
			municipality = excluded.municipality, clinic = excluded.clinic
		RETURNING id`, []any{e.ID, e.Issuer, e.Subject, e.Name, e.Title, e.Role, e.Municipality, e.Clinic}, &e.ID)
	return e, err
}

// Employee gives one.
func (tx *Tx) Employee(id kontakt.EmployeeID) (Employee, error) {
	e := Employee{ID: id}
	err := tx.must("store.Employee", `SELECT issuer, subject, name, title, role, municipality, clinic FROM employees WHERE id = $1`,
		[]any{id}, &e.Issuer, &e.Subject, &e.Name, &e.Title, &e.Role, &e.Municipality, &e.Clinic)
	return e, err
}

// EmployeeBySubject finds one by the provider's key.
func (tx *Tx) EmployeeBySubject(issuer, subject string) (Employee, error) {
	var id kontakt.EmployeeID
	if err := tx.must("store.EmployeeBySubject", `SELECT id FROM employees WHERE issuer = $1 AND subject = $2`,
		[]any{issuer, subject}, &id); err != nil {
		return Employee{}, err
	}
	return tx.Employee(id)
}
