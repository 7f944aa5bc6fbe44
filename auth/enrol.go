package auth

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"

	"kontaktlaege/internal/kontakt"
)

// Enrol makes the tablet known by IT's one-time code. The key is saved before it is sent, and kept until there is an
// answer: whoever tries again after a lost answer does so with the same key. An older identity lasts until the backend
// has taken the new one; its employee session ends with it.
func (i *Identity) Enrol(ctx context.Context, b Backend, code string) error {
	pending, err := i.pendingKey()
	if err != nil {
		return &kontakt.Error{Op: "auth.Enrol", Kind: kontakt.Unavailable, Msg: kontakt.MsgUnknown, Err: err}
	}
	public := pending.private().Public().(ed25519.PublicKey)
	device, err := b.Register(ctx, code, public)
	if err != nil {
		return err
	}
	pending.Device = device.ID
	i.mu.Lock()
	defer i.mu.Unlock()
	if err := saveKey(i.store, deviceName, pending); err != nil {
		return &kontakt.Error{Op: "auth.Enrol", Kind: kontakt.Unavailable, Msg: kontakt.MsgUnknown, Err: err}
	}
	none := ""
	i.device, i.session = &pending, &none
	// What is left over below is replaced or dropped when it is next looked at.
	_ = i.store.Delete(pendingName)
	_ = i.store.Delete(sessionName)
	return nil
}

func (i *Identity) pendingKey() (deviceKey, error) {
	d, err := loadKey(i.store, pendingName)
	if err != nil && !errors.Is(err, ErrDamaged) {
		return deviceKey{}, err
	}
	if err == nil && d.Seed != nil {
		return d, nil
	}
	d = deviceKey{Seed: make([]byte, ed25519.SeedSize)}
	rand.Read(d.Seed) // never fails, as of Go 1.24
	return d, saveKey(i.store, pendingName, d)
}

// Open proves the key and gives the tablet's own session.
func (i *Identity) Open(ctx context.Context, b Backend) (DeviceSession, error) {
	key, err := i.enrolled()
	if err != nil {
		return DeviceSession{}, err
	}
	challenge, err := b.Challenge(ctx, key.Device)
	if err != nil {
		return DeviceSession{}, err
	}
	return b.OpenDevice(ctx, key.prove(kontakt.PurposeDeviceSession, challenge))
}

func (i *Identity) enrolled() (deviceKey, error) {
	key, err := i.key()
	if err == nil && key.Device == "" {
		err = &kontakt.Error{Op: "auth.enrolled", Kind: kontakt.NotFound, Msg: kontakt.MsgEnrolUnknown}
	}
	return key, err
}
