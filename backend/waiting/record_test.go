package waiting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// says gives a record's lines in short.
func says(r kontakt.Record) []string {
	var all []string
	for _, l := range r.Lines {
		all = append(all, strings.Join(slices.DeleteFunc([]string{string(l.What), string(l.Who), l.Detail, l.Name, l.Words, "by " + l.By},
			func(s string) bool { return s == "" }), " "))
	}
	return all
}

func (w *world) record(a kontakt.Actor, id kontakt.EntryID) kontakt.Record {
	w.t.Helper()
	r, err := w.rooms.Record(w.as(a), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// M11: consent, who was there and when, mode, tools, the clinician's name and how it ended; the same to both sides.
func TestRecord_tellsTheWholeVisitToBothSidesAlike(t *testing.T) {
	w := newWorld(t, 1)
	e, err := w.rooms.Join(w.as(w.lone), kontakt.Join{
		Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation,
		Consent: kontakt.Consent{Kind: kontakt.ConsentCannot, Reason: "Ved ikke, hvor hun er"},
	})
	if err != nil {
		t.Fatal(err)
	}
	note := func(a kontakt.Actor, n kontakt.Addition) {
		t.Helper()
		if _, err := w.rooms.AddToRecord(w.as(a), e.ID, n); err != nil {
			t.Fatalf("%+v: %v", n, err)
		}
	}
	note(w.lone, kontakt.Addition{What: kontakt.RecordIn, Who: kontakt.RoleInRelative})
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	if _, err := w.rooms.SetMode(w.as(w.dorte), e.ID, kontakt.ModeConference); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	w.move(w.lone, e.ID, kontakt.MoveAway, "") // M10: the nurse goes out
	w.move(w.lone, e.ID, kontakt.MoveAway, "")
	w.move(w.lone, e.ID, kontakt.MoveHere, "")
	note(w.lone, kontakt.Addition{What: kontakt.RecordTool, Detail: kontakt.ToolStill})
	note(w.lone, kontakt.Addition{What: kontakt.RecordOut, Who: kontakt.RoleInRelative})
	w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	ended := w.record(w.lone, e.ID)
	note(w.secr, kontakt.Addition{What: kontakt.RecordCorrection, Corrects: 5, Words: "Det var datteren, ikke en nabo."})
	mine, theirs := w.record(w.lone, e.ID), w.record(w.dorte, e.ID)
	want := []string{
		"consent cannot Ved ikke, hvor hun er by tablet", "in nurse by tablet", "in citizen by tablet", "mode videokonsultation by tablet",
		"in relative by tablet", "call clinician Dorte Dam by tablet", "mode videokonference by clinic", "alone by tablet", "alone_over by tablet",
		"tool still by tablet", "out relative by tablet", "end done by clinic", "correction Det var datteren, ikke en nabo. by clinic",
	}
	if got := says(mine); !slices.Equal(got, want) {
		t.Errorf("the record says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(mine.Lines, theirs.Lines) || mine.Code == "" || mine.Code != theirs.Code || mine.Code == ended.Code {
		t.Errorf("codes %q and %q, before the correction %q", mine.Code, theirs.Code, ended.Code)
	}
	if last := mine.Lines[len(mine.Lines)-1]; last.Corrects != 5 || last.N != len(want) {
		t.Errorf("the correction is %+v", last)
	}
}

func TestRecord_isNobodyElses(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	for name, row := range map[string]struct {
		a    kontakt.Actor
		kind kontakt.Kind
	}{
		"another tablet": {w.mona, kontakt.Hidden}, "another clinic": {w.bo, kontakt.Hidden}, "nobody signed in": {w.tablet, kontakt.Forbidden},
	} {
		_, err := w.rooms.Record(w.as(row.a), e.ID)
		wantError(t, err, row.kind, map[kontakt.Kind]kontakt.MsgKey{kontakt.Hidden: kontakt.MsgNotFound, kontakt.Forbidden: kontakt.MsgNotAllowed}[row.kind])
		if _, err := w.rooms.AddToRecord(w.as(row.a), e.ID, kontakt.Addition{What: kontakt.RecordTool, Detail: kontakt.ToolText}); kontakt.KindOf(err) != row.kind {
			t.Errorf("%s notes: %v", name, err)
		}
	}
	relative := kontakt.Addition{What: kontakt.RecordIn, Who: kontakt.RoleInRelative}
	_, err := w.rooms.AddToRecord(w.as(w.dorte), e.ID, relative)
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed) // who is in the room is not seen from the clinic
	_, err = w.rooms.AddToRecord(w.as(w.lone), e.ID, kontakt.Addition{What: kontakt.RecordCorrection, Corrects: 99, Words: "x"})
	wantError(t, err, kontakt.NotFound, kontakt.MsgNotFound)
	w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	_, err = w.rooms.AddToRecord(w.as(w.lone), e.ID, relative)
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
	w.pass(25 * time.Hour)
	if got := w.record(w.lone, e.ID); len(got.Lines) != 0 {
		t.Errorf("a day after the end it says %v", says(got))
	}
}

// E47: the citizen changes her mind, and it is over for all at once.
func TestWithdraw_endsPlaceAndCallAtOnce(t *testing.T) {
	for name, row := range map[string]struct {
		until []kontakt.Move
		state kontakt.EntryState
		open  kontakt.EntryState
	}{
		"waiting": {nil, kontakt.EntryLeft, kontakt.EntryWaiting},
		"called":  {[]kontakt.Move{"start"}, kontakt.EntryLeft, kontakt.EntryCalled},
		"in call": {[]kontakt.Move{"start", kontakt.MoveAnswer}, kontakt.EntryEnded, kontakt.EntryInCall},
		"cut":     {[]kontakt.Move{"start", kontakt.MoveAnswer, kontakt.MoveLost}, kontakt.EntryEnded, kontakt.EntryInterrupted},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			e := w.join(w.lone, 0)
			var call kontakt.CallID
			for _, m := range row.until {
				if m == "start" {
					call = w.start(w.dorte, e.ID).Call.ID
				} else {
					w.move(w.lone, e.ID, m, "")
				}
			}
			inCall := row.state == kontakt.EntryEnded
			_, err := w.rooms.Move(w.as(w.tablet), e.ID, kontakt.MoveWithdraw, "")
			if inCall {
				if err != nil {
					t.Fatalf("a tablet with nobody signed in: %v", err)
				}
			} else {
				wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed) // a passer-by ends nobody's place
				_, err = w.rooms.Move(w.as(w.dorte), e.ID, kontakt.MoveWithdraw, "")
				wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
				w.move(w.lone, e.ID, kontakt.MoveWithdraw, "")
			}
			got := w.entry(w.lone, e.ID)
			if got.State != row.state || got.EndReason != kontakt.ReasonWithdrawn || got.EndedBy != "tablet" || got.Notice != kontakt.MsgWithdrawn || got.Call != nil {
				t.Errorf("withdrawn = %+v", got)
			}
			events := w.events(kontakt.ClinicRoom(w.torvet))
			if said := dataOf[wire.EntryChanged](t, events[len(events)-1]); said.Reason != kontakt.ReasonWithdrawn || said.State != string(row.state) {
				t.Errorf("the clinic is told %+v", said)
			}
			if call != "" {
				all := w.events(kontakt.CallRoom(call))
				if said := dataOf[wire.CallEnded](t, all[len(all)-1]); said.Reason != kontakt.ReasonWithdrawn {
					t.Errorf("the call is told %+v", said)
				}
			}
			lines := says(w.record(w.lone, e.ID))
			if want := []string{"withdrawn by tablet", "end consent_withdrawn by tablet"}; !slices.Equal(lines[len(lines)-2:], want) {
				t.Errorf("the record ends %v, want %v", lines, want)
			}
			_, err = w.rooms.Move(w.as(w.lone), e.ID, kontakt.MoveWithdraw, "")
			wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
			if again := w.join(w.lone, 0); again.ID == e.ID {
				t.Error("who agrees again gets no new place")
			}
		})
	}
}

