// Package tobs tells by which table of TOBS a municipality scores.
//
// Invariants: a municipality sees and scores by its own table alone; which version counts is decided by the Danish day;
// one that has set none, or turned it off, has none, and nothing stands in for it.
package tobs

import (
	"context"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// Service tells it to those who ask.
type Service struct{ db *store.DB }

// New makes a service on a store, whose clock it goes by.
func New(db *store.DB) *Service { return &Service{db} }

// Table gives the JSON of the table that counts today for the actor's municipality; nil where TOBS is off.
func (s *Service) Table(ctx context.Context) ([]byte, error) {
	t, on, err := s.stored(ctx)
	if err != nil || !on {
		return nil, err
	}
	return []byte(t.Text), nil
}

// Today gives that table, to score by; on is false where TOBS is off.
func (s *Service) Today(ctx context.Context) (t tobs.Table, on bool, err error) {
	stored, on, err := s.stored(ctx)
	if err != nil || !on {
		return tobs.Table{}, false, err
	}
	if t, err = tobs.Parse([]byte(stored.Text)); err != nil { // it was read when it was set
		return tobs.Table{}, false, &kontakt.Error{Op: "tobs.Today", Kind: kontakt.Internal, Err: err}
	}
	return t, true, nil
}

func (s *Service) stored(ctx context.Context) (t store.TOBSTable, on bool, err error) {
	a, _ := kontakt.ActorFrom(ctx)
	if err := rights.Check(a, rights.SeeTOBS, rights.Target{}); err != nil {
		return store.TOBSTable{}, false, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		t, err = tx.TOBS(a.Municipality, kontakt.DateOf(tx.Now()))
		on = err == nil
		if kontakt.KindOf(err) == kontakt.NotFound {
			return nil
		}
		return err
	})
	return t, on, err
}
