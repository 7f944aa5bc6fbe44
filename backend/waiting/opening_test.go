package waiting_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/internal/kontakt"
)

func (w *world) setOpening(open, keep bool) {
	w.t.Helper()
	if _, err := w.rooms.SetOpening(w.as(w.secr), open, keep, map[bool]string{false: "Lægen er syg"}[open]); err != nil {
		w.t.Fatal(err)
	}
}

// mondays gives torvet hours from 8 to a time on Monday, and from 9 to 11 on Tuesday.
func (w *world) mondays(to int) {
	w.t.Helper()
	w.set(func(c *store.Clinic) {
		c.Opening.Hours[time.Monday] = kontakt.Span{From: 8 * 60, To: to}
		c.Opening.Hours[time.Tuesday] = kontakt.Span{From: 9 * 60, To: 11 * 60}
	})
}

func TestE09_whoStillWaitsAQuarterAfterTheClosingIsToldAndLosesThePlace(t *testing.T) {
	w := newWorld(t, 3)
	a, b, c := w.join(w.lone, 0), w.join(w.mona, 1), w.join(w.mona, 2)
	w.setOpening(false, false)
	for _, e := range []kontakt.Entry{a, b, c} { // told by the events of the closing itself
		seen := w.entry(w.dorte, e.ID)
		if seen.State != kontakt.EntryWaiting || seen.Clinic.Open {
			t.Errorf("just after the closing: %s, open %v", seen.State, seen.Clinic.Open)
		}
	}
	w.start(w.dorte, b.ID) // may be called still
	w.move(w.mona, b.ID, kontakt.MoveAnswer, "")
	w.move(w.dorte, b.ID, kontakt.MoveEnd, "done")
	w.pass(14 * time.Minute)
	w.wantList(a.Number, c.Number)
	w.pass(time.Minute)
	w.wantList()
	for tablet, e := range map[string]kontakt.Entry{"lone": w.entry(w.lone, a.ID), "mona": w.entry(w.mona, c.ID)} {
		if e.State != kontakt.EntryLeft || e.EndReason != "closed" || e.EndedBy != "system" || e.Notice != kontakt.MsgClosedOnYou || e.Clinic.Phone != "70000000" {
			t.Errorf("%s reads %s, %s by %s, %q, phone %q", tablet, e.State, e.EndReason, e.EndedBy, e.Notice, e.Clinic.Phone)
		}
	}
	if got := w.audited(); !slices.Equal(got[len(got)-2:], []string{"entry.close ok", "entry.close ok"}) || !slices.Contains(got, "clinic.opening ok") {
		t.Errorf("audit = %v", got)
	}
	w.setOpening(true, false)
	if again := w.join(w.lone, 0); again.Number != 4 {
		t.Errorf("number = %d, want 4", again.Number)
	}
}

func TestE09_openingAgainTakesTheSweepBack(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	w.setOpening(false, false)
	w.pass(14 * time.Minute)
	w.setOpening(true, false)
	w.pass(12 * time.Hour)
	w.wantState(e.ID, kontakt.EntryWaiting)
	w.setOpening(false, false) // and counts anew
	w.pass(14 * time.Minute)
	w.restart() // the time stands in the database
	w.wantState(e.ID, kontakt.EntryWaiting)
	w.pass(time.Minute)
	w.wantState(e.ID, kontakt.EntryLeft)
}

func TestE09_placesAreKeptTillTheNextOpeningWhereTheClinicAllowsIt(t *testing.T) {
	w := newWorld(t, 3)
	a, b := w.join(w.lone, 0), w.join(w.mona, 1)
	_, err := w.rooms.SetOpening(w.as(w.secr), false, true, "")
	wantError(t, err, kontakt.Forbidden, kontakt.MsgNotAllowed)
	if c, err := w.rooms.Clinic(w.as(w.secr)); err != nil || !c.Open || c.MayKeep {
		t.Errorf("after the refusal: %+v, %v", c, err)
	}
	w.set(func(c *store.Clinic) { c.MayKeep = true })
	w.setOpening(false, true)
	if seen := w.entry(w.lone, a.ID); seen.Notice != kontakt.MsgKept || seen.State != kontakt.EntryWaiting {
		t.Errorf("the tablet reads %q, %s", seen.Notice, seen.State)
	}
	w.pass(18 * time.Hour)
	w.restart()
	w.pass(time.Hour)
	w.wantList(a.Number, b.Number)
	w.setOpening(true, false)
	if seen := w.entry(w.lone, a.ID); seen.Notice != "" || seen.Number != a.Number {
		t.Errorf("open again, the tablet reads %q, number %d", seen.Notice, seen.Number)
	}
	c := w.join(w.mona, 2)
	w.wantList(a.Number, b.Number, c.Number)
	w.setOpening(false, false) // this opening's end is the end of the promise
	w.pass(15 * time.Minute)
	w.wantList()
}

