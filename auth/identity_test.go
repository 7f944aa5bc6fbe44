package auth

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"testing"

	"kontaktlaege/internal/kontakt"
)

// shelf is a keystore in memory.
type shelf struct {
	items map[string][]byte
	load  func(name string) error // a failure to give instead
	save  func(name string) error
}

func newShelf() *shelf { return &shelf{items: map[string][]byte{}} }

func (s *shelf) Load(name string) ([]byte, error) {
	if s.load != nil {
		if err := s.load(name); err != nil {
			return nil, err
		}
	}
	return s.items[name], nil
}

func (s *shelf) Save(name string, data []byte) error {
	if s.save != nil {
		if err := s.save(name); err != nil {
			return err
		}
	}
	s.items[name] = append([]byte{}, data...)
	return nil
}

func (s *shelf) Delete(name string) error {
	delete(s.items, name)
	return nil
}

// issuer is a backend that knows one key and checks proofs for real.
type issuer struct {
	device    kontakt.DeviceID
	public    []byte
	challenge []byte
	register  func() error // nil: takes the key
}

func (b *issuer) Register(_ context.Context, _ string, public []byte) (kontakt.Device, error) {
	b.public = append([]byte{}, public...)
	if b.register != nil {
		if err := b.register(); err != nil {
			return kontakt.Device{}, err
		}
	}
	b.device = kontakt.NewDeviceID()
	return kontakt.Device{ID: b.device}, nil
}

func (b *issuer) Challenge(context.Context, kontakt.DeviceID) ([]byte, error) {
	b.challenge = []byte(kontakt.NewSecret())
	return b.challenge, nil
}

func (b *issuer) check(p kontakt.DeviceProof, purpose string) error {
	if p.Device != b.device || !ed25519.Verify(b.public, kontakt.ProofText(purpose, b.challenge), p.Signature) {
		return &kontakt.Error{Op: "test", Kind: kontakt.Unauthenticated}
	}
	return nil
}

func (b *issuer) OpenDevice(_ context.Context, p kontakt.DeviceProof) (DeviceSession, error) {
	return DeviceSession{Token: "device-token"}, b.check(p, kontakt.PurposeDeviceSession)
}

func (b *issuer) Redeem(_ context.Context, _ kontakt.SigninID, code string, p kontakt.DeviceProof) (string, kontakt.Person, error) {
	return "session-" + code, kontakt.Person{ID: "med_a"}, b.check(p, kontakt.PurposeSession)
}

