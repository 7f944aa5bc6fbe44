package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// E56: from every screen about a citizen the sheet is one tap away; it lies over what goes on, and nothing of that is lost.
func TestE56_theSheetIsOneTapAwayAndChangesNothing(t *testing.T) {
	for name, s := range situations() {
		if s.Emergency != nil {
			continue
		}
		open, effects := play(s, TapEmergency{})
		if len(effects) > 0 {
			t.Errorf("%s: does %v", name, effects)
		}
		switch s.Screen.(type) {
		case ReadBack, Consent, Refused, Check, Waiting, Tell, Called, InCall:
			if open.Emergency == nil || !s.MayNeed112() {
				t.Errorf("%s: no way to 112", name)
			}
		case Starting, Enrol, DrillChoice, DrillResult:
			if open.Emergency != nil {
				t.Errorf("%s: is about nobody", name)
			}
		}
		shut, _ := play(open, TapEmergencyClose{})
		if brief(s, shut) != brief(s, s) {
			t.Errorf("%s: comes back to %s", name, brief(s, shut))
		}
	}
}

// E56: the clinic is told once, the place stays, and what was on its way for the place goes on.
func TestE56_theClinicIsToldAndThePlaceIsKept(t *testing.T) {
	s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapEmergency{}, TapEmergencyCalled{}, TapEmergencyCalled{})
	want := []Move{{ID: placeID, Move: kontakt.MoveEmergency, Over: true}}
	if got := asks[Move](effects); !slices.Equal(got, want) {
		t.Fatalf("asks %+v, want %+v", got, want)
	}
	if s.Heard112(placeID) != Telling {
		t.Error("the clinic is said to know before it has answered")
	}
	s, _ = play(s, NetChanged{Offline: true, Since: t0})
	if s.Heard112(placeID) != Telling {
		t.Error("a lost network is an answer")
	}
	s, effects = play(s, NetChanged{}, Moved{ID: placeID, Move: kontakt.MoveEmergency, Entry: urgently(4), At: at})
	if s.Heard112(placeID) != Heard || len(asks[FetchPlace](effects)) == 0 {
		t.Errorf("heard %v, asks %v", s.Heard112(placeID), effects)
	}
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: urgently(4), At: at}, TapEmergencyClose{})
	if w := screenOf[Waiting](t, s); w.Place.Number != 47 || w.Place.EmergencyAt.IsZero() {
		t.Errorf("the place is %+v", w.Place)
	}
	if s, _ := play(s, TapEmergency{}, TapEmergencyCalled{}); s.Heard112(placeID) != Heard {
		t.Error("is told again")
	}
}

// E56: an answer to the ring that is on its way is not let go by the answer about 112, and a ring is answered from the sheet.
func TestE56_aRingIsAnsweredFromTheSheet(t *testing.T) {
	s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapEmergency{}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if !rings(s) || s.Emergency == nil || !slices.Contains(effects, Effect(Ring{On: true})) {
		t.Fatalf("rings %v, sheet %v, %v", rings(s), s.Emergency, effects)
	}
	s, effects = play(s, TapEmergencyCalled{}, TapAnswer{}, Moved{ID: placeID, Move: kontakt.MoveEmergency, Entry: urgently(5), At: at})
	if got := asks[Move](effects); len(got) != 2 || got[1].Move != kontakt.MoveAnswer {
		t.Fatalf("asks %+v", got)
	}
	if c := screenOf[Called](t, s); !c.Busy || s.Emergency != nil {
		t.Errorf("busy %v, sheet %v: the doctor is not answered", c.Busy, s.Emergency)
	}
	s, _ = play(s, Moved{ID: placeID, Move: kontakt.MoveAnswer, Entry: entry(kontakt.EntryInCall, 6), At: at}, TapEmergency{}, TapEmergencyClose{})
	screenOf[InCall](t, s)
}

// E56: in a call the doctor is heard on behind the sheet: neither sound nor picture is touched.
func TestE56_aCallGoesOnBehindTheSheet(t *testing.T) {
	s := situations()["InCall"]
	next, effects := play(s, TapEmergency{}, TapEmergencyDial{}, Dialled{}, TapBack{})
	if len(effects) != 1 || len(asks[Dial](effects)) != 1 || talks(next) != callID {
		t.Errorf("does %v, talks %q", effects, talks(next))
	}
	if c := screenOf[InCall](t, next); c.Controls != screenOf[InCall](t, s).Controls {
		t.Errorf("controls %+v", c.Controls)
	}
}

// E56: a tablet that can't phone says so and goes on showing what to do.
func TestE56_aTabletThatCannotPhoneSaysSo(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryWaiting, 3)}, nil
	}
	w.dial = func(number string) error {
		w.note("phones " + number)
		return &kontakt.Error{Op: "test", Kind: kontakt.NotFound, Msg: kontakt.MsgCannotPhone}
	}
	m := run(t, w)
	until(t, m, any1[Waiting])
	m.Send(TapEmergency{})
	m.Send(TapEmergencyDial{})
	s := untilState(t, m, func(s State) bool { return s.Emergency != nil && !s.Emergency.Problem.None() })
	if s.Emergency.Problem.Key != kontakt.MsgCannotPhone || s.Emergency.Dialled || !slices.Contains(w.noted(), "phones 112") {
		t.Errorf("says %+v after %v", s.Emergency, w.noted())
	}
}

