package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Poster fills the window in the colour of go: a message in the middle, the answers below it, always in sight.
type Poster struct {
	widget.BaseWidget

	message, answers *container.Scroll
}

// NewPoster makes a poster.
func NewPoster(message, answers fyne.CanvasObject) *Poster {
	p := &Poster{
		message: container.NewVScroll(container.New(ringRoom{}, message)),
		answers: container.NewVScroll(container.New(ringRoom{}, answers)),
	}
	p.ExtendBaseWidget(p)
	return p
}

// Parts are what automation walks.
func (p *Poster) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.message, p.answers} }

// MinSize is small: what does not fit scrolls.
func (p *Poster) MinSize() fyne.Size { return fyne.NewSize(320, 320) }

// CreateRenderer is called by Fyne.
func (p *Poster) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &posterRenderer{p, canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type posterRenderer struct {
	p      *Poster
	ground *canvas.Rectangle
}

func (r *posterRenderer) MinSize() fyne.Size { return r.p.MinSize() }
func (r *posterRenderer) Destroy()           {}
func (r *posterRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.ground}, r.p.Parts()...)
}

func (r *posterRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	w := min(size.Width-2*pagePad, maxColumn) + 2*ringPad
	x := (size.Width - w) / 2
	room := size.Height - 2*pagePad
	answers := min(height(contentOf(r.p.answers), w-2*ringPad), room*0.6)
	message := min(height(contentOf(r.p.message), w-2*ringPad), room-answers-theme.Gap)
	gap := min(max(room-answers-message, theme.Gap), 5*theme.Space)
	y := max((size.Height-message-gap-answers)/2, 0)
	put(r.p.message, x, y, w, message)
	put(r.p.answers, x, y+message+gap, w, answers)
}

// contentOf is what stands in a scroll, within its room for focus rings.
func contentOf(s *container.Scroll) fyne.CanvasObject { return s.Content.(*fyne.Container).Objects[0] }

func (r *posterRenderer) Refresh() {
	r.ground.FillColor = r.p.Theme().Color(theme.ColorGo, 0)
	r.ground.Refresh()
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
