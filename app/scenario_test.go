package app

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// play gives the state after some events and all that they asked for.
func play(s State, events ...Event) (State, []Effect) {
	var all []Effect
	for _, e := range events {
		next, effects := Step(s, e)
		s, all = next, append(all, effects...)
	}
	return s, all
}

func asks[E Effect](effects []Effect) []E {
	var some []E
	for _, e := range effects {
		if e, ok := e.(E); ok {
			some = append(some, e)
		}
	}
	return some
}

func screenOf[S Screen](t *testing.T, s State) S {
	t.Helper()
	screen, ok := s.Screen.(S)
	if !ok {
		t.Fatalf("on %s, want %s", reflect.TypeOf(s.Screen).Name(), reflect.TypeFor[S]().Name())
	}
	return screen
}

var at = t0.Add(10 * time.Second)

// E24, E21: another tablet holds the place. One tap with a reason joins it; the number is the same.
func TestE24_aPlaceIsTakenOverWithOneTap(t *testing.T) {
	s, effects := play(on(Check{Citizen: citizenOf(karen), Clinic: clinic}), TapJoin{Key: "key-1"}, Joined{Failure: taken, At: at})
	refused := screenOf[Refused](t, s)
	if !refused.TakeOver || refused.Why.Params["sted"] != "Aftenlandet" || refused.Why.Params["rolle"] == "" {
		t.Fatalf("refused with %+v", refused)
	}
	if len(asks[FetchHeld](effects)) != 1 {
		t.Error("it is not asked whether this very tablet holds the place")
	}
	s, effects = play(s, HeldFetched{At: at}, TapTakeOver{Reason: "Vagtskifte", Key: "key-2"}, TapTakeOver{Reason: "Skift af tablet", Key: "key-3"})
	want := []Join{{Join: kontakt.Join{Citizen: karen.ID, Clinic: clinic.ID, Mode: kontakt.ModeConsultation, TakeOver: "Vagtskifte"}, Key: "key-2"}}
	if got := asks[Join](effects); !reflect.DeepEqual(got, want) {
		t.Errorf("joins %+v, want %+v", got, want)
	}
	s, effects = play(s, Joined{Failure: failed}, TapTakeOver{Reason: "Vagtskifte", Key: "key-4"})
	if got := asks[Join](effects); len(got) != 1 || got[0].Key != "key-2" {
		t.Errorf("tried again with %+v, want the same join", got)
	}
	s, _ = play(s, Joined{Entry: entry(kontakt.EntryWaiting, 4), At: at})
	if p := screenOf[Waiting](t, s).Place; p.Number != 47 {
		t.Errorf("number %d, want the place's own", p.Number)
	}
}

// M2: a number that was drawn with words just before the tablet died is asked for again without them, since none are kept. The
// backend takes that for another request; the tablet then shows the place that it holds.
func TestM2_aJoinThatLostItsWordsFindsItsPlace(t *testing.T) {
	unsent := &Join{Join: kontakt.Join{Citizen: karen.ID, Clinic: clinic.ID}, Key: "key-1"}
	s, effects := play(on(Starting{}), Started{Employee: sanne, Unsent: unsent, At: at},
		Joined{Failure: Failure{Kind: kontakt.Invalid, Say: Sentence{Key: kontakt.MsgUnknown}}})
	if len(asks[FetchHeld](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	s, _ = play(s, HeldFetched{Held: []kontakt.Entry{entry(kontakt.EntryWaiting, 1)}, At: at})
	if p := screenOf[Waiting](t, s).Place; p.ID != placeID {
		t.Errorf("shows %+v", p)
	}
}

// E24: both tablets ring; the one that does not answer is quiet at once, never offers media, and shows where the talk is.
func TestE24_onlyTheTabletThatAnswersTalks(t *testing.T) {
	ringing := on(Called{Place: shown(kontakt.EntryCalled), RingUntil: t0.Add(time.Minute)})
	s, effects := play(ringing, PlaceChanged{ID: placeID, Version: 4, State: kontakt.EntryInCall})
	if !slices.Contains(effects, Effect(Ring{})) {
		t.Errorf("goes on ringing until the answer has come: %v", effects)
	}
	s, effects = play(s, PlaceFetched{ID: placeID, Entry: elsewhere(4), At: at})
	if w := screenOf[Waiting](t, s); !w.Place.Elsewhere || w.Place.Notice.Key != kontakt.MsgAnswered {
		t.Errorf("shows %+v", w.Place)
	}
	if len(asks[Talk](effects))+len(asks[Warm](effects)) != 0 || len(asks[HangUp](effects)) != 1 {
		t.Errorf("media in %v", effects)
	}
	if back, _ := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 5), At: at}); !rings(back) {
		t.Error("the place comes back to this tablet too, and it does not ring")
	}
	if gone, _ := play(s, TapDismiss{}); gone.place() != nil {
		t.Error("a dismissed place is still there")
	}
	over := entry(kontakt.EntryEnded, 6)
	done, _ := play(s, PlaceFetched{ID: placeID, Entry: over, At: at})
	if f := screenOf[FindCitizen](t, done); f.Problem.Key != kontakt.MsgCallEnded {
		t.Errorf("says %q at its end", f.Problem.Key)
	}
}

