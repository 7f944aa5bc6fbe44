package waiting

import (
	"context"
	"slices"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Place puts an entry right before another of the clinic's line, or last where before is "", and says why: arrange tells
// what comes of it.
func (s *Service) Place(ctx context.Context, id, before kontakt.EntryID, reason string) (kontakt.Entry, error) {
	if before == id {
		return kontakt.Entry{}, &kontakt.Error{Op: "waiting.Place", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return s.changeEntry(ctx, id, rights.Place, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		line, err := tx.Line(p.entry.Clinic)
		if err != nil {
			return p, err
		}
		if before != "" && !slices.ContainsFunc(line, func(e store.Entry) bool { return e.ID == before }) {
			return p, &kontakt.Error{Op: "waiting.Place", Kind: kontakt.Conflict, Msg: kontakt.MsgVersion}
		}
		last, err := tx.DrawRank(p.entry.Clinic, kontakt.DateOf(tx.Now()))
		if err != nil {
			return p, err
		}
		moved, others := arrange(line, p.entry, before, last)
		for _, e := range others {
			if err := tx.SaveRank(e.ID, e.Rank); err != nil {
				return p, err
			}
		}
		p.entry = moved
		act := actOf(a, kontakt.MovePlace)
		act.reason = reason
		return s.apply(tx, p, act, rights.Place)
	})
}

// Urgent puts an entry before all others but those who were put to the front, and says why; or takes that back.
func (s *Service) Urgent(ctx context.Context, id kontakt.EntryID, urgent bool, reason string) (kontakt.Entry, error) {
	return s.changeEntry(ctx, id, rights.Urgent, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		act := actOf(a, kontakt.MoveUrgent)
		act.urgent, act.reason = urgent, reason
		return s.apply(tx, p, act, rights.Urgent)
	})
}

// Transfer hands a place to a colleague. A call ends with it, by whoever is in it alone, and the place goes to the front,
// where everybody may start it; one that waits is only marked as the colleague's.
func (s *Service) Transfer(ctx context.Context, id kontakt.EntryID, to kontakt.EmployeeID) (kontakt.Entry, error) {
	return s.changeEntry(ctx, id, rights.Transfer, func(tx *store.Tx, p place, a kontakt.Actor) (place, error) {
		if p.call != nil && p.call.Clinician != a.Employee {
			return p, claimedBy(tx, p.call.Clinician)
		}
		who, err := tx.Employee(to)
		if err != nil && kontakt.KindOf(err) != kontakt.NotFound {
			return p, err
		}
		if err != nil || who.Clinic != p.entry.Clinic || who.Role != kontakt.RoleClinician || to == a.Employee {
			return p, &kontakt.Error{Op: "waiting.Transfer", Kind: kontakt.Invalid, Msg: kontakt.MsgNotColleague}
		}
		act := actOf(a, kontakt.MoveTransfer)
		act.to = to
		return s.apply(tx, p, act, rights.Transfer)
	})
}
