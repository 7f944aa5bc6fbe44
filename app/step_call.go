package app

import (
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

func stepWaiting(s State, screen Waiting, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapLeave:
		screen.Leaving = !screen.Place.Elsewhere
	case TapLeaveNo:
		screen.Leaving = screen.Busy // an answer that is on its way can't be taken back
	case TapLeaveYes:
		if !screen.Leaving || screen.Busy {
			return s, nil
		}
		screen.Busy, screen.Problem = true, Sentence{}
		s.Screen = screen
		return s, []Effect{Move{ID: screen.Place.ID, Move: kontakt.MoveLeave, Reason: "left"}, saySoon}
	case StillTrying:
		if (screen.Busy || screen.Taking) && screen.Problem.None() {
			screen.Problem = stillTrying
		}
	case TapWrong:
		screen.Wrong = !screen.Place.Elsewhere && !screen.Leaving
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
	case TapSignOut:
		return signOut(s)
	case WarmFailed:
		screen.Problem = e.Problem
	case Moved:
		return movedWaiting(s, screen, e)
	default:
		return stepPlace(s, e)
	}
	s.Screen = screen
	return s, nil
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
		screen.Leaving, screen.Busy, screen.Problem = false, false, e.Failure.Say
		s.Screen = screen
		return s, []Effect{FetchPlace{e.ID}}
	}
	return showPlace(s, e.Entry, e.At)
}

func stepCalled(s State, screen Called, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapAnswer:
		return answer(s, screen)
	case TapNotNow:
		return moveCalled(s, screen, kontakt.MoveNotNow)
	case SignalCame:
		return signalCame(s, e)
	case TapWaitTwo:
		return moveCalled(s, screen, kontakt.MoveWait)
	case WarmFailed:
		screen.Problem = e.Problem
		s.Screen = screen
		return s, nil
	case RingOver:
		if e.Call == screen.Place.Call.ID && e.Until.Equal(screen.RingUntil) {
			screen.silent = true
			s.Screen = screen
			return s, []Effect{FetchPlace{screen.Place.ID}}
		}
		return s, nil
	case RingAgain:
		if e.Call == screen.Place.Call.ID && e.Until.Equal(screen.RingUntil) {
			screen.Hushed = false
			s.Screen = screen
		}
		return s, nil
	case CallEnded:
		if e.Call == screen.Place.Call.ID {
			screen.silent = true
			s.Screen = screen
			return s, []Effect{FetchPlace{screen.Place.ID}}
		}
		return s, nil
	case Moved:
		return movedCalled(s, screen, e)
	case StillTrying:
		if screen.Busy && screen.Problem.None() {
			screen.Problem = stillTrying
			s.Screen = screen
		}
		return s, nil
	case PlaceChanged:
		if e.ID == screen.Place.ID && e.Version > screen.Place.Version && e.State != kontakt.EntryCalled {
			screen.silent = true // another tablet has answered, or the clinic no longer calls
			s.Screen = screen
		}
	}
	return stepPlace(s, e)
}

// answer takes the call. With nobody signed in it asks for the time that a sign-in takes and begins one.
func answer(s State, screen Called) (State, []Effect) {
	if screen.Busy {
		return s, nil
	}
	if !s.Employee.SignedIn() {
		held := screen.Place
		s.Screen = SigningIn{Held: &held, answer: true, ringUntil: screen.RingUntil}
		return s, []Effect{BeginSignIn{}, Move{ID: held.ID, Move: kontakt.MoveWait}}
	}
	return moveCalled(s, screen, kontakt.MoveAnswer)
}

func moveCalled(s State, screen Called, m kontakt.Move) (State, []Effect) {
	if screen.Busy {
		return s, nil
	}
	screen.Busy, screen.answering, screen.Problem = true, m == kontakt.MoveAnswer, Sentence{}
	s.Screen = screen
	return s, []Effect{Move{ID: screen.Place.ID, Move: m}, saySoon}
}

func movedCalled(s State, screen Called, e Moved) (State, []Effect) {
	if e.ID != screen.Place.ID {
		return s, nil
	}
	screen.Busy, screen.answering = false, false
	if e.Failure.Failed() {
		screen.Problem = e.Failure.Say
		s.Screen = screen
		return s, []Effect{FetchPlace{e.ID}}
	}
	s.Screen = screen
	s, effects := showPlace(s, e.Entry, e.At)
	if called, ok := s.Screen.(Called); ok && e.Move == kontakt.MoveWait {
		s, hush := hushed(s, called, e.At)
		return s, append(effects, hush...)
	}
	return s, effects
}

// lastRing is how long a ring that was put off sounds again before it is over.
const lastRing = 30 * time.Second

// hushed keeps quiet while those who asked for two minutes get ready.
func hushed(s State, screen Called, at time.Time) (State, []Effect) {
	left := screen.RingUntil.Sub(at) - lastRing
	if left <= 0 {
		return s, nil
	}
	screen.Hushed = true
	s.Screen = screen
	return s, []Effect{After{left, RingAgain{Call: screen.Place.Call.ID, Until: screen.RingUntil}}}
}

func stepEnded(s State, screen Ended, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapDone:
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case Moved:
		if e.ID != screen.place || e.Failure.Failed() {
			return s, nil
		}
		p := placeOf(e.Entry)
		if !p.startedAt.IsZero() && p.endedAt.After(p.startedAt) {
			screen.Summary.Started, screen.Summary.Lasted = p.startedAt, p.endedAt.Sub(p.startedAt)
		}
		s.Screen = screen
	}
	return s, nil
}
