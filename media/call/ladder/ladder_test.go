package ladder

import (
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// during has the conditions last, in looks of 100 ms, and gives when each rung was first reached.
func (l *Ladder) during(from, to time.Duration, c func(now time.Duration) Conditions) map[kontakt.Rung]time.Duration {
	reached := map[kontakt.Rung]time.Duration{}
	for now := from; now < to; now += 100 * time.Millisecond {
		l.Update(c(now), now)
		if _, ok := reached[l.Rung(720)]; !ok {
			reached[l.Rung(720)] = now - from
		}
	}
	return reached
}

func always(c Conditions) func(time.Duration) Conditions {
	return func(time.Duration) Conditions { return c }
}

func TestLadder_downWithinThreeSeconds(t *testing.T) {
	for name, tt := range map[string]struct {
		c    Conditions
		want kontakt.Rung
		step int
	}{
		"a little low":      {Conditions{Rate: 550_000}, kontakt.RungLower, 1},
		"far below":         {Conditions{Rate: 230_000}, kontakt.RungLower, 2},
		"the smallest":      {Conditions{Rate: 80_000}, kontakt.RungLower, 4},
		"no moving picture": {Conditions{Rate: 40_000}, kontakt.RungStill, 5},
		"no picture":        {Conditions{Rate: 5_000}, kontakt.RungSound, 6},
		"sound is broken":   {Conditions{Rate: 2_000_000, Loss: 0.6, SoundLoss: 0.6}, kontakt.RungText, 7},
		"loss":              {Conditions{Rate: 2_000_000, Loss: 0.1}, kontakt.RungLower, 1},
		"awful loss":        {Conditions{Rate: 2_000_000, Loss: 0.3}, kontakt.RungStill, 5},
	} {
		var l Ladder
		reached := l.during(time.Second, 4100*time.Millisecond, always(tt.c))
		if at, ok := reached[tt.want]; !ok || at > 3*time.Second || l.step != tt.step {
			t.Errorf("%s: %s after %v, step %d; want %s within 3 s, step %d", name, l.Rung(720), at, l.step, tt.want, tt.step)
		}
	}
}

func TestLadder_aDipCostsNothing(t *testing.T) {
	for name, dip := range map[string]Conditions{"rate": {Rate: 500_000}, "loss": {Rate: 2_000_000, Loss: 0.12}} {
		var l Ladder
		reached := l.during(0, time.Minute, func(now time.Duration) Conditions {
			if now%(10*time.Second) >= 8500*time.Millisecond {
				return dip
			}
			return Conditions{Rate: 2_000_000}
		})
		if at, fell := reached[kontakt.RungLower]; fell {
			t.Errorf("%s: a smaller picture after %v for a second and a half", name, at)
		}
	}
}

func TestLadder_lossAloneLeavesAMovingPicture(t *testing.T) {
	var l Ladder
	l.during(0, time.Minute, always(Conditions{Rate: 2_000_000, Loss: 0.12}))
	if l.step != stepLossy {
		t.Errorf("step %d after a minute of loss, want %d", l.step, stepLossy)
	}
}

func TestLadder_upAfterGoodSeconds(t *testing.T) {
	good := always(Conditions{Rate: 2_000_000})
	for name, tt := range map[string]struct {
		bad  Conditions
		want time.Duration
	}{
		"picture": {Conditions{Rate: 300_000}, climbAfter},
		"still":   {Conditions{Rate: 40_000}, climbCalm},
		"sound":   {Conditions{}, climbCalm},
		"text":    {Conditions{Rate: 2_000_000, SoundLoss: 0.7}, climbCalm},
	} {
		var l Ladder
		l.during(0, 20*time.Second, always(tt.bad))
		reached := l.during(20*time.Second, 60*time.Second, good)
		if at, ok := reached[kontakt.RungFull]; !ok || at < tt.want || at > tt.want+200*time.Millisecond {
			t.Errorf("%s: full again after %v, want %v", name, at, tt.want)
		}
	}
}

func TestLadder_goesNoHigherThanAllGoodSecondsBore(t *testing.T) {
	var l Ladder
	l.during(0, 20*time.Second, always(Conditions{Rate: 20_000}))
	l.during(20*time.Second, 36*time.Second, func(now time.Duration) Conditions {
		if now < 30*time.Second {
			return Conditions{Rate: 300_000}
		}
		return Conditions{Rate: 2_000_000}
	})
	if l.Height() != 360 {
		t.Errorf("height %d, want 360", l.Height())
	}
}

func TestLadder_flappingLinkDoesNotFlapTheRung(t *testing.T) {
	for name, period := range map[string]time.Duration{"quickly": time.Second, "slowly": 6 * time.Second} {
		var l Ladder
		changes, before := 0, l.step
		for now := time.Duration(0); now < 3*time.Minute; now += 100 * time.Millisecond {
			c := Conditions{Rate: 2_000_000}
			if (now/period)%2 == 1 {
				c.Rate = 500_000
			}
			l.Update(c, now)
			if l.step != before {
				changes++
				before = l.step
			}
		}
		if changes > 15 {
			t.Errorf("%s: %d changes in three minutes", name, changes)
		}
	}
}

func TestLadder_silenceChangesNothingUntilItIsLong(t *testing.T) {
	var l Ladder
	l.during(0, 10*time.Second, always(Conditions{Rate: 300_000}))
	silent := func(now time.Duration) Conditions { return Conditions{Silence: now - 10*time.Second + 1} }
	l.during(10*time.Second, 16*time.Second, silent)
	if r := l.Rung(720); r != kontakt.RungLower {
		t.Errorf("%s in a short silence, want what was before", r)
	}
	l.during(16*time.Second, 31*time.Second, silent)
	if r := l.Rung(720); r != kontakt.RungPhone {
		t.Errorf("%s after 20 s of silence, want %s", r, kontakt.RungPhone)
	}
	l.during(31*time.Second, 32*time.Second, always(Conditions{Rate: 300_000}))
	if r := l.Rung(720); r != kontakt.RungLower {
		t.Errorf("%s when it is over, want what was before", r)
	}
}

func TestLadder_smallCameraIsFull(t *testing.T) {
	var l Ladder
	l.during(0, 10*time.Second, always(Conditions{Rate: 500_000}))
	if r := l.Rung(480); r != kontakt.RungFull {
		t.Errorf("%s, want %s: 540 lines are more than the camera has", r, kontakt.RungFull)
	}
	if r := l.Rung(720); r != kontakt.RungLower {
		t.Errorf("%s, want %s", r, kontakt.RungLower)
	}
}

func TestSound(t *testing.T) {
	var c Sound
	now := time.Second
	for _, s := range []struct {
		after   time.Duration
		carries float64
		want    int
	}{
		{0, 1_000_000, 32_000},
		{0, 60_000, 20_000},
		{0, 30_000, 18_000},
		{0, 1_000_000, 18_000},
		{soundAfter, 1_000_000, 20_000},
		{0, 51_000, 20_000},
		{0, 49_000, 18_000},
	} {
		now += s.after
		if p := c.Update(s.carries, now); p.Rate != s.want {
			t.Errorf("%v bit/s: %d, want %d", s.carries, p.Rate, s.want)
		}
	}
	for _, p := range plans[:3] {
		if p.Wire() > p.from*2/3 && p.from > 0 {
			t.Errorf("sound at %d bit/s takes %d of a path of %d", p.Rate, p.Wire(), p.from)
		}
	}
}
