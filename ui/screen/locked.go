package screen

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Locked is what whoever stands before a locked tablet sees: where the citizen stands, and the way to staff; or the digits
// that unlock it. A call has screens of its own.
type Locked struct {
	parts                    Parts
	label, number, clinic    *widget.Text
	title, wait, delay, hint *widget.Text
	problem                  *widget.Notice
	letter                   *widget.Letter
	lock                     *lockButtons
	status, pads             *widget.Page
	root                     *fyne.Container
	pad                      *lockPad
}

// lockButtons are the ways out of a locked screen.
type lockButtons struct {
	staff, stop, unlock *widget.Button
	cells               *fyne.Container
}

func newLockButtons(p Parts, main, other widget.Rank) *lockButtons {
	b := &lockButtons{
		staff:  widget.NewButton("TapStaff", main, widget.IconBell, p.sends(app.TapStaff{})),
		stop:   widget.NewButton("TapStaffStop", other, widget.IconNone, p.sends(app.TapStaffStop{})),
		unlock: widget.NewButton("TapUnlock", other, widget.IconLock, p.sends(app.TapUnlock{})),
	}
	b.cells = widget.NewCells(theme.Gap, 2, b.staff, b.stop, b.unlock)
	return b
}

func (b *lockButtons) show(tr i18n.Lookup, l app.Lock) {
	b.staff.SetText(tr.Say("lock.staff"))
	b.staff.Hidden = l.Why != app.LockAlone || l.Calls
	b.stop.SetText(tr.Say("lock.staff_stop"))
	b.stop.Hidden = !l.Calls
	b.unlock.SetText(tr.Say("lock.unlock"))
	if l.Why == app.LockVeil {
		b.unlock.SetText(tr.Say("lock.veil_show"))
	}
}

// NewLocked makes the screen.
func NewLocked(p Parts) *Locked {
	s := &Locked{
		parts: p, label: widget.NewMuted(), number: widget.NewKeyFact(), clinic: widget.NewMuted(),
		title: widget.NewHeading(), wait: widget.NewText(), delay: widget.NewText(), hint: widget.NewText(),
		problem: widget.NewNotice(widget.Warn), letter: widget.NewLetter(),
		lock: newLockButtons(p, widget.Primary, widget.Secondary), pad: newLockPad(p),
	}
	s.number.Type, s.wait.Type = theme.SizeNumber, theme.SizeLabel
	s.status = widget.NewPage(
		widget.NewColumn(theme.Gap, widget.NewColumn(0, s.label, s.number, s.clinic)),
		widget.NewColumn(theme.Gap, s.letter, s.problem, s.title, s.wait, s.delay, s.hint),
		widget.NewColumn(theme.Gap, s.lock.staff, s.lock.stop, s.lock.unlock), nil)
	s.pads = s.pad.page()
	s.root = container.NewStack(s.status)
	return s
}

// Object holds the face.
func (s *Locked) Object() fyne.CanvasObject { return s.root }

// Leave forgets the digits.
func (s *Locked) Leave() { s.pad.clear() }

// Forget wipes what the clinic wrote, and the digits.
func (s *Locked) Forget() {
	s.pad.clear()
	s.letter.Set("", "", "")
}

// TypedRune and TypedKey key digits wherever the focus is.
func (s *Locked) TypedRune(r rune) { s.pad.key(r) }

// TypedKey erases, and sends.
func (s *Locked) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyBackspace:
		s.pad.erase()
	case fyne.KeyReturn, fyne.KeyEnter:
		s.pad.send()
	}
}

// Show draws it.
func (s *Locked) Show(state app.State) {
	v, tr := state.Screen.(app.Locked), lookup(state)
	face := s.status
	if v.Lock.Pad != app.PadNone {
		face = s.pads
	}
	if s.root.Objects[0] != fyne.CanvasObject(face) {
		s.pad.clear()
		s.root.Objects = []fyne.CanvasObject{face}
		s.root.Refresh()
	}
	s.pad.show(tr, v)
	s.showPlace(tr, v.Place)
	s.showWhat(tr, state, v)
	s.lock.show(tr, v.Lock)
	s.lock.unlock.Rank = widget.Secondary
	if v.Lock.Calls || v.Lock.Why == app.LockIdle {
		s.lock.unlock.Rank = widget.Primary
	}
	face.Refresh()
}

