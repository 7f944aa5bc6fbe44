package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Call is one call, from Start to its end, as stored.
type Call struct {
	ID        kontakt.CallID
	Entry     kontakt.EntryID
	Clinic    kontakt.ClinicID
	Device    kontakt.DeviceID // that is in the call; "" while it rings at several or none
	Clinician kontakt.EmployeeID
	CreatedAt time.Time
	RingUntil time.Time
	Prolonged bool
	StartedAt time.Time // of the conversation; zero: still rings
	EndedAt   time.Time // zero: not ended
	Reason    string    // of the end
}

// AddCall keeps a new call.
func (tx *Tx) AddCall(c Call) error {
	_, err := tx.exec("store.AddCall", `INSERT INTO calls
		(id, entry, clinic, device, clinician, created_at, ring_until, prolonged, started_at, ended_at, reason, log)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		c.ID, c.Entry, c.Clinic, c.Device, c.Clinician, nanos(c.CreatedAt), nanos(c.RingUntil), c.Prolonged, nanos(c.StartedAt), nanos(c.EndedAt), c.Reason, true)
	return err
}

// SaveCall writes what a move changes.
func (tx *Tx) SaveCall(c Call) error {
	n, err := tx.exec("store.SaveCall", `UPDATE calls SET ring_until = $2, prolonged = $3, started_at = $4, ended_at = $5, reason = $6, device = $7 WHERE id = $1`,
		c.ID, nanos(c.RingUntil), c.Prolonged, nanos(c.StartedAt), nanos(c.EndedAt), c.Reason, c.Device)
	if err == nil && n != 1 {
		return notFound("store.SaveCall")
	}
	return err
}

// Call gives one.
func (tx *Tx) Call(id kontakt.CallID) (Call, error) {
	const op = "store.Call"
	all, err := tx.calls(op, `id = $1`, id)
	if err == nil && len(all) == 0 {
		err = notFound(op)
	}
	if err != nil {
		return Call{}, err
	}
	return all[0], nil
}

// ClinicCalls gives those that are under way at a clinic.
func (tx *Tx) ClinicCalls(clinic kontakt.ClinicID) ([]Call, error) {
	return tx.calls("store.ClinicCalls", `id IN (SELECT call FROM entries WHERE clinic = $1 AND call <> '')`, clinic)
}

func (tx *Tx) calls(op, where string, args ...any) ([]Call, error) {
	var all []Call
	err := tx.each(op, `SELECT id, entry, clinic, device, clinician, created_at, ring_until, prolonged, started_at, ended_at, reason
		FROM calls WHERE `+where, args, func(scan func(...any) error) error {
		var c Call
		err := scan(&c.ID, &c.Entry, &c.Clinic, &c.Device, &c.Clinician, when{&c.CreatedAt}, when{&c.RingUntil}, &c.Prolonged,
			when{&c.StartedAt}, when{&c.EndedAt}, &c.Reason)
		all = append(all, c)
		return err
	})
	return all, err
}

// UnansweredEntries gives the called entries whose time to answer ran out at a time or earlier.
func (tx *Tx) UnansweredEntries(until time.Time) ([]Entry, error) {
	return tx.entries("store.UnansweredEntries", `call <> '' AND state = 'called' AND call IN (SELECT id FROM calls WHERE ended_at = 0 AND started_at = 0 AND ring_until <= $1)
		ORDER BY id`, nanos(until))
}

// AbandonedEntries gives those in a call that began at a time or earlier and whose room nobody has read since.
func (tx *Tx) AbandonedEntries(since time.Time) ([]Entry, error) {
	return tx.entries("store.AbandonedEntries", `call <> '' AND state = 'in_call' AND call IN (SELECT id FROM calls WHERE started_at <= $1 AND seen_at <= $1)
		ORDER BY id`, nanos(since))
}

// ForgetCallLogs deletes the logs of calls that ended at a time or earlier.
func (tx *Tx) ForgetCallLogs(ended time.Time) error {
	const op = "store.ForgetCallLogs"
	var ids []kontakt.CallID
	if err := tx.each(op, `SELECT id FROM calls WHERE log AND ended_at > 0 AND ended_at <= $1`, []any{nanos(ended)}, func(scan func(...any) error) error {
		var id kontakt.CallID
		err := scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.ForgetEvents(kontakt.CallRoom(id)); err != nil {
			return err
		}
		if _, err := tx.exec(op, `UPDATE calls SET log = $2 WHERE id = $1`, id, false); err != nil {
			return err
		}
	}
	return nil
}
