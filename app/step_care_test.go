package app

import (
	"maps"
	"reflect"
	"time"

	"kontaktlaege/internal/kontakt"
)

// urgent gives a state with the sheet "Ring 112" open.
func urgent(s State) State {
	s, _ = Step(s, TapEmergency{})
	return s
}

// careSituations are screens with the sheet over them, and the question whether a call is needed no longer.
func careSituations(inCall InCall) map[string]State {
	waiting := urgent(on(Waiting{Place: shown(kontakt.EntryWaiting)}))
	dialled := waiting
	dialled.Emergency = &Emergency{Place: placeID, Citizen: waiting.Emergency.Citizen, Dialled: true}
	called := urgent(on(Called{Place: shown(kontakt.EntryCalled), RingUntil: t0.Add(time.Minute)}))
	heard := on(Waiting{Place: placeOf(urgently(3))})
	hidden := inCall
	hidden.Hidden = true
	return map[string]State{
		"InCall(hidden)":        on(hidden),
		"Waiting(moot)":         on(Waiting{Place: shown(kontakt.EntryWaiting), Moot: true}),
		"Waiting(112)":          waiting,
		"Waiting(112 dialled)":  dialled,
		"Waiting(112 telling)":  waiting.hearing112(placeID, Telling),
		"Waiting(112 heard)":    urgent(heard),
		"Called(112)":           called,
		"InCall(112)":           urgent(on(inCall)),
		"ReadBack(112)":         urgent(on(ReadBack{Citizen: citizenOf(karen)})),
		"Round(112)":            urgent(besides(on(Round{}))),
		"SignedOut(112)":        urgent(on(SignedOut{Held: held(kontakt.EntryWaiting)})),
		"FindCitizen(112 gone)": gone112(waiting),
	}
}

// gone112 gives a state whose place has ended below the sheet.
func gone112(s State) State {
	s.Screen = FindCitizen{}
	return s
}

// urgently gives Karen's place whose clinic knows that 112 was called.
func urgently(version int) kontakt.Entry {
	e := entry(kontakt.EntryWaiting, version)
	e.EmergencyAt = t0
	return e
}

func careHappenings() map[string]Event {
	gone := entry(kontakt.EntryLeft, 4)
	gone.EndReason = kontakt.ReasonNotRelevant
	return map[string]Event{
		"TapMoot":                  TapMoot{},
		"TapMootYes":               TapMootYes{},
		"TapMootNo":                TapMootNo{},
		"Moved(moot)":              Moved{ID: placeID, Move: kontakt.MoveLeave, Entry: gone, At: t0},
		"TapHideSelf":              TapHideSelf{},
		"TapMoveSelf":              TapMoveSelf{},
		"TapEmergency":             TapEmergency{},
		"TapEmergencyClose":        TapEmergencyClose{},
		"TapEmergencyDial":         TapEmergencyDial{},
		"TapEmergencyCalled":       TapEmergencyCalled{},
		"Dialled":                  Dialled{},
		"Dialled(failed)":          Dialled{Failure{Kind: kontakt.NotFound, Say: Sentence{Key: kontakt.MsgCannotPhone}}},
		"Moved(emergency)":         Moved{ID: placeID, Move: kontakt.MoveEmergency, Entry: urgently(4), At: t0},
		"Moved(emergency failed)":  Moved{ID: placeID, Move: kontakt.MoveEmergency, Failure: taken},
		"Moved(emergency revoked)": Moved{ID: placeID, Move: kontakt.MoveEmergency, Failure: Failure{Kind: kontakt.Forbidden, Say: Sentence{Key: kontakt.MsgDeviceRevoked}}},
	}
}

// emergencyNotes tells what of the sheet, and of what clinics know, has changed.
func emergencyNotes(before, after State) []string {
	var notes []string
	if before.Corner != after.Corner {
		notes = append(notes, "corner "+string(rune('0'+after.Corner)))
	}
	switch was, is := before.Emergency, after.Emergency; {
	case was == nil && is != nil && is.Citizen != nil:
		notes = append(notes, "112 for "+is.Citizen.Name+" at "+string(is.Place))
	case was == nil && is != nil:
		notes = append(notes, "112 at "+string(is.Place))
	case was != nil && is == nil:
		notes = append(notes, "112 closed")
	case was != nil && !reflect.DeepEqual(*was, *is):
		notes = append(notes, "112 "+string(is.Problem.Key)+map[bool]string{true: " dialled"}[is.Dialled]+map[bool]string{true: " unnamed"}[is.Citizen == nil])
	}
	if !maps.Equal(before.heard112, after.heard112) {
		notes = append(notes, map[Heard112]string{Unheard: "unheard", Telling: "telling", Heard: "heard"}[after.heard112[placeID]])
	}
	return notes
}
