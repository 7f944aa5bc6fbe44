package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/registry"
	"kontaktlaege/backend/store"
)

type importCommand struct {
	Citizens importCitizens `cmd:"" help:"Citizens: columns cpr, navn (or fornavn and efternavn) and ydernummer of their doctor."`
	Bookings importBookings `cmd:"" help:"Booked times: columns ydernummer, cpr, dato, tid, and if known minutter and behandler."`
}

// importing is what both kinds share.
type importing struct {
	backend.Storage `embed:""`
	File            string `arg:"" type:"existingfile" help:"CSV file; separator, letters and the order of its columns are found out."`
	DryRun          bool   `help:"Say what would happen, and change nothing."`
	Replace         bool   `help:"What is not in the file goes: citizens; of booked times those of the clinics in it, from its first day to its last."`
}

type importCitizens struct {
	importing
	Most bool `help:"With --replace: also where more than half of the citizens would go."`
}

// Run imports citizens.
func (i importCitizens) Run(ctx context.Context, out io.Writer) error {
	return i.do(ctx, out, "citizens", registry.ImportCitizens, registry.ImportOptions{DryRun: i.DryRun, Replace: i.Replace, Most: i.Most})
}

type importBookings struct{ importing }

// Run imports booked times.
func (i importBookings) Run(ctx context.Context, out io.Writer) error {
	return i.do(ctx, out, "booked times", registry.ImportBookings, registry.ImportOptions{DryRun: i.DryRun, Replace: i.Replace})
}

type importer func(context.Context, *store.DB, io.ReadSeeker, registry.ImportOptions) (registry.Report, error)

func (i importing) do(ctx context.Context, out io.Writer, what string, do importer, o registry.ImportOptions) error {
	f, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer f.Close()
	db, err := i.OpenLong(ctx, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	began := time.Now()
	o.Now = rowsSaid(out, began)
	report, err := do(ctx, db, f, o)
	if err != nil && !errors.Is(err, registry.ErrFaulty) {
		return fmt.Errorf("%s: %w", i.File, err)
	}
	summary(out, report, what, time.Since(began))
	switch {
	case err != nil:
		return err
	case i.DryRun:
		fmt.Fprintln(out, "This was a dry run: nothing was changed.")
	}
	return nil
}

// rowsSaid says every two seconds how far the reading is: the file is read twice.
func rowsSaid(out io.Writer, began time.Time) func(rows int) {
	last, before, pass := began, 0, 1
	return func(rows int) {
		if rows < before {
			pass = 2
		}
		before = rows
		if now := time.Now(); now.Sub(last) >= 2*time.Second {
			last = now
			fmt.Fprintf(out, "%d rows %s after %.0f s\n", rows, map[int]string{1: "checked", 2: "read again to be changed"}[pass], now.Sub(began).Seconds())
		}
	}
}

// summary says what happened. Rows are named by their lines, never by what stands in them.
func summary(out io.Writer, r registry.Report, what string, took time.Duration) {
	line := func(n int, format string, args ...any) {
		if n > 0 {
			fmt.Fprintf(out, format+"\n", append([]any{n}, args...)...)
		}
	}
	for _, f := range r.Faults {
		fmt.Fprintln(out, f.Error())
	}
	line(r.Faulty-len(r.Faults), "and %d more rows with faults")
	fmt.Fprintf(out, "%d rows of %s in %.1f s: %d new, %d changed, %d unchanged, %d removed, %d with faults\n",
		r.Rows, what, took.Seconds(), r.New, r.Changed, r.Unchanged, r.Removed, r.Faulty)
	line(r.Twice, "%d rows say what an earlier one said, and were left out")
	line(r.Elsewhere, "%d rows name a clinic that is not served here")
	line(r.Unknown, "%d booked times are of citizens whom no registry has told of yet")
	line(r.Eaten.CPR, "%d CPR numbers had lost their leading zero, as Excel does; it was put back. Format the column as text to be sure")
	line(r.Eaten.Ydernummer, "%d ydernumre had lost their leading zeros; they were put back")
	if len(r.Unused) > 0 {
		fmt.Fprintf(out, "columns that were not read: %v\n", r.Unused)
	}
}
