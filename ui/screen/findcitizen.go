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

// FindCitizen takes the citizen's CPR number, or one of those who are known already. The digits live in the entry until
// Forget.
type FindCitizen struct {
	parts        Parts
	tr           i18n.Lookup
	busy         bool
	title, hint  *widget.Text
	problem      *widget.Notice
	correcting   *widget.Notice
	entry        *widget.CPREntry
	keypad       *widget.Keypad
	find, choose *widget.Button
	keep, logout *widget.Button
	journal      *widget.Button
	scan, offer  *widget.Button
	people       *people
	page         *widget.Page

	wrong app.Sentence // what the number itself has wrong with it
}

// NewFindCitizen makes the screen.
func NewFindCitizen(p Parts) *FindCitizen {
	s := &FindCitizen{
		parts: p, title: widget.NewHeading(), hint: widget.NewMuted(), problem: widget.NewNotice(widget.Warn),
		entry: widget.NewCPREntry(), journal: newJournalButton(p),
		correcting: widget.NewNotice(widget.Info),
		choose:     widget.NewButton("TapChooseClinic", widget.Secondary, widget.IconNone, p.sends(app.TapChooseClinic{})),
		keep:       widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
		scan:       widget.NewButton("TapScan", widget.Secondary, widget.IconCamera, p.sends(app.TapScan{})),
		offer:      widget.NewButton("TapScanOffer", widget.Quiet, widget.IconNone, p.sends(app.TapScanOffer{})),
		logout:     widget.NewButton("TapSignOut", widget.Secondary, widget.IconNone, p.sends(app.TapSignOut{})),
	}
	s.find = widget.NewButton("TapFind", widget.Primary, widget.IconNone, s.submit)
	s.keypad = widget.NewKeypad(s.key, s.erase)
	s.people = newPeople(p)
	s.entry.Submit = s.submit
	s.entry.Changed = s.changed
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.entry, s.hint, s.scan, s.problem, s.correcting, s.offer, s.people.all),
		s.keypad, widget.NewColumn(theme.Gap, s.find, s.choose), widget.NewShelf(theme.Gap, 3, s.journal, s.keep, s.logout))
	return s
}

// Object is the page.
func (s *FindCitizen) Object() fyne.CanvasObject { return s.page }

// Focus is the entry.
func (s *FindCitizen) Focus() fyne.Focusable { return s.entry }

// Leave keeps the digits: "Nej, ret" comes back to them.
func (s *FindCitizen) Leave() {}

// Forget wipes the digits.
func (s *FindCitizen) Forget() {
	s.entry.Clear()
	s.people.forget()
	*s.parts.Keyed = Keyed{}
}

// TypedRune and TypedKey take a keyboard that types while a button has the focus.
func (s *FindCitizen) TypedRune(r rune) { s.key(r) }

func (s *FindCitizen) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyBackspace, fyne.KeyReturn, fyne.KeyEnter:
		s.entry.TypedKey(e)
	}
}

func (s *FindCitizen) key(r rune) {
	if !s.busy {
		s.entry.Key(r)
		s.entry.Tapped(nil)
	}
}

func (s *FindCitizen) erase() {
	if !s.busy {
		s.entry.Erase()
		s.entry.Tapped(nil)
	}
}

// changed takes back what was said about the number as it was.
func (s *FindCitizen) changed() {
	s.parts.Touched()
	s.wrong = app.Sentence{}
	s.explain(s.wrong)
}

// explain says what is wrong with the number, or what one looks like.
func (s *FindCitizen) explain(wrong app.Sentence) {
	tell(s.problem, s.tr, wrong)
	s.hint.SetText("")
	if wrong.None() {
		s.hint.SetText(s.tr.Say("cit.cpr_hint"))
	}
	s.page.Refresh()
}

func (s *FindCitizen) submit() {
	if s.busy {
		return
	}
	cpr, err := kontakt.ParseCPR(s.entry.Text(), kontakt.DateOf(s.parts.Clock()))
	if err != nil {
		key, params := kontakt.MsgOf(err)
		s.wrong = app.Sentence{Key: key, Params: params}
		s.explain(s.wrong)
		return
	}
	*s.parts.Keyed = Keyed{cpr: cpr}
	s.parts.Send(app.TapFind{CPR: cpr})
}

// Show draws it.
func (s *FindCitizen) Show(state app.State) {
	v := state.Screen.(app.FindCitizen)
	s.tr, s.busy = lookup(state), v.Busy
	if k := s.parts.Keyed; k.scanned { // it stands where it would have been keyed, in place of what was
		s.entry.Paste(k.cpr.Reveal())
		s.wrong, k.scanned = app.Sentence{}, false
	}
	s.title.SetText(s.tr.Say("cit.cpr"))
	s.scan.SetText(s.tr.Say("cit.scan"))
	s.scan.SetEnabled(!v.Busy)
	s.offer.SetText(s.tr.Say("hand.scan"))
	s.offer.Hidden = state.Correcting != nil || state.Planned() // then it stands in the round
	s.offer.SetEnabled(!v.Busy)
	s.entry.SetShape(s.tr.Say("cit.cpr_shape"))
	problem := v.Problem
	if problem.None() {
		problem = s.wrong
	}
	s.explain(problem)
	s.keypad.SetEraseText(s.tr.Say("cit.erase"))
	s.find.SetBusy(v.Busy, s.tr.Say("cit.finding"), s.tr.Say("cit.find"))
	if v.Down && !v.Busy {
		s.find.SetText(s.tr.Say("cit.try_again"))
	}
	s.choose.Hidden = !v.Down || v.Busy
	s.choose.SetText(s.tr.Say("cit.choose_clinic"))
	s.correcting.SetText("")
	s.people.show(state, s.tr)
	s.keep.Hidden = state.Correcting == nil && !state.Planned()
	s.keep.SetText(s.tr.Say("rnd.back"))
	if p := state.Correcting; p != nil {
		s.correcting.SetText(s.tr.Say("cit.correcting", "n", strconv.Itoa(p.Number)))
		s.keep.SetText(s.tr.Say("cit.keep_place", "n", strconv.Itoa(p.Number)))
	}
	s.logout.SetText(s.tr.Say("login.logout"))
	showJournalButton(s.journal, s.tr, state)
	s.page.Refresh()
}
