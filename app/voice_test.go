package app

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// said gives what effects read aloud, by key; "-" for a hush.
func said(effects []Effect) []string {
	var all []string
	for _, e := range effects {
		switch e := e.(type) {
		case Hush:
			all = append(all, "-")
		case Say:
			for _, w := range e.Spoken.Words {
				all = append(all, string(w.Key))
			}
		}
	}
	return all
}

func aloud(s State, how Aloud) State {
	s.Settings.Aloud = how
	return s
}

// SD-19: what decides is read aloud, how much of it the person has chosen.
func TestReadAloud_whatDecides(t *testing.T) {
	waiting := on(Waiting{Place: shown(kontakt.EntryWaiting)})
	joining := on(Check{Citizen: citizenOf(karen), Clinic: clinic, Joining: true, key: "key-1"})
	talking := on(InCall{Place: shown(kontakt.EntryInCall), Media: MediaLive})
	lost := on(InCall{Place: shown(kontakt.EntryInCall), Media: MediaLost})
	hushed := on(InCall{Place: shown(kontakt.EntryInCall), Media: MediaLost, Remote: RemoteState{Muted: true}})
	report := func(m MediaState, muted bool) Event {
		return CallReported{Call: callID, Status: CallStatus{Media: m, Others: []OtherStatus{{ID: kontakt.ParticipantClinic, Media: m, Remote: RemoteState{Muted: muted}}}}}
	}
	locked := func(why LockWhy) State {
		s := waiting
		s.Lock = Lock{Why: why, Place: placeID}
		return s
	}
	next := entry(kontakt.EntryWaiting, 1)
	next.Before, next.Wait = 0, kontakt.Wait{Known: true, From: 0, To: 4 * time.Minute}
	for name, row := range map[string]struct {
		s          State
		e          Event
		vital, all []string
	}{
		"a ring": {waiting, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at}, []string{"say.turn"}, []string{"say.turn"}},
		"a ring while nobody is signed in": {
			on(SignedOut{Held: held(kontakt.EntryWaiting)}),
			PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at},
			[]string{"say.turn"},
			[]string{"say.turn"},
		},
		"a ring behind the citizen's lock": {
			locked(LockAlone),
			PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at},
			[]string{"call.your_turn"},
			[]string{"call.your_turn"},
		},
		"staff are called":                       {locked(LockAlone), TapStaff{}, nil, nil},
		"a message for the citizen who is alone": {locked(LockAlone), PlaceFetched{ID: placeID, Entry: written(4, time.Time{}), At: at}, nil, []string{"say.message"}},
		"a message nobody may hear":              {locked(LockIdle), PlaceFetched{ID: placeID, Entry: written(4, time.Time{}), At: at}, nil, nil},
		"a number":                               {joining, Joined{Entry: next, At: at}, nil, []string{"say.number", "say.next", "say.wait_short"}},
		"a message":                              {waiting, PlaceFetched{ID: placeID, Entry: written(4, time.Time{}), At: at}, nil, []string{"say.message"}},
		"the way is lost":                        {talking, report(MediaLost, false), []string{"say.lost"}, []string{"say.lost"}},
		"it is found":                            {lost, report(MediaLive, false), []string{"-"}, []string{"-"}},
		"found, no voice":                        {hushed, report(MediaLive, true), []string{"-", "say.back"}, []string{"-", "say.back"}},
		"connecting anew":                        {lost, report(MediaConnecting, false), []string{"-"}, []string{"-"}},
		"nothing has come":                       {waiting, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 4), At: at}, nil, nil},
		"the call is ended":                      {talking, CallEnded{Call: callID}, nil, nil},
	} {
		if name == "a ring while nobody is signed in" {
			row.s.Employee = Employee{}
			row.vital, row.all = []string{"call.your_turn"}, []string{"call.your_turn"}
		}
		for how, want := range map[Aloud][]string{AloudVital: row.vital, AloudAll: row.all} {
			_, effects := Step(aloud(row.s, how), row.e)
			if got := said(effects); !slices.Equal(got, want) {
				t.Errorf("%s, %s: says %v, want %v", name, how, got, want)
			}
		}
		if _, effects := Step(aloud(row.s, AloudOff), row.e); slices.ContainsFunc(effects, func(e Effect) bool { return reflect.TypeOf(e) == reflect.TypeFor[Say]() }) {
			t.Errorf("%s: read aloud to who has turned it off", name)
		}
	}
}

// A message is read once, and no longer than it takes to say that it has been read.
func TestReadAloud_aMessageOnceAndNoLonger(t *testing.T) {
	waiting := aloud(on(Waiting{Place: shown(kontakt.EntryWaiting)}), AloudAll)
	s, effects := Step(waiting, PlaceFetched{ID: placeID, Entry: written(4, time.Time{}), At: at})
	if got := asks[Say](effects); len(got) != 1 || got[0].Spoken.Words[0].Params["tekst"] != words.Text {
		t.Fatalf("says %v", got)
	}
	if _, again := Step(s, PlaceFetched{ID: placeID, Entry: written(5, time.Time{}), At: at}); len(said(again)) != 0 {
		t.Errorf("said again: %v", said(again))
	}
	if _, effects = Step(s, TapRead{}); !slices.Equal(said(effects), []string{"-"}) {
		t.Errorf("once it is read: %v, want silence", said(effects))
	}
	signedOut, effects := Step(s, TapSignOut{})
	if slices.Contains(said(effects), "say.message") {
		t.Error("read aloud to nobody")
	}
	if _, effects = Step(signedOut, PlaceFetched{ID: placeID, Entry: written(6, time.Time{}), At: at}); slices.Contains(said(effects), "say.message") {
		t.Error("the clinic's words are read aloud while nobody is signed in")
	}
}

// E45: how late a clinic is was always said; who has turned reading off gets a tone.
func TestReadAloud_offMakesTheDelayATone(t *testing.T) {
	waiting := on(Waiting{Place: shown(kontakt.EntryWaiting)})
	for how, quiet := range map[Aloud]bool{AloudOff: true, AloudVital: false, AloudAll: false} {
		_, effects := Step(aloud(waiting, how), PlaceFetched{ID: placeID, Entry: late(4, 15*time.Minute, t0), At: at})
		if got := asks[SayLate](effects); len(got) != 1 || got[0].Quiet != quiet {
			t.Errorf("%s: %v", how, got)
		}
	}
}
