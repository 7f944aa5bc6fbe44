package app

import (
	"context"
	"encoding/json"
	"time"

	"kontaktlaege/internal/kontakt"
)

// The lock lies over the screens and stops none of them: what is locked is who may see and touch it. A place goes on, rings
// and is talked in below. What is shown instead is Locked (State.Face); of the taps only the lock's own get through, and the
// answer to a call that the person before the tablet may answer. It outlives a restart (E52).

// LockWhy is why the screen is locked.
type LockWhy string

// The reasons; none: it is not.
const (
	LockAlone LockWhy = "alone" // "Jeg går ud": the citizen is alone with the tablet (M10)
	LockIdle  LockWhy = "idle"  // nobody has touched it for a while
	LockVeil  LockWhy = "veil"  // the same while a citizen waits: dark and without a name, and one tap ends it
)

// LockPad is which digits are asked for.
type LockPad string

// The pads.
const (
	PadNone   LockPad = ""
	PadChoose LockPad = "choose" // a code for this shift, twice
	PadUnlock LockPad = "unlock" // that code
	PadIT     LockPad = "it"     // IT's, to leave the app
)

// Lock is how the screen is locked; the zero Lock is not.
type Lock struct {
	Why      LockWhy
	Place    kontakt.EntryID // of LockAlone
	Calls    bool            // "Tilkald personale": it rings until somebody comes
	Pad      LockPad
	Tries    int        // wrong codes since the last right one
	Checking bool       // a code is being compared, or made; that takes a moment
	SignIn   *Unlocking // the sign-in that is to unlock; nil: none
	Problem  Sentence
}

// Unlocking is a sign-in that lies over what goes on.
type Unlocking struct {
	Signin kontakt.SigninID
	URL    string
	Busy   bool
}

// mostTries is how many wrong codes there may be: then only a sign-in unlocks.
const mostTries = 5

// On says whether taps for what lies below are kept away from it.
func (l Lock) On() bool { return l.Why != "" }

func (l Lock) shown() bool { return l.On() || l.Pad != PadNone }

// Locked is what is shown in place of a screen that is not for whoever stands there. It is never in State.Screen.
type Locked struct {
	Lock   Lock
	Begins bool   // the tablet finds out what it is in the middle of
	Place  *Place // whose number stands there, without the citizen; nil: none
	Over   bool   // of LockAlone: the place that it was for has ended
	Others bool   // it rings for another citizen of the round: staff must come
	Known  bool   // a code is known that unlocks
}

func (Locked) screen() {}

// pin is a nurse's code for her shift.
type pin struct {
	By   kontakt.EmployeeID
	Hash CodeHash
}

// Guard is how IT has set the tablet's locks.
type Guard struct {
	Idle  time.Duration // without a touch, until it locks; 0: never
	Kiosk bool          // nothing leads out of the app but IT's code
	Code  CodeHash      // "": no code does
}

type (
	// TapOut locks the screen since the nurse goes out; where she has no code yet she chooses one first.
	TapOut struct{}
	// TapCode sends the digits of the pad; Again is what was keyed the second time, where a code is chosen.
	TapCode struct{ Code, Again string }
	// TapUnlock asks for the code, and lifts a veil; TapPadClose goes back.
	TapUnlock   struct{}
	TapPadClose struct{}
	// TapStaff calls staff, loudly; TapStaffStop takes that back.
	TapStaff     struct{}
	TapStaffStop struct{}
	// TapUnlockSignIn unlocks by a sign-in, TapUnlockSignInNo gives it up.
	TapUnlockSignIn   struct{}
	TapUnlockSignInNo struct{}
	// TapQuit asks for IT's code, to leave the app.
	TapQuit struct{}

	// CodeMade answers MakeCode, CodeChecked CheckCode.
	CodeMade struct {
		Hash    CodeHash
		Failure Failure
	}
	CodeChecked struct{ Right, IT bool }
	// IdleDue: it may be time to lock; both by the tablet's clock.
	IdleDue struct{ At, Touched time.Time }
)

func (TapOut) event()            {}
func (TapCode) event()           {}
func (TapUnlock) event()         {}
func (TapPadClose) event()       {}
func (TapStaff) event()          {}
func (TapStaffStop) event()      {}
func (TapUnlockSignIn) event()   {}
func (TapUnlockSignInNo) event() {}
func (TapQuit) event()           {}
func (CodeMade) event()          {}
func (CodeChecked) event()       {}
func (IdleDue) event()           {}

type (
	// MakeCode and CheckCode hash digits, which are in no State.
	MakeCode  struct{ Code string }
	CheckCode struct {
		Code string
		Hash CodeHash
		IT   bool
	}
	// KeepLock keeps over a restart what is locked, and what unlocks it.
	KeepLock struct{ Kept KeptLock }
	// IdleAfter tells in a while how long nobody has touched the tablet.
	IdleAfter struct{ Delay time.Duration }
	// Quit leaves the app.
	Quit struct{}
)

