package app

import (
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// stepPlan takes in what is new about the round, whatever is shown.
func stepPlan(s State, e Event) (State, []Effect, bool) {
	switch e := e.(type) {
	case RoundFetched:
		if e.By != s.Employee.ID {
			return s, nil, true
		}
		next, effects := roundFetched(s, e)
		return next, effects, true
	case MissedFetched:
		if e.By == s.Employee.ID {
			s = missedFetched(s, e)
		}
		return s, nil, true
	case NudgeDue:
		s.Plan = s.Plan.remind(e.At)
		return s, s.Plan.timer(e.At), true
	case TapNudge:
		if n := s.Reminds(); n != nil && mayLeave(s) {
			next, effects := goTo(putAside(s), n.Visit)
			return next, effects, true
		}
		return s, nil, true
	case TapNudgeLater:
		if s.Reminds() != nil {
			s.Plan.Nudge = nil
		}
		return s, nil, true
	}
	return s, nil, false
}

// asksPlan gives what to ask for where the round may have changed, or is shown from now on.
func asksPlan(before, after State, e Event) []Effect {
	by := after.Employee.ID
	if by == "" {
		return nil
	}
	was, _ := ofDay(before)
	_, is := ofDay(after)
	switch e := e.(type) {
	case RoundChanged:
		if e.Employee == by {
			return []Effect{FetchRound{by}}
		}
	case UnitChanged:
		return []Effect{FetchMissed{by}}
	case RoomsRefused: // the session may be over
		return []Effect{FetchRound{by}}
	case NetChanged:
		if before.Net.Offline && !after.Net.Offline {
			return []Effect{FetchRound{by}, FetchMissed{by}}
		}
	}
	switch signedIn := before.Employee.ID != by; {
	case signedIn && after.Plan.Known:
		return []Effect{FetchMissed{by}}
	case signedIn, is && !was:
		return []Effect{FetchRound{by}, FetchMissed{by}}
	}
	return nil
}

// ofDay says whether a screen of the day is shown, on which the round is followed as it changes, and whether it is the list.
func ofDay(s State) (shown, list bool) {
	switch s.Screen.(type) {
	case Round:
		return true, true
	case AboutVisit, PlanVisit, MissedVisits, ImportFaults:
		return true, false
	}
	return false, false
}

// ofSession keeps what belongs to a session no longer than the session, and remembers whom it has helped.
func ofSession(before, after State) State {
	if !after.Employee.SignedIn() || before.Employee.SignedIn() && before.Employee.ID != after.Employee.ID {
		after.Plan, after.Recent = Plan{}, nil
		return after
	}
	if asked, ok := before.Screen.(ReadBack); ok {
		switch after.Screen.(type) {
		case Consent, Refused, PlanVisit:
			after.Recent = recent(after.Recent, asked.Citizen)
		}
	}
	return after
}

// keptRecent is how many citizens are remembered.
const keptRecent = 10

func recent(all []Citizen, c Citizen) []Citizen {
	rest := slices.DeleteFunc(slices.Clone(all), func(o Citizen) bool { return o.ID == c.ID })
	all = append([]Citizen{c}, rest...)
	return all[:min(len(all), keptRecent)]
}

// withRound begins a session with its round.
func withRound(s State, r *kontakt.Round, at time.Time) (State, []Effect) {
	if r == nil {
		return s, nil
	}
	s.Plan = s.Plan.taken(*r, at)
	return s, s.Plan.timer(r.Now)
}

func roundFetched(s State, e RoundFetched) (State, []Effect) {
	if e.Failure.Failed() {
		return roundFailed(s, e)
	}
	if len(e.Faults) > 0 {
		if screen, ok := s.Screen.(Round); ok && screen.Importing {
			s.Screen = ImportFaults{e.Faults}
		}
		return s, nil
	}
	var timer []Effect
	if !older(e.Round.Cursor, s.Plan.rooms) {
		s, timer = withRound(s, &e.Round, e.At)
	}
	switch screen := s.Screen.(type) {
	case Round:
		if e.Change {
			s.Screen = Round{}
		}
	case ReadBack:
		if v, there := s.Plan.Visit(screen.Visit); there {
			screen.Citizen = citizenOf(v.Citizen)
			s.Screen = screen
		}
	case AboutVisit:
		if v, there := s.Plan.Visit(screen.ID); !there || !v.State.Open() {
			s = home(s, Sentence{})
		}
	case PlanVisit:
		if e.Change && screen.Busy {
			s.Screen = Round{}
		}
	case MissedVisits:
		if e.Change && screen.Taking != "" {
			s.Screen = Round{}
		}
	}
	return s, timer
}

// older says whether a round was read before the one that is known.
func older(a, known kontakt.Cursor) bool {
	for room, seq := range known {
		if a[room] < seq {
			return true
		}
	}
	return false
}

// roundFailed says why a change was not made, and what was shown of it already is fetched as it is.
func roundFailed(s State, e RoundFetched) (State, []Effect) {
	switch screen := s.Screen.(type) {
	case Round:
		s.Screen = Round{Problem: e.Failure.Say}
	case AboutVisit:
		screen.Problem = e.Failure.Say
		s.Screen = screen
	case PlanVisit:
		if e.Change && screen.Busy {
			screen.Busy, screen.Problem = false, e.Failure.Say
			s.Screen = screen
		}
	case MissedVisits:
		if e.Change && screen.Taking != "" {
			s.Screen = MissedVisits{Problem: e.Failure.Say}
			return s, []Effect{FetchRound{e.By}, FetchMissed{e.By}}
		}
	}
	if e.Change {
		return s, []Effect{FetchRound{e.By}}
	}
	return s, nil
}

func missedFetched(s State, e MissedFetched) State {
	screen, shown := s.Screen.(MissedVisits)
	switch {
	case !e.Failure.Failed():
		s.Plan.Missed = e.Missed
	case shown && screen.Taking == "":
		s.Screen = MissedVisits{Problem: e.Failure.Say}
	}
	return s
}

// goTo goes on with the citizen of a visit as if the number had just been keyed. How the clinic's doors stand was true when
// the round was read: it is read again.
func goTo(s State, id kontakt.VisitID) (State, []Effect) {
	v, there := s.Plan.Visit(id)
	if !there || !v.State.Open() {
		return s, nil
	}
	if p := s.placeOf(v); p != nil {
		return showWaiting(s.without(p.ID), *p), []Effect{FetchPlace{p.ID}}
	}
	s.Screen = ReadBack{Citizen: citizenOf(v.Citizen), Visit: id}
	if n := s.Plan.Nudge; n != nil && n.Visit == id {
		s.Plan.Nudge = nil
	}
	return s, []Effect{FetchRound{s.Employee.ID}}
}

// again goes on with a citizen who was here before.
func again(s State, id kontakt.CitizenID) (State, []Effect) {
	for _, c := range s.Recent {
		if c.ID == id {
			s.Screen = ReadBack{Citizen: c}
			return s, []Effect{FetchClinics{}}
		}
	}
	return s, nil
}

// at gives the citizen with the clinics as they stand now.
func (c Citizen) at(clinics []kontakt.Clinic) Citizen {
	for _, k := range clinics {
		if c.Clinic != nil && c.Clinic.ID == k.ID {
			c.Clinic = &k
		}
		if c.Cover != nil && c.Cover.ID == k.ID {
			c.Cover = &k
		}
	}
	return c
}

// mayLeave says whether what is shown can be left for a visit without losing what is under way.
func mayLeave(s State) bool {
	switch screen := s.Screen.(type) {
	case Round, AboutVisit, MissedVisits, ImportFaults, ReadBack, Consent, Tell, Ended:
		return true
	case FindCitizen:
		return !screen.Busy
	case ChooseClinic:
		return !screen.Busy
	case PlanVisit:
		return !screen.Busy
	case Refused:
		return !screen.Busy
	case Check:
		return !screen.Joining
	case Waiting:
		return !screen.Busy && !screen.Taking
	}
	return false
}

// Silent hours: a reminder then makes no sound.
const (
	silentFrom = 22 // o'clock
	silentTo   = 7
)

// reminded says whether a reminder has just come to be shown that may be heard.
func reminded(before, after State) bool {
	was, is := before.Reminds(), after.Reminds()
	if is == nil || was != nil && *was == *is {
		return false
	}
	hour := is.PlannedAt.Add(nudges[is.When]).In(kontakt.Denmark).Hour()
	return hour >= silentTo && hour < silentFrom
}

func stepAboutVisit(s State, screen AboutVisit, e Event) (State, []Effect) {
	v, there := s.Plan.Visit(screen.ID)
	switch e.(type) {
	case TapBack:
		return home(s, Sentence{}), nil
	case TapVisit:
		return goTo(s, screen.ID)
	case TapVisitUp:
		return moveVisit(s, v, v.Position-1)
	case TapVisitDown:
		return moveVisit(s, v, v.Position+1)
	case TapVisitDone:
		if there {
			return endVisit(s, v, kontakt.VisitDone)
		}
	case TapVisitMissed:
		if there {
			return endVisit(s, v, kontakt.VisitMissed)
		}
	case TapVisitDrop:
		if there {
			return endVisit(s, v, kontakt.VisitDropped)
		}
	}
	return s, nil
}

// moveVisit shows it at once; the backend has it soon.
func moveVisit(s State, v kontakt.RoundVisit, to int) (State, []Effect) {
	if v.Position == 0 || to < 1 || to > s.Plan.open() {
		return s, nil
	}
	s.Plan = s.Plan.moved(v.ID, to)
	s.Screen = AboutVisit{ID: v.ID}
	return s, []Effect{MoveVisit{By: s.Employee.ID, ID: v.ID, To: to}}
}

// endVisit shows it at once. A visit whose citizen waits ends with the place.
func endVisit(s State, v kontakt.RoundVisit, as kontakt.VisitState) (State, []Effect) {
	if p := s.placeOf(v); v.State != kontakt.VisitPlanned || p != nil && p.State.Open() {
		return s, nil
	}
	s.Plan = s.Plan.ended(v.ID, as)
	s.Screen = Round{}
	return s, []Effect{EndVisit{By: s.Employee.ID, ID: v.ID, As: as}}
}

// planStep is how far a tap moves the time of a visit.
const planStep = 15 * time.Minute

func stepPlanVisit(s State, screen PlanVisit, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapBack:
		if !screen.Busy {
			s.Screen = ReadBack{Citizen: screen.Citizen}
		}
		return s, nil
	case TapPlanLater:
		screen.At = planAt(s.Plan.now(e.At), screen.At, planStep)
	case TapPlanEarlier:
		screen.At = planAt(s.Plan.now(e.At), screen.At, -planStep)
	case TapPlanAnytime:
		screen.At = time.Time{}
	case StillTrying:
		if screen.Busy {
			screen.Problem = stillTrying
		}
	case TapAddVisit:
		return addVisit(s, screen, e)
	default:
		return s, nil
	}
	if was := s.Screen.(PlanVisit); !was.Busy || was.At.Equal(screen.At) {
		s.Screen = screen
	}
	return s, nil
}

