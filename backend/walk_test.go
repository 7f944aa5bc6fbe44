package backend_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// A made-up citizen of Lægerne Havnegade.
const karen = "290200-4100"

// TestServer_theWholePath walks the protocol as docs/protocol.md tells it, every step over HTTP on the real parts:
// SD-01 … in order, from an unknown tablet to an ended call.
func TestServer_theWholePath(t *testing.T) {
	s := newStage(t)

	// an unknown tablet becomes known, and a nurse signs in on it
	tab := s.enrol(0)
	if tab.device.Municipality != "Eksempel Kommune" || tab.device.Name == "" {
		t.Errorf("device = %+v", tab.device)
	}
	nurse := tab.signIn("sanne")
	me := ask[wire.SessionReply](nurse, "GET", "/me", nil, 200)
	if me.Employee.Name != "Sanne Ravn" || me.Token != "" || me.ExpiresIn <= 0 {
		t.Errorf("me = %+v", me)
	}

	// the citizen, read back
	citizen := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	if citizen.Name != "Karen Madsen" || citizen.Born != "2000-02-29" || citizen.Masked != "290200-••••" || citizen.Clinic == nil {
		t.Fatalf("citizen = %+v", citizen)
	}

	// a number is drawn
	join := wire.JoinRequest{Citizen: citizen.ID, Clinic: citizen.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}
	entry := ask[wire.Entry](nurse, "POST", "/entries", join, 201)
	if entry.Number != 1 || entry.Before != 0 || entry.State != string(kontakt.EntryWaiting) || entry.Citizen == nil {
		t.Fatalf("entry = %+v", entry)
	}
	waiting := nurse.open(entry.Cursor + "," + tab.cursor)
	defer waiting.close()

	// the clinic sees it and calls
	doctor := s.staff("lars")
	view := ask[wire.ClinicView](doctor, "GET", "/clinic", nil, 200)
	if view.Clinic.Name != "Lægerne Havnegade" || view.Staff.Name != "Lars Holm" || view.Role != string(kontakt.RoleClinician) {
		t.Errorf("view = %+v", view)
	}
	list := ask[wire.ClinicEntries](doctor, "GET", "/clinic/entries", nil, 200)
	if len(list.Entries) != 1 || list.Entries[0].ID != entry.ID || list.Entries[0].Name != "Karen Madsen" ||
		list.Entries[0].Helper == nil || list.Entries[0].Helper.Name != "Sanne Ravn" || list.Entries[0].Reason != "hævet ben" {
		t.Fatalf("list = %+v", list)
	}
	started := ask[wire.StartReply](doctor, "POST", "/clinic/entries/"+entry.ID+"/start", wire.StartRequest{Version: list.Entries[0].Version}, 200)
	if started.Entry.State != string(kontakt.EntryCalled) || started.Entry.Call == nil || len(started.Relay.Servers) == 0 {
		t.Fatalf("start = %+v", started)
	}
	page := doctor.open(started.Cursor)
	defer page.close()

	// the tablet rings, and answers
	var called wire.EntryChanged
	if err := json.Unmarshal(waiting.until(kontakt.EventEntryCalled).Data, &called); err != nil || called.Entry != entry.ID || called.Call != started.Entry.Call.ID {
		t.Fatalf("called = %+v, %v", called, err)
	}
	ringing := ask[wire.Entry](nurse, "GET", "/entries/"+entry.ID, nil, 200)
	if ringing.Call == nil || ringing.Call.Clinician.Name != "Lars Holm" || ringing.Call.RingFor <= 0 || !strings.Contains(ringing.Cursor, "call:") {
		t.Fatalf("ringing = %+v", ringing)
	}
	call := nurse.open(ringing.Cursor)
	defer call.close()
	talking := ask[wire.Entry](nurse, "POST", "/entries/"+entry.ID+"/answer", nil, 200)
	if talking.State != string(kontakt.EntryInCall) {
		t.Fatalf("answered = %+v", talking)
	}

	// they find each other
	relay := ask[wire.Relay](nurse, "GET", "/relay", nil, 200)
	if len(relay.Servers) == 0 || relay.Servers[0].Credential == "" || relay.Servers[0].Credential == started.Relay.Servers[0].Credential {
		t.Errorf("relay = %+v", relay)
	}
	signals := "/calls/" + called.Call + "/signals"
	sent := ask[wire.SignalsReply](nurse, "POST", signals, wire.SignalsRequest{Signals: []wire.Signal{
		{Kind: wire.SignalOffer, Peer: "p1", SDP: "v=0 offer"},
		{Kind: wire.SignalCandidates, Peer: "p1", Candidates: []wire.Candidate{{Candidate: "candidate:1"}}},
	}}, 202)
	if sent.Seq != 2 {
		t.Errorf("seq = %d, want 2", sent.Seq)
	}
	if offer := page.signal("tablet", kontakt.SignalOffer); offer.SDP != "v=0 offer" || offer.Peer != "p1" {
		t.Errorf("offer = %+v", offer)
	}
	if c := page.signal("tablet", kontakt.SignalCandidates); len(c.Candidates) != 1 {
		t.Errorf("candidates = %+v", c)
	}
	ask[wire.SignalsReply](doctor, "POST", signals, wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalAnswer, Peer: "p1", SDP: "v=0 answer"}}}, 202)
	if a := call.signal("clinic", kontakt.SignalAnswer); a.SDP != "v=0 answer" {
		t.Errorf("answer = %+v", a)
	}

	// the media are lost and come back; a page that reloads finds the call again
	ask[struct{}](nurse, "POST", "/calls/"+called.Call+"/media", wire.MediaRequest{Media: "lost"}, 204)
	if e := ask[wire.Entry](nurse, "GET", "/calls/"+called.Call, nil, 200); e.State != string(kontakt.EntryInterrupted) {
		t.Errorf("after lost: %s", e.State)
	}
	ask[struct{}](doctor, "POST", "/calls/"+called.Call+"/media", wire.MediaRequest{Media: "live"}, 204)
	again := ask[wire.StartReply](doctor, "GET", "/calls/"+called.Call, nil, 200)
	if again.Entry.State != string(kontakt.EntryInCall) || again.Cursor == "" {
		t.Errorf("after a reload: %+v", again)
	}

	// it ends for both
	ended := ask[wire.ClinicEntry](doctor, "POST", "/clinic/entries/"+entry.ID+"/end", wire.EndRequest{Reason: "done"}, 200)
	if ended.State != string(kontakt.EntryEnded) {
		t.Errorf("ended = %+v", ended)
	}
	call.until(kontakt.EventCallEnded)
	page.until(kontakt.EventCallEnded)
	if e := ask[wire.Entry](nurse, "GET", "/entries/"+entry.ID, nil, 200); e.State != string(kontakt.EntryEnded) || e.EndedBy != "clinic" || e.EndedAt == nil {
		t.Errorf("for the tablet: %+v", e)
	}
	if l := ask[wire.ClinicEntries](doctor, "GET", "/clinic/entries", nil, 200); len(l.Entries) != 0 {
		t.Errorf("list after the end = %+v", l)
	}

	// both sign out
	ask[struct{}](nurse, "DELETE", "/sessions/current", nil, 204)
	if a := nurse.try("GET", "/me", nil); a.status != 401 {
		t.Errorf("after the sign-out: %d", a.status)
	}
	if a := tab.try("GET", "/device/entries", nil); a.status != 200 {
		t.Errorf("the tablet itself after the sign-out: %d", a.status)
	}
	ask[struct{}](doctor, "DELETE", "/sessions/current", nil, 204)
	if a := doctor.try("GET", "/clinic", nil); a.status != 401 {
		t.Errorf("the clinic after the sign-out: %d", a.status)
	}
}

