package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Citizen is a person of the registry. CPR and Name are sealed at rest.
type Citizen struct {
	ID     kontakt.CitizenID
	CPR    kontakt.CPR
	Name   string
	Clinic kontakt.ClinicID // attached to; "": none that we serve
	// CheckedAt is when a registry last told name and clinic; zero: none ever did.
	CheckedAt time.Time
}

// On is the citizen as a person with the right to may see them on a day, without the clinic.
func (c Citizen) On(today kontakt.Date) kontakt.Citizen {
	born, _ := c.CPR.Born()
	return kontakt.Citizen{ID: c.ID, Name: c.Name, Masked: c.CPR.Masked(), Born: born, Warnings: c.CPR.Warnings(today), Unchecked: c.CheckedAt.IsZero()}
}

// SaveCitizen makes or changes the citizen with this CPR number and gives the row as it stands: with the id that the
// citizen had, else the one that c brings.
func (tx *Tx) SaveCitizen(c Citizen) (Citizen, error) {
	const op = "store.SaveCitizen"
	lookup := tx.db.cprLookup(c.CPR)
	if _, err := tx.one(op, `SELECT id FROM citizens WHERE cpr_lookup = $1`, []any{lookup}, &c.ID); err != nil {
		return Citizen{}, err
	}
	cpr, err := tx.db.keys.seal("citizens.cpr", string(c.ID), c.CPR.Reveal())
	if err != nil {
		return Citizen{}, internal(op, err)
	}
	name, err := tx.db.keys.seal("citizens.name", string(c.ID), c.Name)
	if err != nil {
		return Citizen{}, internal(op, err)
	}
	_, err = tx.exec(op, `INSERT INTO citizens (id, cpr, cpr_lookup, name, clinic, checked_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, clinic = excluded.clinic, checked_at = excluded.checked_at`,
		c.ID, cpr, lookup, name, c.Clinic, nanos(c.CheckedAt))
	return c, err
}

// Citizen gives one.
func (tx *Tx) Citizen(id kontakt.CitizenID) (Citizen, error) {
	return tx.citizen("store.Citizen", `id = $1`, id)
}

// CitizenByCPR finds one.
func (tx *Tx) CitizenByCPR(cpr kontakt.CPR) (Citizen, error) {
	return tx.citizen("store.CitizenByCPR", `cpr_lookup = $1`, tx.db.cprLookup(cpr))
}

// ClinicCitizens gives those who hold a place at a clinic.
func (tx *Tx) ClinicCitizens(clinic kontakt.ClinicID) ([]Citizen, error) {
	return tx.roll("store.ClinicCitizens", `id IN (SELECT citizen FROM entries WHERE clinic = $1 AND `+open+`)`, clinic)
}

func (tx *Tx) citizen(op, where string, arg any) (Citizen, error) {
	all, err := tx.roll(op, where, arg)
	if err == nil && len(all) == 0 {
		err = notFound(op)
	}
	if err != nil {
		return Citizen{}, err
	}
	return all[0], nil
}

// scanCitizen reads a row of id, cpr, name, clinic and checked_at.
func (tx *Tx) scanCitizen(op string, scan func(dest ...any) error) (Citizen, error) {
	var c Citizen
	var cpr, name []byte
	if err := scan(&c.ID, &cpr, &name, &c.Clinic, when{&c.CheckedAt}); err != nil {
		return Citizen{}, err
	}
	text, err := tx.db.keys.open("citizens.cpr", string(c.ID), cpr)
	if err != nil {
		return Citizen{}, internal(op, err)
	}
	if c.CPR, err = kontakt.ParseCPR(text, endOfCPR); err != nil {
		return Citizen{}, internal(op, err)
	}
	if c.Name, err = tx.db.keys.open("citizens.name", string(c.ID), name); err != nil {
		return Citizen{}, internal(op, err)
	}
	return c, nil
}

// endOfCPR is a day after every birthday that a CPR number can name: what was accepted once opens whatever the clock.
var endOfCPR = kontakt.Date{Year: 2058, Month: time.January, Day: 1}
