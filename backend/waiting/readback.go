package waiting

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// orderBook is the orders of a place and the conversation in which they are given: its last one.
type orderBook struct {
	p    place
	call store.Call // without an id: nobody has talked yet
	all  []store.Order
}

func (s *Service) orderBook(tx *store.Tx, a kontakt.Actor, id kontakt.EntryID) (orderBook, error) {
	var b orderBook
	var err error
	if b.p, err = load(tx, id); err != nil {
		return b, err
	}
	if err = rights.Check(a, rights.SeeOrders, target(b.p)); err != nil {
		return b, err
	}
	if b.call, err = tx.LastTalk(id); err != nil && kontakt.KindOf(err) != kontakt.NotFound {
		return b, err
	}
	if err = barred(b.p.entry); err != nil {
		return b, err
	}
	b.all, err = tx.Orders(id)
	return b, err
}

// until is how long something can happen to the orders; zero: as long as the conversation goes on, if there is one.
func (b orderBook) until() time.Time {
	if b.call.EndedAt.IsZero() {
		return time.Time{}
	}
	return b.call.EndedAt.Add(kontakt.OrdersAfter)
}

// may says whether the actor may do this to the orders now.
func (b orderBook) may(a kontakt.Actor, do rights.Action, now time.Time) error {
	until := b.until()
	switch {
	case b.call.ID == "":
		return orderError(kontakt.Conflict, kontakt.MsgOrderNoCall, nil)
	case sideOf(a) == tablet && a.Device != b.call.Device:
		return orderError(kontakt.Conflict, kontakt.MsgAnswered, nil)
	case !until.IsZero() && !now.Before(until):
		return orderError(kontakt.Conflict, kontakt.MsgOrderLate, map[string]string{"n": strconv.Itoa(int(kontakt.OrdersAfter / time.Minute))})
	}
	return rights.Check(a, do, callOf(b.call, store.Guest{}))
}

// find gives one of them.
func (b orderBook) find(which kontakt.OrderID) (store.Order, error) {
	at := slices.IndexFunc(b.all, func(o store.Order) bool { return o.ID == which })
	if at < 0 {
		return store.Order{}, orderError(kontakt.NotFound, kontakt.MsgNotFound, nil)
	}
	return b.all[at], nil
}

// Orders gives those of a place, with the doctor who may confirm them.
func (s *Service) Orders(ctx context.Context, id kontakt.EntryID) (kontakt.Orders, error) {
	a, err := actor(ctx)
	if err != nil {
		return kontakt.Orders{}, err
	}
	var found kontakt.Orders
	err = s.db.View(ctx, func(tx *store.Tx) error {
		b, err := s.orderBook(tx, a, id)
		if err != nil {
			return err
		}
		v := s.viewer(tx, a)
		found = kontakt.Orders{Until: b.until()}
		if found.Clinician, err = v.person(b.call.Clinician); err != nil {
			return err
		}
		for _, o := range b.all {
			shown, err := v.showOrder(o)
			if err != nil {
				return err
			}
			found.All = append(found.All, shown)
		}
		return nil
	})
	return found, err
}

func (v *viewer) showOrder(o store.Order) (kontakt.Order, error) {
	author, err := v.person(o.Author)
	if err != nil {
		return kontakt.Order{}, err
	}
	confirmed, err := v.person(o.ConfirmedBy)
	return kontakt.Order{
		OrderText: o.OrderText, ID: o.ID, Entry: o.Entry, Version: o.Version, State: o.State, By: o.By, Author: *author, WrittenAt: o.WrittenAt,
		ReadAt: o.ReadAt, ConfirmedBy: confirmed, ConfirmedAt: o.ConfirmedAt, EndedAt: o.EndedAt, Replaces: o.Replaces,
	}, err
}

// WriteOrder keeps what the doctor has ordered, in the nurse's words.
func (s *Service) WriteOrder(ctx context.Context, id kontakt.EntryID, text kontakt.OrderText) (kontakt.Order, error) {
	return s.changeOrder(ctx, id, rights.WriteOrder, func(tx *store.Tx, b orderBook, a kontakt.Actor) (store.Order, error) {
		if len(b.all) >= kontakt.MaxOrders { // a correction is not held up by it
			return store.Order{}, orderError(kontakt.Conflict, kontakt.MsgOrderMany, map[string]string{"n": strconv.Itoa(kontakt.MaxOrders)})
		}
		return addOrder(tx, b, a, text, "")
	})
}

// ReadBack says that the nurse has read an order aloud.
func (s *Service) ReadBack(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID) (kontakt.Order, error) {
	return s.orderMove(ctx, id, which, rights.ReadBack, orderReadBack, 0)
}

// WithdrawOrder takes one back that was not confirmed.
func (s *Service) WithdrawOrder(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID) (kontakt.Order, error) {
	return s.orderMove(ctx, id, which, rights.Withdraw, orderWithdraw, 0)
}

// ConfirmOrder says that the doctor has heard the order read, and that it is right as it stood there in that version.
func (s *Service) ConfirmOrder(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID, version int) (kontakt.Order, error) {
	return s.orderMove(ctx, id, which, rights.Confirm, orderConfirm, version)
}

