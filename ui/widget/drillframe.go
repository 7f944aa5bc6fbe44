package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// DrillFrame stands around all that is not real: stripes at every edge, and above what it says of itself and what is to be
// done, with the button that ends it.
type DrillFrame struct {
	widget.BaseWidget

	End *Button

	title, task *Text
	line        *fyne.Container
	ground      *canvas.Rectangle
	edges       [4]*canvas.Raster // top, bottom, left, right
}

// drillEdge is how wide the stripes are, and drillStripe how wide one of them, in pixels.
const (
	drillEdge   float32 = 12
	drillStripe int     = 16
)

// NewDrillFrame makes one that is hidden.
func NewDrillFrame(end func()) *DrillFrame {
	f := &DrillFrame{
		title: NewText(), task: NewText(), ground: canvas.NewRectangle(nil),
		End: NewButton("TapDrillEnd", Secondary, IconNone, end),
	}
	f.title.Bold = true
	f.title.Color, f.task.Color = theme.ColorOnDrill, theme.ColorOnDrill
	words := NewColumn(0, f.title, f.task)
	f.line = NewInset(theme.Gap, theme.Space/2, NewShelf(theme.Gap, 1, words, f.End))
	for i := range f.edges {
		f.edges[i] = canvas.NewRasterWithPixels(f.stripe)
	}
	f.ExtendBaseWidget(f)
	f.Hide()
	return f
}

// stripe is the colour of a pixel of an edge.
func (f *DrillFrame) stripe(x, y, _, _ int) color.Color {
	name := theme.ColorDrill
	if (x+y)/drillStripe%2 == 0 {
		name = theme.ColorOnDrill
	}
	return f.Theme().Color(name, 0)
}

// Set says it, and tells whether that is anything new.
func (f *DrillFrame) Set(title, task, end string) bool {
	if title == f.title.Text() && task == f.task.Text() && end == f.End.text {
		return false
	}
	f.title.SetText(title)
	f.task.SetText(task)
	f.task.Hidden = task == ""
	f.End.SetText(end)
	f.Refresh()
	return true
}

// Inside gives the room that is left for what it stands around.
func (f *DrillFrame) Inside(size fyne.Size) (at fyne.Position, room fyne.Size) {
	top := drillEdge + f.height(size.Width)
	return fyne.NewPos(drillEdge, top), size.SubtractWidthHeight(2*drillEdge, top+drillEdge)
}

func (f *DrillFrame) height(width float32) float32 { return HeightFor(f.line, width-2*drillEdge) }

// TargetName lets a test see that what is shown is a drill.
func (f *DrillFrame) TargetName() string { return "Drill" }

// Parts are what automation walks.
func (f *DrillFrame) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{f.line} }

// MinSize is small: the window must be free to be.
func (f *DrillFrame) MinSize() fyne.Size { return fyne.NewSize(320, 120) }

// CreateRenderer is called by Fyne.
func (f *DrillFrame) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	r := &drillRenderer{f}
	r.Refresh()
	return r
}

type drillRenderer struct{ f *DrillFrame }

func (r *drillRenderer) MinSize() fyne.Size { return r.f.MinSize() }
func (r *drillRenderer) Destroy()           {}
func (r *drillRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.f.ground, r.f.line}
	for _, e := range r.f.edges {
		all = append(all, e)
	}
	return all
}

func (r *drillRenderer) Layout(size fyne.Size) {
	f := r.f
	banner := fyne.NewSize(size.Width-2*drillEdge, f.height(size.Width))
	for _, o := range []fyne.CanvasObject{f.ground, f.line} {
		o.Move(fyne.NewSquareOffsetPos(drillEdge))
		o.Resize(banner)
	}
	for i, at := range [...]struct{ x, y, w, h float32 }{
		{0, 0, size.Width, drillEdge},
		{0, size.Height - drillEdge, size.Width, drillEdge},
		{0, drillEdge, drillEdge, size.Height - 2*drillEdge},
		{size.Width - drillEdge, drillEdge, drillEdge, size.Height - 2*drillEdge},
	} {
		f.edges[i].Move(fyne.NewPos(at.x, at.y))
		f.edges[i].Resize(fyne.NewSize(at.w, at.h))
	}
}

func (r *drillRenderer) Refresh() {
	f := r.f
	f.ground.FillColor = f.Theme().Color(theme.ColorDrill, 0)
	f.ground.Refresh()
	r.Layout(f.Size())
	f.line.Refresh()
}
