package app

import (
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

func idsAside(s State) []kontakt.EntryID {
	var ids []kontakt.EntryID
	for _, p := range s.Aside {
		ids = append(ids, p.ID)
	}
	return ids
}

// queued gives a state in which Karen and Ole wait at a clinic each, and the list is shown.
func queued(t *testing.T) State {
	t.Helper()
	s, _ := play(on(Waiting{Place: placeOf(oles(kontakt.EntryWaiting, 1))}), TapNew{}, TapFind{someCPR()}, CitizenFound{Citizen: karen},
		TapConfirmCitizen{}, TapConsent{agreed}, TapJoin{Key: "key-1"}, Joined{Entry: entry(kontakt.EntryWaiting, 1), At: at}, TapRound{})
	screenOf[Round](t, s)
	if got := idsAside(s); !slices.Equal(got, []kontakt.EntryID{"plads_o", placeID}) {
		t.Fatalf("waiting are %v", got)
	}
	return s
}

// M1: two citizens wait at two clinics. The first that is called takes the screen, the other one goes on waiting, and when
// the call is over one tap shows the list again.
func TestM1_whoeverIsCalledFirstTakesTheScreen(t *testing.T) {
	s := queued(t)
	for _, room := range []kontakt.Room{kontakt.EntryRoom(placeID), kontakt.EntryRoom("plads_o"), kontakt.LineRoom(cover.ID)} {
		if _, ok := rooms(s)[room]; !ok {
			t.Errorf("%s is not followed", room)
		}
	}
	s, effects := play(s, PlaceChanged{ID: placeID, Version: 2, State: kontakt.EntryCalled})
	if got := asks[FetchPlace](effects); len(got) != 1 || got[0].ID != placeID {
		t.Fatalf("asks for %v", got)
	}
	s, effects = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 2), At: at})
	if p := screenOf[Called](t, s).Place; p.ID != placeID || !rings(s) || len(asks[Talk](effects)) != 1 {
		t.Fatalf("on %+v with %v", p, effects)
	}
	s, _ = play(s, TapAnswer{}, Moved{ID: placeID, Move: kontakt.MoveAnswer, Entry: entry(kontakt.EntryInCall, 3), At: at})
	screenOf[InCall](t, s)

	s, _ = play(s, PlaceFetched{ID: "plads_o", Entry: oles(kontakt.EntryWaiting, 4), At: at})
	screenOf[InCall](t, s)
	if s.Aside[0].Version != 4 {
		t.Error("what is new about the other one is not taken in during the call")
	}
	over := entry(kontakt.EntryEnded, 4)
	s, effects = play(s, TapEnd{}, TapEndYes{at}, Moved{ID: placeID, Move: kontakt.MoveEnd, Entry: over, At: at}, TapDone{})
	screenOf[Round](t, s)
	if got := idsAside(s); !slices.Equal(got, []kontakt.EntryID{"plads_o"}) || len(asks[FetchHeld](effects)) != 1 {
		t.Errorf("waiting are %v, %v", got, effects)
	}
}

// The list comes before the backend has heard that the nurse ended the call: that call does not come back.
func TestM1_whatTheNurseEndedStaysEnded(t *testing.T) {
	s := besides(on(InCall{Place: placeOf(oles(kontakt.EntryInCall, 4)), Controls: firstControls}))
	s, _ = play(s, TapEnd{}, TapEndYes{at}, TapDone{})
	screenOf[Round](t, s)
	held := []kontakt.Entry{oles(kontakt.EntryInCall, 4), entry(kontakt.EntryWaiting, 2)}
	s, _ = play(s, HeldFetched{Held: held, At: at})
	screenOf[Round](t, s)
	if got := idsAside(s); !slices.Equal(got, []kontakt.EntryID{placeID}) {
		t.Errorf("waiting are %v", got)
	}
}

// M1, E23: a second call that comes during the first, or its ring, changes nothing on the screen. It is shown as soon as the
// first is over, also over a summary that has not been read, and the summary comes after it.
func TestM1_aSecondCallWaitsForTheFirst(t *testing.T) {
	s := besides(on(Called{Place: placeOf(oles(kontakt.EntryCalled, 3)), RingUntil: t0.Add(time.Minute)}))
	s, effects := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if screenOf[Called](t, s).Place.ID != "plads_o" || len(asks[Ring](effects)) != 0 {
		t.Fatal("one ring pushes another off the screen")
	}
	s, _ = play(s, TapAnswer{}, Moved{ID: "plads_o", Move: kontakt.MoveAnswer, Entry: oles(kontakt.EntryInCall, 4), At: at})
	s, effects = play(s, TapEnd{}, TapEndYes{at})
	screenOf[Ended](t, s)
	if got := asks[FetchPlace](effects); len(got) != 1 || got[0].ID != placeID {
		t.Fatalf("asks for %v when the call is over", got)
	}
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	screenOf[Called](t, s)
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryInCall, 5), At: at}, TapEnd{}, TapEndYes{at}, TapDone{})
	if got := screenOf[Ended](t, s).Summary; got.Citizen != ole.Name || got.Clinician != holm.Name {
		t.Errorf("the summary that was not read is %+v", got)
	}
	s, _ = play(s, TapDone{})
	screenOf[FindCitizen](t, s)
}

