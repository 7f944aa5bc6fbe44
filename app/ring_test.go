package app

import (
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// A call is connected while it rings, by the tablet that alone can answer it and with somebody there who can. What ends
// the ring ends the connection; only the answer lets sound and picture through.
func TestCalled_isConnectedWhileItRings(t *testing.T) {
	waiting := on(Waiting{Place: shown(kontakt.EntryWaiting)})
	rings, effects := play(waiting, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if got := asks[Talk](effects); len(got) != 1 || got[0].Call != callID || len(asks[Answered](effects)) != 0 {
		t.Fatalf("a ring asks for %v", effects)
	}
	other := entry(kontakt.EntryCalled, 4)
	delete(other.Cursor, kontakt.CallRoom(callID)) // other tablets hold the place too
	if _, effects := play(waiting, PlaceFetched{ID: placeID, Entry: other, At: at}); len(asks[Talk](effects)) != 0 {
		t.Errorf("a ring at several tablets asks for %v", effects)
	}
	if _, effects := play(on(SignedOut{Held: held(kontakt.EntryWaiting)}), PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at}); len(asks[Talk](effects)) != 0 {
		t.Errorf("a ring with nobody signed in asks for %v", effects)
	}

	signal := kontakt.Signal{From: kontakt.ParticipantClinic, To: kontakt.ParticipantTablet, Kind: kontakt.SignalAnswer}
	if _, effects := play(rings, SignalCame{Call: callID, Signal: signal}); len(asks[PassSignal](effects)) != 1 {
		t.Errorf("the clinic's answer to the offer asks for %v", effects)
	}

	until := screenOf[Called](t, rings).RingUntil
	elsewhere := entry(kontakt.EntryInCall, 5)
	elsewhere.Call, elsewhere.Notice = nil, kontakt.MsgAnswered
	for name, ends := range map[string][]Event{
		"not now":                      {TapNotNow{}, Moved{ID: placeID, Move: kontakt.MoveNotNow, Entry: entry(kontakt.EntryWaiting, 5), At: at}},
		"the clinic gives up":          {CallEnded{Call: callID}},
		"the clinic's word comes late": {PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at}},
		"it has rung out":              {RingOver{Call: callID, Until: until}},
		"another tablet has answered":  {PlaceFetched{ID: placeID, Entry: elsewhere, At: at}},
		"another tablet holds it too":  {PlaceFetched{ID: placeID, Entry: other, At: at}},
		"the session has ended":        {SessionEnded{}},
		"the answer is refused, since another tablet was first": {
			TapAnswer{},
			PlaceChanged{ID: placeID, Version: 5, State: kontakt.EntryInCall},
			Moved{ID: placeID, Move: kontakt.MoveAnswer, Failure: Failure{Kind: kontakt.Conflict}},
		},
	} {
		s, effects := play(rings, ends...)
		if connects(s) != "" || len(asks[HangUp](effects)) != 1 || len(asks[Answered](effects)) != 0 {
			t.Errorf("%s: holds %q, asks for %v", name, connects(s), effects)
		}
	}

	for name, answered := range map[string][]Event{
		"the answer":              {TapAnswer{}, Moved{ID: placeID, Move: kontakt.MoveAnswer, Entry: entry(kontakt.EntryInCall, 5), At: at}},
		"word of it comes before": {TapAnswer{}, PlaceChanged{ID: placeID, Version: 5, State: kontakt.EntryInCall}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryInCall, 5), At: at}},
		"two minutes later":       {TapWaitTwo{}, Moved{ID: placeID, Move: kontakt.MoveWait, Entry: entry(kontakt.EntryCalled, 5), At: at}, TapAnswer{}, Moved{ID: placeID, Move: kontakt.MoveAnswer, Entry: entry(kontakt.EntryInCall, 6), At: at}},
	} {
		s, effects := play(rings, answered...)
		if connects(s) != callID || len(asks[Answered](effects)) != 1 || len(asks[Talk](effects)) != 0 || len(asks[HangUp](effects)) != 0 {
			t.Errorf("%s: holds %q, asks for %v", name, connects(s), effects)
		}
	}
}

// Nobody is looked at or listened to who only waits, also when nobody is before them.
func TestWaiting_opensNoCameraAndNoMicrophone(t *testing.T) {
	next := shown(kontakt.EntryWaiting)
	next.Before = 0
	for _, screen := range []Screen{Waiting{Place: next}, Tell{Place: next}} {
		if open(on(screen)) != "" {
			t.Errorf("%T has the devices open", screen)
		}
	}
	first := entry(kontakt.EntryWaiting, 1)
	first.Before = 0
	_, effects := play(on(Check{Joining: true}), Joined{Entry: first, At: at})
	if len(asks[Warm](effects))+len(asks[Talk](effects)) != 0 || len(asks[HangUp](effects)) != 1 {
		t.Errorf("a number that is drawn asks for %v, want what the check opened closed", effects)
	}
}

// A ring that follows on a conversation begins with nothing of it.
func TestCalled_afterAConversationNothingIsHeld(t *testing.T) {
	s, effects := play(on(InCall{Place: shown(kontakt.EntryInCall)}), PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if connects(s) != "" || len(asks[HangUp](effects)) != 1 {
		t.Fatalf("holds %q, asks for %v", connects(s), effects)
	}
	_, effects = play(s, TapAnswer{}, Moved{ID: placeID, Move: kontakt.MoveAnswer, Entry: entry(kontakt.EntryInCall, 5), At: at.Add(time.Second)})
	if i := slices.Index(effects, Effect(Talk{callID})); i < 0 || len(asks[Answered](effects)) != 1 {
		t.Errorf("the answer asks for %v", effects)
	}
}
