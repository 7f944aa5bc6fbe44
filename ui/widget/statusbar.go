package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// StatusBar says where we are: the tablet and its place, the way to the backend in words, who is signed in, the clock. On
// the screens about a citizen "Ring 112" stands in it.
type StatusBar struct {
	widget.BaseWidget

	Emergency *Button

	where, net, who, clock *Text
	netIcon                *canvas.Image
	said                   Status
	line                   *fyne.Container
}

// NewStatusBar makes an empty bar.
func NewStatusBar(emergency func()) *StatusBar {
	s := &StatusBar{Emergency: NewButton("TapEmergency", Alarm, IconAnswer, emergency), where: NewMuted(), net: NewMuted(), who: NewText(), clock: NewMuted(), netIcon: canvas.NewImageFromResource(nil)}
	s.clock.Bold = true
	s.clock.Color = theme.ColorInk
	s.netIcon.SetMinSize(fyne.NewSquareSize(22))
	net := NewShelf(theme.Space, 2, s.netIcon, s.net)
	s.line = NewInset(theme.Gap+theme.Space, theme.Space+2, NewShelf(3*theme.Space, 1, s.where, net, s.Emergency, NewShelf(2*theme.Space, 2, s.who, s.clock)))
	s.Emergency.Hide()
	s.ExtendBaseWidget(s)
	return s
}

// Status is what the bar says.
type Status struct {
	Where, Net, Who, Clock string
	Emergency              string // on its button; "": it is not offered
	Offline                bool
}

// Set says it, and tells whether that is anything new.
func (s *StatusBar) Set(v Status) bool {
	if v == s.said {
		return false
	}
	s.said = v
	s.where.SetText(v.Where)
	s.net.SetText(v.Net)
	s.who.SetText(v.Who)
	s.clock.SetText(v.Clock)
	s.netIcon.Hidden = v.Net == ""
	s.Emergency.SetText(v.Emergency)
	s.Emergency.Hidden = v.Emergency == ""
	above := theme.Space + 2
	if !s.Emergency.Hidden { // a button brings room of its own
		above = theme.Space / 2
	}
	s.line.Layout = inset{theme.Gap + theme.Space, above}
	s.Refresh()
	return true
}

// Said gives what it says.
func (s *StatusBar) Said() Status { return s.said }

// TargetName lets a test see what the bar says of the network.
func (s *StatusBar) TargetName() string {
	if s.said.Offline {
		return "Offline"
	}
	return "Online"
}

// Parts are what automation walks.
func (s *StatusBar) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{s.line} }

// HeightFor is the height at a width.
func (s *StatusBar) HeightFor(width float32) float32 { return max(HeightFor(s.line, width), 48) }

// MinSize is narrow: what does not fit goes to a second line.
func (s *StatusBar) MinSize() fyne.Size { return fyne.NewSize(200, 48) }

// CreateRenderer is called by Fyne.
func (s *StatusBar) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	edge := canvas.NewRectangle(nil)
	ground := canvas.NewRectangle(nil)
	r := &statusRenderer{s: s, ground: ground, edge: edge, content: container.NewStack(ground, s.line)}
	r.Refresh()
	return r
}

type statusRenderer struct {
	s            *StatusBar
	ground, edge *canvas.Rectangle
	content      *fyne.Container
}

func (r *statusRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *statusRenderer) Destroy()           {}
func (r *statusRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.content, r.edge}
}

func (r *statusRenderer) Layout(size fyne.Size) {
	r.content.Resize(size)
	r.edge.Move(fyne.NewPos(0, size.Height-1))
	r.edge.Resize(fyne.NewSize(size.Width, 1))
}

func (r *statusRenderer) Refresh() {
	s, th := r.s, r.s.Theme()
	ground, ink, icon := theme.ColorSurface, theme.ColorMuted, IconNetwork
	if s.said.Offline {
		ground, ink, icon = theme.ColorWarn, theme.ColorOnWarn, IconNetworkOff
	}
	for _, t := range []*Text{s.where, s.net} {
		t.Color = ink
	}
	s.who.Color, s.clock.Color = theme.ColorInk, theme.ColorInk
	if s.said.Offline {
		s.who.Color, s.clock.Color = ink, ink
	}
	for _, t := range []*Text{s.where, s.net, s.who, s.clock} {
		t.Refresh()
	}
	s.netIcon.Resource = icon.resource(th.Color(ink, 0))
	s.netIcon.SetMinSize(fyne.NewSquareSize(th.Size("iconInline") * 0.8))
	s.netIcon.Refresh()
	r.ground.FillColor = th.Color(ground, 0)
	r.ground.Refresh()
	r.edge.FillColor = th.Color(theme.ColorLine, 0)
	r.edge.Refresh()
	s.line.Refresh()
	r.Layout(s.Size())
}
