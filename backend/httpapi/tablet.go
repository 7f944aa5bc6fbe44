package httpapi

import (
	"net/http"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) lookup(r *request, in wire.LookupRequest) (reply, error) {
	today := kontakt.DateOf(a.now())
	cpr, err := kontakt.ParseCPR(in.CPR, today)
	if err != nil {
		return reply{}, err
	}
	var own kontakt.ClinicID
	if in.Clinic != "" {
		if own, err = kontakt.ParseClinicID(in.Clinic); err != nil {
			return reply{}, err
		}
	}
	c, err := a.Citizens.Lookup(r.Context(), cpr, own)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromCitizen(c, today))
}

func (a *API) clinics(r *request) (reply, error) {
	all, err := a.Citizens.Clinics(r.Context())
	if err != nil {
		return reply{}, err
	}
	out := wire.Clinics{Clinics: make([]wire.Clinic, 0, len(all))}
	for _, c := range all {
		out.Clinics = append(out.Clinics, wire.FromClinic(c))
	}
	return ok(out)
}

func (a *API) tobs(r *request) (reply, error) {
	table, err := a.TOBS.Table(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(wire.TOBS{Table: table})
}

func (a *API) join(r *request, in wire.JoinRequest) (reply, error) {
	j, err := wire.ToJoin(in)
	if err != nil {
		return reply{}, err
	}
	e, err := a.Queue.Join(r.Context(), j)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, a.tabletEntry(r, e))
}

func (a *API) entry(r *request) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	e, err := a.Queue.Entry(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return ok(a.tabletEntry(r, e))
}

func (a *API) held(r *request) (reply, error) {
	all, err := a.Queue.Held(r.Context())
	if err != nil {
		return reply{}, err
	}
	out := wire.Entries{Entries: make([]wire.Entry, 0, len(all))}
	for _, e := range all {
		out.Entries = append(out.Entries, a.tabletEntry(r, e))
	}
	return ok(out)
}

// tabletEntry is an entry as a tablet may see it: the citizen only while an employee is signed in.
func (a *API) tabletEntry(r *request, e kontakt.Entry) wire.Entry {
	if r.actor().Role != kontakt.RoleNurse {
		e.Citizen = kontakt.Citizen{}
	}
	return wire.FromEntry(e, a.now())
}

func (a *API) leave(r *request, in wire.LeaveRequest) (reply, error) {
	return a.tabletMove(r, kontakt.MoveLeave, in.Reason)
}

func (a *API) presence(r *request, in wire.PresenceRequest) (reply, error) {
	switch kontakt.Presence(in.Presence) {
	case kontakt.PresenceHere:
		return a.tabletMove(r, kontakt.MoveHere, "")
	case kontakt.PresenceAway:
		return a.tabletMove(r, kontakt.MoveAway, "")
	default:
		return reply{}, badRequest("presence", nil)
	}
}

func (a *API) answerCall(r *request) (reply, error) { return a.tabletMove(r, kontakt.MoveAnswer, "") }

func (a *API) notNow(r *request) (reply, error) { return a.tabletMove(r, kontakt.MoveNotNow, "") }
func (a *API) wait(r *request) (reply, error)   { return a.tabletMove(r, kontakt.MoveWait, "") }

func (a *API) end(r *request, in wire.EndRequest) (reply, error) {
	return a.tabletMove(r, kontakt.MoveEnd, in.Reason)
}

func (a *API) read(r *request, in wire.ReadRequest) (reply, error) {
	messages, err := wire.ToMessageIDs(in)
	if err != nil {
		return reply{}, err
	}
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	e, err := a.Queue.Read(r.Context(), id, messages)
	if err != nil {
		return reply{}, err
	}
	return ok(a.tabletEntry(r, e))
}

func (a *API) tabletMove(r *request, m kontakt.Move, reason string) (reply, error) {
	e, err := a.move(r, m, reason)
	if err != nil {
		return reply{}, err
	}
	return ok(a.tabletEntry(r, e))
}

func (a *API) move(r *request, m kontakt.Move, reason string) (kontakt.Entry, error) {
	id, err := r.entry()
	if err != nil {
		return kontakt.Entry{}, err
	}
	return a.Queue.Move(r.Context(), id, m, reason)
}
