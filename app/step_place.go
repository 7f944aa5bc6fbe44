package app

import (
	"kontaktlaege/internal/kontakt"
)

// stepRemoved shows a place again that its clinic has given back, whatever the nurse has begun meanwhile, but for another
// place.
func stepRemoved(s State, e Event) (State, []Effect, bool) {
	id := s.removed.ID
	switch e := e.(type) {
	case PlaceChanged:
		if e.ID == id && e.State != kontakt.EntryLeft {
			return s, []Effect{FetchPlace{id}}, true
		}
	case PlaceFetched:
		back := !e.Failure.Failed() && e.Entry.State.Open() && e.Entry.Version > s.removed.Version
		if e.ID != id || !back {
			return s, nil, false
		}
		s.removed = nil
		if s.place() != nil || joining(s) {
			next, effects := newsAside(s, e.Entry, e.At)
			return next, effects, true
		}
		next, effects := showPlace(s, e.Entry, e.At)
		return next, effects, true
	case RemovalOver:
		if e.ID == id {
			s.removed = nil
		}
		return s, nil, true
	case RoomsRefused:
		s.removed = nil
		next, effects := step(s, e)
		return next, effects, true
	}
	return s, nil, false
}

// stepCorrecting watches the place that is being corrected. While it only waits, the search for the right citizen goes
// on; while the right one is given a number, it is the backend that ends the wrong one's.
func stepCorrecting(s State, e Event) (State, []Effect, bool) {
	switch e := e.(type) {
	case PlaceFetched:
		if e.ID != s.Correcting.ID {
			return s, nil, false
		}
		if !e.Failure.Failed() && (e.Entry.State == kontakt.EntryWaiting || joining(s)) {
			if p := placeOf(e.Entry).after(*s.Correcting); p.Version >= s.Correcting.Version && p.State == kontakt.EntryWaiting {
				s.Correcting = &p
			}
			return s, nil, true
		}
	case PlaceChanged, MessageCame, LineChanged, RoomsRefused, CallEnded:
	default:
		return s, nil, false
	}
	if joining(s) {
		return s, nil, true
	}
	next, effects := stepPlace(s, e)
	return next, effects, true
}

// joining says whether a number is being drawn.
func joining(s State) bool {
	switch screen := s.Screen.(type) {
	case Check:
		return screen.Joining
	case Refused:
		return screen.Busy
	}
	return false
}

// stepPlace is what every screen with a place does with news about it.
func stepPlace(s State, e Event) (State, []Effect) {
	p := s.place()
	if p == nil {
		return s, nil
	}
	fetch := []Effect{FetchPlace{p.ID}}
	switch e := e.(type) {
	case PlaceChanged:
		if e.ID == p.ID && e.Version > p.Version {
			return s, fetch
		}
	case LineChanged:
		if e.Clinic == p.Clinic.ID {
			return s, fetch
		}
	case MessageCame:
		if e.ID == p.ID {
			return s, fetch
		}
	case RoomsRefused:
		return s, fetch
	case CallEnded:
		if p.Call != nil && e.Call == p.Call.ID {
			return s, fetch
		}
	case PlaceFetched:
		if e.ID != p.ID {
			return s, nil
		}
		if !e.Failure.Failed() {
			return showPlace(s, e.Entry, e.At)
		}
		if gone(e.Failure) {
			return placeGone(s, Sentence{Key: kontakt.MsgPlaceLost}), nil
		}
	case Moved:
		if e.ID == p.ID && !e.Failure.Failed() {
			return showPlace(s, e.Entry, e.At)
		}
	}
	return s, nil
}

// gone says whether a failure means that there is no such place for this tablet any more.
func gone(f Failure) bool {
	return f.Kind == kontakt.NotFound || f.Kind == kontakt.Hidden || f.Kind == kontakt.Gone
}
