package estimate_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"kontaktlaege/backend/waiting/estimate"
	"kontaktlaege/internal/kontakt"
)

// kind is a kind of clinic, as the simulation plays it. Nothing in it is known to the package under test but what the
// calls show.
type kind struct {
	name     string
	shifts   [][2]float64 // hours of the day in which each doctor works
	open     [2]float64   // hours in which numbers are drawn
	minutes  func(r *rand.Rand) float64
	load     float64 // arrivals to what the doctors can take
	crowd    int     // how many draw a number as the room opens
	bursts   int     // a day, of 4 to 8 citizens
	missed   float64 // calls not answered
	leaves   float64 // citizens who lose patience
	delayed  float64 // days on which all begins late and takes longer
	noBreaks bool
}

// clinic is one that is being played.
type clinic struct {
	kind
	r      *rand.Rand
	events []event
	calls  []*estimate.Call
	line   []*person
	free   []*doctor
	pace   float64
	joined func(c *clinic, who *person, now time.Time)
}

type event struct {
	at time.Time
	do func(now time.Time)
}

type doctor struct {
	id    kontakt.EmployeeID
	until time.Time
	lunch time.Time // zero: has been
}

type person struct {
	at     time.Time
	called time.Time // zero: never
	retry  time.Time // not called again before
}

func lognormal(r *rand.Rand, mean, variation float64) float64 {
	s2 := math.Log(1 + variation*variation)
	return mean * math.Exp(math.Sqrt(s2)*r.NormFloat64()-s2/2)
}

func mins(m float64) time.Duration { return time.Duration(m * float64(time.Minute)) }

func (c *clinic) at(t time.Time, do func(now time.Time)) {
	i, _ := slices.BinarySearchFunc(c.events, t, func(e event, t time.Time) int { return cmp.Or(e.at.Compare(t), -1) })
	c.events = slices.Insert(c.events, i, event{t, do})
}

// day plays one.
func (c *clinic) day(midnight time.Time) {
	hour := func(h float64) time.Time { return midnight.Add(time.Duration(h * float64(time.Hour))) }
	c.pace, c.line, c.free = 1, nil, nil
	late := 0.0
	if c.r.Float64() < c.delayed {
		c.pace, late = 1.35, 10+20*c.r.Float64()
	}
	for i, shift := range c.shifts {
		d := &doctor{id: kontakt.EmployeeID(fmt.Sprint("doctor ", i)), until: hour(shift[1])}
		if !c.noBreaks {
			d.lunch = hour(11.75 + 0.75*c.r.Float64())
			c.at(d.lunch.Add(time.Second), func(now time.Time) {
				if i := slices.Index(c.free, d); i >= 0 {
					c.free = slices.Delete(c.free, i, i+1)
					c.ready(d, now)
				}
			})
		}
		c.at(hour(shift[0]).Add(mins(late+lognormal(c.r, 4, 0.8))), func(now time.Time) { c.ready(d, now) })
	}
	var capacity, mean float64
	for range 200 {
		mean += c.minutes(c.r) / 200
	}
	for _, shift := range c.shifts {
		capacity += (shift[1] - shift[0]) * 60 / (mean + 3)
	}
	drop := func(t time.Time) { c.at(t, c.join) }
	n := capacity*c.load - float64(c.crowd) - 6*float64(c.bursts)
	for t := c.open[0]; n > 0; {
		if t += c.r.ExpFloat64() * (c.open[1] - c.open[0]) / n; t > c.open[1] {
			break
		}
		drop(hour(t))
	}
	for range c.crowd {
		drop(hour(c.open[0]).Add(mins(10 * c.r.Float64())))
	}
	for range c.bursts {
		t := hour(c.open[0] + (c.open[1]-c.open[0]-0.5)*c.r.Float64())
		for range 4 + c.r.IntN(5) {
			drop(t.Add(mins(5 * c.r.Float64())))
		}
	}
	for len(c.events) > 0 {
		e := c.events[0]
		c.events = c.events[1:]
		e.do(e.at)
	}
}

func (c *clinic) join(now time.Time) {
	who := &person{at: now}
	c.line = append(c.line, who)
	c.joined(c, who, now)
	if c.r.Float64() < c.leaves {
		c.at(now.Add(mins(20*c.r.ExpFloat64())), func(time.Time) {
			c.line = slices.DeleteFunc(c.line, func(p *person) bool { return p == who })
		})
	}
	if len(c.free) > 0 {
		d := c.free[0]
		c.free = c.free[1:]
		c.at(now.Add(mins(lognormal(c.r, 0.8, 0.8))), func(now time.Time) { c.ready(d, now) })
	}
}

