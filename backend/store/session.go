package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Session is what a secret opens. The secret itself is stored as a hash. Name and Title are the employee's.
type Session struct {
	ID           kontakt.SessionID
	Role         kontakt.Role
	Device       kontakt.DeviceID   // of a device's or a nurse's session
	Employee     kontakt.EmployeeID // empty: a device's own session
	Name, Title  string
	Municipality kontakt.MunicipalityID
	Clinic       kontakt.ClinicID
	Issuer       string // of the provider
	IDSession    string // the provider's "sid"
	CreatedAt    time.Time
	ExpiresAt    time.Time
	EndedAt      time.Time // zero: not ended
}

// Actor is who acts in this session.
func (s Session) Actor() kontakt.Actor {
	return kontakt.Actor{
		Role: s.Role, Employee: s.Employee, Name: s.Name, Title: s.Title, Device: s.Device,
		Municipality: s.Municipality, Clinic: s.Clinic, Session: s.ID,
	}
}

// AddSession keeps a new session under its secret.
func (tx *Tx) AddSession(s Session, secret string) error {
	_, err := tx.exec("store.AddSession", `INSERT INTO sessions
		(id, secret_hash, role, device, employee, municipality, clinic, issuer, idp_session, created_at, expires_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`,
		s.ID, hashed(secret), s.Role, s.Device, s.Employee, s.Municipality, s.Clinic, s.Issuer, s.IDSession, nanos(tx.now), nanos(s.ExpiresAt))
	return err
}

const sessionQuery = `SELECT s.id, s.role, s.device, s.employee, COALESCE(e.name, ''), COALESCE(e.title, ''), s.municipality, s.clinic,
	s.issuer, s.idp_session, s.created_at, s.expires_at, s.ended_at FROM sessions s LEFT JOIN employees e ON e.id = s.employee WHERE `

// SessionBySecret gives the session that a secret opens, ended and expired ones too.
func (tx *Tx) SessionBySecret(secret string) (Session, error) {
	return tx.session("store.SessionBySecret", `s.secret_hash = $1`, hashed(secret))
}

// Session gives one by its id, ended and expired ones too.
func (tx *Tx) Session(id kontakt.SessionID) (Session, error) {
	return tx.session("store.Session", `s.id = $1`, id)
}

func (tx *Tx) session(op, where string, arg any) (Session, error) {
	var s Session
	err := tx.must(op, sessionQuery+where, []any{arg}, &s.ID, &s.Role, &s.Device, &s.Employee, &s.Name, &s.Title, &s.Municipality, &s.Clinic,
		&s.Issuer, &s.IDSession, when{&s.CreatedAt}, when{&s.ExpiresAt}, when{&s.EndedAt})
	return s, err
}

// EndSession ends one; false where it had ended before.
func (tx *Tx) EndSession(id kontakt.SessionID) (bool, error) {
	n, err := tx.exec("store.EndSession", `UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at = 0`, id, nanos(tx.now))
	return n == 1, err
}

// EndDeviceSessions ends the open sessions of a device that have the role.
func (tx *Tx) EndDeviceSessions(device kontakt.DeviceID, role kontakt.Role) error {
	_, err := tx.exec("store.EndDeviceSessions", `UPDATE sessions SET ended_at = $3 WHERE device = $1 AND role = $2 AND ended_at = 0`,
		device, role, nanos(tx.now))
	return err
}

// OpenSession gives the newest session of a device with the role that has neither ended nor expired.
func (tx *Tx) OpenSession(device kontakt.DeviceID, role kontakt.Role) (Session, error) {
	var id kontakt.SessionID
	if err := tx.must("store.OpenSession", `SELECT id FROM sessions WHERE device = $1 AND role = $2 AND ended_at = 0 AND expires_at > $3
		ORDER BY created_at DESC LIMIT 1`, []any{device, role, nanos(tx.now)}, &id); err != nil {
		return Session{}, err
	}
	return tx.Session(id)
}

// ProviderSessions gives the open sessions of a subject at a provider, or of one of its "sid" when sid is not "".
func (tx *Tx) ProviderSessions(issuer, subject, sid string) ([]Session, error) {
	const op = "store.ProviderSessions"
	ids, err := collect(tx, op, `SELECT s.id FROM sessions s JOIN employees e ON e.id = s.employee
		WHERE s.issuer = $1 AND s.ended_at = 0 AND ($2 = '' OR e.subject = $2) AND ($3 = '' OR s.idp_session = $3) ORDER BY s.id`,
		[]any{issuer, subject, sid}, value[kontakt.SessionID])
	if err != nil {
		return nil, err
	}
	sessions := make([]Session, len(ids))
	for i, id := range ids {
		if sessions[i], err = tx.Session(id); err != nil {
			return nil, err
		}
	}
	return sessions, nil
}
