package app

import (
	"slices"

	"kontaktlaege/internal/kontakt"
)

// Step says what follows from an event. It is pure: the same state and event always give the same state and effects.
func Step(s State, e Event) (State, []Effect) {
	if next, done := stepOver(s, e); done && !s.Lock.shown() {
		return next, nil
	}
	next, effects := step(s, e)
	next = uncovered(s, next)
	next, idle := settleLock(s, next)
	effects = append(effects, idle...)
	next = ofSession(s, next)
	effects = append(effects, asksAside(s, next, e)...)
	effects = append(effects, asksPlan(s, next, e)...)
	effects = append(effects, consequences(s, next)...)
	effects = append(effects, withdraws(s, next)...)
	effects = append(effects, readAloud(s, next)...)
	next, tools := noteTools(s, next)
	effects = append(effects, tools...)
	next, aloud := sayLate(s, next, e)
	return next, append(effects, aloud...)
}

func step(s State, e Event) (State, []Effect) {
	s, effects, done := stepLock(s, e)
	if done {
		return s, effects
	}
	s = s.answered112(e)
	switch e := e.(type) {
	case TapSettings:
		s.Settings = e.Settings.valid()
		return s, []Effect{SaveSettings{s.Settings}}
	case NetChanged:
		return netChanged(s, e)
	case SessionEnded:
		return sessionEnded(s, Sentence{Key: kontakt.MsgSessionEnded})
	case DeviceRefused:
		return deviceRefused(s, e.Why)
	}
	if s.removed != nil {
		if next, effects, done := stepRemoved(s, e); done {
			return next, effects
		}
	}
	if s.Correcting != nil {
		if next, effects, done := stepCorrecting(s, e); done {
			return next, effects
		}
	}
	if f := failureIn(e); f.Say.Key == kontakt.MsgDeviceRevoked || f.Say.Key == kontakt.MsgEnrolUnknown {
		return deviceRefused(s, f.Say)
	} else if f.Kind == kontakt.Unauthenticated && s.Employee.SignedIn() {
		return sessionEnded(s, f.Say)
	}
	if next, effects, done := stepEmergency(s, e); done {
		return next, effects
	}
	if next, effects, done := stepHanded(s, e); done {
		return next, effects
	}
	if next, effects, done := stepAside(s, e); done {
		return next, effects
	}
	if next, effects, done := stepSummaries(s, e); done {
		return next, effects
	}
	if next, effects, done := stepPlan(s, e); done {
		return next, effects
	}
	switch screen := s.Screen.(type) {
	case Starting:
		return stepStarting(s, screen, e)
	case Enrol:
		return stepEnrol(s, screen, e)
	case SignedOut:
		return stepSignedOut(s, screen, e)
	case SigningIn:
		return stepSigningIn(s, screen, e)
	case Round:
		return stepRound(s, screen, e)
	case AboutVisit:
		return stepAboutVisit(s, screen, e)
	case PlanVisit:
		return stepPlanVisit(s, screen, e)
	case MissedVisits:
		return stepMissedVisits(s, screen, e)
	case ImportFaults:
		return stepImportFaults(s, e), nil
	case FindCitizen:
		return stepFindCitizen(s, screen, e)
	case ChooseClinic:
		return stepChooseClinic(s, screen, e)
	case ReadBack:
		return stepReadBack(s, screen, e)
	case Consent:
		return stepConsent(s, screen, e)
	case Refused:
		return stepRefused(s, screen, e)
	case Check:
		return stepCheck(s, screen, e)
	case Waiting:
		return stepWaiting(s, screen, e)
	case Tell:
		return stepTell(s, screen, e)
	case Called:
		return stepCalled(s, screen, e)
	case InCall:
		return stepInCall(s, screen, e)
	case Ended:
		return stepEnded(s, screen, e)
	case Mistaken:
		return stepMistaken(s, screen, e)
	case Scan:
		return stepScan(s, screen, e)
	case HandOver:
		return stepHandOver(s, screen, e)
	case Journal:
		return stepJournal(s, screen, e)
	}
	return s, nil
}

