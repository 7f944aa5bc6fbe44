package screen

import (
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// InCall is the conversation: the clinic's picture as large as it gets, the controls always there.
type InCall struct {
	parts                             Parts
	since                             time.Time
	volume                            float64
	who, clock, middle                *widget.Text
	notice                            *widget.Notice
	mute, camera, flip, down, up, end *widget.Button
	question                          *widget.Question
	asking                            bool
	stage                             *widget.Stage
}

// volumeStep is one tap of "Skru op": ten steps from silence to full.
const volumeStep = 0.1

// NewInCall makes the screen.
func NewInCall(p Parts) *InCall {
	s := &InCall{
		parts: p, who: widget.NewText(), clock: widget.NewText(), middle: widget.NewHeading(), notice: widget.NewNotice(widget.Warn),
		mute:     widget.NewButton("TapMute", widget.Tool, widget.IconMic, p.sends(app.TapMute{})),
		camera:   widget.NewButton("TapCamera", widget.Tool, widget.IconCamera, p.sends(app.TapCamera{})),
		flip:     widget.NewButton("TapFlip", widget.Tool, widget.IconFlip, p.sends(app.TapFlip{})),
		end:      widget.NewButton("TapEnd", widget.ToolDanger, widget.IconHangUp, p.sends(app.TapEnd{})),
		question: widget.NewQuestion("TapEndYes", "TapEndNo", p.sends(app.TapEndYes{}), p.sends(app.TapEndNo{})),
	}
	turn := func(by float64) func() {
		return func() { p.Send(app.TapVolume{Volume: min(max(s.volume+by, 0), 1)}) }
	}
	s.down = widget.NewButton("TapVolumeDown", widget.Tool, widget.IconVolumeDown, turn(-volumeStep))
	s.up = widget.NewButton("TapVolumeUp", widget.Tool, widget.IconVolumeUp, turn(volumeStep))
	for _, t := range []*widget.Text{s.who, s.clock} {
		t.Type, t.Bold = theme.SizeLabel, true
	}
	s.middle.Alignment = fyne.TextAlignCenter
	s.stage = widget.NewStage(
		widget.NewShelf(3*theme.Space, 1, s.who, s.clock),
		p.Remote, p.Self, s.middle, s.notice,
		widget.NewCells(theme.Space, 6, s.mute, s.camera, s.flip, s.down, s.up, s.end))
	return s
}

// Object is the stage.
func (s *InCall) Object() fyne.CanvasObject { return s.stage }

// Covers takes the whole window.
func (s *InCall) Covers() {}

// Question is "Afslut samtalen?".
func (s *InCall) Question() *widget.Question {
	if s.asking {
		return s.question
	}
	return nil
}

// Leave lets the pictures go.
func (s *InCall) Leave() {
	s.asking = false
	s.parts.Remote.SetLive(false)
	s.parts.Self.SetLive(false)
}

// Tick moves the call's clock on.
func (s *InCall) Tick() {
	text := ""
	if !s.since.IsZero() {
		text = i18n.Elapsed(s.parts.Now().Sub(s.since))
	}
	if text != s.clock.Text() {
		s.clock.SetText(text)
		s.stage.Refresh()
	}
}

// Show draws it.
func (s *InCall) Show(state app.State) {
	v, tr := state.Screen.(app.InCall), lookup(state)
	s.stage.SetTextScale(state.Settings.TextScale)
	s.since, s.volume = v.Since, v.Controls.Volume
	who := ""
	if v.Place.Call != nil {
		who = named(v.Place.Call.Clinician, v.Place.Call.Title)
	}
	s.who.SetText(named(who, v.Place.Clinic.Name))
	s.parts.Self.Radius = theme.Radius
	own := !v.Controls.CameraOff && !v.Blind // the last picture of a camera that is gone would look like a live one
	s.parts.Self.SetLive(own)
	s.parts.Remote.SetLive(!v.Remote.CameraOff)
	s.stage.ShowSelf(own)
	s.middle.SetText(middle(tr, v))
	s.notice.SetText(noticed(tr, state, v))
	s.tools(tr, v.Controls)
	s.asking = v.Ending
	s.question.Ask(tr.Say("call.end_confirm"))
	s.question.Yes.SetText(tr.Say("call.end_yes"))
	s.question.No.SetText(tr.Say("call.end_no"))
	s.Tick()
	s.stage.Refresh()
}

func (s *InCall) tools(tr i18n.Lookup, c app.Controls) {
	s.mute.SetOn(c.Muted)
	if c.Muted {
		s.mute.SetIcon(widget.IconMicOff)
		s.mute.SetText(tr.Say("call.unmute"))
	} else {
		s.mute.SetIcon(widget.IconMic)
		s.mute.SetText(tr.Say("call.mute"))
	}
	s.camera.SetOn(c.CameraOff)
	if c.CameraOff {
		s.camera.SetIcon(widget.IconCameraOff)
		s.camera.SetText(tr.Say("call.camera_on"))
	} else {
		s.camera.SetIcon(widget.IconCamera)
		s.camera.SetText(tr.Say("call.camera_off"))
	}
	s.flip.SetText(tr.Say("call.flip"))
	s.flip.Hidden = c.Cameras < 2
	s.down.SetText(tr.Say("call.volume_down"))
	s.down.SetEnabled(c.Volume > 0)
	s.up.SetText(tr.Say("call.volume_up"))
	s.up.SetEnabled(c.Volume < 1)
	s.end.SetText(tr.Say("call.end"))
}

// middle says why there is no picture, where the picture would be.
func middle(tr i18n.Lookup, v app.InCall) string {
	switch {
	case v.Media == app.MediaConnecting:
		return tr.Say("call.connecting")
	case v.Remote.CameraOff:
		return tr.Say("call.remote_camera_off")
	}
	return ""
}

// noticed gives the one thing that matters most now.
func noticed(tr i18n.Lookup, state app.State, v app.InCall) string {
	switch {
	case v.Media == app.MediaLost:
		return tr.Say("call.reconnecting")
	case !v.Notice.None():
		return say(tr, v.Notice)
	case v.Controls.Muted:
		return tr.Say("call.you_are_muted")
	case v.Remote.Muted:
		return tr.Say("call.remote_muted")
	case v.Controls.CameraOff:
		return tr.Say("call.your_camera_off")
	case state.Net.Offline:
		return tr.Say("net.offline_hint")
	}
	return ""
}
