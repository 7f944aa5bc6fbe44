package backend_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

const written = "Tag en urinprøve, mens I venter."

// What a clinic writes, over HTTP: to one and to all, to every tablet that holds the place, read once for all of them,
// and nobody else learns a word of it.
func TestScenarios_whatAClinicWrites(t *testing.T) {
	s := newStage(t)
	tabA, tabB := s.enrol(0), s.enrol(1)
	nurseA, nurseB := tabA.signIn("sanne"), tabB.signIn("mette")
	lars, birgit, anna := s.staff("lars"), s.staff("birgit"), s.staff("anna")
	c := ask[wire.Citizen](nurseA, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	join := wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}
	e := ask[wire.Entry](nurseA, "POST", "/entries", join, 201)
	one, write := "/entries/"+e.ID, "/clinic/entries/"+e.ID+"/message"
	text := wire.MessageRequest{Text: written}
	onTablet := tabA.open(e.Cursor)
	defer onTablet.close()

	// the answer to the first press was lost: the page asks again with the same key
	r := birgit.request("POST", write, text)
	first := s.do(r)
	again := birgit.request("POST", write, text)
	again.Header.Set(wire.IdempotencyHeader, r.Header.Get(wire.IdempotencyHeader))
	second := s.do(again)
	if string(first.body) != string(second.body) {
		t.Errorf("the second answer is another:\n%s\n%s", first.body, second.body)
	}
	sent := read[wire.ClinicEntry](t, "message", second, 200)
	if len(sent.Messages) != 1 || sent.Messages[0].Text != written || sent.Messages[0].Sender.Name == "" || sent.Messages[0].ReadAt != nil {
		t.Fatalf("messages = %+v", sent.Messages)
	}
	message := sent.Messages[0].ID
	told := onTablet.until(kontakt.EventMessage)
	var data wire.EntryMessage
	if err := json.Unmarshal(told.Data, &data); err != nil || data != (wire.EntryMessage{Entry: e.ID, Message: message}) {
		t.Errorf("the tablet is told %s", told.Data)
	}
	readIt := wire.ReadRequest{Messages: []string{message}}

	s.play(lars, []scenario{
		{name: "the nurse reads it", as: nurseA, do: "GET " + one, status: 200, must: []string{written, message}},
		{name: "a tablet with nobody signed in sees that there is one", as: tabA.who, do: "GET " + one, status: 200, must: []string{message}, mustNot: []string{"urinprøve"}},
		{name: "and what it holds says no more", as: tabA.who, do: "GET /device/entries", status: 200, must: []string{message}, mustNot: []string{"urinprøve"}},
		{name: "nor can it say that anybody read it", as: tabA.who, do: "POST " + one + "/read", body: readIt, status: 403, msg: kontakt.MsgNotAllowed},
		{name: "another clinic does not write", as: anna, do: "POST " + write, body: text, status: 404, msg: kontakt.MsgNotFound},
		{name: "a tablet does not write", as: nurseA, do: "POST " + write, body: text, status: 403},
		{name: "another tablet does not read it", as: nurseB, do: "POST " + one + "/read", body: readIt, status: 404, msg: kontakt.MsgNotFound},
		{name: "a message that never was", as: nurseA, do: "POST " + one + "/read", body: wire.ReadRequest{Messages: []string{string(kontakt.NewMessageID())}}, status: 404, msg: kontakt.MsgNotFound},
		{name: "no message at all", as: birgit, do: "POST " + write, body: wire.MessageRequest{Text: " \n"}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "one too long", as: birgit, do: "POST " + write, body: wire.MessageRequest{Text: strings.Repeat("ø", 301)}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "to all, by another clinic, reaches nobody here", as: anna, do: "POST /clinic/message", body: text, status: 200, must: []string{`"sent":0`}},
		{name: "to all, by the secretary", as: birgit, do: "POST /clinic/message", body: wire.MessageRequest{Text: "Vi er straks klar."}, status: 200, must: []string{`"sent":1`}, events: 1},
	})

	// a second tablet takes the place over and has what was written before
	join.TakeOver = "vagtskifte"
	held := ask[wire.Entry](nurseB, "POST", "/entries", join, 201)
	if held.ID != e.ID || len(held.Messages) != 2 || held.Messages[0].Text != written || !held.Messages[1].All {
		t.Fatalf("the second tablet has %+v", held.Messages)
	}
	s.play(lars, []scenario{
		{name: "the second tablet's nurse reads it", as: nurseB, do: "POST " + one + "/read", body: readIt, status: 200, must: []string{`"read_at"`}, events: 1},
		{name: "it is read for the first one too", as: nurseA, do: "POST " + one + "/read", body: readIt, status: 200, must: []string{`"read_at"`}},
		{name: "and the clinic sees it", as: birgit, do: "GET /clinic/entries", status: 200, must: []string{`"read_at"`}},
		{name: "the first tablet lets go", as: nurseA, do: "POST " + one + "/leave", body: wire.LeaveRequest{Reason: "left"}, status: 200, events: 1},
		{name: "the second one is still written to", as: birgit, do: "POST " + write, body: text, status: 200, events: 1},
		{name: "and gives the place up", as: nurseB, do: "POST " + one + "/leave", body: wire.LeaveRequest{Reason: "left"}, status: 200, events: 1},
		{name: "then nobody is left to write to", as: birgit, do: "POST " + write, body: text, status: 409, msg: kontakt.MsgWrongState},
	})
	if strings.Contains(s.log.String(), "urinprøve") {
		t.Error("the log has what was written")
	}
}

