package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// SigningIn waits for the browser.
type SigningIn struct {
	head, hint, byHand, url *widget.Text
	held, problem           *widget.Notice
	cancel                  *widget.Button
	page                    *widget.Page
}

// NewSigningIn makes the screen.
func NewSigningIn(p Parts) *SigningIn {
	s := &SigningIn{
		head: widget.NewKeyFact(), hint: widget.NewText(), byHand: widget.NewMuted(), url: widget.NewText(),
		held: widget.NewNotice(widget.Info), problem: widget.NewNotice(widget.Warn),
		cancel: widget.NewButton("TapCancelSignIn", widget.Secondary, widget.IconNone, p.sends(app.TapCancelSignIn{})),
	}
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.head, s.hint),
		widget.NewColumn(theme.Gap, s.held, s.problem, widget.NewColumn(theme.Space/2, s.byHand, s.url)),
		s.cancel, nil)
	return s
}

// Object is the page.
func (s *SigningIn) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *SigningIn) Leave() {}

// Show draws it.
func (s *SigningIn) Show(state app.State) {
	v, tr := state.Screen.(app.SigningIn), lookup(state)
	switch {
	case v.Busy:
		s.head.SetText(tr.Say("login.finishing"))
		s.hint.SetText("")
	case v.URL == "":
		s.head.SetText(tr.Say("login.opening"))
		s.hint.SetText("")
	default:
		s.head.SetText(tr.Say("login.waiting"))
		s.hint.SetText(tr.Say("login.waiting_hint"))
	}
	s.held.SetText(heldText(tr, v.Held))
	tell(s.problem, tr, v.Problem)
	byHand := ""
	if v.URL != "" && !v.Busy {
		byHand = tr.Say("login.by_hand")
	}
	s.byHand.SetText(byHand)
	s.url.SetText("")
	if byHand != "" {
		s.url.SetText(v.URL)
	}
	s.cancel.SetText(tr.Say("login.cancel"))
	s.cancel.SetEnabled(!v.Busy)
	s.page.Refresh()
}
