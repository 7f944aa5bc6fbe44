package screen

import (
	"fmt"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// DrillResult is the card at the end of a drill: what was done, when, and what was missed.
type DrillResult struct {
	parts         Parts
	scenario      app.Scenario
	title, name   *widget.Text
	how, lasted   *widget.Text
	steps         *fyne.Container
	again, others *widget.Button
	page          *widget.Page
}

// NewDrillResult makes the screen.
func NewDrillResult(p Parts) *DrillResult {
	s := &DrillResult{
		parts: p, title: widget.NewKeyFact(), name: widget.NewHeading(), how: widget.NewText(), lasted: widget.NewMuted(),
		steps:  widget.NewColumn(theme.Space),
		others: widget.NewButton("TapDrill", widget.Secondary, widget.IconNone, p.sends(app.TapDrill{})),
	}
	s.again = widget.NewButton("TapScenario", widget.Primary, widget.IconNone, func() { p.Send(app.TapScenario{Scenario: s.scenario}) })
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.name, s.how, s.lasted), s.steps, widget.NewColumn(theme.Gap, s.again, s.others), nil)
	return s
}

// Object is the page.
func (s *DrillResult) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *DrillResult) Leave() {}

// Show draws it.
func (s *DrillResult) Show(state app.State) {
	v, tr := state.Screen.(app.DrillResult), lookup(state)
	s.scenario = v.Scenario
	s.title.SetText(tr.Say("drill.result"))
	s.name.SetText("")
	if name, known := scenarioNames[v.Scenario]; known {
		s.name.SetText(tr.Say(name))
	}
	s.how.SetText(tr.Say("drill.result_all"))
	if n := v.Missed(); n > 0 {
		s.how.SetText(tr.Say("drill.result_missed", "n", strconv.Itoa(n)))
	}
	s.lasted.SetText(tr.Say("drill.lasted", "tid", clockSpan(v.Lasted)))
	s.steps.Objects = nil
	for _, step := range v.Steps {
		line := widget.NewText()
		if step.Done {
			line.SetText("✓ " + tr.Say("drill.step_done", "trin", tr.Say(step.Says), "tid", clockSpan(step.At)))
		} else {
			line.Bold = true
			line.SetText("✗ " + tr.Say("drill.step_missed", "trin", tr.Say(step.Says)))
		}
		s.steps.Objects = append(s.steps.Objects, line)
	}
	s.again.SetText(tr.Say("drill.again"))
	s.others.SetText(tr.Say("drill.others"))
	s.page.Refresh()
}

// clockSpan is minutes and seconds.
func clockSpan(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
