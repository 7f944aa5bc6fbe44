package estimate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/waiting/estimate"
	"kontaktlaege/internal/kontakt"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// steady is one doctor's calls, one after another, the last of them just ended, with somebody always waiting.
func steady(n int, length, notes time.Duration) []estimate.Call {
	var calls []estimate.Call
	for i := range n {
		ended := now.Add(-time.Duration(i) * (length + notes))
		calls = append(calls, estimate.Call{
			Clinician: "d", Joined: ended.Add(-length - 30*time.Minute), Created: ended.Add(-length), Started: ended.Add(-length + 10*time.Second), Ended: ended,
		})
	}
	return calls
}

func sane(t *testing.T, l *estimate.Line, what string) {
	t.Helper()
	var last kontakt.Wait
	for before := range 501 {
		w := l.Wait(before)
		if !w.Known || w.From < last.From || w.To < last.To || w.To < w.From || w.From < 0 || w.To > 24*time.Hour {
			t.Fatalf("%s, %d before: %+v after %+v", what, before, w, last)
		}
		last = w
	}
	if again := l.Wait(3); again.To > last.To {
		t.Errorf("%s: asked again %+v", what, again)
	}
}

func TestWait_isNotKnownBeforeFiveConversations(t *testing.T) {
	for n := range 8 {
		w := estimate.New(steady(n, 10*time.Minute, time.Minute), now, now).Wait(0)
		if w.Known != (n >= estimate.Enough) {
			t.Errorf("%d conversations: known %v", n, w.Known)
		}
	}
	unanswered := steady(20, time.Minute, time.Minute)
	for i := range unanswered {
		unanswered[i].Started = time.Time{}
	}
	if w := estimate.New(unanswered, now, now).Wait(0); w.Known {
		t.Errorf("twenty unanswered calls give %+v", w)
	}
	if w := estimate.New(nil, time.Time{}, time.Time{}).Wait(-1); w.Known {
		t.Errorf("nothing gives %+v", w)
	}
}

// One length, repeated: the range holds it, and is no single minute.
func TestWait_oneLengthRepeated(t *testing.T) {
	calls := steady(40, 10*time.Minute, 2*time.Minute)
	l := estimate.New(calls, now.Add(-20*time.Minute), now)
	for before := 1; before < 20; before++ {
		w, cycles := l.Wait(before), time.Duration(before)*12*time.Minute
		if w.From > cycles+2*time.Minute || w.To < cycles || w.To-w.From < time.Minute {
			t.Errorf("%d before: %v to %v, want about %v", before, w.From, w.To, cycles)
		}
	}
	sane(t, l, "one length")
}

// Doubt widens: few calls, and many before.
func TestWait_widensWithDoubt(t *testing.T) {
	few := estimate.New(steady(5, 10*time.Minute, 2*time.Minute), now.Add(-20*time.Minute), now)
	many := estimate.New(steady(200, 10*time.Minute, 2*time.Minute), now.Add(-20*time.Minute), now)
	width := func(w kontakt.Wait) time.Duration { return w.To - w.From }
	if width(few.Wait(4)) <= width(many.Wait(4)) {
		t.Errorf("five calls: %+v, two hundred: %+v", few.Wait(4), many.Wait(4))
	}
	if width(many.Wait(8)) <= width(many.Wait(2)) {
		t.Errorf("eight before: %+v, two: %+v", many.Wait(8), many.Wait(2))
	}
}

// The elapsed part of the call under way counts, and so does a second doctor.
func TestWait_countsTheCallsUnderWay(t *testing.T) {
	calls := steady(60, 10*time.Minute, 2*time.Minute)
	with := func(under ...time.Duration) *estimate.Line {
		all := slices.Clone(calls)
		for i, gone := range under {
			all = append(all, estimate.Call{
				Clinician: kontakt.EmployeeID([]string{"d", "e"}[i]), Joined: now.Add(-time.Hour), Created: now.Add(-gone), Started: now.Add(-gone),
			})
		}
		return estimate.New(all, now.Add(-20*time.Minute), now)
	}
	just, long, two := with(0).Wait(0), with(9*time.Minute).Wait(0), with(0, 5*time.Minute)
	if just.From <= long.To-5*time.Minute || just.To <= long.To {
		t.Errorf("next, the call just begun: %+v; after nine minutes: %+v", just, long)
	}
	if one := with(0).Wait(6); two.Wait(6).To >= one.From+one.To/2 {
		t.Errorf("six before, one doctor %+v, two %+v", one, two.Wait(6))
	}
}

func TestWait_theSameForTheSame(t *testing.T) {
	calls := steady(30, 9*time.Minute, time.Minute)
	want := estimate.New(calls, now, now)
	for range 5 {
		rand.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
		got := estimate.New(calls, now, now)
		for _, before := range []int{7, 0, 3} { // in another order than the other
			if got.Wait(before) != want.Wait(before) {
				t.Fatalf("%d before: %+v, and again %+v", before, want.Wait(before), got.Wait(before))
			}
		}
	}
}

