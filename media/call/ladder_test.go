package call

import (
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// during has the conditions last, in looks of 100 ms, and gives when each rung was first reached.
func (l *ladder) during(from, to time.Duration, c func(now time.Duration) conditions) map[kontakt.Rung]time.Duration {
	reached := map[kontakt.Rung]time.Duration{}
	for now := from; now < to; now += 100 * time.Millisecond {
		l.update(c(now), now)
		if _, ok := reached[l.rung(720)]; !ok {
			reached[l.rung(720)] = now - from
		}
	}
	return reached
}

func always(c conditions) func(time.Duration) conditions {
	return func(time.Duration) conditions { return c }
}

func TestLadder_downWithinThreeSeconds(t *testing.T) {
	for name, tt := range map[string]struct {
		c    conditions
		want kontakt.Rung
		step int
	}{
		"a little low":      {conditions{rate: 550_000}, kontakt.RungLower, 1},
		"far below":         {conditions{rate: 230_000}, kontakt.RungLower, 2},
		"the smallest":      {conditions{rate: 80_000}, kontakt.RungLower, 4},
		"no moving picture": {conditions{rate: 40_000}, kontakt.RungStill, 5},
		"no picture":        {conditions{rate: 5_000}, kontakt.RungSound, 6},
		"sound is broken":   {conditions{rate: 2_000_000, loss: 0.6, soundLoss: 0.6}, kontakt.RungText, 7},
		"loss":              {conditions{rate: 2_000_000, loss: 0.1}, kontakt.RungLower, 1},
		"awful loss":        {conditions{rate: 2_000_000, loss: 0.3}, kontakt.RungStill, 5},
	} {
		var l ladder
		reached := l.during(time.Second, 4100*time.Millisecond, always(tt.c))
		if at, ok := reached[tt.want]; !ok || at > 3*time.Second || l.step != tt.step {
			t.Errorf("%s: %s after %v, step %d; want %s within 3 s, step %d", name, l.rung(720), at, l.step, tt.want, tt.step)
		}
	}
}

func TestLadder_lossAloneLeavesAMovingPicture(t *testing.T) {
	var l ladder
	l.during(0, time.Minute, always(conditions{rate: 2_000_000, loss: 0.12}))
	if l.step != stepLossy {
		t.Errorf("step %d after a minute of loss, want %d", l.step, stepLossy)
	}
}

func TestLadder_upAfterGoodSeconds(t *testing.T) {
	good := always(conditions{rate: 2_000_000})
	for name, tt := range map[string]struct {
		bad  conditions
		want time.Duration
	}{
		"picture": {conditions{rate: 300_000}, climbAfter},
		"still":   {conditions{rate: 40_000}, climbCalm},
		"sound":   {conditions{}, climbCalm},
		"text":    {conditions{rate: 2_000_000, soundLoss: 0.7}, climbCalm},
	} {
		var l ladder
		l.during(0, 20*time.Second, always(tt.bad))
		reached := l.during(20*time.Second, 60*time.Second, good)
		if at, ok := reached[kontakt.RungFull]; !ok || at < tt.want || at > tt.want+200*time.Millisecond {
			t.Errorf("%s: full again after %v, want %v", name, at, tt.want)
		}
	}
}

func TestLadder_goesNoHigherThanAllGoodSecondsBore(t *testing.T) {
	var l ladder
	l.during(0, 20*time.Second, always(conditions{rate: 20_000}))
	l.during(20*time.Second, 36*time.Second, func(now time.Duration) conditions {
		if now < 30*time.Second {
			return conditions{rate: 300_000}
		}
		return conditions{rate: 2_000_000}
	})
	if l.height() != 360 {
		t.Errorf("height %d, want 360", l.height())
	}
}

func TestLadder_flappingLinkDoesNotFlapTheRung(t *testing.T) {
	for name, period := range map[string]time.Duration{"quickly": time.Second, "slowly": 6 * time.Second} {
		var l ladder
		changes, before := 0, l.step
		for now := time.Duration(0); now < 3*time.Minute; now += 100 * time.Millisecond {
			c := conditions{rate: 2_000_000}
			if (now/period)%2 == 1 {
				c.rate = 500_000
			}
			l.update(c, now)
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
	var l ladder
	l.during(0, 10*time.Second, always(conditions{rate: 300_000}))
	silent := func(now time.Duration) conditions { return conditions{silence: now - 10*time.Second + 1} }
	l.during(10*time.Second, 16*time.Second, silent)
	if r := l.rung(720); r != kontakt.RungLower {
		t.Errorf("%s in a short silence, want what was before", r)
	}
	l.during(16*time.Second, 31*time.Second, silent)
	if r := l.rung(720); r != kontakt.RungPhone {
		t.Errorf("%s after 20 s of silence, want %s", r, kontakt.RungPhone)
	}
	l.during(31*time.Second, 32*time.Second, always(conditions{rate: 300_000}))
	if r := l.rung(720); r != kontakt.RungLower {
		t.Errorf("%s when it is over, want what was before", r)
	}
}

func TestLadder_smallCameraIsFull(t *testing.T) {
	var l ladder
	l.during(0, 10*time.Second, always(conditions{rate: 500_000}))
	if r := l.rung(480); r != kontakt.RungFull {
		t.Errorf("%s, want %s: 540 lines are more than the camera has", r, kontakt.RungFull)
	}
	if r := l.rung(720); r != kontakt.RungLower {
		t.Errorf("%s, want %s", r, kontakt.RungLower)
	}
}

func TestSoundChoice(t *testing.T) {
	var c soundChoice
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
		if p := c.update(s.carries, now); p.rate != s.want {
			t.Errorf("%v bit/s: %d, want %d", s.carries, p.rate, s.want)
		}
	}
	for _, p := range soundPlans[:3] {
		if p.wire() > p.from*2/3 && p.from > 0 {
			t.Errorf("sound at %d bit/s takes %d of a path of %d", p.rate, p.wire(), p.from)
		}
	}
}

// What Chromium holds on the same links: e2e/netlab.
func TestLadder_narrowLinksHoldTheirHeight(t *testing.T) {
	for _, tt := range []struct {
		link   float64
		height int
	}{{300_000, 360}, {600_000, 540}, {1_200_000, 720}} {
		for _, stalls := range []time.Duration{0, 20 * time.Millisecond} {
			p := newPath(steady(tt.link))
			p.queue, p.stalls = 250*time.Millisecond, stalls
			s := newSender(p, startRate)
			var l ladder
			var sound soundChoice
			changes, held := 0, time.Duration(0)
			for now := time.Duration(0); now < 2*time.Minute; now += lookPause {
				simulate([]*sender{s}, now, now+lookPause, nil)
				r := s.c.read(now + lookPause)
				before := l.step
				l.update(conditions{
					rate: pictureRate(r.carries, sound.update(r.carries, now).wire(), 2_500_000), loss: r.loss, soundLoss: r.soundLoss, silence: r.silence,
				}, now)
				if now < 20*time.Second {
					continue
				}
				if l.step != before {
					changes++
				}
				if l.height() >= tt.height {
					held += lookPause
				}
			}
			if held < 95*time.Second || changes > 4 {
				t.Errorf("%v bit/s, stalls of %v: %d lines and more for %v of 100 s, %d changes", tt.link, stalls, tt.height, held, changes)
			}
		}
	}
}
