package waiting_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// The tests name the edge cases of domain.md §9.

func TestE01_twoCliniciansStartAtOnceAndOneWins(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	const rounds = 20
	w := newWorld(t, rounds)
	for round := range rounds {
		e := w.join(w.lone, round)
		doctors := []kontakt.Actor{w.dorte, w.palle}
		var errs [2]error
		var got [2]kontakt.Entry
		var ready, done sync.WaitGroup
		ready.Add(2)
		for i, doctor := range doctors {
			done.Go(func() {
				ready.Done()
				ready.Wait()
				got[i], errs[i] = w.rooms.Start(w.as(doctor), e.ID, e.Version)
			})
		}
		done.Wait()
		winner := slices.IndexFunc(errs[:], func(err error) bool { return err == nil })
		if winner < 0 || errs[1-winner] == nil {
			t.Fatalf("errors = %v, want exactly one winner", errs)
		}
		wantError(t, errs[1-winner], kontakt.Conflict, kontakt.MsgAlreadyClaimed)
		if _, params := kontakt.MsgOf(errs[1-winner]); params["navn"] != doctors[winner].Name {
			t.Errorf("the other is told %q, want %q", params["navn"], doctors[winner].Name)
		}
		if got[winner].Call.Clinician.Name != doctors[winner].Name {
			t.Errorf("called by %q", got[winner].Call.Clinician.Name)
		}
		if rang := w.types(kontakt.EntryRoom(e.ID)); !slices.Equal(rang, []kontakt.EventType{kontakt.EventEntryChanged, kontakt.EventEntryCalled}) {
			t.Errorf("entry's room = %v, want joined and called once", rang)
		}
		w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	}
}

func TestE02_theSameClinicianStartsTwiceAndThereIsOneCall(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	first := w.start(w.dorte, e.ID)
	second, err := w.rooms.Start(w.as(w.dorte), e.ID, e.Version)
	if err != nil || second.Call.ID != first.Call.ID || second.Version != first.Version {
		t.Errorf("second start = %+v, %v; want the first's call", second.Call, err)
	}
}

func TestE03_twoCliniciansTakeTwoCitizens(t *testing.T) {
	w := newWorld(t, 2)
	a, b := w.join(w.lone, 0), w.join(w.mona, 1)
	w.start(w.dorte, a.ID)
	w.start(w.palle, b.ID)
	w.move(w.lone, a.ID, kontakt.MoveAnswer, "")
	w.move(w.mona, b.ID, kontakt.MoveAnswer, "")
	w.wantState(a.ID, kontakt.EntryInCall)
	w.wantState(b.ID, kontakt.EntryInCall)
}

