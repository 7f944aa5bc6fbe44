package round

import (
	"slices"
	"strconv"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// openOf are a nurse's visits that are still to come, or go on, in their order. Who works for two municipalities has a
// round in each.
func openOf(tx *store.Tx, nurse kontakt.EmployeeID, at kontakt.MunicipalityID) ([]store.Visit, error) {
	all, err := tx.Visits(nurse, at)
	return slices.DeleteFunc(all, func(v store.Visit) bool { return !v.Now().Open() }), err
}

// put gives the order with a visit more: before the first that is planned for later, else last. A round that is full is a
// Conflict.
func put(order []store.Visit, v store.Visit) ([]store.Visit, error) {
	if len(order) >= kontakt.MaxVisits {
		return nil, &kontakt.Error{
			Op: "round.put", Kind: kontakt.Conflict, Msg: kontakt.MsgRoundFull, Params: map[string]string{"n": strconv.Itoa(kontakt.MaxVisits)},
		}
	}
	at := len(order)
	if !v.PlannedAt.IsZero() {
		if i := slices.IndexFunc(order, func(o store.Visit) bool { return o.PlannedAt.After(v.PlannedAt) }); i >= 0 {
			at = i
		}
	}
	return slices.Insert(order, at, v), nil
}

// move gives the order with one of its visits at a position, counted from 1; beyond the end it is the last.
func move(order []store.Visit, id kontakt.VisitID, to int) []store.Visit {
	i := slices.IndexFunc(order, func(o store.Visit) bool { return o.ID == id })
	v := order[i]
	order = slices.Delete(order, i, i+1)
	return slices.Insert(order, min(to-1, len(order)), v)
}

// keep stores an order.
func keep(tx *store.Tx, order []store.Visit) error {
	for i, v := range order {
		if v.Rank == i+1 {
			continue
		}
		v.Rank = i + 1
		if err := tx.SaveVisit(v); err != nil {
			return err
		}
	}
	return nil
}
