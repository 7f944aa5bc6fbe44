package app

import (
	"maps"
	"slices"

	"kontaktlaege/internal/kontakt"
)

// First gives the state in which a run begins.
func First() State {
	return State{Settings: DefaultSettings(), Screen: Starting{}}
}

// Step says what follows from an event. It is pure: the same state and event always give the same state and effects.
func Step(s State, e Event) (State, []Effect) {
	next, effects := step(s, e)
	effects = append(effects, consequences(s, next)...)
	next, aloud := sayLate(s, next, e)
	return next, append(effects, aloud...)
}

func step(s State, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapSettings:
		s.Settings = e.Settings.valid()
		return s, []Effect{SaveSettings{s.Settings}}
	case NetChanged:
		return netChanged(s, e)
	case SessionEnded:
		return sessionEnded(s, Sentence{Key: kontakt.MsgSessionEnded})
	case DeviceRefused:
		return deviceRefused(s, e.Why)
	}
	if s.removed != nil {
		if next, effects, done := stepRemoved(s, e); done {
			return next, effects
		}
	}
	if s.Correcting != nil {
		if next, effects, done := stepCorrecting(s, e); done {
			return next, effects
		}
	}
	if f := failureIn(e); f.Say.Key == kontakt.MsgDeviceRevoked || f.Say.Key == kontakt.MsgEnrolUnknown {
		return deviceRefused(s, f.Say)
	} else if f.Kind == kontakt.Unauthenticated && s.Employee.SignedIn() {
		return sessionEnded(s, f.Say)
	}
	switch screen := s.Screen.(type) {
	case Starting:
		return stepStarting(s, screen, e)
	case Enrol:
		return stepEnrol(s, screen, e)
	case SignedOut:
		return stepSignedOut(s, screen, e)
	case SigningIn:
		return stepSigningIn(s, screen, e)
	case FindCitizen:
		return stepFindCitizen(s, screen, e)
	case ChooseClinic:
		return stepChooseClinic(s, screen, e)
	case ReadBack:
		return stepReadBack(s, screen, e)
	case Refused:
		return stepRefused(s, screen, e)
	case Check:
		return stepCheck(s, screen, e)
	case Waiting:
		return stepWaiting(s, screen, e)
	case Called:
		return stepCalled(s, screen, e)
	case InCall:
		return stepInCall(s, screen, e)
	case Ended:
		return stepEnded(s, screen, e)
	}
	return s, nil
}

// failureIn gives the failure that an answer carries. An answer that was asked for without a session tells nothing
// about one: Started and SignedInAs are not here.
func failureIn(e Event) Failure {
	switch e := e.(type) {
	case CitizenFound:
		return e.Failure
	case ClinicsFetched:
		return e.Failure
	case Joined:
		return e.Failure
	case PlaceFetched:
		return e.Failure
	case HeldFetched:
		return e.Failure
	case Moved:
		return e.Failure
	case Invited:
		return e.Failure
	case GuestsFetched:
		return e.Failure
	case GuestRemoved:
		return e.Failure
	case ModeSet:
		return e.Failure
	}
	return Failure{}
}

// netChanged: what was missed comes by the stream's cursor; the place is asked for as well, since a clinic may have
// moved in between.
func netChanged(s State, e NetChanged) (State, []Effect) {
	if s.Net.Offline == e.Offline {
		return s, nil
	}
	s.Net = Net{Offline: e.Offline, Since: e.Since}
	var fetch []Effect
	for _, p := range []*Place{s.place(), s.removed} {
		if p != nil && !e.Offline {
			fetch = append(fetch, FetchPlace{p.ID})
		}
	}
	if talks(s) != "" && !e.Offline {
		fetch = append(fetch, FetchGuests{s.place().ID})
	}
	return s, fetch
}

// sessionEnded leaves the places where they are. A ring goes on, and so does a call: it ends with those who talk.
func sessionEnded(s State, why Sentence) (State, []Effect) {
	if !s.Employee.SignedIn() {
		return s, nil
	}
	held := heldBy(s.place())
	s.Employee, s.Correcting = Employee{}, nil
	switch screen := s.Screen.(type) {
	case Called:
		screen.Place = *held
		screen.Busy, screen.Problem = false, why
		s.Screen = screen
	case InCall:
		s.Screen = screen.in(*held).unsigned()
	case Ended:
		// the summary stays until the nurse has read it
	default:
		s.Screen = SignedOut{Problem: why, Held: held}
	}
	return s, []Effect{SignOut{}}
}

