package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kontaktlaege/ui/theme"
)

// Measure is one thing that is measured, as a button over all of it: what it is, what was read, and what that gives.
type Measure struct {
	Button

	what, value, gives *Text
	words              *fyne.Container
}

// NewMeasure makes an empty one; tapped runs on the UI thread.
func NewMeasure(name string, tapped func()) *Measure {
	m := &Measure{what: NewText(), value: NewText(), gives: NewText()}
	m.Button = Button{Rank: Secondary, name: name, tapped: tapped, whole: m}
	m.value.Type, m.value.Bold = theme.SizeLabel, true
	m.gives.Alignment = fyne.TextAlignTrailing
	m.words = NewInset(theme.Gap, buttonPadV, NewColumn(theme.Space/2, m.what, NewShelf(theme.Gap, 1, m.value, m.gives)))
	m.ExtendBaseWidget(m)
	return m
}

// Set says it. What is not there yet is said quietly, what is wrong loudly.
func (m *Measure) Set(what, value, gives string, there, wrong bool) {
	m.what.SetText(what)
	m.value.SetText(value)
	m.gives.SetText(gives)
	m.value.Color, m.value.Bold = theme.ColorInk, there
	m.gives.Color = theme.ColorMuted
	if !there {
		m.value.Color = theme.ColorMuted
	}
	if wrong {
		m.gives.Color = theme.ColorDanger
	}
	m.Refresh()
}

// Parts are what automation walks.
func (m *Measure) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{m.words} }

// HeightFor is the height at a width: never below a target.
func (m *Measure) HeightFor(width float32) float32 {
	return max(HeightFor(m.words, width), theme.TargetMain)
}

// NaturalWidth is the width with each line in one.
func (m *Measure) NaturalWidth() float32 { return NaturalWidth(m.words) }

// leastMeasure leaves room for a name of some length beside another measure.
const leastMeasure float32 = 200

// MinSize has room for the longest word.
func (m *Measure) MinSize() fyne.Size {
	m.ExtendBaseWidget(m)
	w := max(widest([]fyne.CanvasObject{m.what, m.value, m.gives})+2*theme.Gap, leastMeasure)
	return fyne.NewSize(w, m.HeightFor(max(w, m.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (m *Measure) CreateRenderer() fyne.WidgetRenderer {
	m.ExtendBaseWidget(m)
	r := &measureRenderer{m, canvas.NewRectangle(nil), canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type measureRenderer struct {
	m          *Measure
	ring, face *canvas.Rectangle
}

func (r *measureRenderer) MinSize() fyne.Size { return r.m.MinSize() }
func (r *measureRenderer) Destroy()           {}
func (r *measureRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.face, r.m.words}
}

func (r *measureRenderer) Layout(size fyne.Size) {
	const out = theme.FocusGap + theme.FocusWidth
	set(r.ring, box{-out, -out, size.Width + out, size.Height + out})
	set(r.face, box{0, 0, size.Width, size.Height})
	high := HeightFor(r.m.words, size.Width)
	set(r.m.words, box{0, (size.Height - high) / 2, size.Width, (size.Height + high) / 2})
}

func (r *measureRenderer) Refresh() {
	th, c := r.m.Theme(), Secondary.colours()
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth, r.face.CornerRadius = th.Color(c.fill, 0), th.Color(c.edge, 0), 2, theme.Radius
	if r.m.hovered {
		r.face.FillColor = th.Color("hover", 0)
	}
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth = th.Color(theme.ColorClear, 0), th.Color(theme.ColorFocus, 0), theme.FocusWidth
	r.ring.CornerRadius, r.ring.Hidden = theme.Radius+theme.FocusGap+theme.FocusWidth, !r.m.focused
	r.Layout(r.m.Size())
	for _, t := range []*Text{r.m.what, r.m.value, r.m.gives} {
		t.Refresh()
	}
	canvas.Refresh(r.m)
}
