package store

import (
	"encoding/json"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Summary is one conversation for the care journal, as stored. Conversation and Note are sealed at rest, each in one. What
// has run out is not there any more, whether it was deleted yet or not.
type Summary struct {
	kontakt.Conversation
	kontakt.Note
	ID           kontakt.SummaryID
	Version      int
	Entry        kontakt.EntryID
	Call         kontakt.CallID
	Citizen      kontakt.CitizenID
	Employee     kontakt.EmployeeID // whose it is
	Municipality kontakt.MunicipalityID
	ExpiresAt    time.Time
}

// AddSummary keeps a new one, as version 1.
func (tx *Tx) AddSummary(s Summary) error {
	const op = "store.AddSummary"
	talk, err := tx.sealJSON(op, "summaries.conversation", s.ID, s.Conversation)
	if err != nil {
		return err
	}
	note, err := tx.sealJSON(op, "summaries.note", s.ID, s.Note)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO summaries (id, version, entry, call, citizen, employee, municipality, conversation, note, ended_at, expires_at)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.ID, s.Entry, s.Call, s.Citizen, s.Employee, s.Municipality, talk, note, nanos(s.To), nanos(s.ExpiresAt))
	return err
}

// Summary gives one.
func (tx *Tx) Summary(id kontakt.SummaryID) (Summary, error) {
	const op = "store.Summary"
	all, err := tx.summaries(op, `id = $2`, id)
	return first(op, all, err)
}

// Summaries gives those of an employee, the newest first.
func (tx *Tx) Summaries(of kontakt.EmployeeID) ([]Summary, error) {
	return tx.summaries("store.Summaries", `employee = $2 ORDER BY ended_at DESC, id`, of)
}

// NextTalk gives when the place's next conversation after a time began; zero where there was none.
func (tx *Tx) NextTalk(entry kontakt.EntryID, after time.Time) (began time.Time, err error) {
	_, err = tx.one("store.NextTalk", `SELECT COALESCE(MIN(started_at), 0) FROM calls WHERE entry = $1 AND started_at > $2`,
		[]any{entry, nanos(after)}, when{&began})
	return began, err
}

// SaveNote writes what the nurse has added and counts the version up, if nobody has changed the summary since it was of
// that version: else it is a Conflict with MsgVersion.
func (tx *Tx) SaveNote(id kontakt.SummaryID, version int, n kontakt.Note) error {
	const op = "store.SaveNote"
	note, err := tx.sealJSON(op, "summaries.note", id, n)
	if err != nil {
		return err
	}
	changed, err := tx.exec(op, `UPDATE summaries SET version = version + 1, note = $3 WHERE id = $1 AND version = $2`, id, version, note)
	if err == nil && changed != 1 {
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
	}
	return err
}

// DropSummary deletes one.
func (tx *Tx) DropSummary(id kontakt.SummaryID) error {
	_, err := tx.exec("store.DropSummary", `DELETE FROM summaries WHERE id = $1`, id)
	return err
}

// ForgetSummaries deletes those that have run out.
func (tx *Tx) ForgetSummaries() error {
	_, err := tx.exec("store.ForgetSummaries", `DELETE FROM summaries WHERE expires_at <= $1`, nanos(tx.now))
	return err
}

// summaries gives those that have not run out; where begins to count at $2.
func (tx *Tx) summaries(op, where string, args ...any) ([]Summary, error) {
	return collect(tx, op, `SELECT id, version, entry, call, citizen, employee, municipality, conversation, note, expires_at
		FROM summaries WHERE expires_at > $1 AND `+where, append([]any{nanos(tx.now)}, args...), func(scan scan) (s Summary, err error) {
		var talk, note []byte
		if err = scan(&s.ID, &s.Version, &s.Entry, &s.Call, &s.Citizen, &s.Employee, &s.Municipality, &talk, &note, when{&s.ExpiresAt}); err != nil {
			return s, err
		}
		if err = tx.openJSON(op, "summaries.conversation", s.ID, talk, &s.Conversation); err != nil {
			return s, err
		}
		return s, tx.openJSON(op, "summaries.note", s.ID, note, &s.Note)
	})
}

func (tx *Tx) sealJSON(op, column string, row kontakt.SummaryID, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, internal(op, err)
	}
	return tx.db.keys.seal(column, string(row), string(text)), nil
}

func (tx *Tx) openJSON(op, column string, row kontakt.SummaryID, sealed []byte, into any) error {
	text, err := tx.db.keys.open(column, string(row), sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return internal(op, err)
	}
	return nil
}
