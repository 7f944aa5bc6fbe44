package backend_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// A link opens once, within the hour, for whoever comes first; an answer that was lost on the way costs nobody the link.
func TestGuests_aLinkOpensOnceAndWithinTheHour(t *testing.T) {
	eachParty(t, func(t *testing.T, p *party) {
		path := "/entries/" + p.e.ID + "/guests"
		first, token := p.invite(p.nurse, path, wire.InviteRequest{Kind: "relative"})
		problem(t, "without a name", p.click(token, " \n", "key-number-1"), 400, kontakt.MsgGuestName)
		opened, again := p.click(token, relative, "key-number-1"), p.click(token, relative, "key-number-1")
		one, other := p.guest(opened, "first"), p.guest(again, "again")
		if one.header.Get("Cookie") != other.header.Get("Cookie") {
			t.Error("the same request opened another session")
		}
		if v := ask[wire.GuestView](other, "GET", "/guest", nil, 200); v.Guest.ID != first.ID || v.Guest.Name != relative {
			t.Errorf("the guest sees %+v", v)
		}
		problem(t, "another browser", p.click(token, "Nysgerrig", "key-number-2"), 410, kontakt.MsgGuestLinkUsed)
		problem(t, "no link of ours", p.click(kontakt.NewSecret(), relative, "key-number-1"), 404, kontakt.MsgGuestLinkUnknown)
		if a := p.click(token, relative, "short"); a.status != 400 {
			t.Errorf("without a key: %d %s", a.status, a.body)
		}

		// two may come: a third is refused, by either end, until somebody goes
		second, late := p.invite(p.birgit, "/clinic"+path, wire.InviteRequest{Kind: "interpreter", Name: interpreter})
		for _, w := range []struct {
			who
			path string
		}{{p.nurse, path}, {p.lars, "/clinic" + path}} {
			if got := problem(t, "a third", w.try("POST", w.path, wire.InviteRequest{Kind: "other"}), 409, kontakt.MsgGuestFull); got.Params["n"] != "2" {
				t.Errorf("told %v", got.Params)
			}
		}
		if a := p.nurse.try("POST", path+"/"+second.ID+"/remove", nil); a.status != 403 {
			t.Errorf("whom the clinic invited the tablet shows out: %d %s", a.status, a.body)
		}
		ask[wire.Guest](p.nurse, "POST", path+"/"+first.ID+"/remove", nil, 200)
		ask[wire.Guest](p.birgit, "POST", "/clinic"+path+"/"+first.ID+"/remove", nil, 200) // once more changes nothing
		_, back := p.invite(p.nurse, path, wire.InviteRequest{Kind: "nurse"})

		// an hour later nobody has opened the second
		p.ahead.Store(int64(61 * time.Minute))
		for _, token := range []string{late, back} {
			got := problem(t, "an hour later", p.click(token, interpreter, kontakt.NewSecret()), 410, kontakt.MsgGuestLinkExpired)
			if got.Params["klinik"] != "Lægerne Havnegade" || got.Params["tlf"] != "00 00 00 01" {
				t.Errorf("told %v", got.Params)
			}
		}
		for len(ask[wire.Guests](p.nurse, "GET", path, nil, 200).Guests) > 0 {
			time.Sleep(5 * time.Millisecond)
		}
		p.invite(p.nurse, path, wire.InviteRequest{Kind: "other"})
	})
}

