package drill

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

// Round and its siblings are app.Rounds: a drill has no round, and no unit with a list.
func (h *house) Round(context.Context) (kontakt.Round, error) {
	return kontakt.Round{Now: h.now()}, nil
}

// MissedVisits is empty.
func (h *house) MissedVisits(context.Context) ([]kontakt.RoundVisit, error) { return nil, nil }

// AddVisit and its siblings put nothing on it.
func (h *house) AddVisit(context.Context, kontakt.VisitPlan, string) (kontakt.Round, error) {
	return kontakt.Round{}, refused("AddVisit", msgNoRound)
}

// MoveVisit refuses.
func (h *house) MoveVisit(context.Context, kontakt.VisitID, int, string) (kontakt.Round, error) {
	return kontakt.Round{}, refused("MoveVisit", msgNoRound)
}

// EndVisit refuses.
func (h *house) EndVisit(context.Context, kontakt.VisitID, kontakt.VisitState, string) (kontakt.Round, error) {
	return kontakt.Round{}, refused("EndVisit", msgNoRound)
}

// ImportRound refuses: a real list has no business in a drill.
func (h *house) ImportRound(context.Context, []byte) (kontakt.Round, []kontakt.RowFault, error) {
	return kontakt.Round{}, nil, refused("ImportRound", msgNoRound)
}

// TakeVisit refuses.
func (h *house) TakeVisit(context.Context, kontakt.VisitID, string) (kontakt.Round, error) {
	return kontakt.Round{}, refused("TakeVisit", msgNoRound)
}
