package screen

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// HandOver shows the code that a colleague scans, and then who has taken over.
type HandOver struct {
	parts                      Parts
	tr                         i18n.Lookup
	until                      time.Time // zero: nothing is counted
	title, hint, left          *widget.Text
	aloud, spoken              *widget.Text
	problem, over              *widget.Notice
	code                       *widget.QR
	again, back, logout, going *widget.Button
	page                       *widget.Page
}

// NewHandOver makes the screen.
func NewHandOver(p Parts) *HandOver {
	s := &HandOver{
		parts: p, title: widget.NewHeading(), hint: widget.NewText(), left: widget.NewText(), aloud: widget.NewMuted(), spoken: widget.NewText(),
		problem: widget.NewNotice(widget.Warn), over: widget.NewNotice(widget.Info), code: widget.NewQR(),
		again:  widget.NewButton("TapHandOver", widget.Primary, widget.IconNone, p.sends(app.TapHandOver{})),
		back:   widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
		logout: widget.NewButton("TapSignOut", widget.Primary, widget.IconNone, p.sends(app.TapSignOut{})),
		going:  widget.NewButton("TapDone", widget.Secondary, widget.IconNone, p.sends(app.TapDone{})),
	}
	s.spoken.Type, s.spoken.Bold = theme.SizeLabel, true
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.left, s.over, s.problem, widget.NewCentred(s.code)), // the code in sight, however large the letters
		widget.NewColumn(2*theme.Gap, s.hint, widget.NewColumn(theme.Space/2, s.aloud, s.spoken)), widget.NewColumn(theme.Gap, s.again, s.logout, s.going, s.back), nil)
	return s
}

// Object is the page.
func (s *HandOver) Object() fyne.CanvasObject { return s.page }

// Leave forgets the code.
func (s *HandOver) Leave() {
	s.until = time.Time{}
	s.code.SetAddress("")
	s.spoken.SetText("")
}

// Tick counts the minute down.
func (s *HandOver) Tick() {
	if was := s.left.Text(); was != s.counts() {
		s.left.SetText(s.counts())
		s.page.Refresh()
	}
}

// counts says how long the code lasts.
func (s *HandOver) counts() string {
	if s.until.IsZero() {
		return ""
	}
	n := int((s.until.Sub(s.parts.Now()) + time.Second - 1) / time.Second)
	if n <= 1 {
		return s.tr.Say("hand.left_one")
	}
	return s.tr.Say("hand.left", "n", strconv.Itoa(n))
}

// Show draws it.
func (s *HandOver) Show(state app.State) {
	v, tr := state.Screen.(app.HandOver), lookup(state)
	s.tr, s.until = tr, time.Time{}
	shown, taken := v.Code != "", v.Taken != ""
	s.title.SetText(tr.Say("hand.title"))
	s.hint.SetText(tr.Say("hand.what"))
	s.aloud.SetText("")
	s.spoken.SetText("")
	s.over.SetText("")
	s.code.SetAddress("")
	switch {
	case taken:
		s.title.SetText(tr.Say(kontakt.MsgHandoverTaken, "navn", v.Taken))
		s.hint.SetText(tr.Say("hand.wiped"))
	case shown:
		s.until = v.Until
		s.title.SetText(tr.Say("hand.show"))
		s.code.SetAddress(kontakt.HandoverText(v.Code))
		s.aloud.SetText(tr.Say("hand.aloud"))
		s.spoken.SetText(kontakt.SpokenHandoverCode(v.Code))
	case v.Over:
		s.over.SetText(tr.Say("hand.over"))
	}
	s.left.SetText(s.counts())
	s.problem.SetText(say(tr, v.Problem))
	s.again.Hidden = shown || taken
	s.again.SetBusy(v.Busy, tr.Say("hand.making"), tr.Say("hand.again"))
	s.logout.Hidden, s.going.Hidden, s.back.Hidden = !taken, !taken, taken
	s.logout.SetText(tr.Say("login.logout"))
	s.going.SetText(tr.Say("hand.stay"))
	s.back.SetText(tr.Say("hand.cancel"))
	s.page.Refresh()
}
