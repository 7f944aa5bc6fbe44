package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Enrol takes the code with which IT makes the tablet known.
type Enrol struct {
	name, title, hint, label *widget.Text
	problem                  *widget.Notice
	code                     *widget.CodeEntry
	send, retry, drill       *widget.Button
	settings                 *settings
	page                     *widget.Page
}

// NewEnrol makes the screen.
func NewEnrol(p Parts) *Enrol {
	s := &Enrol{
		name: widget.NewMuted(), title: widget.NewKeyFact(), hint: widget.NewText(), label: widget.NewMuted(),
		problem: widget.NewNotice(widget.Warn), settings: newSettings(p), drill: newDrillButton(p),
	}
	submit := func() { p.Send(app.TapEnrol{Code: s.code.Text}) }
	s.code = widget.NewCodeEntry(submit)
	s.send = widget.NewButton("TapEnrol", widget.Primary, widget.IconNone, submit)
	s.retry = widget.NewButton("TapRetry", widget.Secondary, widget.IconNone, p.sends(app.TapRetry{}))
	s.page = widget.NewPage(
		widget.NewColumn(theme.Space, s.name, s.title, s.hint),
		widget.NewColumn(theme.Gap, s.problem, widget.NewColumn(theme.Space/2, s.label, s.code)), widget.NewColumn(theme.Gap, s.send, s.retry), widget.NewColumn(theme.Space, s.drill, s.settings.row))
	return s
}

// Object is the page.
func (s *Enrol) Object() fyne.CanvasObject { return s.page }

// Focus is the code.
func (s *Enrol) Focus() fyne.Focusable { return s.code }

// Leave forgets the code.
func (s *Enrol) Leave() { s.code.SetText("") }

// Show draws it.
func (s *Enrol) Show(state app.State) {
	v, tr := state.Screen.(app.Enrol), lookup(state)
	s.name.SetText(tr.Say("app.name"))
	s.title.SetText(tr.Say("enrol.title"))
	s.hint.SetText(tr.Say("enrol.hint"))
	s.label.SetText(tr.Say("enrol.code"))
	s.problem.SetText(say(tr, v.Problem))
	s.send.SetBusy(v.Busy, tr.Say("enrol.sending"), tr.Say("enrol.send"))
	s.retry.SetText(tr.Say("start.retry"))
	s.retry.Hidden = v.Problem.Key != kontakt.MsgEnrolUnknown || v.Busy // it may have been the server's mistake
	s.drill.SetText(tr.Say("drill.start"))
	s.settings.show(state.Settings, tr)
	s.page.Refresh()
}
