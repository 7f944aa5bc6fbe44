package signin_test

import (
	"crypto/ed25519"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/signin"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func TestTablet_signsInFromCodeToSession(t *testing.T) {
	s := open(t)
	tab := s.enrol("demo-0001")
	if tab.device.Name != "Tablet 1" || tab.device.Organisation != "Eksempel Kommune" {
		t.Errorf("device = %+v", tab.device)
	}
	id, address := tab.begin()
	page := tab.browser.Open(address)
	if !page.Has("login") {
		t.Fatalf("no sign-in page: %s", page.Body)
	}
	page = page.Submit("login", map[string]string{"username": "sanne", "password": demo.Password})
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "[da:login.page_done]") {
		t.Fatalf("status %d: %s", page.Status, page.Body)
	}
	e := tab.next()
	if e.Type != kontakt.EventSigninCompleted || e.Signin != string(id) {
		t.Fatalf("the tablet was told %+v", e)
	}
	token, who, err := tab.redeem(id, e.Code)
	if err != nil {
		t.Fatal(err)
	}
	if who.Name != "Sanne Ravn" || who.Title != "sygeplejerske" {
		t.Errorf("person = %+v", who)
	}
	actor, _ := kontakt.ActorFrom(s.as(token))
	if actor.Role != kontakt.RoleNurse || actor.Device != tab.device.ID || actor.Employee != who.ID ||
		actor.Municipality != tab.device.Municipality || actor.Name != "Sanne Ravn" || actor.Clinic != "" {
		t.Errorf("actor = %+v", actor)
	}
	if ttl, err := s.service.TTL(s.as(token)); err != nil || ttl <= 9*time.Hour || ttl > 10*time.Hour {
		t.Errorf("TTL = %v, %v; want a shift", ttl, err)
	}
	for _, action := range []string{"device.enrol", "device.open", "signin.begin", "signin.complete", "session.open"} {
		if s.audits(action, store.OutcomeOK) != 1 {
			t.Errorf("audit rows of %s = %d, want 1", action, s.audits(action, store.OutcomeOK))
		}
	}
}

func TestTablet_pageInEnglishForWhoPrefersIt(t *testing.T) {
	s := open(t)
	for header, want := range map[string]string{"": "[da:", "en-GB,en;q=0.9": "[en:", "da,en;q=0.8": "[da:", "de": "[da:", "\xff": "[da:"} {
		r := httptest.NewRequest(http.MethodGet, "/signin/start/unknown", nil)
		r.Header.Set("Accept-Language", header)
		w := httptest.NewRecorder()
		s.service.Browser().ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), want+"login.expired]") || w.Code != http.StatusNotFound {
			t.Errorf("%q: %d %s", header, w.Code, w.Body)
		}
	}
}

func TestTablet_refusalsReachPageAndTablet(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	for username, want := range map[string]kontakt.MsgKey{
		"jonas":   kontakt.MsgLoginLevelTooLow,
		"camilla": kontakt.MsgLoginPrivate,
		"karen":   kontakt.MsgLoginPrivate,
		"henrik":  kontakt.MsgLoginWrongOrg,
		"lars":    kontakt.MsgLoginWrongOrg,
		"ulla":    kontakt.MsgLoginNoAccess,
	} {
		id, address := tab.begin()
		page := s.browser().Open(address).Submit("accounts", map[string]string{"username": username})
		if page.Status != http.StatusForbidden || !strings.Contains(page.Body, "[da:"+string(want)+"]") ||
			!strings.Contains(page.Body, "[da:login.page_again]") {
			t.Errorf("%s: status %d: %s", username, page.Status, page.Body)
		}
		e := tab.next()
		if e.Type != kontakt.EventSigninFailed || e.Msg != string(want) || e.Signin != string(id) || e.Code != "" {
			t.Errorf("%s: the tablet was told %+v", username, e)
		}
		if _, _, err := tab.redeem(id, ""); err == nil {
			t.Errorf("%s: an empty code was redeemed", username)
		}
	}
	if n := s.audits("signin.complete", store.OutcomeRefused); n != 6 {
		t.Errorf("audit rows of refusals = %d, want 6", n)
	}
}