func TestE04_theCitizenLeavesWhileBeingCalled(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	w.wantState(e.ID, kontakt.EntryLeft)
	ended := w.events(kontakt.CallRoom(call))
	if len(ended) != 1 || dataOf[wire.CallEnded](t, ended[0]) != (wire.CallEnded{Call: string(call), Reason: "left"}) {
		t.Errorf("call's room = %+v, want call.ended with left", ended)
	}
	_, err := w.rooms.Move(w.as(w.lone), e.ID, kontakt.MoveAnswer, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
	_, err = w.rooms.Signal(w.as(w.dorte), call, []kontakt.Signal{{Kind: kontakt.SignalReady}})
	wantError(t, err, kontakt.Gone, kontakt.MsgWrongState)
}

func TestE05_noAnswerAndAnswerAtOnceHaveOneOutcome(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	const rounds = 20
	w := newWorld(t, rounds)
	for round := range rounds {
		e := w.join(w.lone, round)
		w.start(w.dorte, e.ID)
		var errs [2]error
		var done sync.WaitGroup
		done.Go(func() { _, errs[0] = w.rooms.Move(w.as(w.lone), e.ID, kontakt.MoveAnswer, "") })
		done.Go(func() { _, errs[1] = w.rooms.Move(w.as(w.dorte), e.ID, kontakt.MoveNoAnswer, "") })
		done.Wait()
		got := w.entry(w.dorte, e.ID)
		switch {
		case errs[0] == nil && errs[1] != nil && got.State == kontakt.EntryInCall:
			w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
		case errs[0] != nil && errs[1] == nil && got.State == kontakt.EntryWaiting && got.Call == nil:
			w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
		default:
			t.Fatalf("state = %s, errors = %v; want one outcome", got.State, errs)
		}
	}
}

func TestE06_aRingThatNobodyAnswersKeepsNumberAndPlace(t *testing.T) {
	w := newWorld(t, 3)
	first, second := w.join(w.lone, 0), w.join(w.mona, 1)
	call := w.start(w.dorte, first.ID).Call
	if want := w.clock.Now().Add(time.Minute); !call.RingUntil.Equal(want) {
		t.Errorf("rings until %v, want %v", call.RingUntil, want)
	}
	w.pass(59 * time.Second)
	w.wantState(first.ID, kontakt.EntryCalled)
	w.pass(time.Second)
	got := w.wantState(first.ID, kontakt.EntryWaiting)
	if got.Number != first.Number || !got.JoinedAt.Equal(first.JoinedAt) || got.NoAnswers != 1 || !got.NoAnswerAt.Equal(w.clock.Now()) || got.Call != nil {
		t.Errorf("after the ring = %+v", got)
	}
	if seen := w.entry(w.lone, first.ID); seen.Notice != kontakt.MsgNoAnswer || seen.Before != 0 {
		t.Errorf("the tablet reads notice %q, before %d; want q.no_answer, 0", seen.Notice, seen.Before)
	}
	w.wantList(first.Number, second.Number)
	if again := w.start(w.palle, first.ID); again.Call.ID == call.ID {
		t.Error("the new call has the old call's id")
	}
}

func TestE07_threeNoAnswersStandBelowTheLineAndNobodyIsRemoved(t *testing.T) {
	w := newWorld(t, 2)
	first, second := w.join(w.lone, 0), w.join(w.mona, 1)
	for range waiting.BelowLine {
		w.start(w.dorte, first.ID)
		w.move(w.dorte, first.ID, kontakt.MoveNoAnswer, "")
	}
	got := w.wantState(first.ID, kontakt.EntryWaiting)
	if got.NoAnswers != waiting.BelowLine || got.Number != first.Number {
		t.Errorf("no answers = %d, number %d", got.NoAnswers, got.Number)
	}
	w.wantList(second.Number, first.Number)
	w.pass(12 * time.Hour)
	w.wantState(first.ID, kontakt.EntryWaiting)
}

func TestE08_waitTwoMinutesProlongsTheRingOnce(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.start(w.dorte, e.ID)
	w.pass(30 * time.Second)
	got := w.move(w.tablet, e.ID, kontakt.MoveWait, "")
	if want := w.clock.Now().Add(2 * time.Minute); !got.Call.RingUntil.Equal(want) || !got.PostponedTo.Equal(want) {
		t.Errorf("rings until %v, postponed to %v; want %v", got.Call.RingUntil, got.PostponedTo, want)
	}
	_, err := w.rooms.Move(w.as(w.lone), e.ID, kontakt.MoveWait, "")
	wantError(t, err, kontakt.Conflict, kontakt.MsgWrongState)
	w.pass(119 * time.Second)
	w.wantState(e.ID, kontakt.EntryCalled)
	w.pass(time.Second)
	if got := w.wantState(e.ID, kontakt.EntryWaiting); !got.PostponedTo.IsZero() {
		t.Error("still postponed")
	}
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveWait, "") // once a call, and this is another
}

func TestE09E10E12_closingKeepsThoseWhoWaitAndTakesNobodyNew(t *testing.T) {
	w := newWorld(t, 4)
	waits, called := w.join(w.lone, 0), w.join(w.mona, 1)
	w.start(w.dorte, called.ID)
	lineBefore := len(w.events(kontakt.LineRoom(w.torvet)))
	c, err := w.rooms.SetOpening(w.as(w.secr), false, false, "Lægen er syg")
	if err != nil || c.Open || c.Closed != "Lægen er syg" {
		t.Fatalf("clinic = %+v, %v", c, err)
	}
	if told := len(w.events(kontakt.LineRoom(w.torvet))) - lineBefore; told != 1 {
		t.Errorf("those who wait were told %d times, want once", told)
	}
	seen := w.entry(w.lone, waits.ID)
	if seen.State != kontakt.EntryWaiting || seen.Clinic.Open || seen.Clinic.Closed != "Lægen er syg" || seen.Clinic.Phone != "70000000" {
		t.Errorf("the tablet reads %s, %+v", seen.State, seen.Clinic)
	}
	w.move(w.mona, called.ID, kontakt.MoveAnswer, "") // E10: what was under way goes on
	_, err = w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[2], Clinic: w.torvet, Mode: kontakt.ModeConsultation})
	wantError(t, err, kontakt.Closed, kontakt.MsgClinicClosed)
	if _, err := w.rooms.SetOpening(w.as(w.dorte), true, false, ""); err != nil {
		t.Fatal(err)
	}
	if next := w.join(w.lone, 3); next.Number != 3 {
		t.Errorf("number = %d, want 3: the refused draw none", next.Number)
	}
}

