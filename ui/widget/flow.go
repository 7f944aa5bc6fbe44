package widget

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Flowing is an object whose height follows from its width, as text that wraps does. Fyne asks a minimum size without
// telling the width; the layouts here ask this instead, so that what they lay out fits at once.
type Flowing interface {
	HeightFor(width float32) float32
}

// flowLayout is a layout that can tell its height for a width.
type flowLayout interface {
	fyne.Layout
	heightFor(objects []fyne.CanvasObject, width float32) float32
}

// spanning is an object that knows how wide it would like to be, on one line.
type spanning interface {
	NaturalWidth() float32
}

// HeightFor gives the height that o wants at a width.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	if f, ok := o.(Flowing); ok {
		return f.HeightFor(width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if l, ok := c.Layout.(flowLayout); ok {
			return l.heightFor(c.Objects, width)
		}
	}
	return o.MinSize().Height
}

// NaturalWidth gives the width that o would like.
func NaturalWidth(o fyne.CanvasObject) float32 {
	if s, ok := o.(spanning); ok {
		return s.NaturalWidth()
	}
	if c, ok := o.(*fyne.Container); ok {
		if s, ok := c.Layout.(interface {
			naturalWidth([]fyne.CanvasObject) float32
		}); ok {
			return s.naturalWidth(c.Objects)
		}
	}
	return o.MinSize().Width
}

func shown(objects []fyne.CanvasObject) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, o := range objects {
		if o.Visible() {
			out = append(out, o)
		}
	}
	return out
}

func widest(objects []fyne.CanvasObject) float32 {
	var w float32
	for _, o := range shown(objects) {
		w = max(w, o.MinSize().Width)
	}
	return w
}

// NewColumn stacks objects at full width with a gap between them.
func NewColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap}, objects...)
}

type column struct{ gap float32 }

func (l column) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for i, o := range shown(objects) {
		if i > 0 {
			h += l.gap
		}
		h += HeightFor(o, width)
	}
	return h
}

func (l column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var y float32
	for _, o := range shown(objects) {
		h := HeightFor(o, size.Width)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + l.gap
	}
}

func (l column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := widest(objects)
	return fyne.NewSize(w, l.heightFor(objects, w))
}

func (l column) naturalWidth(objects []fyne.CanvasObject) float32 {
	var w float32
	for _, o := range shown(objects) {
		w = max(w, NaturalWidth(o))
	}
	return w
}

// NewShelf sets objects side by side, each as wide as it likes, those from the split on at the right edge; what does
// not fit beside goes below.
func NewShelf(gap float32, split int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(shelf{gap, split}, objects...)
}

type shelf struct {
	gap   float32
	split int // index of the first object that stands at the right; len: none does
}

type placed struct {
	o          fyne.CanvasObject
	x, y, w, h float32
}

func (l shelf) place(objects []fyne.CanvasObject, width float32) (all []placed, height float32) {
	var line []placed
	var x, y float32
	right := len(objects) // index in line of the first object at the right
	flush := func() {
		var h float32
		for _, p := range line {
			h = max(h, p.h)
		}
		slack := width - x + l.gap
		for i, p := range line {
			if i >= right {
				p.x += slack
			}
			p.y = y + (h-p.h)/2
			all = append(all, p)
		}
		y += h + l.gap
		line, x, right = nil, 0, len(objects)
	}
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		w := min(NaturalWidth(o), width)
		if len(line) > 0 && x+w > width+0.5 {
			flush()
		}
		if i >= l.split && right > len(line) {
			right = len(line)
		}
		line = append(line, placed{o: o, x: x, w: w, h: HeightFor(o, w)})
		x += w + l.gap
	}
	if len(line) > 0 {
		flush()
	}
	return all, max(y-l.gap, 0)
}

func (l shelf) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	_, h := l.place(objects, width)
	return h
}

func (l shelf) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	all, h := l.place(objects, size.Width)
	for _, p := range all {
		p.o.Move(fyne.NewPos(p.x, p.y+max(size.Height-h, 0)/2))
		p.o.Resize(fyne.NewSize(p.w, p.h))
	}
}

func (l shelf) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := widest(objects)
	return fyne.NewSize(w, l.heightFor(objects, w))
}

func (l shelf) naturalWidth(objects []fyne.CanvasObject) float32 {
	var w float32
	for i, o := range shown(objects) {
		if i > 0 {
			w += l.gap
		}
		w += NaturalWidth(o)
	}
	return w
}

// NewCells sets objects in equal cells, as many beside each other as have room for the widest, at most most.
func NewCells(gap float32, most int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(cells{gap, most}, objects...)
}

type cells struct {
	gap  float32
	most int
}

func (l cells) columns(objects []fyne.CanvasObject, width float32) int {
	var w float32
	for _, o := range objects {
		w = max(w, o.MinSize().Width)
	}
	n := int(math.Floor(float64((width + l.gap) / (w + l.gap))))
	n = max(1, min(n, l.most, len(objects)))
	rows := (len(objects) + n - 1) / n
	return (len(objects) + rows - 1) / rows // as even as they get
}

func (l cells) rows(objects []fyne.CanvasObject, width float32) (columns int, cell float32, heights []float32) {
	if len(objects) == 0 {
		return 1, width, nil
	}
	columns = l.columns(objects, width)
	cell = (width - l.gap*float32(columns-1)) / float32(columns)
	for i, o := range objects {
		if i%columns == 0 {
			heights = append(heights, 0)
		}
		last := len(heights) - 1
		heights[last] = max(heights[last], HeightFor(o, cell))
	}
	return columns, cell, heights
}

func (l cells) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	_, _, heights := l.rows(shown(objects), width)
	var h float32
	for i, r := range heights {
		if i > 0 {
			h += l.gap
		}
		h += r
	}
	return h
}

func (l cells) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects = shown(objects)
	columns, cell, heights := l.rows(objects, size.Width)
	var y float32
	for i, o := range objects {
		row := i / columns
		o.Move(fyne.NewPos(float32(i%columns)*(cell+l.gap), y))
		o.Resize(fyne.NewSize(cell, heights[row]))
		if i%columns == columns-1 {
			y += heights[row] + l.gap
		}
	}
}

func (l cells) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := widest(objects)
	return fyne.NewSize(w, l.heightFor(objects, w))
}

// NewInset puts space around an object.
func NewInset(horizontal, vertical float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(inset{horizontal, vertical}, o)
}

type inset struct{ h, v float32 }

func (l inset) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], width-2*l.h) + 2*l.v
}

func (l inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(l.h, l.v))
	objects[0].Resize(size.SubtractWidthHeight(2*l.h, 2*l.v))
}

func (l inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(2*l.h, 2*l.v)
}

func (l inset) naturalWidth(objects []fyne.CanvasObject) float32 {
	return NaturalWidth(objects[0]) + 2*l.h
}