// A ring comes while a number is being drawn for another citizen: it is answered, and the list then asks the backend what
// became of the number.
func TestM1_aRingWhileANumberIsBeingDrawnLosesNeither(t *testing.T) {
	s := besides(on(Check{Citizen: citizenOf(ole), Clinic: cover}))
	s, _ = play(s, TapJoin{Key: "key-1"}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	screenOf[Called](t, s)
	s, effects := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at}, TapRound{})
	if len(asks[FetchHeld](effects)) != 1 {
		t.Fatal("the backend is not asked who waits")
	}
	s, _ = play(s, HeldFetched{Held: []kontakt.Entry{oles(kontakt.EntryWaiting, 1), entry(kontakt.EntryWaiting, 5)}, At: at})
	if got := idsAside(s); !slices.Equal(got, []kontakt.EntryID{"plads_o", placeID}) {
		t.Errorf("waiting are %v", got)
	}
}

// M2: after a dead battery all who wait stand in the list; one who is called is shown at once.
func TestM2_allPlacesComeBack(t *testing.T) {
	both := func(state kontakt.EntryState) Started {
		return Started{
			Device: kontakt.Device{ID: device}, Rooms: kontakt.Cursor{kontakt.DeviceRoom(device): 5}, Employee: sanne,
			Held: []kontakt.Entry{oles(kontakt.EntryWaiting, 4), entry(state, 4)}, At: at,
		}
	}
	s, _ := play(on(Starting{}), both(kontakt.EntryWaiting))
	screenOf[Round](t, s)
	if got := idsAside(s); !slices.Equal(got, []kontakt.EntryID{"plads_o", placeID}) {
		t.Errorf("waiting are %v", got)
	}
	s, _ = play(on(Starting{}), both(kontakt.EntryCalled))
	if screenOf[Called](t, s).Place.ID != placeID || !slices.Equal(idsAside(s), []kontakt.EntryID{"plads_o"}) {
		t.Errorf("waiting are %v", idsAside(s))
	}
}

// E18, E19: with nobody signed in nothing tells who waits, each still rings, and the next sign-in has them all.
func TestE19_aRoundOutlivesTheSession(t *testing.T) {
	for name, end := range map[string]Event{"signed out": TapSignOut{}, "session over": SessionEnded{}} {
		t.Run(name, func(t *testing.T) {
			s, _ := play(queued(t), end)
			out := screenOf[SignedOut](t, s)
			for _, p := range append(slices.Clone(s.Aside), *out.Held) {
				if p.Citizen != nil || p.DrawnBy != "" {
					t.Errorf("tells of %+v", p)
				}
			}
			if out.Held.ID != "plads_o" || !slices.Equal(idsAside(s), []kontakt.EntryID{placeID}) {
				t.Errorf("held are %s and %v", out.Held.ID, idsAside(s))
			}
			rung, _ := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
			if screenOf[Called](t, rung).Place.ID != placeID || rung.Aside[0].ID != "plads_o" {
				t.Errorf("rings for %+v", rung.Screen)
			}
			back, _ := play(s, TapSignIn{}, SigninBegun{Signin: signin}, SigninCompleted{Signin: signin, Code: "c"},
				SignedInAs{Employee: sanne, Held: []kontakt.Entry{oles(kontakt.EntryWaiting, 4), entry(kontakt.EntryWaiting, 4)}, At: at})
			screenOf[Round](t, back)
			if len(back.Aside) != 2 || back.Aside[0].Citizen == nil {
				t.Errorf("comes back with %+v", back.Aside)
			}
		})
	}
}

// E44: a place aside that its clinic removes stays in the list until the nurse has read why, and is there again if the
// clinic takes that back.
func TestE44_aRemovalAsideIsToldAndTakenBack(t *testing.T) {
	s, _ := play(queued(t), PlaceFetched{ID: placeID, Entry: off(4, "removed"), At: at})
	if p := s.aside(placeID); p == nil || p.State.Open() {
		t.Fatalf("the list has %+v", p)
	}
	back, _ := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at})
	if p := back.aside(placeID); p == nil || !p.State.Open() {
		t.Errorf("after the clinic took it back the list has %+v", p)
	}
	read, _ := play(s, TapPlace{placeID})
	if off := screenOf[Ended](t, read).Off; off == nil || off.Words == "" {
		t.Errorf("says %+v", off)
	}
	done, _ := play(read, TapDone{})
	screenOf[Round](t, done)
	back, _ = play(done, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at})
	if screenOf[Waiting](t, back).Place.ID != placeID || back.aside("plads_o") == nil {
		t.Errorf("taken back after it was read: %+v and %v", back.Screen, idsAside(back))
	}
}

// E25: the place that is being corrected is not lost when another citizen's call takes the screen.
func TestE25_aCallWhileAnotherPlaceIsBeingCorrected(t *testing.T) {
	s := besides(on(Waiting{Place: placeOf(oles(kontakt.EntryWaiting, 3))}))
	s, _ = play(s, TapWrong{}, TapWrongYes{}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	screenOf[Called](t, s)
	if s.Correcting != nil || !slices.Equal(idsAside(s), []kontakt.EntryID{"plads_o"}) {
		t.Errorf("corrects %v, aside %v", s.Correcting, idsAside(s))
	}
}
