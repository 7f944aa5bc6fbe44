package signin_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/signin"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// site is a whole deployment of sign-in: the real provider, the real database in a file, and the service between them,
// over TLS as browsers want it.
type site struct {
	t        *testing.T
	path     string
	keys     store.Keys
	provider *httptest.Server
	backend  *httptest.Server
	inner    http.Handler // of the provider
	forgets  bool         // the provider ignores prompt and max_age, as a badly configured one does
	down     bool         // the provider does not answer

	mu      sync.Mutex
	ahead   time.Duration // of the backend's clock
	db      *store.DB
	service *signin.Service
	log     bytes.Buffer
	codes   []demo.Code
}

func open(t *testing.T) *site {
	t.Helper()
	testkit.Guard(t, time.Minute)
	s := &site{t: t, path: filepath.Join(t.TempDir(), "k.db"), keys: store.NewKeys()}
	s.provider = httptest.NewTLSServer(http.HandlerFunc(s.serveProvider))
	t.Cleanup(s.provider.Close)
	s.backend = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/klinik/" {
			return
		}
		s.mu.Lock()
		h := s.service.Browser()
		s.mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(s.backend.Close)
	var err error
	s.inner, err = demo.NewProvider(demo.ProviderConfig{
		Issuer: s.provider.URL, ClientID: "backend", ClientSecret: "s3cret",
		RedirectURL: s.backend.URL + signin.CallbackPath, PostLogoutURL: s.backend.URL + "/klinik/", Now: s.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.start()
	t.Cleanup(func() {
		s.db.Close()
		for _, a := range demo.Accounts() {
			if strings.Contains(s.log.String(), a.LastName) {
				t.Errorf("the log names %s:\n%s", a.Name(), &s.log)
			}
		}
	})
	if s.codes, err = demo.Seed(t.Context(), s.db); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) serveProvider(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	forgets, down := s.forgets, s.down
	s.mu.Unlock()
	if down {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if forgets && r.URL.Path == "/authorize" {
		q := r.URL.Query()
		q.Del("prompt")
		q.Del("max_age")
		r.URL.RawQuery = q.Encode()
	}
	s.inner.ServeHTTP(w, r)
}

func (s *site) set(field *bool, to bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*field = to
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.ahead)
}

func (s *site) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

func (s *site) transport() *http.Transport {
	tr := s.backend.Client().Transport.(*http.Transport).Clone()
	s.t.Cleanup(tr.CloseIdleConnections)
	return tr
}

// start is a fresh process on the database file.
func (s *site) start() {
	s.t.Helper()
	db, err := sqlite.Open(context.Background(), s.path, s.keys, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	claims, _ := oidc.Preset("demo")
	party, err := oidc.New(oidc.Config{
		Issuer: s.provider.URL, ClientID: "backend", ClientSecret: "s3cret", Now: s.now, Claims: claims,
		RedirectURL: s.backend.URL + signin.CallbackPath, PostLogoutURL: s.backend.URL + "/klinik/",
		HTTP: &http.Client{Transport: s.transport()},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	service, err := signin.New(signin.Config{
		DB: db, Provider: party, BaseURL: s.backend.URL, Log: slog.New(slog.NewTextHandler(&s.log, nil)),
		Text: func(language string, key kontakt.MsgKey) string { return "[" + language + ":" + string(key) + "]" },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.db, s.service = db, service
}

func (s *site) restart() {
	s.t.Helper()
	if err := s.db.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.start()
}

func (s *site) browser() *testkit.Browser { return testkit.NewBrowser(s.t, s.transport()) }

// tablet is an enrolled tablet with its key and its own browser.
type tablet struct {
	*site
	key     ed25519.PrivateKey
	device  kontakt.Device
	token   string
	seen    kontakt.Seq // of its room
	browser *testkit.Browser
}

func (s *site) enrol(code string) *tablet {
	s.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	device, err := s.service.Enrol(s.t.Context(), code, public, "1.0")
	if err != nil {
		s.t.Fatal(err)
	}
	tab := &tablet{site: s, key: private, device: device, browser: s.browser()}
	tab.open()
	return tab
}

func (t *tablet) prove(purpose string) kontakt.DeviceProof {
	t.t.Helper()
	challenge, err := t.service.Challenge(t.t.Context(), t.device.ID)
	if err != nil {
		t.t.Fatal(err)
	}
	return kontakt.DeviceProof{Device: t.device.ID, Challenge: challenge, Signature: ed25519.Sign(t.key, kontakt.ProofText(purpose, challenge))}
}

func (t *tablet) open() {
	t.t.Helper()
	token, _, _, at, err := t.service.OpenDevice(t.t.Context(), t.prove(kontakt.PurposeDeviceSession))
	if err != nil {
		t.t.Fatal(err)
	}
	t.token, t.seen = token, at[kontakt.DeviceRoom(t.device.ID)]
}

// as names the actor of a token, as the HTTP layer does.
func (s *site) as(token string) context.Context {
	s.t.Helper()
	actor, err := s.service.Actor(s.t.Context(), token)
	if err != nil {
		s.t.Fatal(err)
	}
	return kontakt.WithActor(s.t.Context(), actor)
}

// begin gives the sign-in and the address for the browser.
func (t *tablet) begin() (kontakt.SigninID, string) {
	t.t.Helper()
	id, address, ttl, err := t.service.Begin(t.as(t.token))
	if err != nil {
		t.t.Fatal(err)
	}
	if ttl <= 0 || !strings.HasPrefix(address, t.backend.URL+"/signin/start/") {
		t.t.Fatalf("address %q for %v", address, ttl)
	}
	return id, address
}

// told is what the tablet's stream says next.
type told struct {
	Type              kontakt.EventType
	Signin, Code, Msg string
}

func (t *tablet) next() (e told) {
	t.t.Helper()
	if err := t.db.View(t.t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(kontakt.DeviceRoom(t.device.ID), t.seen, 1)
		if err != nil || len(events) == 0 {
			return err
		}
		t.seen = events[0].Seq
		e.Type = events[0].Type
		return json.Unmarshal(events[0].Data, &e)
	}); err != nil {
		t.t.Fatal(err)
	}
	return e
}

func (t *tablet) redeem(id kontakt.SigninID, code string) (string, kontakt.Person, error) {
	t.t.Helper()
	token, _, who, err := t.service.Redeem(t.as(t.token), id, code, t.prove(kontakt.PurposeSession))
	return token, who, err
}

// signIn walks the whole way and gives the session's token.
func (t *tablet) signIn(username string) string {
	t.t.Helper()
	id, address := t.begin()
	page := t.browser.Open(address).Submit("accounts", map[string]string{"username": username})
	if page.Status != http.StatusOK {
		t.t.Fatalf("status %d: %s", page.Status, page.Body)
	}
	token, _, err := t.redeem(id, t.next().Code)
	if err != nil {
		t.t.Fatal(err)
	}
	return token
}

func wantError(t *testing.T, err error, kind kontakt.Kind, msg kontakt.MsgKey) {
	t.Helper()
	got, _ := kontakt.MsgOf(err)
	if err == nil || kontakt.KindOf(err) != kind || got != msg {
		t.Errorf("error = %v, want %s (%s)", err, kind, msg)
	}
}

func (s *site) audits(action, outcome string) (n int) {
	s.t.Helper()
	if err := s.db.View(s.t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Unsealed(1000)
		for _, row := range rows {
			if row.Action == action && row.Outcome == outcome {
				n++
			}
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return n
}

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

// callbackOf walks up to the callback's address without going there: the backend's address in it is kept from the
// browser by a transport that refuses it.
func (s *site) callbackOf(b *testkit.Browser, address, username string) string {
	s.t.Helper()
	s.mu.Lock()
	service := s.service
	s.mu.Unlock()
	var seen string
	server := s.backend.Config.Handler
	s.backend.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == signin.CallbackPath {
			seen = s.backend.URL + r.URL.String()
			return
		}
		service.Browser().ServeHTTP(w, r)
	})
	b.Open(address).Submit("accounts", map[string]string{"username": username})
	s.backend.Config.Handler = server
	if seen == "" {
		s.t.Fatal("the browser never came back")
	}
	return seen
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
	for name, stranger := range map[string]string{"its state": callback, "no state": s.backend.URL + signin.CallbackPath,
		"a state of its own": s.backend.URL + signin.CallbackPath + "?state=" + kontakt.NewSecret() + "&code=x",
		"a hostile state":    s.backend.URL + signin.CallbackPath + "?state=%00%3B%3D%22&code=x"} {
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
			return kontakt.DeviceProof{Device: a.device.ID, Challenge: challenge,
				Signature: ed25519.Sign(a.key, kontakt.ProofText(kontakt.PurposeDeviceSession, challenge))}
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

// clinicIn walks a clinic's browser through the sign-in.
func (s *site) clinicIn(b *testkit.Browser, username string) *testkit.Page {
	s.t.Helper()
	return b.Open(s.backend.URL+"/klinik/login").Submit("accounts", map[string]string{"username": username})
}

func (s *site) clinicSecret(b *testkit.Browser) string {
	s.t.Helper()
	for _, c := range b.Cookies(s.backend.URL) {
		if c.Name == signin.ClinicCookie {
			return c.Value
		}
	}
	return ""
}

func TestClinic_staffOfEachKind(t *testing.T) {
	s := open(t)
	clinics := map[string]kontakt.ClinicID{}
	for username, want := range map[string]kontakt.Actor{
		"lars":   {Role: kontakt.RoleClinician, Name: "Lars Holm", Title: "praktiserende læge"},
		"peter":  {Role: kontakt.RoleClinician, Name: "Peter Lund", Title: "praktiserende læge"},
		"birgit": {Role: kontakt.RoleSecretary, Name: "Birgit Thorup", Title: "lægesekretær"},
		"anna":   {Role: kontakt.RoleClinician, Name: "Anna Winther", Title: "praktiserende læge"},
	} {
		b := s.browser()
		if page := s.clinicIn(b, username); page.URL.String() != s.backend.URL+"/klinik/" {
			t.Errorf("%s ended at %s", username, page.URL)
			continue
		}
		actor, _ := kontakt.ActorFrom(s.as(s.clinicSecret(b)))
		if actor.Role != want.Role || actor.Name != want.Name || actor.Title != want.Title || actor.Device != "" || actor.Municipality != "" {
			t.Errorf("%s: actor = %+v", username, actor)
		}
		clinics[username] = actor.Clinic
	}
	if clinics["lars"] == "" || clinics["lars"] != clinics["peter"] || clinics["lars"] != clinics["birgit"] || clinics["lars"] == clinics["anna"] {
		t.Errorf("clinics = %v", clinics)
	}
}

func TestClinic_refusalsGoBackToTheModule(t *testing.T) {
	s := open(t)
	for username, want := range map[string]kontakt.MsgKey{
		"sanne":  kontakt.MsgLoginNoAccess, // a nurse of the municipality
		"ulla":   kontakt.MsgLoginNoAccess,
		"karen":  kontakt.MsgLoginPrivate,
		"jonas":  kontakt.MsgLoginLevelTooLow,
		"henrik": kontakt.MsgLoginNoAccess,
	} {
		b := s.browser()
		page := s.clinicIn(b, username)
		if page.URL.Path != "/klinik/" || page.URL.Query().Get("login") != string(want) {
			t.Errorf("%s ended at %s, want login=%s", username, page.URL, want)
		}
		if s.clinicSecret(b) != "" {
			t.Errorf("%s has a session", username)
		}
	}
}

// A provider may let an employer write any ydernummer into its people's tokens: only its own counts.
func TestClinic_ydernummerOfAnotherEmployer(t *testing.T) {
	s := open(t)
	if err := s.db.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.ClinicByYdernummer("099001")
		if err != nil {
			return err
		}
		c.CVR = "99999950"
		return tx.SaveClinic(c)
	}); err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	if page := s.clinicIn(b, "lars"); page.URL.Query().Get("login") != string(kontakt.MsgLoginNoAccess) || s.clinicSecret(b) != "" {
		t.Errorf("ended at %s", page.URL)
	}
}

func TestClinic_providerDown(t *testing.T) {
	s := open(t)
	s.set(&s.down, true)
	page := s.browser().Open(s.backend.URL + "/klinik/login")
	if page.URL.Query().Get("login") != string(kontakt.MsgLoginProviderDown) {
		t.Errorf("ended at %s", page.URL)
	}
}

func TestClinic_cookieIsHardened(t *testing.T) {
	s := open(t)
	b := s.browser()
	_ = s.callbackOf(b, s.backend.URL+"/klinik/login", "lars")
	// The browser stands before the callback; ask for it with the cookies it would send.
	u, err := url.Parse(s.callbackOf(b, s.backend.URL+"/klinik/login", "lars"))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, u.RequestURI(), nil)
	for _, c := range b.Cookies(s.backend.URL) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.service.Browser().ServeHTTP(w, r)
	found := false
	for _, c := range w.Result().Cookies() {
		if c.Name == signin.ClinicCookie {
			found = true
			if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 12*3600 {
				t.Errorf("cookie = %v", c)
			}
		}
	}
	if !found {
		t.Fatalf("no session: %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestClinic_twoTabsSignInAtOnce(t *testing.T) {
	s := open(t)
	b := s.browser()
	one, two := b.Open(s.backend.URL+"/klinik/login"), b.Open(s.backend.URL+"/klinik/login")
	for _, tab := range []*testkit.Page{one, two} {
		if page := tab.Submit("accounts", map[string]string{"username": "lars"}); page.URL.RawQuery != "" {
			t.Errorf("ended at %s", page.URL)
		}
	}
}

func TestClinic_signOutEndsSessionAndProvider(t *testing.T) {
	s := open(t)
	b := s.browser()
	s.clinicIn(b, "lars")
	secret := s.clinicSecret(b)
	s.restart()
	s.as(secret)

	client := &http.Client{Transport: s.transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(origin, cookie string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.backend.URL+"/klinik/logout", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		r.AddCookie(&http.Cookie{Name: signin.ClinicCookie, Value: cookie})
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer
	}
	if answer := post("https://evil.example", secret); answer.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: status %d", answer.StatusCode)
	}
	s.as(secret)
	answer := post(s.backend.URL, secret)
	if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), s.provider.URL+"/end_session?") {
		t.Errorf("status %d to %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	_, err := s.service.Actor(t.Context(), secret)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	s.set(&s.down, true)
	if again := post(s.backend.URL, secret); again.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out twice: status %d", again.StatusCode)
	}
}

func TestClinic_nextPersonAtTheSameBrowserEndsTheFirst(t *testing.T) {
	s := open(t)
	b := s.browser()
	s.clinicIn(b, "lars")
	first := s.clinicSecret(b)
	s.clinicIn(b, "birgit")
	_, err := s.service.Actor(t.Context(), first)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	if actor, _ := kontakt.ActorFrom(s.as(s.clinicSecret(b))); actor.Name != "Birgit Thorup" {
		t.Errorf("actor = %+v", actor)
	}
}

// A tablet's token in the clinic's cookie must not be signed out by a page.
func TestClinic_logoutEndsClinicSessionsOnly(t *testing.T) {
	s := open(t)
	tab := s.enrol("DEMO-0001")
	nurse := tab.signIn("sanne")
	r := httptest.NewRequest(http.MethodPost, "/klinik/logout", nil)
	r.AddCookie(&http.Cookie{Name: signin.ClinicCookie, Value: nurse})
	s.service.Browser().ServeHTTP(httptest.NewRecorder(), r)
	s.as(nurse)
}
