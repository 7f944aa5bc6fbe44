package signin_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func TestEnrol_refusals(t *testing.T) {
	s := open(t)
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	enrol := func(code string, key []byte, app string) error {
		_, err := s.service.Enrol(t.Context(), code, key, app)
		return err
	}
	for _, code := range []string{"", "XXXX-XXXX", "DEMO-9999", "DEMO-000", "' OR 1=1", "ÆØÅÆ-ØÅÆØ"} {
		wantError(t, enrol(code, public, "1"), kontakt.NotFound, kontakt.MsgEnrolCodeUnknown)
	}
	wantError(t, enrol("DEMO-0001", public[:31], "1"), kontakt.Invalid, kontakt.MsgBadRequest)
	wantError(t, enrol("DEMO-0001", nil, "1"), kontakt.Invalid, kontakt.MsgBadRequest)
	wantError(t, enrol("DEMO-0001", public, strings.Repeat("1", 65)), kontakt.Invalid, kontakt.MsgBadRequest)
	s.enrol("DEMO-0001")
	wantError(t, enrol("DEMO-0001", public, "1"), kontakt.Gone, kontakt.MsgEnrolCodeUsed)
	fresh := s.codes[len(s.codes)-1].Text
	s.wait(25 * time.Hour)
	wantError(t, enrol(fresh, public, "1"), kontakt.Gone, kontakt.MsgEnrolCodeExpired)
	if n := s.audits("device.enrol", store.OutcomeRefused); n != 8 {
		t.Errorf("audit rows of refusals = %d, want 8", n)
	}
}

func TestEnrol_answerThatGotLostCanBeAskedAgain(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	again, err := s.service.Enrol(t.Context(), "demo 0001", tab.key.Public().(ed25519.PublicKey), "1.0")
	if err != nil || again != tab.device {
		t.Errorf("asked again: %+v, %v; want %+v", again, err, tab.device)
	}
}

func TestEnrol_twoAtOnceOneWins(t *testing.T) {
	s := open(t)
	var won, lost int
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			public, _, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				t.Error(err)
				return
			}
			_, err = s.service.Enrol(t.Context(), "DEMO-0003", public, "1")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
				return
			}
			if msg, _ := kontakt.MsgOf(err); msg == kontakt.MsgEnrolCodeUsed {
				lost++
			}
		})
	}
	group.Wait()
	if won != 1 || lost != 7 {
		t.Errorf("%d won and %d were told that the code is used, want 1 and 7", won, lost)
	}
}

func TestDevice_proofsThatProveNothing(t *testing.T) {
	s := open(t)
	a, b := s.enrol("DEMO-0001"), s.enrol("DEMO-0002")
	try := func(p kontakt.DeviceProof) error {
		_, _, _, _, err := s.service.OpenDevice(t.Context(), p)
		return err
	}
	good := a.prove(kontakt.PurposeDeviceSession)
	if err := try(good); err != nil {
		t.Fatal(err)
	}
	rows := map[string]func() kontakt.DeviceProof{
		"the same proof again": func() kontakt.DeviceProof { return good },
		"for another purpose":  func() kontakt.DeviceProof { return a.prove(kontakt.PurposeSession) },
		"another device's challenge": func() kontakt.DeviceProof {
			p := b.prove(kontakt.PurposeDeviceSession)
			p.Device, p.Signature = a.device.ID, ed25519.Sign(a.key, kontakt.ProofText(kontakt.PurposeDeviceSession, p.Challenge))
			return p
		},
		"another device's key": func() kontakt.DeviceProof {
			p := a.prove(kontakt.PurposeDeviceSession)
			p.Signature = ed25519.Sign(b.key, kontakt.ProofText(kontakt.PurposeDeviceSession, p.Challenge))
			return p
		},
		"a challenge of its own": func() kontakt.DeviceProof {
			challenge := make([]byte, 32)
			return kontakt.DeviceProof{
				Device: a.device.ID, Challenge: challenge,
				Signature: ed25519.Sign(a.key, kontakt.ProofText(kontakt.PurposeDeviceSession, challenge)),
			}
		},
		"an empty signature": func() kontakt.DeviceProof {
			p := a.prove(kontakt.PurposeDeviceSession)
			p.Signature = nil
			return p
		},
		"an unknown device": func() kontakt.DeviceProof {
			id := kontakt.NewDeviceID()
			challenge, err := s.service.Challenge(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return kontakt.DeviceProof{Device: id, Challenge: challenge, Signature: ed25519.Sign(a.key, kontakt.ProofText(kontakt.PurposeDeviceSession, challenge))}
		},
		"an hour late": func() kontakt.DeviceProof {
			p := a.prove(kontakt.PurposeDeviceSession)
			s.wait(time.Hour)
			return p
		},
	}
	for name, proof := range rows {
		t.Run(name, func(t *testing.T) {
			wantError(t, try(proof()), kontakt.Unauthenticated, kontakt.MsgSessionEnded)
		})
	}
	if n := s.audits("device.open", store.OutcomeRefused); n != len(rows) {
		t.Errorf("audit rows of refusals = %d, want %d", n, len(rows))
	}
}

func TestDevice_revokedOpensNothing(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	nurse := tab.signIn("sanne")
	deviceCtx := s.as(tab.token)
	id, address := tab.begin()
	proof := tab.prove(kontakt.PurposeSession)
	if err := s.db.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.RevokeDevice(tab.device.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{tab.token, nurse} {
		_, err := s.service.Actor(t.Context(), token)
		wantError(t, err, kontakt.Forbidden, kontakt.MsgDeviceRevoked)
	}
	_, _, _, _, err := s.service.OpenDevice(t.Context(), tab.prove(kontakt.PurposeDeviceSession))
	wantError(t, err, kontakt.Forbidden, kontakt.MsgDeviceRevoked)
	page := tab.browser.Open(address).Submit("accounts", map[string]string{"username": "sanne"})
	if !strings.Contains(page.Body, "[da:err.device_revoked]") {
		t.Errorf("page: %s", page.Body)
	}
	_, _, _, err = s.service.Redeem(deviceCtx, id, "x", proof)
	wantError(t, err, kontakt.Forbidden, kontakt.MsgDeviceRevoked)
}

func TestDevice_opensAgainAfterARestartOfTheTablet(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	nurse := tab.signIn("sanne")
	old := tab.token
	tab.open()
	_, err := s.service.Actor(t.Context(), old)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	s.as(nurse) // the nurse's session is the nurse's
}
