package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// SignedOut waits for somebody to sign in.
type SignedOut struct {
	name, purpose, hint *widget.Text
	held, problem       *widget.Notice
	message             *widget.Notice
	login, drill, quit  *widget.Button
	settings            *settings
	page                *widget.Page
}

// NewSignedOut makes the screen.
func NewSignedOut(p Parts) *SignedOut {
	s := &SignedOut{
		name: widget.NewKeyFact(), purpose: widget.NewText(), hint: widget.NewMuted(),
		held: widget.NewNotice(widget.Info), message: widget.NewNotice(widget.Info), problem: widget.NewNotice(widget.Warn),
		login:    widget.NewButton("TapSignIn", widget.Primary, widget.IconNone, p.sends(app.TapSignIn{})),
		drill:    newDrillButton(p),
		quit:     widget.NewButton("TapQuit", widget.Quiet, widget.IconLock, p.sends(app.TapQuit{})),
		settings: newSettings(p),
	}
	s.purpose.Type = theme.SizeLabel
	s.hint.Alignment = fyne.TextAlignCenter
	s.page = widget.NewPage(
		widget.NewColumn(theme.Space, s.name, s.purpose),
		widget.NewColumn(theme.Gap, s.held, s.message, s.problem),
		widget.NewColumn(theme.Gap, s.login, s.hint, s.drill, s.quit), s.settings.row)
	return s
}

// Object is the page.
func (s *SignedOut) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *SignedOut) Leave() {}

// Show draws it.
func (s *SignedOut) Show(state app.State) {
	v, tr := state.Screen.(app.SignedOut), lookup(state)
	s.name.SetText(tr.Say("app.name"))
	s.purpose.SetText(tr.Say("app.purpose"))
	s.held.SetText(heldText(tr, v.Held))
	s.message.SetText("")
	if v.Held != nil && len(v.Held.Unread()) > 0 {
		s.message.SetText(tr.Say("q.message_closed"))
	}
	tell(s.problem, tr, v.Problem)
	s.login.SetBusy(v.Busy, tr.Say("login.opening"), tr.Say("start.login"))
	s.hint.SetText(tr.Say("start.login_hint"))
	s.quit.Hidden = !state.Kiosk
	s.quit.SetText(tr.Say("lock.quit"))
	s.drill.SetText(tr.Say("drill.start"))
	s.settings.show(state.Settings, tr)
	s.page.Refresh()
}

// newDrillButton begins a drill, where the tablet can be spared.
func newDrillButton(p Parts) *widget.Button {
	return widget.NewButton("TapDrill", widget.Secondary, widget.IconNone, p.sends(app.TapDrill{}))
}

// heldText says which place the tablet keeps, without the citizen's name: nobody is signed in.
func heldText(tr i18n.Lookup, held *app.Place) string {
	if held == nil {
		return ""
	}
	return tr.Say("start.held", "n", strconv.Itoa(held.Number), "klinik", held.Clinic.Name) + " " + tr.Say("start.held_hint")
}