// Guests follow what happens to their place: with the call they stand outside again, and with the place they go.
func TestGuests_goWithTheCallAndWithThePlace(t *testing.T) {
	eachParty(t, func(t *testing.T, p *party) {
		path := "/clinic/entries/" + p.e.ID + "/guests"
		g, token := p.invite(p.lars, path, wire.InviteRequest{Kind: "interpreter", Name: interpreter})
		_, unopened := p.invite(p.lars, path, wire.InviteRequest{Kind: "relative"})
		guest := p.enter(token, interpreter)
		problem(t, "while nobody talks", p.lars.try("POST", path+"/"+g.ID+"/admit", nil), 409, kontakt.MsgGuestNoCall)
		started, _ := p.talk(p.lars, p.nurse, p.e.ID)
		v := p.admit(p.lars, p.e.ID, g, guest)
		heard := guest.open(v.Cursor)
		defer heard.close()

		peter := ""
		for _, colleague := range ask[wire.Staff](p.lars, "GET", "/clinic/staff", nil, 200).Staff {
			if colleague.Name == "Peter Lund" {
				peter = colleague.ID
			}
		}
		ask[wire.ClinicEntry](p.lars, "POST", "/clinic/entries/"+p.e.ID+"/transfer", wire.TransferRequest{To: peter}, 200)
		if said := heard.ended(); !strings.Contains(said, `"state":"lobby"`) {
			t.Errorf("the call has ended, and the guest is told %s", said)
		}
		p.outside(guest, started.Entry.Call.ID)

		next, talking := p.talk(p.peter, p.nurse, p.e.ID)
		p.outside(guest, next.Entry.Call.ID)
		if a := p.lars.try("POST", path+"/"+g.ID+"/admit", nil); a.status != 404 {
			t.Errorf("let in by who is not in the call any more: %d %s", a.status, a.body)
		}
		v = p.admit(p.peter, p.e.ID, g, guest)
		if v.Call != talking.Call.ID || v.Participants[1].Name != "Peter Lund" {
			t.Errorf("in the next call the guest sees %+v", v)
		}
		ask[wire.Entry](p.nurse, "POST", "/entries/"+p.e.ID+"/end", wire.EndRequest{Reason: "done"}, 200)
		if v := ask[wire.GuestView](guest, "GET", "/guest", nil, 200); v.Guest.State != string(kontakt.GuestLeft) || v.Call != "" {
			t.Errorf("after the end the guest sees %+v", v)
		}
		p.outside(guest, talking.Call.ID)
		problem(t, "after the end", p.click(unopened, relative, kontakt.NewSecret()), 410, kontakt.MsgGuestLinkExpired)
		if a := p.nurse.try("POST", "/entries/"+p.e.ID+"/guests", wire.InviteRequest{Kind: "other"}); a.status != 409 {
			t.Errorf("invited after the end: %d %s", a.status, a.body)
		}
	})
}