// E19: the session runs out while the citizen waits. The ring comes all the same; to answer takes a sign-in, for which the
// ring is prolonged once, by the tablet itself; then it is answered without another tap.
func TestE19_anEndedSessionMissesNoCall(t *testing.T) {
	s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), SessionEnded{}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if c := screenOf[Called](t, s); c.Place.Citizen != nil || !rings(s) {
		t.Fatalf("shows %+v, rings %v", c, rings(s))
	}
	if !slices.Contains(effects, Effect(Ring{On: true})) {
		t.Fatalf("no ring in %v", effects)
	}
	s, effects = play(s, TapAnswer{})
	if got := asks[Move](effects); len(got) != 1 || got[0].Move != kontakt.MoveWait || len(asks[BeginSignIn](effects)) != 1 {
		t.Fatalf("answering asks for %v", effects)
	}
	longer := entry(kontakt.EntryCalled, 5)
	longer.Call.RingUntil = t0.Add(3 * time.Minute)
	s, effects = play(s, SigninBegun{Signin: signin, URL: "https://k.example/s", ExpiresIn: time.Minute},
		Moved{ID: placeID, Move: kontakt.MoveWait, Entry: longer, At: at},
		SigninCompleted{Signin: signin, Code: "code"}, SignedInAs{Employee: sanne, Held: []kontakt.Entry{longer}, At: at})
	if got := asks[Move](effects); len(got) != 1 || got[0].Move != kontakt.MoveAnswer {
		t.Errorf("after the sign-in it asks for %v", effects)
	}
	if c := screenOf[Called](t, s); !c.Busy || c.Place.Citizen == nil {
		t.Errorf("shows %+v", c)
	}
}

// E19: what was wrong meanwhile is said after the sign-in.
func TestE19_aPlaceThatIsGoneAfterTheSignInIsExplained(t *testing.T) {
	s, _ := play(on(SigningIn{Signin: signin, Busy: true, Held: held(kontakt.EntryWaiting)}),
		PlaceFetched{ID: placeID, Entry: off(4, "closed"), At: at}, SignedInAs{Employee: sanne, At: at})
	if f := screenOf[FindCitizen](t, s); f.Problem.Key != kontakt.MsgClosedOnYou || f.Problem.Params["tlf"] == "" {
		t.Errorf("says %+v", f.Problem)
	}
}

