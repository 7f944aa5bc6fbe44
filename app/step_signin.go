package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

func stepSignedOut(s State, screen SignedOut, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapSignIn:
		if screen.Busy {
			return s, nil
		}
		screen.Busy, screen.Problem = true, Sentence{}
		s.Screen = screen
		return s, []Effect{BeginSignIn{}}
	case SigninBegun:
		if !screen.Busy {
			return s, nil
		}
		if e.Failure.Failed() {
			screen.Busy, screen.Problem = false, e.Failure.Say
			s.Screen = screen
			return s, nil
		}
		return signinBegun(s, SigningIn{Held: screen.Held}, e)
	}
	return stepPlace(s, e)
}

// signinSlack is how long after its end a sign-in is given up when the backend has said nothing.
const signinSlack = 5 * time.Second

func signinBegun(s State, screen SigningIn, e SigninBegun) (State, []Effect) {
	screen.Signin, screen.URL = e.Signin, e.URL
	s.Screen = screen
	return s, []Effect{
		OpenBrowser{e.URL},
		After{e.ExpiresIn + signinSlack, SigninFailed{Signin: e.Signin, Msg: kontakt.MsgLoginExpired}},
	}
}

func stepSigningIn(s State, screen SigningIn, e Event) (State, []Effect) {
	switch e := e.(type) {
	case SigninBegun:
		if screen.Signin != "" {
			return s, nil
		}
		if e.Failure.Failed() {
			return notSignedIn(s, screen, e.Failure.Say), nil
		}
		return signinBegun(s, screen, e)
	case BrowserFailed:
		screen.Problem = e.Problem
		s.Screen = screen
		return s, nil
	case SigninCompleted:
		if e.Signin != screen.Signin || screen.Busy {
			return s, nil
		}
		screen.Busy, screen.Problem = true, Sentence{}
		s.Screen = screen
		return s, []Effect{FinishSignIn{Signin: e.Signin, Code: e.Code}}
	case SigninFailed:
		if e.Signin != screen.Signin || screen.Busy {
			return s, nil
		}
		return notSignedIn(s, screen, Sentence{Key: e.Msg}), nil
	case TapCancelSignIn:
		if screen.Busy {
			return s, nil
		}
		var cancel []Effect
		if screen.Signin != "" {
			cancel = []Effect{CancelSignIn{screen.Signin}}
		}
		return notSignedIn(s, screen, Sentence{}), cancel
	case SignedInAs:
		if !screen.Busy {
			return s, nil
		}
		if e.Failure.Failed() {
			return notSignedIn(s, screen, e.Failure.Say), nil
		}
		return signedIn(s, screen, e)
	case RingOver:
		if screen.Held == nil || screen.Held.Call == nil || e.Call != screen.Held.Call.ID || !e.Until.Equal(screen.ringUntil) {
			return s, nil
		}
		screen.silent = true
		s.Screen = screen
		return s, []Effect{FetchPlace{screen.Held.ID}}
	case PlaceChanged:
		if p := screen.Held; p != nil && e.ID == p.ID && e.Version > p.Version && e.State != kontakt.EntryCalled {
			screen.silent = true
			s.Screen = screen
		}
	}
	return stepPlace(s, e)
}

// notSignedIn goes back to where the sign-in was begun: a ring that still lasts is shown again.
func notSignedIn(s State, screen SigningIn, problem Sentence) State {
	if screen.Held != nil && screen.Held.State == kontakt.EntryCalled {
		s.Screen = Called{Place: *screen.Held, RingUntil: screen.ringUntil, Problem: problem}
	} else {
		if problem.None() {
			problem = screen.lost
		}
		s.Screen = SignedOut{Problem: problem, Held: screen.Held}
	}
	return s
}

// signedIn shows what the tablet holds; where a ring waited for the sign-in and still lasts, it is answered.
func signedIn(s State, screen SigningIn, e SignedInAs) (State, []Effect) {
	s.Employee = Employee(e.Employee)
	s, timer := withRound(s, e.Round, e.At)
	s, effects := showHeldAfterSignIn(s, e)
	effects = append(effects, timer...)
	switch next := s.Screen.(type) {
	case Called:
		if screen.answer {
			next.Busy, next.answering = true, true
			s.Screen = next
			effects = append(effects, Move{ID: next.Place.ID, Move: kontakt.MoveAnswer}, saySoon)
		}
	case FindCitizen:
		next.Problem = screen.lost
		s.Screen = next
	}
	return s, effects
}

// showHeldAfterSignIn leaves the screen of the sign-in for good, whatever the held places say.
func showHeldAfterSignIn(s State, e SignedInAs) (State, []Effect) {
	s = home(s, Sentence{})
	return showHeld(s, e.Held, e.At)
}

// signOut ends the session and keeps the place.
func signOut(s State) (State, []Effect) {
	held := heldBy(s.place())
	s.Employee, s.Correcting, s.later, s.Today = Employee{}, nil, nil, 0
	return showSignedOut(s.signedOutAside(), Sentence{}, held), []Effect{SignOut{}}
}
