package history

import (
	"slices"

	"kontaktlaege/internal/kontakt"
)

// effect is what an operation does to a place: the model's one page of rules, written from DESIGN §3 and not from the
// code that is judged.
type effect struct {
	from []kontakt.EntryState
	to   kontakt.EntryState // "": stays
	// always: an acknowledged one has changed the place, as opposed to one that may say what was known
	always bool
	// orStays: of several tablets that hold a place, one that leaves only lets go of it
	orStays bool
}

var (
	waiting   = []kontakt.EntryState{kontakt.EntryWaiting}
	called    = []kontakt.EntryState{kontakt.EntryCalled}
	talking   = []kontakt.EntryState{kontakt.EntryInCall, kontakt.EntryInterrupted}
	inLine    = []kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled}
	openState = []kontakt.EntryState{kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted}
)

var effects = map[Kind]effect{
	Start:    {waiting, kontakt.EntryCalled, false, false}, // the same clinician again gets the same call
	Answer:   {called, kontakt.EntryInCall, true, false},
	NotNow:   {called, kontakt.EntryWaiting, true, false},
	Wait:     {called, kontakt.EntryCalled, true, false},
	NoAnswer: {called, kontakt.EntryWaiting, true, false},
	Leave:    {inLine, kontakt.EntryLeft, true, true},
	Remove:   {inLine, kontakt.EntryLeft, true, false},
	Restore:  {[]kontakt.EntryState{kontakt.EntryLeft}, kontakt.EntryWaiting, true, false},
	End:      {talking, kontakt.EntryEnded, true, false},
	Lost:     {talking, kontakt.EntryInterrupted, false, false},
	Live:     {talking, kontakt.EntryInCall, false, false},
	Transfer: {openState, kontakt.EntryWaiting, false, false},
	Here:     {openState, "", false, false},
	Away:     {openState, "", false, false},
	Reorder:  {inLine, "", false, false},
	Urgent:   {inLine, "", false, false},
}

// fits says whether the operation may have led from one state to the next.
func (k Kind) fits(from, to kontakt.EntryState) bool {
	e, moves := effects[k]
	return moves && slices.Contains(e.from, from) && (to == e.to || (e.to == "" || e.orStays) && to == from)
}

// bySystem says whether the backend may lead from one state to the next by itself: a ring that nobody answered, a call
// that was given up, contact lost and found. What ends a place by itself must say so in the database.
func bySystem(from, to kontakt.EntryState, endedBy string) bool {
	switch {
	case from == to:
		return from.Open()
	case to == kontakt.EntryWaiting:
		return from == kontakt.EntryCalled || slices.Contains(talking, from)
	case to == kontakt.EntryLeft:
		return slices.Contains(inLine, from) && endedBy == "system"
	}
	return false
}

// arrow says whether DESIGN §3 draws one between two states.
func arrow(from, to kontakt.EntryState) bool {
	if from == to {
		return from.Open()
	}
	for k := range effects {
		if k.fits(from, to) {
			return true
		}
	}
	return bySystem(from, to, "system")
}