// deviceRefused stops everything and keeps the key: what was barred by mistake works again once it is let in.
func deviceRefused(s State, why Sentence) (State, []Effect) {
	attempt := 1
	if screen, ok := s.Screen.(Starting); ok {
		attempt = screen.Attempt + 1
	}
	s.Employee, s.rooms, s.Correcting, s.removed = Employee{}, nil, nil, nil
	s.Screen = Starting{Attempt: attempt, Problem: why, idle: true}
	return s, []Effect{After{longestPause, RetryDue{attempt}}}
}

// home is where a session with nothing under way stands.
func home(s State, problem Sentence) State {
	if s.Employee.SignedIn() {
		s.Screen = FindCitizen{Problem: problem}
	} else {
		s.Screen = SignedOut{Problem: problem}
	}
	return s
}

// place gives the place that the shown screen is about.
func (s State) place() *Place {
	switch screen := s.Screen.(type) {
	case SignedOut:
		return screen.Held
	case SigningIn:
		return screen.Held
	case Waiting:
		return &screen.Place
	case Called:
		return &screen.Place
	case InCall:
		return &screen.Place
	}
	return s.Correcting
}

// consequences are the effects that follow from what is shown, however it came to be shown.
func consequences(before, after State) []Effect {
	var effects []Effect
	if on := rings(after); on != rings(before) {
		effects = append(effects, Ring{on})
	}
	if chimes(before, after) {
		effects = append(effects, Chime{})
	}
	if at := rooms(after); !sameRooms(at, rooms(before)) {
		effects = append(effects, Follow{at})
	}
	was, is := open(before), open(after)
	connected, connecting := connects(before), connects(after)
	hungUp := connected != "" && connected != connecting
	if was != "" && was != is || hungUp {
		effects = append(effects, HangUp{})
	}
	if id := warms(after); id != "" && connecting == "" && (was != is || hungUp || rung(before, after)) {
		effects = append(effects, Warm{id})
	}
	if connecting != "" && connecting != connected {
		effects = append(effects, Talk{connecting})
	}
	if call := talks(after); call != "" && call != talks(before) {
		effects = append(effects, Answered{call}, FetchGuests{after.place().ID})
	} else if call != "" && !slices.Equal(idsOf(othersOf(before)), idsOf(othersOf(after))) {
		effects = append(effects, SetOthers{call})
	}
	return effects
}

// rings says whether the tablet makes the sound of a call.
func rings(s State) bool {
	switch screen := s.Screen.(type) {
	case Called:
		return !screen.silent && !screen.Hushed && !screen.Busy
	case SigningIn:
		return screen.Held != nil && screen.Held.State == kontakt.EntryCalled && !screen.answer && !screen.silent
	}
	return false
}

// rooms are what the stream carries: the device's room always, and those of the place.
func rooms(s State) kontakt.Cursor {
	at := kontakt.Cursor{}
	maps.Copy(at, s.rooms)
	for _, p := range []*Place{s.removed, s.place()} {
		if p != nil {
			maps.Copy(at, p.rooms)
		}
	}
	return at
}

func sameRooms(a, b kontakt.Cursor) bool {
	if len(a) != len(b) {
		return false
	}
	for room := range a {
		if _, ok := b[room]; !ok {
			return false
		}
	}
	return true
}

// open gives the place for which the devices stand open: the next one in line, and one that is called or talks.
func open(s State) kontakt.EntryID {
	if screen, ok := s.Screen.(InCall); ok && !screen.over {
		return screen.Place.ID
	}
	return warms(s)
}

// warms gives the place whose call is made ready. One that talks needs no more of that.
func warms(s State) kontakt.EntryID {
	switch screen := s.Screen.(type) {
	case Waiting:
		if screen.Place.Before == 0 && !screen.Place.Elsewhere {
			return screen.Place.ID
		}
	case Called:
		return screen.Place.ID
	}
	return ""
}

// rung says that a ring has just begun: what was made ready long ago is made ready anew, since it grows old.
func rung(before, after State) bool {
	_, was := before.Screen.(Called)
	_, is := after.Screen.(Called)
	return is && !was
}

func othersOf(s State) []Participant {
	if screen, ok := s.Screen.(InCall); ok {
		return screen.Others
	}
	return nil
}

// connects gives the call that is held: one that talks, and one that rings at this tablet alone, with somebody who can
// answer it. While it rings nothing goes either way through its connection.
func connects(s State) kontakt.CallID {
	screen, rings := s.Screen.(Called)
	if !rings {
		return talks(s)
	}
	call := screen.Place.Call.ID
	_, ours := screen.Place.rooms[kontakt.CallRoom(call)]
	if !ours || !s.Employee.SignedIn() || screen.talked || screen.silent && !screen.answering {
		return ""
	}
	return call
}

// talks gives the call that is answered here.
func talks(s State) kontakt.CallID {
	if screen, ok := s.Screen.(InCall); ok && !screen.over {
		return screen.Place.Call.ID
	}
	return ""
}