func (s *Locked) showPlace(tr i18n.Lookup, p *app.Place) {
	for _, t := range []*widget.Text{s.label, s.number, s.clinic, s.wait, s.delay} {
		t.SetText("")
	}
	s.letter.Set("", "", "")
	if p == nil {
		return
	}
	s.label.SetText(tr.Say("q.your_number"))
	s.number.SetText(strconv.Itoa(p.Number))
	s.clinic.SetText(tr.Say("q.joined", "klinik", p.Clinic.Name))
	s.wait.SetText(tr.Wait(p.Wait))
	if minutes := int(p.Clinic.Delay.Minutes()); minutes > 0 {
		s.delay.SetText(tr.Say("q.delay", "n", strconv.Itoa(minutes)))
	}
	if unread := p.Unread(); len(unread) > 0 && unread[0].Text != "" {
		m := unread[0]
		s.letter.Set(tr.Say("q.message"), m.Text, tr.Say("q.message_from", "navn", named(m.Sender, m.Title), "tid", tr.Clock(m.At)))
	}
}

// showWhat says why it is locked, and what comes next: beside the number, or in its place where there is none and while staff
// is called.
func (s *Locked) showWhat(tr i18n.Lookup, state app.State, v app.Locked) {
	title, hint := kontakt.MsgKey("lock.idle"), kontakt.MsgKey("lock.idle_hint")
	switch {
	case v.Begins:
		title, hint = "lock.begins", ""
	case v.Others:
		title, hint = "lock.others_call", "lock.others_call_hint"
	case v.Over:
		title, hint = "lock.alone_over", "lock.alone_over_hint"
	case v.Lock.Why == app.LockAlone:
		title, hint = "", "lock.alone_wait"
	case v.Lock.Why == app.LockVeil:
		title, hint = "lock.veil", "lock.veil_hint"
	}
	words, below := "", ""
	if title != "" {
		words = tr.Say(title)
	} else if v.Place != nil {
		words = before(tr, v.Place.Before)
	}
	if hint != "" {
		below = tr.Say(hint)
	}
	s.number.Type = theme.SizeNumber
	switch {
	case v.Lock.Calls:
		s.large(tr.Say("lock.staff_called"), tr.Say("lock.staff_called_hint"))
	case v.Place == nil:
		s.large(words, below)
		words, below = "", ""
	}
	s.title.SetText(words)
	s.hint.SetText(below)
	problem := ""
	if state.Net.Offline && v.Place != nil {
		problem = tr.Say("q.reconnecting")
	}
	s.problem.SetText(problem)
}

// large says what matters more than a number.
func (s *Locked) large(words, below string) {
	s.label.SetText("")
	s.number.Type = theme.SizeKey
	s.number.SetText(words)
	s.clinic.SetText(below)
}

// lockPad takes digits. They live here alone, and no longer than until they are sent.
type lockPad struct {
	parts                   Parts
	tr                      i18n.Lookup
	kind                    app.LockPad
	busy, known             bool
	digits, first           []rune
	title, why, dots, where *widget.Text
	problem                 *widget.Notice
	keypad                  *widget.Keypad
	ok, signIn, back        *widget.Button
	does, foot              *fyne.Container
}

func newLockPad(p Parts) *lockPad {
	s := &lockPad{
		parts: p, tr: i18n.For(i18n.Danish), title: widget.NewHeading(), why: widget.NewText(), dots: widget.NewKeyFact(), where: widget.NewText(),
		problem: widget.NewNotice(widget.Warn),
		signIn:  widget.NewButton("TapUnlockSignIn", widget.Secondary, widget.IconNone, p.sends(app.TapUnlockSignIn{})),
		back:    widget.NewButton("TapPadClose", widget.Secondary, widget.IconBack, p.sends(app.TapPadClose{})),
	}
	s.ok = widget.NewButton("CodeOK", widget.Primary, widget.IconNone, s.send)
	s.keypad = widget.NewKeypad(s.key, s.erase)
	s.does, s.foot = widget.NewColumn(theme.Gap), widget.NewShelf(theme.Gap, 2)
	return s
}

func (s *lockPad) page() *widget.Page {
	return widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.why, s.dots, s.problem, s.where), s.keypad,
		s.does, s.foot)
}

