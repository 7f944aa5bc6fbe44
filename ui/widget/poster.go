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

	ornament         fyne.CanvasObject
	message, answers *container.Scroll
}

// NewPoster makes a poster. The ornament, above the message, gives way where there is no room.
func NewPoster(ornament, message, answers fyne.CanvasObject) *Poster {
	p := &Poster{
		ornament: ornament,
		message:  container.NewVScroll(container.New(ringRoom{}, message)),
		answers:  container.NewVScroll(container.New(ringRoom{}, answers)),
	}
	p.ExtendBaseWidget(p)
	return p
}

// Parts are what automation walks.
func (p *Poster) Parts() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.ornament, p.message, p.answers}
}

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
	p := r.p
	r.ground.Resize(size)
	w := min(size.Width-2*pagePad, maxColumn)
	room := size.Height - 2*pagePad
	message, answers := height(contentOf(p.message), w), height(contentOf(p.answers), w)
	if message+answers > room && size.Width >= wideFrom {
		r.beside(size)
		return
	}
	x := (size.Width-w)/2 - ringPad
	answers = min(answers, room*0.6)
	message = min(message, room-answers)
	o := p.ornament.MinSize()
	if message+answers+o.Height > room {
		p.ornament.Hide()
		o = fyne.Size{}
	} else {
		p.ornament.Show()
	}
	spare := room - answers - message - o.Height
	gap := min(max(spare/3, 0), 2*theme.Space)
	y := max((size.Height-o.Height-message-answers-2*gap)/2, theme.Gap)
	p.ornament.Move(fyne.NewPos((size.Width-o.Width)/2, y))
	p.ornament.Resize(o)
	if o.Height > 0 {
		y += o.Height + gap
	}
	put(p.message, x, y, w+2*ringPad, message)
	put(p.answers, x, y+message+gap, w+2*ringPad, answers)
}

// beside sets the message at the left and the answers at the right: large text on a tablet that lies.
func (r *posterRenderer) beside(size fyne.Size) {
	p := r.p
	p.ornament.Hide()
	half := size.Width / 2
	w := min(half-2*pagePad, maxColumn)
	x := (half-w)/2 - ringPad
	for i, s := range []*container.Scroll{p.message, p.answers} {
		h := min(height(contentOf(s), w), size.Height-2*theme.Gap)
		put(s, x+float32(i)*half, (size.Height-h)/2, w+2*ringPad, h)
	}
}

// contentOf is what stands in a scroll, within its room for focus rings.
func contentOf(s *container.Scroll) fyne.CanvasObject { return s.Content.(*fyne.Container).Objects[0] }

func (r *posterRenderer) Refresh() {
	r.ground.FillColor = r.p.Theme().Color(theme.ColorGo, 0)
	r.ground.Refresh()
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
