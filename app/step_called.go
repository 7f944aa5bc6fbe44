package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

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