// A guest of one call has no business with another, whatever it says; and of several in one call each signs with its own
// name.
func TestGuests_ofAnotherCallHearSeeAndSayNothing(t *testing.T) {
	eachParty(t, func(t *testing.T, p *party) {
		path := "/clinic/entries/" + p.e.ID + "/guests"
		_, talking := p.talk(p.lars, p.nurse, p.e.ID)
		mine, token := p.invite(p.lars, path, wire.InviteRequest{Kind: "relative"})
		here := p.enter(token, relative)
		p.admit(p.lars, p.e.ID, mine, here)

		nurseB := p.enrol(1).signIn("mette")
		b := p.join(nurseB, "1403450101")
		_, talkingB := p.talk(p.peter, nurseB, b.ID)
		g, token := p.invite(nurseB, "/entries/"+b.ID+"/guests", wire.InviteRequest{Kind: "other"})
		stranger := p.enter(token, "Fremmed")
		pathB := "/clinic/entries/" + b.ID + "/guests/"
		if a := p.lars.try("POST", pathB+g.ID+"/admit", nil); a.status != 404 {
			t.Errorf("let in by another's clinician: %d %s", a.status, a.body)
		}
		if a := p.lars.try("POST", path+"/"+g.ID+"/admit", nil); a.status != 404 {
			t.Errorf("let in to another place: %d %s", a.status, a.body)
		}
		p.admit(p.peter, b.ID, g, stranger)
		p.outsideOf(stranger, talking.Call.ID, mine.ID)

		call := "/calls/" + talkingB.Call.ID + "/signals"
		for what, s := range map[string]wire.Signal{
			"to a guest of another call":   {Kind: wire.SignalReady, To: mine.ID},
			"to itself":                    {Kind: wire.SignalCandidates, To: g.ID, Peer: "p", Candidates: []wire.Candidate{{Candidate: "c"}}},
			"an offer up the order":        {Kind: wire.SignalOffer, To: "clinic", Peer: "p", SDP: "v=0"},
			"to nobody in particular":      {Kind: wire.SignalReady},
			"to somebody who is no person": {Kind: wire.SignalReady, To: "everyone"},
		} {
			problem(t, what, stranger.try("POST", call, wire.SignalsRequest{Signals: []wire.Signal{s}}), 400, kontakt.MsgBadRequest)
		}
		if n := p.left(`SELECT COUNT(*) FROM events WHERE type = 'call.signal'`); n != 0 {
			t.Errorf("%d signals were kept", n)
		}

		// a second guest of the same call: of two the one let in first offers
		second, token := p.invite(p.lars, path, wire.InviteRequest{Kind: "interpreter"})
		there := p.enter(token, interpreter)
		v := p.admit(p.lars, p.e.ID, second, there)
		if last := v.Participants[len(v.Participants)-1]; last.ID != mine.ID || last.Name != relative || last.Kind != "relative" || !last.AdmittedAt.Before(*v.Guest.AdmittedAt) {
			t.Errorf("the second guest sees %+v", v.Participants)
		}
		call = "/calls/" + talking.Call.ID + "/signals"
		problem(t, "the second offers to the first", there.try("POST", call, offer(mine.ID, "p")), 400, kontakt.MsgBadRequest)
		heard := there.open(v.Cursor)
		defer heard.close()
		ask[wire.SignalsReply](here, "POST", call, offer(second.ID, "p"), 202)
		heard.signal(mine.ID, kontakt.SignalOffer)
		ask[struct{}](here, "POST", "/guest/leave", nil, 204)
		heard.changed(mine, kontakt.GuestLeft)
		p.outside(here, talking.Call.ID)
	})
}

// outsideOf tries another's call and another guest's room.
func (p *party) outsideOf(guest who, call, other string) {
	p.t.Helper()
	for what, body := range map[string]any{
		"POST /calls/" + call + "/signals": state(), "GET /stream?wait=0&at=" + url.QueryEscape("call:"+call+"=0"): nil,
		"GET /stream?wait=0&at=" + url.QueryEscape("guest:"+other+"=0"): nil,
	} {
		method, path, _ := strings.Cut(what, " ")
		problem(p.t, what, guest.try(method, path, body), 404, kontakt.MsgNotFound)
	}
}

// Whoever tries links has to wait after some thirty; others of the house go on with what they do.
func TestGuests_linksCannotBeTriedOutFast(t *testing.T) {
	p := newParty(t, "sqlite:"+t.TempDir()+"/kontakt.db")
	for n := range 200 {
		a := p.click(kontakt.NewSecret(), relative, kontakt.NewSecret())
		if a.status == http.StatusTooManyRequests {
			if n < 20 || a.header.Get("Retry-After") == "" {
				t.Errorf("after %d: %v", n, a.header)
			}
			ask[wire.Guests](p.nurse, "GET", "/entries/"+p.e.ID+"/guests", nil, 200)
			return
		}
		problem(t, "a guess", a, 404, kontakt.MsgGuestLinkUnknown)
	}
	t.Error("200 guesses in a row")
}

