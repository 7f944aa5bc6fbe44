package httpapi

import (
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) clinicView(r *request) (reply, error) {
	c, err := a.Room.Clinic(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(viewOf(r.actor(), c))
}

func viewOf(actor kontakt.Actor, c kontakt.Clinic) wire.ClinicView {
	v := wire.ClinicView{
		Clinic: wire.FromClinic(c), Staff: employee(actor), Role: string(actor.Role),
		Booking: string(c.Booking), MayKeep: c.MayKeep,
	}
	if !c.ClearsAt.IsZero() {
		at := c.ClearsAt.UTC()
		v.ClearsAt = &at
	}
	return v
}

func (a *API) clinicEntries(r *request) (reply, error) {
	all, at, err := a.Room.List(r.Context())
	if err != nil {
		return reply{}, err
	}
	now := a.now()
	out := wire.ClinicEntries{Entries: make([]wire.ClinicEntry, 0, len(all)), Cursor: at.String(), Now: now.UTC()}
	for _, e := range all {
		out.Entries = append(out.Entries, wire.FromClinicEntry(e, now))
	}
	return ok(out)
}

func (a *API) start(r *request, in wire.StartRequest) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	e, err := a.Room.Start(r.Context(), id, in.Version)
	if err != nil {
		return reply{}, err
	}
	return a.started(r, e)
}

// started is what a page needs to be in a call.
func (a *API) started(r *request, e kontakt.Entry) (reply, error) {
	relay, err := a.Relays.Relay(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(wire.StartReply{Entry: wire.FromClinicEntry(e, a.now()), Cursor: e.Cursor.String(), Relay: wire.FromRelay(relay)})
}

func (a *API) noAnswer(r *request) (reply, error) {
	return a.clinicMove(r, kontakt.MoveNoAnswer, "")
}

func (a *API) clinicMove(r *request, m kontakt.Move, reason string) (reply, error) {
	e, err := a.move(r, m, reason)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromClinicEntry(e, a.now()))
}

func (a *API) opening(r *request, in wire.OpeningRequest) (reply, error) {
	reason, err := wire.ToReason(in.Reason)
	if err != nil {
		return reply{}, err
	}
	c, err := a.Room.SetOpening(r.Context(), in.Open, in.Keep, reason)
	if err != nil {
		return reply{}, err
	}
	return ok(viewOf(r.actor(), c))
}
