package waiting

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// model is a line as a list: who stands behind whom, and which of them are marked. What is shown is the marked in their
// groups, each in the list's order.
type model struct {
	list  []kontakt.EntryID
	marks map[kontakt.EntryID]mark
}

type mark struct {
	below  bool
	front  int // when it was put to the front; 0: it was not
	urgent bool
}

func (m mark) group() [3]int {
	front := m.front
	if front == 0 {
		front = 1 << 30
	}
	return [3]int{bit(m.below), front, bit(!m.urgent)}
}

func (m model) shown() []kontakt.EntryID {
	shown := slices.Clone(m.list)
	slices.SortStableFunc(shown, func(a, b kontakt.EntryID) int {
		x, y := m.marks[a].group(), m.marks[b].group()
		return slices.Compare(x[:], y[:])
	})
	return shown
}

func (m *model) place(id, before kontakt.EntryID) {
	at, mine := m.marks[before], m.marks[id]
	m.list = slices.DeleteFunc(m.list, func(other kontakt.EntryID) bool { return other == id })
	i := slices.Index(m.list, before)
	if i < 0 || at.below && !mine.below {
		m.list = append(m.list, id)
		m.marks[id] = mark{below: mine.below}
		return
	}
	m.list = slices.Insert(m.list, i, id)
	m.marks[id] = at
}

// Whatever is placed, marked as urgent, put to the front or left unanswered, in whatever order: the line is that of a
// simple list, everybody stands somewhere, and nobody moves but who was moved.
func TestArrange_anySequenceKeepsTheOrderOfASimpleList(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		var line []store.Entry
		m := model{marks: map[kontakt.EntryID]mark{}}
		clock, drawn := int64(1_000_000_000), int64(0)
		draw := func() int64 {
			drawn = max(drawn+1, clock)
			return drawn
		}
		for step := range 120 {
			clock += int64(r.IntN(3)) // a clock that often stands still makes ranks that leave no room
			do := r.IntN(10)
			if len(line) < 2 || do == 0 && len(line) < 12 {
				id := kontakt.EntryID(fmt.Sprintf("e%03d", step))
				line = append(line, store.Entry{ID: id, State: kontakt.EntryWaiting, Number: step + 1, Rank: draw()})
				m.list = append(m.list, id)
				continue
			}
			i := r.IntN(len(line))
			e := &line[i]
			mine := m.marks[e.ID]
			switch do {
			case 1:
				e.Urgent = !e.Urgent
				mine.urgent = e.Urgent
				m.marks[e.ID] = mine
			case 2:
				e.FrontAt, mine.front = time.Unix(int64(step+1), 0), step+1
				m.marks[e.ID] = mine
			case 3:
				e.NoAnswers = BelowLine
				mine.below = true
				m.marks[e.ID] = mine
			case 4:
				id := e.ID
				line = slices.Delete(line, i, i+1)
				m.list = slices.DeleteFunc(m.list, func(other kontakt.EntryID) bool { return other == id })
				delete(m.marks, id)
			default:
				before := kontakt.EntryID("")
				if other := line[r.IntN(len(line))].ID; r.IntN(6) > 0 && other != e.ID {
					before = other
				}
				crosses := m.marks[before].below && !mine.below
				moved, others := arrange(line, *e, before, draw())
				m.place(e.ID, before)
				*e = moved
				for _, o := range others {
					line[slices.IndexFunc(line, func(l store.Entry) bool { return l.ID == o.ID })].Rank = o.Rank
				}
				shown := ids(line)
				if at := slices.Index(shown, moved.ID); before != "" && !crosses && (at+1 == len(shown) || shown[at+1] != before) {
					t.Fatalf("seed %d, step %d: %s was put before %s, and stands so: %v", seed, step, moved.ID, before, shown)
				}
			}
			if got, want := ids(line), m.shown(); !slices.Equal(got, want) {
				t.Fatalf("seed %d, step %d: line %v, the list says %v", seed, step, got, want)
			}
		}
	}
}

func ids(line []store.Entry) []kontakt.EntryID {
	sorted := slices.Clone(line)
	slices.SortFunc(sorted, order)
	var all []kontakt.EntryID
	for _, e := range sorted {
		all = append(all, e.ID)
	}
	return all
}

func TestArrange_makesRoomWhereRanksLeaveNone(t *testing.T) {
	line := []store.Entry{{ID: "a", Rank: 7}, {ID: "b", Rank: 8}, {ID: "c", Rank: 8, Number: 1}, {ID: "d", Rank: 9}}
	moved, others := arrange(line, line[3], "c", 100)
	if moved.Rank != 7 || len(others) != 2 || others[0].Rank != 6 || others[1].Rank != 5 {
		t.Errorf("moved to %d, others %+v", moved.Rank, others)
	}
	for _, e := range line {
		if e.ID == "a" && e.Rank != 7 {
			t.Error("arrange has changed the line that it was given")
		}
	}
}