func TestE11_atClosingTimeTheRoomTakesNobodyNew(t *testing.T) {
	w := newWorld(t, 2)
	w.update(func(tx *store.Tx) error {
		c, err := tx.Clinic(w.torvet)
		c.Opening.Hours[time.Monday] = kontakt.Span{From: 8 * 60, To: 12*60 + 30}
		c.Opening.Hours[time.Tuesday] = kontakt.Span{From: 9 * 60, To: 11 * 60}
		if err != nil {
			return err
		}
		return tx.SaveClinic(c)
	})
	e := w.join(w.lone, 0) // at 12.00
	if want := w.clock.Now().Add(30 * time.Minute); !e.Clinic.ClosesAt.Equal(want) {
		t.Errorf("closes at %v, want %v", e.Clinic.ClosesAt, want)
	}
	w.pass(30 * time.Minute)
	_, err := w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[1], Clinic: w.torvet, Mode: kontakt.ModeConsultation})
	wantError(t, err, kontakt.Closed, kontakt.MsgClinicClosed)
	seen := w.entry(w.lone, e.ID)
	if want := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC); seen.State != kontakt.EntryWaiting || !seen.Clinic.OpensAt.Equal(want) {
		t.Errorf("state = %s, opens at %v; want waiting, %v", seen.State, seen.Clinic.OpensAt, want)
	}
	if _, err := w.rooms.SetOpening(w.as(w.dorte), true, false, ""); err != nil { // the clinic may open outside its hours
		t.Fatal(err)
	}
	w.join(w.lone, 1)
}

func TestE11_theMinuteOfOpeningAndClosingIsTold(t *testing.T) {
	w := newWorld(t, 1)
	w.update(func(tx *store.Tx) error {
		c, err := tx.Clinic(w.torvet)
		if err != nil {
			return err
		}
		c.Opening.Hours[time.Monday] = kontakt.Span{From: 8 * 60, To: 12*60 + 30}
		c.Opening.Hours[time.Tuesday] = kontakt.Span{From: 9 * 60, To: 11 * 60}
		return tx.SaveClinic(c)
	})
	w.sweep() // at 12.00
	staff, line := kontakt.ClinicRoom(w.torvet), kontakt.LineRoom(w.torvet)
	before := len(w.events(line))
	tells := func(after time.Duration, want int) {
		t.Helper()
		w.clock.Add(after)
		w.sweep()
		w.sweep()
		if got := len(w.events(line)) - before; got != want || len(w.events(staff)) != len(w.events(line)) {
			t.Errorf("told %d times, want %d (staff %d, line %d)", got, want, len(w.events(staff)), len(w.events(line)))
		}
	}
	tells(29*time.Minute+59*time.Second, 0)
	tells(time.Second, 1)    // 12.30: closes
	tells(20*time.Hour, 1)   // the whole evening
	tells(30*time.Minute, 2) // Tuesday 9.00: opens
	w.restart()              // and was away at 11.00
	tells(2*time.Hour, 3)    // what it missed
	if n := len(w.events(kontakt.LineRoom(w.havnen))); n != 0 {
		t.Errorf("a clinic without hours was told of %d times", n)
	}
}

func TestE13_aTabletOutOfContactKeepsItsPlace(t *testing.T) {
	w := newWorld(t, 2)
	e, other := w.join(w.lone, 0), w.join(w.mona, 1)
	w.pass(time.Minute)
	w.clock.Add(44 * time.Second)
	w.sweep()
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceHere {
		t.Errorf("inside the grace time: %s", got.Presence)
	}
	w.clock.Add(time.Second)
	w.sweep()
	w.sweep()
	gone := w.wantState(e.ID, kontakt.EntryWaiting)
	if gone.Presence != kontakt.PresenceNoContact || gone.Number != e.Number {
		t.Errorf("presence = %s, number %d; want no_contact, %d", gone.Presence, gone.Number, e.Number)
	}
	if n := len(w.events(kontakt.EntryRoom(e.ID))); n != 2 {
		t.Errorf("%d events, want joined and out of contact", n)
	}
	w.wantList(e.Number, other.Number)
	w.start(w.dorte, e.ID) // presence hinders no claim
	w.move(w.dorte, e.ID, kontakt.MoveNoAnswer, "")
	w.clock.Add(8 * time.Hour)
	w.sweep()
	if err := w.rooms.Seen(context.Background(), []kontakt.DeviceID{w.lone.Device}); err != nil {
		t.Fatal(err)
	}
	if back := w.wantState(e.ID, kontakt.EntryWaiting); back.Presence != kontakt.PresenceHere || back.Number != e.Number {
		t.Errorf("back: %s, number %d", back.Presence, back.Number)
	}
}

func TestPresence_awayIsKeptWhileOutOfContact(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.move(w.lone, e.ID, kontakt.MoveAway, "")
	again := w.move(w.lone, e.ID, kontakt.MoveAway, "")
	if n := len(w.events(kontakt.EntryRoom(e.ID))); n != 2 || again.Version != 2 {
		t.Errorf("%d events, version %d; a known fact writes nothing", n, again.Version)
	}
	w.clock.Add(time.Hour)
	w.sweep()
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceNoContact {
		t.Errorf("presence = %s", got.Presence)
	}
	w.pass(time.Second)
	if got := w.entry(w.dorte, e.ID); got.Presence != kontakt.PresenceAway {
		t.Errorf("presence = %s, want away as the nurse said", got.Presence)
	}
}

