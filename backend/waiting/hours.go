package waiting

import (
	"context"
	"sync"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

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
