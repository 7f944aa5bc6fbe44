package waiting_test

import (
	"context"
	"slices"
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

// Who reaches for what is another clinic's learns nothing and leaves a row.
func TestAudit_tellsOfWhoTriedAnothersPlace(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	for _, a := range []kontakt.Actor{w.bo, w.mona} {
		_, err := w.rooms.Move(w.as(a), e.ID, kontakt.MoveLeave, "left")
		wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	}
	if got := w.audited(); !slices.Equal(got, []string{"entry.join ok", "entry.leave refused", "entry.leave refused"}) {
		t.Errorf("audit = %v", got)
	}
}

// Who talks has been called in: they are before nobody in the line any more.
func TestBefore_countsWhoStandsInTheLine(t *testing.T) {
	w := newWorld(t, 3)
	first, _, third := w.join(w.lone, 0), w.join(w.mona, 1), w.join(w.mona, 2)
	w.start(w.dorte, first.ID)
	if got := w.entry(w.mona, third.ID); got.Before != 2 {
		t.Errorf("while the first is called, %d are before the third, want 2", got.Before)
	}
	w.move(w.lone, first.ID, kontakt.MoveAnswer, "")
	if got := w.entry(w.mona, third.ID); got.Before != 1 {
		t.Errorf("while the first talks, %d are before the third, want 1", got.Before)
	}
}

// Who answers at last is there: cut off later, they stand in front, and not below the line for calls of before.
func TestE07_whoAnswersAtLastStandsAboveTheLineAgain(t *testing.T) {
	w := newWorld(t, 2)
	first, second := w.join(w.lone, 0), w.join(w.mona, 1)
	for range waiting.BelowLine {
		w.start(w.dorte, first.ID)
		w.move(w.dorte, first.ID, kontakt.MoveNoAnswer, "")
	}
	w.start(w.dorte, first.ID)
	w.move(w.lone, first.ID, kontakt.MoveAnswer, "")
	w.move(w.lone, first.ID, kontakt.MoveLost, "")
	w.pass(10 * time.Minute)
	if got := w.wantState(first.ID, kontakt.EntryWaiting); got.NoAnswers != 0 {
		t.Errorf("%d calls without an answer still count", got.NoAnswers)
	}
	w.wantList(first.Number, second.Number)
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
			e, err := w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[i], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken})
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

// M7: the clinic is told until when each was told to wait, which asking again does not shift, and a delay told since does.
func TestWait_theClinicSeesWhatWasToldWithTheNumber(t *testing.T) {
	w := newWorld(t, 7)
	if first := w.join(w.lone, 0); !w.told(first.ID).IsZero() {
		t.Error("told something before it was known")
	} else {
		w.move(w.lone, first.ID, kontakt.MoveLeave, "left")
	}
	for i := range 5 {
		e := w.join(w.lone, i)
		w.start(w.dorte, e.ID)
		w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
		w.pass(12 * time.Minute)
		w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
	}
	e := w.join(w.lone, 5)
	want := e.JoinedAt.Add(e.Wait.To)
	w.pass(10 * time.Minute)
	if again := w.entry(w.lone, e.ID); again.Version != e.Version || !w.told(e.ID).Equal(want) {
		t.Errorf("told until %s, want %s; version %d, was %d", w.told(e.ID), want, again.Version, e.Version)
	}
	w.mustTakeOver(w.mona, 5, "Lone har fri")
	if !w.told(e.ID).Equal(want) {
		t.Errorf("taken over, told until %s, want %s", w.told(e.ID), want)
	}
	if _, err := w.rooms.Delay(w.as(w.dorte), 15*time.Minute); err != nil {
		t.Fatal(err)
	}
	if !w.told(e.ID).Equal(want.Add(15 * time.Minute)) {
		t.Errorf("after a delay of 15 min told until %s, want %s", w.told(e.ID), want.Add(15*time.Minute))
	}
}

// told is what the clinic's list says.
func (w *world) told(id kontakt.EntryID) time.Time {
	w.t.Helper()
	all, _, err := w.rooms.List(w.as(w.dorte))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range all {
		if e.ID == id {
			return e.ToldUntil
		}
	}
	w.t.Fatalf("%s is not in the list", id)
	return time.Time{}
}
