package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Handover is the offer of a tablet's places and the rest of a nurse's round, as stored. Of its code only a keyed hash is.
type Handover struct {
	ID           kontakt.HandoverID
	Municipality kontakt.MunicipalityID
	Employee     kontakt.EmployeeID // who offers
	Device       kontakt.DeviceID
	ExpiresAt    time.Time
	AcceptedAt   time.Time // zero: not yet
	AcceptedBy   kontakt.EmployeeID
	AcceptedOn   kontakt.DeviceID
}

// AddHandover keeps a new one under its code. What the same nurse offered before from the same tablet, and nobody took, is
// offered no longer.
func (tx *Tx) AddHandover(h Handover, code string) error {
	const op = "store.AddHandover"
	if _, err := tx.exec(op, `DELETE FROM handovers WHERE employee = $1 AND device = $2 AND accepted_at = 0`, h.Employee, h.Device); err != nil {
		return err
	}
	_, err := tx.exec(op, `INSERT INTO handovers (id, code_hash, municipality, employee, device, expires_at, accepted_at, accepted_by, accepted_on)
		VALUES ($1, $2, $3, $4, $5, $6, 0, '', '')`, h.ID, tx.db.handoverHash(code), h.Municipality, h.Employee, h.Device, nanos(h.ExpiresAt))
	return err
}

func (db *DB) handoverHash(code string) []byte { return db.keys.hash("handover", code) }

// Handover gives one.
func (tx *Tx) Handover(id kontakt.HandoverID) (Handover, error) {
	return tx.handover("store.Handover", `id = $1`, id)
}

// HandoverByCode gives the one that a code takes, whatever has become of it.
func (tx *Tx) HandoverByCode(code string) (Handover, error) {
	return tx.handover("store.HandoverByCode", `code_hash = $1`, tx.db.handoverHash(code))
}

func (tx *Tx) handover(op, where string, arg any) (Handover, error) {
	var h Handover
	err := tx.must(op, `SELECT id, municipality, employee, device, expires_at, accepted_at, accepted_by, accepted_on FROM handovers WHERE `+where,
		[]any{arg}, &h.ID, &h.Municipality, &h.Employee, &h.Device, when{&h.ExpiresAt}, when{&h.AcceptedAt}, &h.AcceptedBy, &h.AcceptedOn)
	return h, err
}

// WithdrawHandover forgets one that nobody has taken.
func (tx *Tx) WithdrawHandover(id kontakt.HandoverID) error {
	_, err := tx.exec("store.WithdrawHandover", `DELETE FROM handovers WHERE id = $1 AND accepted_at = 0`, id)
	return err
}

// AcceptHandover spends one. One that was spent before is a Conflict with MsgVersion.
func (tx *Tx) AcceptHandover(h Handover) error {
	const op = "store.AcceptHandover"
	n, err := tx.exec(op, `UPDATE handovers SET accepted_at = $2, accepted_by = $3, accepted_on = $4 WHERE id = $1 AND accepted_at = 0`,
		h.ID, nanos(h.AcceptedAt), h.AcceptedBy, h.AcceptedOn)
	if err == nil && n != 1 {
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
	}
	return err
}

// ForgetHandovers deletes those that ran out before a time.
func (tx *Tx) ForgetHandovers(before time.Time) error {
	_, err := tx.exec("store.ForgetHandovers", `DELETE FROM handovers WHERE expires_at < $1`, nanos(before))
	return err
}
