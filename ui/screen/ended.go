package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Ended shows what the nurse writes in the care record, above all with whom the citizen spoke; or, where the clinic has
// ended the place, why, and where to phone.
type Ended struct {
	how, write, hint, title          *widget.Text
	clinician, clinic, citizen, when *widget.Fact
	phone, words                     *widget.Fact
	done                             *widget.Button
	page                             *widget.Page
}

// NewEnded makes the screen.
func NewEnded(p Parts) *Ended {
	s := &Ended{
		how: widget.NewHeading(), write: widget.NewText(), hint: widget.NewMuted(), title: widget.NewText(),
		clinician: widget.NewFact(theme.SizeKey), clinic: widget.NewFact(theme.SizeLabel),
		citizen: widget.NewFact(theme.SizeLabel), when: widget.NewFact(theme.SizeLabel),
		phone: widget.NewFact(theme.SizeKey), words: widget.NewFact(theme.SizeLabel),
		done: widget.NewButton("TapDone", widget.Primary, widget.IconNone, p.sends(app.TapDone{})),
	}
	s.hint.Alignment = fyne.TextAlignCenter
	s.page = widget.NewPage(
		widget.NewColumn(3*theme.Space, widget.NewColumn(0, s.clinician, s.title), s.phone, s.words, s.clinic, s.citizen, s.when),
		widget.NewColumn(theme.Space, s.how, s.write),
		widget.NewColumn(theme.Gap, s.done, s.hint), nil)
	return s
}

// Object is the page.
func (s *Ended) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Ended) Leave() {}

// Forget wipes the citizen off the labels.
func (s *Ended) Forget() {
	s.citizen.Set("", "")
	s.words.Set("", "")
}

// Show draws it.
func (s *Ended) Show(state app.State) {
	v, tr := state.Screen.(app.Ended).Summary, lookup(state)
	off := state.Screen.(app.Ended).Off
	s.how.SetText(say(tr, v.How))
	s.write.SetText(tr.Say("sum.write"))
	s.clinician.Set(tr.Say("sum.doctor"), v.Clinician)
	s.title.SetText(v.Title)
	s.clinic.Set(tr.Say("sum.clinic"), v.Clinic)
	s.citizen.Set(tr.Say("sum.citizen"), v.Citizen)
	when := ""
	if !v.Started.IsZero() {
		when = tr.Say("sum.span", "dato", tr.Date(kontakt.DateOf(v.Started)), "tid", tr.Clock(v.Started), "minutter", tr.Minutes(v.Lasted))
	}
	s.when.Set(tr.Say("sum.time"), when)
	s.done.SetText(tr.Say("sum.clear"))
	s.hint.SetText(tr.Say("sum.clear_hint"))
	s.phone.Set("", "")
	s.words.Set("", "")
	if off != nil {
		s.write.SetText("")
		s.phone.Set(tr.Say("off.phone"), off.Clinic.Phone)
		s.words.Set(tr.Say("off.words"), off.Words)
	}
	s.page.Refresh()
}