// E18: the next nurse on the same tablet finds the place, and is told who drew it; while nobody is signed in nothing of
// the citizen is kept, also not what the clinic has written.
func TestE18_theNextNurseIsToldWhosePlaceItIs(t *testing.T) {
	e := written(4, time.Time{})
	e.Helper = kontakt.Helper{Name: "Mette Juhl"}
	s, _ := play(on(Waiting{Place: placeOf(e)}), TapSignOut{})
	held := screenOf[SignedOut](t, s).Held
	if held == nil || held.Citizen != nil || held.DrawnBy != "" || held.Messages[0].Text != "" || len(held.Unread()) != 1 {
		t.Fatalf("signed out with %+v", held)
	}
	s, effects := play(s, TapSignIn{}, SigninBegun{Signin: signin}, SigninCompleted{Signin: signin}, SignedInAs{Employee: sanne, Held: []kontakt.Entry{e}, At: at})
	if p := screenOf[Waiting](t, s).Place; p.DrawnBy != "Mette Juhl" || p.Citizen == nil || p.Messages[0].Text == "" {
		t.Errorf("shows %+v", p)
	}
	if len(asks[Chime](effects)) != 0 {
		t.Error("a message that had been announced is announced again")
	}
	s, effects = play(s, TapTakeOver{Reason: "Vagtskifte", Key: "key-1"})
	if got := asks[Join](effects); len(got) != 1 || got[0].Join.TakeOver != "Vagtskifte" || got[0].Join.Citizen != karen.ID {
		t.Fatalf("takes over by %+v", got)
	}
	e.Version, e.Helper = 5, kontakt.Helper{Name: sanne.Name}
	s, _ = play(s, Joined{Entry: e, At: at})
	if w := screenOf[Waiting](t, s); w.Taking || w.Place.MayTakeOver(s.Employee) {
		t.Errorf("after the take-over it shows %+v", w)
	}
	if _, effects := play(s, TapTakeOver{Reason: "Vagtskifte", Key: "key-2"}); len(effects) != 0 {
		t.Errorf("one's own place is taken over: %v", effects)
	}
}

// E25: the wrong citizen's place holds while the right one is looked for, still rings, and is corrected by the join.
func TestE25_theWrongCitizenIsCorrected(t *testing.T) {
	s, _ := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapWrong{}, TapWrongYes{})
	screenOf[FindCitizen](t, s)
	if s.Correcting == nil || len(rooms(s)) != 3 {
		t.Fatalf("follows %v while the place is being corrected", rooms(s))
	}
	if called, _ := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at}); !rings(called) {
		t.Error("a call in between is not heard")
	}
	if back, _ := play(s, TapBack{}); screenOf[Waiting](t, back).Place.ID != placeID || back.Correcting != nil {
		t.Error("the way back loses the place")
	}
	if same, _ := play(s, TapFind{someCPR()}, CitizenFound{Citizen: karen}, TapConfirmCitizen{}); screenOf[Waiting](t, same).Place.ID != placeID {
		t.Error("the same citizen again is not the same place")
	}
	s, effects := play(s, TapFind{someCPR()}, CitizenFound{Citizen: ole}, TapConfirmCitizen{}, TapConsent{agreed}, TapJoin{Key: "key-1"},
		PlaceChanged{ID: placeID, Version: 4, State: kontakt.EntryLeft}) // the backend's word of the end overtakes its answer
	if got := asks[Join](effects); len(got) != 1 || got[0].Join.Corrects != placeID || got[0].Join.Citizen != ole.ID {
		t.Fatalf("joins %+v", got)
	}
	right := entry(kontakt.EntryWaiting, 1)
	right.ID, right.Citizen = "plads_b", ole
	s, _ = play(s, Joined{Entry: right, At: at})
	if p := screenOf[Waiting](t, s).Place; p.ID != "plads_b" || s.Correcting != nil {
		t.Errorf("shows %+v, corrects %v", p, s.Correcting)
	}
}

