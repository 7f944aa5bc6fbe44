package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// AboutVisit shows a visit of the round, and what can be done with it but to go there.
type AboutVisit struct {
	parts                                   Parts
	row                                     app.Row
	name, where, clinic, position, explains *widget.Text
	problem                                 *widget.Notice
	begin, up, down, done, missed, drop     *widget.Button
	back                                    *widget.Button
	moves, ends                             *fyne.Container
	page                                    *widget.Page
}

// NewAboutVisit makes the screen.
func NewAboutVisit(p Parts) *AboutVisit {
	s := &AboutVisit{
		parts: p, name: widget.NewHeading(), where: widget.NewText(), clinic: widget.NewMuted(), position: widget.NewText(), explains: widget.NewMuted(),
		problem: widget.NewNotice(widget.Warn),
		up:      widget.NewButton("TapVisitUp", widget.Secondary, widget.IconNone, p.sends(app.TapVisitUp{})),
		down:    widget.NewButton("TapVisitDown", widget.Secondary, widget.IconNone, p.sends(app.TapVisitDown{})),
		done:    widget.NewButton("TapVisitDone", widget.Secondary, widget.IconCheck, p.sends(app.TapVisitDone{})),
		missed:  widget.NewButton("TapVisitMissed", widget.Secondary, widget.IconNone, p.sends(app.TapVisitMissed{})),
		drop:    widget.NewButton("TapVisitDrop", widget.Secondary, widget.IconNone, p.sends(app.TapVisitDrop{})),
		back:    widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.begin = widget.NewButton("TapVisit", widget.Primary, widget.IconNone, func() { p.Send(app.TapVisit{ID: s.row.Visit.ID}) })
	s.where.Type = theme.SizeLabel
	s.moves, s.ends = widget.NewCells(theme.Gap, 2, s.up, s.down), widget.NewCells(theme.Gap, 2, s.done, s.missed)
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, widget.NewColumn(theme.Space/2, s.name, s.where, s.clinic), s.problem),
		widget.NewColumn(theme.Gap, s.position, s.moves, s.ends, s.drop, s.explains), widget.NewColumn(theme.Gap, s.begin, s.back), nil)
	return s
}

// Object is the page.
func (s *AboutVisit) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *AboutVisit) Leave() {}

// Forget wipes the citizen off the labels.
func (s *AboutVisit) Forget() {
	s.row = app.Row{}
	for _, t := range []*widget.Text{s.name, s.where, s.clinic} {
		t.SetText("")
	}
}

// Show draws it.
func (s *AboutVisit) Show(state app.State) {
	v, tr := state.Screen.(app.AboutVisit), lookup(state)
	row, last := state.RowOf(v.ID)
	s.row = row
	s.name.SetText(citizenName(row.Citizen()))
	at := clock(tr, row.PlannedAt())
	if at != "" {
		at = tr.Say("rnd.at", "tid", at)
	}
	s.where.SetText(dotted(row.Where(), at))
	s.clinic.SetText(clinicOf(row))
	s.problem.SetText(say(tr, v.Problem))
	s.position.SetText(tr.Say("rnd.position", "n", strconv.Itoa(row.Visit.Position)))
	s.up.SetText(tr.Say("rnd.up"))
	s.down.SetText(tr.Say("rnd.down"))
	s.up.SetEnabled(row.Visit.Position > 1)
	s.down.SetEnabled(row.Visit.Position < last)
	s.done.SetText(tr.Say("rnd.done"))
	s.missed.SetText(tr.Say("rnd.missed"))
	s.drop.SetText(tr.Say("rnd.drop"))
	s.back.SetText(tr.Say("rnd.back"))
	waits := row.Place != nil
	s.ends.Hidden, s.drop.Hidden = waits, waits
	s.explains.SetText(tr.Say("rnd.missed_goes"))
	s.begin.SetText(tr.Say("rnd.begin", "navn", citizenName(row.Citizen())))
	if waits {
		s.explains.SetText(tr.Say("rnd.waits"))
		s.begin.SetText(tr.Say("rnd.show", "navn", citizenName(row.Citizen())))
	}
	s.page.Refresh()
}
