package screen

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// ChooseClinic lets the nurse say which clinic it is while the register does not answer. What is searched for is the
// screen's own.
type ChooseClinic struct {
	parts       Parts
	tr          i18n.Lookup
	clinics     []kontakt.Clinic
	busy        bool
	title, hint *widget.Text
	label, more *widget.Text
	problem     *widget.Notice
	search      *widget.SearchEntry
	field, rows *fyne.Container
	retry, back *widget.Button
	page        *widget.Page

	offered []kontakt.ClinicID // by row
	buttons []*widget.Button   // made once, so that the focus stays
}

const (
	searchFrom = 8  // clinics that are seen at a glance
	mostRows   = 20 // the rest is found by searching
)

// NewChooseClinic makes the screen.
func NewChooseClinic(p Parts) *ChooseClinic {
	s := &ChooseClinic{
		parts: p, title: widget.NewHeading(), hint: widget.NewText(), label: widget.NewMuted(), more: widget.NewMuted(),
		problem: widget.NewNotice(widget.Warn), rows: widget.NewColumn(theme.Gap),
		retry: widget.NewButton("TapRetry", widget.Primary, widget.IconNone, p.sends(app.TapRetry{})),
		back:  widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.search = widget.NewSearchEntry(s.list)
	s.field = widget.NewColumn(theme.Space/2, s.label, s.search)
	for i := range mostRows {
		s.buttons = append(s.buttons, widget.NewButton("TapClinic"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, func() { s.choose(i) }))
	}
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.hint, s.field, s.problem),
		widget.NewColumn(theme.Gap, s.rows, s.more), widget.NewColumn(theme.Gap, s.retry, s.back), nil)
	return s
}

// Object is the page.
func (s *ChooseClinic) Object() fyne.CanvasObject { return s.page }

// Leave forgets what was searched for.
func (s *ChooseClinic) Leave() { s.search.SetText("") }

func (s *ChooseClinic) choose(row int) {
	if row < len(s.offered) {
		s.parts.Send(app.TapClinic{CPR: s.parts.Keyed.cpr, Clinic: s.offered[row]})
	}
}

// Show draws it.
func (s *ChooseClinic) Show(state app.State) {
	v := state.Screen.(app.ChooseClinic)
	s.tr, s.clinics, s.busy = lookup(state), v.Clinics, v.Busy || v.Loading
	s.title.SetText(s.tr.Say("cit.choose_title"))
	s.hint.SetText(s.tr.Say("cit.choose_hint"))
	switch {
	case v.Loading:
		s.hint.SetText(s.tr.Say("cit.loading_clinics"))
	case v.Busy:
		s.hint.SetText(s.tr.Say("cit.finding"))
	}
	s.label.SetText(s.tr.Say("cit.search_clinic"))
	s.field.Hidden = len(v.Clinics) <= searchFrom
	s.problem.SetText(say(s.tr, v.Problem))
	s.retry.SetText(s.tr.Say("cit.try_again"))
	s.retry.Hidden = s.busy || len(v.Clinics) > 0
	s.back.SetText(s.tr.Say("cit.back"))
	s.list()
}

// list offers the clinics that fit what is searched for.
func (s *ChooseClinic) list() {
	s.rows.Objects, s.offered = s.rows.Objects[:0], s.offered[:0]
	found := 0
	for _, c := range s.clinics {
		if !fits(c, s.search.Text) {
			continue
		}
		if found++; found > mostRows {
			break
		}
		b := s.buttons[len(s.offered)]
		b.SetText(named(c.Name, c.Town))
		b.SetEnabled(!s.busy)
		s.offered = append(s.offered, c.ID)
		s.rows.Objects = append(s.rows.Objects, b)
	}
	s.more.SetText("")
	switch {
	case found > mostRows:
		s.more.SetText(s.tr.Say("cit.choose_more"))
	case found == 0 && len(s.clinics) > 0:
		s.more.SetText(s.tr.Say("cit.no_such_clinic"))
	}
	s.page.Refresh()
}

// fits says whether each word that is searched for begins a word of the name or town, or the provider number.
func fits(c kontakt.Clinic, search string) bool {
	return beginsIn(c.Name+" "+c.Town+" "+string(c.Ydernummer), search)
}

// beginsIn says whether each word that is searched for begins a word of a text.
func beginsIn(text, search string) bool {
	all := strings.Fields(strings.ToLower(text))
	for _, word := range strings.Fields(strings.ToLower(search)) {
		if !slices.ContainsFunc(all, func(a string) bool { return strings.HasPrefix(a, word) }) {
			return false
		}
	}
	return true
}
