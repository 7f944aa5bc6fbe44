package round

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// furthest is how far from now a visit may be planned: a round is of a day, or of a night.
const furthest = 24 * time.Hour

// Round gives the actor's round.
func (s *Service) Round(ctx context.Context) (kontakt.Round, error) {
	var found kontakt.Round
	a, err := own(ctx, rights.SeeRound)
	if err != nil {
		return found, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) (err error) {
		found, err = s.round(tx, a)
		return err
	})
	return found, err
}

// round is the actor's: the open visits in their order, then the others, the last to end first.
func (s *Service) round(tx *store.Tx, a kontakt.Actor) (kontakt.Round, error) {
	all, err := tx.Visits(a.Employee, a.Municipality)
	if err != nil {
		return kontakt.Round{}, err
	}
	all = slices.DeleteFunc(all, func(v store.Visit) bool { return v.State == kontakt.VisitMissed }) // the unit's
	slices.SortStableFunc(all, func(a, b store.Visit) int {
		if one, other := a.Now().Open(), b.Now().Open(); one || other {
			return cmp.Compare(rank(a), rank(b))
		}
		return ended(b).Compare(ended(a))
	})
	r := kontakt.Round{Now: tx.Now(), Visits: make([]kontakt.RoundVisit, len(all))}
	for i, v := range all {
		if r.Visits[i], err = s.show(tx, v); err != nil {
			return kontakt.Round{}, err
		}
		if v.Now().Open() {
			r.Visits[i].Position = i + 1
		}
	}
	r.Cursor, err = tx.Cursor(kontakt.RoundRoom(a.Employee))
	return r, err
}

// rank orders open visits before all others.
func rank(v store.Visit) int {
	if !v.Now().Open() {
		return kontakt.MaxVisits + 1
	}
	return v.Rank
}

func ended(v store.Visit) time.Time {
	if v.ClosedAt.IsZero() {
		return v.EntryEnded
	}
	return v.ClosedAt
}

// show is a visit as its nurse, or its unit, may see it.
func (s *Service) show(tx *store.Tx, v store.Visit) (kontakt.RoundVisit, error) {
	c, err := tx.Citizen(v.Citizen)
	if err != nil {
		return kontakt.RoundVisit{}, err
	}
	citizen, err := s.citizens.Describe(tx, c)
	if err != nil {
		return kontakt.RoundVisit{}, err
	}
	shown := kontakt.RoundVisit{ID: v.ID, State: v.Now(), Citizen: citizen, Place: v.Place, PlannedAt: v.PlannedAt, Entry: v.Entry}
	if v.EntryState == kontakt.EntryLeft {
		shown.Entry = ""
	}
	shown.Nurse, err = person(tx, v.Employee)
	return shown, err
}

// person is an employee as colleagues may see them; nobody where it is not known who stood by the citizen.
func person(tx *store.Tx, id kontakt.EmployeeID) (kontakt.Person, error) {
	if id == "" {
		return kontakt.Person{}, nil
	}
	e, err := tx.Employee(id)
	return kontakt.Person{ID: e.ID, Name: e.Name, Title: e.Title}, err
}

// Add puts a citizen on the actor's round: by the planned time, or last.
func (s *Service) Add(ctx context.Context, p kontakt.VisitPlan) (kontakt.Round, error) {
	return s.change(ctx, rights.PutVisit, func(tx *store.Tx, a kontakt.Actor) error {
		const op = "round.Add"
		if away := p.PlannedAt.Sub(tx.Now()).Abs(); !p.PlannedAt.IsZero() && away > furthest {
			return &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
		}
		if _, err := tx.Citizen(p.Citizen); kontakt.KindOf(err) == kontakt.NotFound {
			return &kontakt.Error{Op: op, Kind: kontakt.NotFound, Msg: kontakt.MsgCitizenUnknown}
		} else if err != nil {
			return err
		}
		order, err := openOf(tx, a.Employee, a.Municipality)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(order, func(o store.Visit) bool { return same(o, p) }) {
			return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVisitThere}
		}
		if order, err = add(tx, a, order, p); err != nil {
			return err
		}
		if err := keep(tx, order); err != nil {
			return err
		}
		return tell(tx, a.Employee)
	})
}

func same(v store.Visit, p kontakt.VisitPlan) bool {
	return v.Citizen == p.Citizen && v.PlannedAt.Equal(p.PlannedAt)
}

