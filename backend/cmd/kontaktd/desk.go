package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/desk"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// on opens a database for one command. A server may run on it meanwhile.
func on(ctx context.Context, s backend.Storage, do func(*store.DB) error) error {
	db, err := s.Open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

// at is on for what is done at the desk.
func at(ctx context.Context, s backend.Storage, do func(*desk.Desk) error) error {
	return on(ctx, s, func(db *store.DB) error { return do(desk.New(db)) })
}

// table writes rows in columns.
func table(out io.Writer, rows func(line func(cells ...any))) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	rows(func(cells ...any) {
		for i, c := range cells {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, c)
		}
		fmt.Fprintln(w)
	})
	return w.Flush()
}

type municipality struct {
	Add  municipalityAdd  `cmd:"" help:"Make a municipality whose employees may sign in on its tablets."`
	List municipalityList `cmd:"" help:"Say which there are."`
	TOBS municipalityTOBS `cmd:"" name:"tobs" help:"A municipality's own table of TOBS, which its nurses score by. Off until one is set."`
}

type municipalityAdd struct {
	backend.Storage `embed:""`
	CVR             string `arg:"" name:"cvr" help:"Its CVR number, which the employees' sign-in must name."`
	Name            string `arg:"" help:"Its name, as people will read it."`
}

// Run makes it.
func (m municipalityAdd) Run(ctx context.Context, out io.Writer) error {
	return at(ctx, m.Storage, func(d *desk.Desk) error {
		if err := d.AddMunicipality(ctx, m.Name, m.CVR); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s (CVR %s): its tablets get codes by kontaktd code %s\n", m.Name, m.CVR, m.CVR)
		return err
	})
}

type municipalityList struct {
	backend.Storage `embed:""`
}

// Run lists them.
func (m municipalityList) Run(ctx context.Context, out io.Writer) error {
	return at(ctx, m.Storage, func(d *desk.Desk) error {
		all, err := d.Municipalities(ctx)
		if err != nil {
			return err
		}
		return table(out, func(line func(...any)) {
			for _, m := range all {
				line(m.CVR, m.Name)
			}
		})
	})
}

type code struct {
	backend.Storage `embed:""`
	CVR             string        `arg:"" name:"cvr" help:"CVR number of the municipality."`
	Tablet          string        `arg:"" help:"Name of the tablet, such as \"Tablet 7\"."`
	Place           string        `arg:"" help:"Where it belongs, such as Aftenlandet: clinics read it."`
	Life            time.Duration `default:"24h" placeholder:"TIME" help:"How long the code is good, at most 30 days. Default: ${default}."`
}

// Run makes a code and prints it alone, so that a script can read it.
func (c code) Run(ctx context.Context, out io.Writer) error {
	return at(ctx, c.Storage, func(d *desk.Desk) error {
		made, err := d.Code(ctx, c.CVR, c.Tablet, c.Place, c.Life)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, made.Text())
		return err
	})
}

type clinic struct {
	Add   clinicAdd   `cmd:"" help:"Make a clinic with its waiting room."`
	Set   clinicSet   `cmd:"" help:"Change a clinic: hours, days, ring time, booking policy, phone …"`
	List  clinicList  `cmd:"" help:"Say which there are, and their hours."`
	Cover clinicCover `cmd:"" help:"Let a clinic take another's patients in on some days (ferieafløser)."`
	Staff clinicStaff `cmd:"" help:"Say who has signed in or been appointed at a clinic."`
}

// clinicFlags are what a clinic may be told; the zero value leaves things as they are.
type clinicFlags struct {
	Phone    string        `placeholder:"NUMBER" help:"Phone number, as a citizen should dial it."`
	Hours    string        `placeholder:"WEEK" help:"Opening hours of the waiting room, such as \"man-tor 8:00-15:30, fre 8-13\"; days that are not named are closed; \"altid\" for no fixed hours."`
	Day      []string      `sep:"none" placeholder:"DAY" help:"A date with hours of its own: \"2026-12-24 8-11\" or \"2026-12-24 lukket ferie\". May be given several times."`
	NoDay    []string      `placeholder:"DATE" help:"Take such a date back."`
	Holidays string        `enum:",open,closed" default:"" placeholder:"open|closed" help:"Whether the hours hold on Danish public holidays too. They do not unless this says so."`
	Ring     time.Duration `placeholder:"TIME" help:"How long a called citizen has to answer, 15s to 5m."`
	Booking  string        `enum:",off,flag,block" default:"" placeholder:"off|flag|block" help:"What those without a time booked today get: a number, a marked one, or none."`
	Keep     string        `enum:",yes,no" default:"" placeholder:"yes|no" help:"Whether the clinic, when it closes, may leave places standing till it opens again."`
}

