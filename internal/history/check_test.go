package history_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

func TestCheck_findsNothingInAWaitingRoomThatIsRight(t *testing.T) {
	for seed := range uint64(20) {
		h := simulate(seed, 600, seed%2 == 1)
		report := history.Check(h)
		if len(report.Findings) > 0 {
			var text strings.Builder
			if err := report.Explain(&text, h, 3); err != nil {
				t.Fatal(err)
			}
			t.Fatalf("seed %d: %s\n%s", seed, report, text.String())
		}
		if report.Acked < 200 || report.Acked >= report.Ops {
			t.Errorf("seed %d: %s: the sim refuses or loses too much, or nothing", seed, report)
		}
	}
}

// bug damages a history as a fault of the product would, and says false where this history has no place for it.
type bug struct {
	name  string
	class history.Class
	do    func(rng *rand.Rand, h *history.History) bool
}

var bugs = []bug{
	{"an event is dropped", history.IsOutOfOrder, func(rng *rand.Rand, h *history.History) bool {
		i := someSaw(rng, h, 1)
		h.Readers[1].Saw = slices.Delete(h.Readers[1].Saw, i, i+1)
		return true
	}},
	{"an event is doubled", history.IsOutOfOrder, func(rng *rand.Rand, h *history.History) bool {
		i := someSaw(rng, h, 1)
		h.Readers[1].Saw = slices.Insert(h.Readers[1].Saw, i, h.Readers[1].Saw[i])
		return true
	}},
	{"two events change places", history.IsOutOfOrder, func(rng *rand.Rand, h *history.History) bool {
		i := someSaw(rng, h, 1)
		saw := h.Readers[1].Saw
		saw[i-1], saw[i] = saw[i], saw[i-1]
		return i > 1
	}},
	{"the last event never came", history.IsOutOfOrder, func(_ *rand.Rand, h *history.History) bool {
		saw := &h.Readers[1].Saw
		*saw = (*saw)[:len(*saw)-1]
		return true
	}},
	{"an event says another state", history.IsWrong, func(rng *rand.Rand, h *history.History) bool {
		s := &h.Readers[1].Saw[someSaw(rng, h, 1)]
		s.State = "interrupted"
		return true
	}},
	{"an acknowledged number is lost", history.IsLost, func(rng *rand.Rand, h *history.History) bool {
		op := someOp(rng, h, history.Join, history.OK)
		h.Final.Entries = slices.DeleteFunc(h.Final.Entries, func(e history.Entry) bool { return e.Entry == op.Got.Entry })
		delete(h.Final.Log, kontakt.EntryRoom(op.Got.Entry))
		return true
	}},
	{"an acknowledged move is lost", history.IsLost, func(rng *rand.Rand, h *history.History) bool {
		op := someOp(rng, h, history.End, history.OK)
		e := entryOf(h, op.Got.Entry)
		room := kontakt.EntryRoom(e.Entry)
		h.Final.Log[room] = h.Final.Log[room][:len(h.Final.Log[room])-1]
		e.Version--
		e.State = kontakt.EntryInCall
		return true
	}},
	{"a number is given twice", history.IsDoubled, func(rng *rand.Rand, h *history.History) bool {
		op := someOp(rng, h, history.Join, history.OK)
		entryOf(h, op.Got.Entry).Number = h.Final.Entries[0].Number
		return op.Got.Entry != h.Final.Entries[0].Entry
	}},
	{"a later number is lower", history.IsOutOfOrder, func(_ *rand.Rand, h *history.History) bool {
		first, last := &h.Final.Entries[0], &h.Final.Entries[len(h.Final.Entries)-1]
		first.Number, last.Number = last.Number, first.Number
		return true
	}},
	{"one key makes two places", history.IsDoubled, func(rng *rand.Rand, h *history.History) bool {
		op := someOp(rng, h, history.Join, history.OK)
		second := *entryOf(h, op.Got.Entry)
		second.Entry, second.Number = kontakt.NewEntryID(), 9999
		h.Final.Entries = append(h.Final.Entries, second)
		log := slices.Clone(h.Final.Log[kontakt.EntryRoom(op.Got.Entry)])
		h.Final.Log[kontakt.EntryRoom(second.Entry)] = log
		return true
	}},
	{"a join that was refused happened", history.IsDoubled, func(rng *rand.Rand, h *history.History) bool {
		op := onlyOne(rng, h, history.Join)
		op.Outcome, op.Msg, op.Got = history.Refused, kontakt.MsgClinicClosed, nil
		return true
	}},
	{"what was acknowledged is refused when asked again", history.IsDoubled, func(rng *rand.Rand, h *history.History) bool {
		again := *onlyOne(rng, h, history.Answer)
		again.Begun, again.Done = again.Done+time.Millisecond, again.Done+2*time.Millisecond
		again.Outcome, again.Msg, again.Got = history.Refused, kontakt.MsgWrongState, nil
		h.Add(again)
		return true
	}},
	{"two clinicians claim one citizen", history.IsDoubled, func(_ *rand.Rand, h *history.History) bool {
		for i := range h.Ops {
			refused := &h.Ops[i]
			if refused.Kind != history.Start || refused.Msg != kontakt.MsgAlreadyClaimed {
				continue
			}
			for _, won := range h.Ops {
				if won.Kind == history.Start && won.Outcome == history.OK && won.Entry == refused.Entry {
					got := *won.Got
					refused.Outcome, refused.Msg, refused.Got = history.OK, "", &got
					return true
				}
			}
		}
		return false
	}},
	{"one change is acknowledged to two", history.IsDoubled, func(rng *rand.Rand, h *history.History) bool {
		twin := *onlyOne(rng, h, history.Answer)
		twin.Client, twin.Key = "client 9", "another"
		h.Add(twin)
		return true
	}},
	{"an acknowledged change is gone and made again", history.IsLost, func(rng *rand.Rand, h *history.History) bool {
		twin := *onlyOne(rng, h, history.Answer)
		twin.Client, twin.Key = "client 9", "another"
		twin.Begun, twin.Done = twin.Done+time.Millisecond, twin.Done+2*time.Millisecond
		h.Add(twin)
		return true
	}},
	{"a loser is told of the wrong winner", history.IsWrong, func(_ *rand.Rand, h *history.History) bool {
		i := slices.IndexFunc(h.Ops, func(op history.Op) bool { return op.Msg == kontakt.MsgAlreadyClaimed })
		h.Ops[i].Params = map[string]string{"navn": "Ingen"}
		return true
	}},
	{"a citizen has two open places", history.IsDoubled, func(_ *rand.Rand, h *history.History) bool {
		for _, e := range h.Final.Entries { // the next place after the first is the same citizen's
			if e.Citizen != h.Final.Entries[0].Citizen {
				entryOf(h, e.Entry).Citizen = h.Final.Entries[0].Citizen
				return true
			}
		}
		return false
	}},
	{"a move without an arrow", history.IsWrong, func(rng *rand.Rand, h *history.History) bool {
		op := someOp(rng, h, history.Answer, history.OK)
		log := h.Final.Log[kontakt.EntryRoom(op.Got.Entry)]
		log[op.Got.Version-2].State = kontakt.EntryWaiting // in call without having been called
		return true
	}},
	{"a place ended that nobody ended", history.IsDoubled, func(rng *rand.Rand, h *history.History) bool {
		op := onlyOne(rng, h, history.Leave)
		op.Kind, op.Got = history.Look, nil
		return true
	}},
	{"a read tells of the past", history.IsOutOfOrder, func(rng *rand.Rand, h *history.History) bool {
		op := someOp(rng, h, history.Look, history.OK)
		later := *op
		later.Key, later.Begun, later.Done = "", time.Hour, time.Hour+time.Second
		got := history.Place{Entry: op.Got.Entry, Version: 1, State: kontakt.EntryWaiting, Number: op.Got.Number}
		later.Got = &got
		h.Add(later)
		return true
	}},
	{"a list leaves out who waits", history.IsLost, func(_ *rand.Rand, h *history.History) bool {
		for i := range slices.Backward(h.Ops) {
			// The oldest of a list has been waiting since long before.
			if op := &h.Ops[i]; op.Kind == history.List && len(op.Saw) > 4 {
				op.Saw = op.Saw[len(op.Saw)-1:]
				return true
			}
		}
		return false
	}},
	{"a tablet believes in an old state", history.IsStuck, func(_ *rand.Rand, h *history.History) bool {
		for id, p := range h.Readers[0].Believes {
			p.Version--
			h.Readers[0].Believes[id] = p
			return true
		}
		return false
	}},
	{"a place can't be ended", history.IsStuck, func(_ *rand.Rand, h *history.History) bool {
		e := &h.Final.Entries[len(h.Final.Entries)-1]
		room := kontakt.EntryRoom(e.Entry)
		h.Final.Log[room] = h.Final.Log[room][:len(h.Final.Log[room])-1]
		e.State = kontakt.EntryInCall
		e.Version--
		return true
	}},
	{"an answer never comes although all runs", history.IsStuck, func(_ *rand.Rand, h *history.History) bool {
		h.Add(history.Op{Client: "tablet", Kind: history.Held, Outcome: history.Unknown, Rest: true})
		return true
	}},
	{"a ring counts by a wrong clock", history.IsWrong, func(rng *rand.Rand, h *history.History) bool {
		someOp(rng, h, history.Look, history.OK).Got.RingLeft = 3 * time.Hour
		return true
	}},
}

