package app

import (
	"math"
)

// stepTalk is what happens in a call besides its media: text, stills, guests, the mode. done says whether it was that.
func stepTalk(screen InCall, signedIn bool, e Event) (next InCall, effects []Effect, done bool) {
	for _, part := range []func(InCall, bool, Event) (InCall, []Effect, bool){stepText, stepStill, stepPointer, stepInvite, stepGuests, stepMode, stepCard} {
		if next, effects, done = part(screen, signedIn, e); done {
			return next, effects, true
		}
	}
	switch e := e.(type) {
	case NetSaid:
		if e.Call == screen.Place.Call.ID {
			screen, effects = screen.netSaid(e.Said)
		}
	case NetCalm:
		if e.Call == screen.Place.Call.ID {
			screen = screen.netCalm(e.Falls)
		}
	case StillAway:
		if e.Call == screen.Place.Call.ID {
			screen, effects = screen.stillAway(e.Absent)
		}
	case TapBack:
		return stepBack(screen)
	default:
		return screen, nil, false
	}
	return screen, effects, true
}

// stepBack closes what lies over the conversation, the uppermost first. It never leaves the call.
func stepBack(screen InCall) (InCall, []Effect, bool) {
	switch {
	case screen.Ending || screen.Mistaking:
		screen.Ending, screen.Mistaking = false, false
	case screen.Inviting != nil:
		screen.Inviting = nil
	case screen.Still != nil:
		return stepStill(screen, true, TapStillClose{})
	case screen.Card != nil:
		if next, effects, done := screen.Card.step(screen.Place.ID, TapBack{}); done {
			screen.Card = &next
			return screen, effects, true
		}
		screen.Card = nil
	case screen.Typing.Open:
		screen.Typing.Open = false
	default:
		screen.Orders = screen.Orders.back()
	}
	return screen, nil, true
}

// fraction gives what lies from 0 to 1, whatever was sent.
func fraction(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 1)
}
