package estimate

import (
	"math"
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Times are in seconds within the package.
const (
	longest   = 24 * 60 * 60.0 // no range goes further
	longCall  = 2 * 60 * 60.0  // a longer one was forgotten rather than held
	aBreak    = 15 * 60.0      // a shorter pause is for notes
	longPause = 3 * 60 * 60.0  // a clinician who comes back later has been away, not on a break
	unrest    = 0.2            // how much the pace of one day differs from another's, in logarithm, until days have shown
	doubt     = 0.12           // how much it differs within the day
)

// past is what a clinic's calls teach.
type past struct {
	calls  sample // from Start to end, unanswered ones too
	pauses sample // from an end to the same clinician's next Start, while somebody waited
	notes  sample // those of them that are no break
	react  sample // from a number drawn to its call, while a clinician was free
	pace   pace
	leaves float64 // how likely a clinician who ends a call goes home although somebody waits
	missed float64 // how likely a call is not answered: who was called stays before the others
	days   [][]shift
	talked int
}

// shift is a clinician's day, in seconds after midnight.
type shift struct {
	who  kontakt.EmployeeID
	date kontakt.Date
	from float64 // the first call
	came bool    // somebody had waited for it, so this is when the clinician came
	off  float64 // when the first break began, while somebody waited; zero: none
	rest float64 // how long it lasted
	to   float64 // when the clinician left although somebody waited; zero: stayed till the line was empty
}

// pace is how the calls of today differ in length from those of other days, as factors' logarithm.
type pace struct{ mean, deviation float64 }

func (p *past) known() bool { return p.talked >= Enough }

// learn reads calls that are sorted, newest first.
func learn(calls []Call, now time.Time) past {
	var p past
	var lengths []float64
	var days []kontakt.Date
	var rung, unanswered float64
	for _, c := range calls {
		if c.Ended.IsZero() || c.Created.IsZero() || c.Ended.After(now) {
			continue
		}
		rung++
		if c.Started.IsZero() {
			unanswered++
		} else {
			p.talked++
		}
		if length := between(c.Created, c.Ended); length > 0 && length <= longCall {
			lengths, days = append(lengths, length), append(days, kontakt.DateOf(c.Created))
		}
	}
	p.calls, p.missed = newSample(lengths, 8*60), min(unanswered/(rung+1), 0.5)
	p.pace = paceOf(lengths, days, kontakt.DateOf(now))
	p.arrivals(calls, now)
	p.earliest()
	p.gaps(calls, now)
	return p
}

// gaps learns what lies between a clinician's calls.
func (p *past) gaps(calls []Call, now time.Time) {
	var pauses, notes, react []float64
	var stayed, left float64
	following := map[kontakt.EmployeeID]Call{}
	for i, c := range calls { // newest first
		next, again := following[c.Clinician]
		following[c.Clinician] = c
		if c.Ended.IsZero() || c.Created.IsZero() || c.Ended.After(now) {
			continue
		}
		pause := between(c.Ended, next.Created)
		switch {
		case again && pause >= 0 && pause <= longPause && !next.Joined.After(c.Ended):
			pauses, stayed = append(pauses, pause), stayed+1
			if pause < aBreak {
				notes = append(notes, pause)
			} else if s := p.shift(c); s != nil {
				s.off, s.rest = ofDay(c.Ended), pause
			}
		case again && pause >= 0 && pause <= longPause:
			react = append(react, between(next.Joined, next.Created))
		case (again || between(c.Ended, now) > longPause) && waited(calls[:i], c.Ended):
			left++
			if s := p.shift(c); s != nil {
				s.to = ofDay(c.Ended)
			}
		}
	}
	p.pauses, p.notes, p.react = newSample(pauses, 2*60), newSample(notes, 2*60), newSample(react, 60)
	p.leaves = left / (left + stayed + 10)
}

// shift gives the clinician's of the call's day; nil where the day is today.
func (p *past) shift(c Call) *shift {
	for _, day := range p.days {
		for i := range day {
			if day[i].who == c.Clinician && day[i].date == kontakt.DateOf(c.Created) {
				return &day[i]
			}
		}
	}
	return nil
}

// waited says whether somebody waited for longer than notes take, in the hours after a time, before others called them.
func waited(after []Call, t time.Time) bool {
	for _, c := range slices.Backward(after) {
		since := between(t, c.Created)
		if since > longPause {
			return false
		}
		if min(since, between(c.Joined, c.Created)) > 5*60 {
			return true
		}
	}
	return false
}

// arrivals learns when each clinician began on earlier days.
func (p *past) arrivals(calls []Call, now time.Time) {
	var day kontakt.Date
	today := kontakt.DateOf(now)
	for _, c := range slices.Backward(calls) { // oldest first
		d := kontakt.DateOf(c.Created)
		if c.Created.IsZero() || !d.Before(today) {
			continue
		}
		if d != day {
			p.days, day = append(p.days, nil), d
		}
		last := &p.days[len(p.days)-1]
		if !slices.ContainsFunc(*last, func(s shift) bool { return s.who == c.Clinician }) {
			*last = append(*last, shift{who: c.Clinician, date: d, from: ofDay(c.Created), came: between(c.Joined, c.Created) > 3*60})
		}
	}
}

// earliest moves the beginning of shifts that nobody waited for to the clinician's earliest on any day: who took the
// first citizen at eleven without delay had most likely been there since eight.
func (p *past) earliest() {
	first := map[kontakt.EmployeeID]float64{}
	for _, day := range p.days {
		for _, s := range day {
			if at, seen := first[s.who]; !seen || s.from < at {
				first[s.who] = s.from
			}
		}
	}
	for _, day := range p.days {
		for i, s := range day {
			if !s.came {
				day[i].from = first[s.who]
			}
		}
	}
}

// paceOf tells today's from the other days: as far as there are calls of today, they count.
func paceOf(lengths []float64, days []kontakt.Date, today kontakt.Date) pace {
	if len(lengths) < 2 {
		return pace{0, unrest}
	}
	var sum, squares, ofToday, n float64
	for i, length := range lengths {
		x := math.Log(length)
		sum, squares = sum+x, squares+x*x
		if days[i] == today {
			ofToday, n = ofToday+x, n+1
		}
	}
	all := float64(len(lengths))
	mean := sum / all
	variance := max(squares/all-mean*mean, 0.01) * all / (all - 1)
	p := pace{deviation: math.Sqrt(doubt*doubt + unrest*unrest*variance/(n*unrest*unrest+variance) + variance/all)}
	if n > 0 {
		p.mean = (ofToday/n - mean) * n * unrest * unrest / (n*unrest*unrest + variance)
	}
	return p
}

func between(a, b time.Time) float64 { return b.Sub(a).Seconds() }

// ofDay is how far the Danish day has come by the wall clock.
func ofDay(t time.Time) float64 {
	h, m, s := t.In(kontakt.Denmark).Clock()
	return float64((h*60+m)*60 + s)
}
