package app

import (
	"slices"

	"kontaktlaege/internal/kontakt"
)

// stepConsent takes what the nurse states of the citizen's word. A no ends it here: nothing has been sent to anybody.
func stepConsent(s State, screen Consent, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapConsent:
		given, err := kontakt.ParseConsent(e.Consent)
		if err != nil {
			screen.Cannot, screen.Problem = e.Consent.Kind == kontakt.ConsentCannot, FailureOf(err).Say
			s.Screen = screen
			return s, nil
		}
		s.Screen = Check{Citizen: screen.Citizen, Clinic: screen.Clinic, consent: given, room: screen.Room}
		return s, []Effect{CheckDevices{}}
	case TapRoom:
		screen.Room = toggled(screen.Room, e.Who)
		s.Screen = screen
	case TapConsentCannot:
		screen.Cannot, screen.Problem = true, Sentence{}
		s.Screen = screen
	case TapConsentNo:
		return home(s, Sentence{Key: kontakt.MsgConsentNo}), nil
	case TapBack:
		if screen.Cannot {
			screen.Cannot, screen.Problem = false, Sentence{}
			s.Screen = screen
			return s, nil
		}
		s.Screen = ReadBack{Citizen: screen.Citizen}
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	}
	return s, nil
}

// toggled has somebody come into the room, or go.
func toggled(room []kontakt.RecordRole, who kontakt.RecordRole) []kontakt.RecordRole {
	if i := slices.Index(room, who); i >= 0 {
		return slices.Delete(slices.Clone(room), i, i+1)
	}
	return append(slices.Clone(room), who)
}