// failureIn gives the failure that an answer carries. An answer that was asked for without a session tells nothing
// about one: Started and SignedInAs are not here.
func failureIn(e Event) Failure {
	switch e := e.(type) {
	case CitizenFound:
		return e.Failure
	case ClinicsFetched:
		return e.Failure
	case CardFetched:
		return e.Failure
	case CardSaved:
		return e.Failure
	case Joined:
		return e.Failure
	case PlaceFetched:
		return e.Failure
	case HeldFetched:
		return e.Failure
	case Moved:
		return e.Failure
	case Invited:
		return e.Failure
	case GuestsFetched:
		return e.Failure
	case GuestRemoved:
		return e.Failure
	case ModeSet:
		return e.Failure
	case OrdersFetched:
		return e.Failure
	case Offered:
		return e.Failure
	case OfferAccepted:
		return e.Failure
	case OfferFetched:
		return e.Failure
	case HandedFetched:
		return e.Failure
	case OrderDone:
		return e.Failure
	case SummaryFetched:
		return e.Failure
	case SummariesFetched:
		return e.Failure
	case NoteSaved:
		return e.Failure
	case SummaryDropped:
		return e.Failure
	case RecordFetched:
		return e.Failure
	case RoundFetched:
		return e.Failure
	case MissedFetched:
		return e.Failure
	}
	return Failure{}
}

// netChanged: what was missed comes by the stream's cursor; the place is asked for as well, since a clinic may have
// moved in between.
func netChanged(s State, e NetChanged) (State, []Effect) {
	if s.Net.Offline == e.Offline {
		return s, nil
	}
	s.Net = Net{Offline: e.Offline, Since: e.Since}
	var fetch []Effect
	for _, p := range []*Place{s.place(), s.removed} {
		if p != nil && !e.Offline {
			fetch = append(fetch, FetchPlace{p.ID})
		}
	}
	for _, p := range s.Aside {
		if p.State.Open() && !e.Offline {
			fetch = append(fetch, FetchPlace{p.ID})
		}
	}
	if talks(s) != "" && !e.Offline {
		fetch = append(fetch, FetchGuests{s.place().ID}, FetchOrders{s.place().ID})
	}
	return s, fetch
}

// sessionEnded leaves the places where they are. A ring goes on, and so does a call: it ends with those who talk.
func sessionEnded(s State, why Sentence) (State, []Effect) {
	if !s.Employee.SignedIn() {
		return s, nil
	}
	held := heldBy(s.place())
	s.Employee, s.Correcting, s.Today = Employee{}, nil, 0
	s = s.signedOutAside().unnamed112()
	s.Corner = TopRight
	s.later = slices.Clone(s.later)
	for i := range s.later {
		s.later[i] = s.later[i].unsigned()
	}
	switch screen := s.Screen.(type) {
	case Called:
		screen.Place = *held
		screen.Busy, screen.Problem = false, why
		s.Screen = screen
	case InCall:
		s.Screen = screen.in(*held).unsigned()
	case Ended:
		s.Screen = screen.unsigned() // it stays until the nurse has read it
	default:
		s = showSignedOut(s, why, held)
	}
	return s, []Effect{SignOut{}}
}

// deviceRefused stops everything and keeps the key: what was barred by mistake works again once it is let in.
func deviceRefused(s State, why Sentence) (State, []Effect) {
	attempt := 1
	if screen, ok := s.Screen.(Starting); ok {
		attempt = screen.Attempt + 1
	}
	s.Employee, s.rooms, s.Correcting, s.removed, s.Aside, s.later, s.Today = Employee{}, nil, nil, nil, nil, nil, 0
	s.heard112 = nil
	s = s.unnamed112()
	s.Screen = Starting{Attempt: attempt, Problem: why, idle: true}
	return s, []Effect{After{longestPause, RetryDue{attempt}}}
}

// home is where a session with nothing under way stands.
func home(s State, problem Sentence) State {
	switch {
	case len(s.later) > 0:
		s.Screen, s.later = s.later[0], slices.Clone(s.later[1:])
	case !s.Employee.SignedIn():
		return showSignedOut(s, problem, nil)
	case s.Planned():
		s.Screen = Round{Problem: problem}
	default:
		s.Screen = FindCitizen{Problem: problem}
	}
	return s
}

// showSignedOut tells of a place that is held, the next of those aside where there is none.
func showSignedOut(s State, problem Sentence, held *Place) State {
	if held == nil {
		s, held = s.nextHeld()
	}
	s.Screen = SignedOut{Problem: problem, Held: held}
	return s
}
