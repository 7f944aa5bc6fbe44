package app

import (
	"testing"

	"kontaktlaege/internal/kontakt"
)

func mistakenSituations(c InCall) map[string]State {
	asking := c
	asking.Mistaking = true
	return map[string]State{
		"InCall(mistaking)":            on(asking),
		"InCall(mistaking,signed out)": signedOut(on(asking)),
		"Mistaken":                     on(Mistaken{Place: placeID, Clinic: clinic}),
		"Mistaken(aside)":              besides(on(Mistaken{Place: "plads_o", Clinic: cover, ByClinic: true})),
	}
}

func mistakenHappenings() map[string]Event {
	return map[string]Event{
		"TapMistaken": TapMistaken{}, "TapMistakenYes": TapMistakenYes{}, "TapMistakenNo": TapMistakenNo{},
		"TapMistakenWhy":         TapMistakenWhy{kontakt.WrongNumber},
		"TapMistakenWhy(none)":   TapMistakenWhy{},
		"PlaceFetched(mistaken)": PlaceFetched{ID: placeID, Entry: wrongEnd(kontakt.ParticipantClinic), At: at},
	}
}

func wrongEnd(by string) kontakt.Entry {
	e := entry(kontakt.EntryEnded, 4)
	e.EndedBy, e.EndReason = by, kontakt.ReasonWrongPatient
	return e
}

// E26: sound and picture stop with the tap, before any answer; the clinic is told until it has heard; why is asked, and
// then the right citizen is found. There is no summary of it.
func TestE26_theWrongPatientStopsAtOnce(t *testing.T) {
	s, effects := play(on(inCall()), TapMistaken{})
	if len(asks[HangUp](effects)) != 0 || !screenOf[InCall](t, s).Mistaking {
		t.Fatalf("does not ask once: %v", effects)
	}
	if kept, _ := play(s, TapMistakenNo{}); screenOf[InCall](t, kept).Mistaking {
		t.Error("the question stays")
	}
	s, effects = play(s, TapMistakenYes{})
	screenOf[Mistaken](t, s)
	moves := asks[Move](effects)
	if len(asks[HangUp](effects)) != 1 || len(moves) != 1 || moves[0].ID != placeID || moves[0].Reason != kontakt.ReasonWrongPatient || !moves[0].insists() || talks(s) != "" {
		t.Fatalf("effects %v", effects)
	}
	s, effects = play(s, TapMistakenWhy{kontakt.WrongNumber})
	if got := asks[ExplainWrong](effects); len(got) != 1 || got[0] != (ExplainWrong{placeID, kontakt.WrongNumber}) {
		t.Errorf("says why: %v", effects)
	}
	if f := screenOf[FindCitizen](t, s); f.Problem.Key != kontakt.MsgWrongNext {
		t.Errorf("then %+v", f)
	}
}

// E26: found out at the clinic: sound and picture stop with its word, and this side is asked why too.
func TestE26_theClinicFindsOut(t *testing.T) {
	s, effects := play(on(inCall()), CallEnded{callID})
	if len(asks[HangUp](effects)) != 1 {
		t.Fatalf("goes on: %v", effects)
	}
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: wrongEnd(kontakt.ParticipantClinic), At: at})
	if m := screenOf[Mistaken](t, s); !m.ByClinic || m.Place != placeID {
		t.Errorf("%+v", m)
	}
}

// E26: over a call with nobody signed in it stops too; there is nobody to ask.
func TestE26_withNobodySignedInItStopsToo(t *testing.T) {
	s, effects := play(signedOut(on(inCall())), TapMistaken{}, TapMistakenYes{})
	if len(asks[HangUp](effects)) != 1 || screenOf[SignedOut](t, s).Problem.Key != kontakt.MsgWrongStopped {
		t.Errorf("effects %v", effects)
	}
}
