package httpapi

import (
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// What the nurse tells the clinician about a place.

func (a *API) card(r *request) (reply, error) {
	return a.withCard(r, func(id kontakt.EntryID) (kontakt.Card, error) { return a.Cards.Card(r.Context(), id) })
}

func (a *API) saveCard(r *request, in wire.CardRequest) (reply, error) {
	c, err := wire.ToCardChange(in)
	if err != nil {
		return reply{}, err
	}
	return a.withCard(r, func(id kontakt.EntryID) (kontakt.Card, error) { return a.Cards.SaveCard(r.Context(), id, c) })
}

func (a *API) saveTold(r *request, in wire.ToldRequest) (reply, error) {
	told, ok := in.Told.Trimmed()
	if !ok {
		return reply{}, badRequest("told", nil)
	}
	return a.withCard(r, func(id kontakt.EntryID) (kontakt.Card, error) {
		return a.Cards.SaveTold(r.Context(), id, in.Version, told)
	})
}

// withCard does something to the card of the entry that the path names.
func (a *API) withCard(r *request, do func(id kontakt.EntryID) (kontakt.Card, error)) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	c, err := do(id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromCard(c))
}
