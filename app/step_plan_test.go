package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	karensVisit kontakt.VisitID = "bsg_k"
	olesVisit   kontakt.VisitID = "bsg_o"
	missedVisit kontakt.VisitID = "bsg_m"
)

// visitOf gives a visit that is planned some minutes after t0; 0: without a time.
func visitOf(id kontakt.VisitID, c kontakt.Citizen, where string, minutes int) kontakt.RoundVisit {
	v := kontakt.RoundVisit{ID: id, State: kontakt.VisitPlanned, Citizen: c, Place: where, Nurse: sanne}
	if minutes != 0 {
		v.PlannedAt = t0.Add(time.Duration(minutes) * time.Minute)
	}
	return v
}

// roundOf gives a round as the backend tells it at t0.
func roundOf(seq kontakt.Seq, visits ...kontakt.RoundVisit) kontakt.Round {
	for i := range visits {
		if visits[i].State.Open() {
			visits[i].Position = i + 1
		}
	}
	return kontakt.Round{Visits: visits, Now: t0, Cursor: kontakt.Cursor{kontakt.RoundRoom(sanne.ID): seq}}
}

// todays gives Karen's and Ole's visits, and one that is done.
func todays() kontakt.Round {
	done := visitOf("bsg_d", kontakt.Citizen{ID: "bor_d", Name: "Inger Friis"}, "stue 2", -60)
	done.State = kontakt.VisitDone
	return roundOf(3, visitOf(karensVisit, karen, "stue 4", 5), visitOf(olesVisit, ole, "stue 7", 0), done)
}

// fetched is the answer that the round stands like this, as it comes to Sanne's tablet at t0.
func fetched(r kontakt.Round) RoundFetched { return RoundFetched{By: sanne.ID, Round: r, At: t0} }

// planned gives a state with a round.
func planned(s State, r kontakt.Round) State {
	s.Plan = s.Plan.taken(r, t0)
	return s
}

// planSituations are those of the nurse's day.
func planSituations() map[string]State {
	missed := planned(on(MissedVisits{}), todays())
	missed.Plan.Missed = []kontakt.RoundVisit{visitOf(missedVisit, kontakt.Citizen{ID: "bor_m", Name: "Aase Nørgaard"}, "stue 9", -40)}
	taking := missed
	taking.Screen = MissedVisits{Taking: missedVisit}
	reminded := planned(on(Waiting{Place: shown(kontakt.EntryWaiting)}), todays())
	reminded.Plan.Nudge = &Nudge{Visit: olesVisit, When: NudgeNow, Place: "stue 7", PlannedAt: t0}
	inACall := reminded
	talk := InCall{Place: shown(kontakt.EntryInCall), Controls: firstControls}
	inACall.Screen = talk.in(talk.Place)
	recent := planned(on(FindCitizen{}), todays())
	recent.Recent = []Citizen{citizenOf(karen)}
	return map[string]State{
		"Round(planned)":         planned(on(Round{}), todays()),
		"Round(both)":            planned(besides(on(Round{})), todays()),
		"Round(importing)":       on(Round{Importing: true}),
		"AboutVisit":             planned(on(AboutVisit{ID: karensVisit}), todays()),
		"AboutVisit(waits)":      planned(besides(on(AboutVisit{ID: karensVisit})), todays()),
		"PlanVisit":              on(PlanVisit{Citizen: citizenOf(ole)}),
		"PlanVisit(at)":          on(PlanVisit{Citizen: citizenOf(ole), At: t0.Add(time.Hour)}),
		"PlanVisit(busy)":        on(PlanVisit{Citizen: citizenOf(ole), Busy: true}),
		"MissedVisits":           missed,
		"MissedVisits(taking)":   taking,
		"ImportFaults":           on(ImportFaults{[]kontakt.RowFault{{Line: 3, Msg: kontakt.MsgRowTime}}}),
		"ReadBack(visit)":        planned(on(ReadBack{Citizen: citizenOf(karen), Visit: karensVisit}), todays()),
		"FindCitizen(recent)":    recent,
		"Waiting(reminded)":      reminded,
		"InCall(reminded)":       inACall,
		"Ended(planned)":         planned(on(Ended{Summary: summaryOf(shown(kontakt.EntryInCall)), place: placeID}), todays()),
		"Check(joining,planned)": planned(on(Check{Citizen: citizenOf(ole), Clinic: cover, Joining: true, key: "key-1"}), todays()),
	}
}