func TestE14_aCallWithoutMediaResumesOrGoesToTheFront(t *testing.T) {
	w := newWorld(t, 3)
	first, second, third := w.join(w.lone, 0), w.join(w.mona, 1), w.join(w.mona, 2)
	call := w.start(w.dorte, second.ID).Call.ID
	w.move(w.mona, second.ID, kontakt.MoveAnswer, "")
	w.move(w.dorte, second.ID, kontakt.MoveLost, "")
	w.move(w.mona, second.ID, kontakt.MoveLost, "") // the other end says so too
	w.pass(9 * time.Minute)
	if got := w.move(w.mona, second.ID, kontakt.MoveLive, ""); got.State != kontakt.EntryInCall || got.Call.ID != call {
		t.Errorf("back within the grace time: %s in call %s", got.State, got.Call.ID)
	}
	w.move(w.dorte, second.ID, kontakt.MoveLost, "")
	w.pass(9*time.Minute + 59*time.Second)
	w.wantState(second.ID, kontakt.EntryInterrupted)
	w.pass(time.Second)
	got := w.wantState(second.ID, kontakt.EntryWaiting)
	if got.Number != second.Number || got.Call != nil || !got.StartedAt.IsZero() {
		t.Errorf("after the grace time = %+v", got)
	}
	w.wantList(second.Number, first.Number, third.Number)
	if seen := w.entry(w.mona, second.ID); seen.Before != 0 {
		t.Errorf("before = %d, want the front", seen.Before)
	}
	last := w.events(kontakt.CallRoom(call))
	if got := dataOf[wire.CallEnded](t, last[len(last)-1]); got.Reason != "interrupted" {
		t.Errorf("call ended by %q", got.Reason)
	}
}

func TestE14_aCallThatBothEndsLeftGoesToTheFrontAndOneThatIsReadGoesOn(t *testing.T) {
	w := newWorld(t, 3)
	waits, left, read := w.join(w.lone, 2), w.join(w.lone, 0), w.join(w.mona, 1)
	w.start(w.dorte, left.ID)
	call := w.start(w.dorte, read.ID).Call.ID
	w.move(w.lone, left.ID, kontakt.MoveAnswer, "")
	w.move(w.mona, read.ID, kontakt.MoveAnswer, "")
	attend := func(d time.Duration) {
		t.Helper()
		w.clock.Add(d)
		if err := w.rooms.Attended(context.Background(), []kontakt.CallID{call}); err != nil {
			t.Fatal(err)
		}
		w.sweep()
	}
	attend(9*time.Minute + 59*time.Second)
	w.wantState(left.ID, kontakt.EntryInCall)
	w.restart()
	attend(time.Second)
	w.wantState(left.ID, kontakt.EntryInCall) // a new process first lets both find their way back
	attend(10 * time.Minute)
	got := w.wantState(left.ID, kontakt.EntryWaiting)
	if got.Number != left.Number || got.Call != nil {
		t.Errorf("after both were gone = %+v", got)
	}
	w.wantState(read.ID, kontakt.EntryInCall)
	if seen := w.entry(w.lone, waits.ID); seen.Before != 1 {
		t.Errorf("before = %d, want 1: the one who was left stands at the front", seen.Before)
	}
}

func TestE16_aRestartLosesNoPlaceAndNoDeadline(t *testing.T) {
	const n = 50
	w := newWorld(t, n)
	for i := range n {
		w.join(w.lone, i)
	}
	before := w.list()
	held, err := w.rooms.Held(w.as(w.tablet))
	if err != nil || len(held) != n {
		t.Fatalf("held = %d, %v", len(held), err)
	}
	w.pass(20 * time.Second)
	called := w.start(w.dorte, held[0].ID)
	w.clock.Add(30 * time.Second) // down for so long; with the time before, out of contact for more than the grace time
	w.restart()
	if after := w.list(); !slices.Equal(before, after) {
		t.Errorf("list = %v, want %v", after, before)
	}
	if got := w.wantState(called.ID, kontakt.EntryCalled); got.Call.ID != called.Call.ID || !got.Call.RingUntil.Equal(called.Call.RingUntil) {
		t.Errorf("call = %+v, want %+v", got.Call, called.Call)
	}
	w.clock.Add(44 * time.Second) // every tablet gets the whole grace time to find its way back
	w.sweep()
	if got := w.entry(w.dorte, held[1].ID); got.Presence != kontakt.PresenceHere {
		t.Errorf("just after the restart: %s", got.Presence)
	}
	if got := w.wantState(called.ID, kontakt.EntryWaiting); got.NoAnswers != 1 || got.Number != called.Number {
		t.Errorf("the ring that ran out meanwhile: %+v", got)
	}
	w.clock.Add(time.Second)
	w.sweep()
	if got := w.entry(w.dorte, held[1].ID); got.Presence != kontakt.PresenceNoContact {
		t.Errorf("nobody came back: %s", got.Presence)
	}
	w.wantList(before...)
}

