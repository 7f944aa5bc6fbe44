package app

import (
	"kontaktlaege/internal/kontakt"
)

func stepFindCitizen(s State, screen FindCitizen, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapFind:
		if screen.Busy {
			return s, nil
		}
		if e.CPR == (kontakt.CPR{}) {
			s.Screen = FindCitizen{Problem: Sentence{Key: kontakt.MsgCPREmpty}}
			return s, nil
		}
		s.Screen = FindCitizen{Busy: true}
		return s, []Effect{Find{CPR: e.CPR}, saySoon}
	case CitizenFound:
		if !screen.Busy {
			return s, nil
		}
		if e.Failure.Failed() {
			s.Screen = FindCitizen{Problem: e.Failure.Say, Down: e.Failure.Say.Key == kontakt.MsgRegistryDown}
			return s, nil
		}
		s.Screen = ReadBack{Citizen: citizenOf(e.Citizen)}
		return s, nil
	case StillTrying:
		if screen.Busy {
			s.Screen = FindCitizen{Busy: true, Problem: stillTrying}
		}
		return s, nil
	case TapChooseClinic:
		if screen.Down && !screen.Busy {
			s.Screen = ChooseClinic{Loading: true}
			return s, []Effect{FetchClinics{}}
		}
	case TapScan:
		if !screen.Busy {
			return scan(s, ScanCard, 0)
		}
	case TapScanOffer:
		if !screen.Busy && s.Correcting == nil {
			return scan(s, ScanOffer, 0)
		}
	case TapBack:
		switch {
		case s.Correcting != nil:
			s.Screen = Waiting{Place: *s.Correcting}
			s.Correcting = nil
		case s.Planned() && !screen.Busy:
			return home(s, Sentence{}), nil
		}
	case TapJournal:
		if !screen.Busy && s.Correcting == nil {
			return showJournal(s)
		}
	case TapRound:
		if s.Correcting == nil && !screen.Busy {
			s.Screen = Round{}
		}
	case TapVisit:
		if !screen.Busy {
			return goTo(s, e.ID)
		}
	case TapRecent:
		if !screen.Busy {
			return again(s, e.ID)
		}
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

func stepReadBack(s State, screen ReadBack, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapConfirmCitizen:
		return confirm(s, screen.Citizen, 0)
	case TapConfirmCover:
		if len(screen.Citizen.Admits()) > 1 {
			return confirm(s, screen.Citizen, 1)
		}
	case TapPlanVisit:
		if screen.Visit == "" && s.Correcting == nil && screen.Citizen.ID != "" {
			s.Screen = PlanVisit{Citizen: screen.Citizen}
		}
	case ClinicsFetched:
		screen.Citizen = screen.Citizen.at(e.Clinics)
		s.Screen = screen
	case TapBack:
		if screen.Visit != "" {
			return home(s, Sentence{}), nil
		}
		s.Screen = FindCitizen{} // to the digits
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

// confirm goes on with a citizen to one of the clinics that admit them. Where that is the very place that was to be
// corrected, nothing was wrong with it.
func confirm(s State, c Citizen, which int) (State, []Effect) {
	admits := c.Admits()
	switch {
	case len(admits) == 0 && c.replacement():
		s.Screen = refused(c, nil, Sentence{Key: kontakt.MsgDoctorUnknown})
		return s, nil
	case len(admits) == 0:
		s.Screen = refused(c, nil, Sentence{Key: kontakt.MsgNotAttached})
		return s, nil
	}
	to := admits[which]
	if was := s.Correcting; was != nil && was.Citizen != nil && was.Citizen.ID == c.ID && was.Clinic.ID == to.ID {
		s.Screen, s.Correcting = Waiting{Place: *was}, nil
		return s, nil
	}
	if !to.Open {
		s.Screen = refused(c, &to, Sentence{Key: kontakt.MsgClinicClosed})
		return s, nil
	}
	s.Screen = Consent{Citizen: c, Clinic: to}
	return s, nil
}

func stepChooseClinic(s State, screen ChooseClinic, e Event) (State, []Effect) {
	switch e := e.(type) {
	case ClinicsFetched:
		if !screen.Loading {
			return s, nil
		}
		screen = ChooseClinic{Clinics: e.Clinics, Problem: e.Failure.Say}
	case TapRetry:
		if screen.Loading || screen.Busy {
			return s, nil
		}
		s.Screen = ChooseClinic{Loading: true}
		return s, []Effect{FetchClinics{}}
	case TapClinic:
		if screen.Busy || e.CPR == (kontakt.CPR{}) || e.Clinic == "" {
			return s, nil
		}
		screen.Busy, screen.Problem = true, Sentence{}
		s.Screen = screen
		return s, []Effect{Find(e), saySoon}
	case CitizenFound:
		if !screen.Busy {
			return s, nil
		}
		if !e.Failure.Failed() {
			s.Screen = ReadBack{Citizen: citizenOf(e.Citizen)}
			return s, nil
		}
		screen.Busy, screen.Problem = false, e.Failure.Say
	case StillTrying:
		if screen.Busy {
			screen.Problem = stillTrying
		}
	case TapBack:
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	default:
		return s, nil
	}
	s.Screen = screen
	return s, nil
}
