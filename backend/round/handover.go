package round

import (
	"context"
	"errors"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// handoverAccepted is the data of an event; its JSON is that of internal/wire, which a test compares.
type handoverAccepted struct {
	Handover kontakt.HandoverID `json:"handover"`
}

// HandOver offers what the actor's tablet holds, and the rest of her round, to whoever has the code that it gives. An offer
// of the same nurse and tablet that nobody has taken ends with it.
func (s *Service) HandOver(ctx context.Context) (offered kontakt.Handover, code string, err error) {
	a, err := own(ctx, rights.HandOver)
	if err != nil {
		return kontakt.Handover{}, "", err
	}
	code = kontakt.NewSecret()
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		places, err := tx.DeviceEntries(a.Device)
		if err != nil {
			return err
		}
		order, err := openOf(tx, a.Employee, a.Municipality)
		if err != nil {
			return err
		}
		if len(places)+len(order) == 0 {
			return &kontakt.Error{Op: "round.HandOver", Kind: kontakt.Conflict, Msg: kontakt.MsgHandoverNothing}
		}
		h := store.Handover{
			ID: kontakt.NewHandoverID(), Municipality: a.Municipality, Employee: a.Employee, Device: a.Device,
			ExpiresAt: tx.Now().Add(kontakt.HandoverLives),
		}
		if err := tx.AddHandover(h, code); err != nil {
			return err
		}
		if offered, err = shown(tx, h); err != nil {
			return err
		}
		return tx.Audit(store.Audit{Action: string(rights.HandOver)})
	})
	if err != nil {
		return kontakt.Handover{}, "", s.refused(ctx, rights.HandOver, err)
	}
	return offered, code, nil
}

// Handover gives an offer to who made it: by whom it was taken.
func (s *Service) Handover(ctx context.Context, id kontakt.HandoverID) (kontakt.Handover, error) {
	var found kontakt.Handover
	a, err := actor(ctx)
	if err != nil {
		return found, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		h, err := tx.Handover(id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, rights.SeeHandover, of(h.Employee, h.Municipality)); err != nil {
			return err
		}
		found, err = shown(tx, h)
		return err
	})
	return found, err
}

// Withdraw takes an offer back; one that was taken before that stays taken.
func (s *Service) Withdraw(ctx context.Context, id kontakt.HandoverID) error {
	a, err := actor(ctx)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		h, err := tx.Handover(id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, rights.SeeHandover, of(h.Employee, h.Municipality)); err != nil {
			return err
		}
		return tx.WithdrawHandover(id)
	})
}

func shown(tx *store.Tx, h store.Handover) (kontakt.Handover, error) {
	from, err := person(tx, h.Employee)
	if err != nil {
		return kontakt.Handover{}, err
	}
	s := kontakt.Handover{ID: h.ID, From: from, ExpiresAt: h.ExpiresAt, AcceptedAt: h.AcceptedAt}
	if h.AcceptedBy != "" {
		by, err := person(tx, h.AcceptedBy)
		if err != nil {
			return kontakt.Handover{}, err
		}
		s.AcceptedBy = &by
	}
	return s, nil
}

// Accept takes what a code offers: the places go to the actor and her tablet, those in a call when it has ended, and the
// rest of the round goes into hers. Who took it already is given what she holds.
func (s *Service) Accept(ctx context.Context, code string) (kontakt.Accepted, error) {
	var got kontakt.Accepted
	a, err := actor(ctx)
	if err != nil {
		return got, err
	}
	var of store.Handover
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		got, of = kontakt.Accepted{}, store.Handover{}
		h, err := tx.HandoverByCode(code)
		if kontakt.KindOf(err) == kontakt.NotFound {
			return &kontakt.Error{Op: "round.Accept", Kind: kontakt.NotFound, Msg: kontakt.MsgHandoverUnknown}
		}
		if err != nil {
			return err
		}
		of = h
		if err := refuses(tx, h, a); err != nil {
			return err
		}
		if h.AcceptedBy == "" {
			if h, got.Later, err = s.accept(tx, h, a); err != nil {
				return err
			}
		}
		if got.Handover, err = shown(tx, h); err != nil {
			return err
		}
		if got.Places, err = s.places.Held(tx.Context()); err != nil {
			return err
		}
		got.Round, err = s.round(tx, a)
		return err
	})
	if err != nil {
		return kontakt.Accepted{}, s.refusedThere(ctx, of, s.refused(ctx, rights.Accept, err))
	}
	return got, nil
}

// refuses says why a nurse can't take an offer.
func refuses(tx *store.Tx, h store.Handover, a kontakt.Actor) error {
	const op = "round.Accept"
	switch {
	case rights.Check(a, rights.Accept, of(h.Employee, h.Municipality)) != nil:
		return &kontakt.Error{Op: op, Kind: kontakt.Forbidden, Msg: kontakt.MsgHandoverForeign}
	case h.Employee == a.Employee:
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgHandoverOwn}
	case h.AcceptedBy == a.Employee && h.AcceptedOn == a.Device:
		return nil
	case h.AcceptedBy != "":
		by, err := person(tx, h.AcceptedBy)
		if err != nil {
			return err
		}
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgHandoverAccepted, Params: map[string]string{"navn": by.Name}}
	case !tx.Now().Before(h.ExpiresAt):
		return &kontakt.Error{Op: op, Kind: kontakt.Gone, Msg: kontakt.MsgHandoverExpired}
	}
	return nil
}

// accept moves places and round, and tells both sides.
func (s *Service) accept(tx *store.Tx, h store.Handover, a kontakt.Actor) (_ store.Handover, later int, err error) {
	h.AcceptedAt, h.AcceptedBy, h.AcceptedOn = tx.Now(), a.Employee, a.Device
	if err := tx.AcceptHandover(h); err != nil {
		return h, 0, err
	}
	if err := giveRound(tx, h.Employee, a); err != nil {
		return h, 0, err
	}
	if _, later, err = s.places.HandOver(tx, h.Device, a); err != nil {
		return h, 0, err
	}
	if _, err := tx.Append(kontakt.DeviceRoom(h.Device), kontakt.EventHandoverAccepted, handoverAccepted{h.ID}); err != nil {
		return h, 0, err
	}
	return h, later, tx.Audit(store.Audit{Action: string(rights.Accept)})
}

// giveRound puts what is left of a nurse's round into another's of the same municipality.
func giveRound(tx *store.Tx, from kontakt.EmployeeID, to kontakt.Actor) error {
	rest, err := openOf(tx, from, to.Municipality)
	if err != nil {
		return err
	}
	order, err := openOf(tx, to.Employee, to.Municipality)
	if err != nil {
		return err
	}
	for _, v := range rest {
		if order, err = put(order, given(tx, v, to)); err != nil {
			return err
		}
	}
	if err := keep(tx, order); err != nil {
		return err
	}
	if err := tell(tx, from); err != nil {
		return err
	}
	return tell(tx, to.Employee)
}

// refusedThere writes the row of a refusal that is also the business of the municipality whose code it was (E65).
func (s *Service) refusedThere(ctx context.Context, h store.Handover, err error) error {
	msg, _ := kontakt.MsgOf(err)
	if msg != kontakt.MsgHandoverForeign {
		return err
	}
	there := kontakt.Actor{Role: kontakt.RoleSystem, Municipality: h.Municipality, Device: h.Device}
	row := store.Audit{By: &there, Action: string(rights.Accept), Outcome: store.OutcomeRefused, Reason: string(msg)}
	if auditErr := s.db.Refused(ctx, row); auditErr != nil {
		return errors.Join(auditErr, err)
	}
	return err
}