func TestCheck_findsEachBug(t *testing.T) {
	for _, b := range bugs {
		t.Run(b.name, func(t *testing.T) {
			done := 0
			for seed := range uint64(10) {
				h := simulate(seed, 400, false)
				if !b.do(rand.New(rand.NewPCG(seed, 2)), h) {
					continue
				}
				done++
				if report := history.Check(h); report.Count(b.class) == 0 {
					t.Errorf("seed %d: not found as %s: %s", seed, b.class, report)
				}
			}
			if done == 0 {
				t.Error("no history has a place for it")
			}
		})
	}
}

func TestHistory_isJudgedAlikeAfterItWasKept(t *testing.T) {
	h := simulate(3, 300, false)
	bugs[0].do(rand.New(rand.NewPCG(1, 1)), h)
	var kept bytes.Buffer
	if err := history.Write(&kept, h); err != nil {
		t.Fatal(err)
	}
	again, err := history.Read(&kept)
	if err != nil {
		t.Fatal(err)
	}
	if was, is := history.Check(h).String(), history.Check(again).String(); was != is {
		t.Errorf("%s became %s", was, is)
	}
}

func someSaw(rng *rand.Rand, h *history.History, reader int) int {
	return 1 + rng.IntN(len(h.Readers[reader].Saw)-1) // the first is a mark
}

func someOp(rng *rand.Rand, h *history.History, kind history.Kind, outcome history.Outcome) *history.Op {
	var fit []*history.Op
	for i := range h.Ops {
		if h.Ops[i].Kind == kind && h.Ops[i].Outcome == outcome {
			fit = append(fit, &h.Ops[i])
		}
	}
	return fit[rng.IntN(len(fit))]
}

// onlyOne gives an acknowledged operation that was sent once.
func onlyOne(rng *rand.Rand, h *history.History, kind history.Kind) *history.Op {
	for {
		op, sent := someOp(rng, h, kind, history.OK), 0
		for _, other := range h.Ops {
			if other.Client == op.Client && other.Key == op.Key {
				sent++
			}
		}
		if sent == 1 {
			return op
		}
	}
}

func entryOf(h *history.History, id kontakt.EntryID) *history.Entry {
	for i := range h.Final.Entries {
		if h.Final.Entries[i].Entry == id {
			return &h.Final.Entries[i]
		}
	}
	return nil
}
