package widget

import "fyne.io/fyne/v2"

// NewGrowing sets objects side by side, each as wide as it likes and the first as wide as is left, if that is at least
// what it likes, and least; else the first stands above the others, which share the row.
func NewGrowing(gap, least float32, first fyne.CanvasObject, others ...fyne.CanvasObject) *fyne.Container {
	all := append([]fyne.CanvasObject{first}, others...)
	return &fyne.Container{Layout: growing{gap, least, cells{gap, len(others)}}, Objects: all}
}

type growing struct {
	gap, least float32
	below      cells
}

// row is how the others share the row below: in equal cells, or each as wide as it likes where that is lower.
func (l growing) row(others []fyne.CanvasObject, width float32) flowLayout {
	if own := (shelf{l.gap, 1}); own.heightFor(others, width) < l.below.heightFor(others, width) {
		return own
	}
	return l.below
}

// left gives the width that the others leave to the first.
func (l growing) left(objects []fyne.CanvasObject, width float32) (float32, bool) {
	for _, o := range shown(objects[1:]) {
		width -= NaturalWidth(o) + l.gap
	}
	return width, width >= max(l.least, NaturalWidth(objects[0]))
}

func (l growing) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	first, beside := l.left(objects, width)
	if !beside {
		return HeightFor(objects[0], width) + l.gap + l.row(objects[1:], width).heightFor(objects[1:], width)
	}
	h := HeightFor(objects[0], first)
	for _, o := range shown(objects[1:]) {
		h = max(h, HeightFor(o, NaturalWidth(o)))
	}
	return h
}

func (l growing) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	first, beside := l.left(objects, size.Width)
	if !beside {
		h := HeightFor(objects[0], size.Width)
		set(objects[0], box{0, 0, size.Width, h})
		l.row(objects[1:], size.Width).Layout(objects[1:], fyne.NewSize(size.Width, size.Height-h-l.gap))
		for _, o := range shown(objects[1:]) {
			o.Move(o.Position().AddXY(0, h+l.gap))
		}
		return
	}
	set(objects[0], box{0, 0, first, size.Height})
	x := first + l.gap
	for _, o := range shown(objects[1:]) {
		w := NaturalWidth(o)
		set(o, box{x, 0, x + w, size.Height})
		x += w + l.gap
	}
}

func (l growing) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := widest(objects)
	return fyne.NewSize(w, l.heightFor(objects, w))
}
