package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Entry is a place in a clinic's waiting room, as stored. backend/waiting says what it means and is the only writer.
type Entry struct {
	kontakt.Told // sealed at rest, all in one
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
	EndWords     string // sealed at rest: the clinic's reason for a removal

	Rank        int64 // nanoseconds since 1970: the moment since which it counts as standing in the line
	Urgent      bool
	OrderReason string // sealed at rest: why the clinic moved it
	OrderedBy   kontakt.EmployeeID
	PlannedAt   time.Time
	NoBooking   bool
	Attachment  kontakt.Attachment
	HandedTo    kontakt.EmployeeID
	HandedBy    kontakt.EmployeeID
	Kept        bool      // stands till the clinic opens again
	ToldUntil   time.Time // end of the wait that was told when it was drawn; zero: none was
	EmergencyAt time.Time // when 112 was called; zero: it was not
}

const entryColumns = `id, version, state, clinic, citizen, device, municipality, helper, mode, source, day, number, reason,
	notice, no_answers, no_answer_at, postponed_to, front_at, lost_at, call, joined_at, started_at, ended_at, ended_by, end_reason,
	end_words, rank, urgent, order_reason, ordered_by, planned_at, no_booking, attachment, handed_to, handed_by, kept, told_until, emergency_at`

const open = `state NOT IN ('ended', 'left')`

// AddEntry keeps a new place, as version 1. A citizen who holds an open place at the clinic is a Conflict.
func (tx *Tx) AddEntry(e Entry) (Entry, error) {
	const op = "store.AddEntry"
	words := tx.sealWords(e)
	e.Version = 1
	_, err := tx.exec(op, `INSERT INTO entries (`+entryColumns+`) VALUES
		($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27,
		$28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38)`,
		e.ID, e.Version, e.State, e.Clinic, e.Citizen, e.Device, e.Municipality, e.Helper, e.Mode, e.Source, e.Day.String(), e.Number, words.told,
		e.Notice, e.NoAnswers, nanos(e.NoAnswerAt), nanos(e.PostponedTo), nanos(e.FrontAt), nanos(e.LostAt), e.Call,
		nanos(e.JoinedAt), nanos(e.StartedAt), nanos(e.EndedAt), e.EndedBy, e.EndReason,
		words.end, e.Rank, e.Urgent, words.order, e.OrderedBy, nanos(e.PlannedAt), e.NoBooking, e.Attachment, e.HandedTo, e.HandedBy, e.Kept,
		nanos(e.ToldUntil), nanos(e.EmergencyAt))
	return e, err
}

// words are the columns of an entry that people wrote, sealed.
type words struct{ told, order, end []byte }

func (tx *Tx) sealWords(e Entry) words {
	seal := func(column, text string) []byte { return tx.db.keys.seal(column, string(e.ID), text) }
	return words{seal("entries.reason", e.Told.Text()), seal("entries.order_reason", e.OrderReason), seal("entries.end_words", e.EndWords)}
}

// open puts them back. One that was never written, in a row older than its column, is empty.
func (w words) open(tx *Tx, e *Entry) (err error) {
	var told string
	for _, one := range []struct {
		column string
		sealed []byte
		to     *string
	}{{"entries.reason", w.told, &told}, {"entries.order_reason", w.order, &e.OrderReason}, {"entries.end_words", w.end, &e.EndWords}} {
		if len(one.sealed) == 0 {
			continue
		}
		if *one.to, err = tx.db.keys.open(one.column, string(e.ID), one.sealed); err != nil {
			return err
		}
	}
	e.Told = kontakt.ParseTold(told)
	return nil
}

// SaveEntry writes what a move changes and counts the version up, if nobody has changed the entry since e was read:
// else it is a Conflict with MsgVersion.
func (tx *Tx) SaveEntry(e Entry) (Entry, error) {
	const op = "store.SaveEntry"
	words := tx.sealWords(e)
	n, err := tx.exec(op, `UPDATE entries SET version = version + 1, state = $3, notice = $4, no_answers = $5, no_answer_at = $6, postponed_to = $7,
		front_at = $8, lost_at = $9, call = $10, started_at = $11, ended_at = $12, ended_by = $13, end_reason = $14, end_words = $15,
		rank = $16, urgent = $17, order_reason = $18, ordered_by = $19, handed_to = $20, handed_by = $21, kept = $22, device = $23, helper = $24, municipality = $25, mode = $26,
		emergency_at = $27
		WHERE id = $1 AND version = $2`,
		e.ID, e.Version, e.State, e.Notice, e.NoAnswers, nanos(e.NoAnswerAt), nanos(e.PostponedTo), nanos(e.FrontAt), nanos(e.LostAt), e.Call,
		nanos(e.StartedAt), nanos(e.EndedAt), e.EndedBy, e.EndReason, words.end, e.Rank, e.Urgent, words.order, e.OrderedBy, e.HandedTo,
		e.HandedBy, e.Kept, e.Device, e.Helper, e.Municipality, e.Mode, nanos(e.EmergencyAt))
	if err != nil {
		return Entry{}, err
	}
	if n != 1 {
		return Entry{}, &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
	}
	e.Version++
	return e, nil
}

