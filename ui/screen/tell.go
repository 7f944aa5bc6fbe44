package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Tell is where the nurse writes to the clinician, letter by letter of ISBAR. What she types is the screen's own until the
// state has taken it in; then the state's words stand there, which another tablet may have added to.
type Tell struct {
	parts                      Parts
	title, name, clinic, saved *widget.Text
	who                        *widget.Fact
	problem                    *widget.Notice
	letters                    []*tellLetter
	retry, back                *widget.Button
	page                       *widget.Page

	seq     int  // of what was sent
	setting bool // the entries are being filled, not typed into
}

// tellLetter is one letter: its word, what to write there, and the entry.
type tellLetter struct {
	word, hint kontakt.MsgKey
	of         func(*kontakt.ISBAR) *string
	label, ask *widget.Text
	entry      *widget.NoteEntry
}

// NewTell makes the screen.
func NewTell(p Parts) *Tell {
	s := &Tell{
		parts: p, title: widget.NewHeading(), name: widget.NewText(), clinic: widget.NewMuted(), saved: widget.NewMuted(),
		who: widget.NewFact(theme.SizeBody), problem: widget.NewNotice(widget.Warn),
		retry: widget.NewButton("TapRetry", widget.Primary, widget.IconNone, p.sends(app.TapRetry{})),
		back:  widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.name.Bold = true
	s.letters = []*tellLetter{
		{word: "is.s", hint: "is.s_ask", of: func(i *kontakt.ISBAR) *string { return &i.Situation }},
		{word: "is.b", hint: "is.b_ask", of: func(i *kontakt.ISBAR) *string { return &i.Background }},
		{word: "is.a", hint: "is.a_ask", of: func(i *kontakt.ISBAR) *string { return &i.Analysis }},
		{word: "is.r", hint: "is.r_ask", of: func(i *kontakt.ISBAR) *string { return &i.Request }},
	}
	facts := widget.NewColumn(theme.Gap, s.title, widget.NewColumn(0, s.name, s.clinic), s.problem, s.who)
	work := widget.NewColumn(theme.Gap)
	for i, l := range s.letters {
		l.label, l.ask = widget.NewText(), widget.NewMuted()
		l.label.Bold = true
		l.entry = widget.NewNoteEntry("Entry"+string(l.word), kontakt.MaxLetter, s.wrote)
		side := facts // what is so stands left, what the nurse makes of it right
		if i > 1 {
			side = work
		}
		side.Add(widget.NewColumn(theme.Space/2, l.label, l.ask, l.entry))
	}
	s.page = widget.NewPage(facts, work, widget.NewColumn(theme.Gap, s.saved, s.retry, s.back), nil)
	return s
}

// Object is the page.
func (s *Tell) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Tell) Leave() {}

// Forget wipes the citizen and what was written.
func (s *Tell) Forget() {
	s.name.SetText("")
	s.fill(kontakt.ISBAR{})
}

// wrote sends what stands in the entries.
func (s *Tell) wrote() {
	if s.setting {
		return
	}
	s.seq++
	e := app.Wrote{Seq: s.seq}
	for _, l := range s.letters {
		*l.of(&e.ISBAR) = l.entry.Text
	}
	s.parts.Send(e)
}

func (s *Tell) fill(words kontakt.ISBAR) {
	s.setting = true
	defer func() { s.setting = false }()
	for _, l := range s.letters {
		if text := *l.of(&words); l.entry.Text != text {
			l.entry.SetText(text)
		}
	}
}

// Show draws it.
func (s *Tell) Show(state app.State) {
	v, tr := state.Screen.(app.Tell), lookup(state)
	s.title.SetText(tr.Say("is.title"))
	name, masked := "", ""
	if c := v.Place.Citizen; c != nil {
		name, masked = c.Name, c.Masked
	}
	s.name.SetText(named(name, masked))
	s.clinic.SetText(tr.Say("q.joined", "klinik", v.Place.Clinic.Name))
	s.who.Set(tr.Say("is.i"), tr.Say("is.i_known", "navn", named(state.Employee.Name, state.Employee.Title)))
	s.problem.SetText(say(tr, v.Problem))
	for _, l := range s.letters {
		l.label.SetText(tr.Say(l.word))
		l.ask.SetText(tr.Say(l.hint))
		if v.Loading {
			l.entry.Disable()
		} else {
			l.entry.Enable()
		}
	}
	switch {
	case v.Loading:
		s.seq = v.Seq
		s.saved.SetText(tr.Say("is.loading"))
	case v.Saving || v.Unsaved() || s.seq != v.Seq:
		s.saved.SetText(tr.Say("is.saving"))
	case v.Known.Version > 0:
		s.saved.SetText(tr.Say("is.saved"))
	default:
		s.saved.SetText(tr.Say("is.nothing"))
	}
	if s.seq == v.Seq {
		s.fill(v.Draft.ISBAR)
	}
	s.retry.Hidden = v.Problem.None() || v.Loading
	s.retry.SetText(tr.Say("cit.try_again"))
	s.back.SetText(tr.Say("is.back"))
	s.page.Refresh()
}
