package app

import "kontaktlaege/internal/kontakt"

// A citizen may die or be taken to hospital before the clinic calls (E57). The place then ends by one neutral sentence: nobody
// is asked why or how it went, and nothing of it comes back.
type (
	// TapMoot asks whether the call is needed no longer; TapMootYes and TapMootNo answer.
	TapMoot    struct{}
	TapMootYes struct{}
	TapMootNo  struct{}
)

func (TapMoot) event()    {}
func (TapMootYes) event() {}
func (TapMootNo) event()  {}

func stepMoot(s State, screen Waiting, e Event) (State, []Effect) {
	switch e.(type) {
	case TapMoot:
		screen.More, screen.Moot = false, !screen.Place.Elsewhere && !screen.Leaving && !screen.Wrong
	case TapMootNo:
		screen.Moot = screen.Busy // an answer that is on its way can't be taken back
	case TapMootYes:
		return giveUp(s, screen, screen.Moot, Move{Move: kontakt.MoveLeave, Reason: kontakt.ReasonNotRelevant})
	}
	s.Screen = screen
	return s, nil
}
