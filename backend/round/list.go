package round

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/sheet"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// ReadList reads a list of visits, and asks nobody who they are. It gives its rows, or what is wrong with them. A list that
// is none, or too long, is Invalid.
func (s *Service) ReadList(ctx context.Context, table []byte) ([]kontakt.RoundRow, []kontakt.RowFault, error) {
	const op = "round.ReadList"
	if _, err := own(ctx, rights.ImportRound); err != nil {
		return nil, nil, err
	}
	r, err := sheet.OpenVisits(bytes.NewReader(table), s.db.Now())
	if err != nil {
		return nil, nil, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgListUnreadable, Err: err}
	}
	var rows []kontakt.RoundRow
	var faults []kontakt.RowFault
	for {
		row, fault, err := r.Next()
		switch {
		case errors.Is(err, io.EOF) && len(rows)+len(faults) == 0:
			return nil, nil, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgListUnreadable, Err: errors.New("no rows")}
		case errors.Is(err, io.EOF):
			return rows, faults, nil
		case err != nil:
			return nil, nil, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgListUnreadable, Err: err}
		case fault != nil:
			faults = append(faults, *fault)
		default:
			rows = append(rows, row)
		}
		if len(rows)+len(faults) > kontakt.MaxVisits {
			return nil, nil, &kontakt.Error{
				Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgListLong, Params: map[string]string{"n": strconv.Itoa(kontakt.MaxVisits)},
			}
		}
	}
}

// Import puts the rows of a list on the actor's round, all or none: each is looked up, and audited so, like one that she
// keys in. A row that stands on the round already, whatever has become of it, is left as it is: the same list again changes
// nothing.
func (s *Service) Import(ctx context.Context, rows []kontakt.RoundRow) (kontakt.Round, []kontakt.RowFault, error) {
	if _, err := own(ctx, rights.ImportRound); err != nil {
		return kontakt.Round{}, nil, err
	}
	plans, faults, err := s.lookUp(ctx, rows)
	if err != nil || len(faults) > 0 {
		return kontakt.Round{}, faults, err
	}
	changed, err := s.change(ctx, rights.ImportRound, func(tx *store.Tx, a kontakt.Actor) error {
		all, err := tx.Visits(a.Employee, a.Municipality)
		if err != nil {
			return err
		}
		order, err := openOf(tx, a.Employee, a.Municipality)
		if err != nil {
			return err
		}
		for _, p := range plans {
			if slices.ContainsFunc(all, func(v store.Visit) bool { return same(v, p) }) {
				continue
			}
			if order, err = add(tx, a, order, p); err != nil {
				return err
			}
		}
		if err := keep(tx, order); err != nil {
			return err
		}
		return tell(tx, a.Employee)
	})
	return changed, nil, err
}

// lookUp finds out who the rows are about. What a register says of one row is that row's fault; a register that does not
// answer is everybody's.
func (s *Service) lookUp(ctx context.Context, rows []kontakt.RoundRow) (plans []kontakt.VisitPlan, faults []kontakt.RowFault, err error) {
	for _, row := range rows {
		c, err := s.citizens.Lookup(ctx, row.CPR, "")
		switch kontakt.KindOf(err) {
		case "":
			plans = append(plans, kontakt.VisitPlan{Citizen: c.ID, Place: row.Place, PlannedAt: row.PlannedAt})
		case kontakt.NotFound, kontakt.Invalid:
			msg, params := kontakt.MsgOf(err)
			faults = append(faults, kontakt.RowFault{Line: row.Line, Msg: msg, Params: params})
		default:
			return nil, nil, err
		}
	}
	return plans, faults, nil
}
