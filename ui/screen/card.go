package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// card is where the nurse writes to the clinician: letter by letter of ISBAR, and TOBS where her municipality has it. What
// she types is the card's own until the state has taken it in; then the state's words stand there, which another tablet may
// have added to.
type card struct {
	parts  Parts
	beside bool // the pictures of a call: there is room for one thing at a time

	title, name, clinic, saved *widget.Text
	who                        *widget.Fact
	problem, news              *widget.Notice
	isbar, tobs                *widget.Button
	tabs                       *fyne.Container
	letters                    []*letter
	measures                   *measures
	retry, back                *widget.Button
	page                       *widget.Page

	seq     int  // of what was sent
	setting bool // the entries are being filled, not typed into
	shown   bool // TOBS, last
}

// letter is one letter: its word, what to write there, and the entry.
type letter struct {
	word, hint kontakt.MsgKey
	of         func(*kontakt.ISBAR) *string
	label, ask *widget.Text
	entry      *widget.NoteEntry
	column     *fyne.Container
}

// newCard makes one; back is its way out.
func newCard(p Parts, beside bool, back *widget.Button) *card {
	s := &card{
		parts: p, beside: beside, title: widget.NewHeading(), name: widget.NewText(), clinic: widget.NewMuted(), saved: widget.NewMuted(),
		who: widget.NewFact(theme.SizeBody), problem: widget.NewNotice(widget.Warn), news: widget.NewNotice(widget.Info),
		isbar: widget.NewButton("TapISBAR", widget.Secondary, widget.IconNone, p.sends(app.TapISBAR{})),
		tobs:  widget.NewButton("TapTOBS", widget.Secondary, widget.IconNone, p.sends(app.TapTOBS{})),
		retry: widget.NewButton("TapRetry", widget.Primary, widget.IconNone, p.sends(app.TapRetry{})),
		back:  back, measures: newMeasures(p, beside),
	}
	s.name.Bold = true
	s.tabs = widget.NewCells(theme.Gap, 2, s.isbar, s.tobs)
	s.letters = []*letter{
		{word: "is.s", hint: "is.s_ask", of: func(i *kontakt.ISBAR) *string { return &i.Situation }},
		{word: "is.b", hint: "is.b_ask", of: func(i *kontakt.ISBAR) *string { return &i.Background }},
		{word: "is.a", hint: "is.a_ask", of: func(i *kontakt.ISBAR) *string { return &i.Analysis }},
		{word: "is.r", hint: "is.r_ask", of: func(i *kontakt.ISBAR) *string { return &i.Request }},
	}
	whose := widget.NewColumn(0, s.name, s.clinic)
	whose.Hidden = beside // in a call it is known
	facts := widget.NewColumn(theme.Gap, s.title, whose, s.tabs, s.problem, s.news, s.who)
	work := widget.NewColumn(theme.Gap)
	for i, l := range s.letters {
		l.label, l.ask = widget.NewText(), widget.NewMuted()
		l.label.Bold = true
		l.entry = widget.NewNoteEntry("Entry"+string(l.word), kontakt.MaxLetter, s.wrote)
		l.column = widget.NewColumn(theme.Space/2, l.label, l.ask, l.entry)
		side := facts // what is so stands left, what the nurse makes of it right
		if i > 0 {
			side = work
		}
		side.Add(l.column)
	}
	facts.Add(s.measures.facts)
	work.Add(s.measures.work)
	actions := widget.NewColumn(theme.Gap, s.saved, s.retry, widget.NewCells(theme.Gap, 2, s.measures.all, s.measures.next), s.back)
	if beside {
		facts, work = widget.NewColumn(theme.Gap, facts, work), widget.NewColumn(0) // one below the other, without a break
	}
	s.page = widget.NewPage(facts, work, actions, nil)
	return s
}

// forget wipes the citizen and what was written.
func (s *card) forget() {
	s.name.SetText("")
	s.fill(kontakt.ISBAR{})
	s.measures.forget()
}

// wrote sends what stands in the entries.
func (s *card) wrote() {
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

func (s *card) fill(words kontakt.ISBAR) {
	s.setting = true
	defer func() { s.setting = false }()
	for _, l := range s.letters {
		l.entry.Take(*l.of(&words))
	}
}

// show draws it for a place.
func (s *card) show(state app.State, place app.Place, v app.Writing) {
	tr := lookup(state)
	open := v.Field != ""
	s.head(tr, place, open)
	s.tabs.Hidden = !v.Scores || open
	s.tab(s.isbar, tr.Say("is.tab"), !v.Measures)
	s.tab(s.tobs, tr.Say("tobs.title"), v.Measures)
	s.problem.SetText(say(tr, v.Problem))
	s.news.SetText(say(tr, v.News))
	s.who.Set(tr.Say("is.i"), tr.Say("is.i_known", "navn", named(state.Employee.Name, state.Employee.Title)))
	if v.Measures || s.beside {
		s.who.Hide()
	}
	for _, l := range s.letters {
		l.column.Hidden = v.Measures
		l.label.SetText(tr.Say(l.word))
		l.ask.SetText(tr.Say(l.hint))
		if v.Loading {
			l.entry.Disable()
		} else {
			l.entry.Enable()
		}
	}
	if v.Loading {
		s.seq = v.Seq
	}
	if s.seq == v.Seq {
		s.fill(v.Draft.ISBAR)
	}
	s.measures.show(tr, v)
	s.saved.SetText(s.stands(tr, v))
	s.retry.Hidden = v.Problem.None() || v.Loading
	s.retry.SetText(tr.Say("cit.try_again"))
	s.back.Hidden = open
	if v.Measures != s.shown {
		s.shown = v.Measures
		if c := fyne.CurrentApp().Driver().CanvasForObject(s.page); c != nil {
			c.Unfocus() // an entry that is out of sight takes no digits
		}
	}
	s.page.Refresh()
}

// head says what this is and whom it is about.
func (s *card) head(tr i18n.Lookup, place app.Place, open bool) {
	s.title.SetText(tr.Say("is.title"))
	name, masked := "", ""
	if c := place.Citizen; c != nil {
		name, masked = c.Name, c.Masked
	}
	s.name.SetText(named(name, masked))
	s.clinic.SetText(tr.Say("q.joined", "klinik", place.Clinic.Name))
	if open {
		s.title.SetText("") // what is measured is said instead
		s.clinic.SetText("")
	}
}

func (s *card) tab(b *widget.Button, text string, on bool) {
	b.SetText(text)
	b.SetOn(on)
	b.SetIcon(iconOf(on, widget.IconCheck, widget.IconNone)) // not by colour alone
}

// stands says whether the clinician has what is written.
func (s *card) stands(tr i18n.Lookup, v app.Writing) string {
	switch {
	case v.Loading:
		return tr.Say("is.loading")
	case v.Pending():
		return tr.Say("tobs.pending")
	case v.Saving || v.Unsaved() || s.seq != v.Seq:
		return tr.Say("is.saving")
	case v.Known.Version > 0 && s.beside:
		return tr.Say("is.has")
	case v.Known.Version > 0:
		return tr.Say("is.saved")
	}
	return tr.Say("is.nothing")
}

// typedRune and typedKey key a number, wherever the focus is.
func (s *card) typedRune(r rune) {
	if s.shown {
		s.measures.typedRune(r)
	}
}

func (s *card) typedKey(e *fyne.KeyEvent) {
	if s.shown {
		s.measures.typedKey(e)
	}
}
