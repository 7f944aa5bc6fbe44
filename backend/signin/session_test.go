package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func TestSession_signOutEndsItAndOnlyIt(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	token := tab.signIn("sanne")
	if err := s.service.SignOut(s.as(token)); err != nil {
		t.Fatal(err)
	}
	_, err := s.service.Actor(t.Context(), token)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	s.as(tab.token) // the tablet itself is still known
	wantError(t, s.service.SignOut(s.as(tab.token)), kontakt.Forbidden, kontakt.MsgNotAllowed)
	wantError(t, s.service.SignOut(t.Context()), kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	if s.audits("session.end", store.OutcomeOK) != 1 {
		t.Error("the sign-out left no audit row")
	}
}

func TestSession_endsWithTheShift(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	token := tab.signIn("sanne")
	ctx := s.as(token)
	s.wait(10*time.Hour + time.Second)
	_, err := s.service.Actor(t.Context(), token)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	_, err = s.service.TTL(ctx)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
}

func TestSession_secretsThatOpenNothing(t *testing.T) {
	s := open(t)
	for _, secret := range []string{"", "x", kontakt.NewSecret(), "' OR 1=1 --", strings.Repeat("a", 1<<16), "\xff\x00"} {
		_, err := s.service.Actor(t.Context(), secret)
		wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	}
}

func TestSession_nextNurseTakesOver(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	first := tab.signIn("sanne")
	second := tab.signIn("mette")
	_, err := s.service.Actor(t.Context(), first)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	if actor, _ := kontakt.ActorFrom(s.as(second)); actor.Name != "Mette Juhl" {
		t.Errorf("actor = %+v", actor)
	}
}

// Nurse A's cookie lives at a provider that ignores prompt=login and max_age, and nurse B is quick.
func TestSession_nurseBIsNeverLetInByNurseAsCookie(t *testing.T) {
	s := open(t)
	s.set(&s.forgets, true)
	tab := s.enrol("DEMO-0001")
	token := tab.signIn("sanne")
	if err := s.service.SignOut(s.as(token)); err != nil {
		t.Fatal(err)
	}
	for _, later := range []time.Duration{0, 5 * time.Second, 30 * time.Second, 5 * time.Minute} {
		s.wait(later)
		id, address := tab.begin()
		page := tab.browser.Open(address)
		if page.Has("login") {
			t.Fatal("the provider asked for a password: this test proves nothing")
		}
		if page.Status != http.StatusForbidden || !strings.Contains(page.Body, "[da:login.not_fresh]") {
			t.Errorf("%v later: status %d: %s", later, page.Status, page.Body)
		}
		e := tab.next()
		if e.Type != kontakt.EventSigninFailed || e.Msg != string(kontakt.MsgLoginNotFresh) {
			t.Errorf("%v later: the tablet was told %+v", later, e)
		}
		if _, _, err := tab.redeem(id, e.Code); err == nil {
			t.Errorf("%v later: nurse B is in as nurse A", later)
		}
	}
}
