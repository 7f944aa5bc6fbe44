package app

import (
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

func stepWaiting(s State, screen Waiting, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapMore:
		screen.More = !screen.Place.Elsewhere && !screen.Busy && !screen.Taking
	case TapMoreClose:
		screen.More = false
	case TapLeave:
		screen.More, screen.Leaving = false, !screen.Place.Elsewhere
	case TapLeaveNo:
		screen.Leaving = screen.Busy // an answer that is on its way can't be taken back
	case TapMoot, TapMootYes, TapMootNo:
		return stepMoot(s, screen, e)
	case TapLeaveYes:
		return giveUp(s, screen, screen.Leaving, Move{Move: kontakt.MoveLeave, Reason: "left"})
	case TapWithdraw:
		return giveUp(s, screen, screen.Leaving, Move{Move: kontakt.MoveWithdraw})
	case StillTrying:
		if (screen.Busy || screen.Taking) && screen.Problem.None() {
			screen.Problem = stillTrying
		}
	case TapWrong:
		screen.More, screen.Wrong = false, !screen.Place.Elsewhere && !screen.Leaving
	case TapWrongNo:
		screen.Wrong = false
	case TapWrongYes:
		if !screen.Wrong {
			return s, nil
		}
		wrong := screen.Place
		s.Correcting, s.Screen = &wrong, FindCitizen{}
		return s, nil
	case TapTakeOver:
		if screen.Taking || !screen.Place.MayTakeOver(s.Employee) {
			return s, nil
		}
		screen.Taking, screen.Problem = true, Sentence{}
		s.Screen = screen
		p := screen.Place
		return s, []Effect{Join{Join: kontakt.Join{Citizen: p.Citizen.ID, Clinic: p.Clinic.ID, Mode: p.Mode, TakeOver: e.Reason}, Key: e.Key}, saySoon}
	case Joined:
		if !screen.Taking {
			return s, nil
		}
		screen.Taking, screen.Problem = false, e.Failure.Say
		s.Screen = screen
		if e.Failure.Failed() {
			return s, []Effect{FetchPlace{screen.Place.ID}}
		}
		return showPlace(s, e.Entry, e.At)
	case TapRead:
		return readOldest(s, screen)
	case TapMessages:
		screen.Messages = !screen.Messages && len(screen.Place.Seen()) > 0
	case TapDismiss:
		if screen.Place.Elsewhere {
			return home(s, Sentence{}), nil
		}
	case TapTell:
		if screen.Busy || screen.Taking || screen.Place.Elsewhere {
			return s, nil
		}
		s.Screen = Tell{Place: screen.Place, Writing: Writing{Loading: true}}
		return s, []Effect{FetchCard{screen.Place.ID}}
	case TapHandOver:
		if screen.Busy || screen.Taking || screen.Place.Elsewhere {
			return s, nil
		}
		return handOver(s, e.Key)
	case TapRound, TapNew:
		if screen.Busy || screen.Taking {
			return s, nil
		}
		screen.Leaving, screen.Wrong, screen.More, screen.Moot = false, false, false, false
		s.Screen = screen
		s = putAside(s)
		if s.Screen = (Round{}); e == (TapNew{}) {
			s.Screen = FindCitizen{}
		}
		return s, nil
	case TapSignOut:
		return signOut(s)
	case Moved:
		return movedWaiting(s, screen, e)
	default:
		return stepPlace(s, e)
	}
	s.Screen = screen
	return s, nil
}

// giveUp ends the place, where that has been asked.
func giveUp(s State, screen Waiting, asked bool, by Move) (State, []Effect) {
	if !asked || screen.Busy {
		return s, nil
	}
	screen.Busy, screen.Problem = true, Sentence{}
	s.Screen = screen
	by.ID = screen.Place.ID
	return s, []Effect{by, saySoon}
}

// stillTrying is said of what takes long, from saySoon on.
var stillTrying = Sentence{Key: kontakt.MsgStillTrying}

// saySoon says that a tap's errand takes long: the bad network is being tried again by itself.
var saySoon = After{5 * time.Second, StillTrying{}}

// readOldest takes the message that is shown away at once; that it was read is told for as long as it takes.
func readOldest(s State, screen Waiting) (State, []Effect) {
	for i, m := range screen.Place.Messages {
		if m.Read {
			continue
		}
		screen.Place.Messages = slices.Clone(screen.Place.Messages)
		screen.Place.Messages[i].Read = true
		s.Screen = screen
		return s, []Effect{Read{ID: screen.Place.ID, Messages: []kontakt.MessageID{m.ID}}}
	}
	return s, nil
}

func movedWaiting(s State, screen Waiting, e Moved) (State, []Effect) {
	if e.ID != screen.Place.ID {
		return s, nil
	}
	if e.Failure.Failed() {
		screen.Leaving, screen.Moot, screen.Busy, screen.Problem = false, false, false, e.Failure.Say
		s.Screen = screen
		return s, []Effect{FetchPlace{e.ID}}
	}
	return showPlace(s, e.Entry, e.At)
}
