package ladder

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// steps are what a line can carry, best first: the heights of moving pictures with the least bits of the picture alone at
// which each is worth more than the one below it and still comes 30 times a second (BenchmarkFloors, ADR 11), and then
// what is left without one (domain.md M6).
var steps = [...]struct {
	height, floor int
	rung          kontakt.Rung
}{
	{720, 600_000, kontakt.RungFull},
	{540, 300_000, kontakt.RungLower},
	{360, 130_000, kontakt.RungLower},
	{270, 90_000, kontakt.RungLower},
	{180, 60_000, kontakt.RungLower},
	{180, 10_000, kontakt.RungStill}, // a still picture now and then
	{0, 0, kontakt.RungSound},
	{0, 0, kontakt.RungText},
}

const (
	stepLossy  = 3 // the lowest that loss alone takes a picture to
	stepLowest = 4 // the lowest that moves
	stepStill  = 5
	stepSound  = 6
	stepText   = 7
)

const (
	// climbMargin, in per cent, and climbAfter keep a rate that wavers from changing the picture's size all the time.
	climbMargin = 115
	climbAfter  = 3 * time.Second
	// climbCalm is how long all must be good until there is a picture, or sound, again.
	climbCalm = 15 * time.Second
	// Who falls soon after a climb waits longer before the next one.
	flapSpan   = 10 * time.Second
	flapForget = time.Minute
	flapMost   = 3 // doublings

	sinkAfter = 2 * time.Second
	// farBelow the floor, in per cent, nobody waits.
	farBelow = 70

	lossBad     = 0.08 // domain.md M6
	lossGood    = 0.05
	lossAwful   = 0.25 // no picture that moves gets through whole
	soundBroken = 0.5  // so much lost that in-band FEC leaves a third of the sound to be made up
	// phoneAfter is without a word about anything sent.
	phoneAfter = 20 * time.Second
)

// Conditions are what a ladder goes by.
type Conditions struct {
	Rate            int // bit/s that are left for the picture
	Loss, SoundLoss float64
	Silence         time.Duration
}

// Ladder says what a line is to carry. Its zero value stands on top.
type Ladder struct {
	step   int
	since  time.Duration // the step is too high; 0: it is not
	good   time.Duration // since when a higher one would do; 0: none
	least  int           // the lowest that would have done since then
	lossy  time.Duration // since when there is too much loss
	climbs time.Duration // when it last climbed
	fell   time.Duration
	flaps  int
	gone   bool // nothing gets through
}

// Update looks at the conditions at the media time now.
func (l *Ladder) Update(c Conditions, now time.Duration) {
	now = max(now, 1)
	l.gone = c.Silence >= phoneAfter
	if c.Silence > 0 {
		l.since, l.good, l.lossy = 0, 0, 0 // what was known is of before
		return
	}
	l.sink(c, now)
	l.climb(c, now)
}

// bears gives the best step that a rate carries.
func bears(rate int, c Conditions) int {
	switch {
	case c.SoundLoss > soundBroken:
		return stepText
	case rate < steps[stepStill].floor:
		return stepSound
	}
	step := 0
	for rate < steps[step].floor {
		step++
	}
	if c.Loss > lossAwful {
		step = max(step, stepStill)
	}
	return step
}

func (l *Ladder) sink(c Conditions, now time.Duration) {
	to := bears(c.Rate, c)
	if to > l.step {
		if l.step < stepLowest && c.Rate*100 < steps[l.step].floor*farBelow {
			l.fall(min(to, stepLowest), now)
		}
		if l.since == 0 {
			l.since = now
		}
		if now-l.since >= sinkAfter {
			l.fall(to, now)
		}
	} else {
		l.since = 0
	}
	if c.Loss <= lossBad || l.step >= stepLossy {
		l.lossy = 0
		return
	}
	if l.lossy == 0 {
		l.lossy = now
	}
	if now-l.lossy >= sinkAfter {
		l.lossy = 0
		l.fall(l.step+1, now)
	}
}

func (l *Ladder) fall(to int, now time.Duration) {
	if to <= l.step {
		return
	}
	if l.climbs != 0 && now-l.climbs < flapSpan {
		l.flaps = min(l.flaps+1, flapMost)
	}
	l.step, l.since, l.good, l.climbs, l.fell = to, 0, 0, 0, now
}

func (l *Ladder) climb(c Conditions, now time.Duration) {
	if l.flaps > 0 && now-max(l.fell, l.climbs) > flapForget {
		l.flaps = 0
	}
	to := bears(c.Rate*100/climbMargin, c)
	if to >= l.step || c.Loss > lossGood {
		l.good = 0
		return
	}
	if l.good == 0 {
		l.good, l.least = now, to
	}
	l.least = max(l.least, to)
	wait := climbAfter
	if l.step >= stepStill {
		wait = climbCalm
	}
	if now-l.good >= wait<<l.flaps {
		l.step, l.good, l.since, l.climbs = l.least, 0, 0, now
	}
}

// Height gives the most lines that the picture may have; 0: there is none.
func (l *Ladder) Height() int { return steps[l.step].height }

// Moves says that there are pictures that move. Where there are none and no stills either there is no picture.
func (l *Ladder) Moves() bool { return l.step <= stepLowest }

// Still says that there is a picture now and then.
func (l *Ladder) Still() bool { return l.step == stepStill }

// Rung gives the word for it; source is the height of the camera's pictures.
func (l *Ladder) Rung(source int) kontakt.Rung {
	switch {
	case l.gone:
		return kontakt.RungPhone
	case l.Moves() && source > 0 && l.Height() >= source:
		return kontakt.RungFull // there is nothing that was taken away
	}
	return steps[l.step].rung
}
