package store

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// SigninState is how far an attempt to sign in has come.
type SigninState string

// The states. Redeemed, Failed and Cancelled are final.
const (
	SigninOpen      SigninState = "open"      // made; the browser has not come yet
	SigninStarted   SigninState = "started"   // the browser was sent to the provider
	SigninAnswered  SigninState = "answered"  // the browser came back; its answer is being checked, once
	SigninCompleted SigninState = "completed" // the provider's answer held; the code can be redeemed
	SigninRedeemed  SigninState = "redeemed"
	SigninFailed    SigninState = "failed"
	SigninCancelled SigninState = "cancelled"
)

// Signin is one attempt to sign in, from a tablet (Device is set; its room is told) or from a browser at a portal.
type Signin struct {
	ID          kontakt.SigninID
	State       SigninState
	Device      kontakt.DeviceID // empty: a browser without a tablet
	Portal      string           // where that one signs in, as backend/signin names it
	Employee    kontakt.EmployeeID
	Nonce       string
	Verifier    string // PKCE
	IDSession   string // the provider's "sid", for back-channel logout
	CreatedAt   time.Time
	ExpiresAt   time.Time
	CodeExpires time.Time
	Msg         kontakt.MsgKey // why it failed
}

// AddSignin keeps a new attempt. start is the secret of its one-time address and state the OIDC state, "" for none
// yet; both are stored as hashes.
func (tx *Tx) AddSignin(s Signin, start, state string) error {
	_, err := tx.exec("store.AddSignin", `INSERT INTO signins
		(id, state, device, portal, employee, nonce, verifier, idp_session, created_at, expires_at, code_expires, msg, start_hash, state_hash, code_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		s.ID, s.State, s.Device, s.Portal, s.Employee, s.Nonce, s.Verifier, s.IDSession, nanos(tx.now), nanos(s.ExpiresAt), nanos(s.CodeExpires), s.Msg,
		hashedOrNone(start), hashedOrNone(state), nil)
	return err
}

// hashedOrNone keeps absent secrets out of the unique indexes.
func hashedOrNone(secret string) any {
	if secret == "" {
		return nil
	}
	return hashed(secret)
}

// Signin gives one.
func (tx *Tx) Signin(id kontakt.SigninID) (Signin, error) {
	return tx.signin("store.Signin", `id = $1`, id)
}

// SigninByStart finds one by the secret of its one-time address.
func (tx *Tx) SigninByStart(start string) (Signin, error) {
	return tx.signin("store.SigninByStart", `start_hash = $1`, hashed(start))
}

// SigninByState finds one by its OIDC state.
func (tx *Tx) SigninByState(state string) (Signin, error) {
	return tx.signin("store.SigninByState", `state_hash = $1`, hashed(state))
}

func (tx *Tx) signin(op, where string, arg any) (Signin, error) {
	var s Signin
	err := tx.must(op, `SELECT id, state, device, portal, employee, nonce, verifier, idp_session, created_at, expires_at, code_expires, msg
		FROM signins WHERE `+where, []any{arg},
		&s.ID, &s.State, &s.Device, &s.Portal, &s.Employee, &s.Nonce, &s.Verifier, &s.IDSession, when{&s.CreatedAt}, when{&s.ExpiresAt}, when{&s.CodeExpires}, &s.Msg)
	return s, err
}

// SaveSignin changes an attempt that still stands in state from; false where another was faster.
func (tx *Tx) SaveSignin(s Signin, from SigninState) (bool, error) {
	n, err := tx.exec("store.SaveSignin", `UPDATE signins SET state = $3, employee = $4, nonce = $5, verifier = $6, idp_session = $7,
		expires_at = $8, code_expires = $9, msg = $10 WHERE id = $1 AND state = $2`,
		s.ID, from, s.State, s.Employee, s.Nonce, s.Verifier, s.IDSession, nanos(s.ExpiresAt), nanos(s.CodeExpires), s.Msg)
	return n == 1, err
}

// SetSigninState gives an attempt its OIDC state.
func (tx *Tx) SetSigninState(id kontakt.SigninID, state string) error {
	_, err := tx.exec("store.SetSigninState", `UPDATE signins SET state_hash = $2 WHERE id = $1`, id, hashed(state))
	return err
}

// SetSigninCode gives a completed attempt the code that its tablet redeems.
func (tx *Tx) SetSigninCode(id kontakt.SigninID, code string) error {
	_, err := tx.exec("store.SetSigninCode", `UPDATE signins SET code_hash = $2 WHERE id = $1`, id, hashed(code))
	return err
}

// SigninCode says whether code is the one that this attempt was given.
func (tx *Tx) SigninCode(id kontakt.SigninID, code string) (bool, error) {
	return tx.one("store.SigninCode", `SELECT 1 FROM signins WHERE id = $1 AND code_hash = $2`, []any{id, hashed(code)}, new(int))
}

// CancelSignins cancels the device's attempts that are not final.
func (tx *Tx) CancelSignins(device kontakt.DeviceID) error {
	_, err := tx.exec("store.CancelSignins", `UPDATE signins SET state = $2 WHERE device = $1 AND state IN ($3, $4, $5, $6)`,
		device, SigninCancelled, SigninOpen, SigninStarted, SigninAnswered, SigninCompleted)
	return err
}

// ForgetSignins deletes attempts that ran out before a time.
func (tx *Tx) ForgetSignins(before time.Time) error {
	_, err := tx.exec("store.ForgetSignins", `DELETE FROM signins WHERE expires_at < $1`, nanos(before))
	return err
}

// FreshSignin notes on an attempt when its employee signed in at the provider; false where that moment, or a later
// one, has served this device and employee before: then nobody typed a password now, the provider's cookie in the
// tablet's browser did. To be asked until the attempts are forgotten, which is long after such a moment is too old.
func (tx *Tx) FreshSignin(id kontakt.SigninID, device kontakt.DeviceID, employee kontakt.EmployeeID, authTime time.Time) (bool, error) {
	n, err := tx.exec("store.FreshSignin", `UPDATE signins SET auth_time = $4 WHERE id = $1
		AND NOT EXISTS (SELECT 1 FROM signins WHERE device = $2 AND employee = $3 AND auth_time >= $4)`,
		id, device, employee, nanos(authTime))
	return n == 1, err
}
