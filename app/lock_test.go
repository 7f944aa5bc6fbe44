package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// lockedSituations are the states with a lock, and those that it comes from.
func lockedSituations() map[string]State {
	ours := pin{By: sanne.ID, Hash: "hash"}
	with := func(s State, l Lock) State {
		s.Lock, s.pin, s.guard = l, ours, Guard{Idle: 5 * time.Minute}
		s.idling = true
		if !s.Employee.SignedIn() {
			s.pin = pin{}
		}
		return s
	}
	alone := Lock{Why: LockAlone, Place: placeID}
	but := func(change func(*Lock)) Lock {
		l := alone
		change(&l)
		return l
	}
	waiting := on(Waiting{Place: shown(kontakt.EntryWaiting)})
	called := on(Called{Place: shown(kontakt.EntryCalled), RingUntil: t0.Add(time.Minute)})
	talk := InCall{Place: shown(kontakt.EntryInCall), Since: t0, Controls: Controls{Cameras: 2, Camera: 1, Muted: true, Zoom: 2}, Mode: kontakt.ModeConsultation}
	talk.Place.Mode = talk.Mode
	talk.Others = talk.others(nil)
	inCall := on(talk)
	ole := besides(on(Called{Place: placeOf(oles(kontakt.EntryCalled, 3)), RingUntil: t0.Add(time.Minute)}))
	starting := on(Starting{})
	kiosk := with(on(FindCitizen{}), Lock{})
	kiosk.Kiosk, kiosk.guard.Kiosk, kiosk.guard.Code = true, true, "it"
	asked := kiosk
	asked.Lock = Lock{Pad: PadIT, Checking: true}
	return map[string]State{
		"Waiting+code":             with(waiting, Lock{}),
		"InCall+code":              with(inCall, Lock{}),
		"Waiting+choosing":         with(waiting, Lock{Pad: PadChoose}),
		"Waiting+making":           with(waiting, Lock{Pad: PadChoose, Checking: true}),
		"Waiting+alone":            with(waiting, alone),
		"Waiting+alone(calls)":     with(waiting, but(func(l *Lock) { l.Calls = true })),
		"Waiting+alone(pad)":       with(waiting, but(func(l *Lock) { l.Pad = PadUnlock })),
		"Waiting+alone(checking)":  with(waiting, but(func(l *Lock) { l.Pad, l.Checking = PadUnlock, true })),
		"Waiting+alone(tries)":     with(waiting, but(func(l *Lock) { l.Pad, l.Tries = PadUnlock, mostTries })),
		"Waiting+alone(beginning)": with(waiting, but(func(l *Lock) { l.Pad, l.SignIn = PadUnlock, &Unlocking{} })),
		"Waiting+alone(signing)":   with(waiting, but(func(l *Lock) { l.Pad, l.SignIn = PadUnlock, &Unlocking{Signin: signin} })),
		"Waiting+alone(busy)":      with(waiting, but(func(l *Lock) { l.Pad, l.SignIn = PadUnlock, &Unlocking{Signin: signin, Busy: true} })),
		"InCall+alone(busy)":       with(inCall, but(func(l *Lock) { l.Pad, l.SignIn = PadUnlock, &Unlocking{Signin: signin, Busy: true} })),
		"Called+alone":             with(called, alone),
		"Called+alone(signed out)": with(signedOut(called), alone),
		"Called+alone(another's)":  with(ole, alone),
		"InCall+alone":             with(inCall, alone),
		"Ended+alone":              with(on(Ended{Summary: summaryOf(shown(kontakt.EntryInCall)), place: placeID}), alone),
		"Starting+alone":           with(starting, alone),
		"Round+idle":               with(besides(on(Round{})), Lock{Why: LockIdle}),
		"Called+idle":              with(called, Lock{Why: LockIdle}),
		"Waiting+veil":             with(waiting, Lock{Why: LockVeil}),
		"FindCitizen+kiosk":        kiosk,
		"FindCitizen+IT":           asked,
	}
}

// withCode gives a state in which Sanne has a code for her shift.
func withCode(t *testing.T, s State, code string) State {
	t.Helper()
	s.pin = pin{By: sanne.ID, Hash: quickHash(t, code)}
	return s
}

// quickHash is one that costs a test no time.
func quickHash(t *testing.T, code string) CodeHash {
	t.Helper()
	key, err := codeKey(code, "salt", 1)
	if err != nil {
		t.Fatal(err)
	}
	return CodeHash("pbkdf2$1$" + base64.RawURLEncoding.EncodeToString([]byte("salt")) + "$" + key)
}

