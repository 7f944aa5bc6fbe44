package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Progress is how far something has come. The sentence beside it says so in figures.
type Progress struct {
	widget.BaseWidget

	done float64
}

// NewProgress makes one at its beginning.
func NewProgress() *Progress {
	p := &Progress{}
	p.ExtendBaseWidget(p)
	return p
}

// Set takes 0–1.
func (p *Progress) Set(done float64) {
	if done = min(max(done, 0), 1); done != p.done {
		p.done = done
		p.Refresh()
	}
}

// MinSize is a low strip.
func (p *Progress) MinSize() fyne.Size { return fyne.NewSize(160, 14) }

// CreateRenderer is called by Fyne.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &progressRenderer{p, canvas.NewRectangle(nil), canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type progressRenderer struct {
	p         *Progress
	way, done *canvas.Rectangle
}

func (r *progressRenderer) MinSize() fyne.Size { return r.p.MinSize() }
func (r *progressRenderer) Destroy()           {}
func (r *progressRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.way, r.done}
}

func (r *progressRenderer) Layout(size fyne.Size) {
	r.way.Resize(size)
	r.done.Resize(fyne.NewSize(size.Width*float32(r.p.done), size.Height))
}

func (r *progressRenderer) Refresh() {
	th := r.p.Theme()
	r.way.FillColor, r.way.StrokeColor, r.way.StrokeWidth = th.Color(theme.ColorSurface, 0), th.Color(theme.ColorLine, 0), 1.5
	r.done.FillColor = th.Color(theme.ColorPrimary, 0)
	r.way.CornerRadius, r.done.CornerRadius = 7, 7
	r.way.Refresh()
	r.done.Refresh()
	r.Layout(r.p.Size())
}
