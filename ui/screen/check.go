package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Check shows one's own picture, the microphone, the network and the way to the clinic, before a number is drawn.
type Check struct {
	parts                       Parts
	title, who, dark            *widget.Text
	camera, mic, network, relay *widget.CheckRow
	level                       *widget.Meter
	problem, advice             *widget.Notice
	ask                         *widget.Text
	reason                      *widget.LineEntry
	join, back                  *widget.Button
	page                        *widget.Page
}

// NewCheck makes the screen.
func NewCheck(p Parts) *Check {
	s := &Check{
		parts: p, title: widget.NewHeading(), who: widget.NewMuted(), dark: widget.NewHeading(),
		camera: widget.NewCheckRow(), mic: widget.NewCheckRow(), network: widget.NewCheckRow(), relay: widget.NewCheckRow(),
		level: widget.NewMeter(), problem: widget.NewNotice(widget.Warn), advice: widget.NewNotice(widget.Info),
		ask:  widget.NewText(),
		back: widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.join = widget.NewButton("TapJoin", widget.Primary, widget.IconNone, s.submit)
	s.reason = widget.NewLineEntry("EntryReason", false, s.submit)
	s.reason.Most = kontakt.MaxReason
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, widget.NewAspect(p.Self, s.dark), s.advice, s.who, widget.NewColumn(theme.Space/2, s.ask, s.reason)),
		widget.NewColumn(theme.Gap, s.problem, s.camera, widget.NewColumn(0, s.mic, widget.NewInset(0, theme.Space, s.level)), s.network, s.relay),
		widget.NewColumn(theme.Gap, s.join, s.back), nil)
	return s
}

// Object is the page.
func (s *Check) Object() fyne.CanvasObject { return s.page }

// Leave lets the picture go.
func (s *Check) Leave() { s.parts.Self.SetLive(false) }

// Forget wipes the citizen off the labels, and what was written.
func (s *Check) Forget() {
	s.who.SetText("")
	s.reason.SetText("")
}

func (s *Check) submit() {
	if !s.join.Disabled() {
		s.parts.Send(app.TapJoin{Told: kontakt.Told{Reason: s.reason.Text}})
	}
}

// Show draws it.
func (s *Check) Show(state app.State) {
	v, tr := state.Screen.(app.Check), lookup(state)
	s.parts.Self.Radius = theme.Radius
	seen := v.Report.Camera.State != app.CheckBad
	s.parts.Self.SetLive(seen) // no last picture of a camera that is gone
	dark := ""
	if !seen {
		dark = tr.Say("chk.no_picture")
	}
	s.dark.SetText(dark)
	s.advice.SetText("")
	switch {
	case !seen:
	case v.Report.Advice.None():
		s.advice.SetText(tr.Say("chk.looking")) // so that nothing jumps when there is more to say
	default:
		s.advice.SetText(say(tr, v.Report.Advice))
	}
	s.title.SetText(tr.Say("chk.title"))
	name := v.Citizen.Name
	if v.Citizen.Unchecked && name == "" {
		name = v.Citizen.Masked
	}
	s.who.SetText(named(name, v.Clinic.Name))
	s.ask.SetText(tr.Say("mode.reason"))
	if v.Tried() { // the same join is tried again, with what it told
		s.reason.Disable()
	} else {
		s.reason.Enable()
	}
	set := func(row *widget.CheckRow, item app.CheckItem, what, good kontakt.MsgKey) {
		row.Set(verdict(item.State), tr.Say(what), stands(tr, item, good))
	}
	set(s.camera, v.Report.Camera, "chk.camera", "chk.camera_ok")
	set(s.mic, v.Report.Microphone, "chk.mic", "chk.mic_ok")
	if v.Report.Microphone.State == app.CheckRunning {
		s.mic.Set(widget.Running, tr.Say("chk.mic"), tr.Say("chk.mic_say"))
	}
	set(s.network, v.Report.Network, "chk.network", "chk.network_ok")
	set(s.relay, v.Report.Relay, "chk.relay", "chk.relay_ok")
	s.level.SetLevel(v.Report.Level)
	s.problem.SetText(say(tr, v.Problem))
	s.join.SetBusy(v.Joining, tr.Say("q.joining"), tr.Say("q.join"))
	s.back.SetText(tr.Say("cit.back"))
	s.back.SetEnabled(!v.Joining || !v.Problem.None())
	s.page.Refresh()
}

func verdict(s app.CheckState) widget.Verdict {
	switch s {
	case app.CheckGood:
		return widget.Good
	case app.CheckBad:
		return widget.Bad
	}
	return widget.Running
}

func stands(tr i18n.Lookup, item app.CheckItem, good kontakt.MsgKey) string {
	switch {
	case !item.Problem.None():
		return say(tr, item.Problem)
	case item.State == app.CheckGood:
		return tr.Say(good)
	}
	return tr.Say("chk.running")
}
