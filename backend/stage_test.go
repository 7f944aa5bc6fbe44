package backend_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/signin"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// town is a running demo deployment as those outside it see it.
type town struct {
	t     testing.TB
	url   string
	codes []string
	http  http.RoundTripper
}

// stage is the real backend with the demo's provider and people, in this process, on free ports.
type stage struct {
	town
	log *logBuffer
	srv *backend.Server
}

// logBuffer is the whole log of a stage, searched at its end for what may not stand there.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func newStage(t *testing.T) *stage {
	t.Helper()
	testkit.Guard(t, time.Minute)
	return openStage(t, nil)
}

// openStage opens it with what more puts into the database, and settings of the test's own.
func openStage(t testing.TB, more func(ctx context.Context, db *store.DB) error, settings ...func(*backend.Config)) *stage {
	t.Helper()
	transport := &http.Transport{}
	s := &stage{town: town{t: t, http: transport}, log: &logBuffer{}}
	web, idp := listen(t), listen(t)
	s.url = "http://" + web.Addr().String()
	issuer := "http://" + idp.Addr().String()
	provider, err := demo.NewProvider(demo.ProviderConfig{
		Issuer: issuer, ClientID: "kontaktlaege", ClientSecret: "demo-secret",
		RedirectURL: s.url + backend.CallbackPath, PostLogoutURL: s.url + "/klinik/",
	})
	if err != nil {
		t.Fatal(err)
	}
	providerServer := &http.Server{Handler: provider}
	go providerServer.Serve(idp)
	cfg := backend.Config{
		BaseURL: s.url, Storage: backend.Storage{Data: t.TempDir()}, HTTPListener: web, MetricListener: listen(t),
		OIDC:  backend.OIDC{Issuer: issuer, ClientID: "kontaktlaege", ClientSecret: "demo-secret", Claims: "demo"},
		Relay: backend.Relay{Listen: netip.MustParseAddrPort("127.0.0.1:0")},
		Vet: func(ctx context.Context, db *store.DB) error {
			codes, err := demo.Seed(ctx, db)
			for _, c := range codes {
				s.codes = append(s.codes, c.Text)
			}
			if err == nil && more != nil {
				err = more(ctx, db)
			}
			return err
		},
	}
	for _, set := range settings {
		set(&cfg)
	}
	s.srv, err = backend.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := s.srv.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		providerServer.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		nobodyIn(t, s.log.String())
	})
	return s
}

// nobodyIn fails when a log names anyone of the demo.
func nobodyIn(t testing.TB, text string) {
	t.Helper()
	for _, p := range demo.People() {
		for _, never := range []string{p.CPR, p.CPR[:6] + "-" + p.CPR[6:], p.Name} {
			if strings.Contains(text, never) {
				t.Errorf("the log names %s", p.Name)
			}
		}
	}
	for _, a := range demo.Accounts() {
		if strings.Contains(text, a.Name()) {
			t.Errorf("the log names %s", a.Name())
		}
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (s *town) do(r *http.Request) answer {
	s.t.Helper()
	resp, err := s.http.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, body}
}

// who is someone with a session.
type who struct {
	s      *town
	name   string
	header http.Header
}

func (w who) request(method, path string, body any) *http.Request {
	w.s.t.Helper()
	var text io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			w.s.t.Fatal(err)
		}
		text = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(w.s.t.Context(), method, w.s.url+"/api/v1"+path, text)
	if err != nil {
		w.s.t.Fatal(err)
	}
	for k, v := range w.header {
		r.Header[k] = v
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost || method == http.MethodPut {
		r.Header.Set(wire.IdempotencyHeader, kontakt.NewSecret())
	}
	return r
}

// try asks and gives whatever comes back.
func (w who) try(method, path string, body any) answer {
	w.s.t.Helper()
	return w.s.do(w.request(method, path, body))
}

// ask asks, fails the test unless the status is want, and reads the answer strictly as a T.
func ask[T any](w who, method, path string, body any, want int) T {
	w.s.t.Helper()
	return read[T](w.s.t, w.name+": "+method+" "+path, w.try(method, path, body), want)
}

func read[T any](t testing.TB, what string, a answer, want int) T {
	t.Helper()
	var v T
	if a.status != want {
		t.Fatalf("%s: status = %d, want %d: %s", what, a.status, want, a.body)
	}
	if len(a.body) == 0 {
		return v
	}
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v in %s", what, err, a.body)
	}
	return v
}

// tablet is an enrolled device with its key.
type tablet struct {
	who    // the device's own session
	key    ed25519.PrivateKey
	device wire.Device
	cursor string
}

func (s *town) nobody() who { return who{s, "nobody", http.Header{}} }

func (s *town) bearer(name, token string) who {
	return who{s, name, http.Header{"Authorization": {"Bearer " + token}, wire.VersionHeader: {"1"}}}
}

