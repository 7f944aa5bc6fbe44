package drill

import (
	"context"
	"slices"

	"kontaktlaege/internal/kontakt"
)

// after is what a drill keeps of its places once they have ended, for as long as the drill lasts: the record, and the
// summary of a conversation, which the nurse writes as she would a real one. No code opens it at a PC.
type after struct {
	lines   map[kontakt.EntryID][]kontakt.RecordLine
	talks   []*kontakt.Summary // the newest last
	dropped map[kontakt.SummaryID]bool
}

func newAfter() after {
	return after{lines: map[kontakt.EntryID][]kontakt.RecordLine{}, dropped: map[kontakt.SummaryID]bool{}}
}

// drillCode is the check code of every drill's record: it says itself that it is none.
const drillCode = "ØVEL-SE"

// note adds a line to the record of a place. h.mu is held.
func (h *house) note(id kontakt.EntryID, line kontakt.RecordLine) {
	line.N, line.At, line.By = len(h.after.lines[id])+1, h.now(), kontakt.ParticipantTablet
	h.after.lines[id] = append(h.after.lines[id], line)
}

// joined begins the record of a place. h.mu is held.
func (h *house) joined(id kontakt.EntryID, j kontakt.Join) {
	h.note(id, kontakt.RecordLine{What: kontakt.RecordConsent, Detail: string(j.Consent.Kind), Words: j.Consent.Reason})
	h.note(id, kontakt.RecordLine{What: kontakt.RecordIn, Who: kontakt.RoleInNurse})
	h.note(id, kontakt.RecordLine{What: kontakt.RecordIn, Who: kontakt.RoleInCitizen})
}

// answered begins a conversation. h.mu is held.
func (h *house) answered(e *kontakt.Entry) {
	h.note(e.ID, kontakt.RecordLine{What: kontakt.RecordCall, Who: kontakt.RoleInClinician, Name: e.Call.Clinician.Name})
	s := &kontakt.Summary{ID: kontakt.SummaryID("res_" + string(e.ID)), Version: 1, Entry: e.ID, Citizen: e.Citizen, Code: drillCode}
	s.Conversation = kontakt.Conversation{
		Clinician: e.Call.Clinician.Name, ClinicianTitle: e.Call.Clinician.Title, Clinic: e.Clinic.Name, Helper: e.Helper.Name, Mode: e.Mode, From: h.now(),
	}
	if given := h.after.lines[e.ID][0]; given.What == kontakt.RecordConsent {
		s.Consent = kontakt.Consent{Kind: kontakt.ConsentKind(given.Detail), Reason: given.Words}
	}
	h.after.talks = append(h.after.talks, s)
}

// ended ends what was begun. h.mu is held.
func (h *house) ended(e *kontakt.Entry) {
	if e.EndReason == kontakt.ReasonWithdrawn {
		h.note(e.ID, kontakt.RecordLine{What: kontakt.RecordWithdrawn})
	}
	h.note(e.ID, kontakt.RecordLine{What: kontakt.RecordEnd, Detail: e.EndReason})
	for _, s := range h.after.talks {
		if s.Entry == e.ID && s.To.IsZero() {
			s.To, s.EndedBy, s.EndReason = h.now(), e.EndedBy, e.EndReason
			if e.EndReason == kontakt.ReasonWithdrawn {
				s.Withdrawn = h.now()
			}
		}
	}
}

// Summaries and its siblings are app.Summaries.
func (h *house) Summaries(context.Context) ([]kontakt.Summary, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []kontakt.Summary
	for _, s := range slices.Backward(h.after.talks) {
		if !s.To.IsZero() && !h.after.dropped[s.ID] {
			one := *s
			one.Note = kontakt.Note{}
			all = append(all, one)
		}
	}
	return all, nil
}

// talked does something with one that is not deleted.
func (h *house) talked(id kontakt.SummaryID, do func(*kontakt.Summary)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.after.talks {
		if s.ID == id && !h.after.dropped[id] {
			do(s)
			return nil
		}
	}
	return &kontakt.Error{Op: "drill.Summary", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
}

// Summary gives one.
func (h *house) Summary(_ context.Context, id kontakt.SummaryID) (one kontakt.Summary, err error) {
	err = h.talked(id, func(s *kontakt.Summary) {
		one = *s
		for _, line := range h.after.lines[s.Entry] {
			if line.What == kontakt.RecordTool {
				one.Tools = append(one.Tools, line.Detail)
			}
		}
		for _, o := range h.orders[s.Entry] {
			if o.State == kontakt.OrderConfirmed || o.State.Unconfirmed() {
				one.Orders = append(one.Orders, kontakt.Ordered{OrderText: o.OrderText, ConfirmedAt: o.ConfirmedAt})
			}
		}
	})
	return one, err
}

// WriteSummary keeps the note. There is no PC that could have been first.
func (h *house) WriteSummary(_ context.Context, id kontakt.SummaryID, version int, n kontakt.Note, _ string) (int, error) {
	err := h.talked(id, func(s *kontakt.Summary) { s.Version, s.Note = version+1, n })
	return version + 1, err
}

// SummaryDone deletes one.
func (h *house) SummaryDone(_ context.Context, id kontakt.SummaryID, _ string) error {
	return h.talked(id, func(*kontakt.Summary) { h.after.dropped[id] = true })
}

// Record is app.Records, with AddToRecord.
func (h *house) Record(_ context.Context, id kontakt.EntryID) (kontakt.Record, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return kontakt.Record{Lines: slices.Clone(h.after.lines[id]), Code: drillCode}, nil
}

// AddToRecord adds a line.
func (h *house) AddToRecord(ctx context.Context, id kontakt.EntryID, line kontakt.Addition, _ string) (kontakt.Record, error) {
	h.mu.Lock()
	h.note(id, kontakt.RecordLine{What: line.What, Who: line.Who, Detail: line.Detail, Words: line.Words, Corrects: line.Corrects})
	h.mu.Unlock()
	return h.Record(ctx, id)
}
