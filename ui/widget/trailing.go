package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewTrailing sets a small object at the right of one that takes the rest of the width, both as high as the higher; below it
// where that would be too narrow.
func NewTrailing(gap float32, main, small fyne.CanvasObject) *fyne.Container {
	return container.New(trailing{gap}, main, small)
}

type trailing struct{ gap float32 }

// split gives the widths of the two; a small object that is hidden takes none.
func (l trailing) split(objects []fyne.CanvasObject, width float32) (main, small float32, beside bool) {
	if !objects[1].Visible() {
		return width, 0, true
	}
	small = NaturalWidth(objects[1])
	main = width - small - l.gap
	if main < objects[0].MinSize().Width {
		return width, width, false
	}
	return main, small, true
}

func (l trailing) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	main, small, beside := l.split(objects, width)
	h := HeightFor(objects[0], main)
	switch {
	case !beside:
		h += l.gap + HeightFor(objects[1], small)
	case small > 0:
		h = max(h, HeightFor(objects[1], small))
	}
	return h
}

func (l trailing) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	main, small, beside := l.split(objects, size.Width)
	if !beside {
		h := HeightFor(objects[0], main)
		set(objects[0], box{0, 0, main, h})
		set(objects[1], box{0, h + l.gap, small, h + l.gap + HeightFor(objects[1], small)})
		return
	}
	set(objects[0], box{0, 0, main, size.Height})
	if small > 0 {
		set(objects[1], box{size.Width - small, 0, size.Width, size.Height})
	}
}

func (l trailing) naturalWidth(objects []fyne.CanvasObject) float32 {
	w := NaturalWidth(objects[0])
	if objects[1].Visible() {
		w += NaturalWidth(objects[1]) + l.gap
	}
	return w
}

func (l trailing) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := widest(objects)
	return fyne.NewSize(w, l.heightFor(objects, w))
}
