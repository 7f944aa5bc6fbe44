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
		if r.URL.Path == "/klinik/" || r.URL.Path == "/sygepleje/" {
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