// compared gives what a check of the last asked code says, as the machine does.
func compared(t *testing.T, s State, effects []Effect) (State, []Effect) {
	t.Helper()
	asked := asks[CheckCode](effects)
	if len(asked) != 1 {
		t.Fatalf("compares %d codes", len(asked))
	}
	return Step(s, CodeChecked{Right: asked[0].Hash.Fits(asked[0].Code), IT: asked[0].IT})
}

// M10: the nurse goes out in a call. Her sound and picture end, which are the citizen's from then on; the screen has the
// doctor and "Tilkald personale"; the moments are told to the record; the code she chose unlocks.
func TestM10_theNurseGoesOutOfACall(t *testing.T) {
	talk := InCall{
		Place: shown(kontakt.EntryInCall), Since: t0, Media: MediaLive, Mode: kontakt.ModeConsultation,
		Controls: Controls{Cameras: 2, Camera: 1, Muted: true, CameraOff: true, Zoom: 2, Torch: true, Volume: 0.1},
		Inviting: &Invite{}, Typing: Typing{Open: true},
	}
	s, _ := play(on(talk), TapOut{}, TapCode{Code: "2580", Again: "2581"})
	if s.Lock.On() || s.Lock.Problem.Key != kontakt.MsgCodeDiffers {
		t.Fatalf("two codes that differ: %+v", s.Lock)
	}
	s, effects := play(s, TapCode{Code: "2580", Again: "2580"})
	made := asks[MakeCode](effects)
	if len(made) != 1 || made[0].Code != "2580" {
		t.Fatalf("makes %v", effects)
	}
	s, effects = play(s, CodeMade{Hash: quickHash(t, made[0].Code)})
	if moves := asks[Move](effects); len(moves) != 1 || moves[0] != (Move{ID: placeID, Move: kontakt.MoveAway}) {
		t.Errorf("tells the record %v", moves)
	}
	set := asks[SetControls](effects)
	if len(set) != 1 || set[0].Controls.Muted || set[0].Controls.CameraOff || set[0].Controls.Camera != 0 || set[0].Controls.Torch || set[0].Controls.Volume < firstControls.Volume {
		t.Errorf("the citizen is left with %+v", set)
	}
	face, ok := s.Face().(InCall)
	if !ok || face.Place.Citizen != nil || face.Inviting != nil || face.Typing.Open {
		t.Fatalf("shows %+v", s.Face())
	}
	for _, tap := range []Event{TapMute{}, TapEnd{}, TapEndYes{At: t0}, TapInvite{}, TapSettings{Settings{Language: "en"}}, TapSignOut{}, TapRound{}, TapHelp{}, TapPreferences{}} {
		if next, effects := Step(s, tap); fmt.Sprintf("%#v", next) != fmt.Sprintf("%#v", s) || len(effects) != 0 {
			t.Errorf("%T gets through the lock: %v", tap, effects)
		}
	}
	s, effects = play(s, TapUnlock{}, TapCode{Code: "2580"})
	s, effects = compared(t, s, effects)
	if s.Lock.On() || !slices.Contains(effects, Effect(Move{ID: placeID, Move: kontakt.MoveHere})) {
		t.Errorf("unlocked: %+v, %v", s.Lock, effects)
	}
	if again, _ := play(s, TapOut{}); again.Lock.Why != LockAlone {
		t.Error("asks for a code twice in a shift")
	}
}

// M10: the call comes through the lock, and one tap answers it; the summary of it is not the citizen's to read.
func TestM10_theCitizenAnswersAlone(t *testing.T) {
	s := withCode(t, besides(on(Waiting{Place: placeOf(oles(kontakt.EntryWaiting, 3))})), "2580")
	s, _ = play(s, TapOut{})
	if face := s.Face().(Locked); face.Place == nil || face.Place.Number != 5 || face.Place.Citizen != nil {
		t.Fatalf("shows %+v", face)
	}
	s, effects := play(s, PlaceFetched{ID: "plads_o", Entry: oles(kontakt.EntryCalled, 4), At: at})
	if !slices.Contains(effects, Effect(Ring{On: true})) {
		t.Fatalf("does not ring: %v", effects)
	}
	if face, ok := s.Face().(Called); !ok || face.Place.Citizen != nil {
		t.Fatalf("shows %+v", s.Face())
	}
	s, effects = play(s, TapNotNow{}, TapWaitTwo{}, TapAnswer{})
	if moves := asks[Move](effects); len(moves) != 1 || moves[0].Move != kontakt.MoveAnswer {
		t.Fatalf("asks for %v", moves)
	}
	over := oles(kontakt.EntryEnded, 6)
	s, _ = play(s, Moved{ID: "plads_o", Move: kontakt.MoveAnswer, Entry: oles(kontakt.EntryInCall, 5), At: at}, PlaceFetched{ID: "plads_o", Entry: over, At: at})
	if face, ok := s.Face().(Locked); !ok || !face.Over {
		t.Errorf("after the call shows %+v", s.Face())
	}
}