func (s *lockPad) clear() {
	clear(s.digits)
	clear(s.first)
	s.digits, s.first = nil, nil
	s.draw()
}

func (s *lockPad) open() bool { return s.kind != app.PadNone && !s.busy && s.known }

func (s *lockPad) key(r rune) {
	if s.open() && '0' <= r && r <= '9' && len(s.digits) < app.MostDigits {
		s.digits = append(s.digits, r)
		s.draw()
	}
}

func (s *lockPad) erase() {
	if n := len(s.digits); n > 0 {
		s.digits = s.digits[:n-1]
		s.draw()
	}
}

// send goes on to the second time, or hands the digits over.
func (s *lockPad) send() {
	switch {
	case !s.open() || len(s.digits) < app.LeastDigits:
	case s.kind == app.PadChoose && s.first == nil:
		s.first, s.digits = s.digits, nil
		s.draw()
	default:
		e := app.TapCode{Code: string(s.digits)}
		if s.kind == app.PadChoose {
			e = app.TapCode{Code: string(s.first), Again: string(s.digits)}
		}
		s.clear()
		s.parts.Send(e)
	}
}

func (s *lockPad) show(tr i18n.Lookup, v app.Locked) {
	s.tr, s.kind, s.busy = tr, v.Lock.Pad, v.Lock.Checking
	signing := v.Lock.SignIn
	s.known = (v.Known || s.kind != app.PadUnlock) && signing == nil
	s.problem.SetText(say(tr, v.Lock.Problem))
	s.where.SetText("")
	if signing != nil && signing.Signin != "" {
		s.where.SetText(tr.Say("lock.sign_in_open"))
		if v.Lock.Problem.Key == kontakt.MsgLoginNoBrowser {
			s.where.SetText(signing.URL)
		}
	}
	s.keypad.SetEraseText(tr.Say("cit.erase"))
	s.keypad.Hidden = !s.known
	s.signIn.Hidden = s.kind != app.PadUnlock
	s.signIn.Rank = widget.Secondary
	s.does.Objects, s.foot.Objects = []fyne.CanvasObject{s.ok}, []fyne.CanvasObject{s.back, s.signIn}
	word := tr.Say("lock.sign_in")
	if !s.known { // then that is the way in
		s.signIn.Rank, word = widget.Primary, tr.Say("lock.sign_in_only")
		s.does.Objects, s.foot.Objects = []fyne.CanvasObject{s.signIn}, []fyne.CanvasObject{s.back}
	}
	s.signIn.SetBusy(signing != nil, tr.Say("lock.signing_in"), word)
	s.back.SetText(tr.Say("lock.back"))
	if s.kind == app.PadChoose {
		s.back.SetText(tr.Say("lock.cancel"))
	}
	s.draw()
}

// draw shows how many digits there are, never which.
func (s *lockPad) draw() {
	tr := s.tr
	title, why, ok, busy := "lock.unlock_title", "", "lock.unlock_ok", "lock.checking"
	switch {
	case s.kind == app.PadIT:
		title, why, ok = "lock.it_title", "lock.it_why", "lock.it_ok"
	case s.kind == app.PadChoose && s.first == nil:
		title, why, ok = "lock.choose", "lock.choose_why", "lock.next"
	case s.kind == app.PadChoose:
		title, why, ok, busy = "lock.choose_again", "lock.choose_why", "lock.choose_ok", "lock.making"
	case !s.known:
		title = "lock.unlock_no_code"
	}
	s.title.SetText(tr.Say(kontakt.MsgKey(title)))
	s.why.SetText("")
	if why != "" {
		s.why.SetText(tr.Say(kontakt.MsgKey(why)))
	}
	s.ok.SetBusy(s.busy, tr.Say(kontakt.MsgKey(busy)), tr.Say(kontakt.MsgKey(ok)))
	s.ok.SetEnabled(!s.busy && len(s.digits) >= app.LeastDigits)
	if !s.known {
		s.dots.SetText("")
		return
	}
	marks := make([]string, max(len(s.digits), app.LeastDigits))
	for i := range marks {
		marks[i] = "_"
		if i < len(s.digits) {
			marks[i] = "•"
		}
	}
	s.dots.SetText(strings.Join(marks, "\u00a0"))
}
