package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Clinic is what a clinic is told about; a nil field leaves things as they are.
type Clinic struct {
	Name, Town, Phone, CVR *string
	RingTime               *time.Duration // 15 s to 5 min
	Booking                *kontakt.BookingPolicy
	MayKeep                *bool
	Holidays               *bool            // the fixed hours hold on public holidays too
	Hours                  *[7]kontakt.Span // by time.Weekday
	Days                   []kontakt.Day    // replace those with the same date
	ForgetDays             []kontakt.Date   // back to the week's hours
}

// Bounds of the time that a called citizen has to answer.
const (
	minRing = 15 * time.Second
	maxRing = 5 * time.Minute
)

// AddClinic makes a clinic with its waiting room.
func (d *Desk) AddClinic(ctx context.Context, y kontakt.Ydernummer, c Clinic) error {
	for _, need := range []struct {
		value *string
		name  string
	}{{c.Name, "name"}, {c.Town, "town"}, {c.Phone, "phone number"}, {c.CVR, "CVR number"}} {
		if need.value == nil || *need.value == "" {
			return fmt.Errorf("a clinic needs a %s", need.name)
		}
	}
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		switch found, err := tx.ClinicByYdernummer(y); kontakt.KindOf(err) {
		case "":
			return store.Audit{}, fmt.Errorf("ydernummer %s is %s already: kontaktd clinic set changes it", y, found.Name)
		case kontakt.NotFound:
		default:
			return store.Audit{}, err
		}
		return saveClinic(tx, store.Clinic{ID: kontakt.NewClinicID(), Ydernummer: y}, c, "add")
	})
}

// SetClinic changes a clinic. Its staff and those who wait are told.
func (d *Desk) SetClinic(ctx context.Context, y kontakt.Ydernummer, c Clinic) error {
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		found, err := clinic(tx, y)
		if err != nil {
			return store.Audit{}, err
		}
		row, err := saveClinic(tx, found, c, "set")
		if err != nil {
			return row, err
		}
		if _, err := tx.Append(kontakt.ClinicRoom(found.ID), kontakt.EventClinicChanged, nil); err != nil {
			return row, err
		}
		_, err = tx.Append(kontakt.LineRoom(found.ID), kontakt.EventLineChanged, nil)
		return row, err
	})
}

func saveClinic(tx *store.Tx, to store.Clinic, c Clinic, what string) (store.Audit, error) {
	if err := c.check(); err != nil {
		return store.Audit{}, err
	}
	set(&to.Name, c.Name)
	set(&to.Town, c.Town)
	set(&to.Phone, c.Phone)
	set(&to.CVR, c.CVR)
	set(&to.RingTime, c.RingTime)
	set(&to.Booking, c.Booking)
	set(&to.MayKeep, c.MayKeep)
	set(&to.Opening.Holidays, c.Holidays)
	set(&to.Opening.Hours, c.Hours)
	forget := slices.Clone(c.ForgetDays)
	for _, day := range c.Days {
		forget = append(forget, day.Date)
	}
	to.Opening.Days = slices.DeleteFunc(slices.Clone(to.Opening.Days), func(day kontakt.Day) bool { return slices.Contains(forget, day.Date) })
	to.Opening.Days = append(to.Opening.Days, c.Days...)
	slices.SortFunc(to.Opening.Days, func(a, b kontakt.Day) int {
		if a.Date.Before(b.Date) {
			return -1
		}
		return 1
	})
	return store.Audit{Action: actionClinic, Clinic: to.ID, Reason: what}, tx.SaveClinic(to)
}

func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

func (c Clinic) check() error {
	for _, said := range []struct {
		value *string
		need  string
	}{{c.Name, "a clinic needs a name"}, {c.Town, "a clinic needs a town"}, {c.Phone, "a clinic needs a phone number"}} {
		if said.value == nil {
			continue
		}
		if err := words(said.need, *said.value); err != nil {
			return err
		}
	}
	if c.Phone != nil && !strings.ContainsAny(*c.Phone, "0123456789") {
		return fmt.Errorf("phone number %q: as a citizen should dial it", *c.Phone)
	}
	if c.CVR != nil {
		if err := checkCVR(*c.CVR); err != nil {
			return err
		}
	}
	if c.RingTime != nil && (*c.RingTime < minRing || *c.RingTime > maxRing) {
		return fmt.Errorf("ring time %s: %s to %s", *c.RingTime, minRing, maxRing)
	}
	policies := []kontakt.BookingPolicy{kontakt.BookingOff, kontakt.BookingFlag, kontakt.BookingBlock}
	if c.Booking != nil && !slices.Contains(policies, *c.Booking) {
		return fmt.Errorf("booking %q: off, flag or block", *c.Booking)
	}
	return nil
}

// Clinics gives all of them.
func (d *Desk) Clinics(ctx context.Context) (all []store.Clinic, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error { all, err = tx.Clinics(); return err })
	slices.SortFunc(all, func(a, b store.Clinic) int {
		if a.Ydernummer < b.Ydernummer {
			return -1
		}
		return 1
	})
	return all, err
}

// Cover lets clinic take the patients of another in (ferieafløser), on the Danish days from and to and those between.
func (d *Desk) Cover(ctx context.Context, y, other kontakt.Ydernummer, from, to kontakt.Date) error {
	if y == other {
		return errors.New("a clinic can't cover for itself")
	}
	if to.Before(from) {
		return fmt.Errorf("the last day %s lies before the first %s", to, from)
	}
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		a, b, err := pair(tx, y, other)
		if err != nil {
			return store.Audit{}, err
		}
		return store.Audit{Action: actionCover, Clinic: a.ID, Reason: "add"}, tx.SaveCover(store.Cover{Clinic: a.ID, For: b.ID, From: from, To: to})
	})
}

// DropCover takes a cover back that began on a day.
func (d *Desk) DropCover(ctx context.Context, y, other kontakt.Ydernummer, from kontakt.Date) error {
	return d.change(ctx, func(tx *store.Tx) (store.Audit, error) {
		a, b, err := pair(tx, y, other)
		if err != nil {
			return store.Audit{}, err
		}
		dropped, err := tx.DropCover(a.ID, b.ID, from)
		if err == nil && !dropped {
			err = fmt.Errorf("%s does not cover for %s from %s", a.Name, b.Name, from)
		}
		return store.Audit{Action: actionCover, Clinic: a.ID, Reason: "drop"}, err
	})
}

func pair(tx *store.Tx, y, other kontakt.Ydernummer) (a, b store.Clinic, err error) {
	if a, err = clinic(tx, y); err != nil {
		return a, b, err
	}
	b, err = clinic(tx, other)
	return a, b, err
}

func clinic(tx *store.Tx, y kontakt.Ydernummer) (store.Clinic, error) {
	c, err := tx.ClinicByYdernummer(y)
	if kontakt.KindOf(err) == kontakt.NotFound {
		return c, fmt.Errorf("there is no clinic with ydernummer %s: kontaktd clinic list says which there are", y)
	}
	return c, err
}
