package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// callTools is the row below the pictures.
type callTools struct {
	controls app.Controls
	next     kontakt.Mode // that a tap chooses

	mute, camera, end               *widget.Button
	write, photo, flip, invite      *widget.Button
	card, hide, move                *widget.Button
	orders, wrong                   *widget.Button
	down, up, zoom, torch, modeTool *widget.Button
	help, out                       *widget.Button
	tools                           *widget.Tools
}

// volumeStep is one tap of "Skru op": ten steps from silence to full.
const volumeStep = 0.1

func newCallTools(p Parts, changed func()) *callTools {
	tool := func(name string, icon widget.Icon, tapped func()) *widget.Button {
		return widget.NewButton(name, widget.Tool, icon, tapped)
	}
	s := &callTools{
		mute:   tool("TapMute", widget.IconMic, p.sends(app.TapMute{})),
		camera: tool("TapCamera", widget.IconCamera, p.sends(app.TapCamera{})),
		flip:   tool("TapFlip", widget.IconFlip, p.sends(app.TapFlip{})),
		torch:  tool("TapTorch", widget.IconTorch, p.sends(app.TapTorch{})),
		end:    widget.NewButton("TapEnd", widget.ToolDanger, widget.IconHangUp, p.sends(app.TapEnd{})),
	}
	// What opens a face puts the sheet away; what is tapped again and again leaves it.
	opens := func(name string, icon widget.Icon, e app.Event) *widget.Button {
		return tool(name, icon, func() {
			s.tools.Open(false)
			p.Send(e)
		})
	}
	s.write = opens("TapTyping", widget.IconWrite, app.TapTyping{})
	s.photo = opens("TapStill", widget.IconPhoto, app.TapStill{})
	s.invite = opens("TapInvite", widget.IconInvite, app.TapInvite{})
	s.card = opens("TapCard", widget.IconCard, app.TapCard{})
	s.orders = opens("TapOrders", widget.IconOrders, app.TapOrders{})
	s.wrong = widget.NewButton("TapMistaken", widget.ToolDanger, widget.IconWarning, func() {
		s.tools.Open(false)
		p.Send(app.TapMistaken{})
	})
	s.out = opens("TapOut", widget.IconLock, app.TapOut{})
	turn := func(by float64) func() {
		return func() { p.Send(app.TapVolume{Volume: min(max(s.controls.Volume+by, 0), 1)}) }
	}
	s.down = tool("TapVolumeDown", widget.IconVolumeDown, turn(-volumeStep))
	s.up = tool("TapVolumeUp", widget.IconVolumeUp, turn(volumeStep))
	s.zoom = tool("TapZoom", widget.IconZoomIn, func() { p.Send(app.TapZoom{Zoom: nextZoom(s.controls.Zoom)}) })
	s.help = opens("TapHelp", widget.IconInfo, app.TapHelp{})
	s.modeTool = tool("TapMode", widget.IconPeople, func() { p.Send(app.TapMode{Mode: s.next}) })
	s.hide = tool("TapHideSelf", widget.IconPeople, p.sends(app.TapHideSelf{}))
	s.move = tool("TapMoveSelf", widget.IconFlip, p.sends(app.TapMoveSelf{}))
	s.tools = widget.NewTools("More", []*widget.Button{s.mute, s.camera},
		[][]*widget.Button{{s.write}, {s.photo}, {s.orders}, {s.card}, {s.down, s.up}, {s.flip}, {s.invite}, {s.out}, {s.hide, s.move}, {s.zoom, s.torch}, {s.modeTool}, {s.help}, {s.wrong}}, s.end, changed)
	return s
}

// nextZoom doubles, and goes back to none after the most.
func nextZoom(z float64) float64 {
	if z = max(z, 1); z >= app.MaxZoom {
		return 1
	}
	return min(z*2, app.MaxZoom)
}

