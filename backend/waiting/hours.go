package waiting

import (
	"context"
	"sync"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// hours remembers when fixed opening hours were last looked at; zero in a new process.
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

// tellHours tells the rooms of clinics that open or close by their fixed hours, or whose word on a delay is over, which
// nobody asks for and nobody does: so there is no audit row. Opening hours are in minutes, so one look a minute is enough. A new process tells all of
// them once, since one may have opened while there was none.
func (s *Service) tellHours(ctx context.Context, now time.Time) error {
	s.hours.mu.Lock()
	defer s.hours.mu.Unlock()
	last := s.hours.last
	if last.Truncate(time.Minute).Equal(now.Truncate(time.Minute)) {
		return nil
	}
	var turned []kontakt.ClinicID
	err := s.db.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Clinics()
		for _, c := range all {
			was, is := c.At(last), c.At(now)
			if c.Opening.Fixed() && (last.IsZero() || was.Open != is.Open) || was.Delay != is.Delay {
				turned = append(turned, c.ID)
			}
		}
		return err
	})
	if err == nil && len(turned) > 0 {
		err = s.db.Update(ctx, func(tx *store.Tx) error {
			for _, id := range turned {
				if err := tellOpening(tx, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err == nil {
		s.hours.last = now
	}
	return err
}

// tellOpening tells the clinic's staff and those who wait that opening or delay has changed.
func tellOpening(tx *store.Tx, id kontakt.ClinicID) error {
	if _, err := tx.Append(kontakt.ClinicRoom(id), kontakt.EventClinicChanged, nil); err != nil {
		return err
	}
	_, err := tx.Append(kontakt.LineRoom(id), kontakt.EventLineChanged, nil)
	return err
}
