package waiting

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// SetOpening opens or closes the actor's clinic for new numbers. Those who wait are told. When it closes they may be
// called still, and lose their places after the grace time, unless it opens again; with keep, where the clinic may, they
// stand until it does.
func (s *Service) SetOpening(ctx context.Context, open, keep bool, reason string) (kontakt.Clinic, error) {
	const op = "waiting.SetOpening"
	if utf8.RuneCountInString(reason) > kontakt.MaxReason || open && keep {
		return kontakt.Clinic{}, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	var set kontakt.Clinic
	err := s.change(ctx, rights.SetOpening, store.Audit{}, func(tx *store.Tx, a kontakt.Actor) error {
		if err := rights.Check(a, rights.SetOpening, rights.Target{Clinic: a.Clinic}); err != nil {
			return err
		}
		c, err := tx.Clinic(a.Clinic)
		if err != nil {
			return err
		}
		if keep && !c.MayKeep {
			return &kontakt.Error{Op: op, Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed}
		}
		c.Opening, c.ClosedAt, c.StaffedAt = c.Opening.Set(open, reason, tx.Now()), time.Time{}, tx.Now()
		if !open {
			c.ClosedAt = tx.Now()
			c.Delay, c.DelayAt = 0, time.Time{}
		}
		kept := tx.KeepEntries(c.ID, keep, tx.Now().Add(-2*kontakt.RestoreWithin))
		if err := errors.Join(tx.SaveClinic(c), tx.Staffed(c.ID), kept, tellOpening(tx, c.ID)); err != nil {
			return err
		}
		if set, err = s.shown(tx, c); err != nil {
			return err
		}
		return tx.Audit(store.Audit{Action: string(rights.SetOpening), Clinic: c.ID, Reason: openingWord(open, keep)})
	})
	return set, err
}

func openingWord(open, keep bool) string {
	switch {
	case open:
		return "open"
	case keep:
		return "closed, places kept"
	}
	return "closed"
}

// shown is a clinic as its staff see it: with the moment at which those who wait lose their places, if they do.
func (s *Service) shown(tx *store.Tx, c store.Clinic) (kontakt.Clinic, error) {
	k := s.clinic(c, tx.Now())
	if !c.Opening.Closed || c.ClosedAt.IsZero() {
		return k, nil
	}
	all, err := tx.OpenEntries(c.ID)
	if slices.ContainsFunc(all, func(e store.Entry) bool { return e.State == kontakt.EntryWaiting && !e.Kept }) {
		k.ClearsAt = c.ClosedAt.Add(s.opt.CloseGrace)
	}
	return k, err
}

// clinic is a clinic as it stands, with the times that it goes by where it has set none.
func (s *Service) clinic(c store.Clinic, now time.Time) kontakt.Clinic {
	if c.RingTime == 0 {
		c.RingTime = s.opt.RingTime
	}
	k := c.At(now)
	k.Unstaffed = s.unstaffed(c, now)
	return k
}

// unstaffed says whether a clinic has been open for the whole grace time without anybody's page of its room. After a
// start the pages first get that long to find their way back.
func (s *Service) unstaffed(c store.Clinic, now time.Time) bool {
	since := now.Add(-s.opt.StaffGrace)
	return !since.Before(s.born) && !c.StaffedAt.After(since) && c.At(now).Open && c.At(since).Open
}

// Staffed is told, by the streams, whose clinics' rooms somebody of the staff reads now.
func (s *Service) Staffed(ctx context.Context, clinics []kontakt.ClinicID) error {
	var empty []kontakt.ClinicID
	if err := s.db.View(ctx, func(tx *store.Tx) error {
		empty = nil
		for _, id := range clinics {
			c, err := tx.Clinic(id)
			if err != nil && kontakt.KindOf(err) != kontakt.NotFound {
				return err
			}
			if err == nil && s.unstaffed(c, tx.Now()) {
				empty = append(empty, id)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if err := s.db.Stamp(ctx, func(tx *store.Tx) error { return tx.Staffed(clinics...) }); err != nil {
		return err
	}
	return s.tellOpenings(ctx, empty)
}

// overdue says whether a place ends since its clinic has been closed for long enough. Whoever is called or talks is not
// in question, and who was sent back to the line gets the time anew.
func (s *Service) overdue(c store.Clinic, e store.Entry, now time.Time) bool {
	over := func(since time.Time, grace time.Duration) bool { return !since.IsZero() && now.Sub(since) >= grace }
	switch {
	case e.State != kontakt.EntryWaiting, e.Kept, !e.FrontAt.IsZero() && !over(e.FrontAt, s.opt.CloseGrace),
		!e.NoAnswerAt.IsZero() && !over(e.NoAnswerAt, s.opt.CloseGrace):
		return false
	case c.Opening.Closed:
		return over(c.ClosedAt, s.opt.CloseGrace)
	}
	then := now.Add(-s.opt.HoursGrace)
	wasOpen, _, opened, _ := c.Opening.At(then)
	return !c.At(now).Open && !wasOpen && (opened.IsZero() || opened.After(now))
}

// actionClose is the audit's word for a place that ended since its clinic stayed closed.
const actionClose rights.Action = "entry.close"

// closePlaces ends the places that are overdue.
func (s *Service) closePlaces(ctx context.Context, now time.Time) error {
	var due []store.Entry
	if err := s.db.View(ctx, func(tx *store.Tx) error {
		due = nil
		clinics, err := tx.AwaitedClinics()
		if err != nil {
			return err
		}
		for _, id := range clinics {
			c, err := tx.Clinic(id)
			if err != nil {
				return err
			}
			if c.At(now).Open {
				continue
			}
			all, err := tx.OpenEntries(id)
			if err != nil {
				return err
			}
			for _, e := range all {
				if s.overdue(c, e, now) {
					due = append(due, e)
				}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return s.sweepEach(ctx, due, func(tx *store.Tx, p place) error {
		c, err := tx.Clinic(p.entry.Clinic)
		if err != nil || !s.overdue(c, p.entry, now) { // it may have opened, or kept them, meanwhile
			return err
		}
		_, err = s.apply(tx, p, act{move: moveClose, by: system}, actionClose)
		return err
	})
}

// hours remembers when what goes by the clock alone was last looked at; zero in a new process.
type hours struct {
	mu   sync.Mutex
	last time.Time
}

// forget is for who has not been the one to tell for a while.
func (h *hours) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = time.Time{}
}

// byTheMinute does what is due by the clock alone. Opening hours are in minutes, so one look a minute is enough.
func (s *Service) byTheMinute(ctx context.Context, now time.Time) error {
	s.hours.mu.Lock()
	defer s.hours.mu.Unlock()
	last := s.hours.last
	if last.Truncate(time.Minute).Equal(now.Truncate(time.Minute)) {
		return nil
	}
	if err := s.tellHours(ctx, last, now); err != nil {
		return err
	}
	s.hours.last = now
	return s.closePlaces(ctx, now)
}

// tellHours tells the rooms of clinics that open or close by their fixed hours, whose word on a delay is over, or whose
// open room nobody looks at any more, which nobody asks for and nobody does: so there is no audit row. A new process
// tells all of them once, since one may have opened while there was none.
func (s *Service) tellHours(ctx context.Context, last, now time.Time) error {
	var turned []kontakt.ClinicID
	if err := s.db.View(ctx, func(tx *store.Tx) error {
		turned = nil
		all, err := tx.Clinics()
		for _, c := range all {
			was, is := c.At(last), c.At(now)
			hours := c.Opening.Fixed() && (last.IsZero() || was.Open != is.Open)
			if hours || was.Delay != is.Delay || !s.unstaffed(c, last) && s.unstaffed(c, now) {
				turned = append(turned, c.ID)
			}
		}
		return err
	}); err != nil {
		return err
	}
	return s.tellOpenings(ctx, turned)
}

func (s *Service) tellOpenings(ctx context.Context, clinics []kontakt.ClinicID) error {
	if len(clinics) == 0 {
		return nil
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		for _, id := range clinics {
			if err := tellOpening(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellOpening tells the clinic's staff and those who wait that opening, delay or who looks at the room has changed.
func tellOpening(tx *store.Tx, id kontakt.ClinicID) error {
	if _, err := tx.Append(kontakt.ClinicRoom(id), kontakt.EventClinicChanged, nil); err != nil {
		return err
	}
	_, err := tx.Append(kontakt.LineRoom(id), kontakt.EventLineChanged, nil)
	return err
}