func (f clinicFlags) clinic() (c desk.Clinic, err error) {
	if f.Phone != "" {
		c.Phone = &f.Phone
	}
	if f.Hours != "" {
		week, err := desk.ParseHours(f.Hours)
		if err != nil {
			return c, fmt.Errorf("--hours: %w", err)
		}
		c.Hours = &week
	}
	for _, s := range f.Day {
		day, err := desk.ParseDay(s)
		if err != nil {
			return c, fmt.Errorf("--day: %w", err)
		}
		c.Days = append(c.Days, day)
	}
	for _, s := range f.NoDay {
		date, err := kontakt.ParseDate(s)
		if err != nil {
			return c, fmt.Errorf("--no-day: %q is no date, such as 2026-12-24", s)
		}
		c.ForgetDays = append(c.ForgetDays, date)
	}
	if f.Holidays != "" {
		open := f.Holidays == "open"
		c.Holidays = &open
	}
	if f.Ring != 0 {
		c.RingTime = &f.Ring
	}
	if f.Booking != "" {
		policy := kontakt.BookingPolicy(f.Booking)
		c.Booking = &policy
	}
	if f.Keep != "" {
		keep := f.Keep == "yes"
		c.MayKeep = &keep
	}
	return c, nil
}

type clinicAdd struct {
	backend.Storage `embed:""`
	clinicFlags     `embed:""`
	Ydernummer      string `arg:"" help:"Its ydernummer, six digits."`
	CVR             string `arg:"" name:"cvr" help:"Its CVR number, which the staff's sign-in must name."`
	Name            string `arg:"" help:"Its name, as citizens know it."`
	Town            string `arg:"" help:"Its town."`
}

// Run makes it.
func (a clinicAdd) Run(ctx context.Context, out io.Writer) error {
	y, err := ydernummer(a.Ydernummer)
	if err != nil {
		return err
	}
	c, err := a.clinic()
	if err != nil {
		return err
	}
	c.CVR, c.Name, c.Town = &a.CVR, &a.Name, &a.Town
	return at(ctx, a.Storage, func(d *desk.Desk) error {
		if err := d.AddClinic(ctx, y, c); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s, %s (ydernummer %s)\n", a.Name, a.Town, y)
		return err
	})
}

func ydernummer(s string) (kontakt.Ydernummer, error) {
	y, err := kontakt.ParseYdernummer(s)
	if err != nil {
		return "", fmt.Errorf("ydernummer %q: six digits, with its leading zeros", s)
	}
	return y, nil
}

type clinicSet struct {
	backend.Storage `embed:""`
	clinicFlags     `embed:""`
	Ydernummer      string `arg:"" help:"Ydernummer of the clinic."`
	Name            string `placeholder:"NAME" help:"Its name."`
	Town            string `placeholder:"TOWN" help:"Its town."`
	CVR             string `name:"cvr" placeholder:"CVR" help:"Its CVR number."`
}

// Run changes it.
func (s clinicSet) Run(ctx context.Context) error {
	y, err := ydernummer(s.Ydernummer)
	if err != nil {
		return err
	}
	c, err := s.clinic()
	if err != nil {
		return err
	}
	for _, f := range []struct {
		value string
		to    **string
	}{{s.Name, &c.Name}, {s.Town, &c.Town}, {s.CVR, &c.CVR}} {
		if f.value != "" {
			*f.to = &f.value
		}
	}
	return at(ctx, s.Storage, func(d *desk.Desk) error { return d.SetClinic(ctx, y, c) })
}

type clinicList struct {
	backend.Storage `embed:""`
}

