package widget

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/draw"

	"kontaktlaege/ui/theme"
)

// Viewer shows a still picture: two fingers, the wheel or ZoomBy enlarge it, a finger moves it, a tap points at it. Only
// what is seen of it is drawn, at the screen's own pixels, whatever the picture's size.
type Viewer struct {
	widget.BaseWidget

	// Pointed is called at a tap, 0–1 from the picture's upper left corner.
	Pointed func(x, y float64)

	picture image.Image
	lens    lens
	pinch   pinch
	raster  *canvas.Raster
	drawn   *image.RGBA
	ring    *canvas.Circle
	halo    *canvas.Circle
	pointer *fyne.Position // 0–1 of the picture
	area    *pictureArea
}

var (
	_ fyne.Draggable   = (*Viewer)(nil)
	_ fyne.Scrollable  = (*Viewer)(nil)
	_ fyne.Tappable    = (*Viewer)(nil)
	_ mobile.Touchable = (*Viewer)(nil)
	_ mobile.Movable   = (*Viewer)(nil)
)

// NewViewer makes a viewer without a picture; its name is that of the picture in Targets.
func NewViewer(name string) *Viewer {
	v := &Viewer{ring: canvas.NewCircle(nil), halo: canvas.NewCircle(nil), area: newPictureArea(name)}
	v.raster = canvas.NewRaster(v.draw)
	v.ExtendBaseWidget(v)
	return v
}

// SetPicture shows a picture as a whole; nil lets it go.
func (v *Viewer) SetPicture(m image.Image) {
	if m == v.picture {
		return
	}
	v.picture, v.drawn = m, nil
	v.lens = lens{view: v.lens.view}
	if m != nil {
		v.lens.picture = fyne.NewSize(float32(m.Bounds().Dx()), float32(m.Bounds().Dy()))
	}
	v.pinch.clear()
	v.Refresh()
}

// Point shows where somebody points, 0–1; Unpoint that nobody does.
func (v *Viewer) Point(x, y float64) {
	at := fyne.NewPos(float32(x), float32(y))
	if v.pointer == nil || *v.pointer != at {
		v.pointer = &at
		v.Refresh()
	}
}

// Unpoint takes the pointer away.
func (v *Viewer) Unpoint() {
	if v.pointer != nil {
		v.pointer = nil
		v.Refresh()
	}
}

// Zoom gives how much it is enlarged, from 1.
func (v *Viewer) Zoom() float32 { return max(v.lens.zoom, 1) }

// ZoomBy enlarges around the middle.
func (v *Viewer) ZoomBy(factor float32) {
	v.lens.zoomBy(factor, fyne.NewPos(v.lens.view.Width/2, v.lens.view.Height/2))
	v.Refresh()
}

// Scrolled zooms where the mouse is.
func (v *Viewer) Scrolled(e *fyne.ScrollEvent) {
	v.lens.zoomBy(float32(math.Pow(1.01, float64(e.Scrolled.DY))), e.Position)
	v.Refresh()
}

// Dragged moves the picture, unless two fingers do.
func (v *Viewer) Dragged(e *fyne.DragEvent) {
	if v.pinch.two() {
		return
	}
	v.lens.panBy(e.Dragged.DX, e.Dragged.DY)
	v.Refresh()
}

// DragEnd forgets the fingers: Fyne does not tell of the second one's going after a drag.
func (v *Viewer) DragEnd() { v.pinch.clear() }

// Tapped points.
func (v *Viewer) Tapped(e *fyne.PointEvent) {
	if x, y, inside := v.lens.at(e.Position); inside && v.Pointed != nil {
		v.Pointed(float64(x), float64(y))
	}
}

// TouchDown, TouchMoved, TouchUp and TouchCancel follow fingers.
func (v *Viewer) TouchDown(e *mobile.TouchEvent) { v.pinch.down(e.ID, e.Position) }