func (s *Service) orderMove(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID, do rights.Action, move orderMove, version int) (kontakt.Order, error) {
	return s.changeOrder(ctx, id, do, func(tx *store.Tx, b orderBook, a kontakt.Actor) (store.Order, error) {
		return applyOrder(tx, b, a, which, orderAct{move: move, version: version}, do)
	})
}

// CorrectOrder puts another order in the place of one, as it stood there in that version, and gives the new one.
func (s *Service) CorrectOrder(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID, version int, text kontakt.OrderText) (kontakt.Order, error) {
	return s.changeOrder(ctx, id, rights.Correct, func(tx *store.Tx, b orderBook, a kontakt.Actor) (store.Order, error) {
		if _, err := applyOrder(tx, b, a, which, orderAct{move: orderCorrect, version: version}, rights.Correct); err != nil {
			return store.Order{}, err
		}
		return addOrder(tx, b, a, text, which)
	})
}

// changeOrder is change for the orders of one place, where the actor may do this to them.
func (s *Service) changeOrder(ctx context.Context, id kontakt.EntryID, do rights.Action,
	fn func(tx *store.Tx, b orderBook, a kontakt.Actor) (store.Order, error),
) (kontakt.Order, error) {
	var changed kontakt.Order
	err := s.change(ctx, do, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		b, err := s.orderBook(tx, a, id)
		if err != nil {
			return err
		}
		if err := b.may(a, do, tx.Now()); err != nil {
			return err
		}
		o, err := fn(tx, b, a)
		if err != nil {
			return err
		}
		changed, err = s.viewer(tx, a).showOrder(o)
		return err
	})
	return changed, err
}

func addOrder(tx *store.Tx, b orderBook, a kontakt.Actor, text kontakt.OrderText, replaces kontakt.OrderID) (store.Order, error) {
	o, err := tx.AddOrder(store.Order{
		OrderText: text, ID: kontakt.NewOrderID(), Entry: b.p.entry.ID, Clinic: b.p.entry.Clinic, State: kontakt.OrderWritten,
		By: participant(a), Author: a.Employee, WrittenAt: tx.Now(), Replaces: replaces,
	})
	if err != nil {
		return o, err
	}
	return o, tellOrder(tx, b, o, rights.WriteOrder)
}

// applyOrder makes a move, stores it, tells the rooms and writes the audit row.
func applyOrder(tx *store.Tx, b orderBook, a kontakt.Actor, which kontakt.OrderID, act orderAct, do rights.Action) (store.Order, error) {
	o, err := b.find(which)
	if err != nil {
		return o, err
	}
	act.by, act.now, act.who = sideOf(a), tx.Now(), a.Employee
	next, changed, err := moveOrder(o, act)
	if err != nil || !changed {
		return next, err
	}
	if next, err = tx.SaveOrder(next); err != nil {
		return next, err
	}
	return next, tellOrder(tx, b, next, do)
}

// tellOrder tells the rooms and the audit that something became of an order, never what it says.
func tellOrder(tx *store.Tx, b orderBook, o store.Order, do rights.Action) error {
	row := audit(do, b.p)
	row.Call, row.Reason = b.call.ID, string(o.ID)
	return errors.Join(
		tellRooms(tx, kontakt.EventOrderChanged, orderChanged{Order: o.ID, Entry: o.Entry, State: o.State},
			kontakt.EntryRoom(o.Entry), kontakt.ClinicRoom(o.Clinic)),
		tx.Audit(row))
}

// End is the clinic's end of a conversation, by somebody who was told that so many orders are not confirmed; where there
// are more, it is a Conflict that says how many (E55).
func (s *Service) End(ctx context.Context, id kontakt.EntryID, reason string, told int) (kontakt.Entry, error) {
	return s.changeEntry(ctx, id, rights.End, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		n, err := tx.Unconfirmed(id)
		if err != nil {
			return p, err
		}
		if n > told && reason != kontakt.ReasonWrongPatient && slices.Contains(talking, p.entry.State) {
			return p, orderError(kontakt.Conflict, kontakt.MsgOrdersOpen, map[string]string{"n": strconv.Itoa(n)})
		}
		act := actOf(a, kontakt.MoveEnd)
		act.reason = reason
		return s.apply(tx, p, act, rights.End)
	})
}

// orders tells the clinic how many of a place's orders are not confirmed, and of one that has ended, how long the doctor
// still can: as long as it stands in the list on their account.
func (v *viewer) orders(p place, shown *kontakt.Entry) error {
	if sideOf(v.a) != clinic {
		return nil
	}
	var err error
	if shown.Unconfirmed, err = once(v.unconfirmed, p.entry.ID, v.tx.Unconfirmed); err != nil || shown.Unconfirmed == 0 || p.entry.State.Open() {
		return err
	}
	call, err := v.tx.LastTalk(p.entry.ID)
	shown.ConfirmUntil = call.EndedAt.Add(kontakt.OrdersAfter)
	return err
}
