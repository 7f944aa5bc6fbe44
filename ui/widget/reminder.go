package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Reminder is a line over a screen that says what is due, with one tap there and one that puts it away.
type Reminder struct {
	widget.BaseWidget

	said       string
	text       *Text
	goes, away *Button
	line       *fyne.Container
}

// NewReminder makes one that is hidden until it has something to say.
func NewReminder(goesName, awayName string, goes, away func()) *Reminder {
	r := &Reminder{
		text: NewText(), goes: NewButton(goesName, Secondary, IconNone, goes), away: NewButton(awayName, Quiet, IconNone, away),
	}
	r.text.Type, r.text.Bold, r.text.Color = theme.SizeLabel, true, theme.ColorOnWarn
	r.line = NewInset(theme.Gap+theme.Space, theme.Space, NewShelf(theme.Gap, 1, r.text, NewShelf(theme.Gap, 2, r.away, r.goes)))
	r.ExtendBaseWidget(r)
	r.Hide()
	return r
}

// Set says it, and tells whether that is anything new; "" hides it.
func (r *Reminder) Set(text, goes, away string) bool {
	said := text + goes + away
	if said == r.said {
		return false
	}
	r.said = said
	r.text.SetText(text)
	r.goes.SetText(goes)
	r.away.SetText(away)
	r.Hidden = text == ""
	r.Refresh()
	return true
}

// HeightFor is the height at a width.
func (r *Reminder) HeightFor(width float32) float32 { return HeightFor(r.line, width) }

// MinSize is that of the line.
func (r *Reminder) MinSize() fyne.Size { return r.line.MinSize() }

// Parts are what automation walks.
func (r *Reminder) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }

// CreateRenderer is called by Fyne.
func (r *Reminder) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	p := &reminderRenderer{r: r, ground: canvas.NewRectangle(nil)}
	p.Refresh()
	return p
}

type reminderRenderer struct {
	r      *Reminder
	ground *canvas.Rectangle
}

func (p *reminderRenderer) MinSize() fyne.Size { return p.r.MinSize() }
func (p *reminderRenderer) Destroy()           {}
func (p *reminderRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.ground, p.r.line}
}

func (p *reminderRenderer) Layout(size fyne.Size) {
	p.ground.Resize(size)
	p.r.line.Resize(size)
}

func (p *reminderRenderer) Refresh() {
	p.ground.FillColor = p.r.Theme().Color(theme.ColorWarn, 0)
	p.Layout(p.r.Size())
	canvas.Refresh(p.r)
}