// enrol makes a tablet known by the nth code and opens its session.
func (s *town) enrol(n int) *tablet {
	s.t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	got := ask[wire.EnrolReply](s.nobody(), "POST", "/devices", wire.EnrolRequest{Code: s.codes[n], PublicKey: public, App: "test"}, 201)
	t := &tablet{key: private, device: got.Device}
	t.who = s.nobody()
	opened := ask[wire.DeviceSessionReply](s.nobody(), "POST", "/device-sessions", wire.DeviceSessionRequest{Proof: t.prove(wire.PurposeDeviceSession)}, 200)
	if opened.Device != got.Device || opened.Cursor == "" || opened.ExpiresIn <= 0 {
		s.t.Fatalf("device session = %+v", opened)
	}
	t.who, t.cursor = s.bearer(got.Device.Name, opened.Token), opened.Cursor
	return t
}

func (t *tablet) prove(purpose string) wire.Proof {
	t.s.t.Helper()
	c := ask[wire.ChallengeReply](t.s.nobody(), "POST", "/device-challenges", wire.ChallengeRequest{Device: t.device.ID}, 200)
	return wire.Proof{Device: t.device.ID, Challenge: c.Challenge, Signature: ed25519.Sign(t.key, wire.ProofText(purpose, c.Challenge))}
}

// signIn walks a nurse's whole sign-in, the browser's half included, and gives her session.
func (t *tablet) signIn(username string) who {
	t.s.t.Helper()
	started := ask[wire.SigninReply](t.who, "POST", "/signins", nil, 201)
	stream := t.open(t.cursor)
	defer stream.close()
	page := testkit.NewBrowser(t.s.t, t.s.http).Open(started.URL).Submit("accounts", map[string]string{"username": username})
	if page.Status != http.StatusOK {
		t.s.t.Fatalf("sign-in ends at %d: %s", page.Status, page.Body)
	}
	e := stream.until(kontakt.EventSigninCompleted)
	var done wire.SigninCompleted
	if err := json.Unmarshal(e.Data, &done); err != nil || done.Signin != started.Signin {
		t.s.t.Fatalf("event %s: %v", e.Data, err)
	}
	t.cursor = stream.id
	got := ask[wire.SessionReply](t.who, "POST", "/sessions", wire.SessionRequest{Signin: done.Signin, Code: done.Code, Proof: t.prove(wire.PurposeSession)}, 201)
	return t.s.bearer(username, got.Token)
}

// staff signs someone of a clinic in, in a browser.
func (s *town) staff(username string) who {
	s.t.Helper()
	b := testkit.NewBrowser(s.t, s.http)
	page := b.Open(s.url+"/klinik/login").Submit("accounts", map[string]string{"username": username})
	if page.URL.Path != "/klinik/" || page.URL.RawQuery != "" {
		s.t.Fatalf("%s ends at %s", username, page.URL)
	}
	for _, c := range b.Cookies(s.url) {
		if c.Name == signin.ClinicCookie {
			return who{s, username, http.Header{"Cookie": {c.Name + "=" + c.Value}, "Origin": {s.url}, "Sec-Fetch-Site": {"same-origin"}}}
		}
	}
	s.t.Fatalf("%s has no session", username)
	return who{}
}

// sse is an open stream.
type sse struct {
	t    testing.TB
	body io.ReadCloser
	r    *bufio.Reader
	id   string
}

func (w who) open(cursor string) *sse {
	w.s.t.Helper()
	r := w.request("GET", "/stream?at="+url.QueryEscape(cursor), nil)
	resp, err := w.s.http.RoundTrip(r)
	if err != nil {
		w.s.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		w.s.t.Fatalf("%s: stream %s: %d %s", w.name, cursor, resp.StatusCode, body)
	}
	return &sse{w.s.t, resp.Body, bufio.NewReader(resp.Body), cursor}
}

func (s *sse) close() { s.body.Close() }

// next gives the next event, heartbeats left out.
func (s *sse) next() wire.Event {
	s.t.Helper()
	var id, data, name string
	for {
		line, err := s.r.ReadString('\n')
		if err != nil {
			s.t.Fatalf("stream: %v", err)
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			data = value
		case "":
			if data == "" || name != "" {
				id, data, name = "", "", ""
				continue
			}
			var e wire.Event
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				s.t.Fatal(err)
			}
			s.id = id
			return e
		}
	}
}

// until gives the next event of a type.
func (s *sse) until(want kontakt.EventType) wire.Event {
	s.t.Helper()
	for {
		if e := s.next(); e.Type == string(want) {
			return e
		}
	}
}

// signal gives the next signal of a kind from a participant.
func (s *sse) signal(from string, kind kontakt.SignalKind) wire.Signal {
	s.t.Helper()
	for {
		var got wire.Signal
		if err := json.Unmarshal(s.until(kontakt.EventSignal).Data, &got); err != nil {
			s.t.Fatal(err)
		}
		if got.From == from && got.Kind == string(kind) {
			return got
		}
	}
}