// TouchMoved zooms around the middle of two fingers.
func (v *Viewer) TouchMoved(e *mobile.TouchEvent) {
	factor, middle, was, two := v.pinch.move(e.ID, e.Position)
	if !two {
		return
	}
	v.lens.zoomBy(factor, was)
	v.lens.panBy(middle.X-was.X, middle.Y-was.Y)
	v.Refresh()
}

// TouchUp lifts a finger.
func (v *Viewer) TouchUp(e *mobile.TouchEvent) { v.pinch.up(e.ID) }

// TouchCancel lifts it too.
func (v *Viewer) TouchCancel(e *mobile.TouchEvent) { v.pinch.up(e.ID) }

// draw makes the pixels of the view.
func (v *Viewer) draw(w, h int) image.Image {
	if v.drawn == nil || v.drawn.Rect.Dx() != w || v.drawn.Rect.Dy() != h {
		v.drawn = image.NewRGBA(image.Rect(0, 0, w, h))
	} else {
		clear(v.drawn.Pix)
	}
	b := v.lens.through()
	if v.picture == nil || b.empty() {
		return v.drawn
	}
	pixels := float32(w) / v.lens.view.Width
	at := image.Rect(round(b.x1*pixels), round(b.y1*pixels), round(b.x2*pixels), round(b.y2*pixels))
	draw.ApproxBiLinear.Scale(v.drawn, at, v.picture, v.picture.Bounds(), draw.Src, nil)
	return v.drawn
}

func round(f float32) int { return int(math.Round(float64(f))) }

func sqrt(f float32) float32 { return float32(math.Sqrt(float64(f))) }

// Parts are what automation walks.
func (v *Viewer) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{v.area} }

// MinSize is small.
func (v *Viewer) MinSize() fyne.Size { return fyne.NewSize(160, 120) }

// CreateRenderer is called by Fyne.
func (v *Viewer) CreateRenderer() fyne.WidgetRenderer {
	v.ExtendBaseWidget(v)
	r := &viewerRenderer{v, canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type viewerRenderer struct {
	v      *Viewer
	ground *canvas.Rectangle
}

func (r *viewerRenderer) MinSize() fyne.Size { return r.v.MinSize() }
func (r *viewerRenderer) Destroy()           {}
func (r *viewerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.v.raster, r.v.halo, r.v.ring, r.v.area}
}

const pointerAcross float32 = 64

func (r *viewerRenderer) Layout(size fyne.Size) {
	v := r.v
	v.lens.view = size
	r.ground.Resize(size)
	v.raster.Resize(size)
	b := v.lens.through()
	seen := b.cut(box{0, 0, size.Width, size.Height})
	set(v.area, seen)
	if v.pointer == nil {
		return
	}
	x, y := b.x1+v.pointer.X*(b.x2-b.x1), b.y1+v.pointer.Y*(b.y2-b.y1)
	around := func(o fyne.CanvasObject, across float32) {
		set(o, box{x - across/2, y - across/2, x + across/2, y + across/2})
	}
	around(v.halo, pointerAcross)
	around(v.ring, pointerAcross-6)
	gone := x < 0 || y < 0 || x > size.Width || y > size.Height
	v.halo.Hidden, v.ring.Hidden = gone, gone
}

func (r *viewerRenderer) Refresh() {
	v := r.v
	r.ground.FillColor = v.Theme().Color(theme.ColorVideo, 0)
	clear := v.Theme().Color(theme.ColorClear, 0)
	v.halo.FillColor, v.ring.FillColor = clear, clear
	v.halo.StrokeColor, v.halo.StrokeWidth = color.White, 10 // light and dark: one of them is seen on any picture
	v.ring.StrokeColor, v.ring.StrokeWidth = color.Black, 4
	v.area.Hidden = v.picture == nil
	v.halo.Hidden, v.ring.Hidden = v.pointer == nil, v.pointer == nil
	r.Layout(v.Size())
	canvas.Refresh(v)
}
