package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Reading shows a number while it is keyed, with its unit. It takes no keys itself: what it shows is what it was told.
type Reading struct {
	widget.BaseWidget

	text, unit string
}

// NewReading makes an empty one.
func NewReading() *Reading {
	r := &Reading{}
	r.ExtendBaseWidget(r)
	return r
}

// Set shows a number.
func (r *Reading) Set(text, unit string) {
	if text != r.text || unit != r.unit {
		r.text, r.unit = text, unit
		r.Refresh()
	}
}

// TargetName lets a test see that it is shown.
func (r *Reading) TargetName() string { return "Reading" }

func (r *Reading) typeface() (float32, fyne.TextStyle) {
	return r.Theme().Size(theme.SizeKey), fyne.TextStyle{Bold: true}
}

// HeightFor is the height at any width: a number stands on one line.
func (r *Reading) HeightFor(float32) float32 {
	size, style := r.typeface()
	return max(lineHeight(size, style)+2*theme.Space, theme.TargetMain)
}

// MinSize has room for some digits and the unit.
func (r *Reading) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	size, style := r.typeface()
	return fyne.NewSize(textWidth("000,0", size, style)+textWidth(r.unit, r.Theme().Size(theme.SizeLabel), fyne.TextStyle{})+3*entryPad, r.HeightFor(0))
}

// CreateRenderer is called by Fyne.
func (r *Reading) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	out := &readingRenderer{r, canvas.NewRectangle(nil), canvas.NewRectangle(nil), canvas.NewText("", nil), canvas.NewText("", nil)}
	out.Refresh()
	return out
}

type readingRenderer struct {
	r            *Reading
	field, caret *canvas.Rectangle
	text, unit   *canvas.Text
}

func (r *readingRenderer) MinSize() fyne.Size { return r.r.MinSize() }
func (r *readingRenderer) Destroy()           {}
func (r *readingRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.field, r.text, r.caret, r.unit}
}

func (r *readingRenderer) Layout(size fyne.Size) {
	r.field.Resize(size)
	points, style := r.r.typeface()
	h, w := lineHeight(points, style), textWidth(r.r.text, points, style)
	y := (size.Height - h) / 2
	r.text.Move(fyne.NewPos(entryPad, y))
	r.text.Resize(fyne.NewSize(w, h))
	set(r.caret, box{entryPad + w + 1, y + h*0.14, entryPad + w + 4, y + h*0.86})
	points = r.r.Theme().Size(theme.SizeLabel)
	h, w = lineHeight(points, fyne.TextStyle{}), textWidth(r.r.unit, points, fyne.TextStyle{})
	r.unit.Move(fyne.NewPos(size.Width-entryPad-w, (size.Height-h)/2))
	r.unit.Resize(fyne.NewSize(w, h))
}

func (r *readingRenderer) Refresh() {
	th := r.r.Theme()
	points, style := r.r.typeface()
	r.text.Text, r.text.TextSize, r.text.TextStyle, r.text.Color = r.r.text, points, style, th.Color(theme.ColorInk, 0)
	r.unit.Text, r.unit.TextSize, r.unit.Color = r.r.unit, th.Size(theme.SizeLabel), th.Color(theme.ColorMuted, 0)
	r.field.FillColor, r.field.CornerRadius = th.Color(theme.ColorSurface, 0), theme.Radius
	r.field.StrokeColor, r.field.StrokeWidth = th.Color(theme.ColorPrimary, 0), 3
	r.caret.FillColor = th.Color(theme.ColorPrimary, 0)
	r.Layout(r.r.Size())
	canvas.Refresh(r.r)
}
