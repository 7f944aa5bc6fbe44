package round

import (
	"context"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Missed gives the list of the actor's unit: visits that nobody came to, and citizens whose tablet may not be used any
// more while they wait (E64). The one that has waited longest is the first.
func (s *Service) Missed(ctx context.Context) ([]kontakt.RoundVisit, error) {
	missed := []kontakt.RoundVisit{}
	a, err := actor(ctx)
	if err != nil {
		return nil, err
	}
	if err := rights.Check(a, rights.SeeMissed, rights.Target{Devices: []kontakt.DeviceID{a.Device}}); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		missed = missed[:0]
		all, err := tx.MissedVisits(a.Device)
		for _, v := range all {
			shown, err := s.show(tx, v)
			if err != nil {
				return err
			}
			missed = append(missed, shown)
		}
		return err
	})
	return missed, err
}

// Take takes a visit off the unit's list, into the actor's round, with the place that the citizen has.
func (s *Service) Take(ctx context.Context, id kontakt.VisitID) (kontakt.Round, error) {
	return s.change(ctx, rights.TakeVisit, func(tx *store.Tx, a kontakt.Actor) error {
		v, err := unitVisit(tx, a, id)
		if err != nil {
			return err
		}
		if v.State != kontakt.VisitMissed && v.Employee == a.Employee {
			return nil // she has it
		}
		if v.State != kontakt.VisitMissed {
			who, err := person(tx, v.Employee)
			if err != nil {
				return err
			}
			return &kontakt.Error{Op: "round.Take", Kind: kontakt.Conflict, Msg: kontakt.MsgVisitTaken, Params: map[string]string{"navn": who.Name}}
		}
		order, err := openOf(tx, a.Employee, a.Municipality)
		if err != nil {
			return err
		}
		if err := take(tx, a, order, v); err != nil || v.EntryState == "" || !v.EntryState.Open() {
			return err
		}
		return s.places.TakeIn(tx, v.Entry, a)
	})
}

// unitVisit gives a visit that is, or was, on the list of the actor's unit.
func unitVisit(tx *store.Tx, a kontakt.Actor, id kontakt.VisitID) (store.Visit, error) {
	v, err := tx.Visit(id)
	if err != nil {
		return v, err
	}
	unit, err := tx.Unit(v.Device)
	if err != nil {
		return v, err
	}
	return v, rights.Check(a, rights.TakeVisit, rights.Target{Devices: unit})
}

// take gives a missed visit to a nurse; order is her round.
func take(tx *store.Tx, a kontakt.Actor, order []store.Visit, v store.Visit) error {
	if err := tellUnit(tx, v); err != nil {
		return err
	}
	order, err := put(order, given(tx, v, a))
	if err != nil {
		return err
	}
	if err := keep(tx, order); err != nil {
		return err
	}
	if err := tell(tx, a.Employee); err != nil {
		return err
	}
	return tx.Audit(store.Audit{Action: string(rights.TakeVisit), Citizen: v.Citizen, Entry: v.Entry})
}

// tieMissed takes the visit of a citizen off the unit's list: somebody has come. A round that is full leaves it there.
func tieMissed(tx *store.Tx, by kontakt.Actor, order []store.Visit, e store.Entry) error {
	missed, err := tx.MissedVisits(by.Device)
	if err != nil || len(order) >= kontakt.MaxVisits {
		return err
	}
	for _, v := range missed {
		if v.Citizen == e.Citizen {
			v.Entry = e.ID
			return take(tx, by, order, v)
		}
	}
	return nil
}

// given is a visit in another nurse's round, not kept yet: without a rank, so that keep writes it.
func given(tx *store.Tx, v store.Visit, to kontakt.Actor) store.Visit {
	v.Employee, v.Device, v.State, v.PutAt = to.Employee, to.Device, kontakt.VisitPlanned, tx.Now()
	v.ClosedAt, v.Rank = time.Time{}, 0
	return v
}
