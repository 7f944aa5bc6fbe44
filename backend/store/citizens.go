package store

import (
	"slices"
	"strconv"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// CitizensAtOnce is how many citizens are best taken at once.
const CitizensAtOnce = 500

// SQLite finds each $n by going through all of them: statements with more parameters take longer than several do.
const (
	askedAtOnce = 100
	savedAtOnce = 40
)

// CitizensByCPR finds citizens by their numbers, in no order; who is not known is left out.
func (tx *Tx) CitizensByCPR(numbers []kontakt.CPR) (map[kontakt.CPR]Citizen, error) {
	found := make(map[kontakt.CPR]Citizen, len(numbers))
	for some := range slices.Chunk(numbers, askedAtOnce) {
		args := make([]any, len(some))
		for i, cpr := range some {
			args[i] = tx.db.cprLookup(cpr)
		}
		all, err := tx.citizens("store.CitizensByCPR", `cpr_lookup IN (`+places(1, len(args))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			found[c.CPR] = c
		}
	}
	return found, nil
}

// CitizensAfter gives at most CitizensAtOnce whose ids come after one, in that order.
func (tx *Tx) CitizensAfter(id kontakt.CitizenID) ([]Citizen, error) {
	return tx.citizens("store.CitizensAfter", `id > $1 ORDER BY id LIMIT `+strconv.Itoa(CitizensAtOnce), id)
}

// ClinicCitizens gives those who hold a place at a clinic.
func (tx *Tx) ClinicCitizens(clinic kontakt.ClinicID) ([]Citizen, error) {
	return tx.citizens("store.ClinicCitizens", `id IN (SELECT citizen FROM entries WHERE clinic = $1 AND `+open+`)`, clinic)
}

// SaveCitizens makes or changes citizens, each with the id that it has or is to have.
func (tx *Tx) SaveCitizens(citizens []Citizen) error {
	for some := range slices.Chunk(citizens, savedAtOnce) {
		if err := tx.saveSome(some); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) saveSome(citizens []Citizen) error {
	const op, columns = "store.SaveCitizens", 6
	rows, args := make([]string, len(citizens)), make([]any, 0, columns*len(citizens))
	for i, c := range citizens {
		cpr, name := tx.db.keys.seal("citizens.cpr", string(c.ID), c.CPR.Reveal()), tx.db.keys.seal("citizens.name", string(c.ID), c.Name)
		rows[i] = `(` + places(len(args)+1, columns) + `)`
		args = append(args, c.ID, cpr, tx.db.cprLookup(c.CPR), name, c.Clinic, nanos(c.CheckedAt))
	}
	_, err := tx.exec(op, `INSERT INTO citizens (id, cpr, cpr_lookup, name, clinic, checked_at) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, clinic = excluded.clinic, checked_at = excluded.checked_at`, args...)
	return err
}

// StrikeCitizens takes citizens off the register: deleted where nothing names them, else attached to none and never checked.
func (tx *Tx) StrikeCitizens(ids []kontakt.CitizenID) error {
	const op = "store.StrikeCitizens"
	for some := range slices.Chunk(ids, askedAtOnce) {
		marks, args := list(1, some)
		in := ` IN (` + marks + `)`
		if _, err := tx.exec(op, `DELETE FROM citizens WHERE id`+in+` AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.citizen = citizens.id)
			AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.citizen = citizens.id)
			AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.citizen = citizens.id)`, args...); err != nil {
			return err
		}
		if _, err := tx.exec(op, `UPDATE citizens SET clinic = '', checked_at = 0 WHERE id`+in, args...); err != nil {
			return err
		}
	}
	return nil
}
