package backend_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store/engine"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// never is what no guest may read: who the citizen is, and what is the matter.
var never = []string{"Karen", "Madsen", "290200", "2902004100", "hævet", "Sanne"}

func (p *party) learnsNothing(what string, a answer) {
	p.t.Helper()
	for _, word := range never {
		if strings.Contains(string(a.body), word) {
			p.t.Errorf("%s: %q is in %s", what, word, a.body)
		}
	}
}

// E48: a relative whom the nurse invites by text message: both ends are told before, the newcomer hears and sees nothing
// until the clinic lets her in, and nothing any more once she is shown out.
func TestE48_aRelativeIsInvitedWaitsIsLetInAndShownOut(t *testing.T) {
	eachParty(t, func(t *testing.T, p *party) {
		started, talking := p.talk(p.lars, p.nurse, p.e.ID)
		call := "/calls/" + talking.Call.ID
		tablet, page := p.nurse.open(talking.Cursor), p.lars.open(started.Cursor)
		defer tablet.close()
		defer page.close()

		g, token := p.invite(p.nurse, "/entries/"+p.e.ID+"/guests", wire.InviteRequest{Kind: "relative", Name: relative, Phone: mobile})
		tablet.changed(g, kontakt.GuestInvited)
		page.changed(g, kontakt.GuestInvited)
		p.oneMessage(token)

		guest := p.enter(token, "")
		tablet.changed(g, kontakt.GuestLobby)
		page.changed(g, kontakt.GuestLobby)
		if all := ask[wire.Guests](p.lars, "GET", "/clinic/entries/"+p.e.ID+"/guests", nil, 200).Guests; len(all) != 1 || all[0].Name != relative || all[0].State != "lobby" {
			t.Errorf("the clinic sees %+v", all)
		}
		p.outside(guest, talking.Call.ID)

		own := guest.open("guest:" + g.ID + "=0")
		defer own.close()
		p.onlyTheClinicianLetsIn(g)
		v := p.admit(p.lars, p.e.ID, g, guest)
		for _, state := range []kontakt.GuestState{kontakt.GuestInvited, kontakt.GuestLobby, kontakt.GuestAdmitted} {
			own.changed(g, state)
		}
		p.learnsNothing("the call", guest.try("GET", "/guest", nil))
		if ends := v.Participants; len(ends) != 2 || ends[0].ID != "tablet" || ends[0].Name != "" || ends[0].Title != "sygeplejerske" || ends[1].ID != "clinic" || ends[1].Name != "Lars Holm" {
			t.Errorf("the others: %+v", ends)
		}
		if v.Clinic != "Lægerne Havnegade" || v.Phone != "00 00 00 01" || v.Mode != string(kontakt.ModeConsultation) {
			t.Errorf("the guest sees %+v", v)
		}

		heard := guest.open(v.Cursor)
		defer heard.close()
		p.signalBothWays(call, g, guest, heard, tablet)

		// the call drops and comes back: the guest is in it all the time
		ask[struct{}](p.nurse, "POST", call+"/media", wire.MediaRequest{Media: "lost"}, 204)
		ask[wire.SignalsReply](guest, "POST", call+"/signals", state(), 202)
		ask[struct{}](p.lars, "POST", call+"/media", wire.MediaRequest{Media: "live"}, 204)
		if v := ask[wire.GuestView](guest, "GET", "/guest", nil, 200); v.Call != talking.Call.ID {
			t.Errorf("after the drop: %+v", v)
		}

		p.restart()
		v = ask[wire.GuestView](guest, "GET", "/guest", nil, 200)
		if v.Guest.State != string(kontakt.GuestAdmitted) || v.Call != talking.Call.ID {
			t.Errorf("after the restart: %+v", v)
		}
		heard = guest.open(v.Cursor)
		defer heard.close()
		ask[wire.SignalsReply](p.nurse, "POST", call+"/signals", offer(g.ID, "before"), 202)
		heard.signal("tablet", kontakt.SignalOffer)

		ask[wire.Guest](p.lars, "POST", "/clinic/entries/"+p.e.ID+"/guests/"+g.ID+"/remove", nil, 200)
		ask[wire.SignalsReply](p.nurse, "POST", call+"/signals", wire.SignalsRequest{Signals: []wire.Signal{
			{Kind: wire.SignalState, Muted: new(bool)}, {Kind: wire.SignalOffer, To: g.ID, Peer: "late", SDP: "v=0 late"},
		}}, 202) // the one to her who has gone is left out without a word
		said := heard.ended()
		if !strings.Contains(said, `"state":"removed"`) || strings.Contains(said, "muted") || strings.Contains(said, "late") {
			t.Errorf("shown out, the stream says %s", said)
		}
		p.outside(guest, talking.Call.ID)
		if v := ask[wire.GuestView](guest, "GET", "/guest", nil, 200); v.Guest.State != string(kontakt.GuestRemoved) || v.Call != "" || len(v.Participants) != 0 {
			t.Errorf("shown out, she sees %+v", v)
		}
		problem(t, "the link again", p.click(token, relative, kontakt.NewSecret()), 410, kontakt.MsgGuestLinkUsed)
		for _, secret := range []string{token, mobile, mobile[3:], relative} {
			if strings.Contains(p.log.String(), secret) {
				t.Errorf("%q is in the log", secret)
			}
		}
	})
}