func TestServer_aPostRepeatedActsOnce(t *testing.T) {
	s := newStage(t)
	nurse := s.enrol(0).signIn("sanne")
	citizen := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	join := wire.JoinRequest{Citizen: citizen.ID, Clinic: citizen.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}
	send := func(j wire.JoinRequest) answer {
		r := nurse.request("POST", "/entries", j)
		r.Header.Set(wire.IdempotencyHeader, "the-same-key")
		return s.do(r)
	}
	first, second := send(join), send(join)
	if first.status != 201 || second.status != 201 || string(first.body) != string(second.body) {
		t.Errorf("first %d %s\nsecond %d %s", first.status, first.body, second.status, second.body)
	}
	join.Reason = "something else"
	if a := send(join); a.status != 400 {
		t.Errorf("another request under the same key: %d %s", a.status, a.body)
	}
	p := read[wire.Problem](t, "a second place", nurse.try("POST", "/entries", join), 409)
	if p.Msg != string(kontakt.MsgAlreadyWaiting) {
		t.Errorf("a second place for the same citizen: %+v", p)
	}
	if held := ask[wire.Entries](nurse, "GET", "/device/entries", nil, 200); len(held.Entries) != 1 {
		t.Errorf("places = %d, want 1", len(held.Entries))
	}
}

