package app

import "reflect"

// What lies over a screen that goes on beneath: help, and the settings of a person's senses. It goes away by itself when
// the tablet turns to something else, above all when it rings.

// HelpPage is what a page of the help is about.
type HelpPage string

// The pages of the help.
const (
	HelpAll       HelpPage = "" // which there are
	HelpLogin     HelpPage = "login"
	HelpFind      HelpPage = "find"
	HelpQueue     HelpPage = "queue"
	HelpCall      HelpPage = "call"
	HelpOrders    HelpPage = "orders"
	HelpRound     HelpPage = "round"
	HelpHandOver  HelpPage = "handover"
	HelpNetwork   HelpPage = "network"
	HelpEmergency HelpPage = "emergency"
	HelpDrill     HelpPage = "drill"
)

// HelpPages are all there are, in the order of a day.
var HelpPages = []HelpPage{
	HelpLogin, HelpFind, HelpQueue, HelpCall, HelpOrders, HelpRound, HelpHandOver, HelpNetwork, HelpEmergency, HelpDrill,
}

// Help shows a page of the help. Preferences is how a person sees, hears and reads the tablet.
type (
	Help        struct{ Page HelpPage }
	Preferences struct{}
)

func (Help) screen()        {}
func (Preferences) screen() {}

type (
	// TapHelp opens the help at what the screen is about, TapHelpPage a page of it, TapPreferences the settings; TapBack puts
	// them away.
	TapHelp        struct{}
	TapHelpPage    struct{ Page HelpPage }
	TapPreferences struct{}
)

func (TapHelp) event()        {}
func (TapHelpPage) event()    {}
func (TapPreferences) event() {}

// Top is the screen that is seen: the one that lies over the other, where there is one.
func (s State) Top() Screen {
	if s.Over != nil {
		return s.Over
	}
	return s.Screen
}

// stepOver takes what opens and closes such a screen.
func stepOver(s State, e Event) (State, bool) {
	if s.Emergency != nil { // nothing comes between
		return s, false
	}
	_, rings := s.Screen.(Called)
	switch e := e.(type) {
	case TapHelp:
		if !rings {
			s.Over = Help{pageOf(s)}
		}
		if waiting, ok := s.Screen.(Waiting); ok {
			waiting.More = false
			s.Screen = waiting
		}
	case TapPreferences:
		if !rings {
			s.Over = Preferences{}
		}
	case TapHelpPage:
		if _, reads := s.Over.(Help); reads {
			s.Over = Help{e.Page}
		}
	case TapBack:
		if s.Over == nil {
			return s, false
		}
		s.Over = nil
	default:
		return s, false
	}
	return s, true
}

// uncovered takes away what lies over a screen that has made way for another.
func uncovered(before, after State) State {
	if reflect.TypeOf(before.Screen) != reflect.TypeOf(after.Screen) {
		after.Over = nil
	}
	return after
}

// pageOf gives the page that helps with what is shown.
func pageOf(s State) HelpPage {
	if s.Net.Offline {
		return HelpNetwork
	}
	switch screen := s.Screen.(type) {
	case InCall:
		if screen.Media == MediaLost {
			return HelpNetwork
		}
		return HelpCall
	case Starting, Enrol, SignedOut, SigningIn:
		return HelpLogin
	case Round:
		return HelpRound
	case HandOver:
		return HelpHandOver
	case FindCitizen, Scan, ChooseClinic, ReadBack, Refused:
		return HelpFind
	case Consent, Check, Waiting, Tell:
		return HelpQueue
	case Ended, Journal:
		return HelpOrders
	case DrillChoice, DrillResult:
		return HelpDrill
	}
	return HelpAll
}
