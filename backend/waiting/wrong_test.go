package waiting_test

import (
	"slices"
	"testing"

	"kontaktlaege/internal/kontakt"
)

// E26: either side stops a conversation about the wrong patient. Both are told at once by a word of its own, the place
// ends, what was ordered and is not confirmed is void, nothing under it is read or written any more, and each side's
// reason stands in the audit.
func TestE26_theWrongPatientEndsThePlaceAndEachSideSaysWhy(t *testing.T) {
	for name, clinicFirst := range map[string]bool{"the nurse finds out": false, "the clinic finds out": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			e := w.inCall(0)
			w.ordered(e.ID)
			if err := w.rooms.ExplainWrong(w.as(w.lone), e.ID, kontakt.WrongNumber); kontakt.KindOf(err) != kontakt.Conflict {
				t.Errorf("said of a conversation that goes on: %v", err)
			}
			var ended kontakt.Entry
			if clinicFirst {
				var err error
				if ended, err = w.rooms.End(w.as(w.dorte), e.ID, kontakt.ReasonWrongPatient, 0); err != nil {
					t.Fatal(err) // no order that is open holds it up
				}
			} else {
				ended = w.move(w.lone, e.ID, kontakt.MoveEnd, kontakt.ReasonWrongPatient)
			}
			if ended.State != kontakt.EntryEnded || ended.EndReason != kontakt.ReasonWrongPatient {
				t.Fatalf("ended as %s %q", ended.State, ended.EndReason)
			}
			var told []string
			for _, event := range w.events(kontakt.CallRoom(e.Call.ID)) {
				if event.Type == kontakt.EventCallEnded {
					told = append(told, string(event.Data))
				}
			}
			if len(told) != 1 || !slices.ContainsFunc(told, func(s string) bool { return s == `{"call":"`+string(e.Call.ID)+`","reason":"wrong_patient"}` }) {
				t.Errorf("the call's room is told %q", told)
			}
			for _, a := range []kontakt.Actor{w.lone, w.dorte} {
				_, err := w.rooms.Orders(w.as(a), e.ID)
				wantError(t, err, kontakt.Conflict, kontakt.MsgWrongPatient)
				_, err = w.rooms.Card(w.as(a), e.ID)
				wantError(t, err, kontakt.Conflict, kontakt.MsgWrongPatient)
			}
			_, err := w.rooms.WriteOrder(w.as(w.lone), e.ID, pinex)
			wantError(t, err, kontakt.Conflict, kontakt.MsgWrongPatient)
			_, err = w.rooms.SaveCard(w.as(w.lone), e.ID, kontakt.Card{})
			wantError(t, err, kontakt.Conflict, kontakt.MsgWrongPatient)
			if e := w.entry(w.secr, e.ID); e.Unconfirmed != 0 {
				t.Errorf("%d orders of another are to be confirmed", e.Unconfirmed)
			}
			for a, why := range map[kontakt.Role]kontakt.WrongWhy{kontakt.RoleNurse: kontakt.WrongNumber, kontakt.RoleClinician: kontakt.WrongJournal} {
				who := w.lone
				if a == kontakt.RoleClinician {
					who = w.dorte
				}
				if err := w.rooms.ExplainWrong(w.as(who), e.ID, why); err != nil {
					t.Errorf("%s: %v", a, err)
				}
			}
			said := 0
			for _, row := range w.audited() {
				if row == "entry.wrong_patient ok" {
					said++
				}
			}
			if said != 2 {
				t.Errorf("%d sides have said why: %v", said, w.audited())
			}
			if err := w.rooms.ExplainWrong(w.as(w.lone), e.ID, "Karen Madsen"); kontakt.KindOf(err) != kontakt.Invalid {
				t.Errorf("free text is taken: %v", err)
			}
		})
	}
}
