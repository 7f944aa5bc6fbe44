package auth

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"kontaktlaege/internal/kontakt"
)

// Identity is this tablet and who is signed in on it, over restarts. It is safe for use from everywhere at once.
type Identity struct {
	store Keystore

	mu      sync.Mutex
	device  *deviceKey // nil until loaded
	session *string    // nil until loaded
}

// NewIdentity reads nothing yet: what can't be read is told when it is asked for.
func NewIdentity(store Keystore) *Identity { return &Identity{store: store} }

// Names in the keystore.
const (
	deviceName  = "device"
	pendingName = "device.new" // a key whose enrolment has not been answered
	sessionName = "session"
)

// deviceKey is how the key is kept.
type deviceKey struct {
	Seed   []byte           `json:"seed"`
	Device kontakt.DeviceID `json:"device"`
}

func (d deviceKey) private() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(d.Seed) }

// Device gives the id under which the backend knows this tablet, empty when it was never enrolled. A key that is damaged
// is an error of kind Gone.
func (i *Identity) Device() (kontakt.DeviceID, error) {
	d, err := i.key()
	return d.Device, err
}

func (i *Identity) key() (deviceKey, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.device != nil {
		return *i.device, nil
	}
	d, err := loadKey(i.store, deviceName)
	switch {
	case errors.Is(err, ErrDamaged):
		return deviceKey{}, &kontakt.Error{Op: "auth.key", Kind: kontakt.Gone, Msg: kontakt.MsgEnrolKeyDamaged, Err: err}
	case err != nil:
		return deviceKey{}, &kontakt.Error{Op: "auth.key", Kind: kontakt.Unavailable, Msg: kontakt.MsgUnknown, Err: err}
	}
	if d.Device != "" {
		i.device = &d
	}
	return d, nil
}

// loadKey gives the zero key where there is none.
func loadKey(store Keystore, name string) (deviceKey, error) {
	var d deviceKey
	data, err := store.Load(name)
	if err != nil || data == nil {
		return d, err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return deviceKey{}, fmt.Errorf("%w: %s: not a key", ErrDamaged, name)
	}
	if _, err := kontakt.ParseDeviceID(string(d.Device)); len(d.Seed) != ed25519.SeedSize || d.Device != "" && err != nil {
		return deviceKey{}, fmt.Errorf("%w: %s: not a key", ErrDamaged, name)
	}
	return d, nil
}

func saveKey(store Keystore, name string, d deviceKey) error {
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return store.Save(name, data)
}

// prove signs a challenge for one purpose.
func (d deviceKey) prove(purpose string, challenge []byte) kontakt.DeviceProof {
	return kontakt.DeviceProof{
		Device: d.Device, Challenge: challenge,
		Signature: ed25519.Sign(d.private(), kontakt.ProofText(purpose, challenge)),
	}
}
