package httpapi

import (
	"net/http"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) relay(r *request) (reply, error) {
	if r.actor().Role == kontakt.RoleGuest {
		if err := a.Guests.LetIn(r.Context()); err != nil {
			return reply{}, err
		}
	}
	relay, err := a.Relays.Relay(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromRelay(relay))
}

func (a *API) signals(r *request, in wire.SignalsRequest) (reply, error) {
	id, err := kontakt.ParseCallID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	all := make([]kontakt.Signal, 0, len(in.Signals))
	for _, w := range in.Signals {
		s, err := wire.ToSignal(w)
		if err != nil {
			return reply{}, err
		}
		all = append(all, s)
	}
	seq, err := a.Calls.Signal(r.Context(), id, all)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusAccepted, wire.SignalsReply{Seq: int64(seq)})
}

func (a *API) call(r *request) (reply, error) {
	e, err := a.callEntry(r)
	if err != nil {
		return reply{}, err
	}
	if accessOf(r.actor().Role) == clinic {
		return a.started(r, e)
	}
	return ok(a.tabletEntry(r, e))
}

func (a *API) callEntry(r *request) (kontakt.Entry, error) {
	id, err := kontakt.ParseCallID(r.PathValue("id"))
	if err != nil {
		return kontakt.Entry{}, err
	}
	return a.Calls.CallEntry(r.Context(), id)
}

func (a *API) media(r *request, in wire.MediaRequest) (reply, error) {
	var m kontakt.Move
	switch in.Media {
	case "live":
		m = kontakt.MoveLive
	case "lost":
		m = kontakt.MoveLost
	default:
		return reply{}, badRequest("media", nil)
	}
	e, err := a.callEntry(r)
	if err != nil {
		return reply{}, err
	}
	if _, err := a.Queue.Move(r.Context(), e.ID, m, ""); err != nil {
		return reply{}, err
	}
	return done()
}
