package httpapi

import (
	"net/http"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) round(r *request) (reply, error) {
	return a.roundOf(a.Rounds.Round(r.Context()))
}

// roundOf answers with a round, as each change of one does.
func (a *API) roundOf(round kontakt.Round, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromRound(round))
}

func (a *API) addVisit(r *request, in wire.VisitRequest) (reply, error) {
	p, err := wire.ToVisitPlan(in)
	if err != nil {
		return reply{}, err
	}
	round, err := a.Rounds.Add(r.Context(), p)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, wire.FromRound(round))
}

func (a *API) moveVisit(r *request, in wire.VisitMoveRequest) (reply, error) {
	id, err := kontakt.ParseVisitID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return a.roundOf(a.Rounds.Move(r.Context(), id, in.To))
}

func (a *API) visitDone(r *request) (reply, error)   { return a.endVisit(r, kontakt.VisitDone) }
func (a *API) visitMissed(r *request) (reply, error) { return a.endVisit(r, kontakt.VisitMissed) }
func (a *API) dropVisit(r *request) (reply, error)   { return a.endVisit(r, kontakt.VisitDropped) }

func (a *API) endVisit(r *request, as kontakt.VisitState) (reply, error) {
	id, err := kontakt.ParseVisitID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return a.roundOf(a.Rounds.End(r.Context(), id, as))
}

// importRound costs as many look-ups as the list has rows. It is done once by what it does itself: no transaction is open
// while a register is asked.
func (a *API) importRound(r *request, in wire.RoundImportRequest) (reply, error) {
	rows, faults, err := a.Rounds.ReadList(r.Context(), in.List)
	if err != nil {
		return reply{}, err
	}
	if len(faults) > 0 {
		return ok(wire.RoundImportReply{Faults: wire.FromRowFaults(faults)})
	}
	if err := a.paceN(perLookup, actorKey(r.actor()), len(rows)); err != nil {
		return reply{}, err
	}
	round, faults, err := a.Rounds.Import(r.Context(), rows)
	if err != nil {
		return reply{}, err
	}
	if len(faults) > 0 {
		return ok(wire.RoundImportReply{Faults: wire.FromRowFaults(faults)})
	}
	out := wire.FromRound(round)
	return ok(wire.RoundImportReply{Round: &out})
}

func (a *API) missedVisits(r *request) (reply, error) {
	all, err := a.Rounds.Missed(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(wire.MissedVisits{Visits: wire.FromRoundVisits(all, a.now())})
}

func (a *API) takeVisit(r *request) (reply, error) {
	id, err := kontakt.ParseVisitID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return a.roundOf(a.Rounds.Take(r.Context(), id))
}

func (a *API) handOver(r *request) (reply, error) {
	h, code, err := a.Handovers.HandOver(r.Context())
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, wire.HandoverReply{Handover: wire.FromHandover(h, a.now()), Code: code})
}

func (a *API) handover(r *request) (reply, error) {
	id, err := kontakt.ParseHandoverID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	h, err := a.Handovers.Handover(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromHandover(h, a.now()))
}

func (a *API) withdrawHandover(r *request) (reply, error) {
	id, err := kontakt.ParseHandoverID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	if err := a.Handovers.Withdraw(r.Context(), id); err != nil {
		return reply{}, err
	}
	return done()
}

func (a *API) acceptHandover(r *request, in wire.AcceptRequest) (reply, error) {
	got, err := a.Handovers.Accept(r.Context(), in.Code)
	if err != nil {
		return reply{}, err
	}
	out := wire.AcceptReply{
		Handover: wire.FromHandover(got.Handover, a.now()), Entries: make([]wire.Entry, 0, len(got.Places)), Later: got.Later,
		Round: wire.FromRound(got.Round),
	}
	for _, e := range got.Places {
		out.Entries = append(out.Entries, a.tabletEntry(r, e))
	}
	return ok(out)
}