// E44: a removal is told with the clinic's words and phone, and a place that the clinic gives back is shown again, also
// after the nurse has put the message away.
func TestE44_aRemovedPlaceComesBack(t *testing.T) {
	for name, meanwhile := range map[string][]Event{"at once": nil, "after the message was put away": {TapDone{}}, "while another is looked up": {TapDone{}, TapFind{someCPR()}}} {
		t.Run(name, func(t *testing.T) {
			s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), PlaceFetched{ID: placeID, Entry: off(4, "removed"), At: at})
			e := screenOf[Ended](t, s)
			if e.Off == nil || e.Off.Why.Key != kontakt.MsgRemoved || e.Off.Why.Params["tlf"] != clinic.Phone || e.Off.Words == "" {
				t.Fatalf("says %+v", e.Off)
			}
			if after := asks[After](effects); len(after) != 1 || after[0].Delay < kontakt.RestoreWithin {
				t.Errorf("watches for %v", after)
			}
			s, _ = play(s, meanwhile...)
			if _, follows := rooms(s)[kontakt.EntryRoom(placeID)]; !follows {
				t.Fatalf("follows %v", rooms(s))
			}
			s, effects = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 3), At: at}) // from before the removal
			if len(effects) != 0 {
				t.Errorf("an old answer asks for %v", effects)
			}
			s, effects = play(s, PlaceChanged{ID: placeID, Version: 5, State: kontakt.EntryWaiting})
			if len(asks[FetchPlace](effects)) != 1 {
				t.Fatalf("the word of it asks for %v", effects)
			}
			s, _ = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at})
			if w := screenOf[Waiting](t, s); w.Place.Number != 47 || s.removed != nil {
				t.Errorf("shows %+v", w)
			}
		})
	}
	s, _ := play(on(SignedOut{Held: held(kontakt.EntryWaiting)}), PlaceFetched{ID: placeID, Entry: off(4, "removed"), At: at})
	if screenOf[SignedOut](t, s).Problem.Key != kontakt.MsgRemoved {
		t.Error("with nobody signed in, nobody is told")
	}
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at})
	if screen := screenOf[SignedOut](t, s); screen.Held == nil || !screen.Problem.None() {
		t.Errorf("after it came back it shows %+v", screen)
	}
	s, _ = play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), PlaceFetched{ID: placeID, Entry: off(4, "removed"), At: at}, RemovalOver{placeID}, TapDone{})
	if len(rooms(s)) != 1 {
		t.Errorf("still follows %v when it can't come back", rooms(s))
	}
	other := shown(kontakt.EntryWaiting)
	other.ID = kontakt.NewEntryID()
	s, _ = play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), PlaceFetched{ID: placeID, Entry: off(4, "removed"), At: at})
	s.Screen = Waiting{Place: other}
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at})
	if w := screenOf[Waiting](t, s); w.Place.ID != other.ID {
		t.Error("what comes back takes the place of the citizen who is there now")
	}
}

// A ring's end is counted here: what two answers about it differ by on their way moves nothing.
func TestCalled_theRingsEndStandsStill(t *testing.T) {
	s, _ := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 3), At: at})
	until := screenOf[Called](t, s).RingUntil
	for _, late := range []time.Duration{2 * time.Second, -2 * time.Second} {
		again := entry(kontakt.EntryCalled, 4)
		call := *again.Call
		call.RingUntil = call.RingUntil.Add(late)
		again.Call = &call
		next, effects := play(s, PlaceFetched{ID: placeID, Entry: again, At: at})
		if got := screenOf[Called](t, next).RingUntil; !got.Equal(until) || len(asks[After](effects)) != 0 {
			t.Errorf("%v later the ring ends %v later, and asks for %v", late, got.Sub(until), asks[After](effects))
		}
	}
}

// E45 and messages: one soft tone for each message, however often and by whatever way its word comes; none over a ring;
// what was read stays read while the mark is on its way.
func TestE45_aMessageIsAnnouncedOnce(t *testing.T) {
	s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}),
		MessageCame{placeID}, LineChanged{clinic.ID},
		PlaceFetched{ID: placeID, Entry: written(3, time.Time{}), At: at}, PlaceFetched{ID: placeID, Entry: written(3, time.Time{}), At: at})
	if n := len(asks[Chime](effects)); n != 1 {
		t.Errorf("%d tones, want one", n)
	}
	late := written(4, time.Time{})
	late.Clinic.Delay = 15 * time.Minute
	s, effects = play(s, PlaceFetched{ID: placeID, Entry: late, At: at})
	if len(asks[Chime](effects)) != 0 || screenOf[Waiting](t, s).Place.Clinic.Delay != 15*time.Minute {
		t.Errorf("a delay has the tone of a message: %v", effects)
	}
	s, effects = play(s, TapRead{}, TapRead{}, PlaceFetched{ID: placeID, Entry: late, At: at}) // an answer from before the mark
	if got := asks[Read](effects); len(got) != 1 || !slices.Equal(got[0].Messages, []kontakt.MessageID{words.ID}) {
		t.Errorf("marks %v", got)
	}
	if w := screenOf[Waiting](t, s); len(w.Place.Unread()) != 0 || len(w.Place.Seen()) != 1 {
		t.Errorf("messages %+v", w.Place.Messages)
	}
	again, _ := play(s, TapMessages{})
	if !screenOf[Waiting](t, again).Messages {
		t.Error("what was read cannot be seen again")
	}
	for _, state := range []kontakt.EntryState{kontakt.EntryCalled, kontakt.EntryInCall} {
		busy := entry(state, 4)
		busy.Mode = kontakt.ModeConsultation
		busy.Messages = []kontakt.Message{words}
		if _, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), PlaceFetched{ID: placeID, Entry: busy, At: at}); len(asks[Chime](effects)) != 0 {
			t.Errorf("a tone while it is %s", state)
		}
	}
}

