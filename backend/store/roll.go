package store

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Roll is how many citizens are best taken at once.
const Roll = 500

// SQLite finds each $n by going through all of them: statements with more parameters take longer than several do.
const (
	askedAtOnce = 100
	savedAtOnce = 40
)

// RollCall finds citizens by their numbers, in no order; who is not known is left out.
func (tx *Tx) RollCall(numbers []kontakt.CPR) (map[kontakt.CPR]Citizen, error) {
	found := make(map[kontakt.CPR]Citizen, len(numbers))
	for some := range slices.Chunk(numbers, askedAtOnce) {
		args := make([]any, len(some))
		for i, cpr := range some {
			args[i] = tx.db.cprLookup(cpr)
		}
		all, err := tx.roll("store.RollCall", `cpr_lookup IN (`+places(1, len(args))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			found[c.CPR] = c
		}
	}
	return found, nil
}

// RollAfter gives at most Roll citizens whose ids come after one, in that order.
func (tx *Tx) RollAfter(id kontakt.CitizenID) ([]Citizen, error) {
	return tx.roll("store.RollAfter", `id > $1 ORDER BY id LIMIT `+strconv.Itoa(Roll), id)
}

func (tx *Tx) roll(op, where string, args ...any) ([]Citizen, error) {
	var all []Citizen
	err := tx.each(op, `SELECT id, cpr, name, clinic, checked_at FROM citizens WHERE `+where, args, func(scan func(...any) error) error {
		c, err := tx.scanCitizen(op, scan)
		all = append(all, c)
		return err
	})
	return all, err
}

// SaveRoll makes or changes citizens, each with the id that it has or is to have.
func (tx *Tx) SaveRoll(citizens []Citizen) error {
	for some := range slices.Chunk(citizens, savedAtOnce) {
		if err := tx.saveSome(some); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) saveSome(citizens []Citizen) error {
	const op, columns = "store.SaveRoll", 6
	rows, args := make([]string, len(citizens)), make([]any, 0, columns*len(citizens))
	for i, c := range citizens {
		cpr, err := tx.db.keys.seal("citizens.cpr", string(c.ID), c.CPR.Reveal())
		if err != nil {
			return internal(op, err)
		}
		name, err := tx.db.keys.seal("citizens.name", string(c.ID), c.Name)
		if err != nil {
			return internal(op, err)
		}
		rows[i] = `(` + places(len(args)+1, columns) + `)`
		args = append(args, c.ID, cpr, tx.db.cprLookup(c.CPR), name, c.Clinic, nanos(c.CheckedAt))
	}
	_, err := tx.exec(op, `INSERT INTO citizens (id, cpr, cpr_lookup, name, clinic, checked_at) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, clinic = excluded.clinic, checked_at = excluded.checked_at`, args...)
	return err
}

// Strike takes citizens off the register: deleted where nothing names them, else attached to none and never checked.
func (tx *Tx) Strike(ids []kontakt.CitizenID) error {
	const op = "store.Strike"
	for some := range slices.Chunk(ids, askedAtOnce) {
		args := make([]any, len(some))
		for i, id := range some {
			args[i] = id
		}
		in := ` IN (` + places(1, len(args)) + `)`
		if _, err := tx.exec(op, `DELETE FROM citizens WHERE id`+in+` AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.citizen = citizens.id)
			AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.citizen = citizens.id)`, args...); err != nil {
			return err
		}
		if _, err := tx.exec(op, `UPDATE citizens SET clinic = '', checked_at = 0 WHERE id`+in, args...); err != nil {
			return err
		}
	}
	return nil
}

// CountBookings counts a clinic's booked times from a time on and before another.
func (tx *Tx) CountBookings(clinic kontakt.ClinicID, from, to time.Time) (n int, err error) {
	_, err = tx.one("store.CountBookings", `SELECT COUNT(*) FROM bookings WHERE clinic = $1 AND at >= $2 AND at < $3`, []any{clinic, nanos(from), nanos(to)}, &n)
	return n, err
}

// places gives n parameters: "$3, $4".
func places(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}
