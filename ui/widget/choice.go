package widget

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Choice is one of a few, as buttons beside each other below what it is of. The chosen one is filled and ticked.
type Choice struct {
	widget.BaseWidget

	title, hint *Text
	buttons     []*Button
	column      *fyne.Container
}

// NewChoice makes a choice of so many; their names are name and a number from 1 on. chosen runs on the UI thread.
func NewChoice(name string, n int, chosen func(i int)) *Choice {
	c := &Choice{title: NewText(), hint: NewMuted()}
	c.title.Bold = true
	for i := range n {
		c.buttons = append(c.buttons, NewButton(name+strconv.Itoa(i+1), Secondary, IconNone, func() { chosen(i) }))
	}
	c.column = NewColumn(theme.Space, c.title, NewCells(theme.Gap, n, objects(c.buttons)...), c.hint)
	c.ExtendBaseWidget(c)
	return c
}

// Set says what it is of, what there is, which is chosen, and what else there is to know; "": nothing.
func (c *Choice) Set(title string, on int, hint string, labels ...string) {
	c.title.SetText(title)
	c.hint.SetText(hint)
	for i, b := range c.buttons {
		b.SetText(labels[i])
		b.SetOn(i == on)
		icon := IconNone
		if i == on {
			icon = IconCheck
		}
		b.SetIcon(icon)
	}
	c.Refresh()
}

// Parts are what automation walks.
func (c *Choice) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.column} }

// HeightFor is the height at a width.
func (c *Choice) HeightFor(width float32) float32 { return HeightFor(c.column, width) }

// MinSize is that of the widest.
func (c *Choice) MinSize() fyne.Size {
	c.ExtendBaseWidget(c)
	return c.column.MinSize()
}

// CreateRenderer is called by Fyne.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	return widget.NewSimpleRenderer(c.column)
}