// planAt moves a time by a step, within the day that a round is of. Without one it begins at the next quarter.
func planAt(now, at time.Time, step time.Duration) time.Time {
	first := now.Truncate(planStep).Add(planStep)
	if at.IsZero() {
		return first
	}
	if at = at.Add(step); at.Before(first) {
		return first
	}
	if last := first.Add(24*time.Hour - 2*planStep); at.After(last) {
		return last
	}
	return at
}

func addVisit(s State, screen PlanVisit, e TapAddVisit) (State, []Effect) {
	if screen.Busy {
		return s, nil
	}
	where, err := kontakt.ParseRoundPlace(e.Where)
	if screen.Problem = FailureOf(err).Say; err != nil {
		s.Screen = screen
		return s, nil
	}
	screen.Busy = true
	s.Screen = screen
	plan := kontakt.VisitPlan{Citizen: screen.Citizen.ID, Place: where, PlannedAt: screen.At}
	return s, []Effect{AddVisit{By: s.Employee.ID, Plan: plan}, saySoon}
}

func stepMissedVisits(s State, screen MissedVisits, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapBack:
		s.Screen = Round{}
	case TapTakeVisit:
		there := slices.ContainsFunc(s.Plan.Missed, func(v kontakt.RoundVisit) bool { return v.ID == e.ID })
		if screen.Taking != "" || !there {
			return s, nil
		}
		s.Screen = MissedVisits{Taking: e.ID}
		return s, []Effect{TakeVisit{By: s.Employee.ID, ID: e.ID}, saySoon}
	case StillTrying:
		if screen.Taking != "" {
			screen.Problem = stillTrying
			s.Screen = screen
		}
	}
	return s, nil
}

func stepImportFaults(s State, e Event) State {
	if e == (TapBack{}) {
		s.Screen = Round{}
	}
	return s
}
