package app

import (
	"kontaktlaege/internal/kontakt"
)

func stepCheck(s State, screen Check, e Event) (State, []Effect) {
	switch e := e.(type) {
	case CheckReported:
		screen.Report = e.Report
		s.Screen = screen
		return s, nil
	case TapJoin:
		return join(s, screen, e)
	case Joined:
		if screen.Joining {
			return joined(s, screen, e)
		}
	case TapRetry:
		if !screen.Joining {
			screen.Report, screen.round = CheckReport{}, screen.round+1
			s.Screen = screen
			return s, []Effect{CheckDevices{}}
		}
	case TapBack:
		switch {
		case screen.Joining && screen.Problem.None():
			return s, nil // it is a matter of seconds
		case screen.Citizen.Masked == "":
			return home(s, Sentence{}), askHeld(screen) // a join from before a restart: nobody to read back
		}
		s.Screen = Consent{Citizen: screen.Citizen, Clinic: screen.Clinic, Room: screen.room}
		return s, askHeld(screen)
	case StillTrying:
		if screen.Joining && screen.Problem.None() {
			screen.Problem = stillTrying
			s.Screen = screen
		}
	case TapSignOut:
		if !screen.Joining {
			return signOut(s)
		}
	case HeldFetched:
		if !screen.Joining {
			return foundHeld(s, e)
		}
	}
	return s, nil
}

func join(s State, screen Check, e TapJoin) (State, []Effect) {
	if screen.Joining || screen.Clinic.ID == "" {
		return s, nil
	}
	if screen.key == "" {
		screen.key, screen.told = e.Key, e.Told
		screen.told.Room = kontakt.RoomOf(screen.room)
	}
	screen.Joining, screen.Problem = true, Sentence{}
	s.Screen = screen
	return s, []Effect{Join{Join: joinOf(s, screen), Key: screen.key}, saySoon}
}

func joinOf(s State, screen Check) kontakt.Join {
	j := kontakt.Join{Citizen: screen.Citizen.ID, Clinic: screen.Clinic.ID, Mode: kontakt.ModeConsultation, Told: screen.told, Consent: screen.consent}
	if s.Correcting != nil {
		j.Corrects = s.Correcting.ID
	}
	return j
}

// joinAgain goes on with a join that a restart has cut off: the same one, under its key.
func joinAgain(s State, j Join) (State, []Effect) {
	s.Screen = Check{
		Citizen: Citizen{ID: j.Join.Citizen}, Clinic: kontakt.Clinic{ID: j.Join.Clinic}, Joining: true, Problem: stillTrying, key: j.Key, consent: j.Join.Consent,
	}
	return s, []Effect{CheckDevices{}, j}
}

// joined: a place, or why there is none. Where it can't be known whether the backend drew a number, the key is kept.
func joined(s State, screen Check, e Joined) (State, []Effect) {
	switch {
	case !e.Failure.Failed():
		return showPlace(s, e.Entry, e.At)
	case e.Failure.Kind.Transient():
		screen.Joining, screen.Problem = false, e.Failure.Say
		s.Screen = screen
		return s, askCorrecting(s)
	}
	clinic := screen.Clinic
	r := refused(screen.Citizen, &clinic, e.Failure.Say)
	r.join = joinOf(s, screen)
	s.Screen = r
	if e.Failure.Kind == kontakt.Conflict || e.Failure.Kind == kontakt.Invalid {
		return s, append(askCorrecting(s), FetchHeld{}) // it may be this very tablet that holds the place, by a try before a restart
	}
	return s, askCorrecting(s)
}

// askCorrecting asks how the place stands whose news were not heeded while a number was being drawn.
func askCorrecting(s State) []Effect {
	if s.Correcting == nil {
		return nil
	}
	return []Effect{FetchPlace{s.Correcting.ID}}
}

// askHeld asks for the places where a join has been tried whose outcome is not known.
func askHeld(screen Check) []Effect {
	if screen.key == "" {
		return nil
	}
	return []Effect{FetchHeld{}}
}

// foundHeld shows a place that this tablet holds and did not know of: not one that another tablet talks for, nor the one
// that is being corrected.
func foundHeld(s State, e HeldFetched) (State, []Effect) {
	var held []kontakt.Entry
	for _, h := range e.Held {
		if !placeOf(h).Elsewhere && s.aside(h.ID) == nil && (s.Correcting == nil || h.ID != s.Correcting.ID) {
			held = append(held, h)
		}
	}
	first := mostUrgent(held)
	if e.Failure.Failed() || first == nil {
		return s, nil
	}
	return showPlace(s.putAllAside(held), *first, e.At)
}
