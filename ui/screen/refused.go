package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Refused says why the citizen cannot come into the queue, and what can be done instead.
type Refused struct {
	parts             Parts
	title, name, when *widget.Text
	why, problem      *widget.Notice
	head, urgent      *widget.Text
	next              *fyne.Container
	takeOver          []*widget.Button // one for each of takeOverReasons
	other             *widget.Button
	page              *widget.Page
}

// takeOverReasons are why a nurse takes over the place that another tablet holds. The backend keeps the Danish words.
var takeOverReasons = []struct {
	name string // of the button
	says kontakt.MsgKey
}{
	{"TapTakeOverHere", "ref.take_over_here"},
	{"TapTakeOverTablet", "ref.take_over_tablet"},
	{"TapTakeOverShift", "ref.take_over_shift"},
}

// NewRefused makes the screen.
func NewRefused(p Parts) *Refused {
	s := &Refused{
		parts: p, problem: widget.NewNotice(widget.Warn),
		title: widget.NewHeading(), name: widget.NewText(), when: widget.NewText(), why: widget.NewNotice(widget.Warn),
		head: widget.NewHeading(), urgent: widget.NewUrgent(), next: widget.NewColumn(theme.Gap),
		other: widget.NewButton("TapBack", widget.Primary, widget.IconNone, p.sends(app.TapBack{})),
	}
	s.name.Type, s.name.Bold = theme.SizeLabel, true
	actions := widget.NewColumn(theme.Gap)
	for i, r := range takeOverReasons {
		rank := widget.Secondary
		if i == 0 {
			rank = widget.Primary // nearly always this
		}
		b := widget.NewButton(r.name, rank, widget.IconNone, p.sends(app.TapTakeOver{Reason: i18n.For(i18n.Danish).Say(r.says)}))
		s.takeOver = append(s.takeOver, b)
		actions.Objects = append(actions.Objects, b)
	}
	actions.Objects = append(actions.Objects, s.other)
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.name, s.why, s.when),
		widget.NewColumn(theme.Gap, s.head, s.next, s.problem), actions, s.urgent)
	return s
}

// Object is the page.
func (s *Refused) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Refused) Leave() {}

// Forget wipes the citizen off the labels.
func (s *Refused) Forget() { s.name.SetText("") }

// Show draws it.
func (s *Refused) Show(state app.State) {
	v, tr := state.Screen.(app.Refused), lookup(state)
	s.title.SetText(tr.Say("ref.title"))
	s.name.SetText(v.Citizen.Name)
	s.why.SetText(say(tr, v.Why))
	s.when.SetText("")
	if c := v.Clinic; c != nil && !c.Open {
		words := c.Closed
		if !c.OpensAt.IsZero() {
			opens := tr.Say("q.opens", "dag", tr.Day(kontakt.DateOf(c.OpensAt), kontakt.DateOf(s.parts.Clock())), "tid", tr.Clock(c.OpensAt))
			if words != "" {
				words += ". "
			}
			words += opens + "."
		}
		s.when.SetText(words)
	}
	s.head.SetText(tr.Say("ref.next"))
	s.head.Hidden = len(v.Next) == 0 && !v.TakeOver
	s.next.Objects = s.next.Objects[:0]
	s.next.Hidden = len(v.Next) == 0 // else its gap would show
	for _, n := range v.Next {
		line := widget.NewText()
		line.Type = theme.SizeLabel
		line.SetText(say(tr, n))
		s.next.Objects = append(s.next.Objects, line)
	}
	s.urgent.SetText(tr.Say("q.emergency"))
	s.other.SetText(tr.Say("ref.other"))
	if state.Planned() {
		s.other.SetText(tr.Say("rnd.back"))
	}
	s.other.Rank = widget.Primary
	s.other.SetIcon(widget.IconNone)
	if v.TakeOver {
		s.title.SetText(tr.Say("ref.take_over"))
		s.head.SetText(tr.Say("ref.take_over_why"))
		s.other.Rank = widget.Secondary
		s.other.SetIcon(widget.IconBack) // the others take over
	}
	for i, b := range s.takeOver {
		b.Hidden = !v.TakeOver || v.Busy && i > 0
		b.SetBusy(v.Busy, tr.Say("ref.taking_over"), tr.Say(takeOverReasons[i].says))
	}
	s.other.SetEnabled(!v.Busy)
	s.problem.SetText(say(tr, v.Problem))
	s.page.Refresh()
}
