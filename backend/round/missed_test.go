package round_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
)

// M8: a visit that nobody has come to half an hour after its time goes on the unit's list, once; one that is under way
// does not.
func TestMissed_halfAnHourLate(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		w.add(w.lone, 0, 10)
		w.add(w.lone, 1, 10)
		w.add(w.lone, 2, 60)
		w.add(w.lone, 3, 0)
		w.join(w.lone, 1)
		w.pass(39 * time.Minute)
		if all := w.missed(w.mona); len(all) != 0 {
			t.Fatalf("a minute early: %s", w.says(all))
		}
		w.pass(time.Minute)
		w.sweep()
		w.wantRound(w.lone, "1 under_way, 2 planned, 3 planned")
		for _, a := range []kontakt.Actor{w.lone, w.mona} {
			all := w.missed(a)
			if w.says(all) != " | 0 missed" || all[0].Nurse.Name != "Lone Lund" || all[0].Place != "stue 0" || all[0].Position != 0 {
				t.Errorf("%s sees %+v", a.Name, all)
			}
		}
		for _, a := range []kontakt.Actor{w.vera, w.tove} {
			if all := w.missed(a); len(all) != 0 {
				t.Errorf("%s, of another unit, sees %s", a.Name, w.says(all))
			}
		}
		for a, want := range map[kontakt.DeviceID]int{w.lone.Device: 1, w.mona.Device: 1, w.vera.Device: 0, w.tove.Device: 0} {
			if n := w.count(kontakt.DeviceRoom(a), kontakt.EventVisitMissed); n != want {
				t.Errorf("a tablet was told %d times, want %d", n, want)
			}
		}
		if rows := w.audited(); !slices.Contains(rows, "round.end ok late system") {
			t.Errorf("audit: %q", rows)
		}
	})
}

// M8: on any number of nodes each visit is missed once.
func TestMissed_onceOnTwoNodes(t *testing.T) {
	w := newWorld(t, 20, storetest.Postgres)
	other := w.start()
	for i := range w.citizens {
		w.add(w.lone, i, 1)
	}
	w.clock.Add(time.Hour)
	var wg sync.WaitGroup
	for _, n := range []node{w.node, other, w.start(), w.start()} { // a node sweeps once at a time
		wg.Go(func() {
			if err := n.rounds.Sweep(t.Context()); err != nil && kontakt.KindOf(err) != kontakt.Unavailable {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w.sweep()
	if n := w.count(kontakt.DeviceRoom(w.mona.Device), kontakt.EventVisitMissed); n != 20 || len(w.missed(w.mona)) != 20 {
		t.Errorf("%d events and %d missed visits, want 20", n, len(w.missed(w.mona)))
	}
}

// A colleague of the unit takes a missed visit over, and only one of them does.
func TestTake_oneOfTheUnit(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		id := w.add(w.lone, 0, 0).Visits[0].ID
		must[kontakt.Round](t)(w.rounds.End(w.as(w.lone), id, kontakt.VisitMissed))
		w.wantRound(w.lone, "")
		for _, a := range []kontakt.Actor{w.vera, w.tove, w.dorte} {
			if _, err := w.rounds.Take(w.as(a), id); kontakt.KindOf(err) != kontakt.Hidden && kontakt.KindOf(err) != kontakt.Forbidden {
				t.Errorf("by %s: %v", a.Name, err)
			}
		}
		w.add(w.mona, 1, 0)
		must[kontakt.Round](t)(w.rounds.Take(w.as(w.mona), id))
		w.wantRound(w.mona, "1 planned, 0 planned")
		if all := w.missed(w.lone); len(all) != 0 {
			t.Errorf("still on the list: %s", w.says(all))
		}
		_, err := w.rounds.Take(w.as(w.lone), id)
		wantError(t, err, kontakt.Conflict, kontakt.MsgVisitTaken)
		if _, params := kontakt.MsgOf(err); params["navn"] != "Mona Møller" {
			t.Errorf("taken by %q", params["navn"])
		}
		must[kontakt.Round](t)(w.rounds.Take(w.as(w.mona), id)) // an answer that was lost
		w.wantRound(w.mona, "1 planned, 0 planned")
	})
}

// Who draws a number for a citizen on the unit's list has come to them: the visit is hers.
func TestTake_byDrawingANumber(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		for i := range 2 {
			id := w.visit(w.add(w.lone, i, 0), i).ID
			must[kontakt.Round](t)(w.rounds.End(w.as(w.lone), id, kontakt.VisitMissed))
		}
		w.join(w.vera, 0) // of another unit
		if n := len(w.missed(w.lone)); n != 2 {
			t.Errorf("%d on the list, want 2", n)
		}
		w.join(w.mona, 1)
		w.wantRound(w.mona, "1 under_way")
		if all := w.missed(w.lone); w.says(all) != " | 0 missed" {
			t.Errorf("on the list: %s", w.says(all))
		}
	})
}

