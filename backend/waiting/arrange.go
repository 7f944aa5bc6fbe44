package waiting

import (
	"context"
	"errors"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

var errSoon = &kontakt.Error{Op: "waiting", Kind: kontakt.Unavailable, Err: errors.New("being built")}

func (s *Service) Place(ctx context.Context, id, before kontakt.EntryID, reason string) (kontakt.Entry, error) {
	return kontakt.Entry{}, errSoon
}

func (s *Service) Urgent(ctx context.Context, id kontakt.EntryID, urgent bool, reason string) (kontakt.Entry, error) {
	return kontakt.Entry{}, errSoon
}

func (s *Service) Transfer(ctx context.Context, id kontakt.EntryID, to kontakt.EmployeeID) (kontakt.Entry, error) {
	return kontakt.Entry{}, errSoon
}

func (s *Service) Staff(ctx context.Context) ([]kontakt.Person, error) { return nil, errSoon }

// present notes what a tablet says of its own presence; false where that was known.
func present(tx *store.Tx, p place, m kontakt.Move, device kontakt.DeviceID) (place, bool, error) {
	h, holds := p.holder(device)
	if !holds || h.Away == (m == kontakt.MoveAway) {
		return p, false, nil
	}
	h.Away = m == kontakt.MoveAway
	if err := tx.SaveHolder(h); err != nil {
		return p, false, err
	}
	var err error
	p.holders, err = tx.Holders(p.entry.ID)
	return p, true, err
}