func TestE21E24_oneTicketForACitizenAndTheSecondIsToldWhoseItIs(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	_, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConference})
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
	_, params := kontakt.MsgOf(err)
	if params["n"] != fmt.Sprint(e.Number) || params["rolle"] != "sygeplejerske" || params["sted"] != "Lone Lunds enhed" {
		t.Errorf("told %v", params)
	}
	w.wantList(e.Number)
}

func TestE22E23_aTabletOrCitizenInACallIsNotCalledAgain(t *testing.T) {
	w := newWorld(t, 2)
	first, second := w.join(w.lone, 0), w.join(w.lone, 1)
	w.start(w.dorte, first.ID)
	_, err := w.rooms.Start(w.as(w.palle), second.ID, second.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgBusy)
	if got := w.wantState(second.ID, kontakt.EntryWaiting); got.NoAnswers != 0 {
		t.Error("counted as no answer")
	}
	// The same citizen in another clinic's room, as after a change of doctor; each clinic sees its own place only.
	w.update(func(tx *store.Tx) error {
		c, err := tx.Citizen(w.citizens[0])
		if err != nil {
			return err
		}
		c.Clinic = w.havnen
		_, err = tx.SaveCitizen(c)
		return err
	})
	elsewhere, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.havnen, Mode: kontakt.ModeConsultation})
	if err != nil {
		t.Fatal(err)
	}
	w.wantList(first.Number, second.Number)
	_, err = w.rooms.Start(w.as(w.bo), elsewhere.ID, elsewhere.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgBusy)
	w.move(w.lone, first.ID, kontakt.MoveAnswer, "")
	w.move(w.dorte, first.ID, kontakt.MoveEnd, "done")
	w.start(w.palle, second.ID)
	if _, err := w.rooms.Start(w.as(w.bo), elsewhere.ID, elsewhere.Version); err != nil {
		t.Error(err)
	}
}

func TestE39_theHourThatComesTwiceKeepsOrderAndIsToldApart(t *testing.T) {
	w := newWorld(t, 2)
	w.clock.Add(time.Date(2027, 10, 31, 0, 30, 0, 0, time.UTC).Sub(w.clock.Now())) // 02.30 in summer time
	first := w.join(w.lone, 0)
	w.pass(time.Hour) // 02.30 again, in winter time
	second := w.join(w.mona, 1)
	w.wantList(first.Number, second.Number)
	var rows []store.AuditRow
	w.update(func(tx *store.Tx) (err error) { rows, err = tx.Unsealed(100); return err })
	var local []string
	for _, r := range rows {
		if r.Action == "entry.join" {
			local = append(local, r.Local)
		}
	}
	if !slices.Equal(local, []string{"2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"}) {
		t.Errorf("audit says %v", local)
	}
}

func TestE40_midnightRestartsNumbersForNewPlacesOnly(t *testing.T) {
	w := newWorld(t, 3)
	a, b := w.join(w.lone, 0), w.join(w.lone, 1)
	w.clock.Add(time.Date(2026, 11, 23, 22, 59, 59, 0, time.UTC).Sub(w.clock.Now()))
	w.pass(2 * time.Second) // past Danish midnight, while UTC has the same day still
	c := w.join(w.mona, 2)
	if a.Number != 1 || b.Number != 2 || c.Number != 1 {
		t.Errorf("numbers = %d, %d, %d; want 1, 2 and after midnight 1", a.Number, b.Number, c.Number)
	}
	w.wantList(1, 2, 1)
	if c.Before != 2 {
		t.Errorf("before = %d, want yesterday's two", c.Before)
	}
}

func TestE41_theTabletsClockDecidesNothing(t *testing.T) {
	w := newWorld(t, 1)
	w.clock.Add(-2 * time.Hour) // whatever a tablet thinks: the only clock is the backend's
	e := w.join(w.lone, 0)
	if !e.JoinedAt.Equal(w.clock.Now()) {
		t.Errorf("joined at %v", e.JoinedAt)
	}
}

func TestE43_whoIsPassedOverKeepsThePlaceAndIsTold(t *testing.T) {
	w := newWorld(t, 3)
	first, second, third := w.join(w.lone, 0), w.join(w.mona, 1), w.join(w.mona, 2)
	line := len(w.events(kontakt.LineRoom(w.torvet)))
	w.start(w.dorte, second.ID)
	if len(w.events(kontakt.LineRoom(w.torvet))) != line+1 {
		t.Error("those who wait were not told to look")
	}
	if got := w.entry(w.lone, first.ID); got.Notice != kontakt.MsgPassed || got.Before != 0 || got.Version != first.Version {
		t.Errorf("passed over: notice %q, before %d, version %d", got.Notice, got.Before, got.Version)
	}
	if got := w.entry(w.mona, third.ID); got.Notice != "" {
		t.Errorf("one behind reads %q", got.Notice)
	}
	w.wantList(first.Number, second.Number, third.Number)
}

