package registry

import (
	"context"
	"io"
	"time"

	"kontaktlaege/backend/sheet"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// span is the time that a table speaks of at one clinic: whole Danish days.
type span struct{ from, to time.Time }

// with makes the span hold a time's day.
func (s span) with(t time.Time) span {
	day := kontakt.DateOf(t)
	from := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, kontakt.Denmark)
	to := time.Date(day.Year, day.Month, day.Day+1, 0, 0, 0, 0, kontakt.Denmark)
	if s == (span{}) {
		return span{from, to}
	}
	if from.Before(s.from) {
		s.from = from
	}
	if to.After(s.to) {
		s.to = to
	}
	return s
}

// ImportBookings puts a table of booked times into ours, all of it or nothing. With Replace the clinics in it have no
// others from its first day to its last.
func ImportBookings(ctx context.Context, db *store.DB, f io.ReadSeeker, o ImportOptions) (Report, error) {
	r, err := begin(ctx, db, f, o, func(f io.ReadSeeker, today kontakt.Date) (reader[sheet.Booking], error) {
		return sheet.OpenBookings(f, today)
	})
	if err != nil {
		return Report{}, err
	}
	spans := map[kontakt.ClinicID]span{}
	r.judge = func(tx *store.Tx, rows []sheet.Booking, say func(verdict, string, string)) error {
		citizens, err := known(tx, rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			clinic, v := r.ours[row.Ydernummer], leftOut
			if clinic != "" {
				spans[clinic] = spans[clinic].with(row.At)
				if v, err = judgeBooking(tx, booking(row, clinic, citizens[row.CPR].ID)); err != nil {
					return err
				}
			}
			says := row.Clinician + "\x00" + time.Duration(row.Minutes).String()
			say(v, string(row.Ydernummer)+row.At.Format(time.RFC3339)+db.CitizenMark(row.CPR), says)
		}
		return nil
	}
	if err := r.check(ctx); err != nil {
		return r.report, err
	}
	replace := func(tx *store.Tx, clear bool) error { return replaceBookings(r, tx, spans, clear) }
	if o.DryRun {
		err := db.View(ctx, func(tx *store.Tx) error { return replace(tx, false) })
		return r.report, err
	}
	want := []verdict{fresh, changed, stranger}
	if o.Replace {
		want = append(want, unchanged)
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		if err := replace(tx, true); err != nil {
			return err
		}
		if err := r.apply(ctx, func(rows []sheet.Booking) error { return saveBookings(tx, rows, r.ours) }, want...); err != nil {
			return err
		}
		return tx.Audit(store.Audit{By: &kontakt.Actor{Role: kontakt.RoleSystem}, Action: ActionImportBookings})
	})
	return r.report, err
}

func booking(row sheet.Booking, clinic kontakt.ClinicID, citizen kontakt.CitizenID) store.Booking {
	return store.Booking{Clinic: clinic, Citizen: citizen, At: row.At, Minutes: row.Minutes, Clinician: row.Clinician}
}

func judgeBooking(tx *store.Tx, b store.Booking) (verdict, error) {
	if b.Citizen == "" {
		return stranger, nil
	}
	was, err := tx.Bookings(b.Clinic, b.Citizen, b.At, b.At.Add(time.Nanosecond))
	switch {
	case err != nil || len(was) == 0:
		return fresh, err
	case was[0] == b:
		return unchanged, nil
	}
	return changed, nil
}

// replaceBookings takes away, or only counts, the clinics' times in their spans. Those in the table are put back.
func replaceBookings(r *run[sheet.Booking], tx *store.Tx, spans map[kontakt.ClinicID]span, clear bool) error {
	r.report.Removed = 0
	if !r.o.Replace {
		return nil
	}
	for clinic, s := range spans {
		n, err := tx.CountBookings(clinic, s.from, s.to)
		if err != nil {
			return err
		}
		r.report.Removed += n
		if clear {
			if err := tx.ClearBookings(clinic, s.from, s.to); err != nil {
				return err
			}
		}
	}
	r.report.Removed -= r.report.Unchanged + r.report.Changed
	return nil
}

// saveBookings keeps them, and makes the citizens whom nobody has told us of: by number alone, until a registry tells.
func saveBookings(tx *store.Tx, rows []sheet.Booking, ours map[kontakt.Ydernummer]kontakt.ClinicID) error {
	citizens, err := known(tx, rows)
	if err != nil {
		return err
	}
	var made []store.Citizen
	for _, row := range rows {
		if citizens[row.CPR].ID == "" {
			c := store.Citizen{ID: kontakt.NewCitizenID(), CPR: row.CPR}
			citizens[row.CPR] = c
			made = append(made, c)
		}
	}
	if err := tx.SaveCitizens(made); err != nil {
		return err
	}
	for _, row := range rows {
		if err := tx.SaveBooking(booking(row, ours[row.Ydernummer], citizens[row.CPR].ID)); err != nil {
			return err
		}
	}
	return nil
}
