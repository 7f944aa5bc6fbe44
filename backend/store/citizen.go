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
	if _, err := tx.one(op, `SELECT id FROM citizens WHERE cpr_lookup = $1`, []any{tx.db.cprLookup(c.CPR)}, &c.ID); err != nil {
		return Citizen{}, err
	}
	return c, tx.SaveCitizens([]Citizen{c})
}

// Citizen gives one.
func (tx *Tx) Citizen(id kontakt.CitizenID) (Citizen, error) {
	return tx.citizen("store.Citizen", `id = $1`, id)
}

// CitizenByCPR finds one.
func (tx *Tx) CitizenByCPR(cpr kontakt.CPR) (Citizen, error) {
	return tx.citizen("store.CitizenByCPR", `cpr_lookup = $1`, tx.db.cprLookup(cpr))
}

func (tx *Tx) citizen(op, where string, arg any) (Citizen, error) {
	all, err := tx.citizens(op, where, arg)
	return first(op, all, err)
}

func (tx *Tx) citizens(op, where string, args ...any) ([]Citizen, error) {
	return collect(tx, op, `SELECT id, cpr, name, clinic, checked_at FROM citizens WHERE `+where, args, func(scan scan) (c Citizen, err error) {
		var cpr, name []byte
		if err = scan(&c.ID, &cpr, &name, &c.Clinic, when{&c.CheckedAt}); err != nil {
			return c, err
		}
		text, err := tx.db.keys.open("citizens.cpr", string(c.ID), cpr)
		if err != nil {
			return c, err
		}
		if c.CPR, err = kontakt.ParseCPR(text, endOfCPR); err != nil {
			return c, internal(op, err)
		}
		c.Name, err = tx.db.keys.open("citizens.name", string(c.ID), name)
		return c, err
	})
}

// endOfCPR is a day after every birthday that a CPR number can name: what was accepted once opens whatever the clock.
var endOfCPR = kontakt.Date{Year: 2058, Month: time.January, Day: 1}
