package waiting

import (
	"cmp"
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// side is who moves an entry.
type side string

const (
	tablet side = "tablet"
	clinic side = "clinic"
	system side = "system"
)

// Moves that no request asks for by name.
const (
	moveStart kontakt.Move = "start"
	moveGrace kontakt.Move = "grace"
)

// BelowLine is the number of unanswered calls after which an entry is shown below all others.
const BelowLine = 3

// Reasons that a person may give for leaving or ending; the screens have a button for each.
var (
	leaveReasons = []string{"left", "not_relevant"}
	endReasons   = []string{"done", "no_contact", "phone", "rebook", "wrong_patient"}
)

type rule struct {
	from []kontakt.EntryState
	to   kontakt.EntryState // "": the state stays
	by   []side
}

var (
	ringing = []kontakt.EntryState{kontakt.EntryCalled}
	talking = []kontakt.EntryState{kontakt.EntryInCall, kontakt.EntryInterrupted}
	anyOpen = []kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted}
)

var rules = map[kontakt.Move]rule{
	moveStart:            {[]kontakt.EntryState{kontakt.EntryWaiting}, kontakt.EntryCalled, []side{clinic}},
	kontakt.MoveAnswer:   {ringing, kontakt.EntryInCall, []side{tablet}},
	kontakt.MoveNotNow:   {ringing, kontakt.EntryWaiting, []side{tablet}},
	kontakt.MoveWait:     {ringing, kontakt.EntryCalled, []side{tablet}},
	kontakt.MoveNoAnswer: {ringing, kontakt.EntryWaiting, []side{clinic, system}},
	kontakt.MoveLeave:    {[]kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled}, kontakt.EntryLeft, []side{tablet, clinic}},
	kontakt.MoveLost:     {talking, kontakt.EntryInterrupted, []side{tablet, clinic}},
	kontakt.MoveLive:     {talking, kontakt.EntryInCall, []side{tablet, clinic}},
	moveGrace:            {talking, kontakt.EntryWaiting, []side{system}},
	kontakt.MoveEnd:      {talking, kontakt.EntryEnded, []side{tablet, clinic}},
	kontakt.MoveHere:     {anyOpen, "", []side{tablet}},
	kontakt.MoveAway:     {anyOpen, "", []side{tablet}},
}

// place is an entry with the call under way, if any.
type place struct {
	entry   store.Entry
	holders []store.Holder // the tablets that hold it, the first first
	call    *store.Call
}

// change is what a move did, beside the new place.
type change struct {
	none  bool // the fact was known
	line  bool // others' places or texts may have changed
	ended bool // the call has ended
}

// limits are the times that the rules go by.
type limits struct {
	ring, prolong time.Duration
}

