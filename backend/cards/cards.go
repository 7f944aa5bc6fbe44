// Package cards scores what a nurse found on a citizen, by her municipality's table of TOBS, on the way of her card to
// the clinic; the rules of the card itself are those of backend/waiting.
//
// Invariants: a score is made once, from values and the table that counts at that moment, and stays as it is for as long
// as those values do, whatever the table is later; where a municipality has no table, nothing is scored; a value that the
// table does not fit refuses the whole card, and what is said of it names the parameter and never the value.
package cards

import (
	"context"
	"errors"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// Rooms keep the cards of places (backend/waiting).
type Rooms interface {
	Card(ctx context.Context, id kontakt.EntryID) (kontakt.Card, error)
	SaveCard(ctx context.Context, id kontakt.EntryID, c kontakt.Card) (kontakt.Card, error)
	SaveTold(ctx context.Context, id kontakt.EntryID, version int, told kontakt.Told) (kontakt.Card, error)
}

// Tables are those of the municipalities (backend/tobs).
type Tables interface {
	// Today gives the one that counts where the actor works; on is false where there is none.
	Today(ctx context.Context) (t tobs.Table, on bool, err error)
}

// Service is the Rooms, with the score.
type Service struct {
	Rooms
	tables Tables
	now    func() time.Time
}

// New puts the score before the rooms. now is the backend's clock.
func New(rooms Rooms, tables Tables, now func() time.Time) *Service {
	return &Service{rooms, tables, now}
}

// SaveCard scores the values of c and writes it. Values that stand in the card already keep their score.
func (s *Service) SaveCard(ctx context.Context, id kontakt.EntryID, c kontakt.Card) (kontakt.Card, error) {
	if c.TOBS == nil {
		return s.Rooms.SaveCard(ctx, id, c)
	}
	stands, err := s.Card(ctx, id)
	if err != nil {
		return kontakt.Card{}, err
	}
	if stands.TOBS.Of(c.TOBS.Values) {
		c.TOBS = stands.TOBS
	} else if c.TOBS, err = s.score(ctx, c.TOBS.Values); err != nil {
		return kontakt.Card{}, err
	}
	return s.Rooms.SaveCard(ctx, id, c)
}

func (s *Service) score(ctx context.Context, values tobs.Values) (*tobs.Scored, error) {
	const op = "cards.score"
	table, on, err := s.tables.Today(ctx)
	if err != nil {
		return nil, err
	}
	if !on {
		return nil, &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgTOBSOff}
	}
	result, err := tobs.Score(table, values)
	if wrong, ok := errors.AsType[*tobs.ValueError](err); ok {
		return nil, refused(op, table, wrong)
	}
	if err != nil {
		return nil, &kontakt.Error{Op: op, Kind: kontakt.Internal, Err: err}
	}
	return &tobs.Scored{Values: values, At: s.now().UTC(), Result: result}, nil
}

// refused tells a number that nobody has from a card that was filled in by another table.
func refused(op string, table tobs.Table, wrong *tobs.ValueError) error {
	p, known := table.Parameter(wrong.Key)
	if !known || wrong.Fault != tobs.OutOfRange {
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgTOBSTable, Err: wrong}
	}
	return &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgTOBSValue, Params: map[string]string{"navn": p.Label}, Err: wrong}
}
