package app

import (
	"maps"
	"slices"

	"kontaktlaege/internal/kontakt"
)

// consequences are the effects that follow from what is shown, however it came to be shown.
func consequences(before, after State) []Effect {
	var effects []Effect
	if on := rings(after); on != rings(before) {
		effects = append(effects, Ring{on})
	}
	if kept := after.kept(); kept != before.kept() {
		effects = append(effects, KeepLock{kept})
	}
	if chimes(before, after) || reminded(before, after) {
		effects = append(effects, Chime{})
	}
	if _, was := before.Screen.(Round); !was {
		if _, is := after.Screen.(Round); is {
			effects = append(effects, FetchHeld{}) // the list is what the backend says
		}
	}
	effects = append(effects, leftUnsaved(before, after)...)
	effects = append(effects, afterwards(before, after)...)
	if at := rooms(after); !sameRooms(at, rooms(before)) {
		effects = append(effects, Follow{at})
	}
	was, is := open(before), open(after)
	connected, connecting := connects(before), connects(after)
	hungUp := connected != "" && connected != connecting
	if was != "" && was != is || hungUp || checks(before) && !checks(after) {
		effects = append(effects, HangUp{})
	}
	if id := warms(after); id != "" && connecting == "" && (was != is || hungUp) {
		effects = append(effects, Warm{id})
	}
	if connecting != "" && connecting != connected {
		effects = append(effects, Talk{connecting})
	}
	if call := talks(after); call != "" && call != talks(before) {
		effects = append(effects, Answered{call}, FetchGuests{after.place().ID}, FetchOrders{after.place().ID})
	} else if call != "" && !slices.Equal(idsOf(othersOf(before)), idsOf(othersOf(after))) {
		effects = append(effects, SetOthers{call})
	}
	return effects
}

// rings says whether the tablet makes the sound of a call.
func rings(s State) bool {
	if s.Lock.Calls {
		return true
	}
	switch screen := s.Screen.(type) {
	case Called:
		return !screen.silent && !screen.Hushed && !screen.Busy
	case SigningIn:
		return screen.Held != nil && screen.Held.State == kontakt.EntryCalled && !screen.answer && !screen.silent
	}
	return false
}

// rooms are what the stream carries: the device's room always, those of the places, and that of the round.
func rooms(s State) kontakt.Cursor {
	at := kontakt.Cursor{}
	maps.Copy(at, s.rooms)
	for _, p := range s.watched() {
		maps.Copy(at, p.rooms)
	}
	maps.Copy(at, s.Plan.rooms)
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

// open gives the place for which the devices stand open: one that is called or talks. Nothing listens or looks in a
// citizen's home while it only waits.
func open(s State) kontakt.EntryID {
	if screen, ok := s.Screen.(InCall); ok && !screen.over {
		return screen.Place.ID
	}
	return warms(s)
}

// checks says whether the devices are being looked at. What the check has opened closes with it.
func checks(s State) bool {
	_, on := s.Screen.(Check)
	return on
}

// warms gives the place whose call is made ready, while it rings. One that talks needs no more of that.
func warms(s State) kontakt.EntryID {
	if screen, ok := s.Screen.(Called); ok {
		return screen.Place.ID
	}
	return ""
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

// chimes says whether a clinic has written something that was not there before. A ring and a conversation are not talked
// into.
func chimes(before, after State) bool {
	switch after.Screen.(type) {
	case Called, InCall:
		return false
	}
	for _, p := range after.holds() {
		if p.State == kontakt.EntryCalled {
			return false
		}
		known := before.message(p.ID)
		for _, m := range p.Unread() {
			if !known[m.ID] {
				return true
			}
		}
	}
	return false
}

// message gives what a place's clinic has written to it.
func (s State) message(place kontakt.EntryID) map[kontakt.MessageID]bool {
	known := map[kontakt.MessageID]bool{}
	for _, p := range s.holds() {
		if p.ID == place {
			for _, m := range p.Messages {
				known[m.ID] = true
			}
		}
	}
	return known
}
