package drill

import (
	"time"

	"kontaktlaege/app"
)

// record is what was done of a lesson, told by the states that the tablet was in.
type record struct {
	scenario app.Scenario
	begun    time.Time
	last     app.State
	steps    []app.DrillStep
	next     int // the step after the furthest that was done
}

func newRecord(scenario app.Scenario, now time.Time) *record {
	r := &record{scenario: scenario, begun: now, last: app.First()}
	for _, s := range lessons[scenario].steps {
		r.steps = append(r.steps, app.DrillStep{Says: s.says})
	}
	return r
}

// see takes a state in and says whether the drill is over: its last step is done and no summary is left to be read, or the
// nurse has signed out.
func (r *record) see(s app.State, now time.Time) (over bool) {
	for i, step := range lessons[r.scenario].steps {
		if !r.steps[i].Done && step.done(r.last, s) {
			r.steps[i].Done, r.steps[i].At = true, now.Sub(r.begun)
			r.next = max(r.next, i+1)
		}
	}
	r.last = s
	switch s.Screen.(type) {
	case app.SignedOut:
		return true
	case app.Ended:
		return false
	}
	return r.next == len(r.steps)
}

// task is what is to be done now.
func (r *record) task() app.Sentence {
	if r.next == len(r.steps) {
		return app.Sentence{}
	}
	return lessons[r.scenario].steps[r.next].task
}

// card is what became of it.
func (r *record) card(now time.Time) app.DrillResult {
	return app.DrillResult{Scenario: r.scenario, Lasted: now.Sub(r.begun), Steps: append([]app.DrillStep(nil), r.steps...)}
}
