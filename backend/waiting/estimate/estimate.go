// Package estimate says how long a citizen is likely to wait until called: a range that four of five waits fall in, or
// that it is not known.
//
// Invariants: it learns from the past alone; the same input gives the same range; it touches neither clock nor database;
// nothing is said until Enough conversations have ended; no input, however wrong, gives a panic, a negative time or a
// range that ends before it begins; who stands further back is never promised an earlier time.
//
// The line is played out many times from how it stands now. Each clinician who is at work goes on with the call under
// way for as long as earlier calls that had lasted so long went on, writes notes, takes a break, comes and leaves as on
// one of the days before, and takes the next citizen, until it is the turn of the one who asks. The range is read from
// the plays, a little wider than from tenth to ninetieth of a hundred. Doubt widens it by itself: few calls are smoothed
// over more, a day's pace is not known before some of its calls have ended, and many before one add up. docs/wait.md
// has the figures.
package estimate

import (
	"cmp"
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Enough is how many conversations a clinic must have had before they say something.
const Enough = 5

// Recent is how many of a clinic's last calls are worth reading: some days of a large one, weeks of a small one.
const Recent = 300

// Call is one call of the clinic, from the start that a clinician pressed.
type Call struct {
	Clinician kontakt.EmployeeID
	Joined    time.Time // when the citizen who was called had drawn the number
	Created   time.Time // when the clinician pressed Start
	Started   time.Time // when the tablet answered; zero: it has not, or never did
	Ended     time.Time // zero: under way
}

// Line is what is known of a clinic's waiting room at a time. It is for one goroutine.
type Line struct {
	past  past
	plays []play
	waits []kontakt.Wait // by how many stand before; made as they are asked for
	times []float64      // of one place in the line, over the plays
}

// New reads a clinic's recent calls, in any order, those under way among them. Since is when the longest waiting of
// those who can be called now drew the number; zero where nobody waits.
func New(calls []Call, since, now time.Time) *Line {
	calls = slices.Clone(calls)
	slices.SortFunc(calls, func(a, b Call) int {
		return cmp.Or(b.Created.Compare(a.Created), b.Joined.Compare(a.Joined), cmp.Compare(a.Clinician, b.Clinician))
	})
	l := &Line{past: learn(calls, now)}
	if l.past.known() {
		l.plays = begin(&l.past, standing(calls, since, now), seed(calls, since))
		l.times = make([]float64, len(l.plays))
	}
	return l
}

// Wait is the range for a citizen with so many before.
func (l *Line) Wait(before int) kontakt.Wait {
	if len(l.plays) == 0 {
		return kontakt.Wait{}
	}
	before = max(before, 0)
	for len(l.waits) <= before {
		l.waits = append(l.waits, l.next())
	}
	return l.waits[before]
}

// next plays every line on by one call.
func (l *Line) next() kontakt.Wait {
	for i := range l.plays {
		l.times[i] = l.plays[i].next(&l.past)
	}
	slices.Sort(l.times)
	n := float64(len(l.times) - 1)
	return kontakt.Wait{
		Known: true,
		From:  duration(l.times[int(low*n)]),
		To:    duration(l.times[int(high*n+0.5)]),
	}
}

// low and high are the plays that the range is read from. They lie further out than a tenth and nine tenths, since no
// clinic does quite as it did before.
const (
	low  = 0.08
	high = 0.92
)

func duration(seconds float64) time.Duration {
	return time.Duration(min(max(seconds, 0), longest) * float64(time.Second)).Round(time.Second)
}
