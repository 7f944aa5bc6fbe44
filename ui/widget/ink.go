package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// ink holds the lines that a widget writes, out of the reach of theme overrides. Of each override, and of each time that
// one is applied anew, Fyne parses the fonts again and keeps them until the program's theme changes: after three calls they
// were 164 of the 187 MB that lived. Lines need none: their widget tells them size and colour, and the family is one.
type ink struct {
	widget.BaseWidget
	lines []*canvas.Text
}

func newInk() *ink {
	i := &ink{}
	i.ExtendBaseWidget(i)
	return i
}

// SetDeviceIsMobile is how Fyne knows an override inside another one, which it leaves alone.
func (i *ink) SetDeviceIsMobile(bool) {}

// want has just as many lines.
func (i *ink) want(n int) {
	for len(i.lines) < n {
		i.lines = append(i.lines, canvas.NewText("", nil))
	}
	i.lines = i.lines[:n]
}

// CreateRenderer is called by Fyne.
func (i *ink) CreateRenderer() fyne.WidgetRenderer { return inkRenderer{i} }

type inkRenderer struct{ i *ink }

func (r inkRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r inkRenderer) Layout(fyne.Size)   {}
func (r inkRenderer) Refresh()           {}
func (r inkRenderer) Destroy()           {}

func (r inkRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.i.lines))
	for n, l := range r.i.lines {
		out[n] = l
	}
	return out
}
