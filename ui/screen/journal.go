package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Journal lists the nurse's conversations of the last day that do not stand in the care journal yet.
type Journal struct {
	parts       Parts
	title, text *widget.Text
	problem     *widget.Notice
	rows        *fyne.Container
	made        []*widget.PlaceRow // once, so that the focus stays
	ids         []kontakt.SummaryID
	retry, back *widget.Button
	page        *widget.Page
}

// NewJournal makes the screen.
func NewJournal(p Parts) *Journal {
	s := &Journal{
		parts: p, title: widget.NewHeading(), text: widget.NewText(), problem: widget.NewNotice(widget.Warn), rows: widget.NewColumn(theme.Gap),
		retry: widget.NewButton("TapRetry", widget.Primary, widget.IconNone, p.sends(app.TapRetry{})),
		back:  widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.page = widget.NewPage(widget.NewColumn(theme.Gap, s.title, s.text, s.problem), s.rows, widget.NewColumn(theme.Gap, s.retry, s.back), nil)
	return s
}

// Object is the page.
func (s *Journal) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Journal) Leave() {}

// Forget wipes the citizens off the rows.
func (s *Journal) Forget() {
	for _, r := range s.made {
		r.Set(widget.PlaceFace{})
	}
	s.rows.Objects, s.ids = nil, nil
}

// Show draws it.
func (s *Journal) Show(state app.State) {
	v, tr := state.Screen.(app.Journal), lookup(state)
	s.title.SetText(tr.Say("sum.list"))
	s.text.SetText(tr.Say("sum.list_text"))
	switch {
	case v.Loading:
		s.text.SetText(tr.Say("sum.list_loading"))
	case len(v.All) == 0 && v.Problem.None():
		s.text.SetText(tr.Say("sum.list_empty"))
	}
	s.problem.SetText(say(tr, v.Problem))
	s.rows.Objects, s.ids = nil, nil
	for i, one := range v.All {
		if i == len(s.made) {
			s.made = append(s.made, widget.NewPlaceRow("TapSummary"+strconv.Itoa(i+1), func() { s.choose(i) }))
		}
		s.made[i].Set(faceOf(tr, one))
		s.rows.Objects, s.ids = append(s.rows.Objects, s.made[i]), append(s.ids, one.ID)
	}
	s.retry.Hidden = v.Problem.None()
	s.retry.SetText(tr.Say("cit.try_again"))
	s.back.SetText(tr.Say("cit.back"))
	s.page.Refresh()
}

func (s *Journal) choose(row int) {
	if row < len(s.ids) {
		s.parts.Send(app.TapSummary{ID: s.ids[row]})
	}
}

// faceOf says when, of whom and with whom.
func faceOf(tr i18n.Lookup, s kontakt.Summary) widget.PlaceFace {
	name := s.Citizen.Name
	if name == "" {
		name = s.Citizen.Masked
	}
	return widget.PlaceFace{Number: tr.Time(s.From), Name: name, Where: named(s.Clinician, s.ClinicianTitle), Stands: s.Clinic}
}

// newJournalButton leads to the list from where the next citizen is looked for.
func newJournalButton(p Parts) *widget.Button {
	return widget.NewButton("TapJournal", widget.Secondary, widget.IconWrite, p.sends(app.TapJournal{}))
}

// showJournalButton offers it where there is something to write.
func showJournalButton(b *widget.Button, tr i18n.Lookup, state app.State) {
	b.Hidden = state.Today == 0 || !state.Employee.SignedIn() || state.Correcting != nil
	b.SetText(tr.Say("sum.list_open", "n", strconv.Itoa(state.Today)))
}