func TestTablet_wrongPasswordThenRight(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	id, address := tab.begin()
	page := tab.browser.Open(address).Submit("login", map[string]string{"username": "sanne", "password": "forkert"})
	if page.Status != http.StatusUnauthorized {
		t.Fatalf("status %d", page.Status)
	}
	if e := tab.next(); e.Type != "" {
		t.Errorf("the tablet was told %+v of a wrong password", e)
	}
	page.Submit("login", map[string]string{"username": "sanne", "password": demo.Password})
	if _, _, err := tab.redeem(id, tab.next().Code); err != nil {
		t.Fatal(err)
	}
}

func TestTablet_cancelledAtTheProvider(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	_, address := tab.begin()
	page := tab.browser.Open(address).Submit("cancel", nil)
	if !strings.Contains(page.Body, "[da:login.cancelled]") {
		t.Errorf("page: %s", page.Body)
	}
	if e := tab.next(); e.Msg != string(kontakt.MsgLoginCancelled) {
		t.Errorf("the tablet was told %+v", e)
	}
	tab.signIn("sanne") // and can try again
}

func TestTablet_cancelledOnTheTablet(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	id, address := tab.begin()
	page := tab.browser.Open(address)
	if err := s.service.Cancel(s.as(tab.token), id); err != nil {
		t.Fatal(err)
	}
	if err := s.service.Cancel(s.as(tab.token), id); err != nil {
		t.Errorf("cancelling twice: %v", err)
	}
	page = page.Submit("accounts", map[string]string{"username": "sanne"})
	if page.Status != http.StatusGone || !strings.Contains(page.Body, "[da:login.cancelled]") {
		t.Errorf("status %d: %s", page.Status, page.Body)
	}
	if e := tab.next(); e.Type != "" {
		t.Errorf("the tablet was told %+v", e)
	}
}

func TestTablet_cancelOfAnotherTabletIsHidden(t *testing.T) {
	s := open(t)
	a, b := s.enrol("DEMO-0001"), s.enrol("DEMO-0002")
	id, _ := a.begin()
	wantError(t, s.service.Cancel(s.as(b.token), id), kontakt.Hidden, kontakt.MsgNotFound)
	wantError(t, s.service.Cancel(s.as(b.token), kontakt.NewSigninID()), kontakt.NotFound, kontakt.MsgNotFound)
}

func TestTablet_providerDown(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	s.set(&s.down, true)
	_, address := tab.begin()
	page := tab.browser.Open(address)
	if page.Status != http.StatusServiceUnavailable || !strings.Contains(page.Body, "[da:login.provider_down]") {
		t.Errorf("status %d: %s", page.Status, page.Body)
	}
	if e := tab.next(); e.Msg != string(kontakt.MsgLoginProviderDown) {
		t.Errorf("the tablet was told %+v", e)
	}
	s.set(&s.down, false)
	s.wait(3 * time.Second)
	tab.signIn("sanne")
}

func TestTablet_providerGoesDownHalfWay(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	_, address := tab.begin()
	callback := s.callbackOf(tab.browser, address, "sanne")
	s.set(&s.down, true)
	page := tab.browser.Open(callback)
	if page.Status != http.StatusServiceUnavailable {
		t.Errorf("status %d: %s", page.Status, page.Body)
	}
	if e := tab.next(); e.Msg != string(kontakt.MsgLoginProviderDown) {
		t.Errorf("the tablet was told %+v", e)
	}
}

func TestTablet_startLinkIsGoodOnce(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	_, address := tab.begin()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Transport: s.transport()}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if page := tab.browser.Open(address); !page.Has("login") {
		t.Fatalf("after a look at the link it is spent: %s", page.Body)
	}
	page := s.browser().Open(address)
	if page.Status != http.StatusGone || !strings.Contains(page.Body, "[da:login.used]") {
		t.Errorf("second use: status %d: %s", page.Status, page.Body)
	}
}

func TestTablet_startLinkRunsOut(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	_, address := tab.begin()
	s.wait(5*time.Minute + time.Second)
	page := tab.browser.Open(address)
	if page.Status != http.StatusGone || !strings.Contains(page.Body, "[da:login.expired]") {
		t.Errorf("status %d: %s", page.Status, page.Body)
	}
}

func TestTablet_walkToTheProviderRunsOut(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	_, address := tab.begin()
	callback := s.callbackOf(tab.browser, address, "sanne")
	s.wait(11 * time.Minute)
	page := tab.browser.Open(callback)
	if page.Status != http.StatusGone || !strings.Contains(page.Body, "[da:login.expired]") {
		t.Errorf("status %d: %s", page.Status, page.Body)
	}
}

