package history

import (
	"slices"
	"strconv"
	"time"

	"kontaktlaege/internal/kontakt"
)

// log checks the log itself: each room's numbers without gap or repeat, and each place's versions, in its own room and in
// its clinic's, once and along the arrows.
func (c *checker) log() {
	for room, events := range c.h.Final.Log {
		for i, e := range events {
			if want := kontakt.Seq(i + 1); e.Seq != want {
				c.find(IsOutOfOrder, "", nil, "the log of %s has number %d where %d should stand", room, e.Seq, want)
				break
			}
		}
	}
	for _, e := range c.h.Final.Entries {
		t := c.places[e.Entry]
		c.versions(t, t.steps)
		if last, _ := t.at(t.last()); last.version != e.Version || last.state != e.State {
			c.find(IsLost, e.Entry, nil, "the place is %s at version %d, and the last that its log says is %s at %d", e.State, e.Version, last.state, last.version)
		}
	}
}

func (c *checker) versions(t *timeline, steps []step) {
	for i, s := range steps {
		switch {
		case s.version > i+1:
			c.find(IsLost, t.entry.Entry, nil, "no event tells of version %d", i+1)
			return
		case s.version < i+1:
			c.find(IsDoubled, t.entry.Entry, nil, "two events tell of version %d", s.version)
			return
		case i == 0 && s.state != kontakt.EntryWaiting:
			c.find(IsWrong, t.entry.Entry, nil, "the place began as %s", s.state)
		case i > 0 && !arrow(steps[i-1].state, s.state):
			c.find(IsWrong, t.entry.Entry, nil, "version %d: there is no arrow %s → %s", s.version, steps[i-1].state, s.state)
		}
	}
}

// room is the model: a simple waiting room in memory, into which a clinic's log is played.
type room struct {
	open     map[kontakt.CitizenID]kontakt.EntryID
	versions map[kontakt.EntryID][]step
}

// rooms plays each clinic's log into the model: a citizen has one open place at a time, and the clinic is told all that
// the place is told, in the same order.
func (c *checker) rooms() {
	for name, events := range c.h.Final.Log {
		if kind, _ := name.Split(); kind != "clinic" {
			continue
		}
		r := room{map[kontakt.CitizenID]kontakt.EntryID{}, map[kontakt.EntryID][]step{}}
		for _, e := range events {
			if isChange(e.Type) {
				c.play(r, e)
			}
		}
		for id, told := range r.versions {
			t := c.places[id]
			if t == nil {
				c.find(IsLost, id, nil, "%s was told of a place that does not exist", name)
				continue
			}
			if !slices.EqualFunc(told, t.steps, func(a, b step) bool { return a.version == b.version && a.state == b.state }) {
				c.find(IsLost, id, nil, "%s was told another story of the place than the place itself", name)
			}
		}
	}
	for _, e := range c.h.Final.Entries {
		events := c.h.Final.Log[kontakt.ClinicRoom(e.Clinic)]
		if !slices.ContainsFunc(events, func(event Event) bool { return event.Entry == e.Entry }) {
			c.find(IsLost, e.Entry, nil, "the clinic was never told of the place")
		}
	}
}

func (c *checker) play(r room, e Event) {
	r.versions[e.Entry] = append(r.versions[e.Entry], step{version: e.Version, state: e.State})
	t := c.places[e.Entry]
	if t == nil {
		return
	}
	citizen := t.entry.Citizen
	holder, held := r.open[citizen]
	switch {
	case e.State.Open() && held && holder != e.Entry:
		c.find(IsDoubled, e.Entry, nil, "the citizen had two open places at one clinic, the other is %s", holder)
	case e.State.Open():
		r.open[citizen] = e.Entry
	case holder == e.Entry:
		delete(r.open, citizen)
	}
}

// joins checks that each acknowledged number has its place, and each place one who asked for it.
func (c *checker) joins() {
	c.drew = map[kontakt.EntryID]*group{}
	var unknown []*group
	for _, g := range c.order {
		op := g.first()
		if op.Kind != Join {
			continue
		}
		if g.unknown() {
			unknown = append(unknown, g)
		}
		if ok := g.ok(); ok != nil {
			c.joined(ok, g)
		}
		for _, op := range g.ops {
			if op.Outcome == Refused {
				c.joinRefused(op)
			}
		}
	}
	spent := map[*group]bool{}
	for _, e := range c.h.Final.Entries {
		if c.drew[e.Entry] != nil {
			continue
		}
		i := slices.IndexFunc(unknown, func(g *group) bool {
			op := g.first()
			return !spent[g] && op.Citizen == e.Citizen && op.Clinic == e.Clinic && (op.Device == e.Device || c.places[e.Entry].shared)
		})
		if i < 0 {
			c.find(IsDoubled, e.Entry, nil, "nobody asked for the place with number %d", e.Number)
			continue
		}
		spent[unknown[i]] = true
	}
}

