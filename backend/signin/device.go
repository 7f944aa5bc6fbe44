package signin

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// maxApp bounds the version that an app says of itself.
const maxApp = 64

// Enrol makes a tablet known. The same code with the same key again gives the same tablet: an answer that got lost must
// not leave a tablet with a spent code.
func (s *Service) Enrol(ctx context.Context, code string, publicKey []byte, app string) (kontakt.Device, error) {
	const op = "signin.Enrol"
	if len(publicKey) != ed25519.PublicKeySize || len(app) > maxApp {
		return kontakt.Device{}, problem(op, kontakt.Invalid, kontakt.MsgBadRequest)
	}
	var d store.Device
	err := s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		parsed, err := kontakt.ParseEnrolCode(code)
		if err != nil {
			return err
		}
		known, err := tx.EnrolCode(string(parsed))
		switch {
		case notFound(err):
			return problem(op, kontakt.NotFound, kontakt.MsgEnrolCodeUnknown)
		case err != nil:
			return err
		case !known.UsedAt.IsZero():
			if d, err = tx.Device(known.Device); err == nil && d.RevokedAt.IsZero() && bytes.Equal(d.PublicKey, publicKey) {
				return nil
			}
			return problem(op, kontakt.Gone, kontakt.MsgEnrolCodeUsed)
		case !tx.Now().Before(known.ExpiresAt):
			return problem(op, kontakt.Gone, kontakt.MsgEnrolCodeExpired)
		}
		d = store.Device{PublicKey: publicKey, App: app, Device: kontakt.Device{
			ID: kontakt.NewDeviceID(), Name: known.Name, Place: known.Place, Municipality: known.Municipality,
		}}
		if err := tx.AddDevice(d); err != nil {
			return err
		}
		if spent, err := tx.UseEnrolCode(string(parsed), d.ID); err != nil || !spent {
			return cmp.Or(err, problem(op, kontakt.Gone, kontakt.MsgEnrolCodeUsed))
		}
		if d, err = tx.Device(d.ID); err != nil { // with its organisation
			return err
		}
		by := deviceActor(d)
		return tx.Audit(store.Audit{By: &by, Action: "device.enrol"})
	})
	if err != nil {
		return kontakt.Device{}, s.refuse(ctx, kontakt.Actor{Role: kontakt.RoleDevice}, "device.enrol", err)
	}
	return d.Device, nil
}

func deviceActor(d store.Device) kontakt.Actor {
	return kontakt.Actor{Role: kontakt.RoleDevice, Device: d.ID, Municipality: d.Municipality}
}

// Challenge gives 32 random bytes to sign, good once and for a minute. Whether the device exists shows later.
func (s *Service) Challenge(ctx context.Context, id kontakt.DeviceID) ([]byte, error) {
	challenge := make([]byte, 32)
	rand.Read(challenge) // never fails, as of Go 1.24
	err := s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.AddChallenge(id, challenge, tx.Now().Add(challengeLife))
	})
	if err != nil {
		return nil, err
	}
	return challenge, nil
}

// prove spends the challenge and gives the device whose key signed it.
func (s *Service) prove(ctx context.Context, purpose string, p kontakt.DeviceProof) (store.Device, error) {
	const op = "signin.prove"
	failed := problem(op, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	var taken bool
	var d store.Device
	err := s.cfg.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if taken, err = tx.TakeChallenge(p.Device, p.Challenge); err != nil {
			return err
		}
		if d, err = tx.Device(p.Device); notFound(err) {
			d = store.Device{}
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		return store.Device{}, err
	case !taken || len(d.PublicKey) != ed25519.PublicKeySize,
		!ed25519.Verify(d.PublicKey, kontakt.ProofText(purpose, p.Challenge), p.Signature):
		return store.Device{}, failed
	case !d.RevokedAt.IsZero():
		return store.Device{}, problem(op, kontakt.Forbidden, kontakt.MsgDeviceRevoked)
	}
	return d, nil
}

// OpenDevice opens the tablet's own session, ending the one it had.
func (s *Service) OpenDevice(ctx context.Context, p kontakt.DeviceProof) (token string, ttl time.Duration, device kontakt.Device, at kontakt.Cursor, err error) {
	d, err := s.prove(ctx, kontakt.PurposeDeviceSession, p)
	if err != nil {
		by := kontakt.Actor{Role: kontakt.RoleDevice, Device: p.Device}
		return "", 0, kontakt.Device{}, nil, s.refuse(ctx, by, "device.open", err)
	}
	token = kontakt.NewSecret()
	err = s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.EndDeviceSessions(d.ID, kontakt.RoleDevice); err != nil {
			return err
		}
		session := store.Session{
			ID: kontakt.NewSessionID(), Role: kontakt.RoleDevice, Device: d.ID,
			Municipality: d.Municipality, ExpiresAt: tx.Now().Add(s.cfg.Device),
		}
		if err := tx.AddSession(session, token); err != nil {
			return err
		}
		if err := tx.SawDevices(d.ID); err != nil {
			return err
		}
		if at, err = tx.Cursor(kontakt.DeviceRoom(d.ID)); err != nil {
			return err
		}
		by := session.Actor()
		return tx.Audit(store.Audit{By: &by, Action: "device.open"})
	})
	if err != nil {
		return "", 0, kontakt.Device{}, nil, err
	}
	return token, s.cfg.Device, d.Device, at, nil
}