// ready is a doctor who looks at the list.
func (c *clinic) ready(d *doctor, now time.Time) {
	i := slices.IndexFunc(c.line, func(p *person) bool { return !now.Before(p.retry) })
	switch {
	case now.After(d.until) && (len(c.line) == 0 || !c.last(d)):
		return
	case !d.lunch.IsZero() && now.After(d.lunch):
		d.lunch = time.Time{}
		c.at(now.Add(mins(25+10*c.r.Float64())), func(now time.Time) { c.ready(d, now) })
		return
	case i < 0 && len(c.line) > 0:
		c.at(now.Add(time.Minute), func(now time.Time) { c.ready(d, now) })
		return
	case i < 0:
		c.free = append(c.free, d)
		return
	}
	c.call(d, c.line[i], now)
}

// last says whether the doctor's shift is the longest: that one stays till all have been seen.
func (c *clinic) last(d *doctor) bool {
	for _, shift := range c.shifts {
		if float64(d.until.Sub(d.until.Truncate(24*time.Hour)))/float64(time.Hour) < shift[1]-0.01 {
			return false
		}
	}
	return true
}

func (c *clinic) call(d *doctor, who *person, now time.Time) {
	call := &estimate.Call{Clinician: d.id, Joined: who.at, Created: now}
	c.calls = append(c.calls, call)
	if who.called.IsZero() {
		who.called = now
	}
	remove := func() { c.line = slices.DeleteFunc(c.line, func(p *person) bool { return p == who }) }
	pause := lognormal(c.r, 2, 0.7)
	if !c.noBreaks && c.r.Float64() < 0.04 {
		pause = 5 + 10*c.r.Float64() // the telephone, coffee, an emergency in the house
	}
	ring, length := mins(lognormal(c.r, 0.25, 0.5)), mins(c.minutes(c.r)*c.pace)
	answered := c.r.Float64() >= c.missed
	if !answered {
		ring, length, pause = time.Minute, 0, 0.3
		who.retry = now.Add(3 * time.Minute)
	} else {
		remove()
		c.at(now.Add(ring), func(now time.Time) { call.Started = now })
	}
	c.at(now.Add(ring+length), func(now time.Time) { call.Ended = now })
	c.at(now.Add(ring+length+mins(pause)), func(now time.Time) { c.ready(d, now) })
}

// since is when the longest waiting had drawn the number.
func (c *clinic) since() (t time.Time) {
	for _, p := range c.line {
		if t.IsZero() || p.at.Before(t) {
			t = p.at
		}
	}
	return t
}

// recent is what the backend would read: copies, so that what happens later stays unknown.
func (c *clinic) recent() []estimate.Call {
	var all []estimate.Call
	for _, call := range c.calls[max(0, len(c.calls)-estimate.Recent):] {
		all = append(all, *call)
	}
	return all
}

// score is how a kind of clinic came out.
type score struct {
	waits, unknown       int
	inside, below, above int
	// In minutes, means over the waits: the interval scores of what was said and of the constant range, and the width.
	score, constant, width float64
}

const alpha = 0.2

// intervalScore is that of Gneiting and Raftery (2007): the width, and 2/alpha times what lies outside.
func intervalScore(from, to, x float64) float64 {
	return to - from + 2/alpha*max(from-x, 0) + 2/alpha*max(x-to, 0)
}

// play lets a clinic run for some days; each wait is told as the number is drawn, or
// again ten minutes later, and compared with what came.
func (k kind) play(days int, seed uint64, again bool) score {
	type told struct {
		who  *person
		at   time.Time
		wait kontakt.Wait
	}
	var all []told
	c := &clinic{kind: k, r: rand.New(rand.NewPCG(seed, 7))}
	ask := func(c *clinic, who *person, now time.Time) {
		all = append(all, told{who, now, estimate.New(c.recent(), c.since(), now).Wait(slices.Index(c.line, who))})
	}
	c.joined = ask
	if again {
		c.joined = func(c *clinic, who *person, now time.Time) {
			c.at(now.Add(10*time.Minute), func(now time.Time) {
				if who.called.IsZero() && slices.Contains(c.line, who) {
					ask(c, who, now)
				}
			})
		}
	}
	for day, midnight := 0, time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC); day < days; midnight = midnight.AddDate(0, 0, 1) {
		if w := midnight.Weekday(); w != time.Saturday && w != time.Sunday {
			c.day(midnight)
			day++
		}
	}
	var s score
	var outcomes []float64
	for _, one := range all {
		if one.who.called.IsZero() {
			continue // left before the turn came
		}
		if !one.wait.Known {
			s.unknown++
			continue
		}
		x := one.who.called.Sub(one.at).Minutes()
		from, to := one.wait.From.Minutes(), one.wait.To.Minutes()
		outcomes = append(outcomes, x)
		switch {
		case x < from:
			s.below++
		case x > to:
			s.above++
		default:
			s.inside++
		}
		s.waits++
		s.score += intervalScore(from, to, x)
		s.width += to - from
	}
	slices.Sort(outcomes)
	n := float64(len(outcomes))
	from, to := outcomes[int(alpha/2*n)], outcomes[int((1-alpha/2)*n)]
	for _, x := range outcomes {
		s.constant += intervalScore(from, to, x) / n
	}
	s.score, s.width = s.score/n, s.width/n
	return s
}