func (c *checker) joined(op *Op, g *group) {
	t, was := c.places[op.Got.Entry], c.drew[op.Got.Entry]
	switch {
	case t == nil: // told by saw
	case t.entry.Citizen != op.Citizen || t.entry.Clinic != op.Clinic || t.entry.Device != op.Device && !t.shared:
		c.find(IsLost, op.Got.Entry, g.ids(), "number %d belongs to another than %s was told", t.entry.Number, op.Client)
	case op.Over && op.Got.Version > 1: // took over what another had drawn
	case was != nil && op.Over: // or what it held itself, which changes nothing
	case was != nil && !was.first().Over:
		c.find(IsDoubled, op.Got.Entry, append(was.ids(), g.ids()...), "two were given one place")
	default:
		c.drew[op.Got.Entry] = g
	}
}

func (c *checker) joinRefused(op *Op) {
	ids := []int{op.ID}
	switch op.Msg {
	case kontakt.MsgAlreadyWaiting:
		ok := slices.ContainsFunc(c.h.Final.Entries, func(e Entry) bool {
			return e.Citizen == op.Citizen && e.Clinic == op.Clinic && strconv.Itoa(e.Number) == op.Params["n"] &&
				c.places[e.Entry].sometime(op, func(s step) bool { return s.state.Open() })
		})
		if !ok {
			c.find(IsWrong, "", ids, "%s was told that the citizen waits already, with number %s, which was not so", op.Client, op.Params["n"])
		}
	case kontakt.MsgNotAttached:
		if c.h.Home[op.Citizen] == op.Clinic {
			c.find(IsWrong, "", ids, "%s was told that the citizen belongs elsewhere, which is not so", op.Client)
		}
	}
}

// drawnFrom is when a place may first have been drawn that was told to g. A take-over may have found a place that was
// drawn by a request whose answer never came.
func (c *checker) drawnFrom(g *group) time.Duration {
	op, from := g.first(), g.first().Begun
	if !op.Over {
		return from
	}
	for _, other := range c.order {
		if o := other.first(); o.Kind == Join && o.Citizen == op.Citizen && o.Clinic == op.Clinic && other.unknown() {
			from = min(from, o.Begun)
		}
	}
	return from
}

// numbers checks that each is given once a clinic and day, and that who had theirs before another asked has the lower one.
func (c *checker) numbers() {
	type day struct {
		clinic kontakt.ClinicID
		day    string
	}
	type drawn struct {
		op     *Op // nil: never told
		number int
		begun  time.Duration
		done   time.Duration
	}
	days := map[day][]drawn{}
	given := map[day]map[int]kontakt.EntryID{}
	for _, e := range c.h.Final.Entries {
		d := day{e.Clinic, e.Day}
		if given[d] == nil {
			given[d] = map[int]kontakt.EntryID{}
		}
		if other, twice := given[d][e.Number]; twice {
			c.find(IsDoubled, e.Entry, nil, "number %d of %s was given twice, also to %s", e.Number, e.Day, other)
		}
		given[d][e.Number] = e.Entry
		if g := c.drew[e.Entry]; g != nil {
			days[d] = append(days[d], drawn{g.ok(), e.Number, c.drawnFrom(g), g.ok().Done})
		}
	}
	for _, all := range days {
		byBegun, byDone := slices.Clone(all), slices.Clone(all)
		sortBy(byBegun, func(d drawn) time.Duration { return d.begun })
		sortBy(byDone, func(d drawn) time.Duration { return d.done })
		high, i := drawn{}, 0
		for _, d := range byBegun {
			for ; i < len(byDone) && byDone[i].done < d.begun; i++ {
				if byDone[i].number > high.number {
					high = byDone[i]
				}
			}
			if high.number > d.number {
				c.find(IsOutOfOrder, d.op.Got.Entry, []int{high.op.ID, d.op.ID}, "number %d was drawn after number %d had been told", d.number, high.number)
			}
		}
	}
}