// add keeps a new visit and gives the order with it. One whose citizen has a place at this tablet already is under way.
func add(tx *store.Tx, a kontakt.Actor, order []store.Visit, p kontakt.VisitPlan) ([]store.Visit, error) {
	v := store.Visit{
		ID: kontakt.NewVisitID(), Municipality: a.Municipality, Employee: a.Employee, Device: a.Device, Citizen: p.Citizen, Place: p.Place,
		PlannedAt: p.PlannedAt, State: kontakt.VisitPlanned, PutAt: tx.Now(),
	}
	held, err := tx.DeviceEntries(a.Device)
	if err != nil {
		return nil, err
	}
	for _, e := range held {
		if e.Citizen == v.Citizen {
			v.Entry = e.ID
		}
	}
	if order, err = put(order, v); err != nil {
		return nil, err
	}
	if err := tx.AddVisit(v); err != nil {
		return nil, err
	}
	return order, tx.Audit(store.Audit{Action: string(rights.PutVisit), Citizen: v.Citizen})
}

// Move gives an open visit of the actor's round another position, counted from 1.
func (s *Service) Move(ctx context.Context, id kontakt.VisitID, to int) (kontakt.Round, error) {
	return s.change(ctx, rights.MoveVisit, func(tx *store.Tx, a kontakt.Actor) error {
		v, err := ownVisit(tx, a, rights.MoveVisit, id)
		switch {
		case err != nil:
			return err
		case to < 1:
			return &kontakt.Error{Op: "round.Move", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
		case !v.Now().Open():
			return &kontakt.Error{Op: "round.Move", Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
		}
		order, err := openOf(tx, a.Employee, a.Municipality)
		if err != nil {
			return err
		}
		if err := keep(tx, move(order, id, to)); err != nil {
			return err
		}
		if err := tell(tx, a.Employee); err != nil {
			return err
		}
		return tx.Audit(store.Audit{Action: string(rights.MoveVisit), Citizen: v.Citizen})
	})
}

// ownVisit gives a visit of the actor's own round.
func ownVisit(tx *store.Tx, a kontakt.Actor, do rights.Action, id kontakt.VisitID) (store.Visit, error) {
	v, err := tx.Visit(id)
	if err != nil {
		return v, err
	}
	return v, rights.Check(a, do, of(v.Employee, v.Municipality))
}

// End ends a visit of the actor's round: done, missed or dropped. One that has ended so has.
func (s *Service) End(ctx context.Context, id kontakt.VisitID, as kontakt.VisitState) (kontakt.Round, error) {
	return s.change(ctx, rights.EndVisit, func(tx *store.Tx, a kontakt.Actor) error {
		const op = "round.End"
		v, err := ownVisit(tx, a, rights.EndVisit, id)
		switch {
		case err != nil:
			return err
		case as != kontakt.VisitDone && as != kontakt.VisitMissed && as != kontakt.VisitDropped:
			return &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
		case v.Now() == as:
			return nil
		case v.Now() == kontakt.VisitUnderWay:
			return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVisitUnderWay}
		case !v.Now().Open():
			return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
		}
		return end(tx, v, as, string(as))
	})
}

// end stores that a visit has ended; why is the audit's word.
func end(tx *store.Tx, v store.Visit, as kontakt.VisitState, why string) error {
	v.State, v.ClosedAt = as, tx.Now()
	if err := tx.SaveVisit(v); err != nil {
		return err
	}
	if err := tell(tx, v.Employee); err != nil {
		return err
	}
	if as == kontakt.VisitMissed {
		if err := tellUnit(tx, v); err != nil {
			return err
		}
	}
	return tx.Audit(store.Audit{Action: string(rights.EndVisit), Citizen: v.Citizen, Entry: v.Entry, Reason: why})
}

// Tie ties a place that a nurse's tablet has drawn, or holds from now on too, to her visit of that citizen: the first that
// is to come, else one on the list of her unit, which is hers then. It runs in the transaction of the place.
func Tie(tx *store.Tx, by kontakt.Actor, e store.Entry) error {
	order, err := openOf(tx, by.Employee, by.Municipality)
	if err != nil {
		return err
	}
	for _, v := range order {
		switch {
		case v.Citizen != e.Citizen:
		case v.Entry == e.ID:
			return nil
		case v.Now() == kontakt.VisitPlanned:
			v.Entry = e.ID
			if err := tx.SaveVisit(v); err != nil {
				return err
			}
			return tell(tx, by.Employee)
		}
	}
	return tieMissed(tx, by, order, e)
}
