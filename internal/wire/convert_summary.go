package wire

import "kontaktlaege/internal/kontakt"

// FromSummary is one as the nurse sees it.
func FromSummary(s kontakt.Summary, today kontakt.Date) Summary {
	w := Summary{
		ID: string(s.ID), Version: s.Version, Entry: string(s.Entry), URL: s.URL, ExpiresAt: s.ExpiresAt.UTC(),
		Citizen: FromCitizen(s.Citizen, today), Clinician: Speaker{s.Clinician, s.ClinicianTitle}, Clinic: s.Clinic,
		Helper: Speaker{s.Helper, s.HelperTitle}, Municipality: s.Municipality, Others: make([]string, 0, len(s.Others)), Orders: make([]Ordered, 0, len(s.Orders)), Mode: string(s.Mode),
		From: s.From.UTC(), To: s.To.UTC(), EndedBy: s.EndedBy, EndReason: s.EndReason,
		WithdrawnAt: moment(s.Withdrawn), Code: s.Code,
		Agreed: s.Agreed, FollowUp: s.FollowUp, FollowUpAt: moment(s.FollowUpAt), Went: string(s.Went),
	}
	if s.Consent != (kontakt.Consent{}) {
		w.Consent = &Consent{Kind: string(s.Consent.Kind), Reason: s.Consent.Reason}
	}
	w.Tools = append([]string{}, s.Tools...)
	for _, kind := range s.Others {
		w.Others = append(w.Others, string(kind))
	}
	for _, o := range s.Orders {
		w.Orders = append(w.Orders, Ordered{FromOrderText(o.OrderText), moment(o.ConfirmedAt)})
	}
	return w
}

// ToSummary is its reverse.
func ToSummary(w Summary) (kontakt.Summary, error) {
	id, err := kontakt.ParseSummaryID(w.ID)
	if err != nil {
		return kontakt.Summary{}, err
	}
	entry, err := kontakt.ParseEntryID(w.Entry)
	if err != nil {
		return kontakt.Summary{}, err
	}
	citizen, err := ToCitizen(w.Citizen)
	if err != nil {
		return kontakt.Summary{}, err
	}
	note, err := ToNote(NoteRequest{Version: w.Version, Agreed: w.Agreed, FollowUp: w.FollowUp, FollowUpAt: w.FollowUpAt, Went: w.Went})
	if err != nil {
		return kontakt.Summary{}, err
	}
	s := kontakt.Summary{
		Withdrawn: fromMoment(w.WithdrawnAt), Code: w.Code, ID: id, Version: w.Version, Entry: entry, Citizen: citizen, URL: w.URL, ExpiresAt: w.ExpiresAt, Note: note,
		Conversation: kontakt.Conversation{
			Clinician: w.Clinician.Name, ClinicianTitle: w.Clinician.Title, Clinic: w.Clinic, Helper: w.Helper.Name, HelperTitle: w.Helper.Title,
			Municipality: w.Municipality, Mode: kontakt.Mode(w.Mode), From: w.From, To: w.To, EndedBy: w.EndedBy, EndReason: w.EndReason,
		},
	}
	if w.Consent != nil {
		if s.Consent, err = kontakt.ParseConsent(kontakt.Consent{Kind: kontakt.ConsentKind(w.Consent.Kind), Reason: w.Consent.Reason}); err != nil {
			return kontakt.Summary{}, err
		}
	}
	s.Tools = append(s.Tools, w.Tools...)
	for _, kind := range w.Others {
		s.Others = append(s.Others, kontakt.GuestKind(kind))
	}
	for _, o := range w.Orders {
		s.Orders = append(s.Orders, kontakt.Ordered{OrderText: orderText(o.Text), ConfirmedAt: fromMoment(o.ConfirmedAt)})
	}
	return s, nil
}

// FromSummaries are several, with who talked with whom alone: a list is read over shoulders.
func FromSummaries(all []kontakt.Summary, today kontakt.Date) Summaries {
	w := Summaries{Summaries: make([]Summary, 0, len(all))}
	for _, s := range all {
		line := kontakt.Summary{
			ID: s.ID, Version: s.Version, Entry: s.Entry, Citizen: s.Citizen, URL: s.URL, ExpiresAt: s.ExpiresAt, Conversation: s.Conversation,
		}
		w.Summaries = append(w.Summaries, FromSummary(line, today))
	}
	return w
}

// ToSummaries is its reverse.
func ToSummaries(w Summaries) ([]kontakt.Summary, error) {
	all := make([]kontakt.Summary, 0, len(w.Summaries))
	for _, one := range w.Summaries {
		s, err := ToSummary(one)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// FromNote is what the nurse sends.
func FromNote(version int, n kontakt.Note) NoteRequest {
	return NoteRequest{Version: version, Agreed: n.Agreed, FollowUp: n.FollowUp, FollowUpAt: moment(n.FollowUpAt), Went: string(n.Went)}
}

// ToNote checks lengths, letters and words.
func ToNote(w NoteRequest) (kontakt.Note, error) {
	n := kontakt.Note{Agreed: w.Agreed, FollowUp: w.FollowUp, FollowUpAt: fromMoment(w.FollowUpAt), Went: kontakt.Went(w.Went)}
	n, ok := n.Trimmed()
	if !ok || w.Version < 1 {
		return kontakt.Note{}, invalid("ToNote", nil)
	}
	return n, nil
}