// M10: the screen is locked for one citizen, and another of the round is called. Nobody but staff can answer that.
func TestM10_anotherCitizensCallIsNotTheirs(t *testing.T) {
	s := withCode(t, besides(on(Waiting{Place: placeOf(oles(kontakt.EntryWaiting, 3))})), "2580")
	s, _ = play(s, TapOut{})
	s, effects := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	face, ok := s.Face().(Locked)
	if !ok || !face.Others || !slices.Contains(effects, Effect(Ring{On: true})) {
		t.Fatalf("shows %+v, %v", s.Face(), effects)
	}
	if _, effects = play(s, TapAnswer{}); len(effects) != 0 {
		t.Errorf("answers another's call: %v", effects)
	}
}

// M10: wrong codes come to an end, and a restart does not bring them back; then a sign-in unlocks, and the call goes on.
func TestM10_afterFiveWrongCodesOnlyASignInUnlocks(t *testing.T) {
	talk := InCall{Place: shown(kontakt.EntryInCall), Since: t0, Media: MediaLive, Controls: firstControls, Mode: kontakt.ModeConsultation}
	s, _ := play(withCode(t, on(talk), "2580"), TapOut{}, TapUnlock{})
	for range mostTries {
		next, effects := Step(s, TapCode{Code: "1379"})
		s, _ = compared(t, next, effects)
	}
	if s.Lock.Problem.Key != kontakt.MsgCodeTries {
		t.Fatalf("says %v", s.Lock.Problem)
	}
	if _, effects := Step(s, TapCode{Code: "2580"}); len(effects) != 0 {
		t.Fatalf("a sixth code is compared: %v", effects)
	}
	if kept := s.kept(); kept.Tries != mostTries {
		t.Errorf("keeps %+v", kept)
	}
	s, effects := play(s, TapUnlockSignIn{}, SigninBegun{Signin: signin, URL: "https://k.example/s", ExpiresIn: time.Minute}, SigninCompleted{Signin: signin, Code: "code"})
	if len(asks[FinishSignIn](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	s, effects = play(s, SignedInAs{Employee: sanne, At: at})
	if screenOf[InCall](t, s).Media != MediaLive || s.Lock.On() || len(asks[HangUp](effects)) != 0 {
		t.Errorf("unlocked to %+v, %v", s.Lock, effects)
	}
}

// E51: "Tilkald personale" rings until somebody comes or it is taken back.
func TestE51_staffIsCalledLoudly(t *testing.T) {
	s, _ := play(withCode(t, on(Waiting{Place: shown(kontakt.EntryWaiting)}), "2580"), TapOut{})
	s, effects := play(s, TapStaff{})
	if !slices.Contains(effects, Effect(Ring{On: true})) || !s.Face().(Locked).Lock.Calls {
		t.Fatalf("does not ring: %v", effects)
	}
	if _, effects = play(s, TapStaffStop{}); !slices.Contains(effects, Effect(Ring{})) {
		t.Errorf("goes on ringing: %v", effects)
	}
	s, effects = play(s, TapUnlock{}, TapCode{Code: "2580"})
	s, effects = compared(t, s, effects)
	if s.Lock.On() || !slices.Contains(effects, Effect(Ring{})) {
		t.Errorf("staff has come: %+v, %v", s.Lock, effects)
	}
}

// E18, E51: whoever comes signs in; the places are kept, and a place of the nurse who went is taken over with one tap.
func TestE51_anotherNurseUnlocksByHerSignIn(t *testing.T) {
	mette := kontakt.Person{ID: "med_c", Name: "Mette Juhl"}
	s, _ := play(withCode(t, on(Waiting{Place: shown(kontakt.EntryWaiting)}), "2580"), TapOut{}, TapUnlockSignIn{},
		SigninBegun{Signin: signin, URL: "https://k.example/s", ExpiresIn: time.Minute}, SigninCompleted{Signin: signin, Code: "code"})
	drawn := entry(kontakt.EntryWaiting, 4)
	drawn.Helper.Name = sanne.Name
	s, effects := play(s, SignedInAs{Employee: mette, Held: []kontakt.Entry{drawn}, At: at})
	if w := screenOf[Waiting](t, s); s.Lock.On() || !w.Place.MayTakeOver(s.Employee) || s.Employee.ID != mette.ID {
		t.Errorf("shows %+v to %+v", w.Place, s.Employee)
	}
	if !slices.Contains(effects, Effect(Move{ID: placeID, Move: kontakt.MoveHere})) || s.unlocks() {
		t.Errorf("told %v; the other's code unlocks: %v", effects, s.unlocks())
	}
}

// E19: nobody is signed in any more when the citizen answers: staff is called, and the ring waits for them.
func TestE19_behindTheLockStaffIsCalledToAnswer(t *testing.T) {
	s := withCode(t, on(Waiting{Place: shown(kontakt.EntryWaiting)}), "2580")
	s, _ = play(s, TapOut{}, SessionEnded{}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	s, effects := play(s, TapAnswer{}, TapAnswer{})
	if moves := asks[Move](effects); !s.Lock.Calls || len(moves) != 1 || moves[0].Move != kontakt.MoveWait {
		t.Errorf("calls %v, asks for %v", s.Lock.Calls, moves)
	}
}

// E52: the tablet dies while it is locked. It comes back locked to the call, without a menu, and the code still unlocks.
func TestE52_aRestartComesBackLockedToTheCall(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryInCall, 4)}, nil
	}
	w.move = func(_ context.Context, _ kontakt.EntryID, m kontakt.Move, _, _ string) (kontakt.Entry, error) {
		w.note("move " + string(m))
		return entry(kontakt.EntryInCall, 5), nil
	}
	seen := func(m *Machine, wanted func(State) bool) {
		t.Helper()
		found := make(chan struct{})
		var once sync.Once
		defer m.Subscribe(func(s State) {
			if wanted(s) {
				once.Do(func() { close(found) })
			}
		})()
		<-found // the guard ends a test that waits in vain
	}
	first, end := runOnce(t, w)
	seen(first, func(s State) bool { _, talks := s.Screen.(InCall); return talks })
	first.Send(TapOut{})
	first.Send(TapCode{Code: "2580", Again: "2580"})
	seen(first, func(s State) bool { return s.Lock.Why == LockAlone })
	w.fulfilled(func(log []string) bool {
		return slices.Contains(log, "move away") && slices.ContainsFunc(log, func(l string) bool { return strings.Contains(l, `"alone"`) })
	})
	for name, data := range w.files {
		if strings.Contains(string(data), "2580") || strings.Contains(string(data), karen.Name) {
			t.Errorf("%s keeps %s", name, data)
		}
	}
	end()

	second, end := runOnce(t, w)
	defer end()
	free := false
	stop := second.Subscribe(func(s State) {
		_, first := s.Screen.(Starting)
		free = free || !s.Lock.On() && !(first && s.Device.ID == "")
	})
	seen(second, func(s State) bool { _, talks := s.Face().(InCall); return talks && s.Lock.Why == LockAlone })
	second.Send(TapEnd{})
	second.Send(TapSignOut{})
	second.Send(TapUnlock{})
	stop()
	if free {
		t.Error("it was open in between")
	}
	second.Send(TapCode{Code: "1379"})
	seen(second, func(s State) bool { return s.Lock.Tries == 1 && !s.Lock.Checking })
	second.Send(TapCode{Code: "2580"})
	seen(second, func(s State) bool { _, talks := s.Screen.(InCall); return talks && !s.Lock.On() })
	w.fulfilled(func(log []string) bool { return slices.Contains(log, "move here") })
}