// E56: 112 is called; the place is kept, whatever its state, and the clinic sees when.
func TestEmergency_keepsThePlaceAndTellsTheClinic(t *testing.T) {
	w := newWorld(t, 2)
	w.join(w.mona, 1)
	e := w.join(w.lone, 0)
	got := w.move(w.tablet, e.ID, kontakt.MoveEmergency, "") // nobody needs to sign in to save a life
	at := w.clock.Now()
	w.clock.Add(time.Minute)
	w.move(w.lone, e.ID, kontakt.MoveEmergency, "")
	seen := w.entry(w.dorte, e.ID)
	if got.State != kontakt.EntryWaiting || got.Number != e.Number || got.Before != e.Before || !seen.EmergencyAt.Equal(at) || seen.Version != got.Version {
		t.Errorf("the clinic sees %+v", seen)
	}
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	if seen := w.entry(w.dorte, e.ID); !seen.EmergencyAt.Equal(at) {
		t.Errorf("in the call it is forgotten: %+v", seen)
	}
	if lines := says(w.record(w.dorte, e.ID)); !slices.Contains(lines, "emergency by tablet") {
		t.Errorf("the record says %v", lines)
	}
	_, err := w.rooms.Move(w.as(w.bo), e.ID, kontakt.MoveEmergency, "")
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	w.update(func(tx *store.Tx) error {
		p, err := tx.Entry(e.ID)
		if !p.EmergencyAt.Equal(at) {
			t.Errorf("kept is %v, want %v", p.EmergencyAt, at)
		}
		return err
	})
}

// M11: who sits beside the citizen is told with the number, and told anew; it stands in the record, at the clinic, and in the
// summary.
func TestRecord_tellsWhoIsInTheRoom(t *testing.T) {
	w := newWorld(t, 1)
	e, err := w.rooms.Join(w.as(w.lone), kontakt.Join{
		Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: kontakt.Consent{Kind: kontakt.ConsentOral},
		Told: kontakt.Told{Reason: "sår", Room: "colleague relative"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"consent oral by tablet", "in nurse by tablet", "in citizen by tablet", "in relative by tablet", "in colleague by tablet", "mode videokonsultation by tablet"}
	if got := says(w.record(w.dorte, e.ID)); !slices.Equal(got, want) {
		t.Errorf("record %q, want %q", got, want)
	}
	if _, err := w.rooms.SaveTold(w.as(w.lone), e.ID, 0, kontakt.Told{Reason: "sår", Room: "relative interpreter"}); err != nil {
		t.Fatal(err)
	}
	if got := says(w.record(w.lone, e.ID))[len(want):]; !slices.Equal(got, []string{"out colleague by tablet", "in interpreter by tablet"}) {
		t.Errorf("told anew: %q", got)
	}
	w.talk(w.dorte, w.lone, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
	if all := w.summaries(w.lone); len(all) != 1 || !slices.Equal(all[0].Others, []kontakt.GuestKind{kontakt.GuestRelative, kontakt.GuestInterpreter}) {
		t.Errorf("summaries %+v", all)
	}
}