// A nurse who mistypes numbers all day sends no stranger more than a dozen messages within the hour.
func TestGuests_aPlaceSendsNoEndOfMessages(t *testing.T) {
	p := newParty(t, "sqlite:"+t.TempDir()+"/kontakt.db")
	path := "/entries/" + p.e.ID + "/guests"
	for range 12 {
		var said [2]answer // the first was lost on the way: asked again under its key
		key := kontakt.NewSecret()
		for i := range said {
			r := p.nurse.request("POST", path, wire.InviteRequest{Kind: "relative", Phone: mobile})
			r.Header.Set(wire.IdempotencyHeader, key)
			said[i] = p.do(r)
		}
		made := read[wire.InviteReply](t, "invited", said[0], 201)
		if string(said[0].body) != string(said[1].body) || !made.Sent {
			t.Errorf("said %s, then %s", said[0].body, said[1].body)
		}
		ask[wire.Guest](p.nurse, "POST", path+"/"+made.Guest.ID+"/remove", nil, 200)
	}
	problem(t, "one more", p.nurse.try("POST", path, wire.InviteRequest{Kind: "relative", Phone: mobile}), 429, kontakt.MsgTooMany)
	problem(t, "a landline of sorts", p.nurse.try("POST", path, wire.InviteRequest{Kind: "relative", Phone: "70123456"}), 400, kontakt.MsgPhoneNoSMS)
	if n := len(p.posted(12)); n != 12 {
		t.Errorf("%d messages", n)
	}
	// nor can one try out, with the rows alone, which number it was: a plain hash would tell
	body := sha256.Sum256([]byte("POST /api/v1" + path + "\n" + `{"kind":"relative","phone":"` + mobile + `"}`))
	if n := p.left(`SELECT COUNT(*) FROM replies WHERE fingerprint LIKE '%` + hex.EncodeToString(body[:]) + `%'`); n != 0 {
		t.Errorf("%d stored replies tell the number", n)
	}
	if n := p.left(`SELECT COUNT(*) FROM replies WHERE LENGTH(fingerprint) = 64`); n < 24 {
		t.Errorf("%d stored replies", n)
	}
}

// The mode is chosen while the place is open, by either side, and both are told.
func TestMode_isChosenByEitherSideWhileThePlaceIsOpen(t *testing.T) {
	eachParty(t, func(t *testing.T, p *party) {
		nurse, clinic := "/entries/"+p.e.ID+"/mode", "/clinic/entries/"+p.e.ID+"/mode"
		conference, consultation := wire.ModeRequest{Mode: string(kontakt.ModeConference)}, wire.ModeRequest{Mode: string(kontakt.ModeConsultation)}
		told := p.tab.open("entry:" + p.e.ID + "=0")
		defer told.close()
		told.until(kontakt.EventEntryChanged) // it was drawn
		version := p.e.Version
		if e := ask[wire.Entry](p.nurse, "POST", nurse, conference, 200); e.Mode != conference.Mode || e.Version != version+1 {
			t.Errorf("the nurse has %+v", e)
		}
		told.until(kontakt.EventEntryChanged)
		if e := ask[wire.ClinicEntry](p.lars, "POST", clinic, conference, 200); e.Version != version+1 {
			t.Error("the same again changes it")
		}
		if e := ask[wire.ClinicEntry](p.birgit, "POST", clinic, consultation, 200); e.Mode != consultation.Mode {
			t.Errorf("the clinic has %+v", e)
		}
		told.until(kontakt.EventEntryChanged)
		if rows := p.left(`SELECT COUNT(*) FROM audit WHERE action = 'entry.mode' AND outcome = 'ok'`); rows != 2 {
			t.Errorf("%d audit rows, want 2", rows)
		}
		problem(t, "another word", p.nurse.try("POST", nurse, wire.ModeRequest{Mode: "telefon"}), 400, kontakt.MsgBadRequest)
		problem(t, "a tablet with nobody signed in", p.tab.try("POST", nurse, conference), 403, kontakt.MsgNotAllowed)
		problem(t, "another clinic", p.staff("anna").try("POST", clinic, conference), 404, kontakt.MsgNotFound)
		ask[wire.Entry](p.nurse, "POST", "/entries/"+p.e.ID+"/leave", wire.LeaveRequest{Reason: "left"}, 200)
		problem(t, "a place that has ended", p.nurse.try("POST", nurse, conference), 409, kontakt.MsgWrongState)
	})
}
