package signin_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kontaktlaege/backend/signin"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// officeIn walks a PC's browser through the sign-in.
func (s *site) officeIn(b *testkit.Browser, username string) *testkit.Page {
	s.t.Helper()
	return b.Open(s.backend.URL+"/sygepleje/login").Submit("accounts", map[string]string{"username": username})
}

func (s *site) officeSecret(b *testkit.Browser) string {
	s.t.Helper()
	for _, c := range b.Cookies(s.backend.URL) {
		if c.Name == signin.NurseCookie {
			return c.Value
		}
	}
	return ""
}

// The same person has the same name to the system at a tablet and at a PC, and there a role of its own, without a tablet.
func TestNurse_atAPCIsWhoSheIsAtATablet(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	token := tab.signIn("sanne")
	atTablet, _ := kontakt.ActorFrom(s.as(token))
	b := s.browser()
	s.officeIn(b, "sanne")
	atPC, _ := kontakt.ActorFrom(s.as(s.officeSecret(b)))
	if atPC.Role != kontakt.RoleNursePC || atPC.Device != "" || atPC.Clinic != "" || atPC.Employee != atTablet.Employee || atPC.Municipality != atTablet.Municipality {
		t.Errorf("at a PC %+v, at a tablet %+v", atPC, atTablet)
	}
	if s.audits("session.open", "ok") != 2 {
		t.Errorf("%d sessions in the audit", s.audits("session.open", "ok"))
	}
	s.as(token) // neither ends the other
}

func TestNurse_refusalsGoBackToThePage(t *testing.T) {
	s := open(t)
	for username, want := range map[string]kontakt.MsgKey{
		"lars": kontakt.MsgLoginNoAccess, "henrik": kontakt.MsgLoginNoAccess, "karen": kontakt.MsgLoginPrivate,
		"camilla": kontakt.MsgLoginPrivate, "jonas": kontakt.MsgLoginLevelTooLow, "ulla": kontakt.MsgLoginNoAccess,
	} {
		b := s.browser()
		if page := s.officeIn(b, username); page.URL.Path != "/sygepleje/" || page.URL.Query().Get("login") != string(want) || s.officeSecret(b) != "" {
			t.Errorf("%s ended at %s, want login=%s", username, page.URL, want)
		}
	}
	if s.audits("session.open", "refused") != 6 {
		t.Errorf("%d refusals in the audit", s.audits("session.open", "refused"))
	}
}

// The PC is shared: where the provider lets its own cookie stand for a password, the next at the browser is not let in as
// the last one, and a session ends by itself after an hour.
func TestNurse_thePCIsShared(t *testing.T) {
	s := open(t)
	b := s.browser()
	s.officeIn(b, "sanne")
	secret := s.officeSecret(b)
	s.set(&s.forgets, true)
	page := b.Open(s.backend.URL + "/sygepleje/login") // the provider asks nothing
	if page.URL.Path == "/sygepleje/" && page.URL.Query().Get("login") != string(kontakt.MsgLoginNotFresh) {
		t.Errorf("let in by the provider's cookie: %s", page.URL)
	}
	s.as(secret)
	s.wait(time.Hour)
	_, err := s.service.Actor(t.Context(), secret)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
}

// Signing out ends what this page's cookie opens, and nothing of another page's.
func TestNurse_signOut(t *testing.T) {
	s := open(t)
	b, c := s.browser(), s.browser()
	s.officeIn(b, "sanne")
	s.clinicIn(c, "lars")
	nurse, doctor := s.officeSecret(b), s.clinicSecret(c)
	logout := func(cookie string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/sygepleje/logout", nil)
		r.AddCookie(&http.Cookie{Name: signin.NurseCookie, Value: cookie})
		w := httptest.NewRecorder()
		s.service.Browser().ServeHTTP(w, r)
		return w
	}
	logout(doctor)
	s.as(doctor)
	if w := logout(nurse); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sygepleje/" {
		t.Errorf("status %d to %s", w.Code, w.Header().Get("Location"))
	}
	_, err := s.service.Actor(t.Context(), nurse)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
}
