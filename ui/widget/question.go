package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Question asks before something that cannot be undone. It covers the whole window; the harmless answer has the focus,
// and nothing behind it can be tapped.
type Question struct {
	widget.BaseWidget

	Yes, No *Button // Yes is nil where there are choices
	Other   *Button // nil: there are two answers

	text    *Text
	answers *fyne.Container
	column  *fyne.Container
}

// NewQuestion makes a question; yes is the answer that does it.
func NewQuestion(yesName, noName string, yes, no func()) *Question {
	q := &Question{
		text: NewHeading(),
		Yes:  NewButton(yesName, Danger, IconNone, yes),
		No:   NewButton(noName, Primary, IconNone, no),
	}
	q.text.Alignment = fyne.TextAlignCenter
	q.answers = NewColumn(theme.Gap, q.No, q.Yes)
	q.column = NewInset(4*theme.Space, 4*theme.Space, NewColumn(3*theme.Space, q.text, q.answers))
	q.ExtendBaseWidget(q)
	return q
}

// NewChoices makes a question that is none: a sheet of what else can be done, with the way back as its harmless answer.
func NewChoices(closeName string, close func(), choices ...*Button) *Question {
	q := &Question{text: NewHeading(), No: NewButton(closeName, Quiet, IconNone, close)}
	q.text.Alignment = fyne.TextAlignCenter
	q.answers = NewColumn(theme.Gap, append(objects(choices), q.No)...)
	q.column = NewInset(4*theme.Space, 4*theme.Space, NewColumn(3*theme.Space, q.text, q.answers))
	q.ExtendBaseWidget(q)
	return q
}

// WithOther adds a third answer below the two, a quiet one.
func (q *Question) WithOther(name string, tapped func()) *Question {
	q.Other = NewButton(name, Secondary, IconNone, tapped)
	q.answers.Objects = append(q.answers.Objects, q.Other)
	return q
}

// Ask sets the words.
func (q *Question) Ask(text string) {
	q.text.SetText(text)
	q.Refresh()
}

// Tapped swallows a tap beside the answers.
func (q *Question) Tapped(*fyne.PointEvent) {}

// Parts are what automation walks.
func (q *Question) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{q.column} }

// MinSize is small; the question takes the window's size.
func (q *Question) MinSize() fyne.Size { return fyne.NewSize(320, 240) }

// CreateRenderer is called by Fyne.
func (q *Question) CreateRenderer() fyne.WidgetRenderer {
	q.ExtendBaseWidget(q)
	r := &questionRenderer{q, canvas.NewRectangle(nil), canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type questionRenderer struct {
	q            *Question
	scrim, panel *canvas.Rectangle
}

func (r *questionRenderer) MinSize() fyne.Size { return r.q.MinSize() }
func (r *questionRenderer) Destroy()           {}
func (r *questionRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.scrim, r.panel, r.q.column}
}

func (r *questionRenderer) Layout(size fyne.Size) {
	r.scrim.Resize(size)
	w := min(size.Width-2*pagePad, 620)
	h := min(HeightFor(r.q.column, w), size.Height-2*theme.Gap)
	at := fyne.NewPos((size.Width-w)/2, (size.Height-h)/2)
	for _, o := range []fyne.CanvasObject{r.panel, r.q.column} {
		o.Move(at)
		o.Resize(fyne.NewSize(w, h))
	}
}

func (r *questionRenderer) Refresh() {
	th := r.q.Theme()
	r.scrim.FillColor = th.Color(theme.ColorScrim, 0)
	r.panel.FillColor, r.panel.CornerRadius = th.Color(theme.ColorSurface, 0), theme.Radius+4
	r.panel.StrokeColor, r.panel.StrokeWidth = th.Color(theme.ColorRim, 0), th.Size(theme.SizeRim)
	r.scrim.Refresh()
	r.panel.Refresh()
	r.Layout(r.q.Size())
	r.q.column.Refresh()
}