// E45: a delay is said once however often its word comes, also with nobody signed in; two words within a minute are one
// voice and then the last figure; nobody is talked into.
func TestE45_aDelayIsSpokenOnce(t *testing.T) {
	fetched := func(version int, minutes time.Duration, said time.Time) Event {
		return PlaceFetched{ID: placeID, Entry: late(version, minutes*time.Minute, said), At: at}
	}
	spoken := func(effects []Effect) (all []time.Duration) {
		for _, say := range asks[SayLate](effects) {
			all = append(all, say.Word.By)
		}
		return all
	}
	expect := func(what string, effects []Effect, want ...time.Duration) {
		t.Helper()
		if got := spoken(effects); !slices.Equal(got, want) {
			t.Errorf("%s: says %v, want %v", what, got, want)
		}
	}
	waiting := on(Waiting{Place: shown(kontakt.EntryWaiting)})
	waiting.Settings.Language = "en"
	s, effects := play(waiting, fetched(4, 15, t0), LineChanged{clinic.ID}, fetched(4, 15, t0), fetched(5, 15, t0), NetChanged{Offline: true}, NetChanged{}, fetched(5, 15, t0))
	expect("one word, fetched again and again", effects, 15*time.Minute)
	if say := asks[SayLate](effects)[0]; say.Language != "en" {
		t.Errorf("says it in %q", say.Language)
	}
	_, effects = play(s, fetched(6, 15, t0.Add(30*time.Second)), fetched(7, 0, time.Time{}))
	expect("the same figure within a minute, and none", effects)
	if after := asks[After](effects); len(after) != 0 {
		t.Errorf("the same figure waits to be said by %v", after)
	}
	_, effects = play(s, fetched(6, 15, t0.Add(time.Hour)))
	expect("the same figure an hour later", effects, 15*time.Minute)

	soon, effects := play(s, fetched(6, 30, t0.Add(20*time.Second)), fetched(7, 45, t0.Add(40*time.Second)), fetched(7, 45, t0.Add(40*time.Second)))
	expect("another figure within a minute", effects)
	after := asks[After](effects)
	if len(after) != 2 || after[0].Delay != 40*time.Second || after[1].Delay != 20*time.Second {
		t.Fatalf("waits by %v", after)
	}
	_, effects = play(soon, after[1].Then, after[0].Then, after[1].Then)
	expect("when the minute is over", effects, 45*time.Minute)
	_, effects = play(soon, fetched(8, 0, time.Time{}), after[1].Then)
	expect("a word that was taken back", effects)

	called := entry(kontakt.EntryCalled, 6)
	called.Clinic.Delay, called.Clinic.DelayAt = 30*time.Minute, t0.Add(time.Hour)
	ringing, effects := play(s, PlaceFetched{ID: placeID, Entry: called, At: at})
	expect("over the ring", effects)
	_, effects = play(ringing, fetched(7, 30, t0.Add(time.Hour)))
	expect("after the ring", effects, 30*time.Minute)
	_, effects = play(on(SignedOut{Held: held(kontakt.EntryWaiting)}), fetched(4, 15, t0))
	expect("with nobody signed in", effects, 15*time.Minute)
	other := late(1, 10*time.Minute, t0.Add(-time.Hour))
	other.Clinic.ID = cover.ID
	_, effects = play(s, fetched(6, 15, t0), TapLeave{}, TapLeaveYes{}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryLeft, 7), At: at},
		TapFind{someCPR()}, CitizenFound{Citizen: karen}, TapConfirmCitizen{}, TapConsent{agreed}, TapJoin{Key: "key-1"}, Joined{Entry: other, At: at})
	expect("another clinic's earlier word", effects, 10*time.Minute)
}