func TestTablet_newSigninEndsTheOld(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	_, old := tab.begin()
	tab.begin()
	page := tab.browser.Open(old)
	if page.Status != http.StatusGone || !strings.Contains(page.Body, "[da:login.cancelled]") {
		t.Errorf("status %d: %s", page.Status, page.Body)
	}
}

func TestTablet_stateIsGoodOnce(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	id, address := tab.begin()
	callback := s.callbackOf(tab.browser, address, "sanne")
	if page := tab.browser.Open(callback); page.Status != http.StatusOK {
		t.Fatalf("status %d: %s", page.Status, page.Body)
	}
	e := tab.next()
	page := tab.browser.Open(callback)
	if page.Status != http.StatusGone {
		t.Errorf("replayed: status %d: %s", page.Status, page.Body)
	}
	if again := tab.next(); again.Type != "" {
		t.Errorf("the tablet was told %+v by the replay", again)
	}
	if _, _, err := tab.redeem(id, e.Code); err != nil {
		t.Errorf("the replay spoilt the sign-in: %v", err)
	}
}

func TestTablet_callbackInAnotherBrowser(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	_, address := tab.begin()
	callback := s.callbackOf(tab.browser, address, "sanne")
	for name, stranger := range map[string]string{
		"its state": callback, "no state": s.backend.URL + signin.CallbackPath,
		"a state of its own": s.backend.URL + signin.CallbackPath + "?state=" + kontakt.NewSecret() + "&code=x",
		"a hostile state":    s.backend.URL + signin.CallbackPath + "?state=%00%3B%3D%22&code=x",
	} {
		page := s.browser().Open(stranger)
		if page.Status != http.StatusGone || !strings.Contains(page.Body, "[da:login.expired]") {
			t.Errorf("%s: status %d: %s", name, page.Status, page.Body)
		}
	}
	if e := tab.next(); e.Type != "" {
		t.Errorf("the tablet was told %+v", e)
	}
	if page := tab.browser.Open(callback); page.Status != http.StatusOK {
		t.Errorf("strangers spoilt the sign-in: status %d", page.Status)
	}
}

func TestRedeem_whoMayNot(t *testing.T) {
	s := open(t)
	a, b := s.enrol("DEMO-0001"), s.enrol("DEMO-0002")
	id, address := a.begin()
	a.browser.Open(address).Submit("accounts", map[string]string{"username": "sanne"})
	code := a.next().Code

	_, _, err := b.redeem(id, code)
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)

	_, _, _, err = s.service.Redeem(s.as(b.token), id, code, a.prove(kontakt.PurposeSession))
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)

	_, _, _, err = s.service.Redeem(s.as(a.token), id, code, a.prove(kontakt.PurposeDeviceSession))
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)

	forged := a.prove(kontakt.PurposeSession)
	forged.Signature = ed25519.Sign(b.key, kontakt.ProofText(kontakt.PurposeSession, forged.Challenge))
	_, _, _, err = s.service.Redeem(s.as(a.token), id, code, forged)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)

	_, _, err = a.redeem(id, kontakt.NewSecret())
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgLoginFailed)

	_, _, _, err = s.service.Redeem(t.Context(), id, code, a.prove(kontakt.PurposeSession))
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)

	if _, _, err = a.redeem(id, code); err != nil {
		t.Fatalf("after all that, its own tablet: %v", err)
	}
	_, _, err = a.redeem(id, code)
	wantError(t, err, kontakt.Gone, kontakt.MsgLoginUsed)
}

func TestRedeem_codeRunsOut(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	id, address := tab.begin()
	tab.browser.Open(address).Submit("accounts", map[string]string{"username": "sanne"})
	s.wait(61 * time.Second)
	_, _, err := tab.redeem(id, tab.next().Code)
	wantError(t, err, kontakt.Gone, kontakt.MsgLoginExpired)
}

func TestRestart_inTheMiddleOfEverything(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	s.restart()
	id, address := tab.begin() // with the token from before
	s.restart()
	page := tab.browser.Open(address)
	s.restart()
	page = page.Submit("accounts", map[string]string{"username": "sanne"})
	if page.Status != http.StatusOK {
		t.Fatalf("status %d: %s", page.Status, page.Body)
	}
	s.restart()
	token, _, err := tab.redeem(id, tab.next().Code)
	if err != nil {
		t.Fatal(err)
	}
	s.restart()
	if actor, _ := kontakt.ActorFrom(s.as(token)); actor.Name != "Sanne Ravn" {
		t.Errorf("actor = %+v", actor)
	}
}
