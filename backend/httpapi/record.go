package httpapi

import (
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// Consent, presence and 112, as a place's record tells them to both sides.

func (a *API) withdraw(r *request) (reply, error) { return a.tabletMove(r, kontakt.MoveWithdraw, "") }

func (a *API) emergency(r *request) (reply, error) { return a.tabletMove(r, kontakt.MoveEmergency, "") }

func (a *API) placeRecord(r *request) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	rec, err := a.Records.Record(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromRecord(rec))
}

func (a *API) addToRecord(r *request, in wire.AdditionRequest) (reply, error) {
	n, err := wire.ToAddition(in)
	if err != nil {
		return reply{}, err
	}
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	rec, err := a.Records.AddToRecord(r.Context(), id, n)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromRecord(rec))
}
