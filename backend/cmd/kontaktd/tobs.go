package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"kontaktlaege/backend"
	"kontaktlaege/backend/desk"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

type municipalityTOBS struct {
	Template tobsTemplate `cmd:"" help:"Print a table to begin with. It is nobody's, and refused, until owner, version and valid_from are filled in."`
	Set      tobsSet      `cmd:"" help:"Turn TOBS on with a table from a file, or change the table. What was scored before stays as it was."`
	Off      tobsOff      `cmd:"" help:"Turn TOBS off. What was scored stays as it was."`
	Show     tobsShow     `cmd:"" help:"Say which versions there are and which one counts today, or print one as it was set."`
}

type tobsTemplate struct {
	Owner     string `placeholder:"NAME" help:"Name of the municipality that stands by the table, as kontaktd municipality list says it; more words may stand around it."`
	Version   string `placeholder:"VERSION" help:"What this version is called, such as 2027-01."`
	ValidFrom string `placeholder:"DATE" help:"First day on which it counts, such as 2027-01-01."`
}

// Run prints it.
func (t tobsTemplate) Run(out io.Writer) error {
	_, err := out.Write(tobs.Template(t.Owner, t.Version, t.ValidFrom))
	return err
}

type tobsSet struct {
	backend.Storage `embed:""`
	CVR             string `arg:"" name:"cvr" help:"CVR number of the municipality."`
	File            string `required:"" type:"path" placeholder:"FILE" help:"The table, as kontaktd municipality tobs template prints one."`
}

// Run sets it and says what counts today.
func (s tobsSet) Run(ctx context.Context, out io.Writer) error {
	text, err := os.ReadFile(s.File)
	if err != nil {
		return fmt.Errorf("--file: %w", err)
	}
	return at(ctx, s.Storage, func(d *desk.Desk) error {
		table, is, err := d.SetTOBS(ctx, s.CVR, text)
		if err != nil {
			return fmt.Errorf("%s: %w", s.File, err)
		}
		_, err = fmt.Fprintf(out, "%s: %s version %s counts from %s. %s\n", is.Municipality.Name, table.Title, table.Version, table.ValidFrom, today(is))
		return err
	})
}

func today(is desk.TOBS) string {
	if is.Today == "" {
		return "Today TOBS is off."
	}
	return "Today version " + is.Today + " counts."
}

type tobsOff struct {
	backend.Storage `embed:""`
	CVR             string `arg:"" name:"cvr" help:"CVR number of the municipality."`
}

// Run turns it off.
func (o tobsOff) Run(ctx context.Context) error {
	return at(ctx, o.Storage, func(d *desk.Desk) error { return d.StopTOBS(ctx, o.CVR) })
}

type tobsShow struct {
	backend.Storage `embed:""`
	CVR             string `arg:"" name:"cvr" help:"CVR number of the municipality."`
	Version         string `arg:"" optional:"" help:"Version to print."`
}

// Run lists the versions, or prints one.
func (s tobsShow) Run(ctx context.Context, out io.Writer) error {
	return at(ctx, s.Storage, func(d *desk.Desk) error {
		is, err := d.TOBS(ctx, s.CVR)
		if err != nil {
			return err
		}
		if s.Version != "" {
			return printTOBS(out, is, s.Version)
		}
		if err := table(out, func(line func(...any)) {
			for _, t := range is.Tables {
				line(t.Version, "from "+t.ValidFrom.String(), "set "+kontakt.DateOf(t.SetAt).String(), map[bool]string{true: "turned off", false: "on"}[t.Stopped])
			}
		}); err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, today(is))
		return err
	})
}

func printTOBS(out io.Writer, is desk.TOBS, version string) error {
	for _, t := range is.Tables {
		if t.Version == version {
			_, err := io.WriteString(out, t.Text)
			return err
		}
	}
	return fmt.Errorf("%s has no version %q: without one, show says which there are", is.Municipality.Name, version)
}