func (MakeCode) course(State) course  { return course{life: wholeRun, lane: "code"} }
func (CheckCode) course(State) course { return course{life: wholeRun, lane: "code"} }
func (KeepLock) course(State) course  { return course{life: wholeRun, lane: "lock", replaces: true} }
func (IdleAfter) course(State) course { return course{life: wholeRun} }
func (Quit) course(State) course      { return course{life: wholeRun} }

func (e MakeCode) do(ctx context.Context, m *Machine) {
	hash, err := HashCode(e.Code, m.ports.NewKey())
	m.tell(ctx, CodeMade{Hash: hash, Failure: m.failure(e, err)})
}

func (e CheckCode) do(ctx context.Context, m *Machine) {
	m.tell(ctx, CodeChecked{Right: e.Hash.Fits(e.Code), IT: e.IT})
}

func (e KeepLock) do(_ context.Context, m *Machine) { m.notes.write(lockName, e.Kept) }

func (e IdleAfter) do(ctx context.Context, m *Machine) {
	if m.ports.Sleep(ctx, e.Delay) == nil {
		m.mu.Lock()
		touched := m.touched
		m.mu.Unlock()
		m.tell(ctx, IdleDue{At: m.ports.Now(), Touched: touched})
	}
}

func (Quit) do(_ context.Context, m *Machine) { m.quit() }

// Guard sets the locks, and how the app is left; before Run.
func (m *Machine) Guard(g Guard, quit func()) { m.guard, m.quit = g, quit }

// Touch tells that somebody has touched the tablet; any goroutine, never waits, and may come with every move of a finger.
func (m *Machine) Touch() {
	m.mu.Lock()
	m.touched = m.ports.Now()
	m.mu.Unlock()
}

// KeptLock is what of the lock outlives a restart: ids and a slow hash.
type KeptLock struct {
	Why   LockWhy         `json:",omitempty"`
	Place kontakt.EntryID `json:",omitempty"`
	Tries int             `json:",omitempty"`
	PIN   pin
}

const lockName = "lock"

// lock gives what was locked when the app ended. What can't be read is locked: a sign-in opens it.
func (n notes) lock() KeptLock {
	data, err := n.memory.Load(lockName)
	if err == nil && data == nil {
		return KeptLock{}
	}
	var k KeptLock
	if err == nil {
		err = json.Unmarshal(data, &k)
	}
	if err != nil {
		n.log.Warn("what was kept can't be read", "name", lockName, "err", err)
		return KeptLock{Why: LockIdle}
	}
	return k
}

// kept is what a restart must find again. A veil hides less than the screen that a restart begins with.
func (s State) kept() KeptLock {
	k := KeptLock{Why: s.Lock.Why, Place: s.Lock.Place, Tries: s.Lock.Tries, PIN: s.pin}
	if k.Why == LockVeil {
		k.Why = ""
	}
	return k
}

// unlocks says whether there is a code that unlocks for who is signed in.
func (s State) unlocks() bool {
	return s.Employee.SignedIn() && s.pin.Hash != "" && s.pin.By == s.Employee.ID && s.Lock.Tries < mostTries
}

// mine says whether whoever stands before a locked tablet may answer and talk for a place.
func (l Lock) mine(id kontakt.EntryID) bool { return l.Why != LockAlone || l.Place == id }

// Face is what to show: the screen, or what the lock leaves of it. A call that may be answered here and a conversation stay
// themselves, without the citizen; Lock tells their screens to offer nothing else.
func (s State) Face() Screen {
	if !s.Lock.shown() {
		return s.Screen
	}
	f := Locked{Lock: s.Lock, Known: s.unlocks()}
	switch screen := s.Screen.(type) {
	case Starting:
		f.Begins = true
	case Called:
		if s.Lock.mine(screen.Place.ID) && s.Lock.Pad == PadNone {
			screen.Place = unnamed(screen.Place, false)
			return screen
		}
		f.Others = !s.Lock.mine(screen.Place.ID)
	case InCall:
		if s.Lock.mine(screen.Place.ID) && !screen.over && s.Lock.Pad == PadNone {
			screen.Place = unnamed(screen.Place, false)
			return screen
		}
	}
	for _, p := range s.holds() {
		if p.State.Open() && (p.ID == s.Lock.Place || s.Lock.Why == LockVeil && p.ID == s.place().ID) {
			shown := unnamed(p, s.Lock.Why == LockAlone)
			f.Place = &shown
			break
		}
	}
	f.Over = s.Lock.Why == LockAlone && f.Place == nil && !f.Begins
	return f
}

// unnamed gives a place without the citizen; what the clinic writes is for who waits there.
func unnamed(p Place, read bool) Place {
	words := p.Messages
	p = *heldBy(&p)
	if read {
		p.Messages = words
	}
	return p
}

// KeepsOn says whether the tablet's screen stays on: somebody waits, or talks.
func (s State) KeepsOn() bool {
	for _, p := range s.holds() {
		if p.State.Open() {
			return true
		}
	}
	return false
}
