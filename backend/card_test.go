package backend_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// M4 over HTTP: who writes a card, who reads it, what the clinic's list says of it, and that its events say nothing.
func TestScenarios_aCardBesideTheCall(t *testing.T) {
	s := newStage(t)
	tabA, tabB := s.enrol(0), s.enrol(1)
	nurseA, nurseB := tabA.signIn("sanne"), tabB.signIn("mette")
	lars, birgit, anna := s.staff("lars"), s.staff("birgit"), s.staff("anna")
	c := ask[wire.Citizen](nurseA, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	join := wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}
	e := ask[wire.Entry](nurseA, "POST", "/entries", join, 201)
	card, clinic, told := "/entries/"+e.ID+"/card", "/clinic/entries/"+e.ID+"/card", "/entries/"+e.ID+"/told"
	situation := kontakt.ISBAR{Situation: " Taler usammenhængende.\nSpiser ikke. "}
	long := strings.Repeat("𝛼", kontakt.MaxLetter) // twelve bytes each, when it is escaped
	whole := kontakt.ISBAR{Situation: long, Background: long, Analysis: long, Request: long}
	s.play(lars, []scenario{
		{name: "a card that nobody wrote has the reason", as: lars, do: "GET " + clinic, status: 200, must: []string{`"version":0`, "hævet ben"}},
		{name: "the nurse writes it", as: nurseA, do: "PUT " + card, body: wire.CardRequest{ISBAR: situation}, status: 200, must: []string{`"version":1`, `"Taler usammenhængende.\nSpiser ikke."`, "Sanne Ravn"}, events: 1},
		{name: "the clinic reads it", as: birgit, do: "GET " + clinic, status: 200, must: []string{"usammenhængende", "Sanne Ravn", `"version":1`}},
		{name: "and its list says that there is one", as: lars, do: "GET /clinic/entries", status: 200, must: []string{`"card":{"version":1,"isbar":true}`}, mustNot: []string{"usammenhængende"}},
		{name: "the nurse reads it again", as: nurseA, do: "GET " + card, status: 200, must: []string{"usammenhængende"}},
		{name: "not by the clinic's door", as: nurseA, do: "GET " + clinic, status: 403},
		{name: "nor the clinic by hers", as: lars, do: "GET " + card, status: 401},
		{name: "nor with nobody signed in", as: tabA.who, do: "GET " + card, status: 403},
		{name: "nor another tablet's nurse", as: nurseB, do: "GET " + card, status: 404, msg: kontakt.MsgNotFound},
		{name: "nor another clinic", as: anna, do: "GET " + clinic, status: 404, msg: kontakt.MsgNotFound},
		{name: "who has not seen the newest does not write over it", as: nurseA, do: "PUT " + card, body: wire.CardRequest{ISBAR: kontakt.ISBAR{Situation: "Svimmel"}}, status: 409, msg: kontakt.MsgCardChanged},
		{name: "all that may stand in it fits", as: nurseA, do: "PUT " + card, body: wire.CardRequest{Version: 1, ISBAR: whole}, status: 200, events: 1},
		{name: "a letter too long does not", as: nurseA, do: "PUT " + card, body: wire.CardRequest{Version: 2, ISBAR: kontakt.ISBAR{Request: long + "x"}}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "the reason is told anew", as: nurseA, do: "PUT " + told, body: wire.ToldRequest{Version: 2, Told: kontakt.Told{Reason: "hævet ben og feber"}}, status: 200, must: []string{`"version":3`, "og feber"}, events: 1},
		{name: "and stands in the list", as: birgit, do: "GET /clinic/entries", status: 200, must: []string{"hævet ben og feber"}},
		{name: "not by who holds no place", as: nurseB, do: "PUT " + told, body: wire.ToldRequest{Version: 3, Told: kontakt.Told{Reason: "x"}}, status: 404, msg: kontakt.MsgNotFound},
		{name: "the place is given up", as: nurseA, do: "POST /entries/" + e.ID + "/leave", body: wire.LeaveRequest{Reason: "left"}, status: 200, events: 1},
		{name: "then nobody writes any more", as: nurseA, do: "PUT " + card, body: wire.CardRequest{Version: 3}, status: 409, msg: kontakt.MsgWrongState},
		{name: "the nurse has no more of it", as: nurseA, do: "GET " + card, status: 404, msg: kontakt.MsgNotFound},
		{name: "the clinic has, for its journal", as: lars, do: "GET " + clinic, status: 200, must: []string{long}},
	})
	if strings.Contains(s.log.String(), "usammenhængende") {
		t.Error("the log has what was written")
	}
}

// The event that there is another card comes to the clinic's stream and to the tablet's, and holds ids alone.
func TestCard_bothSidesAreToldThatItIsAnother(t *testing.T) {
	s := newStage(t)
	tab := s.enrol(0)
	nurse := tab.signIn("sanne")
	lars := s.staff("lars")
	c := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	join := wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}
	e := ask[wire.Entry](nurse, "POST", "/entries", join, 201)
	streams := []*sse{tab.open(e.Cursor), lars.open(ask[wire.ClinicEntries](lars, "GET", "/clinic/entries", nil, 200).Cursor)}
	ask[wire.Card](nurse, "PUT", "/entries/"+e.ID+"/card", wire.CardRequest{ISBAR: kontakt.ISBAR{Situation: "feber"}}, 200)
	for _, st := range streams {
		defer st.close()
		var data wire.CardChanged
		told := st.until(kontakt.EventCardChanged)
		if err := json.Unmarshal(told.Data, &data); err != nil || data != (wire.CardChanged{Entry: e.ID, Version: 1}) || strings.Contains(string(told.Data), "feber") {
			t.Errorf("told %s, %v", told.Data, err)
		}
	}
}
