package waiting

import (
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func TestRules_thePackageDocTellsThemAll(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for line := range strings.SplitSeq(file.Doc.Text(), "\n") {
		if move, rest, ok := strings.Cut(line, ":"); ok && strings.Contains(rest, "->") {
			told[strings.TrimSpace(move)] = strings.Join(strings.Fields(rest), " ")
		}
	}
	join := func(words any) string {
		return strings.Join(strings.Fields(strings.Trim(fmt.Sprint(words), "[]")), ", ")
	}
	for move, r := range rules {
		to := string(r.to)
		if to == "" {
			to = "same"
		}
		want := join(r.from) + " -> " + to + " by " + join(r.by)
		if told[string(move)] != want {
			t.Errorf("doc says %s: %q, the code %q", move, told[string(move)], want)
		}
		delete(told, string(move))
	}
	for move := range told {
		t.Errorf("doc tells of %s, which is no move", move)
	}
}

// Every (state, move, side) is tried: what the table does not allow is an error and changes nothing.
func TestMove_whatTheTableDoesNotAllowIsAnError(t *testing.T) {
	now := time.Unix(1000, 0)
	states := append(slices.Clone(anyOpen), kontakt.EntryEnded, kontakt.EntryLeft)
	reasons := map[kontakt.Move]string{
		kontakt.MoveLeave: "left", moveLetGo: "left", kontakt.MoveEnd: "done", kontakt.MoveRemove: "hun er rejst", kontakt.MovePlace: "hun har ondt",
		kontakt.MoveUrgent: "hun har ondt", moveTakeOver: "tabletten er løbet tør",
	}
	for move, r := range rules {
		for _, state := range states {
			for _, by := range []side{tablet, citizen, clinic, system} {
				p := place{
					entry:   store.Entry{ID: "e", State: state, Device: "d", EndReason: reasonRemoved, EndedAt: now},
					holders: []store.Holder{{Device: "d", Away: move == kontakt.MoveHere, NoContact: move == moveSeen}},
				}
				if state != kontakt.EntryWaiting || move == moveStart {
					p.call = &store.Call{ID: "c", Device: "d"}
				}
				a := act{move: move, by: by, now: now, device: "d", who: "w", to: "t", reason: reasons[move], urgent: true, limits: limits{time.Minute, time.Minute}}
				next, ch, err := p.move(a)
				allowed := slices.Contains(r.from, state) && slices.Contains(r.by, by)
				if allowed != (err == nil) {
					t.Errorf("%s --%s by %s--> %v, want allowed %v", state, move, by, err, allowed)
				}
				if err != nil && (next.entry != p.entry || !slices.Equal(next.holders, p.holders)) {
					t.Errorf("%s --%s by %s--> an error that changed something", state, move, by)
				}
				if want := r.to; err == nil && want != "" && next.entry.State != want {
					t.Errorf("%s --%s--> %s, want %s", state, move, next.entry.State, want)
				}
				if err == nil && state.Open() && state != kontakt.EntryWaiting && next.entry.State == kontakt.EntryWaiting &&
					(next.entry.Call != "" || !ch.ended || next.call.EndedAt.IsZero()) {
					t.Errorf("%s --%s--> waiting with the call still open", state, move)
				}
			}
		}
	}
}

func TestMove_aReasonIsOneOfTheListOrWordsThatFit(t *testing.T) {
	for _, row := range []struct {
		move   kontakt.Move
		reason string
		urgent bool
		fits   bool
	}{
		{kontakt.MoveLeave, "left", false, true},
		{kontakt.MoveLeave, "not_relevant", false, true},
		{kontakt.MoveLeave, "", false, false},
		{kontakt.MoveLeave, "150755-4000", false, false},
		{kontakt.MoveEnd, "done", false, true},
		{kontakt.MoveEnd, "wrong_patient", false, true},
		{kontakt.MoveEnd, "left", false, false},
		{kontakt.MoveAnswer, "x", false, false},
		{kontakt.MoveRemove, "", false, false},
		{kontakt.MoveRemove, "Ring i morgen", false, true},
		{kontakt.MoveRemove, strings.Repeat("å", kontakt.MaxReason+1), false, false},
		{kontakt.MovePlace, "", false, false},
		{kontakt.MovePlace, "Skal nå en bus", false, true},
		{kontakt.MoveUrgent, "", true, false},
		{kontakt.MoveUrgent, "Ondt i brystet", true, true},
		{kontakt.MoveUrgent, "", false, true},
		{moveTakeOver, "", false, false},
	} {
		if got := (act{move: row.move, reason: row.reason, urgent: row.urgent}).reasonFits(); got != row.fits {
			t.Errorf("%s with %q = %v, want %v", row.move, row.reason, got, row.fits)
		}
	}
}

func TestOrder_frontFirstThenDayAndNumberAndBelowTheLineLast(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	today, yesterday := kontakt.Date{Year: 2026, Month: 11, Day: 23}, kontakt.Date{Year: 2026, Month: 11, Day: 22}
	want := []store.Entry{
		{ID: "put to the front first", FrontAt: at(1), Day: today, Number: 9},
		{ID: "put to the front later", FrontAt: at(2), Day: today, Number: 1},
		{ID: "yesterday's", Day: yesterday, Number: 7},
		{ID: "first today", Day: today, Number: 2},
		{ID: "second today, unanswered twice", Day: today, Number: 3, NoAnswers: BelowLine - 1},
		{ID: "below the line, at the front of it", FrontAt: at(3), Day: today, Number: 4, NoAnswers: BelowLine},
		{ID: "below the line", Day: yesterday, Number: 1, NoAnswers: BelowLine},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, order)
	if !slices.Equal(got, want) {
		for _, e := range got {
			t.Log(e.ID)
		}
		t.Error("not in this order")
	}
}
