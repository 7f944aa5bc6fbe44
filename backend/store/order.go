package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Order is what the doctor of a place's call has ordered, as stored. Its text is sealed at rest.
type Order struct {
	kontakt.OrderText
	ID          kontakt.OrderID
	Entry       kontakt.EntryID
	Clinic      kontakt.ClinicID
	Version     int
	State       kontakt.OrderState
	By          string // participant who wrote it
	Author      kontakt.EmployeeID
	WrittenAt   time.Time
	ReadBy      kontakt.EmployeeID
	ReadAt      time.Time
	ConfirmedBy kontakt.EmployeeID
	ConfirmedAt time.Time
	EndedBy     kontakt.EmployeeID // who corrected or withdrew it
	EndedAt     time.Time
	Replaces    kontakt.OrderID
}

const orderColumns = `id, entry, clinic, version, state, text, written_from, author, written_at, read_by, read_at, confirmed_by, confirmed_at,
	ended_by, ended_at, replaces`

// unconfirmed is what kontakt.OrderState.Unconfirmed says, in the words of the index.
const unconfirmed = `state IN ('written', 'read_back')`

// AddOrder keeps a new one, as version 1. It counts as written after the one before it at the same place.
func (tx *Tx) AddOrder(o Order) (Order, error) {
	const op = "store.AddOrder"
	var err error
	if o.WrittenAt, err = tx.after(op, `SELECT COALESCE(MAX(written_at), 0) FROM orders WHERE entry = $1`, o.Entry, o.WrittenAt); err != nil {
		return Order{}, err
	}
	o.Version = 1
	text := tx.db.keys.seal("orders.text", string(o.ID), o.Text())
	_, err = tx.exec(op, `INSERT INTO orders (`+orderColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		o.ID, o.Entry, o.Clinic, o.Version, o.State, text, o.By, o.Author, nanos(o.WrittenAt), o.ReadBy, nanos(o.ReadAt),
		o.ConfirmedBy, nanos(o.ConfirmedAt), o.EndedBy, nanos(o.EndedAt), o.Replaces)
	return o, err
}

// SaveOrder writes what a move changes and counts the version up, if nobody has changed the order since o was read: else
// it is a Conflict with MsgOrderChanged. The text never changes.
func (tx *Tx) SaveOrder(o Order) (Order, error) {
	const op = "store.SaveOrder"
	n, err := tx.exec(op, `UPDATE orders SET version = version + 1, state = $3, read_by = $4, read_at = $5, confirmed_by = $6, confirmed_at = $7,
		ended_by = $8, ended_at = $9 WHERE id = $1 AND version = $2`,
		o.ID, o.Version, o.State, o.ReadBy, nanos(o.ReadAt), o.ConfirmedBy, nanos(o.ConfirmedAt), o.EndedBy, nanos(o.EndedAt))
	if err != nil {
		return Order{}, err
	}
	if n != 1 {
		return Order{}, &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgOrderChanged}
	}
	o.Version++
	return o, nil
}

// Orders gives all of a place, in the order in which they were written.
func (tx *Tx) Orders(entry kontakt.EntryID) ([]Order, error) {
	return collect(tx, "store.Orders", `SELECT `+orderColumns+` FROM orders WHERE entry = $1 ORDER BY written_at, id`, []any{entry}, func(scan scan) (o Order, err error) {
		var text []byte
		err = scan(&o.ID, &o.Entry, &o.Clinic, &o.Version, &o.State, &text, &o.By, &o.Author, when{&o.WrittenAt}, &o.ReadBy, when{&o.ReadAt},
			&o.ConfirmedBy, when{&o.ConfirmedAt}, &o.EndedBy, when{&o.EndedAt}, &o.Replaces)
		if err != nil {
			return o, err
		}
		words, err := tx.db.keys.open("orders.text", string(o.ID), text)
		o.OrderText = kontakt.ParseOrderText(words)
		return o, err
	})
}

// Unconfirmed counts the orders of a place that the doctor has not confirmed.
func (tx *Tx) Unconfirmed(entry kontakt.EntryID) (n int, err error) {
	_, err = tx.one("store.Unconfirmed", `SELECT COUNT(*) FROM orders WHERE entry = $1 AND `+unconfirmed, []any{entry}, &n)
	return n, err
}

// ClinicUnconfirmed counts them for each place of a clinic that has any.
func (tx *Tx) ClinicUnconfirmed(clinic kontakt.ClinicID) (map[kontakt.EntryID]int, error) {
	type count struct {
		entry kontakt.EntryID
		n     int
	}
	all, err := collect(tx, "store.ClinicUnconfirmed", `SELECT entry, COUNT(*) FROM orders WHERE clinic = $1 AND `+unconfirmed+` GROUP BY entry`,
		[]any{clinic}, func(scan scan) (c count, err error) {
			err = scan(&c.entry, &c.n)
			return c, err
		})
	counts := map[kontakt.EntryID]int{}
	for _, c := range all {
		counts[c.entry] = c.n
	}
	return counts, err
}

// UnconfirmedEntries gives the places of a clinic that have ended with orders that were not confirmed, and whose last
// conversation ended after a time; the last first.
func (tx *Tx) UnconfirmedEntries(clinic kontakt.ClinicID, after time.Time) ([]Entry, error) {
	return tx.entries("store.UnconfirmedEntries", `NOT (`+open+`) AND id IN (SELECT o.entry FROM orders o JOIN calls c ON c.entry = o.entry
		WHERE o.clinic = $1 AND o.`+unconfirmed+` AND c.started_at > 0 AND c.ended_at > $2) ORDER BY ended_at DESC, id`, clinic, nanos(after))
}

// ForgetOrders deletes those of places that ended at a time or earlier.
func (tx *Tx) ForgetOrders(ended time.Time) error {
	_, err := tx.exec("store.ForgetOrders", `DELETE FROM orders WHERE written_at <= $1
		AND EXISTS (SELECT 1 FROM entries e WHERE e.id = orders.entry AND e.ended_at > 0 AND e.ended_at <= $1)`, nanos(ended))
	return err
}
