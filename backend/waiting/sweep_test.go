package waiting_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
)

// sweepTwo sweeps two places, and has something happen to the one that comes second once the first is done with.
func (w *world) sweepTwo(a, b kontakt.EntryID, meanwhile func(second kontakt.EntryID)) (second kontakt.EntryID) {
	w.t.Helper()
	if err := w.rooms.Seen(w.t.Context(), []kontakt.DeviceID{w.lone.Device, w.mona.Device}); err != nil { // or both would be marked as out of contact first
		w.t.Fatal(err)
	}
	var met atomic.Bool
	defer w.db.Watch(func(rooms []kontakt.Room) {
		for first, other := range map[kontakt.EntryID]kontakt.EntryID{a: b, b: a} {
			if slices.Contains(rooms, kontakt.EntryRoom(first)) && met.CompareAndSwap(false, true) {
				second = other
				meanwhile(other)
			}
		}
	})()
	w.sweep()
	if second == "" {
		w.t.Fatal("neither was swept")
	}
	return second
}

func TestSweep_whoAsksForTimeInTheMiddleOfItGetsIt(t *testing.T) {
	w := newWorld(t, 2)
	a, b := w.join(w.lone, 0), w.join(w.mona, 1)
	w.start(w.dorte, a.ID)
	w.start(w.palle, b.ID)
	w.clock.Add(time.Minute) // both rings are over
	second := w.sweepTwo(a.ID, b.ID, func(second kontakt.EntryID) {
		w.move(map[kontakt.EntryID]kontakt.Actor{a.ID: w.lone, b.ID: w.mona}[second], second, kontakt.MoveWait, "")
	})
	for _, e := range []kontakt.EntryID{a.ID, b.ID} {
		want := map[bool]kontakt.EntryState{true: kontakt.EntryCalled, false: kontakt.EntryWaiting}[e == second]
		if seen := w.wantState(e, want); seen.NoAnswers != map[bool]int{false: 1}[e == second] {
			t.Errorf("%d calls without an answer", seen.NoAnswers)
		}
	}
}

func TestE09_openingInTheMiddleOfTheSweepSavesWhoIsLeft(t *testing.T) {
	w := newWorld(t, 2)
	a, b := w.join(w.lone, 0), w.join(w.mona, 1)
	w.setOpening(false, false)
	w.clock.Add(15 * time.Minute)
	second := w.sweepTwo(a.ID, b.ID, func(kontakt.EntryID) { w.setOpening(true, false) })
	w.wantState(second, kontakt.EntryWaiting)
}

// What another process told while it swept, who gets the sweeping back does not know: it tells anew.
func TestRun_whoGetsTheSweepingBackTellsHowTheClinicsStand(t *testing.T) {
	w := newWorld(t, 0)
	w.mondays(12*60 + 30)
	w.sweep() // Monday, 12.00: open
	other := waiting.New(w.db, w.opt)
	w.clock.Add(time.Hour)
	if err := other.Sweep(t.Context()); err != nil { // closed, as it tells
		t.Fatal(err)
	}
	w.clock.Add(20*time.Hour + 30*time.Minute) // Tuesday, 9.30: open again
	line := kontakt.LineRoom(w.torvet)
	before := len(w.events(line))
	ctx, swept := context.WithTimeout(t.Context(), time.Minute)
	defer swept()
	defer w.db.Watch(func(rooms []kontakt.Room) {
		if slices.Contains(rooms, line) {
			swept()
		}
	})()
	if err := w.rooms.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if told := len(w.events(line)) - before; told != 1 {
		t.Errorf("told %d times, want once", told)
	}
}
