package waiting

import (
	"context"
	"reflect"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// SaveCard writes what the nurse tells about a place from the moment its number is drawn until its call has ended.
// c.Version is that of the card that she saw: where another tablet has changed it since, hers is a Conflict with
// MsgCardChanged, and what stands stays. The same again changes nothing. The reason is left as it is.
func (s *Service) SaveCard(ctx context.Context, id kontakt.EntryID, c kontakt.Card) (kontakt.Card, error) {
	if _, fits := c.ISBAR.Trimmed(); !fits {
		return kontakt.Card{}, &kontakt.Error{Op: "waiting.SaveCard", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return s.changeCard(ctx, id, c.Version, rights.WriteCard, func(_ *store.Tx, _ *place, stored *store.Card) (bool, error) {
		news := stored.ISBAR != c.ISBAR || !reflect.DeepEqual(stored.TOBS, c.TOBS)
		stored.ISBAR, stored.TOBS = c.ISBAR, c.TOBS
		return news, nil
	})
}

// SaveTold writes the reason anew, under the card's version too.
func (s *Service) SaveTold(ctx context.Context, id kontakt.EntryID, version int, told kontakt.Told) (kontakt.Card, error) {
	if _, fits := told.Trimmed(); !fits {
		return kontakt.Card{}, &kontakt.Error{Op: "waiting.SaveTold", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return s.changeCard(ctx, id, version, rights.SetTold, func(tx *store.Tx, p *place, _ *store.Card) (bool, error) {
		if p.entry.Told == told {
			return false, nil
		}
		if err := tx.AddRecord(id, by(tablet, recordedRoom(p.entry.Told, told))...); err != nil {
			return false, err
		}
		p.entry.Told = told
		return true, tx.SaveTold(id, told)
	})
}

// changeCard lets write change the card, or what stands above it, and say whether that is news.
func (s *Service) changeCard(ctx context.Context, id kontakt.EntryID, version int, do rights.Action,
	write func(tx *store.Tx, p *place, stored *store.Card) (bool, error),
) (kontakt.Card, error) {
	var changed kontakt.Card
	err := s.change(ctx, do, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, stored, err := loadCard(tx, id, a, do)
		if err != nil {
			return err
		}
		if !p.entry.State.Open() {
			return &kontakt.Error{Op: "waiting.changeCard", Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
		}
		news, err := write(tx, &p, &stored)
		switch {
		case err != nil:
			return err
		case news && stored.Version != version:
			return &kontakt.Error{Op: "waiting.changeCard", Kind: kontakt.Conflict, Msg: kontakt.MsgCardChanged}
		case news:
			stored.By = a.Employee
			if stored, err = tx.SaveCard(stored); err == nil {
				err = tellCard(tx, p, stored.Version)
			}
			if err == nil {
				err = tx.Audit(audit(do, p))
			}
			if err != nil {
				return err
			}
		}
		changed, err = s.viewer(tx, a).cardOf(p, stored)
		return err
	})
	return changed, err
}

// Card gives what the nurse has told about a place. A nurse has no more of it once the place has ended, the clinic until
// it is deleted. Whoever reads what another wrote is audited.
func (s *Service) Card(ctx context.Context, id kontakt.EntryID) (kontakt.Card, error) {
	var found kontakt.Card
	err := s.change(ctx, rights.SeeCard, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, stored, err := loadCard(tx, id, a, rights.SeeCard)
		if err != nil {
			return err
		}
		if sideOf(a) == tablet && !p.entry.State.Open() {
			return &kontakt.Error{Op: "waiting.Card", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
		}
		if found, err = s.viewer(tx, a).cardOf(p, stored); err != nil || stored.Version == 0 || stored.By == a.Employee {
			return err
		}
		return tx.Audit(audit(rights.SeeCard, p))
	})
	return found, err
}

// tellCard says that there is another card, never what stands in it.
func tellCard(tx *store.Tx, p place, version int) error {
	return tellRooms(tx, kontakt.EventCardChanged, cardChanged{p.entry.ID, version}, kontakt.EntryRoom(p.entry.ID), kontakt.ClinicRoom(p.entry.Clinic))
}

func loadCard(tx *store.Tx, id kontakt.EntryID, a kontakt.Actor, do rights.Action) (place, store.Card, error) {
	p, err := load(tx, id)
	if err != nil {
		return p, store.Card{}, err
	}
	if err := rights.Check(a, do, target(p)); err != nil {
		return p, store.Card{}, err
	}
	if err := barred(p.entry); err != nil {
		return p, store.Card{}, err
	}
	stored, err := tx.Card(id)
	return p, stored, err
}

// cardOf is a card with who changed it last.
func (v *viewer) cardOf(p place, stored store.Card) (kontakt.Card, error) {
	c := kontakt.Card{Told: p.entry.Told, ISBAR: stored.ISBAR, TOBS: stored.TOBS, Version: stored.Version, At: stored.At}
	who, err := v.person(stored.By)
	if who != nil {
		c.By = *who
	}
	return c, err
}

// card marks for the clinic what there is to read.
func (v *viewer) card(p place, shown *kontakt.Entry) error {
	if sideOf(v.a) != clinic {
		return nil
	}
	stored, err := once(v.cards, p.entry.ID, v.tx.Card)
	if err == nil {
		shown.Card = kontakt.Card{ISBAR: stored.ISBAR, TOBS: stored.TOBS, Version: stored.Version}.Mark()
	}
	return err
}