func TestServer_pagesAndFigures(t *testing.T) {
	s := newStage(t)
	get := func(address string) (int, http.Header, string) {
		r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := s.do(r)
		return a.status, a.header, string(a.body)
	}
	if status, h, body := get(s.url + "/klinik/"); status != 200 || !strings.Contains(body, "<html") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("Content-Security-Policy") == "" {
		t.Errorf("/klinik/: %d %v", status, h)
	}
	if status, h, body := get(s.url + "/gaest/"); status != 200 || !strings.Contains(body, "<html") || !strings.Contains(h.Get("Content-Security-Policy"), "require-trusted-types-for") || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("/gaest/: %d %v", status, h)
	}
	if status, h, _ := get(s.url + "/"); status != 303 || h.Get("Location") != "/klinik/" {
		t.Errorf("/: %d %v", status, h)
	}
	if status, _, body := get(s.url + "/healthz"); status != 200 || !strings.Contains(body, `"database":"ok"`) {
		t.Errorf("/healthz: %d %s", status, body)
	}
	if status, _, _ := get(s.url + "/metrics"); status != 404 {
		t.Errorf("/metrics is served to everyone: %d", status)
	}
	s.nobody().try("GET", "/me", nil)
	status, _, body := get(s.srv.MetricsURL())
	if status != 200 || !strings.Contains(body, `kontakt_answers_total{kind="unauthenticated",route="GET /me",status="401"} 1`) || !strings.Contains(body, "kontakt_relay_allocations") {
		t.Errorf("figures: %d\n%s", status, body)
	}
}

// A clinic's page may post from its own origin only, whatever the cookie says.
func TestServer_aPostFromAnotherSiteIsRefused(t *testing.T) {
	s := newStage(t)
	doctor := s.staff("lars")
	r := doctor.request("POST", "/clinic/opening", wire.OpeningRequest{Open: false})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	if a := s.do(r); a.status != 403 {
		t.Errorf("cross-site: %d %s", a.status, a.body)
	}
	if v := ask[wire.ClinicView](doctor, "GET", "/clinic", nil, 200); !v.Clinic.Open {
		t.Error("the clinic is closed")
	}
}

func TestServer_longPollTellsTheSameLog(t *testing.T) {
	s := newStage(t)
	nurse := s.enrol(0).signIn("sanne")
	citizen := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	entry := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: citizen.ID, Clinic: citizen.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}, 201)
	ask[wire.Entry](nurse, "POST", "/entries/"+entry.ID+"/presence", wire.PresenceRequest{Presence: "away"}, 200)
	got := ask[wire.Events](nurse, "GET", "/stream?wait=25&at="+url.QueryEscape(entry.Cursor), nil, 200)
	if len(got.Events) == 0 || got.Cursor == entry.Cursor {
		t.Fatalf("events = %+v", got)
	}
	stream := nurse.open(entry.Cursor)
	defer stream.close()
	for _, want := range got.Events {
		if e := stream.next(); e.Room != want.Room || e.Seq != want.Seq {
			t.Errorf("stream: %s %d, poll: %s %d", e.Room, e.Seq, want.Room, want.Seq)
		}
	}
	if nothing := ask[wire.Events](nurse, "GET", "/stream?wait=0&at="+url.QueryEscape(got.Cursor), nil, 200); len(nothing.Events) != 0 {
		t.Errorf("after the end of the log: %+v", nothing)
	}
}

// A stop ends the streams, so that readers look for the next process, and answers what runs.
func TestServer_aStopEndsStreams(t *testing.T) {
	s := newStage(t)
	tab := s.enrol(0)
	stream := tab.open(tab.cursor)
	defer stream.close()
	if err := s.srv.Close(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(stream.r); err != nil || strings.Contains(string(rest), "data:") {
		t.Errorf("the stream ends with %q, %v", rest, err)
	}
}

// Two doctors press Start at once, each several times, as impatient people do: one wins, the other is told who, there
// is one call, and the winner's own repetitions are that same call.
func TestServer_twoDoctorsStartAtOnce(t *testing.T) {
	s := newStage(t)
	nurse := s.enrol(0).signIn("sanne")
	doctors := []who{s.staff("lars"), s.staff("peter")}
	c := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	e := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}, 201)
	const presses = 4
	answers := make([][]answer, len(doctors))
	var all sync.WaitGroup
	for i, doctor := range doctors {
		answers[i] = make([]answer, presses)
		for j := range presses {
			r := doctor.request("POST", "/clinic/entries/"+e.ID+"/start", wire.StartRequest{Version: e.Version})
			all.Go(func() { answers[i][j] = s.do(r) })
		}
	}
	all.Wait()
	winner, calls := -1, map[string]bool{}
	for i := range doctors {
		for _, a := range answers[i] {
			if a.status == 200 {
				if winner >= 0 && winner != i {
					t.Error("both have won")
				}
				winner = i
				calls[read[wire.StartReply](t, "start", a, 200).Entry.Call.ID] = true
			}
		}
	}
	if winner < 0 || len(calls) != 1 {
		t.Fatalf("winner = %d, calls = %v", winner, calls)
	}
	name := []string{"Lars Holm", "Peter Lund"}[winner]
	for i := range doctors {
		for _, a := range answers[i] {
			if i == winner && a.status != 200 {
				t.Errorf("the winner is answered %d %s", a.status, a.body)
			}
			if i != winner {
				if p := read[wire.Problem](t, "the other", a, 409); p.Msg != string(kontakt.MsgAlreadyClaimed) || p.Params["navn"] != name {
					t.Errorf("the other is told %+v", p)
				}
			}
		}
	}
}