func TestE09_aLaterWordWithoutKeepingEndsTheKeeping(t *testing.T) {
	w := newWorld(t, 1)
	w.set(func(c *store.Clinic) { c.MayKeep = true })
	e := w.join(w.lone, 0)
	w.setOpening(false, true)
	w.pass(time.Hour)
	w.setOpening(false, false)
	w.pass(14 * time.Minute)
	w.wantState(e.ID, kontakt.EntryWaiting)
	w.pass(time.Minute)
	w.wantState(e.ID, kontakt.EntryLeft)
}

func TestE10_whoIsCalledOrTalksIsNeverSwept(t *testing.T) {
	w := newWorld(t, 2)
	called, talks := w.join(w.lone, 0), w.join(w.mona, 1)
	w.start(w.dorte, talks.ID)
	w.move(w.mona, talks.ID, kontakt.MoveAnswer, "")
	w.setOpening(false, false)
	w.pass(14*time.Minute + 30*time.Second)
	w.start(w.palle, called.ID)
	w.pass(40 * time.Second)
	w.wantState(called.ID, kontakt.EntryCalled)
	w.wantState(talks.ID, kontakt.EntryInCall)
	w.pass(30 * time.Second) // nobody answers: back in the line of a closed clinic, for as long as any other
	w.wantState(called.ID, kontakt.EntryWaiting)
	w.pass(14 * time.Minute)
	w.wantState(called.ID, kontakt.EntryWaiting)
	w.pass(2 * time.Minute)
	w.wantState(called.ID, kontakt.EntryLeft)
	w.move(w.dorte, talks.ID, kontakt.MoveLost, "")
	w.pass(10 * time.Minute)
	front := w.wantState(talks.ID, kontakt.EntryWaiting)
	w.pass(13 * time.Minute)
	w.start(w.dorte, front.ID)
	w.move(w.mona, front.ID, kontakt.MoveAnswer, "")
	w.pass(24 * time.Hour)
	w.wantState(talks.ID, kontakt.EntryInCall)
}

func TestE11_whoWaitsAtClosingTimeIsServedStillForFourHours(t *testing.T) {
	w := newWorld(t, 2)
	w.mondays(12*60 + 30)
	a, b := w.join(w.lone, 0), w.join(w.mona, 1) // at 12.00
	w.pass(30 * time.Minute)
	_, err := w.tryJoin(w.lone, 0, w.torvet)
	wantError(t, err, kontakt.Conflict, kontakt.MsgAlreadyWaiting)
	w.pass(3 * time.Hour)
	w.start(w.dorte, a.ID)
	w.move(w.lone, a.ID, kontakt.MoveAnswer, "")
	w.pass(59 * time.Minute)
	w.wantState(b.ID, kontakt.EntryWaiting)
	w.pass(time.Minute) // 16.30
	if got := w.wantState(b.ID, kontakt.EntryLeft); got.EndReason != "closed" || got.Notice != kontakt.MsgClosedOnYou {
		t.Errorf("swept with %q, %q", got.EndReason, got.Notice)
	}
	w.wantState(a.ID, kontakt.EntryInCall)
}

func TestE11_theClinicMayCloseByHandAfterItsHours(t *testing.T) {
	w := newWorld(t, 1)
	w.set(func(c *store.Clinic) { c.MayKeep = true })
	w.mondays(12*60 + 30)
	e := w.join(w.lone, 0)
	w.pass(time.Hour)
	w.setOpening(false, true)
	w.pass(21 * time.Hour) // past the four hours, and into Tuesday's hours, which the clinic's word goes before
	w.wantState(e.ID, kontakt.EntryWaiting)
	w.setOpening(true, false) // 10.00
	w.pass(time.Hour)
	w.wantState(e.ID, kontakt.EntryWaiting)
	w.pass(4 * time.Hour) // 15.00: that opening ended at 11
	w.wantState(e.ID, kontakt.EntryLeft)
}

func TestE11_aPauseInTheHoursSweepsNobody(t *testing.T) {
	w := newWorld(t, 1)
	w.goBy(waiting.Options{HoursGrace: 21 * time.Hour, StaffGrace: w.opt.StaffGrace})
	w.mondays(12*60 + 30)
	e := w.join(w.lone, 0)
	w.pass(21 * time.Hour) // Tuesday, 9.00: open again half an hour before the time would be over
	w.pass(2 * time.Hour)  // 11.00: closes again, and the time begins anew
	w.pass(20 * time.Hour)
	w.wantState(e.ID, kontakt.EntryWaiting)
	w.pass(time.Hour)
	w.wantState(e.ID, kontakt.EntryLeft)
}

