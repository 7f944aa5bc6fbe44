package screen

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Called fills the window in the colour of go: the clinic is ready.
type Called struct {
	parts                      Parts
	tr                         i18n.Lookup
	until                      time.Time
	hushed                     bool
	ring                       *widget.Ring
	turn, who, clinic, citizen *widget.Text
	left, keeps                *widget.Text
	problem                    *widget.Notice
	answer, wait, notNow       *widget.Button
	later                      *fyne.Container
	lock                       *lockButtons // in place of these, where it is locked
	poster                     *widget.Poster
}

// NewCalled makes the screen.
func NewCalled(p Parts) *Called {
	s := &Called{
		parts: p, ring: widget.NewRing(), turn: widget.NewKeyFact(), who: widget.NewHeading(), clinic: widget.NewText(), citizen: widget.NewText(),
		left: widget.NewText(), keeps: widget.NewText(), problem: widget.NewNotice(widget.Warn),
		answer: widget.NewButton("TapAnswer", widget.OnGo, widget.IconAnswer, p.sends(app.TapAnswer{})),
		wait:   widget.NewButton("TapWaitTwo", widget.OnGoQuiet, widget.IconNone, p.sends(app.TapWaitTwo{})),
		notNow: widget.NewButton("TapNotNow", widget.OnGoQuiet, widget.IconNone, p.sends(app.TapNotNow{})),
	}
	for _, t := range []*widget.Text{s.turn, s.who, s.clinic, s.citizen, s.left, s.keeps} {
		t.Color, t.Alignment = theme.ColorOnGo, fyne.TextAlignCenter
	}
	s.clinic.Type, s.citizen.Type = theme.SizeLabel, theme.SizeLabel
	s.citizen.Bold = true
	s.later = widget.NewCells(theme.Gap, 2, s.wait, s.notNow)
	s.lock = newLockButtons(p, widget.OnGoQuiet, widget.OnGoQuiet)
	s.poster = widget.NewPoster(
		s.ring,
		widget.NewColumn(theme.Gap, s.turn, widget.NewColumn(0, s.who, s.clinic, s.citizen), s.problem),
		widget.NewColumn(theme.Gap, s.answer, s.later, s.lock.cells, widget.NewColumn(0, s.left, s.keeps)))
	return s
}

// Object is the poster.
func (s *Called) Object() fyne.CanvasObject { return s.poster }

// Leave stops the motion.
func (s *Called) Leave() { s.ring.Stop() }

// Forget wipes the citizen off the labels.
func (s *Called) Forget() {
	s.citizen.SetText("")
	s.turn.SetText("")
}

// Tick counts the ring down.
func (s *Called) Tick() {
	n := int(s.until.Sub(s.parts.Now()).Round(time.Second) / time.Second)
	switch {
	case s.until.IsZero() || n <= 0:
		s.left.SetText("")
	case s.hushed:
		s.left.SetText(s.tr.Say("call.waits_for", "n", strconv.Itoa(n)))
	default:
		s.left.SetText(s.tr.Say("call.rings_for", "n", strconv.Itoa(n)))
	}
	s.poster.Refresh()
}

// Show draws it.
func (s *Called) Show(state app.State) {
	v, tr := state.Screen.(app.Called), lookup(state)
	s.tr, s.until, s.hushed = tr, v.RingUntil, v.Hushed
	s.ring.Start()
	s.turn.SetText(tr.Say("call.your_turn"))
	who := tr.Say("call.incoming")
	if c := v.Place.Call; c != nil && c.Clinician.Name != "" {
		who = named(c.Clinician.Name, c.Clinician.Title)
	}
	s.who.SetText(who)
	s.clinic.SetText(v.Place.Clinic.Name)
	citizen := tr.Say("q.number", "n", strconv.Itoa(v.Place.Number))
	if c := v.Place.Citizen; c != nil {
		citizen = c.Name
	}
	s.citizen.SetText(citizen)
	s.later.Hidden, s.lock.cells.Hidden = state.Lock.On(), !state.Lock.On()
	s.lock.show(tr, state.Lock)
	switch {
	case state.Lock.Why == app.LockAlone: // it is the citizen who reads this
		s.turn.SetText(tr.Say("lock.your_turn"))
	case len(state.Aside) > 0 && !state.Lock.On(): // then it matters most whose turn it is
		s.turn.SetText(tr.Say("call.turn_of", "navn", citizen))
		s.citizen.SetText("")
	}
	s.problem.SetText(say(tr, v.Problem))
	s.keeps.SetText(tr.Say("call.keeps_place"))
	if state.Lock.Calls {
		s.problem.SetText(tr.Say("lock.staff_called") + ". " + tr.Say("lock.staff_called_hint"))
	}
	answer := tr.Say("call.answer")
	if !state.Employee.SignedIn() && !state.Lock.On() {
		answer = tr.Say("call.answer_login")
	}
	s.answer.SetBusy(v.Busy, tr.Say("call.answering"), answer)
	s.wait.SetText(tr.Say("call.wait2"))
	s.notNow.SetText(tr.Say("call.not_now"))
	s.wait.SetEnabled(!v.Busy)
	s.notNow.SetEnabled(!v.Busy)
	s.Tick()
}
