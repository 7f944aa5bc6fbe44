package waiting

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// sweepEvery is how often deadlines are looked at: a ring may last that much longer.
const sweepEvery = 500 * time.Millisecond

// Run sweeps until ctx ends. A sweep that fails is logged and tried again. Who takes over from another process, or gets
// the sweeping back, knows as little of what was told and who was seen as a new process does.
func (s *Service) Run(ctx context.Context) error {
	s.start = s.db.Now()
	s.hours.forget()
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "waiting: sweep", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep does what is due by the clock: rings that nobody answered, calls whose media or both ends stayed away, tablets
// that are out of contact, clinics that open or close by their hours, places at those that stay closed, links that nobody
// opened, logs, replies and summaries that are no longer needed. One place that can't be swept hinders no other.
func (s *Service) Sweep(ctx context.Context) error {
	ctx = kontakt.WithActor(ctx, kontakt.Actor{Role: kontakt.RoleSystem})
	now := s.db.Now()
	var errs []error
	for _, sweep := range []func(context.Context, time.Time) error{
		s.endRings, s.endLostCalls, s.endAbandonedCalls, s.markSilent, s.byTheMinute, s.expireLinks, s.forget,
	} {
		errs = append(errs, sweep(ctx, now))
	}
	return errors.Join(errs...)
}

func (s *Service) endRings(ctx context.Context, now time.Time) error {
	return s.sweepAll(ctx, func(tx *store.Tx) ([]store.Entry, error) { return tx.UnansweredEntries(now) }, kontakt.MoveNoAnswer, rights.NoAnswer)
}

// actionGrace is the audit's word for a call that was given up because its media, or both its ends, stayed away.
const actionGrace rights.Action = "entry.grace"

func (s *Service) endLostCalls(ctx context.Context, now time.Time) error {
	since := now.Add(-s.opt.CallGrace)
	return s.sweepAll(ctx, func(tx *store.Tx) ([]store.Entry, error) { return tx.LostEntries(since) }, moveGrace, actionGrace)
}

// endAbandonedCalls goes by that whoever talks reads the call's room; after a start both ends get the whole grace time
// to come back.
func (s *Service) endAbandonedCalls(ctx context.Context, now time.Time) error {
	since := now.Add(-s.opt.CallGrace)
	if since.Before(s.start) {
		return nil
	}
	return s.sweepAll(ctx, func(tx *store.Tx) ([]store.Entry, error) { return tx.AbandonedEntries(since) }, moveGrace, actionGrace)
}

// sweepAll makes one move of all places that are found.
func (s *Service) sweepAll(ctx context.Context, find func(tx *store.Tx) ([]store.Entry, error), m kontakt.Move, do rights.Action) error {
	var found []store.Entry
	if err := s.db.View(ctx, func(tx *store.Tx) (err error) { found, err = find(tx); return err }); err != nil {
		return err
	}
	return s.sweepEach(ctx, found, func(tx *store.Tx, p place) error {
		_, err := s.apply(tx, p, act{move: m, by: system}, do)
		return err
	})
}

// sweepEach does something to each place, in a transaction of its own, unless it has changed since it was found.
func (s *Service) sweepEach(ctx context.Context, found []store.Entry, do func(tx *store.Tx, p place) error) error {
	var errs []error
	for _, e := range found {
		errs = append(errs, s.db.Update(ctx, func(tx *store.Tx) error {
			p, err := load(tx, e.ID)
			if err != nil || p.entry.Version != e.Version {
				return err
			}
			return do(tx, p)
		}))
	}
	return errors.Join(errs...)
}

// forget deletes what has served, and touches the disk only when there is some.
func (s *Service) forget(ctx context.Context, now time.Time) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetCallLogs(now.Add(-s.opt.LogKept)); err != nil {
			return err
		}
		words := now.Add(-s.opt.WordsKept)
		return errors.Join(tx.ForgetReplies(now.Add(-s.opt.ReplyKept)), tx.ForgetGuestSessions(), tx.ForgetOrders(words), tx.ForgetCards(words), tx.ForgetSummaries(),
			tx.ForgetRecords(words))
	})
}

// markSilent marks the tablets that have been out of contact for the grace time; after a start every tablet gets it to
// find its way back.
func (s *Service) markSilent(ctx context.Context, now time.Time) error {
	since := now.Add(-s.opt.ContactGrace)
	if since.Before(s.start) {
		return nil
	}
	return s.contact(ctx, moveSilent, func(tx *store.Tx) ([]store.Holder, error) { return tx.SilentHolders(since) })
}

// contact marks tablets as in contact or out of it. It removes nothing and moves nobody.
func (s *Service) contact(ctx context.Context, m kontakt.Move, find func(tx *store.Tx) ([]store.Holder, error)) error {
	var found []store.Holder
	if err := s.db.View(ctx, func(tx *store.Tx) (err error) { found, err = find(tx); return err }); err != nil {
		return err
	}
	var errs []error
	for _, h := range found {
		errs = append(errs, s.db.Update(ctx, func(tx *store.Tx) error {
			p, err := load(tx, h.Entry)
			if err != nil || !p.entry.State.Open() {
				return err
			}
			_, err = s.apply(tx, p, act{move: m, by: system, device: h.Device}, rights.Presence)
			return err
		}))
	}
	return errors.Join(errs...)
}

// Seen is told, by the streams, which tablets have one open now. Each call keeps them in contact for the grace time;
// those that were out of contact are here again at once.
func (s *Service) Seen(ctx context.Context, devices []kontakt.DeviceID) error {
	ctx = kontakt.WithActor(ctx, kontakt.Actor{Role: kontakt.RoleSystem})
	if err := s.db.Stamp(ctx, func(tx *store.Tx) error { return tx.SawDevices(devices...) }); err != nil {
		return err
	}
	return s.contact(ctx, moveSeen, func(tx *store.Tx) ([]store.Holder, error) { return tx.LostHolders(devices...) })
}

// Attended is told, by the streams, whose calls' rooms somebody reads now: one that nobody reads for the grace time has
// been left by both ends, neither of which could say so.
func (s *Service) Attended(ctx context.Context, calls []kontakt.CallID) error {
	return s.db.Stamp(ctx, func(tx *store.Tx) error { return tx.SawCalls(calls...) })
}
