package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Starting says that the tablet is finding out where it was.
type Starting struct {
	name, purpose *widget.Text
	head, hint    *widget.Text
	problem       *widget.Notice
	retry, drill  *widget.Button
	page          *widget.Page
}

// NewStarting makes the screen.
func NewStarting(p Parts) *Starting {
	s := &Starting{
		name: widget.NewKeyFact(), purpose: widget.NewText(), head: widget.NewHeading(), hint: widget.NewMuted(),
		problem: widget.NewNotice(widget.Warn),
		retry:   widget.NewButton("TapRetry", widget.Secondary, widget.IconNone, p.sends(app.TapRetry{})),
		drill:   newDrillButton(p),
	}
	s.purpose.Type = theme.SizeLabel // as when nobody is signed in, which comes next
	s.page = widget.NewPage(
		widget.NewColumn(theme.Space, s.name, s.purpose),
		widget.NewColumn(theme.Gap, s.head, s.problem, s.hint), widget.NewColumn(theme.Gap, s.retry, s.drill), nil)
	return s
}

// Object is the page.
func (s *Starting) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Starting) Leave() {}

// Show draws it.
func (s *Starting) Show(state app.State) {
	v, tr := state.Screen.(app.Starting), lookup(state)
	s.name.SetText(tr.Say("app.name"))
	s.purpose.SetText(tr.Say("app.purpose"))
	s.head.SetText(tr.Say("start.connecting"))
	s.problem.SetText(say(tr, v.Problem))
	s.hint.SetText(tr.Say("start.connecting_hint"))
	if !v.Problem.None() {
		s.hint.SetText(tr.Say("start.still_trying"))
	}
	s.retry.SetText(tr.Say("start.retry"))
	s.drill.SetText(tr.Say("drill.start"))
	s.retry.Hidden, s.drill.Hidden = v.Problem.None(), v.Problem.None() || state.Drill != nil
	s.page.Refresh()
}
