package screen

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// callPhoto is the face with a still picture, which everybody in the call sees and points at. It is dark, as the stage is.
type callPhoto struct {
	parts                          Parts
	title, points                  *widget.Text
	bar                            *widget.Progress
	warning                        *widget.Notice
	viewer                         *widget.Viewer
	in, out, unpoint, retake, drop *widget.Button
	closing, emergency             *widget.Button
	desk                           *widget.Desk
	override                       *container.ThemeOverride
}

// zoomStep is one tap of "Zoom ind".
const zoomStep = 1.5

func newCallPhoto(p Parts) *callPhoto {
	s := &callPhoto{parts: p, title: widget.NewText(), points: widget.NewMuted(), bar: widget.NewProgress(), warning: widget.NewNotice(widget.Warn), viewer: widget.NewViewer("Photo")}
	s.title.Type, s.title.Bold = theme.SizeLabel, true
	s.viewer.Pointed = func(x, y float64) { p.Send(app.TapPoint{X: x, Y: y, On: true}) }
	zoom := func(by float32) func() {
		return func() {
			s.viewer.ZoomBy(by)
			s.zoomed()
		}
	}
	tool := func(name string, icon widget.Icon, tapped func()) *widget.Button {
		return widget.NewButton(name, widget.Tool, icon, tapped)
	}
	s.in, s.out = tool("ZoomIn", widget.IconZoomIn, zoom(zoomStep)), tool("ZoomOut", widget.IconZoomOut, zoom(1/zoomStep))
	s.unpoint = tool("TapPoint", widget.IconErase, p.sends(app.TapPoint{}))
	s.retake = tool("TapStill", widget.IconPhoto, p.sends(app.TapStill{}))
	s.drop = tool("TapStillDrop", widget.IconTrash, p.sends(app.TapStillDrop{}))
	s.emergency = newEmergencyButton(p)
	s.emergency.Rank = widget.ToolAlarm
	s.closing = tool("TapStillClose", widget.IconCross, p.sends(app.TapStillClose{}))
	s.desk = widget.NewDesk(widget.NewColumn(theme.Space/2, widget.NewShelf(3*theme.Space, 1, s.title, s.points), s.bar, s.warning), s.viewer,
		widget.NewCells(theme.Gap, 7, s.in, s.out, s.unpoint, s.retake, s.drop, s.closing, s.emergency), 0)
	s.override = container.NewThemeOverride(s.desk, theme.Theme{}.Over())
	return s
}

func (s *callPhoto) object() fyne.CanvasObject { return s.override }

// leave lets the picture go: the album may have dropped it.
func (s *callPhoto) leave() {
	s.viewer.SetPicture(nil)
	s.viewer.Unpoint()
}

// has says whether the picture is here to be shown.
func (s *callPhoto) has(id string) bool { return s.parts.Album != nil && s.parts.Album.Get(id) != nil }

func (s *callPhoto) zoomed() {
	s.in.SetEnabled(s.viewer.Zoom() < widget.MaxZoom)
	s.out.SetEnabled(s.viewer.Zoom() > 1)
}

func (s *callPhoto) show(state app.State, v app.InCall) {
	tr, still := lookup(state), *v.Still
	if look := Theme(state.Settings).Over(); s.override.Theme != look {
		s.override.Theme = look
		s.override.Refresh()
	}
	mine := still.From == kontakt.ParticipantTablet
	s.viewer.SetPicture(s.parts.Album.Get(still.ID))
	whole := still.Progress >= 1
	switch {
	case !mine:
		s.title.SetText(tr.Say("photo.theirs", "navn", nameOf(tr, v, still.From)))
	case whole:
		s.title.SetText(phrases(tr.Say("photo.yours"), tr.Say("photo.there")))
	default:
		s.title.SetText(tr.Say("photo.sending", "n", percent(still.Progress)))
	}
	s.bar.Set(still.Progress)
	s.bar.Hidden = whole || !mine
	s.warning.SetText(noticed(tr, state, v))
	s.points.SetText(tr.Say("photo.hint"))
	s.viewer.Unpoint()
	s.unpoint.Hidden = true
	if p := still.Pointer(); p != nil {
		s.viewer.Point(p.X, p.Y)
		s.unpoint.Hidden = p.From != kontakt.ParticipantTablet
		s.points.SetText(tr.Say("photo.you_point"))
		if s.unpoint.Hidden {
			s.points.SetText(tr.Say("photo.points", "navn", nameOf(tr, v, p.From)))
		}
	}
	if news := newest(tr, v); news != "" {
		s.points.SetText(news)
	}
	s.in.SetText(tr.Say("photo.zoom_in"))
	s.out.SetText(tr.Say("photo.zoom_out"))
	s.unpoint.SetText(tr.Say("photo.unpoint"))
	s.retake.SetText(tr.Say("call.photo_retake"))
	s.retake.Hidden = !mine
	s.drop.SetText(tr.Say("photo.drop"))
	s.closing.SetText(tr.Say("photo.close"))
	s.emergency.SetText(tr.Say("emg.ring"))
	if mine && !whole {
		s.closing.SetText(tr.Say("photo.stop"))
	}
	s.zoomed()
	s.desk.Refresh()
}
