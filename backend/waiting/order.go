package waiting

import (
	"cmp"
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// order compares two open entries of one clinic. Those below the line come last. On either side of it stand first those
// that were put to the front, in the order in which they were, then the urgent, then the others; each by rank: the
// moment at which the number was drawn, the booked time where there is one, or what the clinic has made of it.
func order(a, b store.Entry) int {
	return cmp.Or(
		cmp.Compare(bit(below(a)), bit(below(b))),
		cmp.Compare(bit(a.FrontAt.IsZero()), bit(b.FrontAt.IsZero())),
		a.FrontAt.Compare(b.FrontAt),
		cmp.Compare(bit(!a.Urgent), bit(!b.Urgent)),
		byRank(a, b),
	)
}

func below(e store.Entry) bool { return e.NoAnswers >= BelowLine }

// byRank is the order that the clinic has not touched in any other way than by moving ranks.
func byRank(a, b store.Entry) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), compareDays(a.Day, b.Day), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func compareDays(a, b kontakt.Date) int { return bit(b.Before(a)) - bit(a.Before(b)) }

// aside is the room that is left before the first of the line, so that many can be put there one by one.
const aside = int64(time.Second)

// arrange puts e right before another of the line, which is the clinic's open entries; where that is not there, last.
// e then stands with the other: at the front, or urgent, if that one is. Two things it does not do: it puts nobody below
// the line, which only unanswered calls do, but last above it; and it moves nobody else, though a rank may be lowered to
// make room: those entries are given too. last is a rank behind all that were drawn.
func arrange(line []store.Entry, e store.Entry, before kontakt.EntryID, last int64) (moved store.Entry, others []store.Entry) {
	line = slices.DeleteFunc(slices.Clone(line), func(o store.Entry) bool { return o.ID == e.ID })
	slices.SortFunc(line, byRank)
	i := slices.IndexFunc(line, func(o store.Entry) bool { return o.ID == before })
	if i < 0 || below(line[i]) && !below(e) {
		e.FrontAt, e.Urgent, e.Rank = time.Time{}, false, last
		if n := len(line); n > 0 {
			e.Rank = max(e.Rank, line[n-1].Rank+1)
		}
		return e, nil
	}
	at := line[i]
	e.FrontAt, e.Urgent = at.FrontAt, at.Urgent
	if !below(at) && below(e) {
		e.NoAnswers = 0 // the clinic has taken it up again
	}
	switch {
	case i == 0:
		e.Rank = at.Rank - aside
	case at.Rank-line[i-1].Rank >= 2:
		e.Rank = line[i-1].Rank + (at.Rank-line[i-1].Rank)/2
	default:
		e.Rank = at.Rank - 1
		for next := e.Rank; i > 0 && line[i-1].Rank >= next; i-- {
			next--
			line[i-1].Rank = next
			others = append(others, line[i-1])
		}
	}
	return e, others
}

// spot is where a place stands in its line.
type spot struct {
	before int  // how many stand in the line before it
	passed bool // somebody behind it has been taken first
}

// spots gives that of each entry of a line.
func spots(line []store.Entry) map[kontakt.EntryID]spot {
	line = slices.SortedFunc(slices.Values(line), order)
	all := make(map[kontakt.EntryID]spot, len(line))
	before := 0
	for _, e := range line {
		all[e.ID] = spot{before: before}
		before += bit(inLine(e.State))
	}
	passed := false
	for _, e := range slices.Backward(line) {
		all[e.ID] = spot{all[e.ID].before, passed}
		passed = passed || e.State != kontakt.EntryWaiting
	}
	return all
}
