package httpapi

import (
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// explainWrong: either side of a conversation about the wrong patient says why (E26). The conversation has been ended before,
// with an EndRequest: that waits for nobody.
func (a *API) explainWrong(r *request, in wire.WrongRequest) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	if err := a.Queue.ExplainWrong(r.Context(), id, kontakt.WrongWhy(in.Why)); err != nil {
		return reply{}, err
	}
	return done()
}