func (s *callTools) show(tr i18n.Lookup, v app.InCall) {
	c := v.Controls
	s.controls = c
	either := func(b *widget.Button, on bool, yes, no string) {
		b.SetOn(on)
		if on {
			b.SetText(yes)
		} else {
			b.SetText(no)
		}
	}
	either(s.mute, c.Muted, tr.Say("call.unmute"), tr.Say("call.mute"))
	either(s.camera, c.CameraOff, tr.Say("call.camera_on"), tr.Say("call.camera_off"))
	either(s.torch, c.Torch, tr.Say("call.torch_off"), tr.Say("call.torch_on"))
	s.mute.SetIcon(iconOf(c.Muted, widget.IconMicOff, widget.IconMic))
	s.camera.SetIcon(iconOf(c.CameraOff, widget.IconCameraOff, widget.IconCamera))
	s.flip.SetText(tr.Say("call.flip"))
	s.down.SetText(tr.Say("call.volume_down"))
	s.down.SetEnabled(c.Volume > 0)
	s.up.SetText(tr.Say("call.volume_up"))
	s.up.SetEnabled(c.Volume < 1)
	s.zoom.SetText(tr.Say("photo.zoom_in"))
	if c.Zoom > 1 { // what it says is what is on
		s.zoom.SetText(tr.Say("call.zoom", "n", times(c.Zoom)))
	}
	s.zoom.SetOn(c.Zoom > 1)
	s.write.SetText(tr.Say("call.big_text"))
	s.photo.SetText(tr.Say("call.photo"))
	s.photo.SetEnabled(v.Still == nil || v.Still.ID != "") // a second tap belongs to what is asked
	s.invite.SetText(tr.Say("call.add"))
	either(s.hide, v.Hidden, tr.Say("call.show_me"), tr.Say("call.hide_me"))
	s.move.SetText(tr.Say("call.move_me"))
	own := !c.CameraOff && !v.Blind
	s.tools.Offer(s.hide, own)
	s.tools.Offer(s.move, own && !v.Hidden && len(v.Others) < 2) // beside several everybody has a seat
	s.card.SetText(tr.Say("call.card"))
	s.card.SetOn(v.Card != nil)
	s.wrong.SetText(tr.Say("wrong.tool"))
	s.orders.SetText(tr.Say("ord.title"))
	s.orders.SetOn(v.Orders.Face != app.OrdersAway)
	s.out.SetText(tr.Say("lock.out"))
	s.next = kontakt.ModeConference
	s.help.SetText(tr.Say("help.open"))
	s.modeTool.SetText(tr.Say("call.to_conference"))
	if v.Mode == kontakt.ModeConference {
		s.next = kontakt.ModeConsultation
		s.modeTool.SetText(tr.Say("call.to_consultation"))
	}
	s.end.SetText(tr.Say("call.end"))
	s.tools.SetToggleText(tr.Say("call.more"), tr.Say("call.less"))
	s.tools.Offer(s.flip, c.Cameras > 1)
	s.tools.Offer(s.zoom, c.Zooms)
	s.tools.Offer(s.torch, c.Torches)
}

func iconOf(on bool, yes, no widget.Icon) widget.Icon {
	if on {
		return yes
	}
	return no
}

// callAsk is what is asked of the nurse, between the pictures and the tools.
type callAsk struct {
	title, hint *widget.Text
	bar         *widget.Progress
	yes, no     *widget.Button
	column      *fyne.Container
	panel       *widget.Panel
}

func newCallAsk(p Parts) *callAsk {
	s := &callAsk{title: widget.NewHeading(), hint: widget.NewText(), bar: widget.NewProgress()}
	s.yes = widget.NewButton("TapStillAsked", widget.Primary, widget.IconPhoto, p.sends(app.TapStill{}))
	s.no = widget.NewButton("TapStillClose", widget.Secondary, widget.IconNone, p.sends(app.TapStillClose{}))
	s.panel = widget.NewPanel(widget.NewColumn(2*theme.Space, s.title, s.hint, s.bar, widget.NewCells(theme.Gap, 2, s.yes, s.no)))
	s.column = widget.NewColumn(0, s.panel)
	s.column.Hide()
	return s
}

// hintTo is up to which size of text there is room for more than what is asked.
const hintTo = 150

func (s *callAsk) show(tr i18n.Lookup, v app.InCall, scale int) {
	still := v.Still
	s.column.Hidden = still == nil
	if still == nil {
		return
	}
	s.yes.SetText(tr.Say("call.photo"))
	s.yes.Show()
	s.no.SetText(tr.Say("photo.not_now"))
	s.no.Show()
	s.hint.SetText("")
	if scale <= hintTo {
		s.hint.SetText(tr.Say("photo.aim_hint"))
	}
	s.bar.Hide()
	switch {
	case still.Taking:
		s.title.SetText(tr.Say("photo.taking"))
		s.hint.SetText("")
		s.yes.Hide()
		s.no.SetText(tr.Say("photo.stop"))
	case !still.Problem.None():
		s.title.SetText(say(tr, still.Problem))
		s.yes.SetText(tr.Say("call.photo_retake"))
		s.no.SetText(tr.Say("photo.close"))
	case still.Asked:
		s.title.SetText(tr.Say("photo.asked"))
	case still.Aiming:
		s.title.SetText(tr.Say("photo.aim"))
		if scale > hintTo { // where the camera is to look the nurse knows
			s.title.SetText(tr.Say("photo.aim_with"))
		}
	default:
		s.hint.SetText("")
		s.title.SetText(tr.Say("photo.coming", "navn", nameOf(tr, v, still.From), "n", percent(still.Progress)))
		s.bar.Set(still.Progress)
		s.bar.Show()
		s.yes.Hide()
		s.no.SetText(tr.Say("photo.stop"))
	}
	s.panel.Refresh()
}
