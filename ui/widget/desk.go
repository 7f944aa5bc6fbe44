package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Desk is a full window with one thing on it, a line above and what can be done below, both always in sight.
type Desk struct {
	widget.BaseWidget

	head, thing fyne.CanvasObject
	foot        fyne.CanvasObject
	ground      *canvas.Rectangle
	inner       *fyne.Container
	edge        float32 // beside the thing
}

// NewDesk makes a desk; edge is the room beside the thing.
func NewDesk(head, thing, foot fyne.CanvasObject, edge float32) *Desk {
	d := &Desk{head: head, thing: thing, foot: foot, ground: canvas.NewRectangle(nil), edge: edge}
	d.inner = container.New(deskLayout{d}, d.ground, thing, head, foot)
	d.ExtendBaseWidget(d)
	return d
}

// Parts are what automation walks.
func (d *Desk) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{d.inner} }

// MinSize is small: the thing gives way.
func (d *Desk) MinSize() fyne.Size { return fyne.NewSize(320, 320) }

// Refresh colours the ground and lays out again.
func (d *Desk) Refresh() {
	d.ground.FillColor = d.Theme().Color(theme.ColorPage, 0)
	d.inner.Layout.Layout(d.inner.Objects, d.inner.Size())
	d.inner.Refresh()
	d.BaseWidget.Refresh()
}

// CreateRenderer is called by Fyne.
func (d *Desk) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	d.ground.FillColor = d.Theme().Color(theme.ColorPage, 0)
	return widget.NewSimpleRenderer(d.inner)
}

type deskLayout struct{ d *Desk }

func (l deskLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 320) }

func (l deskLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const side = 2 * theme.Space
	d := l.d
	set(d.ground, box{0, 0, size.Width, size.Height})
	w := size.Width - 2*side
	head, foot := HeightFor(d.head, w), HeightFor(d.foot, w)
	set(d.head, box{side, theme.Space, side + w, theme.Space + head})
	set(d.foot, box{side, size.Height - side - foot, side + w, size.Height - side})
	set(d.thing, box{d.edge, head + 2*theme.Space, size.Width - d.edge, size.Height - foot - side - theme.Gap})
}
