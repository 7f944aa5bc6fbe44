package waiting

import (
	"context"
	"errors"
	"slices"
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
	return s.changeClinic(ctx, rights.SetOpening, func(tx *store.Tx, c store.Clinic) (store.Clinic, error) {
		if keep && !c.MayKeep {
			return c, &kontakt.Error{Op: op, Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed}
		}
		c.Opening, c.ClosedAt, c.StaffedAt = c.Opening.Set(open, reason, tx.Now()), time.Time{}, tx.Now()
		if !open {
			c.ClosedAt = tx.Now()
			c.Delay, c.DelayAt = 0, time.Time{}
		}
		kept := tx.KeepEntries(c.ID, keep, tx.Now().Add(-2*kontakt.RestoreWithin))
		row := store.Audit{Action: string(rights.SetOpening), Clinic: c.ID, Reason: openingWord(open, keep)}
		return c, errors.Join(tx.SaveClinic(c), tx.Staffed(c.ID), kept, tellOpening(tx, c.ID), tx.Audit(row))
	})
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

// clinic is a clinic as it stands, and whether anybody looks at its room.
func (s *Service) clinic(c store.Clinic, now time.Time) kontakt.Clinic {
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

// tellOpening tells the clinic's staff and those who wait that opening, delay or who looks at the room has changed.
func tellOpening(tx *store.Tx, id kontakt.ClinicID) error {
	return errors.Join(tellRooms(tx, kontakt.EventClinicChanged, nil, kontakt.ClinicRoom(id)), tellRooms(tx, kontakt.EventLineChanged, nil, kontakt.LineRoom(id)))
}
