package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/app/client"
	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// listening is a port of our own.
func listening(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// realBackend is the backend itself, with a clinic, a clinician, a tablet with a nurse signed in, and a citizen.
func realBackend(t *testing.T) (string, *crowd.Crowd) {
	t.Helper()
	return realBackendOf(t, crowd.Size{Municipalities: 1, Clinics: 1, Tablets: 1, Clinicians: 1, Citizens: 1})
}

// realBackendOf is the backend itself with as many of each.
func realBackendOf(t *testing.T, size crowd.Size) (string, *crowd.Crowd) {
	t.Helper()
	web, idp := listening(t), listening(t)
	url, issuer := "http://"+web.Addr().String(), "http://"+idp.Addr().String()
	provider, err := demo.NewProvider(demo.ProviderConfig{
		Issuer: issuer, ClientID: "kontaktlaege", ClientSecret: "demo-secret", RedirectURL: url + backend.CallbackPath, PostLogoutURL: url + "/klinik/",
	})
	if err != nil {
		t.Fatal(err)
	}
	signins := &http.Server{Handler: provider}
	go signins.Serve(idp)
	t.Cleanup(func() { signins.Close() })
	var people *crowd.Crowd
	server, err := backend.Open(t.Context(), backend.Config{
		BaseURL: url, Storage: backend.Storage{Data: t.TempDir()}, HTTPListener: web, MetricListener: listening(t),
		OIDC:  backend.OIDC{Issuer: issuer, ClientID: "kontaktlaege", ClientSecret: "demo-secret", Claims: "demo"},
		Relay: backend.Relay{Listen: netip.MustParseAddrPort("127.0.0.1:0")},
		Vet: func(ctx context.Context, db *store.DB) error {
			var err error
			people, err = crowd.Seed(ctx, db, size)
			return err
		},
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return url, people
}

// phone is a phone without media: it tells who takes part in its call.
type phone struct{ others chan []string }

func (phone) Check(ctx context.Context, _ kontakt.Relay, _ func(app.CheckReport)) error {
	<-ctx.Done()
	return ctx.Err()
}
func (phone) Warm(context.Context, kontakt.Relay) error { return nil }
func (p phone) Call(ctx context.Context, s app.CallSetup) error {
	for {
		select {
		case ids := <-s.Others:
			p.others <- ids
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
func (phone) Set(app.Controls)                     {}
func (phone) Type(string) error                    { return nil }
func (phone) TakeStill(context.Context)            {}
func (phone) DeclineStill(string)                  {}
func (phone) CloseStill(string)                    {}
func (phone) DropStill(string)                     {}
func (phone) Point(string, float64, float64, bool) {}
func (phone) HangUp()                              {}

// silent makes no sound, opens no browser and remembers nothing.
type silent struct{}

func (silent) Ring(bool)                          {}
func (silent) Chime()                             {}
func (silent) SayLate(string, time.Duration)      {}
func (silent) Open(context.Context, string) error { return nil }
func (silent) Load(string) ([]byte, error)        { return nil, nil }
func (silent) Save(string, []byte) error          { return nil }

// until waits for a screen that is as wanted; the guard ends a test that waits in vain.
func until[S app.Screen](m *app.Machine, wanted func(S) bool) S {
	found := make(chan S, 1)
	stop := m.Subscribe(func(s app.State) {
		if screen, ok := s.Screen.(S); ok && wanted(screen) {
			select {
			case found <- screen:
			default:
			}
		}
	})
	defer stop()
	return <-found
}

func shown[S app.Screen](S) bool { return true }

// enter opens a guest's link as its page does.
func enter(t *testing.T, base, link, name string) {
	t.Helper()
	_, token, _ := strings.Cut(link, "#")
	body, _ := json.Marshal(wire.GuestSessionRequest{Token: token, Name: name})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/guest/sessions", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.VersionHeader, "1")
	req.Header.Set(wire.IdempotencyHeader, kontakt.NewSecret())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("the link answers %d", resp.StatusCode)
	}
}

// E48, on the tablet, with the backend itself: a guest is invited, stands outside and is announced, is let in by the clinic
// and takes part, and is shown out again; the mode is chosen; the call ends in the middle of another invitation.
func TestE48_aGuestOfTheTabletThroughTheRealBackend(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	base, people := realBackend(t)
	identity, err := people.Tablets[0].Identity()
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	c, err := client.New(client.Options{Base: base, Identity: identity, App: "test", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	others := make(chan []string, 100)
	m := app.NewMachine(app.Ports{
		Tablet: c, Signins: c, Line: c, Cards: c, Rounds: c, Handovers: c, Calls: c, Guests: c, Orders: c, Summaries: c, Records: c,
		Stream: client.NewStream(c), Phone: phone{others}, Browser: silent{},
		Ringer: silent{}, Memory: silent{}, Log: quiet,
	})
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { defer close(over); m.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-over })

	until(m, shown[app.FindCitizen])
	m.Send(app.TapFind{CPR: people.Citizens[0].CPR})
	until(m, shown[app.ReadBack])
	m.Send(app.TapConfirmCitizen{})
	m.Send(app.TapConsent{Consent: kontakt.Consent{Kind: kontakt.ConsentOral}})
	until(m, shown[app.Check])
	m.Send(app.TapJoin{})
	place := until(m, shown[app.Waiting]).Place
	doctor := crowd.NewPage(base, people.Staff[0], http.DefaultClient)
	t.Cleanup(doctor.Close)
	if _, err := doctor.Start(ctx, place.ID, place.Version, kontakt.NewSecret()); err != nil {
		t.Fatal(err)
	}
	until(m, shown[app.Called])
	m.Send(app.TapAnswer{})
	until(m, shown[app.InCall])
	takesPart(t, others, kontakt.ParticipantClinic)

	m.Send(app.TapInvite{})
	m.Send(app.TapInviteKind{Kind: kontakt.GuestRelative})
	link := until(m, func(c app.InCall) bool { return c.Inviting != nil && c.Inviting.Link != "" }).Inviting.Link
	enter(t, base, link, "Rigmor Testesen")
	outside := until(m, func(c app.InCall) bool { return c.News.State == kontakt.GuestLobby })
	if outside.News.Name != "Rigmor Testesen" || outside.News.Kind != kontakt.GuestRelative || outside.Inviting != nil || len(outside.Others) != 1 {
		t.Errorf("outside: %+v, the sheet %+v, with %+v", outside.News, outside.Inviting, outside.Others)
	}
	guest := string(outside.News.Guest)
	if _, err := doctor.Move(ctx, place.ID, "guests/"+guest+"/admit", nil, kontakt.NewSecret()); err != nil {
		t.Fatal(err)
	}
	until(m, func(c app.InCall) bool { return c.News.State == kontakt.GuestAdmitted && len(c.Others) == 2 })
	takesPart(t, others, kontakt.ParticipantClinic, guest)

	m.Send(app.TapMode{Mode: kontakt.ModeConference})
	until(m, func(c app.InCall) bool { return c.Place.Mode == kontakt.ModeConference && c.Mode == c.Place.Mode })
	m.Send(app.TapRemoveGuest{ID: outside.News.Guest})
	until(m, func(c app.InCall) bool { return c.News.State == kontakt.GuestRemoved && len(c.Guests) == 0 })
	takesPart(t, others, kontakt.ParticipantClinic)

	m.Send(app.TapInvite{})
	m.Send(app.TapInviteKind{Kind: kontakt.GuestInterpreter})
	if _, err := doctor.End(ctx, place.ID, "done", kontakt.NewSecret()); err != nil {
		t.Fatal(err)
	}
	until(m, shown[app.Ended])
}

// takesPart waits until the call hears that these take part.
func takesPart(t *testing.T, others <-chan []string, want ...string) {
	t.Helper()
	for ids := range others {
		if slices.Equal(ids, want) {
			return
		}
	}
}
