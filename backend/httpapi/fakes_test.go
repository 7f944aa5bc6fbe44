package httpapi

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// The fakes stand in for the parts where only the handlers' own manners are tested; what a route means is tested on the
// real parts, in package backend.

type fakeSessions struct {
	actor func(ctx context.Context, secret string) (kontakt.Actor, error)
}

func (f fakeSessions) Actor(ctx context.Context, secret string) (kontakt.Actor, error) {
	return f.actor(ctx, secret)
}
func (f fakeSessions) TTL(context.Context) (time.Duration, error) { return time.Hour, nil }

type fakeQueue struct {
	Queue
	join  func(context.Context, kontakt.Join) (kontakt.Entry, error)
	entry func(context.Context, kontakt.EntryID) (kontakt.Entry, error)
}

func (f fakeQueue) Join(ctx context.Context, j kontakt.Join) (kontakt.Entry, error) {
	return f.join(ctx, j)
}

func (f fakeQueue) Entry(ctx context.Context, id kontakt.EntryID) (kontakt.Entry, error) {
	return f.entry(ctx, id)
}

type fakeCalls func(ctx context.Context) (kontakt.Seq, error)

func (f fakeCalls) Signal(ctx context.Context, _ kontakt.CallID, _ []kontakt.Signal) (kontakt.Seq, error) {
	return f(ctx)
}

func (fakeCalls) CallEntry(context.Context, kontakt.CallID) (kontakt.Entry, error) {
	return kontakt.Entry{}, nil
}

type fakeCitizens struct {
	lookup func(context.Context, kontakt.CPR) (kontakt.Citizen, error)
}

func (f fakeCitizens) Lookup(ctx context.Context, c kontakt.CPR, _ kontakt.ClinicID) (kontakt.Citizen, error) {
	return f.lookup(ctx, c)
}

func (f fakeCitizens) Clinics(context.Context) ([]kontakt.Clinic, error) { return nil, nil }

type fakeOnce func(ctx context.Context, scope, key, fingerprint string, fn func(context.Context) (reply, error)) (reply, error)

func (f fakeOnce) Do(ctx context.Context, scope, key, fingerprint string, fn func(context.Context) (reply, error)) (reply, error) {
	return f(ctx, scope, key, fingerprint, fn)
}

type fakeStreams func(ctx context.Context, at kontakt.Cursor) (Subscription, error)

func (f fakeStreams) Subscribe(ctx context.Context, at kontakt.Cursor) (Subscription, error) {
	return f(ctx, at)
}

// fakeSubscription gives what is sent to events, and answers with err once that is closed.
type fakeSubscription struct {
	events chan []kontakt.Event
	err    error
	at     kontakt.Cursor
	closed chan struct{}
	once   sync.Once
}

func (f *fakeSubscription) Next(ctx context.Context, within time.Duration) ([]kontakt.Event, error) {
	select {
	case e, ok := <-f.events:
		if !ok {
			return nil, f.err
		}
		for _, one := range e {
			f.at[one.Room] = one.Seq
		}
		return e, nil
	case <-time.After(within):
		return nil, nil
	case <-f.closed:
		return nil, &kontakt.Error{Op: "fake", Kind: kontakt.Gone}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
func (f *fakeSubscription) Cursor() kontakt.Cursor { return maps.Clone(f.at) }
func (f *fakeSubscription) Close()                 { f.once.Do(func() { close(f.closed) }) }

const (
	cookieName  = "__Host-klinik"
	guestCookie = "__Host-gaest"
	pcCookie    = "__Host-sygepleje"
)

var (
	t0         = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	aDevice    = kontakt.NewDeviceID()
	anEmployee = kontakt.NewEmployeeID()
)

// actors are who the fake sessions know, by secret.
var actors = map[string]kontakt.Actor{
	"device-secret":    {Role: kontakt.RoleDevice, Device: aDevice, Session: kontakt.NewSessionID()},
	"nurse-secret":     {Role: kontakt.RoleNurse, Device: aDevice, Employee: anEmployee, Name: "Sanne Ravn", Session: kontakt.NewSessionID()},
	"clinician-secret": {Role: kontakt.RoleClinician, Clinic: kontakt.NewClinicID(), Employee: kontakt.NewEmployeeID(), Session: kontakt.NewSessionID()},
	"secretary-secret": {Role: kontakt.RoleSecretary, Clinic: kontakt.NewClinicID(), Employee: kontakt.NewEmployeeID(), Session: kontakt.NewSessionID()},
	"guest-secret":     {Role: kontakt.RoleGuest, Guest: kontakt.NewGuestID(), Session: kontakt.NewSessionID()},
	"pc-secret":        {Role: kontakt.RoleNursePC, Employee: anEmployee, Name: "Sanne Ravn", Session: kontakt.NewSessionID()},
	"citizen-secret":   {Role: kontakt.RoleCitizen, Citizen: kontakt.NewCitizenID(), Session: kontakt.NewSessionID()},
}

func lookUp(_ context.Context, secret string) (kontakt.Actor, error) {
	if a, ok := actors[secret]; ok {
		return a, nil
	}
	return kontakt.Actor{}, &kontakt.Error{Op: "fake.Actor", Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
}

func runOnce(ctx context.Context, _, _, _ string, fn func(context.Context) (reply, error)) (reply, error) {
	return fn(ctx)
}

func newAPI(t testing.TB, p Parts, change func(*Config)) *API {
	t.Helper()
	if p.Sessions == nil {
		p.Sessions = fakeSessions{lookUp}
	}
	if p.Once == nil {
		p.Once = fakeOnce(runOnce)
	}
	cfg := Config{Cookie: cookieName, GuestCookie: guestCookie, PCCookie: pcCookie, BaseURL: "https://kontakt.example", Now: func() time.Time { return t0 }, Log: quiet()}
	if change != nil {
		change(&cfg)
	}
	a, err := New(p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// ask sends a request as a tablet would: a bearer secret, JSON, an idempotency key.
func ask(a http.Handler, method, path, secret, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "0123456789")
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func withCookie(secret string) func(*http.Request) { return withCookieOf(cookieName, secret) }

func withCookieOf(name, secret string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: secret}) }
}