// E45 over HTTP: the last word on a delay is seen by who waits, by a tablet with nobody signed in, and by who looks a
// citizen up; by nobody at another clinic.
func TestScenarios_howLateAClinicIs(t *testing.T) {
	s := newStage(t)
	tab := s.enrol(0)
	nurse := tab.signIn("sanne")
	lars, birgit, anna := s.staff("lars"), s.staff("birgit"), s.staff("anna")
	c := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	e := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}, 201)
	one := "/entries/" + e.ID
	line := tab.open(e.Cursor)
	defer line.close()
	const is15, is30 = `"delay_min":15`, `"delay_min":30`
	s.play(lars, []scenario{
		{name: "the secretary says so", as: birgit, do: "POST /clinic/delay", body: wire.DelayRequest{Minutes: 15}, status: 200, must: []string{is15}, events: 1},
		{name: "and the doctor another", as: lars, do: "POST /clinic/delay", body: wire.DelayRequest{Minutes: 30}, status: 200, must: []string{is30}, events: 1},
		{name: "who waits sees the last", as: nurse, do: "GET " + one, status: 200, must: []string{is30, `"delay_at"`}, mustNot: []string{is15}},
		{name: "with nobody signed in too", as: tab.who, do: "GET " + one, status: 200, must: []string{is30}},
		{name: "and who looks a citizen up", as: nurse, do: "POST /citizens/lookup", body: wire.LookupRequest{CPR: karen}, status: 200, must: []string{is30}},
		{name: "another clinic is on time", as: anna, do: "GET /clinic", status: 200, mustNot: []string{"delay_min"}},
		{name: "a tablet does not say it", as: nurse, do: "POST /clinic/delay", body: wire.DelayRequest{Minutes: 5}, status: 403},
		{name: "nor is it longer than four hours", as: lars, do: "POST /clinic/delay", body: wire.DelayRequest{Minutes: 241}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "nor before now", as: lars, do: "POST /clinic/delay", body: wire.DelayRequest{Minutes: -1}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "it is over", as: birgit, do: "POST /clinic/delay", body: wire.DelayRequest{}, status: 200, mustNot: []string{"delay_min"}, events: 1},
		{name: "for who waits too", as: nurse, do: "GET " + one, status: 200, mustNot: []string{"delay_min"}},
	})
	for range 3 {
		line.until(kontakt.EventLineChanged)
	}
}
