package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Meter is a row of bars that fill as the microphone hears something.
type Meter struct {
	widget.BaseWidget

	lit int
}

const meterBars = 20

// NewMeter makes a silent meter.
func NewMeter() *Meter {
	m := &Meter{}
	m.ExtendBaseWidget(m)
	return m
}

// SetLevel takes 0–1.
func (m *Meter) SetLevel(level float64) {
	lit := int(min(max(level, 0), 1)*meterBars + 0.5)
	if lit != m.lit {
		m.lit = lit
		m.Refresh()
	}
}

// MinSize is a low strip.
func (m *Meter) MinSize() fyne.Size { return fyne.NewSize(160, 28) }

// CreateRenderer is called by Fyne.
func (m *Meter) CreateRenderer() fyne.WidgetRenderer {
	m.ExtendBaseWidget(m)
	r := &meterRenderer{m: m}
	for range meterBars {
		r.bars = append(r.bars, canvas.NewRectangle(nil))
	}
	r.Refresh()
	return r
}

type meterRenderer struct {
	m    *Meter
	bars []fyne.CanvasObject
}

func (r *meterRenderer) MinSize() fyne.Size           { return r.m.MinSize() }
func (r *meterRenderer) Objects() []fyne.CanvasObject { return r.bars }
func (r *meterRenderer) Destroy()                     {}

func (r *meterRenderer) Layout(size fyne.Size) {
	const gap = 4
	w := (size.Width - gap*(meterBars-1)) / meterBars
	for i, b := range r.bars {
		b.Move(fyne.NewPos(float32(i)*(w+gap), 0))
		b.Resize(fyne.NewSize(w, size.Height))
	}
}

func (r *meterRenderer) Refresh() {
	th := r.m.Theme()
	for i, o := range r.bars {
		b := o.(*canvas.Rectangle)
		b.CornerRadius, b.StrokeWidth = 3, 1
		b.StrokeColor = th.Color(theme.ColorLine, 0)
		b.FillColor = th.Color(theme.ColorClear, 0)
		if i < r.m.lit {
			b.FillColor, b.StrokeColor = th.Color(theme.ColorGo, 0), th.Color(theme.ColorGo, 0)
		}
		b.Refresh()
	}
	r.Layout(r.m.Size())
}
