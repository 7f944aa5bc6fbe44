package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Message is what a clinic wrote to one place. Text is sealed at rest.
type Message struct {
	ID     kontakt.MessageID
	Clinic kontakt.ClinicID
	Entry  kontakt.EntryID
	Batch  kontakt.MessageID // the same for all that one press sent; to one place it is the message's own
	Text   string
	Sender kontakt.EmployeeID
	At     time.Time
	ReadAt time.Time // zero: not read
}

// All says whether it went to everybody who waited.
func (m Message) All() bool { return m.Batch != m.ID }

// AddMessage keeps a new one. It counts as written after the one before it at the same place, whatever the clocks of
// several nodes say.
func (tx *Tx) AddMessage(m Message) error {
	const op = "store.AddMessage"
	text := tx.db.keys.seal("messages.text", string(m.ID), m.Text)
	var err error
	if m.At, err = tx.after(op, `SELECT COALESCE(MAX(at), 0) FROM messages WHERE entry = $1`, m.Entry, m.At); err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO messages (id, clinic, entry, batch, text, sender, at, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		m.ID, m.Clinic, m.Entry, m.Batch, text, m.Sender, nanos(m.At), nanos(m.ReadAt))
	return err
}

// Messages gives the newest of a place, at most limit, the oldest of them first.
func (tx *Tx) Messages(id kontakt.EntryID, limit int) ([]Message, error) {
	return tx.messages("store.Messages", `(SELECT * FROM messages WHERE entry = $1 ORDER BY at DESC, id DESC LIMIT $2) AS newest`, id, limit)
}

// ClinicMessages gives the newest of each open place of a clinic, at most limit of each, in the same order.
func (tx *Tx) ClinicMessages(clinic kontakt.ClinicID, limit int) ([]Message, error) {
	return tx.messages("store.ClinicMessages", `(SELECT *, ROW_NUMBER() OVER (PARTITION BY entry ORDER BY at DESC, id DESC) AS age FROM messages
		WHERE entry IN (SELECT id FROM entries WHERE clinic = $1 AND `+open+`)) AS newest WHERE age <= $2`, clinic, limit)
}

func (tx *Tx) messages(op, from string, args ...any) ([]Message, error) {
	return collect(tx, op, `SELECT id, clinic, entry, batch, text, sender, at, read_at FROM `+from+` ORDER BY at, id`, args, func(scan scan) (m Message, err error) {
		var text []byte
		err = scan(&m.ID, &m.Clinic, &m.Entry, &m.Batch, &text, &m.Sender, when{&m.At}, when{&m.ReadAt})
		if err == nil {
			m.Text, err = tx.db.keys.open("messages.text", string(m.ID), text)
		}
		return m, err
	})
}

// ReadMessage marks a message of a place as read and says whether it was not before. One that the place has not is
// NotFound.
func (tx *Tx) ReadMessage(entry kontakt.EntryID, id kontakt.MessageID) (bool, error) {
	const op = "store.ReadMessage"
	n, err := tx.exec(op, `UPDATE messages SET read_at = $3 WHERE id = $1 AND entry = $2 AND read_at = 0`, id, entry, nanos(tx.now))
	if err != nil || n == 1 {
		return n == 1, err
	}
	var one int
	return false, tx.must(op, `SELECT 1 FROM messages WHERE id = $1 AND entry = $2`, []any{id, entry}, &one)
}

// Batches counts how often a clinic has written since a time, to one place or to all.
func (tx *Tx) Batches(clinic kontakt.ClinicID, since time.Time) (int, error) {
	var n int
	_, err := tx.one("store.Batches", `SELECT COUNT(DISTINCT batch) FROM messages WHERE clinic = $1 AND at > $2`, []any{clinic, nanos(since)}, &n)
	return n, err
}
