package app

import (
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

func stepInCall(s State, screen InCall, e Event) (State, []Effect) {
	if next, effects, done := stepOrders(screen, s.Employee.SignedIn(), e); done {
		s.Screen = next
		return s, effects
	}
	if next, done := stepOwn(s, screen, e); done {
		return next, nil
	}
	if next, effects, done := stepMistaking(s, screen, e); done && !screen.over {
		return next, effects
	}
	if !screen.over {
		if next, effects, done := stepTalk(screen, s.Employee.SignedIn(), e); done {
			s.Screen = next
			return s, effects
		}
	}
	switch e := e.(type) {
	case TapEnd:
		screen.Ending = true
		s.Screen = screen
	case TapEndNo:
		screen.Ending = false
		s.Screen = screen
	case TapEndYes:
		if screen.Ending {
			return end(s, screen, e.At, kontakt.MsgCallEnded, Move{Move: kontakt.MoveEnd, Reason: "done"})
		}
	case TapWithdraw:
		if screen.Ending {
			return end(s, screen, e.At, kontakt.MsgWithdrawn, Move{Move: kontakt.MoveWithdraw, Over: true})
		}
	case SignalCame:
		return signalCame(s, e)
	case CallReported:
		return reported(s, screen, e)
	case CallEnded:
		if e.Call != screen.Place.Call.ID || screen.over {
			return s, nil
		}
		s.Screen = screen.ended()
		return s, []Effect{FetchPlace{screen.Place.ID}}
	default:
		if controls := screen.Controls.after(e); controls != screen.Controls {
			screen.Controls = controls
			s.Screen = screen
			return s, []Effect{SetControls{controls}}
		}
		return stepPlace(s, e)
	}
	return s, nil
}

// end leaves the call at once, whatever the network: its own part of it is over with this tap.
func end(s State, screen InCall, at time.Time, how kontakt.MsgKey, by Move) (State, []Effect) {
	ended := Ended{Summary: summaryOf(screen.Place), place: screen.Place.ID, Loading: s.Employee.SignedIn()}
	ended.Summary = screen.summed(ended.Summary)
	ended.Summary.How = Sentence{Key: how}
	ended.Summary.Lasted = max(at.Sub(screen.Since), 0) // until the backend tells
	s.Screen, s.hungUp = ended, screen.Place.Call.ID
	by.ID = screen.Place.ID
	return s, []Effect{by}
}

// signalCame hands the call what is meant for it.
func signalCame(s State, e SignalCame) (State, []Effect) {
	to := e.Signal.To
	if e.Call != connects(s) || e.Signal.From == kontakt.ParticipantTablet || to != "" && to != kontakt.ParticipantTablet {
		return s, nil
	}
	return s, []Effect{PassSignal{Call: e.Call, Signal: e.Signal}}
}

// ended forgets what belongs to the conversation alone.
func (c InCall) ended() InCall {
	c.over, c.Mistaking = true, false
	c.Typing, c.Still, c.Inviting, c.Card, c.Net, c.News = Typing{}, nil, nil, nil, Sentence{}, GuestNews{}
	c.Orders.Face, c.Orders.Draft = OrdersAway, kontakt.OrderText{}
	return c
}

// unsigned is the call with nobody signed in: it goes on with those who talk, and what takes an employee is given up.
func (c InCall) unsigned() InCall {
	c.Inviting, c.Card, c.Mode, c.Orders.Face = nil, nil, c.Place.Mode, OrdersAway
	c.Guests = slices.Clone(c.Guests)
	for i := range c.Guests {
		c.Guests[i].Going = false
	}
	return c
}

// in gives the call with its place as it stands now.
func (c InCall) in(p Place) InCall {
	if c.Mode == c.Place.Mode { // else another was chosen a moment ago, and the answer is on its way
		c.Mode = p.Mode
	}
	c.Place = p
	c.Others = c.others(nil)
	return c
}

// reported: the phone says how the media fare; the backend is told when they come and when they go.
func reported(s State, screen InCall, e CallReported) (State, []Effect) {
	if e.Call != talks(s) {
		return s, nil
	}
	var effects []Effect
	if e.Status.Media != screen.Media && e.Status.Media != MediaConnecting {
		effects = []Effect{TellMedia{Call: e.Call, Live: e.Status.Media == MediaLive}}
	}
	screen.Media, screen.Notice, screen.Blind = e.Status.Media, e.Status.Problem, e.Status.Blind
	screen.Others = screen.others(e.Status.Others)
	clinic, _ := screen.other(kontakt.ParticipantClinic)
	screen.Remote = clinic.Remote
	screen.Level = fraction(e.Status.Level)
	screen.Silent = e.Status.Silent && !screen.Controls.Muted
	if n := e.Status.Cameras; n > 0 {
		screen.Controls.Cameras = n
	}
	screen.Controls.Zooms, screen.Controls.Torches = e.Status.Zooms, e.Status.Torches
	screen, waits := screen.away(e.Status.Media)
	rung := e.Status.Rung
	if screen.ladder.gone {
		rung = kontakt.RungPhone
	}
	screen, said := screen.climb(rung)
	s.Screen = screen
	return s, slices.Concat(effects, waits, said)
}
