package client

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kontaktlaege/auth"
	"kontaktlaege/auth/keystore"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// backend is the other side for these tests: it enrols, checks proofs for real, and answers each route as a test wants.
type backend struct {
	*httptest.Server

	mu        sync.Mutex
	device    kontakt.DeviceID
	public    ed25519.PublicKey
	challenge []byte
	token     string // of the device's session
	sessions  int    // device sessions opened
	routes    map[string]http.HandlerFunc
	barred    *wire.Problem // what a device session is answered with
}

func newBackend(t *testing.T) *backend {
	t.Helper()
	b := &backend{routes: map[string]http.HandlerFunc{}}
	b.Server = httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(func() {
		b.CloseClientConnections()
		b.Close()
	})
	return b
}

// on says how a route such as "GET /me" is answered.
func (b *backend) on(route string, h http.HandlerFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.routes[route] = h
}

func (b *backend) serve(w http.ResponseWriter, r *http.Request) {
	route := r.Method + " " + r.URL.Path[len("/api/v1"):]
	b.mu.Lock()
	h := b.routes[route]
	b.mu.Unlock()
	if h != nil {
		h(w, r)
		return
	}
	switch route {
	case "POST /devices":
		var in wire.EnrolRequest
		read(r, &in)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.device, b.public = kontakt.NewDeviceID(), in.PublicKey
		reply(w, http.StatusCreated, wire.EnrolReply{Device: wire.Device{ID: string(b.device), Name: "Tablet 7"}})
	case "POST /device-challenges":
		b.mu.Lock()
		defer b.mu.Unlock()
		b.challenge = []byte(kontakt.NewSecret() + kontakt.NewSecret())[:wire.ChallengeSize]
		reply(w, http.StatusOK, wire.ChallengeReply{Challenge: b.challenge})
	case "POST /device-sessions":
		b.openDevice(w, r)
	case "POST /sessions":
		var in wire.SessionRequest
		read(r, &in)
		if !b.proves(in.Proof, kontakt.PurposeSession) || !b.knows(r) {
			refuse(w, http.StatusUnauthorized, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
			return
		}
		reply(w, http.StatusCreated, wire.SessionReply{Token: "nurse", ExpiresIn: 60, Employee: wire.Employee{ID: string(nurse), Name: "Sanne Ravn"}})
	default:
		refuse(w, http.StatusNotFound, kontakt.NotFound, kontakt.MsgNotFound)
	}
}

func (b *backend) openDevice(w http.ResponseWriter, r *http.Request) {
	var in wire.DeviceSessionRequest
	read(r, &in)
	good := b.proves(in.Proof, kontakt.PurposeDeviceSession)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.barred != nil {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusForbidden)
		json.NewEncoder(w).Encode(b.barred)
		return
	}
	if !good {
		refuse(w, http.StatusUnauthorized, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
		return
	}
	b.sessions++
	b.token = fmt.Sprint("device-", b.sessions)
	reply(w, http.StatusOK, wire.DeviceSessionReply{
		Token: b.token, ExpiresIn: 60, Device: wire.Device{ID: string(b.device), Name: "Tablet 7"},
		ServerTime: time.Now().Add(2 * time.Hour), Cursor: string(kontakt.DeviceRoom(b.device)) + "=0",
	})
}

func (b *backend) proves(p wire.Proof, purpose string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return p.Device == string(b.device) && ed25519.Verify(b.public, kontakt.ProofText(purpose, b.challenge), p.Signature)
}

// knows says whether a request shows the device's session of now.
func (b *backend) knows(r *http.Request) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return r.Header.Get("Authorization") == "Bearer "+b.token
}

// forget ends the device's session, as a restart without a memory would.
func (b *backend) forget() { b.change(func() { b.token = "another" }) }

func (b *backend) change(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

func (b *backend) opened() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sessions
}

// mine answers only the device's session.
func (b *backend) mine(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !b.knows(r) {
			refuse(w, http.StatusUnauthorized, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
			return
		}
		h(w, r)
	}
}

func read(r *http.Request, v any) {
	data, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, kind kontakt.Kind, msg kontakt.MsgKey) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(wire.Problem{Kind: string(kind), Msg: string(msg), Request: "req-1"})
}

var (
	nurse   = kontakt.NewEmployeeID()
	doctor  = kontakt.NewEmployeeID()
	placeID = kontakt.NewEntryID()
	callID  = kontakt.NewCallID()
	clinic  = kontakt.NewClinicID()
)

// place gives a place as it travels.
func place(state kontakt.EntryState) wire.Entry {
	e := wire.Entry{
		ID: string(placeID), Version: 1, State: string(state), Number: 4, JoinedAt: time.Now(),
		Clinic: wire.Clinic{ID: string(clinic), Name: "Lægerne Havnegade", Ydernummer: "012345", Open: true},
		Cursor: string(kontakt.EntryRoom(placeID)) + "=1",
	}
	if state == kontakt.EntryCalled {
		far := time.Now().Add(-5 * time.Hour) // by a clock that has nothing to do with ours
		e.Call = &wire.EntryCall{ID: string(callID), Clinician: wire.Employee{ID: string(doctor), Name: "Lars Holm"}, RingUntil: &far, RingFor: 42}
	}
	return e
}

// short are times for tests.
func short() limits {
	return limits{
		attempt: 2 * time.Second, retries: 10 * time.Second, firstWait: time.Millisecond, longWait: 20 * time.Millisecond,
		silence: 2 * time.Second, firstByte: 2 * time.Second, pollFor: time.Minute,
	}
}

// enrolled gives a client whose tablet the backend knows.
func enrolled(t *testing.T, b *backend) *Client {
	t.Helper()
	c := fresh(t, b.URL, t.TempDir())
	if err := c.Enrol(t.Context(), "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	return c
}

func fresh(t *testing.T, base, dir string) *Client {
	t.Helper()
	testkit.Guard(t, 30*time.Second)
	store, err := keystore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Base: base, Identity: auth.NewIdentity(store), App: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	c.limits = short()
	t.Cleanup(c.Close)
	return c
}

// signIn gives the client an employee's session.
func signIn(t *testing.T, c *Client) {
	t.Helper()
	if _, err := c.FinishSignIn(t.Context(), kontakt.NewSigninID(), "code"); err != nil {
		t.Fatal(err)
	}
}
