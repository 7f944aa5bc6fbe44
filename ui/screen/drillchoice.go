package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// DrillChoice asks which drill it is to be.
type DrillChoice struct {
	title, hint *widget.Text
	rows        []*widget.Button // one for each of app.Scenarios
	page        *widget.Page
}

// NewDrillChoice makes the screen.
func NewDrillChoice(p Parts) *DrillChoice {
	s := &DrillChoice{title: widget.NewKeyFact(), hint: widget.NewText()}
	all := widget.NewColumn(theme.Space)
	for i, scenario := range app.Scenarios {
		rank := widget.Secondary
		if i == 0 {
			rank = widget.Primary // where a beginner begins
		}
		b := widget.NewButton("TapScenario"+strconv.Itoa(i+1), rank, widget.IconNone, p.sends(app.TapScenario{Scenario: scenario}))
		s.rows = append(s.rows, b)
		all.Objects = append(all.Objects, b)
	}
	s.page = widget.NewPage(widget.NewColumn(theme.Gap, s.title, s.hint), all, nil, nil)
	return s
}

// Object is the page.
func (s *DrillChoice) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *DrillChoice) Leave() {}

// Show draws it.
func (s *DrillChoice) Show(state app.State) {
	tr := lookup(state)
	s.title.SetText(tr.Say("drill.choose"))
	s.hint.SetText(tr.Say("drill.choose_hint"))
	for i, b := range s.rows {
		b.SetText(tr.Say(scenarioNames[app.Scenarios[i]]))
	}
	s.page.Refresh()
}

// scenarioNames are what the scenarios are called.
var scenarioNames = map[app.Scenario]kontakt.MsgKey{
	app.DrillGood: "drill.good", app.DrillNoAnswer: "drill.no_answer", app.DrillBadNetwork: "drill.bad_network",
	app.DrillTwoCalls: "drill.two_calls", app.DrillWrong: "drill.wrong",
}
