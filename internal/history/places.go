package history

import (
	"slices"

	"kontaktlaege/internal/kontakt"
)

// place checks one place: its log, what the answers said of it, and that somebody asked for each of its changes.
func (c *checker) place(t *timeline) {
	c.answers(t)
	c.explained(t)
	for _, a := range t.ops {
		if a.op.Outcome == Refused {
			c.refusal(t, a)
		}
	}
}

// answers checks all that was said of the place against its log and against time.
func (c *checker) answers(t *timeline) {
	for _, s := range t.seen {
		v, ids := s.place.Version, []int{s.op.ID}
		is, there := t.at(v)
		switch {
		case !there:
			c.find(IsLost, t.entry.Entry, ids, "%s of %s was answered with version %d, which the place never had", s.op.Kind, s.op.Client, v)
			continue
		case is.state != s.place.State && !(s.op.Kind == Leave && t.letGo(s.place)):
			c.find(IsWrong, t.entry.Entry, ids, "version %d was shown to %s as %s", v, s.op.Client, s.place.State)
		case s.place.Number != 0 && s.place.Number != t.entry.Number:
			c.find(IsWrong, t.entry.Entry, ids, "number %d was shown to %s as %d", t.entry.Number, s.op.Client, s.place.Number)
		case s.place.Call != is.call && (s.place.Call != "" || !t.shared): // the call is the answering tablet's alone
			c.find(IsWrong, t.entry.Entry, ids, "at version %d %s was told of call %q instead of %q", v, s.op.Client, s.place.Call, is.call)
		}
		if floor := t.floor(s.begun); v < floor {
			c.find(IsOutOfOrder, t.entry.Entry, ids, "%s was told of version %d after version %d had been shown", s.op.Client, v, floor)
		}
		if ceiling := t.ceiling(s.op.Done); v > ceiling {
			c.find(IsOutOfOrder, t.entry.Entry, ids, "%s was told of version %d before anybody had asked for it", s.op.Client, v)
		}
	}
	for _, a := range t.ops {
		c.claim(t, a)
	}
}

// claim checks that an acknowledged change is there, is the only one that made its version, and was not seen before it
// was asked for.
func (c *checker) claim(t *timeline, a asked) {
	op := a.op
	if op.Outcome != OK || op.Got == nil {
		return
	}
	v := op.Got.Version
	if effects[op.Kind].always && !t.fresh(op, v) {
		if _, there := t.at(v); there {
			c.find(IsLost, t.entry.Entry, a.group.ids(), "%s of %s was acknowledged as version %d, which is another change", op.Kind, op.Client, v)
		}
		return
	}
	by := t.claims[v]
	if by == nil {
		return
	}
	if by != a.group && effects[op.Kind].always && effects[by.first().Kind].always {
		class, what := IsDoubled, "one change was acknowledged to two: version %d"
		if by.ok().Done < a.group.first().Begun {
			class, what = IsLost, "what was acknowledged as version %d was gone, and the version was made again"
		}
		c.find(class, t.entry.Entry, append(by.ids(), a.group.ids()...), what, v)
	}
	if by == a.group && effects[op.Kind].always && t.floor(a.group.first().Begun) >= v {
		c.find(IsOutOfOrder, t.entry.Entry, a.group.ids(), "version %d was seen before %s asked for it", v, op.Client)
	}
}

// explained checks that each change was asked for by somebody, or is one that the backend makes by itself.
func (c *checker) explained(t *timeline) {
	spent := map[*group]bool{}
	for i := 1; i < len(t.steps); i++ {
		was, is := t.steps[i-1], t.steps[i]
		if t.claims[is.version] != nil || bySystem(was.state, is.state, t.entry.EndedBy) {
			continue
		}
		if !c.maybe(t, was, is, spent) {
			c.find(IsDoubled, t.entry.Entry, nil, "nobody asked for version %d, %s → %s", is.version, was.state, is.state)
		}
	}
}

// maybe finds an operation, each at most once, that may have made the step without an answer that says so.
func (c *checker) maybe(t *timeline, was, is step, spent map[*group]bool) bool {
	for _, a := range t.ops {
		op := a.op
		if spent[a.group] || !op.Kind.fits(was.state, is.state) || !a.group.unknown() && (op.Outcome != OK || op.Got != nil) {
			continue
		}
		if op.Kind == Start && c.call[is.call].Staff != op.Staff {
			continue
		}
		spent[a.group] = true
		return true
	}
	return false
}

// refusal checks that the place gave reason for it at some time at which it can have been refused.
func (c *checker) refusal(t *timeline, a asked) {
	op := a.op
	e, moves := effects[op.Kind]
	if !moves {
		return
	}
	var such func(step) bool
	what := "was refused although the place was never such that it had to be"
	switch op.Msg {
	case kontakt.MsgAlreadyClaimed:
		what = "was told of a winner who had not won: " + op.Params["navn"]
		such = func(s step) bool { return s.call != "" && c.h.Staff[c.call[s.call].Staff] == op.Params["navn"] }
	case kontakt.MsgVersion:
		such = func(s step) bool { return s.version != op.Version }
	case kontakt.MsgWrongState:
		if op.Kind == Wait { // once a call: the second time the state is right
			return
		}
		such = func(s step) bool { return !slices.Contains(e.from, s.state) }
	default:
		return
	}
	if !t.sometime(op, such) {
		c.find(IsWrong, t.entry.Entry, []int{op.ID}, "%s of %s %s", op.Kind, op.Client, what)
	}
}

// calls checks that each call was started by its clinician, and that whoever was told of a call as theirs had it.
func (c *checker) calls() {
	for _, g := range c.order {
		op := g.ok()
		if op == nil || op.Kind != Start || op.Got == nil {
			continue
		}
		call, there := c.call[op.Got.Call]
		switch {
		case !there:
			c.find(IsLost, op.Entry, g.ids(), "the call that %s started does not exist", op.Client)
		case call.Staff != op.Staff:
			c.find(IsDoubled, op.Entry, g.ids(), "%s was given the call of %s", op.Client, c.h.Staff[call.Staff])
		case call.Entry != op.Entry:
			c.find(IsWrong, op.Entry, g.ids(), "%s started another call than asked for", op.Client)
		}
	}
}