// move is the whole of what may happen to a place; it touches neither clock nor database. The call of a start is made
// by the caller.
func (p place) move(m kontakt.Move, by side, reason string, now time.Time, l limits) (place, change, error) {
	r, known := rules[m]
	if !known || !slices.Contains(r.by, by) || !reasonFits(m, reason) {
		return p, change{}, &kontakt.Error{Op: "waiting.move", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	if !slices.Contains(r.from, p.entry.State) {
		return p, change{}, &kontakt.Error{Op: "waiting.move", Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
	}
	if p.knows(m) {
		return p, change{none: true}, nil
	}
	e, was := p.entry, p.entry.State
	if r.to != "" {
		e.State = r.to
	}
	if p.call != nil {
		call := *p.call
		p.call = &call
	}
	var c change
	switch m {
	case moveStart:
		e.Notice, e.Call = "", p.call.ID
		p.call.RingUntil = now.Add(l.ring)
		e.PostponedTo = time.Time{}
	case kontakt.MoveAnswer:
		p.call.StartedAt = now
		e.StartedAt, e.Notice = now, ""
		e.PostponedTo = time.Time{}
	case kontakt.MoveWait:
		if p.call.Prolonged {
			return p, change{}, &kontakt.Error{Op: "waiting.move", Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
		}
		p.call.Prolonged = true
		p.call.RingUntil = now.Add(l.prolong)
		e.PostponedTo = p.call.RingUntil
	case kontakt.MoveNoAnswer:
		e.NoAnswers++
		e.NoAnswerAt, e.Notice = now, kontakt.MsgNoAnswer
	case moveGrace:
		e.FrontAt, e.StartedAt = now, time.Time{}
	case kontakt.MoveLost:
		e.LostAt = now
	case kontakt.MoveLeave, kontakt.MoveEnd:
		e.EndedAt, e.EndedBy, e.EndReason, e.Notice = now, string(by), reason, ""
	}
	if e.State != kontakt.EntryInterrupted {
		e.LostAt = time.Time{}
	}
	if p.call != nil && was != kontakt.EntryWaiting && (e.State == kontakt.EntryWaiting || !e.State.Open()) {
		p.call.EndedAt, p.call.Reason = now, callReason(m, by)
		e.Call, e.PostponedTo = "", time.Time{}
		c.ended = true
	}
	// A start or its undoing moves nobody; but who stood before the one that is called is told so.
	c.line = inLine(was) != inLine(e.State) || m == moveStart || m == kontakt.MoveNoAnswer || m == kontakt.MoveNotNow
	p.entry = e
	return p, c, nil
}

// knows says whether a report says nothing new.
func (p place) knows(m kontakt.Move) bool {
	switch m {
	case kontakt.MoveLost:
		return p.entry.State == kontakt.EntryInterrupted
	case kontakt.MoveLive:
		return p.entry.State == kontakt.EntryInCall
	}
	return false
}

func reasonFits(m kontakt.Move, reason string) bool {
	switch {
	case m == kontakt.MoveLeave:
		return slices.Contains(leaveReasons, reason)
	case m == kontakt.MoveEnd:
		return slices.Contains(endReasons, reason)
	}
	return reason == ""
}

// callReason is what the call's room is told.
func callReason(m kontakt.Move, by side) string {
	switch m {
	case kontakt.MoveEnd:
		return string(by)
	case moveGrace:
		return "interrupted"
	case kontakt.MoveLeave:
		return "left"
	}
	return string(m)
}

// inLine says whether a citizen in this state stands in the line before others.
func inLine(s kontakt.EntryState) bool { return s == kontakt.EntryWaiting || s == kontakt.EntryCalled }

// holder gives what a tablet that holds the place is to it.
func (p place) holder(id kontakt.DeviceID) (store.Holder, bool) {
	for _, h := range p.holders {
		if h.Device == id {
			return h, true
		}
	}
	return store.Holder{}, false
}

// presence is the best of the tablets that hold an entry.
func presence(holders []store.Holder) kontakt.Presence {
	best := kontakt.PresenceNoContact
	for _, h := range holders {
		switch {
		case h.NoContact:
		case h.Away:
			best = kontakt.PresenceAway
		default:
			return kontakt.PresenceHere
		}
	}
	return best
}

// order compares two open entries of one clinic: the interrupted first, in the order in which they were put to the
// front; then by number, an earlier day's before a later's; those below the line last.
func order(a, b store.Entry) int {
	return cmp.Or(
		cmp.Compare(bit(a.NoAnswers >= BelowLine), bit(b.NoAnswers >= BelowLine)),
		cmp.Compare(bit(a.FrontAt.IsZero()), bit(b.FrontAt.IsZero())),
		a.FrontAt.Compare(b.FrontAt),
		compareDays(a.Day, b.Day),
		cmp.Compare(a.Number, b.Number),
	)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func compareDays(a, b kontakt.Date) int { return bit(b.Before(a)) - bit(a.Before(b)) }

// before counts who stands in the line before e, and says whether somebody behind e has been taken first.
func before(line []store.Entry, e store.Entry) (n int, passed bool) {
	for _, other := range line {
		switch {
		case other.ID == e.ID:
		case order(other, e) < 0 && inLine(other.State):
			n++
		case order(other, e) > 0 && !inLine(other.State) || order(other, e) > 0 && other.State == kontakt.EntryCalled:
			passed = true
		}
	}
	return n, passed
}

// enough is how many conversations a clinic must have had before their length says something.
const enough = 5

// wait is the range in which a citizen is likely called: from that all before take as short as the clinic's short
// conversations, to that they, and the one under way, take as long as its long ones.
func wait(durations []time.Duration, before int) kontakt.Wait {
	if len(durations) < enough {
		return kontakt.Wait{}
	}
	sorted := slices.Sorted(slices.Values(durations))
	at := func(percent int) time.Duration { return sorted[(len(sorted)-1)*percent/100] }
	return kontakt.Wait{Known: true, From: at(10) * time.Duration(before), To: at(90) * time.Duration(before+1)}
}
