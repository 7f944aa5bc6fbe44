package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/assets"
	"kontaktlaege/ui/theme"
)

// Illustration is a picture of a screen, as wide as there is room and never larger than it is, with an edge around it. What it
// shows is said in words beside it.
type Illustration struct {
	widget.BaseWidget

	path    string // of assets.Help
	picture fyne.Resource
	size    fyne.Size // in dp
}

// NewIllustration makes one, hidden until it has something to show, for pictures of that size.
func NewIllustration(size fyne.Size) *Illustration {
	i := &Illustration{size: size}
	i.ExtendBaseWidget(i)
	i.Hide()
	return i
}

// SetPicture shows a picture of assets.Help; "" hides it.
func (i *Illustration) SetPicture(path string) {
	if path == i.path {
		return
	}
	i.path, i.picture = path, nil
	if data, err := assets.Help.ReadFile(path); err == nil { // a test wants them all
		i.picture = fyne.NewStaticResource(path, data)
	}
	i.Hidden = i.picture == nil
	i.Refresh()
}

// HeightFor is the height at a width.
func (i *Illustration) HeightFor(width float32) float32 {
	return min(width, i.size.Width) * i.size.Height / i.size.Width
}

// MinSize is small: it shrinks.
func (i *Illustration) MinSize() fyne.Size {
	return fyne.NewSize(160, i.HeightFor(max(160, i.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (i *Illustration) CreateRenderer() fyne.WidgetRenderer {
	i.ExtendBaseWidget(i)
	r := &illustrationRenderer{i, canvas.NewImageFromResource(nil), canvas.NewRectangle(nil)}
	r.image.FillMode = canvas.ImageFillContain
	r.Refresh()
	return r
}

type illustrationRenderer struct {
	i     *Illustration
	image *canvas.Image
	edge  *canvas.Rectangle
}

func (r *illustrationRenderer) MinSize() fyne.Size { return r.i.MinSize() }
func (r *illustrationRenderer) Destroy()           {}
func (r *illustrationRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.image, r.edge}
}

func (r *illustrationRenderer) Layout(size fyne.Size) {
	wide := min(size.Width, r.i.size.Width)
	room := fyne.NewSize(wide, r.i.HeightFor(wide))
	r.image.Resize(room)
	r.edge.Resize(room)
}

func (r *illustrationRenderer) Refresh() {
	th := r.i.Theme()
	r.edge.FillColor = th.Color(theme.ColorClear, 0)
	r.edge.StrokeColor, r.edge.StrokeWidth = th.Color(theme.ColorLine, 0), 2
	if r.image.Resource != r.i.picture {
		r.image.Resource = r.i.picture
		r.image.Refresh()
	}
	r.Layout(r.i.Size())
	canvas.Refresh(r.i)
}
