package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Device is an enrolled tablet. Organisation is read from its municipality.
type Device struct {
	kontakt.Device
	PublicKey []byte    // Ed25519
	App       string    // version of the app that enrolled
	RevokedAt time.Time // zero: may be used
}

// EnrolCode makes one tablet known, once. Its code is stored as a hash.
type EnrolCode struct {
	Code         string
	Municipality kontakt.MunicipalityID
	Name, Place  string // of the tablet to be
	ExpiresAt    time.Time
	UsedAt       time.Time // zero: not yet
	Device       kontakt.DeviceID
}

// AddEnrolCode makes a code good.
func (tx *Tx) AddEnrolCode(c EnrolCode) error {
	_, err := tx.exec("store.AddEnrolCode", `INSERT INTO enrol_codes (hash, municipality, name, place, expires_at, used_at, device)
		VALUES ($1, $2, $3, $4, $5, 0, '')`, hashed(c.Code), c.Municipality, c.Name, c.Place, nanos(c.ExpiresAt))
	return err
}

// EnrolCode gives a code, used and expired ones too.
func (tx *Tx) EnrolCode(code string) (EnrolCode, error) {
	c := EnrolCode{Code: code}
	err := tx.must("store.EnrolCode", `SELECT municipality, name, place, expires_at, used_at, device FROM enrol_codes WHERE hash = $1`,
		[]any{hashed(code)}, &c.Municipality, &c.Name, &c.Place, when{&c.ExpiresAt}, when{&c.UsedAt}, &c.Device)
	return c, err
}

// UseEnrolCode spends a code on a device; false where it was spent or is none.
func (tx *Tx) UseEnrolCode(code string, device kontakt.DeviceID) (bool, error) {
	n, err := tx.exec("store.UseEnrolCode", `UPDATE enrol_codes SET used_at = $2, device = $3 WHERE hash = $1 AND used_at = 0`,
		hashed(code), nanos(tx.now), device)
	return n == 1, err
}

// AddDevice makes a tablet known.
func (tx *Tx) AddDevice(d Device) error {
	_, err := tx.exec("store.AddDevice", `INSERT INTO devices (id, municipality, name, place, public_key, app, enrolled_at, revoked_at, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)`, d.ID, d.Municipality, d.Name, d.Place, d.PublicKey, d.App, nanos(tx.now))
	return err
}

// Device gives one, revoked ones too.
func (tx *Tx) Device(id kontakt.DeviceID) (Device, error) {
	const op = "store.Device"
	all, err := tx.devices(op, `d.id = $1`, id)
	return first(op, all, err)
}

// ClinicDevices gives those by which the open places of a clinic were drawn or answered last.
func (tx *Tx) ClinicDevices(clinic kontakt.ClinicID) ([]Device, error) {
	return tx.devices("store.ClinicDevices", `d.id IN (SELECT device FROM entries WHERE clinic = $1 AND `+open+`)`, clinic)
}

func (tx *Tx) devices(op, where string, args ...any) ([]Device, error) {
	return collect(tx, op, `SELECT d.id, d.municipality, m.name, d.name, d.place, d.public_key, d.app, d.revoked_at
		FROM devices d JOIN municipalities m ON m.id = d.municipality WHERE `+where, args, func(scan scan) (d Device, err error) {
		err = scan(&d.ID, &d.Municipality, &d.Organisation, &d.Name, &d.Place, &d.PublicKey, &d.App, when{&d.RevokedAt})
		return d, err
	})
}

// RevokeDevice ends what a tablet may do; false where that was done before. Its sessions are another call.
func (tx *Tx) RevokeDevice(id kontakt.DeviceID) (bool, error) {
	n, err := tx.exec("store.RevokeDevice", `UPDATE devices SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0`, id, nanos(tx.now))
	return n == 1, err
}

// AddChallenge keeps what a device was asked to sign. Any device id may ask: an unknown one fails later.
func (tx *Tx) AddChallenge(device kontakt.DeviceID, challenge []byte, expires time.Time) error {
	_, err := tx.exec("store.AddChallenge", `INSERT INTO challenges (hash, device, expires_at) VALUES ($1, $2, $3)`,
		hashed(string(challenge)), device, nanos(expires))
	return err
}

// TakeChallenge spends a challenge; false where it was not made for this device, was spent or has run out. Spent and
// expired ones are deleted on the way.
func (tx *Tx) TakeChallenge(device kontakt.DeviceID, challenge []byte) (bool, error) {
	const op = "store.TakeChallenge"
	if _, err := tx.exec(op, `DELETE FROM challenges WHERE expires_at <= $1`, nanos(tx.now)); err != nil {
		return false, err
	}
	n, err := tx.exec(op, `DELETE FROM challenges WHERE hash = $1 AND device = $2`, hashed(string(challenge)), device)
	return n == 1, err
}
