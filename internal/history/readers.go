package history

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// listed checks that a list holds every place that it must: one whose number had been told before the list was asked for
// and whose end nobody had asked for when it was answered.
func (c *checker) listed() {
	told, ending := c.lives()
	for i := range c.h.Ops {
		op := &c.h.Ops[i]
		if op.Outcome != OK || op.Kind != Held && op.Kind != List {
			continue
		}
		there := map[kontakt.EntryID]bool{}
		for _, p := range op.Saw {
			there[p.Entry] = true
		}
		for _, e := range c.h.Final.Entries {
			if op.Kind == Held && (e.Device != op.Device || c.places[e.Entry].shared) || op.Kind == List && e.Clinic != op.Clinic || there[e.Entry] {
				continue
			}
			since, known := told[e.Entry]
			until, ends := ending[e.Entry]
			if known && since < op.Begun && (!ends || until > op.Done) {
				c.find(IsLost, e.Entry, []int{op.ID}, "%s of %s does not hold number %d, which waits", op.Kind, op.Client, e.Number)
			}
		}
	}
}

// lives gives when each place's number had first been told, and when its end was first asked for by anybody.
func (c *checker) lives() (told, ending map[kontakt.EntryID]time.Duration) {
	told, ending = map[kontakt.EntryID]time.Duration{}, map[kontakt.EntryID]time.Duration{}
	for id, t := range c.places {
		for _, s := range t.seen {
			if first, known := told[id]; !known || s.op.Done < first {
				told[id] = s.op.Done
			}
		}
		if t.entry.EndedBy == "system" {
			ending[id] = 0 // nobody saw when
			continue
		}
		for _, a := range t.ops {
			if to := effects[a.op.Kind].to; to == "" || to.Open() || a.op.Outcome == Refused {
				continue
			}
			if first, known := ending[id]; !known || a.group.first().Begun < first {
				ending[id] = a.group.first().Begun
			}
		}
	}
	return told, ending
}

// readers checks that each saw each of its rooms without gap, repeat or change of order, with what the log says, and has
// everything at the end.
func (c *checker) readers() {
	for _, r := range c.h.Readers {
		at := c.saws(r)
		if !r.Whole {
			continue
		}
		for room, seq := range at {
			if log, kept := c.h.Final.Log[room]; kept && int(seq) < len(log) {
				c.find(IsOutOfOrder, "", nil, "%s never saw the last %d events of %s", r.Name, len(log)-int(seq), room)
			}
		}
		for id, p := range r.Believes {
			t := c.places[id]
			if t == nil || t.letGo(p) {
				continue // told by saw; no longer its own
			}
			if p.Version != t.entry.Version || p.State != t.entry.State {
				c.find(IsStuck, id, nil, "%s believes that its place is %s at version %d; it is %s at %d", r.Name, p.State, p.Version, t.entry.State, t.entry.Version)
			}
		}
	}
}

// saws goes through what a reader saw and gives where it stands in the end.
func (c *checker) saws(r *Reader) kontakt.Cursor {
	at := kontakt.Cursor{}
	broken := map[kontakt.Room]bool{} // one finding a room is enough
	for _, s := range r.Saw {
		last, follows := at[s.Room]
		switch {
		case s.Type == From:
			at[s.Room] = s.Seq
			continue
		case s.Type == Until:
			delete(at, s.Room)
			continue
		case broken[s.Room]:
		case !follows:
			c.find(IsOutOfOrder, "", nil, "%s was given event %d of %s, which it does not follow", r.Name, s.Seq, s.Room)
			broken[s.Room] = true
		case s.Seq != last+1:
			c.find(IsOutOfOrder, "", nil, "%s saw event %d of %s after event %d", r.Name, s.Seq, s.Room, last)
			broken[s.Room] = true
		default:
			c.content(r, s)
		}
		if follows {
			at[s.Room] = s.Seq
		}
	}
	return at
}

// content compares an event with the log's own.
func (c *checker) content(r *Reader, s Saw) {
	log, kept := c.h.Final.Log[s.Room]
	if !kept {
		return
	}
	if int(s.Seq) > len(log) {
		c.find(IsLost, "", nil, "%s saw event %d of %s, which the log does not have", r.Name, s.Seq, s.Room)
		return
	}
	if e := log[s.Seq-1]; e.Type != s.Type || e.Version != s.Version || e.State != s.State {
		c.find(IsWrong, "", nil, "%s saw event %d of %s as %s %s %d; the log says %s %s %d", r.Name, s.Seq, s.Room, s.Type, s.State, s.Version, e.Type, e.State, e.Version)
	}
}
