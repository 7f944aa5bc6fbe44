package app

import (
	"reflect"
	"strconv"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// stepLock takes what the lock is about, and keeps from what lies below it the taps of whoever may not touch that.
func stepLock(s State, e Event) (State, []Effect, bool) {
	switch e := e.(type) {
	case Launched:
		s.Lock = Lock{Why: e.Lock.Why, Place: e.Lock.Place, Tries: e.Lock.Tries}
		s.pin, s.guard = e.Lock.PIN, e.Guard
		s.Kiosk = e.Guard.Kiosk
		return s, nil, false
	case IdleDue:
		next, effects := idleDue(s, e)
		return next, effects, true
	case Moved:
		if e.Move == kontakt.MoveAway || e.Move == kontakt.MoveHere { // she is out or in, whatever becomes of the word of it
			if e.Failure.Failed() {
				return s, nil, true
			}
			next, effects := step(s, PlaceFetched{ID: e.ID, Entry: e.Entry, At: e.At})
			return next, effects, true
		}
	case TapOut:
		next, effects := goOut(s)
		return next, effects, true
	case TapQuit:
		if s.guard.Kiosk && s.guard.Code != "" && s.Lock.Pad != PadIT {
			s.Lock.Pad, s.Lock.Problem = PadIT, Sentence{}
		} else if !s.guard.Kiosk && !s.Lock.On() {
			return s, []Effect{Quit{}}, true
		}
		return s, nil, true
	}
	if _, back := e.(TapBack); back && s.Lock.shown() && s.Emergency == nil {
		e = TapPadClose{}
	}
	if s.Lock.SignIn != nil {
		if next, effects, done := stepUnlocking(s, *s.Lock.SignIn, e); done {
			return next, effects, true
		}
	}
	if next, effects, done := stepPad(s, e); done {
		return next, effects, true
	}
	if s.Lock.shown() && isTap(e) && !s.rings112(e) {
		next, effects := tapLocked(s, e)
		return next, effects, true
	}
	return s, nil, false
}

// isTap goes by the name, so that a tap that somebody adds is kept away without being listed here.
func isTap(e Event) bool { return strings.HasPrefix(reflect.TypeOf(e).Name(), "Tap") }

// rings112 says whether a tap belongs to the sheet "Ring 112", which no lock is in the way of (E56).
func (s State) rings112(e Event) bool {
	switch e.(type) {
	case TapEmergency, TapEmergencyClose, TapEmergencyDial, TapEmergencyCalled:
		return true
	case TapBack:
		return s.Emergency != nil
	}
	return false
}

// goOut locks for the citizen who is shown.
func goOut(s State) (State, []Effect) {
	p := s.place()
	if p == nil || s.Lock.shown() || !s.Employee.SignedIn() {
		return s, nil
	}
	switch screen := s.Screen.(type) {
	case Waiting:
		if screen.Busy || screen.Taking || p.Elsewhere {
			return s, nil
		}
		screen.More, screen.Leaving, screen.Wrong = false, false, false
		s.Screen = screen
	case InCall:
		if screen.over {
			return s, nil
		}
	default:
		return s, nil
	}
	if !s.unlocks() {
		s.Lock = Lock{Pad: PadChoose}
		return s, nil
	}
	return leaveAlone(s, p.ID)
}

// leaveAlone locks. In a call sound and picture are the citizen's from now on: they are on, and nothing of what the nurse
// had opened stays.
func leaveAlone(s State, id kontakt.EntryID) (State, []Effect) {
	s.Lock = Lock{Why: LockAlone, Place: id}
	effects := []Effect{Move{ID: id, Move: kontakt.MoveAway}}
	if screen, ok := s.Screen.(InCall); ok {
		screen.Typing.Open, screen.Inviting, screen.Ending, screen.Mistaking = false, nil, false, false
		screen.Card, screen.Orders.Face = nil, OrdersAway
		c := screen.Controls
		c.Muted, c.CameraOff, c.Camera, c.Zoom, c.Torch = false, false, 0, 1, false
		c.Volume = max(c.Volume, firstControls.Volume)
		if still := screen.Still; still != nil && still.ID != "" {
			effects = append(effects, CloseStill{Call: screen.Place.Call.ID, ID: still.ID})
		}
		screen.Still = nil
		if c != screen.Controls {
			effects = append(effects, SetControls{c})
		}
		screen.Controls = c
		s.Screen = screen
	}
	return s, effects
}

// unlock gives the screen back.
func unlock(s State) (State, []Effect) {
	was := s.Lock
	s.Lock = Lock{}
	if was.Why == LockAlone {
		return s, []Effect{Move{ID: was.Place, Move: kontakt.MoveHere}}
	}
	return s, nil
}

// stepPad takes digits, and what has become of them.
func stepPad(s State, e Event) (State, []Effect, bool) {
	l := s.Lock
	switch e := e.(type) {
	case TapCode:
		if l.Pad == PadNone || l.Checking {
			return s, nil, true
		}
		next, effects := codeKeyed(s, e)
		return next, effects, true
	case TapPadClose:
		if l.Pad != PadNone && !l.Checking {
			s.Lock.Pad, s.Lock.Problem = PadNone, Sentence{}
		}
		return s, nil, true
	case CodeMade:
		if l.Pad != PadChoose || !l.Checking {
			return s, nil, true
		}
		s.Lock.Checking = false
		if e.Failure.Failed() {
			s.Lock.Problem = e.Failure.Say
			return s, nil, true
		}
		s.pin = pin{By: s.Employee.ID, Hash: e.Hash}
		if p := s.place(); p != nil {
			next, effects := leaveAlone(s, p.ID)
			return next, effects, true
		}
		return s, nil, true
	case CodeChecked:
		if !l.Checking {
			return s, nil, true
		}
		next, effects := checked(s, e)
		return next, effects, true
	}
	return s, nil, false
}

func codeKeyed(s State, e TapCode) (State, []Effect) {
	s.Lock.Problem = Sentence{}
	switch s.Lock.Pad {
	case PadChoose:
		if s.Lock.Problem = checkNewCode(e.Code, e.Again); s.Lock.Problem.None() {
			s.Lock.Checking = true
			return s, []Effect{MakeCode{e.Code}}
		}
	case PadUnlock:
		if s.unlocks() {
			s.Lock.Checking = true
			return s, []Effect{CheckCode{Code: e.Code, Hash: s.pin.Hash}}
		}
	case PadIT:
		s.Lock.Checking = true
		return s, []Effect{CheckCode{Code: e.Code, Hash: s.guard.Code, IT: true}}
	}
	return s, nil
}

func checked(s State, e CodeChecked) (State, []Effect) {
	s.Lock.Checking = false
	switch {
	case e.Right && e.IT:
		return s, []Effect{Quit{}}
	case e.Right:
		return unlock(s)
	case e.IT:
		s.Lock.Problem = Sentence{Key: kontakt.MsgCodeWrongIT}
		return s, nil
	}
	s.Lock.Tries++
	s.Lock.Problem = Sentence{Key: kontakt.MsgCodeWrong, Params: map[string]string{"n": strconv.Itoa(mostTries - s.Lock.Tries)}}
	if s.Lock.Tries >= mostTries {
		s.Lock.Problem = Sentence{Key: kontakt.MsgCodeTries}
	}
	return s, nil
}

// tapLocked is what gets through the lock.
func tapLocked(s State, e Event) (State, []Effect) {
	switch e.(type) {
	case TapUnlock:
		if s.Lock.Why == LockVeil {
			return unlock(s)
		}
		if s.Lock.On() && s.Lock.Pad == PadNone {
			s.Lock.Pad, s.Lock.Problem = PadUnlock, Sentence{}
		}
	case TapStaff:
		s.Lock.Calls = s.Lock.Why == LockAlone
	case TapStaffStop:
		s.Lock.Calls = false
	case TapUnlockSignIn:
		if s.Lock.On() && s.Lock.SignIn == nil && !s.Lock.Checking {
			s.Lock.Pad, s.Lock.SignIn, s.Lock.Problem = PadUnlock, &Unlocking{}, Sentence{}
			return s, []Effect{BeginSignIn{}}
		}
	case TapAnswer:
		screen, ok := s.Screen.(Called)
		switch {
		case !ok || !s.Lock.On() || !s.Lock.mine(screen.Place.ID):
		case s.Employee.SignedIn():
			s.Emergency = nil
			return stepCalled(s, screen, TapAnswer{})
		case !s.Lock.Calls: // to answer takes a session (E19): who can have one must come, and the ring waits for them
			s.Lock.Calls = true
			return s, []Effect{Move{ID: screen.Place.ID, Move: kontakt.MoveWait}}
		}
	}
	return s, nil
}

// stepUnlocking is a sign-in over what goes on below.
func stepUnlocking(s State, u Unlocking, e Event) (State, []Effect, bool) {
	failed := func(why Sentence) (State, []Effect, bool) {
		s.Lock.SignIn, s.Lock.Problem = nil, why
		return s, nil, true
	}
	switch e := e.(type) {
	case SigninBegun:
		if u.Signin != "" {
			return s, nil, true
		}
		if e.Failure.Failed() {
			return failed(e.Failure.Say)
		}
		s.Lock.SignIn = &Unlocking{Signin: e.Signin, URL: e.URL}
		return s, []Effect{OpenBrowser{e.URL}, After{e.ExpiresIn + signinSlack, SigninFailed{Signin: e.Signin, Msg: kontakt.MsgLoginExpired}}}, true
	case BrowserFailed:
		s.Lock.Problem = e.Problem
		return s, nil, true
	case SigninCompleted:
		if e.Signin != u.Signin || u.Busy {
			return s, nil, true
		}
		u.Busy = true
		s.Lock.SignIn, s.Lock.Problem = &u, Sentence{}
		return s, []Effect{FinishSignIn{Signin: e.Signin, Code: e.Code}}, true
	case SigninFailed:
		if e.Signin == u.Signin && !u.Busy {
			return failed(Sentence{Key: e.Msg})
		}
		return s, nil, true
	case SignedInAs:
		switch {
		case !u.Busy:
			return s, nil, true
		case e.Failure.Failed():
			return failed(e.Failure.Say)
		}
		next, effects := unlockedBy(s, e)
		return next, effects, true
	case TapUnlockSignInNo, TapPadClose:
		if u.Busy {
			return s, nil, true
		}
		s.Lock.SignIn, s.Lock.Problem = nil, Sentence{}
		if u.Signin == "" {
			return s, nil, true
		}
		return s, []Effect{CancelSignIn{u.Signin}}, true
	}
	return s, nil, false
}

// unlockedBy goes on where the lock was shut, for the same nurse; another finds what the tablet holds (E18). A call stays a
// call.
func unlockedBy(s State, e SignedInAs) (State, []Effect) {
	same := s.Employee.ID == e.Employee.ID
	s, effects := unlock(s)
	if same {
		return s, effects
	}
	s.Employee, s.pin, s.Correcting, s.later = Employee(e.Employee), pin{}, nil, nil
	switch s.Screen.(type) {
	case Called, InCall:
		return s, append(effects, FetchPlace{s.place().ID})
	}
	next, shown := showHeldAfterSignIn(s, e)
	return next, append(effects, shown...)
}

// idles says what nobody's touch may do to the screen; "": nothing.
func (s State) idles() LockWhy {
	if s.guard.Idle <= 0 || !s.Employee.SignedIn() || s.Lock.shown() {
		return ""
	}
	switch s.Screen.(type) {
	case Starting, Enrol, SignedOut, SigningIn, Called, InCall:
		return ""
	}
	if veils(s) {
		return LockVeil
	}
	return LockIdle
}

// veils says whether a citizen waits on the screen: a call must get through.
func veils(s State) bool {
	switch s.Screen.(type) {
	case Waiting, Tell:
		return true
	}
	return false
}

func idleDue(s State, e IdleDue) (State, []Effect) {
	s.idling = false
	why := s.idles()
	if left := s.guard.Idle - e.At.Sub(e.Touched); why != "" && left > 0 {
		s.idling = true
		return s, []Effect{IdleAfter{left}}
	}
	if why != "" {
		s.Lock = Lock{Why: why}
	}
	return s, nil
}

// settleLock is what becomes of the lock by what has come to be shown below it, and the timer of the next.
func settleLock(before, after State) (State, []Effect) {
	l := &after.Lock
	_, starting := after.Screen.(Starting)
	switch screen := after.Screen.(type) {
	case Starting:
		if after.Device.ID != "" { // it is turned away: nobody can sign in to unlock
			*l = Lock{}
		}
	case Enrol:
		*l, after.pin = Lock{}, pin{}
	case Called:
		if !ringing(before, screen.Place.ID) {
			l.Pad = PadNone // first the call
		}
	case InCall, Waiting, Tell:
	default:
		if l.Why == "" && l.Pad == PadChoose {
			*l = Lock{}
		}
	}
	if !after.Employee.SignedIn() && !starting {
		after.pin = pin{}
		if l.Why != LockAlone && l.Pad != PadIT {
			*l = Lock{} // there is nothing to see
		}
	}
	if l.Why == LockVeil && !veils(after) {
		*l = Lock{}
	}
	if l.Why != LockAlone {
		l.Calls = false
	}
	if l.shown() {
		after.Over = nil
		after = after.unnamed112()
	} else {
		*l = Lock{}
	}
	if after.idling || after.idles() == "" {
		return after, nil
	}
	after.idling = true
	return after, []Effect{IdleAfter{after.guard.Idle}}
}

func ringing(s State, id kontakt.EntryID) bool {
	screen, ok := s.Screen.(Called)
	return ok && screen.Place.ID == id
}
