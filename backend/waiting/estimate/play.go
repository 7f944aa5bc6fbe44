package estimate

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// plays is how often the line is played out.
const plays = 240

// punctual is how far the beginning of a shift is from that of another day.
const punctual = 5 * 60.0

// now is how the clinicians stand at the moment, in seconds.
type now struct {
	ofDay  float64
	waited float64 // how long somebody has waited
	today  []clinician
}

// clinician is one who has been at work today.
type clinician struct {
	who   kontakt.EmployeeID
	does  doing
	since float64 // how long that has gone on
}

type doing int

const (
	talking doing = iota
	writing       // the call has ended, and somebody waited for the next
	free          // the call had ended before anybody waited
	gone
)

// standing reads how the clinicians stand from calls that are sorted, newest first.
func standing(calls []Call, since, at time.Time) now {
	n := now{ofDay: ofDay(at)}
	if !since.IsZero() {
		n.waited = max(between(since, at), 0)
	}
	for i, c := range calls {
		if c.Created.IsZero() || slices.ContainsFunc(n.today, func(o clinician) bool { return o.who == c.Clinician }) {
			continue
		}
		one := clinician{c.Clinician, free, n.waited}
		switch {
		case c.Ended.IsZero() && between(c.Created, at) < longest/2:
			one.does, one.since = talking, max(between(c.Created, at), 0)
		case kontakt.DateOf(c.Created) != kontakt.DateOf(at):
			continue
		case between(c.Ended, at) > longPause:
			one.does = gone
		case !since.IsZero() && !since.After(c.Ended) || waited(calls[:i], c.Ended):
			one.does, one.since = writing, max(between(c.Ended, at), 0)
		}
		n.today = append(n.today, one)
	}
	return n
}

// play is one way in which it may go on.
type play struct {
	rand   *rand.Rand
	factor float64 // today's pace
	ready  []turn  // who takes the next citizen, soonest last
	last   float64
	alone  bool // nobody is at work, and nobody comes that we know of
}

// turn is when a clinician takes the next citizen, and what is still to come of the day.
type turn struct {
	at        float64
	off, rest float64 // a break
	to        float64 // the end of the shift
}

// begin gives the plays; none where the most likely is that nobody is at work.
func begin(p *past, n now, seed uint64) []play {
	r := rand.New(rand.NewPCG(seed, uint64(len(n.today))))
	all := make([]play, plays)
	alone := 0
	for i := range all {
		all[i] = play{rand: r, factor: math.Exp(p.pace.mean + p.pace.deviation*r.NormFloat64())}
		all[i].open(p, n)
		if all[i].alone {
			alone++
		}
	}
	if alone > plays/5 {
		return nil // in the evening, say: when somebody comes again the calls do not tell
	}
	return all
}

// open sets out who takes the next citizens, and when.
func (l *play) open(p *past, n now) {
	r := l.rand
	var like []shift // the day before that today is like
	if len(p.days) > 0 {
		like = p.days[r.IntN(len(p.days))]
	}
	reacts := 0.0
	for _, c := range n.today {
		t := turn{off: math.Inf(1), to: math.Inf(1)}
		if i := slices.IndexFunc(like, func(s shift) bool { return s.who == c.who }); i >= 0 {
			t = like[i].still(n.ofDay)
		}
		switch c.does {
		case talking:
			t.at = p.calls.rest(r, l.factor, c.since)
			if t.at < t.to {
				l.add(t.after(p.notes.draw(r)))
			}
		case writing:
			if t.to <= 0 {
				continue
			}
			stays := (1 - p.leaves) * p.pauses.beyond(c.since)
			if r.Float64()*(p.leaves+stays) < stays {
				t.at = p.pauses.rest(r, 1, c.since)
				l.add(t)
			}
		case free: // one after another: the first to look up takes the first
			reacts += p.react.rest(r, 1, c.since)
			t.at = reacts
			l.add(t)
		}
	}
	for _, s := range like {
		if slices.ContainsFunc(n.today, func(c clinician) bool { return c.who == s.who }) {
			continue
		}
		t := s.still(n.ofDay)
		switch {
		case s.from > n.ofDay:
			t.at = max(s.from-n.ofDay+punctual*r.NormFloat64(), 0)
			l.add(t)
		case !s.came:
			reacts += p.react.rest(r, 1, n.waited)
			t.at = reacts
			l.add(t)
		}
	}
	if l.alone = len(l.ready) == 0; l.alone {
		l.add(turn{at: max(p.react.rest(r, 1, n.waited), p.pauses.rest(r, 1, n.waited)), off: math.Inf(1), to: math.Inf(1)})
	}
}

// still is what is to come of a day like that one, from a time of day on.
func (s shift) still(ofDay float64) turn {
	t := turn{off: s.off - ofDay, rest: s.rest, to: s.to - ofDay}
	if s.off == 0 || t.off < 0 {
		t.off = math.Inf(1)
	}
	if s.to == 0 || t.to < -60*60 {
		t.to = math.Inf(1)
	}
	return t
}

// after is the turn with the notes written, and the break taken if it is time.
func (t turn) after(notes float64) turn {
	if t.at >= t.off {
		t.at, t.off = t.at+t.rest, math.Inf(1)
		return t
	}
	t.at += notes
	return t
}

// add keeps the soonest last.
func (l *play) add(t turn) {
	i, _ := slices.BinarySearchFunc(l.ready, t, func(a, t turn) int {
		if a.at >= t.at {
			return -1
		}
		return 1
	})
	l.ready = slices.Insert(l.ready, i, t)
}

// next gives when the next citizen in the line is called.
func (l *play) next(p *past) float64 {
	r := l.rand
	for {
		t := l.ready[len(l.ready)-1]
		l.ready = l.ready[:len(l.ready)-1]
		l.last = max(l.last, t.at)
		t.at += p.calls.draw(r) * l.factor
		if len(l.ready) == 0 || t.at < t.to {
			l.add(t.after(p.notes.draw(r)))
		}
		if r.Float64() >= p.missed || l.last > longest {
			return l.last
		}
	}
}

// seed makes chance the same for the same calls.
func seed(calls []Call, since time.Time) uint64 {
	h := fnv.New64a()
	var b [8]byte
	put := func(t time.Time) {
		binary.LittleEndian.PutUint64(b[:], uint64(t.UnixNano()))
		h.Write(b[:])
	}
	for _, c := range calls {
		put(c.Created)
		put(c.Ended)
	}
	put(since)
	return h.Sum64()
}