// oneMessage waits for the text message with a link: it says who invites, once, nothing of the citizen, and nothing of it
// stays in the outbox.
func (p *party) oneMessage(token string) {
	p.t.Helper()
	all := p.posted(1)
	if len(all) != 1 || all[0].To != mobile || !strings.Contains(all[0].Text, p.url+"/gaest/#"+token) || !strings.HasPrefix(all[0].Text, "Lægerne Havnegade ") {
		p.t.Fatalf("posted %+v", all)
	}
	p.learnsNothing("the message", answer{body: []byte(all[0].Text)})
	for p.left(`SELECT COUNT(*) FROM outbox WHERE LENGTH(payload) > 0`) > 0 {
		time.Sleep(5 * time.Millisecond)
	}
}

func (p *party) left(query string) (n int) {
	p.t.Helper()
	_, db, err := engine.Raw(p.cfg.Database, false)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(p.t.Context(), query).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// outside tries all that a guest who is not in the call could hear, see or say.
func (p *party) outside(guest who, call string) {
	p.t.Helper()
	for what, body := range map[string]any{
		"GET /relay": nil, "POST /calls/" + call + "/signals": state(), "GET /stream?wait=0&at=" + url.QueryEscape("call:"+call+"=0"): nil,
		"GET /stream?wait=0&at=" + url.QueryEscape("entry:"+p.e.ID+"=0"): nil, "GET /stream?wait=0&at=" + url.QueryEscape("clinic:"+p.e.Clinic.ID+"=0"): nil,
	} {
		method, path, _ := strings.Cut(what, " ")
		a := guest.try(method, path, body)
		problem(p.t, what, a, 404, kontakt.MsgNotFound)
		p.learnsNothing(what, a)
	}
	for what, body := range map[string]any{
		"GET /entries/" + p.e.ID: nil, "GET /calls/" + call: nil, "GET /clinic/entries": nil, "POST /calls/" + call + "/media": wire.MediaRequest{Media: "lost"},
		"POST /entries/" + p.e.ID + "/end": wire.EndRequest{Reason: "done"}, "GET /entries/" + p.e.ID + "/guests": nil,
	} {
		method, path, _ := strings.Cut(what, " ")
		a := guest.try(method, path, body)
		problem(p.t, what, a, 401, kontakt.MsgSessionEnded)
		p.learnsNothing(what, a)
	}
}

func (p *party) onlyTheClinicianLetsIn(g wire.Guest) {
	p.t.Helper()
	admit := "/clinic/entries/" + p.e.ID + "/guests/" + g.ID + "/admit"
	for _, row := range []struct {
		as     who
		status int
	}{{p.nurse, 403}, {p.peter, 404}, {p.birgit, 403}, {p.nobody(), 401}, {p.staff("anna"), 404}} {
		if a := row.as.try("POST", admit, nil); a.status != row.status {
			p.t.Errorf("let in by %s: %d %s", row.as.name, a.status, a.body)
		}
	}
}

func state() wire.SignalsRequest {
	return wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalState, Muted: new(bool)}}}
}

func offer(to, peer string) wire.SignalsRequest {
	return wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalOffer, To: to, Peer: peer, SDP: "v=0 " + peer}}}
}

// signalBothWays finds tablet and guest, and clinic and guest, together, and tries what is not by the rule of who offers.
func (p *party) signalBothWays(call string, g wire.Guest, guest who, heard, tablet *sse) {
	p.t.Helper()
	ask[wire.Relay](guest, "GET", "/relay", nil, 200)
	ask[wire.SignalsReply](p.nurse, "POST", call+"/signals", offer(g.ID, "p1"), 202)
	if got := heard.signal("tablet", kontakt.SignalOffer); got.To != g.ID || got.Peer != "p1" {
		p.t.Errorf("offered %+v", got)
	}
	ask[wire.SignalsReply](p.lars, "POST", call+"/signals", offer(g.ID, "p2"), 202)
	heard.signal("clinic", kontakt.SignalOffer)
	// whoever it says that it is, it is the guest
	ask[wire.SignalsReply](guest, "POST", call+"/signals", wire.SignalsRequest{Signals: []wire.Signal{
		{From: "clinic", To: "tablet", Kind: wire.SignalAnswer, Peer: "p1", SDP: "v=0 answer"},
		{From: "tablet", To: "clinic", Kind: wire.SignalReady, Peer: "page"},
		{Kind: wire.SignalCandidates, To: "tablet", Peer: "p1", Candidates: []wire.Candidate{{Candidate: "candidate:1"}}},
		{Kind: wire.SignalState, Rung: string(kontakt.RungLower)},
	}}, 202)
	if got := tablet.signal(g.ID, kontakt.SignalAnswer); got.To != "tablet" || got.SDP != "v=0 answer" {
		p.t.Errorf("answered %+v", got)
	}
	if got := tablet.signal(g.ID, kontakt.SignalState); got.Rung != string(kontakt.RungLower) || got.To != "" {
		p.t.Errorf("state %+v", got)
	}
	for what, s := range map[string]wire.Signal{
		"an offer to the tablet": {Kind: wire.SignalOffer, To: "tablet", Peer: "p", SDP: "v=0"},
		"an offer to nobody":     {Kind: wire.SignalOffer, Peer: "p", SDP: "v=0"},
		"an answer to itself":    {Kind: wire.SignalAnswer, To: g.ID, Peer: "p", SDP: "v=0"},
		"an answer to a guest of another place": {
			Kind: wire.SignalAnswer, To: string(kontakt.NewGuestID()), Peer: "p", SDP: "v=0",
		},
	} {
		problem(p.t, what, guest.try("POST", call+"/signals", wire.SignalsRequest{Signals: []wire.Signal{s}}), 400, kontakt.MsgBadRequest)
	}
	problem(p.t, "an offer of the clinic to the tablet", p.lars.try("POST", call+"/signals", offer("tablet", "p")), 400, kontakt.MsgBadRequest)
}
