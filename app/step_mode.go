package app

import (
	"kontaktlaege/internal/kontakt"
)

func stepMode(screen InCall, signedIn bool, e Event) (InCall, []Effect, bool) {
	switch e := e.(type) {
	case TapMode:
		if !e.Mode.Valid() || e.Mode == screen.Mode {
			return screen, nil, true
		}
		if !signedIn {
			next, effects := screen.complain(Sentence{Key: kontakt.MsgSessionEnded})
			return next, effects, true
		}
		screen.Mode = e.Mode
		return screen, []Effect{SetMode{Place: screen.Place.ID, Mode: e.Mode}}, true
	case ModeSet:
		if e.Place != screen.Place.ID || e.Mode != screen.Mode {
			return screen, nil, true // another was chosen meanwhile
		}
		screen.Mode = screen.Place.Mode
		if e.Failure.Failed() {
			next, effects := screen.complain(e.Failure.Say)
			return next, effects, true
		}
		return screen, nil, true
	}
	return screen, nil, false
}