func TestE46_aHundredJoinAtOnceInOrderWithoutLossOrRepetition(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	const n = 100
	w := newWorld(t, n)
	var all sync.WaitGroup
	numbers := make([]int, n)
	for i := range n {
		all.Go(func() {
			e, err := w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[i], Clinic: w.torvet, Mode: kontakt.ModeConsultation})
			if err != nil {
				t.Error(err)
			}
			numbers[i] = e.Number
		})
	}
	all.Wait()
	slices.Sort(numbers)
	for i, got := range numbers {
		if got != i+1 {
			t.Fatalf("numbers = %v", numbers)
		}
	}
	if got := w.list(); !slices.Equal(got, numbers) {
		t.Errorf("list = %v", got)
	}
	for i, e := range w.events(kontakt.ClinicRoom(w.torvet)) {
		if e.Seq != kontakt.Seq(i+1) {
			t.Fatalf("event %d has Seq %d", i, e.Seq)
		}
	}
}

func TestJoin_anotherClinicsCitizenIsRefusedWithoutAnyOfItsData(t *testing.T) { // SD-08
	w := newWorld(t, 1)
	_, err := w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[0], Clinic: w.havnen, Mode: kontakt.ModeConsultation})
	wantError(t, err, kontakt.NotAttached, kontakt.MsgNotAttached)
	if strings.Contains(err.Error(), "Torvet") {
		t.Errorf("the refusal tells %q", err)
	}
	if got := w.audited(); !slices.Equal(got, []string{"entry.join refused"}) {
		t.Errorf("audit = %v", got)
	}
}

