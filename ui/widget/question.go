package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Question asks before something that cannot be undone. It covers the whole window; the harmless answer has the focus,
// and nothing behind it can be tapped.
type Question struct {
	widget.BaseWidget

	Yes, No *Button // Yes is nil where there are choices
	Other   *Button // nil: there are two answers

	alarm *Button // "Ring 112", which no question bars the way to

	text      *Text
	detail    *Text // what it is about, a line each
	answers   *fyne.Container
	emergency func()
	scroll    *container.Scroll // text and answers, where the window has no room for all of them
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
	return q.whole()
}

// NewChoices makes a question that is none: a sheet of what else can be done, with the way back as its harmless answer.
func NewChoices(closeName string, close func(), choices ...*Button) *Question {
	q := &Question{text: NewHeading(), No: NewButton(closeName, Quiet, IconNone, close)}
	q.text.Alignment = fyne.TextAlignCenter
	q.answers = NewColumn(theme.Gap, append(objects(choices), q.No)...)
	return q.whole()
}

// whole puts the parts together.
func (q *Question) whole() *Question {
	q.alarm = NewButton("TapEmergency", Alarm, IconAnswer, func() { q.emergency() })
	q.alarm.Hide()
	q.detail = NewText()
	q.detail.Alignment = fyne.TextAlignCenter
	q.detail.Hide()
	q.scroll = container.NewVScroll(container.New(ringRoom{}, NewColumn(3*theme.Space, q.text, q.detail, q.answers)))
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

// WithEmergency offers "Ring 112" below the answers; no text: it is not offered.
func (q *Question) WithEmergency(text string, tapped func()) {
	q.emergency = tapped
	q.alarm.SetText(text)
	q.alarm.Hidden = text == ""
	q.Refresh()
}

// About says below the question what it is about; "": nothing more.
func (q *Question) About(text string) { q.detail.SetText(text) }

// Tapped swallows a tap beside the answers.
func (q *Question) Tapped(*fyne.PointEvent) {}

// Parts are what automation walks.
func (q *Question) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{q.scroll, q.alarm} }

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
	return append([]fyne.CanvasObject{r.scrim, r.panel}, r.q.Parts()...)
}

func (r *questionRenderer) Layout(size fyne.Size) {
	const edge = 4 * theme.Space
	r.scrim.Resize(size)
	w := min(size.Width-2*pagePad, 620)
	inner, alarm := w-2*edge, float32(0)
	if r.q.alarm.Visible() {
		alarm = HeightFor(r.q.alarm, inner) + theme.Gap
	}
	asked := min(height(contentOf(r.q.scroll), inner), size.Height-2*theme.Gap-alarm-2*(edge-ringPad))
	h := asked + alarm + 2*(edge-ringPad)
	x, y := (size.Width-w)/2, (size.Height-h)/2
	set(r.panel, box{x, y, x + w, y + h})
	put(r.q.scroll, x+edge-ringPad, y+edge-ringPad, inner+2*ringPad, asked)
	set(r.q.alarm, box{x + edge, y + h - edge - alarm + theme.Gap, x + w - edge, y + h - edge})
}

func (r *questionRenderer) Refresh() {
	th := r.q.Theme()
	r.scrim.FillColor = th.Color(theme.ColorScrim, 0)
	r.panel.FillColor, r.panel.CornerRadius = th.Color(theme.ColorSurface, 0), theme.Radius+4
	r.panel.StrokeColor, r.panel.StrokeWidth = th.Color(theme.ColorRim, 0), th.Size(theme.SizeRim)
	r.scrim.Refresh()
	r.panel.Refresh()
	r.Layout(r.q.Size())
	r.q.scroll.Refresh()
}
