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
func (s *Service) Table(ctx context.Context) (text []byte, err error) {
	a, _ := kontakt.ActorFrom(ctx)
	if err := rights.Check(a, rights.SeeTOBS, rights.Target{}); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		text = nil
		t, err := tx.TOBS(a.Municipality, kontakt.DateOf(tx.Now()))
		if kontakt.KindOf(err) == kontakt.NotFound {
			return nil
		}
		text = []byte(t.Text)
		return err
	})
	return text, err
}

// Today gives the table that counts for a municipality now, in a transaction; NotFound where TOBS is off.
func Today(tx *store.Tx, m kontakt.MunicipalityID) (tobs.Table, error) {
	stored, err := tx.TOBS(m, kontakt.DateOf(tx.Now()))
	if err != nil {
		return tobs.Table{}, err
	}
	t, err := tobs.Parse([]byte(stored.Text))
	if err != nil { // it was read when it was set
		return tobs.Table{}, &kontakt.Error{Op: "tobs.Today", Kind: kontakt.Internal, Err: err}
	}
	return t, nil
}