// runOnce runs a machine that can be ended before the test does.
func runOnce(t *testing.T, w *world) (*Machine, func()) {
	t.Helper()
	m := NewMachine(w.ports(slog.New(slog.DiscardHandler)))
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { defer close(over); m.Run(ctx) }()
	return m, func() { cancel(); <-over }
}

// domain.md §2.2 step 2: five minutes without a touch lock what is no wait and no call. The nurse's code opens it again; a
// wait only goes dark, without a name, and rings; a call is never locked.
func TestIdle_locksWhatNobodyTouches(t *testing.T) {
	const idle = 5 * time.Minute
	begin := func(screen Screen) State {
		s := withCode(t, on(screen), "2580")
		s.guard = Guard{Idle: idle}
		return s
	}
	timer := func(s State) State {
		t.Helper()
		s, effects := Step(s, NetChanged{Offline: true})
		if after := asks[IdleAfter](effects); len(after) != 1 || after[0].Delay != idle {
			t.Fatalf("waits %v", effects)
		}
		return s
	}
	left := IdleDue{At: t0.Add(idle), Touched: t0}
	s := timer(begin(ReadBack{Citizen: citizenOf(karen)}))
	s, effects := Step(s, IdleDue{At: t0.Add(idle), Touched: t0.Add(2 * time.Minute)})
	if after := asks[IdleAfter](effects); s.Lock.On() || len(after) != 1 || after[0].Delay != 2*time.Minute {
		t.Fatalf("touched two minutes in: %+v, %v", s.Lock, effects)
	}
	s, _ = Step(s, left)
	if face, ok := s.Face().(Locked); !ok || s.Lock.Why != LockIdle || face.Place != nil {
		t.Fatalf("shows %+v", s.Face())
	}
	s, effects = play(s, TapConfirmCitizen{}, TapUnlock{}, TapCode{Code: "2580"})
	s, _ = compared(t, s, effects)
	screenOf[ReadBack](t, s)

	dark, _ := Step(timer(begin(Waiting{Place: shown(kontakt.EntryWaiting)})), left)
	if face, ok := dark.Face().(Locked); !ok || dark.Lock.Why != LockVeil || face.Place.Citizen != nil || face.Place.Number != 47 {
		t.Fatalf("a wait shows %+v", dark.Face())
	}
	if again, _ := Step(dark, TapUnlock{}); again.Lock.On() {
		t.Error("a tap does not lift the veil")
	}
	rung, effects := play(dark, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if _, ok := rung.Face().(Called); !ok || rung.Lock.On() || !rings(rung) {
		t.Errorf("a call behind the veil: %+v, %v", rung.Face(), effects)
	}
	talks, effects := Step(begin(InCall{Place: shown(kontakt.EntryInCall), Since: t0, Mode: kontakt.ModeConsultation}), left)
	if talks.Lock.On() || len(asks[IdleAfter](effects)) != 0 {
		t.Error("a call is locked")
	}
	// A locked tablet still rings, and the call is answered without the code: the citizen must not miss it.
	locked, _ := play(besides(s), IdleDue{At: t0.Add(idle), Touched: t0}, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at}, TapAnswer{})
	if screenOf[Called](t, locked); locked.Lock.Why != LockIdle || !screenOf[Called](t, locked).Busy {
		t.Errorf("a call on a locked tablet: %+v", locked.Lock)
	}
}

