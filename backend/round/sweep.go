package round

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

const (
	sweepEvery  = 10 * time.Second
	forgetEvery = time.Hour
	nightsEnd   = 4 // o'clock: what has ended before is of the day before
	keptAtMost  = 24 * time.Hour
)

// Run sweeps until ctx ends. A sweep that fails is logged and tried again.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "round: sweep", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep does what is due by the clock: visits that nobody came to go on the unit's list, and so do citizens who wait at a
// tablet that may not be used any more; what has ended is deleted in the night. One visit that can't be swept hinders no
// other.
func (s *Service) Sweep(ctx context.Context) error {
	ctx = kontakt.WithActor(ctx, kontakt.Actor{Role: kontakt.RoleSystem})
	now := s.db.Now()
	errs := []error{s.markMissed(ctx, now), s.adoptOrphans(ctx)}
	if now.Sub(s.forgot) >= forgetEvery {
		err := s.forget(ctx, now)
		if err == nil {
			s.forgot = now
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (s *Service) markMissed(ctx context.Context, now time.Time) error {
	var late []store.Visit
	if err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		late, err = tx.LateVisits(now.Add(-s.opt.MissedAfter))
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, found := range late {
		errs = append(errs, s.db.Update(ctx, func(tx *store.Tx) error {
			v, err := tx.Visit(found.ID)
			if err != nil || v.Now() != kontakt.VisitPlanned || !v.PutAt.Equal(found.PutAt) {
				return err
			}
			return end(tx, v, kontakt.VisitMissed, "late")
		}))
	}
	return errors.Join(errs...)
}

// adoptOrphans puts the citizens who wait at a tablet that was revoked on its unit's list (E64). The place stays as it is.
func (s *Service) adoptOrphans(ctx context.Context) error {
	var found []store.Entry
	if err := s.db.View(ctx, func(tx *store.Tx) (err error) { found, err = tx.OrphanEntries(); return err }); err != nil {
		return err
	}
	var errs []error
	for _, e := range found {
		errs = append(errs, s.db.Update(ctx, func(tx *store.Tx) error { return adopt(tx, e.ID) }))
	}
	return errors.Join(errs...)
}

// adopt looks again whether a place is still an orphan.
func adopt(tx *store.Tx, id kontakt.EntryID) error {
	all, err := tx.OrphanEntries()
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.ID != id {
			continue
		}
		visits, err := tx.EntryVisits(id)
		if err != nil {
			return err
		}
		if len(visits) > 0 {
			return end(tx, visits[0], kontakt.VisitMissed, "revoked")
		}
		v := store.Visit{
			ID: kontakt.NewVisitID(), Municipality: e.Municipality, Employee: e.Helper, Device: e.Device, Citizen: e.Citizen,
			State: kontakt.VisitPlanned, Entry: id, PutAt: tx.Now(),
		}
		if err := tx.AddVisit(v); err != nil {
			return err
		}
		return end(tx, v, kontakt.VisitMissed, "revoked")
	}
	return nil
}

// forget deletes what has ended before the night's end, what nobody has ended within a day, and hand-overs of the day
// before.
func (s *Service) forget(ctx context.Context, now time.Time) error {
	local := now.In(kontakt.Denmark)
	night := time.Date(local.Year(), local.Month(), local.Day(), nightsEnd, 0, 0, 0, kontakt.Denmark)
	if now.Before(night) {
		night = night.AddDate(0, 0, -1)
	}
	old := now.Add(-keptAtMost)
	return s.db.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.ForgetVisits(night, old), tx.ForgetHandovers(old))
	})
}