// SaveTold writes what the nurse tells with the number, anew. It is no move: the entry's version stays, and whoever is
// about to start it is not held up.
func (tx *Tx) SaveTold(id kontakt.EntryID, told kontakt.Told) error {
	const op = "store.SaveTold"
	n, err := tx.exec(op, `UPDATE entries SET reason = $2 WHERE id = $1`, id, tx.db.keys.seal("entries.reason", string(id), told.Text()))
	if err == nil && n != 1 {
		return notFound(op)
	}
	return err
}

// Told keeps the end of the wait that was told with the number. Nobody's view of the entry changes by it.
func (tx *Tx) Told(id kontakt.EntryID, until time.Time) error {
	_, err := tx.exec("store.Told", `UPDATE entries SET told_until = $2 WHERE id = $1`, id, nanos(until))
	return err
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
	return tx.entries("store.DeviceEntries", `id IN (SELECT entry FROM holders WHERE device = $1) AND `+open+` ORDER BY joined_at, id`, device)
}

// Busy says whether a call with the same citizen is under way at another entry, or no tablet that holds e is free for
// one. A call that rings at several tablets engages them all, one that was answered only that one. It looks from the
// citizen and from the tablets, not at all calls of the country: each Start would pay for every other, and on PostgreSQL
// be in its way.
func (tx *Tx) Busy(e Entry) (bool, error) {
	return tx.one("store.Busy", `SELECT 1
		WHERE EXISTS (SELECT 1 FROM entries WHERE citizen = $2 AND `+open+` AND call <> '' AND id <> $1)
			OR EXISTS (SELECT 1 FROM holders WHERE entry = $1)
			AND NOT EXISTS (SELECT 1 FROM holders mine WHERE mine.entry = $1 AND NOT EXISTS (
				SELECT 1 FROM holders h JOIN entries o ON o.id = h.entry JOIN calls c ON c.id = o.call
				WHERE h.device = mine.device AND h.entry <> $1 AND o.call <> '' AND c.device IN ('', mine.device)))`,
		[]any{e.ID, e.Citizen}, new(int))
}

// LostEntries gives those whose media have been gone since a time or longer.
func (tx *Tx) LostEntries(since time.Time) ([]Entry, error) {
	return tx.entries("store.LostEntries", `call <> '' AND state = 'interrupted' AND lost_at <= $1 ORDER BY lost_at, id`, nanos(since))
}

// UnansweredEntries gives the called entries whose time to answer ran out at a time or earlier. It goes by the
// index of those in a call now, as AbandonedEntries does: of places and calls there are as many as there ever were.
func (tx *Tx) UnansweredEntries(until time.Time) ([]Entry, error) {
	return tx.entries("store.UnansweredEntries", `call <> '' AND state = 'called'
		AND EXISTS (SELECT 1 FROM calls c WHERE c.id = entries.call AND c.ended_at = 0 AND c.started_at = 0 AND c.ring_until <= $1) ORDER BY call`, nanos(until))
}

// AbandonedEntries gives those in a call that began at a time or earlier and whose room nobody has read since.
func (tx *Tx) AbandonedEntries(since time.Time) ([]Entry, error) {
	return tx.entries("store.AbandonedEntries", `call <> '' AND state = 'in_call'
		AND EXISTS (SELECT 1 FROM calls c WHERE c.id = entries.call AND c.started_at <= $1 AND c.seen_at <= $1) ORDER BY call`, nanos(since))
}

func (tx *Tx) firstEntry(op, where string, args ...any) (Entry, error) {
	all, err := tx.entries(op, where, args...)
	return first(op, all, err)
}

func (tx *Tx) entries(op, where string, args ...any) ([]Entry, error) {
	return collect(tx, op, `SELECT `+entryColumns+` FROM entries WHERE `+where, args, func(scan scan) (e Entry, err error) {
		var day string
		var w words
		err = scan(&e.ID, &e.Version, &e.State, &e.Clinic, &e.Citizen, &e.Device, &e.Municipality, &e.Helper, &e.Mode, &e.Source, &day, &e.Number,
			&w.told, &e.Notice, &e.NoAnswers, when{&e.NoAnswerAt}, when{&e.PostponedTo}, when{&e.FrontAt}, when{&e.LostAt},
			&e.Call, when{&e.JoinedAt}, when{&e.StartedAt}, when{&e.EndedAt}, &e.EndedBy, &e.EndReason,
			&w.end, &e.Rank, &e.Urgent, &w.order, &e.OrderedBy, when{&e.PlannedAt}, &e.NoBooking, &e.Attachment, &e.HandedTo, &e.HandedBy, &e.Kept, when{&e.ToldUntil},
			when{&e.EmergencyAt})
		if err != nil {
			return e, err
		}
		if e.Day, err = kontakt.ParseDate(day); err != nil {
			return e, err
		}
		err = w.open(tx, &e)
		return e, err
	})
}
