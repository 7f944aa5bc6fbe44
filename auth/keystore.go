package auth

import (
	"context"
	"errors"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Keystore keeps small secrets sealed over a restart: auth/keystore in files, on Android behind a key of the hardware's.
type Keystore interface {
	// Load gives nil for what was never saved, and an error that is ErrDamaged for what can't ever be read again.
	Load(name string) ([]byte, error)
	// Save replaces the whole or nothing, also when the power goes.
	Save(name string, data []byte) error
	Delete(name string) error
}

// ErrDamaged is what a keystore answers when something is there that is not what was saved.
var ErrDamaged = errors.New("auth: damaged in the keystore")

// Backend is the other side, as far as proving goes: app/client implements it.
type Backend interface {
	Register(ctx context.Context, code string, publicKey []byte) (kontakt.Device, error)
	Challenge(ctx context.Context, id kontakt.DeviceID) ([]byte, error)
	OpenDevice(ctx context.Context, p kontakt.DeviceProof) (DeviceSession, error)
	Redeem(ctx context.Context, id kontakt.SigninID, code string, p kontakt.DeviceProof) (token string, who kontakt.Person, err error)
}

// DeviceSession is what a tablet gets for proving its key.
type DeviceSession struct {
	Token      string
	ExpiresIn  time.Duration
	Device     kontakt.Device
	Rooms      kontakt.Cursor // the device's own room
	ServerTime time.Time
}
