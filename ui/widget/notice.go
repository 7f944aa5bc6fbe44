package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Mood is what a notice is about.
type Mood int

// The moods.
const (
	Info Mood = iota // something to know
	Warn             // something to look at, and what helps
)

// Notice is a sentence on a coloured ground, with an icon that says the mood to who does not see the colour.
type Notice struct {
	widget.BaseWidget

	Mood Mood
	text string
}

// NewNotice makes a notice that is hidden until it has something to say.
func NewNotice(m Mood) *Notice {
	n := &Notice{Mood: m}
	n.ExtendBaseWidget(n)
	n.Hide()
	return n
}

// SetText says text; an empty one hides the notice.
func (n *Notice) SetText(text string) {
	if text == n.text {
		return
	}
	n.text = text
	if text == "" {
		n.Hide()
	} else {
		n.Show()
	}
	n.Refresh()
}

// SetMood changes what the notice is about.
func (n *Notice) SetMood(m Mood) {
	if m != n.Mood {
		n.Mood = m
		n.Refresh()
	}
}

// Text gives what is said.
func (n *Notice) Text() string { return n.text }

const noticePad = theme.Gap

func (n *Notice) room(width float32) float32 {
	return width - 3*noticePad - n.Theme().Size("iconInline")
}

// HeightFor is the height at a width.
func (n *Notice) HeightFor(width float32) float32 {
	size, style := n.Theme().Size(theme.SizeBody), fyne.TextStyle{}
	lines := float32(len(wrapped(n.text, n.room(width), size, style)))
	return max(lines*lineHeight(size, style), n.Theme().Size("iconInline")) + 2*noticePad
}

// NaturalWidth is the width on one line.
func (n *Notice) NaturalWidth() float32 {
	return textWidth(n.text, n.Theme().Size(theme.SizeBody), fyne.TextStyle{}) + (1000 - n.room(1000))
}

// MinSize is narrow, since text wraps.
func (n *Notice) MinSize() fyne.Size {
	n.ExtendBaseWidget(n)
	w := n.Theme().Size(theme.SizeBody)*8 + (1000 - n.room(1000))
	return fyne.NewSize(w, n.HeightFor(max(w, n.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (n *Notice) CreateRenderer() fyne.WidgetRenderer {
	n.ExtendBaseWidget(n)
	r := &noticeRenderer{n: n, ground: canvas.NewRectangle(nil), icon: canvas.NewImageFromResource(nil), text: NewText()}
	r.Refresh()
	return r
}

type noticeRenderer struct {
	n      *Notice
	ground *canvas.Rectangle
	icon   *canvas.Image
	drawn  string // name of the icon's resource
	text   *Text
}

func (r *noticeRenderer) MinSize() fyne.Size { return r.n.MinSize() }
func (r *noticeRenderer) Destroy()           {}
func (r *noticeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.icon, r.text}
}

func (r *noticeRenderer) Layout(size fyne.Size) {
	icon := r.n.Theme().Size("iconInline")
	r.ground.Resize(size)
	w := r.n.room(size.Width)
	h := r.text.HeightFor(w)
	line := lineHeight(r.n.Theme().Size(theme.SizeBody), fyne.TextStyle{})
	y := (size.Height - h) / 2
	r.text.Move(fyne.NewPos(2*noticePad+icon, y))
	r.text.Resize(fyne.NewSize(w, h))
	r.icon.Move(fyne.NewPos(noticePad, y+(line-icon)/2))
	r.icon.Resize(fyne.NewSquareSize(icon))
}

func (r *noticeRenderer) Refresh() {
	th := r.n.Theme()
	ground, ink, icon := theme.ColorInfo, theme.ColorInk, IconInfo
	if r.n.Mood == Warn {
		ground, ink, icon = theme.ColorWarn, theme.ColorOnWarn, IconWarning
	}
	r.ground.FillColor, r.ground.CornerRadius = th.Color(ground, 0), theme.Radius
	r.ground.StrokeColor, r.ground.StrokeWidth = th.Color(theme.ColorRim, 0), th.Size(theme.SizeRim)
	r.ground.Refresh()
	if res := icon.resource(th.Color(ink, 0)); res.Name() != r.drawn {
		r.icon.Resource, r.drawn = res, res.Name()
		r.icon.Refresh()
	}
	r.text.Color = ink
	r.text.SetText(r.n.text)
	r.text.Refresh()
	r.Layout(r.n.Size())
}

// TargetName lets a test see that something is said.
func (n *Notice) TargetName() string { return "Notice" }