// Long after the last call there is nobody to take the next: that is not a matter of minutes, and we do not know.
func TestWait_isNotKnownInTheEvening(t *testing.T) {
	calls := steady(30, 9*time.Minute, time.Minute)
	if w := estimate.New(calls, now.Add(5*time.Hour), now.Add(6*time.Hour)).Wait(0); w.Known {
		t.Errorf("six hours after the last call: %+v", w)
	}
	// In the morning somebody will come as on the day before: at 8.00, and not to the minute.
	six := now.Add(17 * time.Hour)
	if w := estimate.New(calls, now, six).Wait(0); !w.Known || w.From > 2*time.Hour || w.To < 2*time.Hour || w.To-w.From < 5*time.Minute {
		t.Errorf("at six in the morning: %+v", w)
	}
}

// E38: the clocks change between a call and now, and nothing jumps.
func TestE38_theRangeKnowsNoWallClock(t *testing.T) {
	night := time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC)
	shift := night.Sub(now)
	calls := steady(12, 8*time.Minute, 2*time.Minute)
	for i := range calls {
		c := &calls[i]
		c.Joined, c.Created, c.Started, c.Ended = c.Joined.Add(shift), c.Created.Add(shift), c.Started.Add(shift), c.Ended.Add(shift)
	}
	var last kontakt.Wait
	for minute := range 6 {
		at := night.Add(time.Duration(minute-2) * 30 * time.Second)
		w := estimate.New(calls, night.Add(-20*time.Minute), at).Wait(2)
		if d := w.To - last.To; minute > 0 && (d > 10*time.Minute || d < -10*time.Minute) || w.From < 0 {
			t.Errorf("%v: %+v, just before %+v", at, w, last)
		}
		local := slices.Clone(calls)
		for i := range local {
			local[i].Created, local[i].Ended = local[i].Created.In(kontakt.Denmark), local[i].Ended.In(kontakt.Denmark)
		}
		if in := estimate.New(local, night.Add(-20*time.Minute), at.In(kontakt.Denmark)).Wait(2); in != w {
			t.Errorf("%v: %+v in UTC, %+v in Danish time", at, w, in)
		}
		last = w
	}
}

func TestWait_whateverWasStored(t *testing.T) {
	odd := map[string]func(c *estimate.Call){
		"no length":           func(c *estimate.Call) { c.Ended = c.Created },
		"negative":            func(c *estimate.Call) { c.Ended = c.Created.Add(-time.Hour) },
		"days long":           func(c *estimate.Call) { c.Created = c.Created.Add(-1000 * time.Hour) },
		"joined after it":     func(c *estimate.Call) { c.Joined = c.Ended.Add(time.Hour) },
		"in 1970":             func(c *estimate.Call) { c.Created, c.Joined = time.Unix(0, 0), time.Unix(0, 0) },
		"no times":            func(c *estimate.Call) { *c = estimate.Call{} },
		"from the future":     func(c *estimate.Call) { c.Created, c.Ended = now.Add(time.Hour), time.Time{} },
		"never ended":         func(c *estimate.Call) { c.Ended = time.Time{} },
		"under way for weeks": func(c *estimate.Call) { c.Created, c.Ended = now.Add(-1000*time.Hour), time.Time{} },
	}
	for name, spoil := range odd {
		some, all := steady(30, 10*time.Minute, time.Minute), steady(30, 10*time.Minute, time.Minute)
		for i := range all {
			spoil(&all[i])
			all[i].Clinician = kontakt.EmployeeID(fmt.Sprint(i % 4))
			if i%3 == 1 {
				spoil(&some[i])
			}
		}
		for _, calls := range [][]estimate.Call{some, all} {
			if l := estimate.New(calls, now.Add(-20*time.Minute), now); l.Wait(0).Known {
				sane(t, l, name)
			}
		}
	}
	back := estimate.New(steady(30, 10*time.Minute, time.Minute), now, now.Add(-2*time.Hour)) // the clock went back
	if back.Wait(0).Known {
		sane(t, back, "clock back")
	}
}

func FuzzWait(f *testing.F) {
	f.Add(int64(600), int64(60), int64(0), uint8(30), uint16(4))
	f.Add(int64(-5), int64(0), int64(-7200), uint8(6), uint16(500))
	f.Add(int64(1)<<40, int64(-1)<<40, int64(1)<<40, uint8(255), uint16(0))
	f.Fuzz(func(t *testing.T, length, notes, later int64, n uint8, before uint16) {
		const most = int64(100 * 365 * 24 * 60 * 60)
		s := func(x int64) time.Duration { return time.Duration(x%most/300) * time.Second }
		w := estimate.New(steady(int(n), s(length), s(notes)), now, now.Add(s(later))).Wait(int(before % 600))
		if w.To < w.From || w.From < 0 || w.To > 24*time.Hour {
			t.Errorf("%+v", w)
		}
	})
}