// Whoever takes a late visit over gets the half hour anew.
func TestTake_isNotLateAtOnce(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		w.add(w.lone, 0, 1)
		w.pass(time.Hour)
		must[kontakt.Round](t)(w.rounds.Take(w.as(w.mona), w.missed(w.mona)[0].ID))
		w.pass(29 * time.Minute)
		w.wantRound(w.mona, "0 planned")
		w.pass(time.Minute)
		w.wantRound(w.mona, "")
	})
}

// E64: a citizen who waits at a tablet that was revoked goes on the unit's list, and with whoever takes them over the
// place: the number is kept, and the clinic sees the new contact.
func TestMissed_whoWaitsAtARevokedTablet(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		w.add(w.lone, 0, 0)
		planned, alone := w.join(w.lone, 0), w.join(w.lone, 1)
		kept := w.join(w.mona, 2)
		w.update(func(tx *store.Tx) error {
			_, err := tx.RevokeDevice(w.lone.Device)
			return errors.Join(err, tx.EndDeviceSessions(w.lone.Device, kontakt.RoleNurse))
		})
		w.sweep()
		w.sweep()
		all := w.missed(w.mona)
		if w.says(all) != " | 0 missed, 1 missed" && w.says(all) != " | 1 missed, 0 missed" {
			t.Fatalf("the unit sees %s", w.says(all))
		}
		for _, v := range all {
			must[kontakt.Round](t)(w.rounds.Take(w.as(w.mona), v.ID))
		}
		for _, was := range []kontakt.Entry{planned, alone} {
			is := w.entry(w.mona, was.ID)
			if is.Number != was.Number || is.State != kontakt.EntryWaiting || is.Helper.Name != "Mona Møller" || is.Device != w.mona.Device || is.Holders != 1 {
				t.Errorf("place = %+v", is)
			}
			if seen := w.entry(w.dorte, was.ID); seen.Helper.Name != "Mona Møller" {
				t.Errorf("the clinic sees %+v", seen.Helper)
			}
		}
		if is := w.entry(w.mona, kept.ID); is.Version != kept.Version {
			t.Error("a place of a tablet that may be used was touched")
		}
		w.pass(time.Hour)
		if all := w.missed(w.mona); len(all) != 0 {
			t.Errorf("on the list again: %s", w.says(all))
		}
	})
}

// What has ended is deleted in the night, and nothing is kept for more than a day; who waits still is never forgotten.
func TestRound_isForgottenInTheNight(t *testing.T) {
	each(t, 5, func(t *testing.T, w *world) {
		for i := range w.citizens {
			w.add(w.lone, i, 0)
		}
		r := w.round(w.lone)
		must[kontakt.Round](t)(w.rounds.End(w.as(w.lone), w.visit(r, 0).ID, kontakt.VisitDone))
		must[kontakt.Round](t)(w.rounds.End(w.as(w.lone), w.visit(r, 1).ID, kontakt.VisitMissed))
		w.clock.Add(time.Second)
		e := w.join(w.lone, 2)
		w.call(e.ID)
		w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
		w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
		w.pass(15 * time.Hour) // to three in the night
		w.wantRound(w.lone, "3 planned, 4 planned | 2 done, 0 done")
		w.pass(2 * time.Hour)
		w.wantRound(w.lone, "3 planned, 4 planned")
		if len(w.missed(w.mona)) != 1 {
			t.Error("a missed visit was forgotten before its day was over")
		}
		w.join(w.lone, 4)
		w.pass(8 * time.Hour)
		w.wantRound(w.lone, "4 under_way")
		if all := w.missed(w.mona); len(all) != 0 {
			t.Errorf("kept for more than a day: %s", w.says(all))
		}
	})
}
