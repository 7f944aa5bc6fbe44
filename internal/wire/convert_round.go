package wire

import (
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

var visitStates = []kontakt.VisitState{
	kontakt.VisitPlanned, kontakt.VisitUnderWay, kontakt.VisitDone, kontakt.VisitMissed, kontakt.VisitDropped,
}

// FromRound is a round as its nurse sees it; the citizens' ages are of the day of its Now.
func FromRound(r kontakt.Round) Round {
	return Round{Visits: FromRoundVisits(r.Visits, r.Now), Cursor: r.Cursor.String(), Now: r.Now.UTC()}
}

// ToRound is its reverse.
func ToRound(w Round) (kontakt.Round, error) {
	at, err := kontakt.ParseCursor(w.Cursor)
	if err != nil {
		return kontakt.Round{}, err
	}
	visits, err := ToRoundVisits(w.Visits)
	if err != nil {
		return kontakt.Round{}, err
	}
	return kontakt.Round{Visits: visits, Cursor: at, Now: w.Now}, nil
}

// FromRoundVisits are those of a round or of a unit's list.
func FromRoundVisits(all []kontakt.RoundVisit, now time.Time) []RoundVisit {
	w := make([]RoundVisit, 0, len(all))
	for _, v := range all {
		one := RoundVisit{
			ID: string(v.ID), Position: v.Position, State: string(v.State), Citizen: FromCitizen(v.Citizen, kontakt.DateOf(now)),
			Place: v.Place, PlannedAt: moment(v.PlannedAt), Entry: string(v.Entry),
		}
		if v.Nurse.ID != "" {
			one.Nurse = fromPerson(&v.Nurse)
		}
		w = append(w, one)
	}
	return w
}

// ToRoundVisits is its reverse.
func ToRoundVisits(w []RoundVisit) ([]kontakt.RoundVisit, error) {
	all := make([]kontakt.RoundVisit, 0, len(w))
	for _, one := range w {
		v, err := toRoundVisit(one)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func toRoundVisit(w RoundVisit) (kontakt.RoundVisit, error) {
	v := kontakt.RoundVisit{Position: w.Position, State: kontakt.VisitState(w.State), Place: w.Place, PlannedAt: fromMoment(w.PlannedAt)}
	var err error
	if v.ID, err = kontakt.ParseVisitID(w.ID); err != nil {
		return kontakt.RoundVisit{}, err
	}
	if v.Citizen, err = ToCitizen(w.Citizen); err != nil {
		return kontakt.RoundVisit{}, err
	}
	if w.Entry != "" {
		if v.Entry, err = kontakt.ParseEntryID(w.Entry); err != nil {
			return kontakt.RoundVisit{}, err
		}
	}
	if w.Nurse != nil {
		if v.Nurse, err = ToPerson(*w.Nurse); err != nil {
			return kontakt.RoundVisit{}, err
		}
	}
	if w.Position < 0 || !slices.Contains(visitStates, v.State) {
		return kontakt.RoundVisit{}, invalid("ToRoundVisit", nil)
	}
	return v, nil
}

// FromVisitPlan is what the tablet sends.
func FromVisitPlan(p kontakt.VisitPlan) VisitRequest {
	return VisitRequest{Citizen: string(p.Citizen), Place: p.Place, PlannedAt: moment(p.PlannedAt)}
}

// ToVisitPlan makes one plain line of the place, and refuses a CPR number there.
func ToVisitPlan(w VisitRequest) (kontakt.VisitPlan, error) {
	citizen, err := kontakt.ParseCitizenID(w.Citizen)
	if err != nil {
		return kontakt.VisitPlan{}, err
	}
	place, err := kontakt.ParseRoundPlace(w.Place)
	if err != nil {
		return kontakt.VisitPlan{}, err
	}
	return kontakt.VisitPlan{Citizen: citizen, Place: place, PlannedAt: fromMoment(w.PlannedAt)}, nil
}

// FromRowFaults are what is wrong with a list.
func FromRowFaults(all []kontakt.RowFault) []RowFault {
	var w []RowFault
	for _, f := range all {
		w = append(w, RowFault{Line: f.Line, Msg: string(f.Msg), Params: f.Params})
	}
	return w
}

// ToRowFaults is its reverse.
func ToRowFaults(w []RowFault) []kontakt.RowFault {
	var all []kontakt.RowFault
	for _, f := range w {
		all = append(all, kontakt.RowFault{Line: f.Line, Msg: kontakt.MsgKey(f.Msg), Params: f.Params})
	}
	return all
}

// FromHandover tells how long the offer stands still.
func FromHandover(h kontakt.Handover, now time.Time) Handover {
	return Handover{
		ID: string(h.ID), From: FromPerson(h.From), ExpiresIn: Seconds(h.ExpiresAt.Sub(now)), AcceptedAt: moment(h.AcceptedAt),
		AcceptedBy: fromPerson(h.AcceptedBy),
	}
}

// ToHandover is its reverse, by the reader's own clock.
func ToHandover(w Handover, received time.Time) (kontakt.Handover, error) {
	id, err := kontakt.ParseHandoverID(w.ID)
	if err != nil {
		return kontakt.Handover{}, err
	}
	from, err := ToPerson(w.From)
	if err != nil {
		return kontakt.Handover{}, err
	}
	by, err := toPerson(w.AcceptedBy)
	if err != nil {
		return kontakt.Handover{}, err
	}
	return kontakt.Handover{
		ID: id, From: from, ExpiresAt: received.Add(time.Duration(w.ExpiresIn) * time.Second), AcceptedAt: fromMoment(w.AcceptedAt), AcceptedBy: by,
	}, nil
}

// ToAccepted is what a hand-over has brought to a tablet.
func ToAccepted(w AcceptReply, received time.Time) (kontakt.Accepted, error) {
	h, err := ToHandover(w.Handover, received)
	if err != nil {
		return kontakt.Accepted{}, err
	}
	round, err := ToRound(w.Round)
	if err != nil {
		return kontakt.Accepted{}, err
	}
	got := kontakt.Accepted{Handover: h, Later: w.Later, Round: round}
	for _, one := range w.Entries {
		e, err := ToEntry(one, received)
		if err != nil {
			return kontakt.Accepted{}, err
		}
		got.Places = append(got.Places, e)
	}
	return got, nil
}
