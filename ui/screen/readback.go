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

// ReadBack asks whether it is the right citizen: name, birthday and clinic are read aloud.
type ReadBack struct {
	title, name, born, masked, read *widget.Text
	clinic, cover                   *widget.Fact
	open, coverOpen                 *widget.Text
	goes                            *widget.Notice
	own, covering                   *fyne.Container
	warnings                        *fyne.Container
	yes, yesCover, later, no        *widget.Button
	page                            *widget.Page
}

// NewReadBack makes the screen.
func NewReadBack(p Parts) *ReadBack {
	s := &ReadBack{
		title: widget.NewHeading(), name: widget.NewKeyFact(), born: widget.NewText(), masked: widget.NewMuted(), read: widget.NewText(),
		clinic: widget.NewFact(theme.SizeLabel), open: widget.NewMuted(),
		cover: widget.NewFact(theme.SizeLabel), coverOpen: widget.NewMuted(), goes: widget.NewNotice(widget.Info),
		warnings: widget.NewColumn(theme.Gap),
		yes:      widget.NewButton("TapConfirmCitizen", widget.Primary, widget.IconCheck, p.sends(app.TapConfirmCitizen{})),
		yesCover: widget.NewButton("TapConfirmCover", widget.Primary, widget.IconCheck, p.sends(app.TapConfirmCover{})),
		later:    widget.NewButton("TapPlanVisit", widget.Secondary, widget.IconNone, p.sends(app.TapPlanVisit{})),
		no:       widget.NewButton("TapBack", widget.Secondary, widget.IconNone, p.sends(app.TapBack{})),
	}
	s.born.Type = theme.SizeLabel
	s.own, s.covering = widget.NewColumn(0, s.clinic, s.open), widget.NewColumn(0, s.cover, s.coverOpen)
	s.page = widget.NewPage(
		widget.NewColumn(3*theme.Space,
			widget.NewColumn(0, s.name, s.born, s.masked),
			s.own, s.covering, s.warnings),
		widget.NewColumn(theme.Gap, widget.NewColumn(theme.Space, s.title, s.read), s.goes),
		widget.NewColumn(theme.Gap, s.yes, s.yesCover, widget.NewCells(theme.Gap, 2, s.later, s.no)), nil)
	return s
}

// Object is the page.
func (s *ReadBack) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *ReadBack) Leave() {}

// Forget wipes the citizen off the labels.
func (s *ReadBack) Forget() {
	for _, t := range []*widget.Text{s.name, s.born, s.masked, s.open, s.coverOpen} {
		t.SetText("")
	}
	s.clinic.Set("", "")
	s.cover.Set("", "")
	s.goes.SetText("")
	s.warnings.Objects = nil
}

// Show draws it.
func (s *ReadBack) Show(state app.State) {
	v, tr := state.Screen.(app.ReadBack), lookup(state)
	c := v.Citizen
	s.later.Hidden = v.Visit != "" || state.Correcting != nil || state.Drill != nil
	s.later.SetText(tr.Say("rnd.plan"))
	s.title.SetText(tr.Say("cit.confirm_title"))
	s.read.SetText(tr.Say("cit.confirm_read"))
	s.name.SetText(c.Name)
	if c.Unchecked && c.Name == "" {
		s.name.SetText(tr.Say("cit.name_unknown"))
	}
	s.born.SetText("")
	if c.Born != (kontakt.Date{}) {
		s.born.SetText(tr.Say("cit.confirm_born", "dato", tr.Date(c.Born), "alder", strconv.Itoa(c.Age)))
	}
	s.masked.SetText(c.Masked)
	var warnings []app.Sentence
	s.open.SetText("")
	if c.Clinic != nil {
		own := tr.Say("cit.own_doctor")
		if c.Unchecked {
			own = tr.Say("cit.chosen_clinic")
		}
		s.clinic.Set(own, named(c.Clinic.Name, c.Clinic.Town))
		s.open.SetText(opening(tr, *c.Clinic))
	} else {
		s.clinic.Set("", "")
		warnings = append(warnings, app.Sentence{Key: "cit.doctor_unknown"})
	}
	setNotices(s.warnings, tr, append(warnings, c.Warnings...))
	s.yes.SetText(tr.Say("cit.confirm_yes"))
	s.no.SetText(tr.Say("cit.confirm_no"))
	s.showWhere(tr, c)
	s.own.Hidden, s.covering.Hidden = c.Clinic == nil, c.Cover == nil // else their gaps would show
	s.page.Refresh()
}

// showWhere says what is special about the clinic: that the register did not answer, or that another clinic covers for
// the own one today. Where both are open, each has its button.
func (s *ReadBack) showWhere(tr i18n.Lookup, c app.Citizen) {
	s.cover.Set("", "")
	s.coverOpen.SetText("")
	s.goes.SetText("")
	s.yesCover.Hidden = true
	s.goes.Mood = widget.Info
	if c.Unchecked && c.Clinic != nil {
		s.goes.Mood = widget.Warn
		s.goes.SetText(tr.Say("cit.unchecked", "klinik", c.Clinic.Name))
	}
	if c.Cover == nil {
		return
	}
	s.cover.Set(tr.Say("cit.cover"), named(c.Cover.Name, c.Cover.Town))
	s.coverOpen.SetText(opening(tr, *c.Cover))
	switch to := c.Admits(); {
	case len(to) > 1:
		s.goes.SetText(tr.Say("cit.cover_choose"))
		s.yes.SetText(tr.Say("cit.yes_at", "klinik", to[0].Name))
		s.yesCover.SetText(tr.Say("cit.yes_at", "klinik", to[1].Name))
		s.yesCover.Hidden = false
	case len(to) == 1 && to[0].ID == c.Cover.ID:
		s.goes.SetText(tr.Say("cit.cover_goes", "klinik", c.Cover.Name))
	}
}

func opening(tr i18n.Lookup, c kontakt.Clinic) string {
	switch {
	case !c.Open:
		return tr.Say("cit.closed_now")
	case c.ClosesAt.IsZero():
		return tr.Say("cit.open_now")
	}
	return tr.Say("cit.open_until", "tid", tr.Time(c.ClosesAt))
}

// setNotices fills a column with one notice a sentence.
func setNotices(column *fyne.Container, tr i18n.Lookup, sentences []app.Sentence) {
	column.Objects = column.Objects[:0]
	for _, w := range sentences {
		n := widget.NewNotice(widget.Warn)
		n.SetText(say(tr, w))
		column.Objects = append(column.Objects, n)
	}
	column.Hidden = len(sentences) == 0
}
