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
	now := time.Unix(1, 0)
	states := append(slices.Clone(anyOpen), kontakt.EntryEnded, kontakt.EntryLeft)
	for move, r := range rules {
		for _, state := range states {
			for _, by := range []side{tablet, clinic, system} {
				p := place{entry: store.Entry{ID: "e", State: state}, call: &store.Call{ID: "c"}}
				reason := map[kontakt.Move]string{kontakt.MoveLeave: "left", kontakt.MoveEnd: "done"}[move]
				next, ch, err := p.move(move, by, reason, now, limits{time.Minute, time.Minute})
				allowed := slices.Contains(r.from, state) && slices.Contains(r.by, by)
				if allowed != (err == nil) {
					t.Errorf("%s --%s by %s--> %v, want allowed %v", state, move, by, err, allowed)
				}
				if err != nil && next.entry != p.entry {
					t.Errorf("%s --%s by %s--> an error that changed something", state, move, by)
				}
				if want := r.to; err == nil && want != "" && next.entry.State != want {
					t.Errorf("%s --%s--> %s, want %s", state, move, next.entry.State, want)
				}
				if err == nil && state != kontakt.EntryWaiting && next.entry.State == kontakt.EntryWaiting && (next.entry.Call != "" || !ch.ended || next.call.EndedAt.IsZero()) {
					t.Errorf("%s --%s--> waiting with the call still open", state, move)
				}
			}
		}
	}
}

func TestMove_aReasonIsOneOfTheList(t *testing.T) {
	for _, row := range []struct {
		move   kontakt.Move
		reason string
		fits   bool
	}{
		{kontakt.MoveLeave, "left", true},
		{kontakt.MoveLeave, "not_relevant", true},
		{kontakt.MoveLeave, "", false},
		{kontakt.MoveLeave, "150755-4000", false},
		{kontakt.MoveEnd, "done", true},
		{kontakt.MoveEnd, "wrong_patient", true},
		{kontakt.MoveEnd, "left", false},
		{kontakt.MoveAnswer, "x", false},
	} {
		if got := reasonFits(row.move, row.reason); got != row.fits {
			t.Errorf("%s with %q = %v, want %v", row.move, row.reason, got, row.fits)
		}
	}
}

func TestWait_widensWithThePeopleBefore(t *testing.T) {
	minutes := func(m ...int) (d []time.Duration) {
		for _, n := range m {
			d = append(d, time.Duration(n)*time.Minute)
		}
		return d
	}
	for _, row := range []struct {
		name      string
		durations []time.Duration
		before    int
		want      kontakt.Wait
	}{
		{"too few to say", minutes(8, 9, 10, 11), 1, kontakt.Wait{}},
		{"next", minutes(8, 8, 10, 12, 20), 0, kontakt.Wait{Known: true, From: 0, To: 12 * time.Minute}},
		{"two before", minutes(20, 12, 10, 8, 8), 2, kontakt.Wait{Known: true, From: 16 * time.Minute, To: 36 * time.Minute}},
	} {
		if got := wait(row.durations, row.before); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
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
