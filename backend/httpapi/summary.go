package httpapi

import (
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) summaries(r *request) (reply, error) {
	all, err := a.Summaries.Summaries(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromSummaries(all, kontakt.DateOf(a.now())))
}

func (a *API) summary(r *request) (reply, error) {
	id, err := kontakt.ParseSummaryID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	s, err := a.Summaries.Summary(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromSummary(s, kontakt.DateOf(a.now())))
}

func (a *API) writeSummary(r *request, in wire.NoteRequest) (reply, error) {
	id, err := kontakt.ParseSummaryID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	note, err := wire.ToNote(in)
	if err != nil {
		return reply{}, err
	}
	version, err := a.Summaries.WriteSummary(r.Context(), id, in.Version, note)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.NoteReply{Version: version})
}

func (a *API) summaryDone(r *request) (reply, error) {
	id, err := kontakt.ParseSummaryID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	if err := a.Summaries.SummaryDone(r.Context(), id); err != nil {
		return reply{}, err
	}
	return done()
}