// Issue 6, part 11: nothing leads out of the app but IT's code.
func TestKiosk_onlyITsCodeLeadsOut(t *testing.T) {
	if _, effects := Step(on(FindCitizen{}), TapQuit{}); !slices.Contains(effects, Effect(Quit{})) {
		t.Errorf("a tablet that is no kiosk stays: %v", effects)
	}
	code := quickHash(t, "864209")
	s := on(FindCitizen{})
	s.guard = Guard{Kiosk: true}
	if next, effects := Step(s, TapQuit{}); len(effects) != 0 || next.Lock.shown() {
		t.Errorf("without a code: %v", effects)
	}
	s.guard.Code = code
	s, effects := play(s, TapQuit{}, TapCode{Code: "2580"})
	if s, effects = compared(t, s, effects); len(asks[Quit](effects)) != 0 || s.Lock.Problem.Key != kontakt.MsgCodeWrongIT {
		t.Fatalf("a wrong code: %+v, %v", s.Lock, effects)
	}
	s, effects = play(s, TapCode{Code: "864209"})
	if _, effects = compared(t, s, effects); len(asks[Quit](effects)) != 1 {
		t.Errorf("IT's code: %v", effects)
	}
	back, _ := play(s, CodeChecked{IT: true}, TapBack{})
	screenOf[FindCitizen](t, back)
	if back.Lock.shown() {
		t.Error("there is no way back")
	}
}

func FuzzParseCodeHash(f *testing.F) {
	made, err := HashCode("2580", "salt")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(made), "", "pbkdf2$1$c2FsdA$", "pbkdf2$x$c2FsdA$AA", "$$$"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseCodeHash(s)
		if err != nil && h != "" {
			t.Fatal("value with error")
		}
		if err == nil && string(h) != s {
			t.Fatal("not canonical")
		}
	})
}

func TestCodeHash_fitsItsCodeAlone(t *testing.T) {
	h, err := HashCode("2580", "salt")
	if err != nil {
		t.Fatal(err)
	}
	if !h.Fits("2580") || h.Fits("2581") || h.Fits("") || CodeHash("").Fits("") || strings.Contains(string(h), "2580") {
		t.Errorf("%s", h)
	}
	for code, want := range map[string]kontakt.MsgKey{"123": kontakt.MsgCodeDigits, "12a4": kontakt.MsgCodeDigits, "1111": kontakt.MsgCodeEasy, "1234": kontakt.MsgCodeEasy, "2580": ""} {
		if got := checkNewCode(code, code).Key; got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
