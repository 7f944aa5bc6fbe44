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
	return first(op, all, err)
}

// LastTalk gives the last call of a place that was answered: the one under way, whatever the clocks of several nodes say.
func (tx *Tx) LastTalk(entry kontakt.EntryID) (Call, error) {
	const op = "store.LastTalk"
	all, err := tx.calls(op, `entry = $1 AND started_at > 0 ORDER BY CASE WHEN ended_at = 0 THEN 0 ELSE 1 END, started_at DESC LIMIT 1`, entry)
	return first(op, all, err)
}

// ClinicCalls gives those that are under way at a clinic.
func (tx *Tx) ClinicCalls(clinic kontakt.ClinicID) ([]Call, error) {
	return tx.calls("store.ClinicCalls", `id IN (SELECT call FROM entries WHERE clinic = $1 AND `+open+` AND call <> '')`, clinic)
}

func (tx *Tx) calls(op, where string, args ...any) ([]Call, error) {
	return collect(tx, op, `SELECT id, entry, clinic, device, clinician, created_at, ring_until, prolonged, started_at, ended_at, reason
		FROM calls WHERE `+where, args, func(scan scan) (c Call, err error) {
		err = scan(&c.ID, &c.Entry, &c.Clinic, &c.Device, &c.Clinician, when{&c.CreatedAt}, when{&c.RingUntil}, &c.Prolonged,
			when{&c.StartedAt}, when{&c.EndedAt}, &c.Reason)
		return c, err
	})
}

// ForgetCallLogs deletes the logs of calls that ended at a time or earlier.
func (tx *Tx) ForgetCallLogs(ended time.Time) error {
	const op = "store.ForgetCallLogs"
	ids, err := collect(tx, op, `SELECT id FROM calls WHERE log AND ended_at > 0 AND ended_at <= $1`, []any{nanos(ended)}, value[kontakt.CallID])
	if err != nil {
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

// RecentCall is what a call tells of how fast a clinic takes those who wait.
type RecentCall struct {
	Clinician kontakt.EmployeeID
	JoinedAt  time.Time // when the citizen had drawn the number
	CreatedAt time.Time
	StartedAt time.Time // zero: not answered
	EndedAt   time.Time // zero: under way
}

// RecentCalls gives a clinic's calls that are under way and the last that have ended, unanswered ones among them.
func (tx *Tx) RecentCalls(clinic kontakt.ClinicID, limit int) ([]RecentCall, error) {
	var all []RecentCall
	for _, where := range []string{`calls.ended_at = 0`, `calls.ended_at > 0 ORDER BY calls.ended_at DESC`} { // each by the index
		some, err := collect(tx, "store.RecentCalls", `SELECT calls.clinician, entries.joined_at, calls.created_at, calls.started_at, calls.ended_at
			FROM calls JOIN entries ON entries.id = calls.entry WHERE calls.clinic = $1 AND `+where+` LIMIT $2`, []any{clinic, limit},
			func(scan scan) (c RecentCall, err error) {
				err = scan(&c.Clinician, when{&c.JoinedAt}, when{&c.CreatedAt}, when{&c.StartedAt}, when{&c.EndedAt})
				return c, err
			})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
