package app

import "kontaktlaege/internal/kontakt"

func stepScan(s State, screen Scan, e Event) (State, []Effect) {
	switch e := e.(type) {
	case ScanReported:
		screen.Report = e.Report
		if screen.Blind() {
			screen.Light = false
		}
	case TapLight:
		if !screen.Report.Torches || screen.Blind() {
			return s, nil
		}
		screen.Light = !screen.Light
		s.Screen = screen
		return s, []Effect{Light{screen.Light}}
	case TapFind:
		if screen.For != ScanCard || e.CPR == (kontakt.CPR{}) {
			return s, nil
		}
		s.Screen = FindCitizen{}
		return stepFindCitizen(s, FindCitizen{}, e)
	case TapAccept:
		if screen.For != ScanOffer || screen.Busy {
			return s, nil
		}
		screen.Busy, screen.Problem = true, Sentence{}
		s.Screen = screen
		return s, []Effect{Accept(e), saySoon}
	case OfferAccepted:
		if !screen.Busy {
			return s, nil
		}
		if !e.Failure.Failed() {
			return received(s, e)
		}
		screen.Busy, screen.Problem = false, e.Failure.Say
	case StillTrying:
		if screen.Busy {
			screen.Problem = stillTrying
		}
	case TapRetry:
		if screen.Busy {
			return s, nil
		}
		return scan(s, screen.For, screen.round+1)
	case TapBack:
		if screen.For == ScanCard {
			s.Screen = FindCitizen{}
			return s, nil
		}
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