func TestE12_aSecondAfterTheClosingIsRefusedWithTheNextOpening(t *testing.T) {
	w := newWorld(t, 1)
	w.mondays(12*60 + 30)
	w.pass(30*time.Minute - time.Second)
	e, err := w.tryJoin(w.lone, 0, w.torvet)
	if err != nil {
		t.Fatal(err)
	}
	w.move(w.lone, e.ID, kontakt.MoveLeave, "left")
	w.clock.Add(time.Second)
	for entrance, a := range w.entrances(0) {
		_, err := w.tryJoin(a, 0, w.torvet)
		if kontakt.KindOf(err) != kontakt.Closed {
			t.Errorf("%s: %v", entrance, err)
		}
	}
	w.wantList()
	c, err := w.rooms.Clinic(w.as(w.secr))
	if want := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC); err != nil || !c.OpensAt.Equal(want) {
		t.Errorf("opens at %v, %v; want %v", c.OpensAt, err, want)
	}
}

// E42: the numbers begin anew with the Danish year and on the leap day, and what is forgotten is forgotten once.
func TestE42_yearEndAndLeapDay(t *testing.T) {
	for name, midnight := range map[string]time.Time{
		"year end": time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC),
		"into it":  time.Date(2028, 2, 28, 23, 0, 0, 0, time.UTC),
		"out":      time.Date(2028, 2, 29, 23, 0, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 3)
			w.at(midnight.Add(-2 * time.Second))
			a, b := w.join(w.lone, 0), w.join(w.mona, 1)
			w.pass(4 * time.Second)
			c := w.join(w.mona, 2)
			if a.Number != 1 || b.Number != 2 || c.Number != 1 || c.Before != 2 {
				t.Errorf("numbers %d, %d, then %d with %d before", a.Number, b.Number, c.Number, c.Before)
			}
			audited := len(w.audited())
			w.sweep()
			w.sweep()
			if n := len(w.audited()); n != audited {
				t.Errorf("sweeping twice wrote %d audit rows", n-audited)
			}
		})
	}
}

func TestE59_anOpenRoomThatNobodyLooksAtIsToldAfterTenMinutes(t *testing.T) {
	w := newWorld(t, 1)
	w.goBy(waiting.Options{})
	staffed := func() {
		t.Helper()
		if err := w.rooms.Staffed(context.Background(), []kontakt.ClinicID{w.torvet}); err != nil {
			t.Fatal(err)
		}
	}
	staffed()
	e := w.join(w.lone, 0)
	line, room := kontakt.LineRoom(w.torvet), kontakt.ClinicRoom(w.torvet)
	told := len(w.events(line))
	want := func(unstaffed bool, more int) {
		t.Helper()
		tablet := w.entry(w.lone, e.ID)
		clinic, err := w.rooms.Clinic(w.as(w.secr))
		if err != nil || tablet.Clinic.Unstaffed != unstaffed || clinic.Unstaffed != unstaffed || tablet.Clinic.Phone == "" {
			t.Errorf("the tablet reads %v, the clinic %v, %v; want %v", tablet.Clinic.Unstaffed, clinic.Unstaffed, err, unstaffed)
		}
		if got := len(w.events(line)) - told; got != more {
			t.Errorf("told %d times, want %d", got, more)
		}
	}
	w.pass(9*time.Minute + 59*time.Second)
	want(false, 0)
	w.pass(time.Minute)
	want(true, 1)
	w.pass(time.Hour)
	want(true, 1)
	if types := w.types(room); types[len(types)-1] != kontakt.EventClinicChanged {
		t.Errorf("the clinic's room ends with %v", types)
	}
	staffed() // E61: somebody signs in again
	want(false, 2)
	staffed()
	want(false, 2)
	w.setOpening(false, false) // a closed room needs nobody
	w.pass(14 * time.Minute)
	want(false, 3)
}

func TestE59_aRoomThatHasJustOpenedAndAProcessThatHasJustBegunAreNotUnstaffed(t *testing.T) {
	w := newWorld(t, 1)
	w.goBy(waiting.Options{})
	w.mondays(23 * 60)
	w.at(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)) // Tuesday, 9.00
	unstaffed := func() bool {
		t.Helper()
		c, err := w.rooms.Clinic(w.as(w.secr))
		if err != nil || !c.Open {
			t.Fatalf("%+v, %v", c, err)
		}
		return c.Unstaffed
	}
	if unstaffed() {
		t.Error("unstaffed in the minute of opening")
	}
	w.pass(9 * time.Minute)
	if unstaffed() {
		t.Error("unstaffed nine minutes later")
	}
	w.pass(time.Minute)
	if !unstaffed() {
		t.Error("ten minutes later nobody has noticed")
	}
	w.restart()
	if unstaffed() {
		t.Error("unstaffed before any page could find its way back")
	}
	w.pass(10 * time.Minute)
	if !unstaffed() {
		t.Error("and ten minutes after that nobody has noticed")
	}
	w.setOpening(false, false)
	w.pass(time.Hour)
	w.setOpening(true, false) // somebody pressed: somebody is there
	if unstaffed() {
		t.Error("unstaffed while somebody opens it")
	}
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
	_, err = w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[2], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken})
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
	_, err := w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[1], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken})
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
