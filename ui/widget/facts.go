package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Fact is a small label over what it says: "Talte med", "Lars Holm".
type Fact struct {
	widget.BaseWidget

	label, value *Text
	column       *fyne.Container
}

// NewFact makes a fact of a rank: theme.SizeLabel for one among several, theme.SizeKey for the one that matters most.
func NewFact(size fyne.ThemeSizeName) *Fact {
	f := &Fact{label: NewMuted(), value: newText(size, theme.ColorInk, true)}
	f.column = NewColumn(0, f.label, f.value)
	f.ExtendBaseWidget(f)
	return f
}

// Set says it; without a value the fact takes no room.
func (f *Fact) Set(label, value string) {
	f.label.SetText(label)
	f.value.SetText(value)
	if value == "" {
		f.Hide()
	} else {
		f.Show()
	}
	f.Refresh()
}

// Parts are what automation walks.
func (f *Fact) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{f.column} }

// HeightFor is the height at a width.
func (f *Fact) HeightFor(width float32) float32 { return HeightFor(f.column, width) }

// MinSize is narrow, since text wraps.
func (f *Fact) MinSize() fyne.Size {
	f.ExtendBaseWidget(f)
	return f.column.MinSize()
}

// CreateRenderer is called by Fyne.
func (f *Fact) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	return widget.NewSimpleRenderer(f.column)
}
