package backend_test

import (
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// What a clinic does with its line over HTTP: order, hand-over, removal and taking it back, each by its own staff alone,
// and what the tablets read of it.
func TestScenarios_whatAClinicDoesWithItsLine(t *testing.T) {
	s := newStage(t)
	tabA, tabB := s.enrol(0), s.enrol(1)
	nurseA, nurseB := tabA.signIn("sanne"), tabB.signIn("mette")
	lars, peter, birgit, anna := s.staff("lars"), s.staff("peter"), s.staff("birgit"), s.staff("anna")
	c := ask[wire.Citizen](nurseA, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	join := wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}
	e := ask[wire.Entry](nurseA, "POST", "/entries", join, 201)
	one, at := "/entries/"+e.ID, "/clinic/entries/"+e.ID
	colleague := ask[wire.Staff](lars, "GET", "/clinic/staff", nil, 200)
	if len(colleague.Staff) == 0 || colleague.Staff[0].ID == "" {
		t.Fatalf("staff = %+v", colleague)
	}
	var toPeter string
	for _, p := range colleague.Staff {
		if p.Name == "Peter Lund" {
			toPeter = p.ID
		}
	}
	takeOver := join
	takeOver.TakeOver = "Jeg er hos borgeren nu"

	s.play(lars, []scenario{
		{name: "the second tablet is told whose place it is", as: nurseB, do: "POST /entries", body: join, status: 409, msg: kontakt.MsgAlreadyWaiting},
		{name: "and takes it over with a reason", as: nurseB, do: "POST /entries", body: takeOver, status: 201, must: []string{e.ID, `"number":1`, `"holders":2`}, events: 1},
		{name: "both hold it", as: nurseA, do: "GET /device/entries", status: 200, must: []string{e.ID}},
		{name: "urgent, with a reason", as: birgit, do: "POST " + at + "/urgent", body: wire.UrgentRequest{Urgent: true, Reason: "ondt i brystet"}, status: 200, must: []string{`"urgent":true`, "ondt i brystet"}, events: 1},
		{name: "urgent without one", as: birgit, do: "POST " + at + "/urgent", body: wire.UrgentRequest{Urgent: true}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "why is not for the tablet", as: nurseA, do: "GET " + one, status: 200, mustNot: []string{"ondt i brystet"}},
		{name: "last, with a reason", as: birgit, do: "POST " + at + "/place", body: wire.PlaceRequest{Reason: "kan vente"}, status: 200, must: []string{"kan vente"}, events: 1},
		{name: "before one who is not there", as: birgit, do: "POST " + at + "/place", body: wire.PlaceRequest{Before: string(kontakt.NewEntryID()), Reason: "x"}, status: 409, msg: kontakt.MsgVersion},
		{name: "another clinic does not order", as: anna, do: "POST " + at + "/place", body: wire.PlaceRequest{Reason: "x"}, status: 404, msg: kontakt.MsgNotFound},
		{name: "nor does a nurse", as: nurseA, do: "POST " + at + "/urgent", body: wire.UrgentRequest{Urgent: true, Reason: "x"}, status: 403},
		{name: "marked for a colleague", as: birgit, do: "POST " + at + "/transfer", body: wire.TransferRequest{To: toPeter}, status: 200, must: []string{"Peter Lund", "Birgit"}, events: 1},
		{name: "the tablet reads who goes on", as: nurseA, do: "GET " + one, status: 200, must: []string{"Peter Lund"}, mustNot: []string{"Birgit"}},
		{name: "to somebody who is none of theirs", as: birgit, do: "POST " + at + "/transfer", body: wire.TransferRequest{To: string(kontakt.NewEmployeeID())}, status: 400, msg: kontakt.MsgNotColleague},
		{name: "another clinic does not remove", as: anna, do: "POST " + at + "/remove", body: wire.RemoveRequest{Reason: "x"}, status: 404, msg: kontakt.MsgNotFound},
		{name: "removed without a reason", as: birgit, do: "POST " + at + "/remove", body: wire.RemoveRequest{Reason: " "}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "removed with one", as: birgit, do: "POST " + at + "/remove", body: wire.RemoveRequest{Reason: "Kørt på skadestuen"}, status: 200, must: []string{`"state":"left"`, `"restorable":true`}, events: 1},
		{name: "the tablet reads it", as: nurseA, do: "GET " + one, status: 200, must: []string{string(kontakt.MsgRemoved), "Kørt på skadestuen", `"phone"`}},
		{name: "the list still finds it", as: peter, do: "GET /clinic/entries", status: 200, must: []string{e.ID, `"restorable":true`}},
		{name: "and gives it back", as: peter, do: "POST " + at + "/restore", status: 200, must: []string{`"state":"waiting"`, `"number":1`}, events: 1},
		{name: "but once", as: peter, do: "POST " + at + "/restore", status: 409, msg: kontakt.MsgWrongState},
		{name: "the first tablet lets go", as: nurseA, do: "POST " + one + "/leave", body: wire.LeaveRequest{Reason: "left"}, status: 200, must: []string{`"state":"left"`}, events: 1},
		{name: "and holds nothing", as: nurseA, do: "GET " + one, status: 404, msg: kontakt.MsgNotFound},
		{name: "the place stands", as: nurseB, do: "GET " + one, status: 200, must: []string{`"state":"waiting"`, `"holders":1`}},
		{name: "keeping is for clinics that allow it", as: birgit, do: "POST /clinic/opening", body: wire.OpeningRequest{Keep: true}, status: 403, msg: kontakt.MsgNotAllowed},
	})

	list := ask[wire.ClinicEntries](lars, "GET", "/clinic/entries", nil, 200)
	ask[wire.StartReply](lars, "POST", at+"/start", wire.StartRequest{Version: list.Entries[0].Version}, 200)
	ask[wire.Entry](nurseB, "POST", one+"/answer", nil, 200)
	s.play(lars, []scenario{
		{name: "a colleague does not hand the call over", as: peter, do: "POST " + at + "/transfer", body: wire.TransferRequest{To: toPeter}, status: 409, msg: kontakt.MsgAlreadyClaimed},
		{name: "whose it is does", as: lars, do: "POST " + at + "/transfer", body: wire.TransferRequest{To: toPeter}, status: 200, must: []string{`"state":"waiting"`, `"number":1`}, events: 1},
		{name: "the tablet reads so", as: nurseB, do: "GET " + one, status: 200, must: []string{string(kontakt.MsgHandedOver), "Peter Lund"}},
	})
}
