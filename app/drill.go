package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// Øvelse, the drill mode (M14). Nothing in this package knows of it: a drill is another Machine, with ports that reach no
// backend (app/drill). What a screen shows of it, and the taps around it, stand here; Step has no part in them.

// Scenario is one of the drills.
type Scenario string

// The scenarios.
const (
	DrillGood       Scenario = "good"        // as it should go
	DrillNoAnswer   Scenario = "no_answer"   // the first ring runs out
	DrillBadNetwork Scenario = "bad_network" // the call climbs down the ladder, and up again
	DrillTwoCalls   Scenario = "two_calls"   // a second clinic calls during the first call
	DrillWrong      Scenario = "wrong"       // the number that was written down is another citizen's
)

// Scenarios are all there are, in the order in which they are learned.
var Scenarios = []Scenario{DrillGood, DrillNoAnswer, DrillBadNetwork, DrillTwoCalls, DrillWrong}

// Drill marks a state of which nothing is real. It may hold a CPR number: a made-up one, which is nobody's.
type Drill struct {
	Task Sentence // what the nurse is to do now
}

// DrillChoice: which drill is it to be?
type DrillChoice struct{}

// DrillResult is the card at the end of a drill.
type DrillResult struct {
	Scenario Scenario
	Lasted   time.Duration
	Steps    []DrillStep
}

// DrillStep is a part of a scenario that is to be learned.
type DrillStep struct {
	Says kontakt.MsgKey
	Done bool          // false: it was missed
	At   time.Duration // when it was done, from the begin of the drill
}

// Missed counts the steps that were not done.
func (r DrillResult) Missed() int {
	n := 0
	for _, s := range r.Steps {
		if !s.Done {
			n++
		}
	}
	return n
}

type (
	// TapDrill begins drill mode, or goes back to the choice in it; TapScenario begins a drill; TapDrillEnd ends it, with its
	// card, and on the card and on the choice drill mode itself.
	TapDrill    struct{}
	TapScenario struct{ Scenario Scenario }
	TapDrillEnd struct{}
)

func (TapDrill) event()    {}
func (TapScenario) event() {}
func (TapDrillEnd) event() {}