func TestIdentity_enrolProveSignIn(t *testing.T) {
	ctx, store, b := t.Context(), newShelf(), &issuer{}
	i := NewIdentity(store)
	if id, err := i.Device(); id != "" || err != nil {
		t.Fatalf("a fresh tablet is %q, %v", id, err)
	}
	if err := i.Enrol(ctx, b, "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	again := NewIdentity(store) // after a restart
	if id, err := again.Device(); id != b.device || err != nil {
		t.Fatalf("after a restart the tablet is %q, %v; want %q", id, err, b.device)
	}
	if _, err := again.Open(ctx, b); err != nil {
		t.Errorf("the proof for a device session: %v", err)
	}
	if _, err := again.FinishSignIn(ctx, b, "log_a", "one"); err != nil {
		t.Errorf("the proof for a session: %v", err)
	}
	if got := NewIdentity(store).Session(); got != "session-one" {
		t.Errorf("session %q after a restart", got)
	}
}

// TestIdentity_fromEverywhere: requests ask for the session while a nurse signs in and another's is forgotten.
func TestIdentity_fromEverywhere(t *testing.T) {
	b, i := &issuer{}, NewIdentity(newShelf())
	if err := i.Enrol(t.Context(), b, "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	var asks sync.WaitGroup
	for range 4 {
		asks.Go(func() {
			for range 100 {
				if s := i.Session(); s != "" && s != "session-one" {
					t.Errorf("session %q", s)
				}
			}
		})
	}
	for range 20 {
		if _, err := i.FinishSignIn(t.Context(), b, "log_a", "one"); err != nil {
			t.Error(err)
		}
		if err := i.Forget("session-one"); err != nil {
			t.Error(err)
		}
	}
	asks.Wait()
}

// TestIdentity_answerLost: the code may be used up, so the same key must be the one that tries again.
func TestIdentity_answerLost(t *testing.T) {
	ctx, store, b := t.Context(), newShelf(), &issuer{}
	lost := &kontakt.Error{Op: "test", Kind: kontakt.Unavailable}
	b.register = func() error { return lost }
	if err := NewIdentity(store).Enrol(ctx, b, "ABCD-EFGH"); !errors.Is(err, lost) {
		t.Fatalf("enrol: %v", err)
	}
	first := string(b.public)
	b.register = nil
	if err := NewIdentity(store).Enrol(ctx, b, "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	if string(b.public) != first {
		t.Error("tried again with another key")
	}
	if err := NewIdentity(store).Enrol(ctx, b, "IJKL-MNOP"); err != nil {
		t.Fatal(err)
	}
	if string(b.public) == first {
		t.Error("a new enrolment used the old key")
	}
}

// TestIdentity_failedEnrolmentKeepsTheOldOne: a wrong code must not cost a tablet what it has.
func TestIdentity_failedEnrolmentKeepsTheOldOne(t *testing.T) {
	ctx, store, b := t.Context(), newShelf(), &issuer{}
	i := NewIdentity(store)
	if err := i.Enrol(ctx, b, "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	old, public := b.device, b.public
	b.register = func() error {
		return &kontakt.Error{Op: "test", Kind: kontakt.NotFound, Msg: kontakt.MsgEnrolCodeUnknown}
	}
	if err := i.Enrol(ctx, b, "XXXX-XXXX"); err == nil {
		t.Fatal("a refused enrolment succeeded")
	}
	b.public = public
	if id, err := NewIdentity(store).Device(); id != old || err != nil {
		t.Errorf("the tablet is %q, %v; want %q", id, err, old)
	}
	if _, err := NewIdentity(store).Open(ctx, b); err != nil {
		t.Errorf("the old key proves no more: %v", err)
	}
}

func TestIdentity_damagedFiles(t *testing.T) {
	damaged := fmt.Errorf("%w: test", ErrDamaged)
	for name, content := range map[string]string{
		"half a file": `{"seed":"AAAA`, "no JSON": "\x00\x01", "a short seed": `{"seed":"AAAA","device":"dev_x"}`,
		"no seed": `{}`, "a wrong id": `{"seed":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","device":"x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			store := newShelf()
			store.items[deviceName] = []byte(content)
			store.items[pendingName] = []byte(content)
			i := NewIdentity(store)
			_, err := i.Device()
			if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Gone || msg != kontakt.MsgEnrolKeyDamaged {
				t.Errorf("a damaged key: %v", err)
			}
			b := &issuer{}
			if err := i.Enrol(t.Context(), b, "ABCD-EFGH"); err != nil {
				t.Errorf("enrolling anew: %v", err)
			}
			if id, err := i.Device(); id != b.device || err != nil {
				t.Errorf("after enrolling anew: %q, %v", id, err)
			}
		})
	}
	store := newShelf()
	store.load = func(string) error { return damaged }
	if got := NewIdentity(store).Session(); got != "" {
		t.Errorf("a damaged session is %q, want none", got)
	}
	store.load = func(string) error { return errors.New("disk on fire") }
	if _, err := NewIdentity(store).Device(); !kontakt.KindOf(err).Transient() {
		t.Errorf("a disk that does not answer now: %v, want what is worth another try", err)
	}
}

func TestIdentity_forgetOnlyThatSession(t *testing.T) {
	ctx, store, b := t.Context(), newShelf(), &issuer{}
	i := NewIdentity(store)
	if err := i.Enrol(ctx, b, "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"one", "two"} {
		if _, err := i.FinishSignIn(ctx, b, "log_a", code); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.Forget("session-one"); err != nil || i.Session() != "session-two" {
		t.Errorf("forgetting an older session left %q, %v", i.Session(), err)
	}
	if err := i.Forget("session-two"); err != nil || i.Session() != "" || NewIdentity(store).Session() != "" {
		t.Errorf("a forgotten session is still there, %v", err)
	}
}
