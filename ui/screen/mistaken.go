package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Mistaken says that the call has stopped, since it was about another patient, and asks why.
type Mistaken struct {
	title       *widget.Text
	lines       []*widget.Text
	ask         *widget.Text
	why         []*widget.Button
	page        *widget.Page
	explanation *widget.Notice
}

// mistakes are the reasons that a nurse can know.
var mistakes = []struct {
	why  kontakt.WrongWhy
	name string
	key  kontakt.MsgKey
}{
	{kontakt.WrongNumber, "TapMistakenWhyNumber", "wrong.number"},
	{kontakt.WrongPerson, "TapMistakenWhyPerson", "wrong.person"},
	{kontakt.WrongOther, "TapMistakenWhyOther", "wrong.other"},
}

// NewMistaken makes the screen.
func NewMistaken(p Parts) *Mistaken {
	s := &Mistaken{title: widget.NewHeading(), ask: widget.NewText(), explanation: widget.NewNotice(widget.Info)}
	s.ask.Bold = true
	facts := widget.NewColumn(theme.Gap, s.title)
	for range 2 {
		line := widget.NewText()
		s.lines = append(s.lines, line)
		facts.Add(line)
	}
	facts.Add(s.explanation)
	buttons := widget.NewColumn(theme.Gap, s.ask)
	for _, m := range mistakes {
		b := widget.NewButton(m.name, widget.Secondary, widget.IconNone, p.sends(app.TapMistakenWhy{Why: m.why}))
		s.why = append(s.why, b)
		buttons.Add(b)
	}
	s.page = widget.NewPage(facts, buttons, nil, nil)
	return s
}

// Object is the page.
func (s *Mistaken) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Mistaken) Leave() {}

// Show draws it.
func (s *Mistaken) Show(state app.State) {
	v, tr := state.Screen.(app.Mistaken), lookup(state)
	s.title.SetText(tr.Say("wrong.title"))
	s.lines[0].SetText(tr.Say(kontakt.MsgWrongStopped))
	if v.ByClinic {
		s.lines[0].SetText(tr.Say("wrong.by_clinic", "klinik", v.Clinic.Name))
	}
	s.lines[1].SetText(tr.Say("wrong.void"))
	s.explanation.SetText(tr.Say("wrong.uth"))
	s.ask.SetText(tr.Say("wrong.why"))
	for i, m := range mistakes {
		s.why[i].SetText(tr.Say(m.key))
	}
	s.page.Refresh()
}
