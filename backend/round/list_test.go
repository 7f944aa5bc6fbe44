package round_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// imports has a nurse bring a list.
func (w *world) imports(a kontakt.Actor, list string) (kontakt.Round, []kontakt.RowFault, error) {
	rows, faults, err := w.rounds.ReadList(w.as(a), []byte(list))
	if err != nil || len(faults) > 0 {
		return kontakt.Round{}, faults, err
	}
	return w.rounds.Import(w.as(a), rows)
}

// M8: today's list, as a spreadsheet writes it; each row is looked up and audited so.
func TestImport_theMorningsList(t *testing.T) {
	each(t, 30, func(t *testing.T, w *world) {
		list := "CPR-nr.;Tid;Sted\r\n"
		for i, number := range w.numbers {
			list += fmt.Sprintf("%s-%s;%02d.%02d;stue %d\r\n", number[:6], number[6:], 18-i/10, 10+i%10, i)
		}
		r, faults, err := w.imports(w.lone, list)
		if err != nil || len(faults) > 0 || len(r.Visits) != 30 {
			t.Fatalf("%d visits, %v, %v", len(r.Visits), faults, err)
		}
		if v := r.Visits[0]; v.Position != 1 || v.Citizen.ID != w.citizens[20] || v.Place != "stue 20" || !v.PlannedAt.Equal(time.Date(2026, 11, 23, 15, 10, 0, 0, time.UTC)) {
			t.Errorf("the first is %+v", v)
		}
		rows := w.audited()
		count := func(action string) (n int) {
			for _, row := range rows {
				if row == action+" ok  nurse" {
					n++
				}
			}
			return n
		}
		if count("citizen.lookup") != 30 || count("round.add") != 30 {
			t.Errorf("%d look-ups and %d visits in the audit", count("citizen.lookup"), count("round.add"))
		}
		must[kontakt.Round](t)(w.rounds.End(w.as(w.lone), r.Visits[0].ID, kontakt.VisitDone))
		again, _, err := w.imports(w.lone, list)
		if err != nil || len(again.Visits) != 30 || again.Visits[29].State != kontakt.VisitDone {
			t.Errorf("the same list again: %d visits, %v", len(again.Visits), err)
		}
	})
}

// Nothing is half imported: what is wrong is said by row, and nobody is looked up for a list with a fault.
func TestImport_allOrNothing(t *testing.T) {
	each(t, 31, func(t *testing.T, w *world) {
		_, faults, err := w.imports(w.lone, "cpr;tid;sted\n"+w.numbers[0]+";9:30;stue 1\n1507554;9:30;\n"+w.numbers[1]+";halv ti;\n"+
			w.numbers[2]+";;"+strings.Repeat("x", 41)+"\n"+w.numbers[3]+";;cpr 150755 4000\n2,9E+09;;\n6702703105;;\n"+w.numbers[4]+";;\"stue\" 4\n")
		want := []kontakt.MsgKey{
			kontakt.MsgCPRLength, kontakt.MsgRowTime, kontakt.MsgVisitPlace, kontakt.MsgVisitPlaceCPR, kontakt.MsgRowRounded, kontakt.MsgCPRReplacement, kontakt.MsgRowBroken,
		}
		if err != nil || len(faults) != len(want) {
			t.Fatalf("faults %v, %v", faults, err)
		}
		for i, f := range faults {
			if f.Line != i+3 || f.Msg != want[i] {
				t.Errorf("line %d: %s, want %s", f.Line, f.Msg, want[i])
			}
		}
		if rows := w.audited(); len(rows) != 0 {
			t.Errorf("somebody was looked up: %q", rows)
		}
		_, faults, err = w.imports(w.lone, "cpr;tid\n"+w.numbers[0]+";9:30\n1507559999;9:45\n")
		if err != nil || len(faults) != 1 || faults[0].Line != 3 || faults[0].Msg != kontakt.MsgCitizenUnknown {
			t.Errorf("one that no register has: %v, %v", faults, err)
		}
		if rows := w.audited(); !slices.Contains(rows, "citizen.lookup refused cit.unknown nurse") {
			t.Errorf("audit: %q", rows)
		}
		for list, msg := range map[string]kontakt.MsgKey{
			"": kontakt.MsgListUnreadable, "cpr;tid;sted\n": kontakt.MsgListUnreadable, "PK\x03\x04": kontakt.MsgListUnreadable, w.numbers[0] + ";9:30\n": kontakt.MsgListUnreadable,
			"cpr\n" + strings.Join(w.numbers, "\n"): kontakt.MsgListLong,
		} {
			_, _, err := w.imports(w.lone, list)
			wantError(t, err, kontakt.Invalid, msg)
			if err != nil && strings.Contains(err.Error(), "150755") {
				t.Error("the error repeats a number")
			}
		}
		for i := range 3 {
			w.add(w.lone, i, 0)
		}
		_, _, err = w.imports(w.lone, "cpr\n"+strings.Join(w.numbers[3:], "\n"))
		wantError(t, err, kontakt.Conflict, kontakt.MsgRoundFull)
		if n := len(w.round(w.lone).Visits); n != 3 {
			t.Errorf("%d visits on the round, want the 3 of before", n)
		}
	})
}

// A night's round is planned in the evening: an hour that was this morning is meant for the coming one.
func TestImport_theNightsList(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		w.clock.Add(10*time.Hour + 30*time.Minute)
		r, faults, err := w.imports(w.lone, "cpr;kl\n"+w.numbers[0]+";5:15\n"+w.numbers[1]+";23.45\n")
		if err != nil || len(faults) > 0 || len(r.Visits) != 2 {
			t.Fatalf("%v, %v", faults, err)
		}
		w.wantRound(w.lone, "1 planned, 0 planned")
		if at := r.Visits[1].PlannedAt; !at.Equal(time.Date(2026, 11, 24, 4, 15, 0, 0, time.UTC)) {
			t.Errorf("planned at %v", at)
		}
	})
}
