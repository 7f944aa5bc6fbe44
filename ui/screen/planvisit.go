package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// PlanVisit puts a citizen on the round for later. Where to go is in the entry until Forget.
type PlanVisit struct {
	title, name, when, at, place *widget.Text
	problem                      *widget.Notice
	where                        *widget.LineEntry
	earlier, later, anytime      *widget.Button
	add, back                    *widget.Button
	page                         *widget.Page
}

// NewPlanVisit makes the screen.
func NewPlanVisit(p Parts) *PlanVisit {
	s := &PlanVisit{
		title: widget.NewHeading(), name: widget.NewText(), when: widget.NewText(), at: widget.NewKeyFact(), place: widget.NewText(),
		problem: widget.NewNotice(widget.Warn),
		earlier: widget.NewButton("TapPlanEarlier", widget.Secondary, widget.IconNone, p.sends(app.TapPlanEarlier{})),
		later:   widget.NewButton("TapPlanLater", widget.Secondary, widget.IconNone, p.sends(app.TapPlanLater{})),
		anytime: widget.NewButton("TapPlanAnytime", widget.Secondary, widget.IconNone, p.sends(app.TapPlanAnytime{})),
		back:    widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	add := func() { p.Send(app.TapAddVisit{Where: s.where.Text}) }
	s.where = widget.NewLineEntry("EntryWhere", false, add)
	s.where.Most = kontakt.MaxPlace
	s.add = widget.NewButton("TapAddVisit", widget.Primary, widget.IconCheck, add)
	s.name.Type, s.name.Bold, s.when.Type, s.place.Type = theme.SizeLabel, true, theme.SizeLabel, theme.SizeLabel
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, widget.NewColumn(theme.Space/2, s.title, s.name), s.place, s.where, s.problem),
		widget.NewColumn(theme.Gap, s.when, s.at, widget.NewCells(theme.Gap, 2, s.earlier, s.later), s.anytime),
		widget.NewColumn(theme.Gap, s.add, s.back), nil)
	return s
}

// Object is the page.
func (s *PlanVisit) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *PlanVisit) Leave() {}

// Forget wipes the citizen off the labels, and where to go.
func (s *PlanVisit) Forget() {
	s.name.SetText("")
	s.where.SetText("")
}

// Show draws it.
func (s *PlanVisit) Show(state app.State) {
	v, tr := state.Screen.(app.PlanVisit), lookup(state)
	s.title.SetText(tr.Say("rnd.plan_title"))
	s.name.SetText(citizenName(&v.Citizen))
	s.place.SetText(tr.Say("rnd.plan_where"))
	s.problem.SetText(say(tr, v.Problem))
	s.when.SetText(tr.Say("rnd.plan_when"))
	s.at.SetText(tr.Say("rnd.anytime"))
	if !v.At.IsZero() {
		s.at.SetText(tr.Say("rnd.at", "tid", tr.Time(v.At)))
	}
	s.earlier.SetText(tr.Say("rnd.earlier"))
	s.later.SetText(tr.Say("rnd.later"))
	s.anytime.SetText(tr.Say("rnd.anytime"))
	s.earlier.SetEnabled(!v.Busy && !v.At.IsZero())
	s.later.SetEnabled(!v.Busy)
	s.anytime.SetEnabled(!v.Busy && !v.At.IsZero())
	s.add.SetBusy(v.Busy, tr.Say("rnd.plan_adding"), tr.Say("rnd.plan_title"))
	s.back.SetText(tr.Say("cit.back"))
	s.back.SetEnabled(!v.Busy)
	s.page.Refresh()
}
