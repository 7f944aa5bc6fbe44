package waiting

import (
	"context"
	"slices"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// A conversation that turns out to be about another patient (E26) is ended with kontakt.ReasonWrongPatient, from either
// side, whatever else is under way. The place ends with it: it was drawn for somebody who is not there, so it can neither
// go on nor keep its turn. Nothing that was written under it counts for its citizen any more: orders that nobody has
// confirmed are withdrawn, cards and orders are read and written no longer, and there is no summary for the journal. Each
// side then says why, in a word for the audit.

// isWrong says whether a place was ended so.
func isWrong(e store.Entry) bool { return e.EndReason == kontakt.ReasonWrongPatient }

// barred is why nothing about a place is read or written that was another patient's.
func barred(e store.Entry) error {
	if !isWrong(e) {
		return nil
	}
	return &kontakt.Error{Op: "waiting.barred", Kind: kontakt.Conflict, Msg: kontakt.MsgWrongPatient}
}

// ExplainWrong keeps in the audit why one side took the patient for another.
func (s *Service) ExplainWrong(ctx context.Context, id kontakt.EntryID, why kontakt.WrongWhy) error {
	if !why.Valid() {
		return &kontakt.Error{Op: "waiting.ExplainWrong", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return s.change(ctx, rights.WrongPatient, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := rights.Check(a, rights.WrongPatient, target(p)); err != nil {
			return err
		}
		if !isWrong(p.entry) {
			return &kontakt.Error{Op: "waiting.ExplainWrong", Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
		}
		row := audit(rights.WrongPatient, p)
		row.Reason = string(why)
		return tx.Audit(row)
	})
}

// voidOrders withdraws what was ordered for another and is not confirmed, so that nobody is asked to confirm it.
func voidOrders(tx *store.Tx, p place, a act) error {
	all, err := tx.Orders(p.entry.ID)
	if err != nil {
		return err
	}
	b := orderBook{p: p, call: *p.call, all: all}
	for _, o := range all {
		if !slices.Contains(unconfirmed, o.State) {
			continue
		}
		o.State, o.EndedBy, o.EndedAt = kontakt.OrderWithdrawn, a.who, a.now
		if o, err = tx.SaveOrder(o); err != nil {
			return err
		}
		if err := tellOrder(tx, b, o, rights.Withdraw); err != nil {
			return err
		}
	}
	return nil
}
