package widget

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Ring is a circle with an icon that breathes while the tablet is called.
type Ring struct {
	widget.BaseWidget

	breath float32 // 0–1
	motion *fyne.Animation
}

// NewRing makes a ring at rest.
func NewRing() *Ring {
	r := &Ring{}
	r.ExtendBaseWidget(r)
	return r
}

// Start breathes where that may be, and stands still where less motion is asked for, also if it breathes already.
func (r *Ring) Start() {
	if !theme.Moves() {
		r.Stop()
		return
	}
	if r.motion != nil {
		return
	}
	r.motion = fyne.NewAnimation(1400*time.Millisecond, func(f float32) {
		r.breath = f
		r.Refresh()
	})
	r.motion.AutoReverse, r.motion.RepeatCount = true, fyne.AnimationRepeatForever
	r.motion.Start()
}

// Stop comes to rest.
func (r *Ring) Stop() {
	if r.motion != nil {
		r.motion.Stop()
		r.motion, r.breath = nil, 0
		r.Refresh()
	}
}

// MinSize is the ring when it is widest.
func (r *Ring) MinSize() fyne.Size { return fyne.NewSize(176, 176) }

// CreateRenderer is called by Fyne.
func (r *Ring) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	rr := &ringRenderer{r: r, outer: canvas.NewCircle(nil), inner: canvas.NewCircle(nil), icon: canvas.NewImageFromResource(nil)}
	rr.Refresh()
	return rr
}

type ringRenderer struct {
	r            *Ring
	outer, inner *canvas.Circle
	icon         *canvas.Image
}

func (rr *ringRenderer) MinSize() fyne.Size { return rr.r.MinSize() }
func (rr *ringRenderer) Destroy()           { rr.r.Stop() }
func (rr *ringRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{rr.outer, rr.inner, rr.icon}
}

func (rr *ringRenderer) Layout(size fyne.Size) {
	centre := func(o fyne.CanvasObject, d float32) {
		o.Move(fyne.NewPos((size.Width-d)/2, (size.Height-d)/2))
		o.Resize(fyne.NewSquareSize(d))
	}
	d := min(size.Width, size.Height)
	centre(rr.inner, d*0.66)
	centre(rr.outer, d*(0.78+0.22*rr.r.breath))
	centre(rr.icon, d*0.34)
}

func (rr *ringRenderer) Refresh() {
	th := rr.r.Theme()
	on := th.Color(theme.ColorOnGo, 0)
	rr.inner.FillColor = on
	rr.outer.FillColor = color.Transparent
	rr.outer.StrokeColor, rr.outer.StrokeWidth = on, 4
	rr.icon.Resource = IconAnswer.resource(th.Color(theme.ColorGo, 0))
	rr.Layout(rr.r.Size())
	rr.inner.Refresh()
	rr.outer.Refresh()
	canvas.Refresh(rr.r)
}
