package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// MissedVisits lists the visits of the unit that nobody came to; each can be taken over.
type MissedVisits struct {
	parts       Parts
	title, text *widget.Text
	none        *widget.Text
	problem     *widget.Notice
	rows        *fyne.Container
	back        *widget.Button
	page        *widget.Page

	shown []kontakt.VisitID
	made  []*missedRow // once, so that the focus stays
}

// missedRow is who was not reached, and the button that takes the visit over.
type missedRow struct {
	name, where, of *widget.Text
	take            *widget.Button
	all             *fyne.Container
}

// NewMissedVisits makes the screen.
func NewMissedVisits(p Parts) *MissedVisits {
	s := &MissedVisits{
		parts: p, title: widget.NewHeading(), text: widget.NewText(), none: widget.NewText(), problem: widget.NewNotice(widget.Warn),
		rows: widget.NewColumn(3 * theme.Space),
		back: widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.none.Type = theme.SizeLabel
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.text, s.problem), widget.NewColumn(theme.Gap, s.none, s.rows), widget.NewColumn(theme.Gap, s.back), nil)
	return s
}

// Object is the page.
func (s *MissedVisits) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *MissedVisits) Leave() {}

// Forget wipes the citizens off the rows.
func (s *MissedVisits) Forget() {
	for _, r := range s.made {
		r.name.SetText("")
		r.where.SetText("")
		r.take.SetText("")
	}
	s.rows.Objects, s.shown = nil, nil
}

// Show draws it.
func (s *MissedVisits) Show(state app.State) {
	v, tr := state.Screen.(app.MissedVisits), lookup(state)
	s.title.SetText(tr.Say("rnd.missed_title"))
	s.text.SetText(tr.Say("rnd.missed_text"))
	s.problem.SetText(say(tr, v.Problem))
	s.back.SetText(tr.Say("rnd.back"))
	s.none.SetText("")
	if len(state.Plan.Missed) == 0 {
		s.none.SetText(tr.Say("rnd.missed_none"))
	}
	s.none.Hidden = s.none.Text() == ""
	s.rows.Objects, s.shown = nil, nil
	for i, m := range state.Plan.Missed {
		r := s.row(i)
		c := app.Row{Visit: m}.Citizen()
		r.name.SetText(citizenName(c))
		at := clock(tr, m.PlannedAt)
		if at != "" {
			at = tr.Say("rnd.at", "tid", at)
		}
		r.where.SetText(dotted(m.Place, at))
		r.of.SetText("")
		if m.Nurse.Name != "" {
			r.of.SetText(tr.Say("rnd.of", "navn", m.Nurse.Name))
		}
		r.take.SetBusy(v.Taking == m.ID, tr.Say("rnd.taking"), tr.Say("rnd.take", "navn", citizenName(c)))
		r.take.SetEnabled(v.Taking == "")
		s.rows.Objects, s.shown = append(s.rows.Objects, r.all), append(s.shown, m.ID)
	}
	s.rows.Hidden = len(s.shown) == 0
	s.page.Refresh()
}

func (s *MissedVisits) row(i int) *missedRow {
	if i == len(s.made) {
		r := &missedRow{name: widget.NewText(), where: widget.NewText(), of: widget.NewMuted()}
		r.name.Type, r.name.Bold = theme.SizeLabel, true
		r.take = widget.NewButton("TapTakeVisit"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, func() {
			if i < len(s.shown) {
				s.parts.Send(app.TapTakeVisit{ID: s.shown[i]})
			}
		})
		r.all = widget.NewColumn(theme.Space, widget.NewColumn(0, r.name, r.where, r.of), r.take)
		s.made = append(s.made, r)
	}
	return s.made[i]
}
