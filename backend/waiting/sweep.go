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

// sweepEvery is how often deadlines are looked at: the ring of 60 s may last that much longer.
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

// Sweep does what is due by the clock: rings that nobody answered, calls whose media or both ends stayed away, tablets that are out
// of contact, clinics that open or close by their hours, logs and replies that are no longer needed.
func (s *Service) Sweep(ctx context.Context) error {
	ctx = kontakt.WithActor(ctx, kontakt.Actor{Role: kontakt.RoleSystem})
	now := s.db.Now()
	due := []struct {
		find func(tx *store.Tx) ([]store.Entry, error)
		do   func(tx *store.Tx, p place) error
	}{
		{
			func(tx *store.Tx) ([]store.Entry, error) { return tx.UnansweredEntries(now) },
			func(tx *store.Tx, p place) error {
				_, err := s.apply(tx, p, kontakt.MoveNoAnswer, system, "", rights.NoAnswer)
				return err
			},
		},
		{
			func(tx *store.Tx) ([]store.Entry, error) { return tx.LostEntries(now.Add(-s.opt.CallGrace)) },
			func(tx *store.Tx, p place) error {
				_, err := s.apply(tx, p, moveGrace, system, "", actionGrace)
				return err
			},
		},
		{
			func(tx *store.Tx) ([]store.Entry, error) {
				// Whoever talks reads the call's room; after a start both ends get the whole grace time to come back.
				if now.Sub(s.start) < s.opt.CallGrace {
					return nil, nil
				}
				return tx.AbandonedEntries(now.Add(-s.opt.CallGrace))
			},
			func(tx *store.Tx, p place) error {
				_, err := s.apply(tx, p, moveGrace, system, "", actionGrace)
				return err
			},
		},
		{
			func(tx *store.Tx) ([]store.Entry, error) {
				// After a start every tablet gets the whole grace time to find its way back.
				if now.Sub(s.start) < s.opt.ContactGrace {
					return nil, nil
				}
				silent, err := tx.SilentHolders(now.Add(-s.opt.ContactGrace))
				if err != nil {
					return nil, err
				}
				return entriesOf(tx, silent)
			},
			func(tx *store.Tx, p place) error {
				silent, err := tx.SilentHolders(now.Add(-s.opt.ContactGrace))
				if err != nil {
					return err
				}
				for _, h := range silent {
					if h.Entry != p.entry.ID {
						continue
					}
					if p, err = contact(tx, p, h, false); err != nil {
						return err
					}
				}
				return nil
			},
		},
	}
	var errs []error // one entry that can't be swept hinders no other
	for _, d := range due {
		var all []store.Entry
		errs = append(errs, s.db.View(ctx, func(tx *store.Tx) (err error) { all, err = d.find(tx); return err }))
		for _, e := range all {
			errs = append(errs, s.sweepOne(ctx, e, d.do))
		}
	}
	return errors.Join(append(errs, s.tellHours(ctx, now), s.forget(ctx, now))...)
}

// actionGrace is the audit's word for a call that was given up because its media, or both its ends, stayed away.
const actionGrace rights.Action = "entry.grace"

// sweepOne does one thing that was due, unless the entry has changed since it was found.
func (s *Service) sweepOne(ctx context.Context, found store.Entry, do func(tx *store.Tx, p place) error) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		p, err := load(tx, found.ID)
		if err != nil || p.entry.Version != found.Version {
			return err
		}
		return do(tx, p)
	})
}

// forget deletes what has served, and touches the disk only when there is some.
func (s *Service) forget(ctx context.Context, now time.Time) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetCallLogs(now.Add(-s.opt.LogKept)); err != nil {
			return err
		}
		return tx.ForgetReplies(now.Add(-s.opt.ReplyKept))
	})
}

// contact marks a place as in contact or out of it. It removes nothing and moves nobody.
func contact(tx *store.Tx, p place, h store.Holder, there bool) (place, error) {
	h.NoContact = !there
	if err := tx.SaveHolder(h); err != nil {
		return p, err
	}
	var err error
	if p.entry, err = tx.SaveEntry(p.entry); err != nil {
		return p, err
	}
	if p.holders, err = tx.Holders(p.entry.ID); err != nil {
		return p, err
	}
	if err := tell(tx, p, change{}); err != nil {
		return p, err
	}
	row := audit(rights.Presence, p)
	row.Reason = string(presence(p.holders))
	return p, tx.Audit(row)
}

func entriesOf(tx *store.Tx, holders []store.Holder) ([]store.Entry, error) {
	var all []store.Entry
	for i, h := range holders {
		if i > 0 && holders[i-1].Entry == h.Entry {
			continue
		}
		e, err := tx.Entry(h.Entry)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// Seen is told, by the streams, which tablets have one open now. Each call keeps them in contact for the grace time;
// those that were out of contact are here again at once.
func (s *Service) Seen(ctx context.Context, devices []kontakt.DeviceID) error {
	ctx = kontakt.WithActor(ctx, kontakt.Actor{Role: kontakt.RoleSystem})
	if err := s.db.Stamp(ctx, func(tx *store.Tx) error { return tx.SawDevices(devices...) }); err != nil {
		return err
	}
	var lost []store.Holder
	if err := s.db.View(ctx, func(tx *store.Tx) (err error) { lost, err = tx.LostHolders(devices...); return err }); err != nil {
		return err
	}
	var errs []error
	for _, h := range lost {
		errs = append(errs, s.db.Update(ctx, func(tx *store.Tx) error {
			p, err := load(tx, h.Entry)
			if err != nil {
				return err
			}
			now, ok := p.holder(h.Device)
			if !ok || !now.NoContact || !p.entry.State.Open() {
				return nil
			}
			_, err = contact(tx, p, now, true)
			return err
		}))
	}
	return errors.Join(errs...)
}

// Attended is told, by the streams, whose calls' rooms somebody reads now: one that nobody reads for the grace time has
// been left by both ends, neither of which could say so.
func (s *Service) Attended(ctx context.Context, calls []kontakt.CallID) error {
	return s.db.Stamp(ctx, func(tx *store.Tx) error { return tx.SawCalls(calls...) })
}
