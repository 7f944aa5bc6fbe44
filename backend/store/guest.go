package store

import (
	"encoding/hex"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Guest is somebody who joins the call of a place by a link, as stored. The name is sealed at rest. Of the link only a
// keyed hash is.
type Guest struct {
	kontakt.Guest
	Employee   kontakt.EmployeeID // who invited
	OpenedAt   time.Time          // zero: the link was not opened
	AdmittedBy kontakt.EmployeeID
	EndedAt    time.Time
}

// GuestSession is what the cookie of a guest stands for. The cookie itself is stored as a keyed hash.
type GuestSession struct {
	ID        kontakt.SessionID
	Guest     kontakt.GuestID
	ExpiresAt time.Time
}

// Actor is who acts in this session.
func (s GuestSession) Actor() kontakt.Actor {
	return kontakt.Actor{Role: kontakt.RoleGuest, Guest: s.Guest, Session: s.ID}
}

const guestColumns = `id, entry, kind, name, state, invited_by, employee, invited_at, expires_at, opened_at, admitted_at, admitted_by, ended_at`

// AddGuest keeps a new one under the token of the link.
func (tx *Tx) AddGuest(g Guest, token string) error {
	const op = "store.AddGuest"
	name := tx.db.keys.seal("guests.name", string(g.ID), g.Name)
	_, err := tx.exec(op, `INSERT INTO guests (`+guestColumns+`, link_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		g.ID, g.Entry, g.Kind, name, g.State, g.By, g.Employee, nanos(g.InvitedAt), nanos(g.ExpiresAt), nanos(g.OpenedAt), nanos(g.AdmittedAt),
		g.AdmittedBy, nanos(g.EndedAt), tx.db.linkHash(token))
	return err
}

// SaveGuest writes what a move changes, if the guest stands in a state still: else it is a Conflict with MsgVersion.
func (tx *Tx) SaveGuest(g Guest, from kontakt.GuestState) error {
	const op = "store.SaveGuest"
	name := tx.db.keys.seal("guests.name", string(g.ID), g.Name)
	n, err := tx.exec(op, `UPDATE guests SET name = $3, state = $4, opened_at = $5, admitted_at = $6, admitted_by = $7, ended_at = $8 WHERE id = $1 AND state = $2`,
		g.ID, from, name, g.State, nanos(g.OpenedAt), nanos(g.AdmittedAt), g.AdmittedBy, nanos(g.EndedAt))
	if err == nil && n != 1 {
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
	}
	return err
}

// Guest gives one.
func (tx *Tx) Guest(id kontakt.GuestID) (Guest, error) {
	return tx.guest("store.Guest", `id = $1`, id)
}

// GuestByLink gives the one whose link has the token, whatever has become of it.
func (tx *Tx) GuestByLink(token string) (Guest, error) {
	return tx.guest("store.GuestByLink", `link_hash = $1`, tx.db.linkHash(token))
}

func (db *DB) linkHash(token string) []byte { return db.keys.hash("guest link", token) }

// Guests gives all that were ever invited to a place, in the order in which they were.
func (tx *Tx) Guests(entry kontakt.EntryID) ([]Guest, error) {
	return tx.guests("store.Guests", `entry = $1 ORDER BY invited_at, id`, entry)
}

// LateGuests gives those whose link was not opened until a time at which it ran out.
func (tx *Tx) LateGuests(until time.Time) ([]Guest, error) {
	return tx.guests("store.LateGuests", `state = 'invited' AND expires_at <= $1 ORDER BY expires_at, id`, nanos(until))
}

func (tx *Tx) guest(op, where string, arg any) (Guest, error) {
	all, err := tx.guests(op, where, arg)
	return first(op, all, err)
}

func (tx *Tx) guests(op, where string, args ...any) ([]Guest, error) {
	return collect(tx, op, `SELECT `+guestColumns+` FROM guests WHERE `+where, args, func(scan scan) (g Guest, err error) {
		var name []byte
		err = scan(&g.ID, &g.Entry, &g.Kind, &name, &g.State, &g.By, &g.Employee, when{&g.InvitedAt}, when{&g.ExpiresAt}, when{&g.OpenedAt},
			when{&g.AdmittedAt}, &g.AdmittedBy, when{&g.EndedAt})
		if err == nil {
			g.Name, err = tx.db.keys.open("guests.name", string(g.ID), name)
		}
		return g, err
	})
}

// GuestSecret is the secret of the session that a link opens for a request with a key: the same for the same two, so that
// a request whose answer was lost opens it again, and nobody else's for whoever lacks the link.
func (db *DB) GuestSecret(token, key string) string {
	return hex.EncodeToString(db.keys.hash("guest secret", token+"\x00"+key))
}

// AddGuestSession keeps a new session under its secret.
func (tx *Tx) AddGuestSession(s GuestSession, secret string) error {
	_, err := tx.exec("store.AddGuestSession", `INSERT INTO guest_sessions (id, guest, secret_hash, expires_at) VALUES ($1, $2, $3, $4)`,
		s.ID, s.Guest, tx.db.guestSecretHash(secret), nanos(s.ExpiresAt))
	return err
}

// GuestSession gives the one that a secret opens, unless it has run out.
func (tx *Tx) GuestSession(secret string) (GuestSession, error) {
	var s GuestSession
	err := tx.must("store.GuestSession", `SELECT id, guest, expires_at FROM guest_sessions WHERE secret_hash = $1 AND expires_at > $2`,
		[]any{tx.db.guestSecretHash(secret), nanos(tx.now)}, &s.ID, &s.Guest, when{&s.ExpiresAt})
	return s, err
}

func (db *DB) guestSecretHash(secret string) []byte { return db.keys.hash("guest session", secret) }

// ForgetGuestSessions deletes those that have run out.
func (tx *Tx) ForgetGuestSessions() error {
	_, err := tx.exec("store.ForgetGuestSessions", `DELETE FROM guest_sessions WHERE expires_at <= $1`, nanos(tx.now))
	return err
}