// E56, M2: over a bad network, and over the tablet's own end, the clinic is told under one key until it has answered.
func TestE56_theClinicIsToldUntilItHasHeard(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryWaiting, 3)}, nil
	}
	keys := make(chan string, 10)
	w.move = func(_ context.Context, _ kontakt.EntryID, _ kontakt.Move, _, key string) (kontakt.Entry, error) {
		keys <- key
		return kontakt.Entry{}, unreachable
	}
	again := make(chan struct{}, 1)
	w.sleep = func(ctx context.Context, d time.Duration) error {
		if d != toldPause {
			<-ctx.Done()
			return ctx.Err()
		}
		select {
		case <-again:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m, die := launch(t, w)
	until(t, m, any1[Waiting])
	m.Send(TapEmergency{})
	m.Send(TapEmergencyCalled{})
	first := <-keys
	again <- struct{}{}
	if second := <-keys; second != first {
		t.Errorf("told under %q and %q", first, second)
	}
	die()
	next := after(w)
	next.held = w.held
	told := make(chan string, 1)
	next.move = func(_ context.Context, id kontakt.EntryID, mv kontakt.Move, _, key string) (kontakt.Entry, error) {
		told <- string(id) + " " + string(mv) + " " + key
		return urgently(4), nil
	}
	m, _ = launch(t, next)
	until(t, m, any1[Waiting])
	if got, want := <-told, string(placeID)+" emergency "+first; got != want {
		t.Errorf("told %q after a restart, want %q", got, want)
	}
}

// E56: who may not know the citizen still reads what to do.
func TestE56_theSheetNamesNobodyWithoutASession(t *testing.T) {
	s, _ := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapEmergency{}, SessionEnded{})
	if s.Emergency == nil || s.Emergency.Citizen != nil || s.Emergency.Place != placeID {
		t.Fatalf("shows %+v", s.Emergency)
	}
	_, effects := play(s, TapEmergencyCalled{})
	if got := asks[Move](effects); len(got) != 1 || got[0].Move != kontakt.MoveEmergency {
		t.Errorf("asks %v", effects)
	}
}

// E57: one neutral question, and it is over: no summary that asks how it went, nothing that reminds.
func TestE57_aPlaceThatIsNoLongerRelevantEndsQuietly(t *testing.T) {
	s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapMore{}, TapMoot{})
	if w := screenOf[Waiting](t, s); !w.Moot || w.More || len(effects) > 0 {
		t.Fatalf("asks %+v, does %v", w, effects)
	}
	if back, _ := play(s, TapMootNo{}); screenOf[Waiting](t, back).Moot {
		t.Error("the question stays after a no")
	}
	s, effects = play(s, TapMootYes{}, TapMootYes{})
	if got := asks[Move](effects); len(got) != 1 || got[0].Move != kontakt.MoveLeave || got[0].Reason != kontakt.ReasonNotRelevant {
		t.Fatalf("asks %+v", got)
	}
	gone := entry(kontakt.EntryLeft, 4)
	gone.EndReason = kontakt.ReasonNotRelevant
	s, effects = play(s, Moved{ID: placeID, Move: kontakt.MoveLeave, Entry: gone, At: at})
	if e := screenOf[Ended](t, s); !e.Quiet {
		t.Errorf("asks how it went: %+v", e)
	}
	if len(asks[After](effects))+len(asks[FetchPlace](effects)) > 0 || s.place() != nil {
		t.Errorf("something follows: %v", effects)
	}
	if _, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapMootYes{}); len(effects) > 0 {
		t.Errorf("ends without having asked: %v", effects)
	}
}

// untilState waits for a state that is as wanted.
func untilState(t *testing.T, m *Machine, wanted func(State) bool) State {
	t.Helper()
	found := make(chan State, 1)
	stop := m.Subscribe(func(s State) {
		if wanted(s) {
			select {
			case found <- s:
			default:
			}
		}
	})
	defer stop()
	return <-found // the guard ends a test that waits in vain
}

// Issue 6, part 6: who hides her own picture, or moves it, changes nothing for the doctor: no device is told. The corner
// outlives the call and ends with the session; the next call shows her again.
func TestOwn_isMovedAndHiddenOnThisTabletAlone(t *testing.T) {
	s, effects := play(situations()["InCall"], TapMoveSelf{}, TapMoveSelf{}, TapHideSelf{}, TapMoveSelf{})
	if c := screenOf[InCall](t, s); !c.Hidden || c.Controls.CameraOff || s.Corner != BottomLeft || len(effects) > 0 {
		t.Fatalf("hidden %v, camera off %v, corner %v, does %v", c.Hidden, c.Controls.CameraOff, s.Corner, effects)
	}
	over := entry(kontakt.EntryWaiting, 5)
	again := entry(kontakt.EntryInCall, 6)
	again.Call.ID = "opk_next"
	s, _ = play(s, PlaceFetched{ID: placeID, Entry: over, At: at}, PlaceFetched{ID: placeID, Entry: again, At: at})
	if c := screenOf[InCall](t, s); c.Hidden || s.Corner != BottomLeft {
		t.Errorf("in the next call: hidden %v, corner %v", c.Hidden, s.Corner)
	}
	if s, _ := play(s, SessionEnded{}); s.Corner != TopRight {
		t.Errorf("the next nurse finds it at %v", s.Corner)
	}
}
