package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Stage is the call: the other side's picture as large as it gets, one's own in its corner, a line above, the tools
// below. It is always dark, so that the picture is the brightest thing. Nothing lies over the picture but one's own
// and a notice.
type Stage struct {
	widget.BaseWidget

	scale    int
	override *container.ThemeOverride
	inner    *fyne.Container
	layout   *stageLayout
}

// NewStage makes a stage.
func NewStage(line fyne.CanvasObject, remote, self *Video, middle *Text, notice *Notice, tools fyne.CanvasObject) *Stage {
	s := &Stage{}
	s.layout = &stageLayout{
		head: canvas.NewRectangle(nil), foot: canvas.NewRectangle(nil), line: line, remote: remote, self: self, shadow: canvas.NewRectangle(nil),
		middle: middle, notice: notice, tools: container.NewVScroll(container.New(ringRoom{}, tools)), showSelf: true,
	}
	l := s.layout
	s.inner = container.New(l, l.head, l.foot, l.remote, l.middle, l.shadow, l.self, l.notice, l.line, l.tools)
	s.paint()
	s.override = container.NewThemeOverride(s.inner, s.look())
	s.ExtendBaseWidget(s)
	return s
}

func (s *Stage) look() theme.Theme { return theme.Theme{Dark: true, Scale: s.scale} }

func (s *Stage) paint() {
	l := s.layout
	l.head.FillColor = s.look().Color(theme.ColorPage, 0)
	l.foot.FillColor = l.head.FillColor
	l.shadow.FillColor = s.look().Color(theme.ColorVideo, 0)
	l.shadow.CornerRadius = theme.Radius
	l.shadow.Shadow = canvas.Shadow{Color: s.look().Color("shadow", 0), BlurRadius: 12, Spread: 2}
}

// SetTextScale follows the setting.
func (s *Stage) SetTextScale(percent int) {
	if percent != s.scale {
		s.scale = percent
		s.override.Theme = s.look()
		s.override.Refresh()
	}
}

// ShowSelf shows or hides one's own picture.
func (s *Stage) ShowSelf(on bool) {
	s.layout.showSelf = on
	s.layout.self.Hidden, s.layout.shadow.Hidden = !on, !on
}

// Parts are what automation walks.
func (s *Stage) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{s.inner} }

// MinSize is small.
func (s *Stage) MinSize() fyne.Size { return fyne.NewSize(320, 320) }

// Refresh lays the stage out again.
func (s *Stage) Refresh() {
	s.inner.Refresh()
	s.BaseWidget.Refresh()
}

// CreateRenderer is called by Fyne.
func (s *Stage) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	return widget.NewSimpleRenderer(s.override)
}

type stageLayout struct {
	head, foot   *canvas.Rectangle // the grounds beside the picture: what lies under it would be drawn for nothing, each time
	shadow       *canvas.Rectangle
	line         fyne.CanvasObject
	remote, self *Video
	middle       *Text
	notice       *Notice
	tools        *container.Scroll
	showSelf     bool
}

func (l *stageLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 320) }

func (l *stageLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	set := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
	}
	const side = theme.Gap
	inner := size.Width - 2*side
	top := HeightFor(l.line, inner) + 2*(theme.Space+2)
	set(l.line, side, theme.Space+2, inner, top-2*(theme.Space+2))
	tools := min(height(contentOf(l.tools), inner), size.Height*0.5)
	put(l.tools, side-ringPad, size.Height-tools, inner+2*ringPad, tools)
	y, h := top, size.Height-top-tools+theme.Space // ringRoom leaves more than is needed between
	set(l.remote, 0, y, size.Width, h)
	set(l.head, 0, 0, size.Width, y)
	set(l.foot, 0, y+h, size.Width, size.Height-y-h)

	own := min(max(size.Width*0.2, 200), h*0.5)
	ownX, ownY := size.Width-own-side, y+side
	set(l.self, ownX, ownY, own, own*9/16)
	set(l.shadow, ownX, ownY, own, own*9/16)

	w := min(size.Width-4*side, 720)
	mh := l.middle.HeightFor(w)
	set(l.middle, (size.Width-w)/2, y+(h-mh)/2, w, mh)

	room := size.Width - 2*side
	if l.showSelf {
		room -= own + side
	}
	nw := min(NaturalWidth(l.notice), room, 640)
	set(l.notice, side, ownY, nw, l.notice.HeightFor(nw))
}
