package backend_test

import (
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// Who the guests of these tests are, and where the link goes.
// spoken is what a nurse states of most citizens.
var spoken = &wire.Consent{Kind: string(kontakt.ConsentOral)}

const (
	relative    = "Rigmor Testesen"
	interpreter = "Amina Tolk"
	mobile      = "+4520123456"
)

// party is a stage on one of the engines with a call that can have guests, a clock to turn, and text messages in a file.
type party struct {
	*stage
	cfg   backend.Config
	ahead atomic.Int64
	post  string // file of the text messages

	tab                 *tablet
	nurse               who
	lars, peter, birgit who
	e                   wire.Entry
}

func eachParty(t *testing.T, run func(t *testing.T, p *party)) {
	t.Run("sqlite", func(t *testing.T) { run(t, newParty(t, "sqlite:"+filepath.Join(t.TempDir(), "kontakt.db"))) })
	t.Run("postgres", func(t *testing.T) { run(t, newParty(t, testkit.Postgres(t))) })
}

func newParty(t *testing.T, address string) *party {
	t.Helper()
	testkit.Guard(t, 2*time.Minute)
	p := &party{post: filepath.Join(t.TempDir(), "sms.jsonl")}
	p.stage = openStage(t, nil, func(c *backend.Config) {
		c.Database, c.SMS.File = address, p.post
		c.Now = func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }
		p.cfg = *c
	})
	p.tab = p.enrol(0)
	p.nurse = p.tab.signIn("sanne")
	p.lars, p.peter, p.birgit = p.staff("lars"), p.staff("peter"), p.staff("birgit")
	p.e = p.join(p.nurse, karen)
	return p
}

func (p *party) join(nurse who, cpr string) wire.Entry {
	p.t.Helper()
	c := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: cpr}, 200)
	return ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}, 201)
}

// talk starts the call of a place and answers it; both ends' cursors stand at the end of what they read.
func (p *party) talk(doctor, nurse who, entry string) (started wire.StartReply, talking wire.Entry) {
	p.t.Helper()
	e := ask[wire.Entry](nurse, "GET", "/entries/"+entry, nil, 200)
	started = ask[wire.StartReply](doctor, "POST", "/clinic/entries/"+entry+"/start", wire.StartRequest{Version: e.Version}, 200)
	return started, ask[wire.Entry](nurse, "POST", "/entries/"+entry+"/answer", nil, 200)
}

// invite asks for a link and gives its token.
func (p *party) invite(as who, path string, in wire.InviteRequest) (g wire.Guest, token string) {
	p.t.Helper()
	got := ask[wire.InviteReply](as, "POST", path, in, 201)
	token, ok := strings.CutPrefix(got.URL, p.url+"/gaest/#")
	if !ok || len(token) != 26 || got.Guest.State != string(kontakt.GuestInvited) || got.Guest.ExpiresAt.Sub(got.Guest.InvitedAt) != time.Hour || got.Sent != (in.Phone != "") {
		p.t.Fatalf("invited: %+v", got)
	}
	return got.Guest, token
}

// click opens a link as the guest's page does, under a key.
func (p *party) click(token, name, key string) answer {
	p.t.Helper()
	r := p.nobody().request("POST", "/guest/sessions", wire.GuestSessionRequest{Token: token, Name: name})
	r.Header.Set(wire.IdempotencyHeader, key)
	return p.do(r)
}

// enter opens a link and gives the guest in the lobby.
func (p *party) enter(token, name string) who {
	p.t.Helper()
	a := p.click(token, name, kontakt.NewSecret())
	v := read[wire.GuestView](p.t, "the link", a, 201)
	if v.Guest.State != string(kontakt.GuestLobby) || v.Call != "" || len(v.Participants) != 0 || strings.Contains(v.Cursor, "call:") {
		p.t.Fatalf("in the lobby: %+v", v)
	}
	return p.guest(a, name)
}

// guest is whoever has the cookie of an answer.
func (p *party) guest(a answer, name string) who {
	p.t.Helper()
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name != "__Host-gaest" {
			continue
		}
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			p.t.Errorf("cookie = %+v", c)
		}
		return who{&p.town, name, http.Header{"Cookie": {c.Name + "=" + c.Value}, "Origin": {p.url}, "Sec-Fetch-Site": {"same-origin"}}}
	}
	p.t.Fatalf("no cookie in %v", a.header)
	return who{}
}

// changed waits until it is told that a guest stands so. Who reads several rooms is told in each.
func (s *sse) changed(g wire.Guest, state kontakt.GuestState) {
	s.t.Helper()
	for {
		var got wire.GuestChanged
		if err := json.Unmarshal(s.until(kontakt.EventGuestChanged).Data, &got); err != nil || got.Entry == "" {
			s.t.Fatalf("told %+v, %v", got, err)
		}
		if got.Guest == g.ID && got.State == string(state) {
			return
		}
	}
}

// ended reads until the stream is over and gives what it said.
func (s *sse) ended() string {
	s.t.Helper()
	var said strings.Builder
	for {
		line, err := s.r.ReadString('\n')
		said.WriteString(line)
		if err != nil {
			return said.String()
		}
	}
}

// admit lets a guest in, waits until its own stream says so and gives what it sees then.
func (p *party) admit(doctor who, entry string, g wire.Guest, as who) wire.GuestView {
	p.t.Helper()
	got := ask[wire.Guest](doctor, "POST", "/clinic/entries/"+entry+"/guests/"+g.ID+"/admit", nil, 200)
	if got.State != string(kontakt.GuestAdmitted) || got.AdmittedAt == nil {
		p.t.Fatalf("admitted: %+v", got)
	}
	v := ask[wire.GuestView](as, "GET", "/guest", nil, 200)
	if v.Call == "" || !strings.Contains(v.Cursor, "call:"+v.Call) || len(v.Participants) < 2 {
		p.t.Fatalf("the guest sees %+v", v)
	}
	return v
}

// restart stops the backend and opens another on the same database and address.
func (p *party) restart() {
	p.t.Helper()
	if err := p.srv.Close(); err != nil {
		p.t.Fatal(err)
	}
	again, err := (&net.ListenConfig{}).Listen(p.t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	cfg := p.cfg
	cfg.Vet, cfg.HTTPListener, cfg.MetricListener = nil, again, listen(p.t)
	if p.srv, err = backend.Open(p.t.Context(), cfg, slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))); err != nil {
		p.t.Fatal(err)
	}
}

// posted gives the text messages once there are some.
func (p *party) posted(count int) []struct{ To, Text string } {
	p.t.Helper()
	for {
		text, err := os.ReadFile(p.post)
		if err != nil {
			p.t.Fatal(err)
		}
		if lines := strings.Split(strings.TrimSpace(string(text)), "\n"); string(text) != "" && len(lines) >= count {
			all := make([]struct{ To, Text string }, len(lines))
			for i, line := range lines {
				if err := json.Unmarshal([]byte(line), &all[i]); err != nil {
					p.t.Fatal(err)
				}
			}
			return all
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// problem is what a refusal says.
func problem(t testing.TB, what string, a answer, status int, msg kontakt.MsgKey) wire.Problem {
	t.Helper()
	p := read[wire.Problem](t, what, a, status)
	if p.Msg != string(msg) {
		t.Errorf("%s: %s, want %s", what, p.Msg, msg)
	}
	return p
}
