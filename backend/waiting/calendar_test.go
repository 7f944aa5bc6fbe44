package waiting_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// at turns the clock to a time to come.
func (w *world) at(t time.Time) {
	w.t.Helper()
	w.clock.Add(t.Sub(w.clock.Now()))
}

// E38, E39: on both nights when the clocks change the order stays that of arrival, the audit tells the two hours of one
// name apart by their offset, and the wait neither jumps nor goes below nothing.
func TestE38E39_theClocksChangeWhileTheyWait(t *testing.T) {
	for name, night := range map[string]struct {
		from    time.Time // 01.30 in Denmark
		offsets []string
	}{
		"forward": {time.Date(2027, 3, 28, 0, 30, 0, 0, time.UTC), []string{"+01:00", "+02:00"}},
		"back":    {time.Date(2027, 10, 30, 23, 30, 0, 0, time.UTC), []string{"+02:00", "+01:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 12)
			w.at(night.from.Add(-2 * time.Hour))
			for i := range 5 {
				e := w.join(w.lone, i)
				w.start(w.dorte, e.ID)
				w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
				w.pass(10 * time.Minute)
				w.move(w.dorte, e.ID, kontakt.MoveEnd, "done")
			}
			w.at(night.from)
			audited := len(w.audited())
			var ids []kontakt.EntryID
			var numbers []int
			for i := range 4 {
				e := w.join(w.lone, 5+i)
				ids, numbers = append(ids, e.ID), append(numbers, e.Number)
				w.pass(40 * time.Minute)
				w.wantList(numbers...)
			}
			if !slices.IsSorted(numbers) {
				t.Errorf("numbers %v", numbers)
			}
			var last kontakt.Entry
			for _, id := range ids {
				e := w.entry(w.lone, id)
				if e.Wait.From < 0 || e.Wait.To < e.Wait.From || e.Wait.To < last.Wait.To || e.Before != last.Before+min(len(last.ID), 1) {
					t.Errorf("nr. %d: %d before, %+v; the one before it %+v", e.Number, e.Before, e.Wait, last.Wait)
				}
				last = e
			}
			var rows []store.AuditRow
			if err := w.db.View(context.Background(), func(tx *store.Tx) (err error) { rows, err = tx.Unsealed(10000); return err }); err != nil {
				t.Fatal(err)
			}
			rows = rows[audited:]
			var at time.Time
			for _, r := range rows {
				local, err := time.Parse(time.RFC3339Nano, r.Local)
				if err != nil || !local.Equal(r.At) || r.At.Before(at) {
					t.Errorf("audit at %v, in Denmark %q, %v", r.At, r.Local, err)
				}
				at = r.At
			}
			if first, last := rows[0].Local, rows[len(rows)-1].Local; first[len(first)-6:] != night.offsets[0] || last[len(last)-6:] != night.offsets[1] {
				t.Errorf("from %s to %s, want offsets %v", first, last, night.offsets)
			}
		})
	}
}

// E12, on a day that has two reasons: the second after closing, and langfredag.
func TestE12_closedForTheHourAndForTheHoliday(t *testing.T) {
	w := newWorld(t, 2)
	w.update(func(tx *store.Tx) error {
		c, err := tx.Clinic(w.torvet)
		if err != nil {
			return err
		}
		for day := time.Monday; day <= time.Friday; day++ {
			c.Opening.Hours[day] = kontakt.Span{From: 8 * 60, To: 16 * 60}
		}
		c.Opening.Days = []kontakt.Day{{Date: kontakt.Date{Year: 2027, Month: 3, Day: 30}, Reason: "kursus"}}
		return tx.SaveClinic(c)
	})
	opens := time.Date(2027, 3, 31, 8, 0, 0, 0, kontakt.Denmark) // after Easter and the course
	for _, row := range []struct {
		at     time.Time
		reason string
	}{
		{time.Date(2027, 3, 24, 16, 0, 1, 0, kontakt.Denmark), ""},
		{time.Date(2027, 3, 26, 10, 0, 0, 0, kontakt.Denmark), "langfredag"},
		{time.Date(2027, 3, 30, 10, 0, 0, 0, kontakt.Denmark), "kursus"},
	} {
		w.at(row.at)
		_, err := w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, Consent: spoken})
		wantError(t, err, kontakt.Closed, kontakt.MsgClinicClosed)
		c, err := w.rooms.Clinic(w.as(w.dorte))
		if err != nil || c.Open || c.Closed != row.reason || !c.OpensAt.Equal(opens) {
			t.Errorf("%v: open %v, %q, opens %v, %v; want %q, %v", row.at, c.Open, c.Closed, c.OpensAt, err, row.reason, opens)
		}
	}
	w.at(opens)
	w.sweep()
	if e := w.join(w.lone, 0); e.Number != 1 {
		t.Errorf("number %d, want 1: the refused draw none", e.Number)
	}
}