// Run lists them.
func (l clinicList) Run(ctx context.Context, out io.Writer) error {
	return at(ctx, l.Storage, func(d *desk.Desk) error {
		all, err := d.Clinics(ctx)
		if err != nil {
			return err
		}
		return table(out, func(line func(...any)) {
			for _, c := range all {
				hours := desk.HoursText(c.Opening.Hours)
				for _, day := range c.Opening.Days {
					hours += "; " + desk.DayText(day)
				}
				line(c.Ydernummer, c.Name, c.Town, c.Phone, hours)
			}
		})
	})
}

type clinicCover struct {
	backend.Storage `embed:""`
	Ydernummer      string `arg:"" help:"The clinic that takes patients in."`
	For             string `arg:"" help:"The clinic whose patients they are."`
	From            string `arg:"" help:"First day, such as 2026-12-21."`
	To              string `arg:"" optional:"" help:"Last day; the first where it is left out."`
	Drop            bool   `help:"Take back the cover that began on that first day."`
}

// Run makes a cover or takes it back.
func (c clinicCover) Run(ctx context.Context) error {
	y, err := ydernummer(c.Ydernummer)
	if err != nil {
		return err
	}
	other, err := ydernummer(c.For)
	if err != nil {
		return err
	}
	from, err := date(c.From)
	if err != nil {
		return err
	}
	to := from
	if c.To != "" {
		if to, err = date(c.To); err != nil {
			return err
		}
	}
	return at(ctx, c.Storage, func(d *desk.Desk) error {
		if c.Drop {
			return d.DropCover(ctx, y, other, from)
		}
		return d.Cover(ctx, y, other, from, to)
	})
}

func date(s string) (kontakt.Date, error) {
	d, err := kontakt.ParseDate(s)
	if err != nil {
		return d, fmt.Errorf("%q is no date, such as 2026-12-24", s)
	}
	return d, nil
}

type clinicStaff struct {
	backend.Storage `embed:""`
	Ydernummer      string `arg:"" help:"Ydernummer of the clinic."`
}

// Run lists them.
func (s clinicStaff) Run(ctx context.Context, out io.Writer) error {
	y, err := ydernummer(s.Ydernummer)
	if err != nil {
		return err
	}
	return at(ctx, s.Storage, func(d *desk.Desk) error {
		all, err := d.Staff(ctx, y)
		if err != nil {
			return err
		}
		return table(out, func(line func(...any)) {
			for _, e := range all {
				line(e.Role, e.Name, e.Title, map[bool]string{true: "appointed", false: "by the provider's word"}[e.Appointed], e.Issuer, e.Subject)
			}
		})
	})
}

type user struct {
	Appoint userAppoint `cmd:"" help:"Say what a person is at a clinic, where the sign-in provider does not."`
	Dismiss userDismiss `cmd:"" help:"Take that back and end the person's sessions."`
}

type userAppoint struct {
	backend.Storage `embed:""`
	Ydernummer      string `arg:"" help:"Ydernummer of the clinic."`
	Role            string `arg:"" enum:"clinician,secretary" help:"clinician, who may start calls, or secretary."`
	Issuer          string `arg:"" help:"The provider's address, as in --oidc-issuer."`
	Subject         string `arg:"" help:"The provider's name for the person (sub)."`
	Name            string `arg:"" help:"The person's name, until a sign-in tells it."`
	Title           string `arg:"" optional:"" help:"Title, such as \"praktiserende læge\"."`
}

// Run appoints.
func (a userAppoint) Run(ctx context.Context) error {
	y, err := ydernummer(a.Ydernummer)
	if err != nil {
		return err
	}
	return at(ctx, a.Storage, func(d *desk.Desk) error {
		return d.Appoint(ctx, y, strings.TrimSuffix(a.Issuer, "/"), a.Subject, a.Name, a.Title, kontakt.Role(a.Role))
	})
}

type userDismiss struct {
	backend.Storage `embed:""`
	Issuer          string `arg:"" help:"The provider's address, as in --oidc-issuer."`
	Subject         string `arg:"" help:"The provider's name for the person (sub)."`
}

// Run dismisses.
func (d userDismiss) Run(ctx context.Context) error {
	return at(ctx, d.Storage, func(k *desk.Desk) error { return k.Dismiss(ctx, strings.TrimSuffix(d.Issuer, "/"), d.Subject) })
}
