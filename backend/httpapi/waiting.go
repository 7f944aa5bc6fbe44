package httpapi

import (
	"net/http"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) lookup(r *request) (reply, error) {
	in, err := decode[wire.LookupRequest](r.body)
	if err != nil {
		return reply{}, err
	}
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

func (a *API) join(r *request) (reply, error) {
	in, err := decode[wire.JoinRequest](r.body)
	if err != nil {
		return reply{}, err
	}
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
	id, err := kontakt.ParseEntryID(r.PathValue("id"))
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

func (a *API) leave(r *request) (reply, error) {
	in, err := decode[wire.LeaveRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	return a.tabletMove(r, kontakt.MoveLeave, in.Reason)
}

func (a *API) presence(r *request) (reply, error) {
	in, err := decode[wire.PresenceRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	switch kontakt.Presence(in.Presence) {
	case kontakt.PresenceHere:
		return a.tabletMove(r, kontakt.MoveHere, "")
	case kontakt.PresenceAway:
		return a.tabletMove(r, kontakt.MoveAway, "")
	default:
		return reply{}, badRequest("presence", nil)
	}
}

func (a *API) answerCall(r *request) (reply, error) { return a.tabletPress(r, kontakt.MoveAnswer) }
func (a *API) notNow(r *request) (reply, error)     { return a.tabletPress(r, kontakt.MoveNotNow) }
func (a *API) wait(r *request) (reply, error)       { return a.tabletPress(r, kontakt.MoveWait) }

func (a *API) end(r *request) (reply, error) {
	in, err := decode[wire.EndRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	return a.tabletMove(r, kontakt.MoveEnd, in.Reason)
}

func (a *API) read(r *request) (reply, error) {
	in, err := decode[wire.ReadRequest](r.body)
	if err != nil {
		return reply{}, err
	}
	messages, err := wire.ToMessageIDs(in)
	if err != nil {
		return reply{}, err
	}
	id, err := kontakt.ParseEntryID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	e, err := a.Queue.Read(r.Context(), id, messages)
	if err != nil {
		return reply{}, err
	}
	return ok(a.tabletEntry(r, e))
}

// tabletPress is a move that needs no words.
func (a *API) tabletPress(r *request, m kontakt.Move) (reply, error) {
	if err := empty(r.body); err != nil {
		return reply{}, err
	}
	return a.tabletMove(r, m, "")
}

func (a *API) tabletMove(r *request, m kontakt.Move, reason string) (reply, error) {
	e, err := a.move(r, m, reason)
	if err != nil {
		return reply{}, err
	}
	return ok(a.tabletEntry(r, e))
}

func (a *API) move(r *request, m kontakt.Move, reason string) (kontakt.Entry, error) {
	id, err := kontakt.ParseEntryID(r.PathValue("id"))
	if err != nil {
		return kontakt.Entry{}, err
	}
	return a.Queue.Move(r.Context(), id, m, reason)
}