// Holiday cover: to the cover clinic where only that is open; where both are, the nurse says which.
func TestCover_theCitizenGoesWhereSomebodyIs(t *testing.T) {
	shut := cover
	shut.Open = false
	for name, row := range map[string]struct {
		citizen kontakt.Citizen
		tap     Event
		want    kontakt.ClinicID // "": refused
	}{
		"own closed":          {covered(false), TapConfirmCitizen{}, cover.ID},
		"both open, own":      {covered(true), TapConfirmCitizen{}, clinic.ID},
		"both open, cover":    {covered(true), TapConfirmCover{}, cover.ID},
		"both closed":         {kontakt.Citizen{ID: karen.ID, Clinic: func() *kontakt.Clinic { c := clinic; c.Open = false; return &c }(), Cover: &shut}, TapConfirmCitizen{}, ""},
		"none covers, closed": {kontakt.Citizen{ID: karen.ID, Clinic: &shut}, TapConfirmCitizen{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := play(on(ReadBack{Citizen: citizenOf(row.citizen)}), row.tap)
			if row.want == "" {
				if r := screenOf[Refused](t, s); r.Why.Key != kontakt.MsgClinicClosed || len(r.Next) == 0 {
					t.Errorf("refused with %+v", r)
				}
				return
			}
			_, effects := play(s, TapConsent{agreed}, TapJoin{Key: "key-1"})
			if got := asks[Join](effects); len(got) != 1 || got[0].Join.Clinic != row.want {
				t.Errorf("joins %+v, want at %s", got, row.want)
			}
		})
	}
}

// A register that does not answer: try again, or say which clinic it is; nothing of the number is in the state.
func TestRegistryDown_theNurseChoosesTheClinic(t *testing.T) {
	down := Failure{Kind: kontakt.Unavailable, Say: Sentence{Key: kontakt.MsgRegistryDown}}
	s, effects := play(on(FindCitizen{}), TapFind{someCPR()}, CitizenFound{Failure: down}, TapChooseClinic{})
	if len(asks[FetchClinics](effects)) != 1 {
		t.Fatalf("asks for %v", effects)
	}
	s, effects = play(s, ClinicsFetched{Clinics: []kontakt.Clinic{clinic, cover}}, TapClinic{CPR: someCPR(), Clinic: cover.ID})
	if got := asks[Find](effects); len(got) != 1 || got[0].Clinic != cover.ID || got[0].CPR != someCPR() {
		t.Fatalf("looks up %v", got)
	}
	s, _ = play(s, CitizenFound{Citizen: kontakt.Citizen{ID: "bor_c", Masked: "290200-••••", Clinic: &cover, Unchecked: true}})
	if c := screenOf[ReadBack](t, s).Citizen; !c.Unchecked || c.Name != "" {
		t.Errorf("reads back %+v", c)
	}
	_, effects = play(s, TapConfirmCitizen{}, TapConsent{agreed}, TapJoin{Key: "key-1"})
	if got := asks[Join](effects); len(got) != 1 || got[0].Join.Clinic != cover.ID {
		t.Errorf("joins %+v", got)
	}
}

// SD-07: the clinic wants a booked time; the sentence comes with its phone.
func TestNoBooking_isToldWithThePhone(t *testing.T) {
	why := Failure{Kind: kontakt.Conflict, Say: Sentence{Key: kontakt.MsgNoBooking, Params: map[string]string{"klinik": cover.Name}}}
	s, _ := play(on(ReadBack{Citizen: citizenOf(covered(false))}), TapConfirmCitizen{}, TapConsent{agreed}, TapJoin{Key: "key-1"}, Joined{Failure: why})
	r := screenOf[Refused](t, s)
	if r.TakeOver || r.Why.Key != kontakt.MsgNoBooking || len(r.Next) != 1 || r.Next[0].Params["tlf"] != cover.Phone {
		t.Errorf("refused with %+v", r)
	}
}
