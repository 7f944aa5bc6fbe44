package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Entry is a place in a clinic's waiting room, as stored. backend/waiting says what it means and is the only writer.
type Entry struct {
	ID           kontakt.EntryID
	Version      int
	State        kontakt.EntryState
	Clinic       kontakt.ClinicID
	Citizen      kontakt.CitizenID
	Device       kontakt.DeviceID
	Municipality kontakt.MunicipalityID
	Helper       kontakt.EmployeeID
	Mode         kontakt.Mode
	Source       kontakt.Source
	Day          kontakt.Date // Danish day of the number
	Number       int
	Reason       string // sealed at rest
	Away         bool
	NoContact    bool
	Notice       kontakt.MsgKey
	NoAnswers    int
	NoAnswerAt   time.Time
	PostponedTo  time.Time
	FrontAt      time.Time // when it was put to the front
	LostAt       time.Time // since when the media are gone
	Call         kontakt.CallID
	JoinedAt     time.Time
	StartedAt    time.Time
	EndedAt      time.Time
	EndedBy      string
	EndReason    string
}

const entryColumns = `id, version, state, clinic, citizen, device, municipality, helper, mode, source, day, number, reason, away, no_contact,
	notice, no_answers, no_answer_at, postponed_to, front_at, lost_at, call, joined_at, started_at, ended_at, ended_by, end_reason`

const open = `state NOT IN ('ended', 'left')`

// DrawNumber gives the next number of a clinic on a Danish day.
func (tx *Tx) DrawNumber(clinic kontakt.ClinicID, day kontakt.Date) (int, error) {
	var n int
	err := tx.must("store.DrawNumber", `INSERT INTO numbers (clinic, day, number) VALUES ($1, $2, 1)
		ON CONFLICT (clinic, day) DO UPDATE SET number = numbers.number + 1 RETURNING number`, []any{clinic, day.String()}, &n)
	return n, err
}

