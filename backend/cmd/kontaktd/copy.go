package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/store/transfer"
)

type backup struct {
	backend.Storage `embed:""`
	File            string `arg:"" type:"path" help:"File to make. It must not be there yet."`
}

// Run makes a backup.
func (b backup) Run(ctx context.Context, out io.Writer) error {
	report, err := backend.Backup(ctx, b.Storage, b.File, shown())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d rows of %d tables, schema %d. It is of no use without the keys file: keep a copy of that elsewhere.\n",
		b.File, report.Rows(), len(report.Tables), report.Version)
	return err
}

type restore struct {
	backend.Storage `embed:""`
	File            string `arg:"" type:"existingfile" help:"Backup to put back."`
}

// Run puts a backup back.
func (r restore) Run(ctx context.Context, out io.Writer) error {
	report, err := backend.Restore(ctx, r.File, r.Storage, shown())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d rows of %d tables are back, counted and compared. The keys file must be that of the backup.\n", report.Rows(), len(report.Tables))
	return err
}

type migrate struct {
	backend.Storage `embed:""`
	From            string `placeholder:"ADDRESS" help:"Copy everything from here to --to, with the server stopped: sqlite:FILE or postgres://…"`
	To              string `placeholder:"ADDRESS" help:"Empty database to copy to."`
}

// Run brings the database up to date, or moves it.
func (m migrate) Run(ctx context.Context, out io.Writer) error {
	switch {
	case (m.From == "") != (m.To == ""):
		return errors.New("--from and --to come together")
	case m.From == "":
		said, err := backend.Migrate(ctx, m.Storage)
		if err == nil {
			_, err = fmt.Fprintln(out, said)
		}
		return err
	}
	report, err := backend.Move(ctx, m.From, m.To, shown())
	if err != nil {
		return err
	}
	for _, t := range report.Tables {
		fmt.Fprintf(out, "%-16s %9d rows  %.16s\n", t.Name, t.Rows, t.Digest)
	}
	_, err = fmt.Fprintf(out, "%d rows moved, counted and compared. The source is as it was; start the server with --database and the address of --to, and the same keys.\n", report.Rows())
	return err
}

// shownEvery is how often progress is written.
const shownEvery = time.Second

// shown writes progress to standard error: nothing for what is quick.
func shown() func(transfer.Progress) {
	last := time.Now()
	return func(p transfer.Progress) {
		if time.Since(last) >= shownEvery {
			last = time.Now()
			fmt.Fprintf(os.Stderr, "%s: %d of %d\n", p.Table, p.Done, p.Total)
		}
	}
}
