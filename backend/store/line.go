package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Line gives a clinic's open places, in no order of meaning, with what their order goes by alone: what is sealed, and
// what does not concern the others, is left out.
func (tx *Tx) Line(clinic kontakt.ClinicID) ([]Entry, error) {
	return collect(tx, "store.Line", `SELECT id, state, day, number, rank, urgent, front_at, no_answers, call, joined_at FROM entries
		WHERE clinic = $1 AND `+open+` ORDER BY id`, []any{clinic}, func(scan scan) (Entry, error) {
		e := Entry{Clinic: clinic}
		var day string
		err := scan(&e.ID, &e.State, &day, &e.Number, &e.Rank, &e.Urgent, when{&e.FrontAt}, &e.NoAnswers, &e.Call, when{&e.JoinedAt})
		if err == nil {
			e.Day, err = kontakt.ParseDate(day)
		}
		return e, err
	})
}

// SaveRank gives an open place another rank, which is no change of the place itself: it makes room for another.
func (tx *Tx) SaveRank(id kontakt.EntryID, rank int64) error {
	_, err := tx.exec("store.SaveRank", `UPDATE entries SET rank = $2 WHERE id = $1`, id, rank)
	return err
}

// DrawNumber gives the next number of a clinic on a Danish day, and the moment at which it counts as drawn: now, but
// later than that of the number before, whatever the clocks of several nodes say.
func (tx *Tx) DrawNumber(clinic kontakt.ClinicID, day kontakt.Date) (n int, rank int64, err error) {
	const op = "store.DrawNumber"
	if err := tx.busy(op, clinic); err != nil {
		return 0, 0, err
	}
	err = tx.must(op, `INSERT INTO numbers (clinic, day, number, rank) VALUES ($1, $2, 1, $3)
		ON CONFLICT (clinic, day) DO UPDATE SET number = numbers.number + 1,
			rank = CASE WHEN numbers.rank >= excluded.rank THEN numbers.rank + 1 ELSE excluded.rank END
		RETURNING number, rank`, []any{clinic, day.String(), nanos(tx.now)}, &n, &rank)
	return n, rank, err
}

// DrawRank gives the moment at which somebody who is put last counts as standing there: as DrawNumber, without a number.
func (tx *Tx) DrawRank(clinic kontakt.ClinicID, day kontakt.Date) (rank int64, err error) {
	const op = "store.DrawRank"
	if err := tx.busy(op, clinic); err != nil {
		return 0, err
	}
	err = tx.must(op, `INSERT INTO numbers (clinic, day, number, rank) VALUES ($1, $2, 0, $3)
		ON CONFLICT (clinic, day) DO UPDATE SET rank = CASE WHEN numbers.rank >= excluded.rank THEN numbers.rank + 1 ELSE excluded.rank END
		RETURNING rank`, []any{clinic, day.String(), nanos(tx.now)}, &rank)
	return rank, err
}

// RemovedEntries gives those that a clinic removed after a time, the last first.
func (tx *Tx) RemovedEntries(clinic kontakt.ClinicID, after time.Time) ([]Entry, error) {
	return tx.entries("store.RemovedEntries", `clinic = $1 AND ended_at > $2 AND end_reason = 'removed' ORDER BY ended_at DESC, id`, clinic, nanos(after))
}

// KeepEntries lets a clinic's open places stand while it is closed, or no longer; so also those removed after a time,
// which may come back. It is the clinic's word, and no change of any one place.
func (tx *Tx) KeepEntries(clinic kontakt.ClinicID, kept bool, removed time.Time) error {
	_, err := tx.exec("store.KeepEntries", `UPDATE entries SET kept = $2 WHERE clinic = $1 AND kept <> $2 AND (`+open+`
		OR end_reason = 'removed' AND ended_at > $3)`, clinic, kept, nanos(removed))
	return err
}

// AwaitedClinics gives those at which somebody holds a place.
func (tx *Tx) AwaitedClinics() ([]kontakt.ClinicID, error) {
	return collect(tx, "store.AwaitedClinics", `SELECT DISTINCT clinic FROM entries WHERE `+open+` ORDER BY clinic`, nil, value[kontakt.ClinicID])
}