// AddEntry keeps a new place, as version 1. A citizen who holds an open place at the clinic is a Conflict.
func (tx *Tx) AddEntry(e Entry) (Entry, error) {
	const op = "store.AddEntry"
	reason, err := tx.db.keys.seal("entries.reason", string(e.ID), e.Reason)
	if err != nil {
		return Entry{}, internal(op, err)
	}
	e.Version = 1
	_, err = tx.exec(op, `INSERT INTO entries (`+entryColumns+`) VALUES
		($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
		e.ID, e.Version, e.State, e.Clinic, e.Citizen, e.Device, e.Municipality, e.Helper, e.Mode, e.Source, e.Day.String(), e.Number, reason,
		e.Away, e.NoContact, e.Notice, e.NoAnswers, nanos(e.NoAnswerAt), nanos(e.PostponedTo), nanos(e.FrontAt), nanos(e.LostAt), e.Call,
		nanos(e.JoinedAt), nanos(e.StartedAt), nanos(e.EndedAt), e.EndedBy, e.EndReason)
	return e, err
}

// SaveEntry writes what a move changes and counts the version up, if nobody has changed the entry since e was read:
// else it is a Conflict with MsgVersion.
func (tx *Tx) SaveEntry(e Entry) (Entry, error) {
	const op = "store.SaveEntry"
	n, err := tx.exec(op, `UPDATE entries SET version = version + 1, state = $3, away = $4, no_contact = $5, notice = $6, no_answers = $7,
		no_answer_at = $8, postponed_to = $9, front_at = $10, lost_at = $11, call = $12, started_at = $13, ended_at = $14, ended_by = $15,
		end_reason = $16 WHERE id = $1 AND version = $2`,
		e.ID, e.Version, e.State, e.Away, e.NoContact, e.Notice, e.NoAnswers, nanos(e.NoAnswerAt), nanos(e.PostponedTo), nanos(e.FrontAt),
		nanos(e.LostAt), e.Call, nanos(e.StartedAt), nanos(e.EndedAt), e.EndedBy, e.EndReason)
	if err != nil {
		return Entry{}, err
	}
	if n != 1 {
		return Entry{}, &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
	}
	e.Version++
	return e, nil
}

// Entry gives one.
func (tx *Tx) Entry(id kontakt.EntryID) (Entry, error) {
	return tx.firstEntry("store.Entry", `id = $1`, id)
}

// OpenEntry gives the place that a citizen holds at a clinic.
func (tx *Tx) OpenEntry(citizen kontakt.CitizenID, clinic kontakt.ClinicID) (Entry, error) {
	return tx.firstEntry("store.OpenEntry", `citizen = $1 AND clinic = $2 AND `+open, citizen, clinic)
}

// OpenEntries gives a clinic's open places, in no order of meaning.
func (tx *Tx) OpenEntries(clinic kontakt.ClinicID) ([]Entry, error) {
	return tx.entries("store.OpenEntries", `clinic = $1 AND `+open+` ORDER BY id`, clinic)
}

// DeviceEntries gives the open places that a tablet holds, oldest first.
func (tx *Tx) DeviceEntries(device kontakt.DeviceID) ([]Entry, error) {
	return tx.entries("store.DeviceEntries", `device = $1 AND `+open+` ORDER BY joined_at, id`, device)
}

// Busy says whether a call is under way with the same tablet or the same citizen as e, at another entry.
func (tx *Tx) Busy(e Entry) (bool, error) {
	return tx.one("store.Busy", `SELECT 1 FROM entries WHERE id <> $1 AND (device = $2 OR citizen = $3)
		AND state IN ('called', 'in_call', 'interrupted') LIMIT 1`, []any{e.ID, e.Device, e.Citizen}, new(int))
}

// HeldAt says whether a tablet holds a place at a clinic, or held one that ended after a time.
func (tx *Tx) HeldAt(device kontakt.DeviceID, clinic kontakt.ClinicID, after time.Time) (bool, error) {
	return tx.one("store.HeldAt", `SELECT 1 FROM entries WHERE device = $1 AND clinic = $2 AND (`+open+` OR ended_at > $3) LIMIT 1`,
		[]any{device, clinic, nanos(after)}, new(int))
}

// LostEntries gives those whose media have been gone since a time or longer.
func (tx *Tx) LostEntries(since time.Time) ([]Entry, error) {
	return tx.entries("store.LostEntries", `state = 'interrupted' AND lost_at <= $1 ORDER BY lost_at, id`, nanos(since))
}

// SilentEntries gives the open places whose tablet was last seen at a time or earlier and that are not marked so yet.
func (tx *Tx) SilentEntries(since time.Time) ([]Entry, error) {
	return tx.entries("store.SilentEntries", open+` AND NOT no_contact AND joined_at <= $1
		AND device IN (SELECT id FROM devices WHERE seen_at <= $1) ORDER BY id`, nanos(since))
}

func (tx *Tx) firstEntry(op, where string, args ...any) (Entry, error) {
	all, err := tx.entries(op, where, args...)
	if err != nil {
		return Entry{}, err
	}
	if len(all) == 0 {
		return Entry{}, notFound(op)
	}
	return all[0], nil
}

func (tx *Tx) entries(op, where string, args ...any) ([]Entry, error) {
	var all []Entry
	err := tx.each(op, `SELECT `+entryColumns+` FROM entries WHERE `+where, args, func(scan func(...any) error) error {
		var e Entry
		var day string
		var reason []byte
		err := scan(&e.ID, &e.Version, &e.State, &e.Clinic, &e.Citizen, &e.Device, &e.Municipality, &e.Helper, &e.Mode, &e.Source, &day, &e.Number,
			&reason, &e.Away, &e.NoContact, &e.Notice, &e.NoAnswers, when{&e.NoAnswerAt}, when{&e.PostponedTo}, when{&e.FrontAt}, when{&e.LostAt},
			&e.Call, when{&e.JoinedAt}, when{&e.StartedAt}, when{&e.EndedAt}, &e.EndedBy, &e.EndReason)
		if err != nil {
			return err
		}
		if e.Day, err = kontakt.ParseDate(day); err != nil {
			return err
		}
		if e.Reason, err = tx.db.keys.open("entries.reason", string(e.ID), reason); err != nil {
			return err
		}
		all = append(all, e)
		return nil
	})
	return all, err
}