func TestJoin_askingForTooMuchIsInvalid(t *testing.T) {
	w := newWorld(t, 1)
	for name, j := range map[string]kontakt.Join{
		"no mode":          {Citizen: w.citizens[0], Clinic: w.torvet},
		"too long reason":  {Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Reason: strings.Repeat("æ", kontakt.MaxReason+1)},
		"another's reason": {Citizen: w.citizens[0], Clinic: w.torvet, Mode: "telefon"},
	} {
		_, err := w.rooms.Join(w.as(w.lone), j)
		if kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if e := w.join(w.lone, 0); e.Reason != "sår" {
		t.Errorf("reason = %q", e.Reason)
	}
}

func TestCall_theWholeWayWritesOneEventAndOneAuditRowForEachStep(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	if e.Number != 1 || e.Before != 0 || e.Wait.Known || e.Citizen.Name != "Test Borger 0" || e.Helper.Municipality != "Eksempel Kommune" ||
		e.Cursor[kontakt.EntryRoom(e.ID)] != 1 {
		t.Errorf("joined = %+v", e)
	}
	called := w.start(w.dorte, e.ID)
	data := dataOf[wire.EntryChanged](t, w.events(kontakt.EntryRoom(e.ID))[1])
	if data.Call != string(called.Call.ID) || data.State != "called" || data.Version != called.Version || !data.RingUntil.Equal(called.Call.RingUntil) {
		t.Errorf("entry.called says %+v", data)
	}
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	w.pass(3 * time.Minute)
	ended := w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
	if ended.EndedBy != "tablet" || ended.EndedAt.Sub(ended.StartedAt) != 3*time.Minute || ended.Call != nil {
		t.Errorf("ended = %+v", ended)
	}
	changed, calling := kontakt.EventEntryChanged, kontakt.EventEntryCalled
	for room, want := range map[kontakt.Room][]kontakt.EventType{
		kontakt.EntryRoom(e.ID):          {changed, calling, changed, changed},
		kontakt.ClinicRoom(w.torvet):     {changed, calling, changed, changed},
		kontakt.CallRoom(called.Call.ID): {kontakt.EventCallEnded},
		kontakt.LineRoom(w.torvet):       {kontakt.EventLineChanged, kontakt.EventLineChanged},
	} {
		if got := w.types(room); !slices.Equal(got, want) {
			t.Errorf("%s = %v, want %v", room, got, want)
		}
	}
	want := []string{"entry.join ok", "entry.start ok", "entry.answer ok", "entry.end ok"}
	if got := w.audited(); !slices.Equal(got, want) {
		t.Errorf("audit = %v, want %v", got, want)
	}
	if held, err := w.rooms.Held(w.as(w.tablet)); err != nil || len(held) != 0 {
		t.Errorf("held = %v, %v", held, err)
	}
}

func TestCall_signalsPassBothWaysAndTheLogGoesAMinuteAfterTheEnd(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	mid, line := "0", uint16(0)
	seq, err := w.rooms.Signal(w.as(w.lone), call, []kontakt.Signal{
		{From: "clinic", Kind: kontakt.SignalOffer, Peer: "p1", SDP: "v=0"},
		{Kind: kontakt.SignalCandidates, Peer: "p1", Candidates: []kontakt.Candidate{{Candidate: "candidate:1", SDPMid: &mid, SDPMLineIndex: &line}}},
	})
	if err != nil || seq != 2 {
		t.Fatalf("seq = %d, %v", seq, err)
	}
	if _, err := w.rooms.Signal(w.as(w.dorte), call, []kontakt.Signal{{Kind: kontakt.SignalAnswer, Peer: "p1", SDP: "v=0"}}); err != nil {
		t.Fatal(err)
	}
	events := w.events(kontakt.CallRoom(call))
	offer, candidates, answer := dataOf[wire.Signal](t, events[0]), dataOf[wire.Signal](t, events[1]), dataOf[wire.Signal](t, events[2])
	if offer.From != "tablet" || offer.SDP != "v=0" || answer.From != "clinic" || *candidates.Candidates[0].SDPMid != "0" {
		t.Errorf("signals = %+v, %+v, %+v", offer, candidates, answer)
	}
	for name, wrong := range map[string][]kontakt.Signal{
		"none": nil, "an answer from the tablet": {{Kind: kontakt.SignalAnswer}}, "a kind of its own": {{Kind: "x"}},
		"too many": slices.Repeat([]kontakt.Signal{{Kind: kontakt.SignalState}}, kontakt.MaxSignals+1),
	} {
		if _, err := w.rooms.Signal(w.as(w.lone), call, wrong); kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, a := range map[string]kontakt.Actor{"another tablet": w.mona, "another doctor": w.palle, "another clinic": w.bo} {
		_, err := w.rooms.Signal(w.as(a), call, []kontakt.Signal{{Kind: kontakt.SignalState}})
		if kontakt.KindOf(err) != kontakt.Hidden {
			t.Errorf("%s: %v, want Hidden", name, err)
		}
	}
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	if found, err := w.rooms.CallEntry(w.as(w.dorte), call); err != nil || found.ID != e.ID || found.Cursor[kontakt.CallRoom(call)] != 3 {
		t.Errorf("call's entry = %+v, %v", found, err)
	}
	w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	w.pass(59 * time.Second)
	if n := len(w.events(kontakt.CallRoom(call))); n != 4 {
		t.Errorf("%d events just after the end, want all 4", n)
	}
	w.pass(time.Second)
	if n := len(w.events(kontakt.CallRoom(call))); n != 0 {
		t.Errorf("%d events a minute after the end, want none", n)
	}
}

func TestNotNow_sendsBackWithoutCountingAsNoAnswer(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.start(w.dorte, e.ID)
	if got := w.move(w.tablet, e.ID, kontakt.MoveNotNow, ""); got.State != kontakt.EntryWaiting || got.NoAnswers != 0 || got.Number != e.Number {
		t.Errorf("after not now = %+v", got)
	}
}

func TestStart_aRowThatHasChangedSinceItWasShownIsNotClaimed(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.move(w.lone, e.ID, kontakt.MoveAway, "")
	_, err := w.rooms.Start(w.as(w.dorte), e.ID, e.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgVersion)
	w.start(w.dorte, e.ID)
}

func TestWait_isTheClinicsOwnRangeOnceThereAreData(t *testing.T) {
	w := newWorld(t, 8)
	for i := range 5 {
		e := w.join(w.lone, i)
		if e.Wait.Known {
			t.Fatalf("known after %d conversations", i)
		}
		w.start(w.dorte, e.ID)
		w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
		w.pass(time.Duration(10+i) * time.Minute)
		w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	}
	w.join(w.lone, 5)
	second := w.join(w.lone, 6)
	e := w.join(w.mona, 7)
	if e.Before != 2 || !e.Wait.Known || e.Wait.From > 24*time.Minute || e.Wait.To < 24*time.Minute || e.Wait.From < 10*time.Minute || e.Wait.To > time.Hour {
		t.Errorf("before = %d, wait = %+v; want 2, a range about two conversations of 12 min", e.Before, e.Wait)
	}
	if second.Wait.From >= e.Wait.From || second.Wait.To >= e.Wait.To {
		t.Errorf("one before: %+v, two before: %+v", second.Wait, e.Wait)
	}
	all, _, err := w.rooms.List(w.as(w.dorte))
	if err != nil {
		t.Fatal(err)
	}
	if got := all[2]; got.ID != e.ID || got.Wait != e.Wait {
		t.Errorf("the clinic's list says %+v, the tablet %+v", got.Wait, e.Wait)
	}
}

func TestActors_anotherLearnsNothing(t *testing.T) {
	w := newWorld(t, 2)
	e := w.join(w.lone, 0)
	nobody := kontakt.Actor{}
	for name, a := range map[string]kontakt.Actor{
		"another tablet": w.mona, "another clinic": w.bo, "nobody": nobody, "another citizen": {Role: kontakt.RoleCitizen, Citizen: w.citizens[1]},
	} {
		_, err := w.rooms.Entry(w.as(a), e.ID)
		wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
		_, err = w.rooms.Start(w.as(a), e.ID, e.Version)
		wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
		_, err = w.rooms.Move(w.as(a), e.ID, kontakt.MoveLeave, "left")
		wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
		if err := w.rooms.MayRead(w.as(a), []kontakt.Room{kontakt.EntryRoom(e.ID)}); kontakt.KindOf(err) != kontakt.Hidden {
			t.Errorf("%s may read the entry's room: %v", name, err)
		}
	}
	_, err := w.rooms.Move(w.as(w.tablet), e.ID, kontakt.MoveLeave, "left")
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	_, err = w.rooms.Start(w.as(w.secr), e.ID, e.Version)
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	_, err = w.rooms.Entry(context.Background(), e.ID)
	wantError(t, err, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	if seen := w.entry(w.tablet, e.ID); seen.Citizen.Name != "" || seen.Reason != "" || seen.Number != e.Number {
		t.Errorf("a tablet with nobody signed in reads %+v", seen.Citizen)
	}
}

func TestMayRead_eachRoomForItsOwn(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	call := w.start(w.dorte, e.ID).Call.ID
	everyone := map[string]kontakt.Actor{"lone": w.lone, "tablet": w.tablet, "mona": w.mona, "dorte": w.dorte, "palle": w.palle, "secretary": w.secr, "bo": w.bo}
	for room, readers := range map[kontakt.Room][]string{
		kontakt.ClinicRoom(w.torvet):            {"dorte", "palle", "secretary"},
		kontakt.LineRoom(w.torvet):              {"dorte", "palle", "secretary", "lone", "tablet"},
		kontakt.EntryRoom(e.ID):                 {"dorte", "palle", "secretary", "lone", "tablet"},
		kontakt.CallRoom(call):                  {"dorte", "lone", "tablet"},
		kontakt.DeviceRoom(w.lone.Device):       {"lone", "tablet"},
		kontakt.EntryRoom(kontakt.NewEntryID()): {},
	} {
		for name, a := range everyone {
			err := w.rooms.MayRead(w.as(a), []kontakt.Room{room})
			if may := slices.Contains(readers, name); may != (err == nil) {
				t.Errorf("%s reads %s: %v, want allowed %v", name, room, err, may)
			}
			if msg, _ := kontakt.MsgOf(err); err != nil && msg != kontakt.MsgNotFound && msg != kontakt.MsgNotAllowed {
				t.Errorf("%s reads %s: %v", name, room, err)
			}
		}
	}
	w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	if err := w.rooms.MayRead(w.as(w.tablet), []kontakt.Room{kontakt.LineRoom(w.torvet), kontakt.EntryRoom(e.ID)}); err != nil {
		t.Errorf("a stream that resumes just after the place was left: %v", err)
	}
}

func TestDo_aRepeatedRequestDrawsOneNumberAndARefusalIsAudited(t *testing.T) {
	w := newWorld(t, 2)
	join := func(key string, citizen int) error {
		_, err := w.db.Do(w.as(w.lone), "lone", key, fmt.Sprint(citizen), func(ctx context.Context) (kontakt.StoredReply, error) {
			e, err := w.rooms.Join(ctx, kontakt.Join{Citizen: w.citizens[citizen], Clinic: w.torvet, Mode: kontakt.ModeConsultation})
			return kontakt.StoredReply{Status: 201, Body: []byte(e.ID)}, err
		})
		return err
	}
	for range 3 {
		if err := join("key-0001", 0); err != nil {
			t.Fatal(err)
		}
	}
	w.wantList(1)
	if err := join("key-0002", 0); kontakt.KindOf(err) != kontakt.Conflict {
		t.Errorf("another key: %v", err)
	}
	if err := join("key-0003", 1); err != nil {
		t.Error(err)
	}
	w.wantList(1, 2)
	if got := w.audited(); !slices.Equal(got, []string{"entry.join ok", "entry.join refused", "entry.join ok"}) {
		t.Errorf("audit = %v", got)
	}
}

func TestRun_sweepsUntilItIsTold(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.start(w.dorte, e.ID)
	w.clock.Add(2 * time.Minute)
	swept := make(chan struct{})
	stop := w.db.Watch(func(rooms []kontakt.Room) {
		if slices.Contains(rooms, kontakt.EntryRoom(e.ID)) {
			close(swept)
		}
	})
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() {
		if err := w.rooms.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	<-swept
	cancel()
	run.Wait()
	w.db.Close()
}