// planHappenings are the events of the nurse's day.
func planHappenings() map[string]Event {
	change := fetched(todays())
	change.Change = true
	later := todays()
	later.Visits[0].State, later.Visits[0].Entry = kontakt.VisitUnderWay, placeID
	later.Cursor = kontakt.Cursor{kontakt.RoundRoom(sanne.ID): 4}
	older := todays()
	older.Cursor = kontakt.Cursor{kontakt.RoundRoom(sanne.ID): 2}
	another := fetched(todays())
	another.By = "med_z"
	round := todays()
	return map[string]Event{
		"Started(planned)":       Started{Device: kontakt.Device{ID: device}, Rooms: kontakt.Cursor{kontakt.DeviceRoom(device): 5}, Employee: sanne, Round: &round, At: t0},
		"SignedInAs(planned)":    SignedInAs{Employee: sanne, Round: &round, At: t0},
		"RoundFetched":           fetched(todays()),
		"RoundFetched(later)":    fetched(later),
		"RoundFetched(older)":    fetched(older),
		"RoundFetched(change)":   change,
		"RoundFetched(empty)":    fetched(roundOf(9)),
		"RoundFetched(another)":  another,
		"RoundFetched(failed)":   RoundFetched{By: sanne.ID, Failure: failed},
		"RoundFetched(refused)":  RoundFetched{By: sanne.ID, Change: true, Failure: failed},
		"RoundFetched(faults)":   RoundFetched{By: sanne.ID, Change: true, Faults: []kontakt.RowFault{{Line: 3, Msg: kontakt.MsgRowTime}}},
		"MissedFetched":          MissedFetched{By: sanne.ID, Missed: []kontakt.RoundVisit{visitOf(missedVisit, ole, "stue 9", -40)}},
		"MissedFetched(another)": MissedFetched{By: "med_z"},
		"MissedFetched(failed)":  MissedFetched{By: sanne.ID, Failure: failed},
		"RoundChanged":           RoundChanged{sanne.ID},
		"RoundChanged(another)":  RoundChanged{"med_z"},
		"UnitChanged":            UnitChanged{},
		"NudgeDue":               NudgeDue{t0.Add(5 * time.Minute)},
		"TapGo":                  TapGo{Visit: karensVisit},
		"TapGo(place)":           TapGo{Visit: karensVisit, Place: placeID},
		"TapVisit":               TapVisit{karensVisit},
		"TapVisit(another)":      TapVisit{"bsg_z"},
		"TapVisitMore":           TapVisitMore{karensVisit},
		"TapVisitMore(done)":     TapVisitMore{"bsg_d"},
		"TapVisitUp":             TapVisitUp{},
		"TapVisitDown":           TapVisitDown{},
		"TapVisitDone":           TapVisitDone{},
		"TapVisitMissed":         TapVisitMissed{},
		"TapVisitDrop":           TapVisitDrop{},
		"TapPlanVisit":           TapPlanVisit{},
		"TapPlanLater":           TapPlanLater{t0},
		"TapPlanEarlier":         TapPlanEarlier{t0},
		"TapPlanAnytime":         TapPlanAnytime{},
		"TapAddVisit":            TapAddVisit{"stue 7"},
		"TapAddVisit(number)":    TapAddVisit{"290200-4100"},
		"TapImport":              TapImport{[]byte("cpr;tid;sted\n")},
		"TapImportUnread":        TapImportUnread{},
		"TapMissed":              TapMissed{},
		"TapTakeVisit":           TapTakeVisit{missedVisit},
		"TapTakeVisit(another)":  TapTakeVisit{"bsg_z"},
		"TapNudge":               TapNudge{},
		"TapNudgeLater":          TapNudgeLater{},
		"TapRecent":              TapRecent{karen.ID},
		"TapRecent(another)":     TapRecent{"bor_z"},
	}
}
