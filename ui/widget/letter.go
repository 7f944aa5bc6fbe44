package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Letter is what somebody wrote, in large text on a ground of its own, with a line above and who wrote it below.
type Letter struct {
	widget.BaseWidget

	head, text, from *Text
	ground           *canvas.Rectangle
	content          *fyne.Container
}

// NewLetter makes a letter that is hidden until it has something to say.
func NewLetter() *Letter {
	l := &Letter{head: NewText(), text: NewText(), from: NewText(), ground: canvas.NewRectangle(nil)}
	l.head.Bold = true
	l.text.Type = theme.SizeLabel
	l.content = NewInset(2*theme.Space, 2*theme.Space, NewColumn(theme.Space, l.head, l.text, l.from))
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

// Set writes it; without a text the letter takes no room.
func (l *Letter) Set(head, text, from string) {
	l.head.SetText(head)
	l.text.SetText(text)
	l.from.SetText(from)
	if text == "" {
		l.Hide()
	} else {
		l.Show()
	}
	l.Refresh()
}

// TargetName lets a test see that it is shown.
func (l *Letter) TargetName() string { return "Message" }

// Parts are what automation walks.
func (l *Letter) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{l.content} }

// HeightFor is the height at a width.
func (l *Letter) HeightFor(width float32) float32 { return HeightFor(l.content, width) }

// MinSize is narrow, since text wraps.
func (l *Letter) MinSize() fyne.Size {
	l.ExtendBaseWidget(l)
	return l.content.MinSize()
}

// CreateRenderer is called by Fyne.
func (l *Letter) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	r := &letterRenderer{l}
	r.Refresh()
	return r
}

type letterRenderer struct{ l *Letter }

func (r *letterRenderer) MinSize() fyne.Size { return r.l.MinSize() }
func (r *letterRenderer) Destroy()           {}
func (r *letterRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.ground, r.l.content}
}

func (r *letterRenderer) Layout(size fyne.Size) {
	r.l.ground.Resize(size)
	r.l.content.Resize(size)
}

func (r *letterRenderer) Refresh() {
	r.l.ground.FillColor, r.l.ground.CornerRadius = r.l.Theme().Color(theme.ColorInfo, 0), theme.Radius
	r.l.ground.Refresh()
	r.Layout(r.l.Size())
	r.l.content.Refresh()
}
