package history

import (
	"fmt"

	"kontaktlaege/internal/kontakt"
)

// Check judges a history.
func Check(h *History) Report {
	c := newChecker(h)
	c.log()
	c.rooms()
	c.joins()
	c.numbers()
	for _, e := range h.Final.Entries {
		c.place(c.places[e.Entry])
	}
	c.calls()
	c.listed()
	c.readers()
	c.rest()
	ops, acked := h.Count()
	return Report{Ops: ops, Acked: acked, Findings: c.found}
}

// checker holds what the checks share.
type checker struct {
	h      *History
	found  []Finding
	places map[kontakt.EntryID]*timeline
	call   map[kontakt.CallID]Call
	groups map[string]*group          // by client and key
	order  []*group                   // in the order of their first operations
	drew   map[kontakt.EntryID]*group // who was told a place that they had asked for: all but take-overs
}

// group is all requests that one client sent under one key: for the backend they are one.
type group struct {
	ops []*Op
}

// first is when the first of them was sent: from then on it may have happened.
func (g *group) first() *Op { return g.ops[0] }

// ok gives the first acknowledged one, or nil.
func (g *group) ok() *Op {
	for _, op := range g.ops {
		if op.Outcome == OK {
			return op
		}
	}
	return nil
}

// unknown says whether it may have happened without anybody having been told.
func (g *group) unknown() bool {
	if g.ok() != nil {
		return false
	}
	for _, op := range g.ops {
		if op.Outcome == Unknown {
			return true
		}
	}
	return false
}

func (g *group) ids() []int {
	ids := make([]int, len(g.ops))
	for i, op := range g.ops {
		ids[i] = op.ID
	}
	return ids
}

func newChecker(h *History) *checker {
	c := &checker{
		h: h, places: map[kontakt.EntryID]*timeline{}, call: map[kontakt.CallID]Call{}, groups: map[string]*group{},
	}
	for _, call := range h.Final.Calls {
		c.call[call.ID] = call
	}
	for _, e := range h.Final.Entries {
		c.places[e.Entry] = newTimeline(e, h.Final.Log[kontakt.EntryRoom(e.Entry)])
	}
	for i := range h.Ops {
		op := &h.Ops[i]
		key := op.Client + " " + op.Key
		if op.Key == "" {
			key = fmt.Sprintf("%s #%d", op.Client, op.ID)
		}
		g := c.groups[key]
		if g == nil {
			g = &group{}
			c.groups[key] = g
			c.order = append(c.order, g)
		}
		g.ops = append(g.ops, op)
	}
	for _, g := range c.order {
		sortBy(g.ops, func(op *Op) int64 { return int64(op.Begun) })
	}
	sortBy(c.order, func(g *group) int64 { return int64(g.first().Begun) })
	c.share()
	for _, g := range c.order {
		c.once(g)
		c.observe(g)
	}
	for _, t := range c.places {
		t.index()
	}
	return c
}

func (c *checker) find(class Class, e kontakt.EntryID, ops []int, format string, args ...any) {
	c.found = append(c.found, Finding{Class: class, What: fmt.Sprintf(format, args...), Ops: ops, Entry: e})
}

// share marks the places that somebody may have taken over.
func (c *checker) share() {
	type seat struct {
		citizen kontakt.CitizenID
		clinic  kontakt.ClinicID
	}
	over := map[seat]bool{}
	for _, g := range c.order {
		op := g.first()
		over[seat{op.Citizen, op.Clinic}] = over[seat{op.Citizen, op.Clinic}] || op.Over
	}
	for _, t := range c.places {
		t.shared = over[seat{t.entry.Citizen, t.entry.Clinic}]
	}
}

// once checks that one key has one answer: what was acknowledged is acknowledged again with the same, never refused.
func (c *checker) once(g *group) {
	first := g.ok()
	if first == nil {
		return
	}
	for _, op := range g.ops {
		switch {
		case op.Outcome == Refused && op.Begun > first.Done:
			c.find(IsDoubled, op.Entry, g.ids(), "%s of %s was acknowledged and, sent again under its key, refused", op.Kind, op.Client)
		case op.Outcome == OK && op.Got != nil && first.Got != nil && (op.Got.Entry != first.Got.Entry ||
			op.Got.Number != first.Got.Number || op.Got.Version != first.Got.Version || op.Got.Call != first.Got.Call):
			c.find(IsDoubled, op.Entry, g.ids(), "%s of %s has two different answers under one key", op.Kind, op.Client)
		}
	}
}

// observe gives each place what the operations say of it.
func (c *checker) observe(g *group) {
	for _, op := range g.ops {
		if id := op.about(); id != "" {
			if t := c.places[id]; t != nil {
				t.ops = append(t.ops, asked{op, g})
			}
		}
		if op.Outcome != OK {
			continue
		}
		if op.Got != nil {
			c.saw(op, g, *op.Got)
		}
		for _, p := range op.Saw {
			c.saw(op, g, p)
		}
	}
}

// about is the place that an operation is about.
func (op *Op) about() kontakt.EntryID {
	if op.Got != nil {
		return op.Got.Entry
	}
	return op.Entry
}

func (c *checker) saw(op *Op, g *group, p Place) {
	t := c.places[p.Entry]
	if t == nil {
		c.find(IsLost, p.Entry, []int{op.ID}, "%s of %s was told of a place, and no such place exists", op.Kind, op.Client)
		return
	}
	t.seen = append(t.seen, sight{op: op, begun: g.first().Begun, place: p})
	if p.RingLeft > c.h.MaxRing || p.RingLeft < -c.h.MaxRing {
		c.find(IsWrong, p.Entry, []int{op.ID}, "by the clock of %s the call rings for another %v", op.Client, p.RingLeft)
	}
}

// rest checks that everything came to rest.
func (c *checker) rest() {
	for _, what := range c.h.Stuck {
		c.find(IsStuck, "", nil, "%s", what)
	}
	for i := range c.h.Ops {
		if op := &c.h.Ops[i]; op.Rest && op.Outcome == Unknown {
			c.find(IsStuck, op.about(), []int{op.ID}, "%s of %s had no answer although everything ran", op.Kind, op.Client)
		}
	}
	if !c.h.Drained {
		return
	}
	for _, e := range c.h.Final.Entries {
		if e.State.Open() {
			c.find(IsStuck, e.Entry, nil, "a place could not be called and ended: it is %s", e.State)
		}
	}
}
