package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// longestPause lies between two attempts to start once several have failed.
const longestPause = 30 * time.Second

// pauseAfter gives the time before the next attempt: 1, 2, 4 … 30 s.
func pauseAfter(attempt int) time.Duration {
	if attempt > 5 {
		return longestPause
	}
	return min(time.Second<<max(attempt-1, 0), longestPause)
}

func stepStarting(s State, screen Starting, e Event) (State, []Effect) {
	again := false
	switch e := e.(type) {
	case Launched:
		s.Settings, s.said, s.Voices = e.Settings.valid(), e.Said, e.Voices
		return s, []Effect{Start{}}
	case NotEnrolled:
		s.Screen = Enrol{Problem: e.Problem}
		return s, nil
	case Started:
		return started(s, screen, e)
	case TapRetry:
		again = screen.idle
	case RetryDue:
		again = screen.idle && e.Attempt == screen.Attempt
	}
	if !again {
		return s, nil
	}
	screen.idle = false
	s.Screen = screen
	return s, []Effect{Start{}}
}

func started(s State, screen Starting, e Started) (State, []Effect) {
	if e.Failure.Failed() {
		s.Screen = Starting{Attempt: screen.Attempt + 1, Problem: e.Failure.Say, idle: true}
		pause := pauseAfter(screen.Attempt + 1)
		if e.Failure.Kind == kontakt.Forbidden {
			pause = longestPause
		}
		return s, []Effect{After{pause, RetryDue{screen.Attempt + 1}}}
	}
	s.Device, s.rooms = e.Device, e.Rooms
	s.Employee = Employee(e.Employee)
	s, timer := withRound(s, e.Round, e.At)
	if e.Unsent != nil {
		s, effects := joinAgain(s, *e.Unsent)
		return s, append(effects, timer...)
	}
	s, effects := showHeld(s, e.Held, e.At)
	return s, append(effects, timer...)
}

func stepEnrol(s State, screen Enrol, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapEnrol:
		if !screen.Busy {
			s.Screen = Enrol{Busy: true}
			return s, []Effect{Enroll{e.Code}}
		}
	case Enrolled:
		if e.Failure.Failed() {
			s.Screen = Enrol{Problem: e.Failure.Say}
			return s, nil
		}
		s.Screen = Starting{}
		return s, []Effect{Start{}}
	case TapRetry:
		if !screen.Busy {
			s.Screen = Starting{}
			return s, []Effect{Start{}}
		}
	}
	return s, nil
}
