package widget

import "fyne.io/fyne/v2"

// lens is which part of a picture is seen, and how large. The zero lens shows all of it.
type lens struct {
	view, picture fyne.Size
	zoom          float32 // 1 to MaxZoom; 0 is 1
	x, y          float32 // what is seen in the middle, 0–1 of the picture
}

// MaxZoom is how much a Viewer enlarges.
const MaxZoom = 8

// through gives where the picture would be in the view if all of it were drawn; what lies outside of the view is not.
func (l *lens) through() box {
	if l.picture.Width <= 0 || l.picture.Height <= 0 || l.view.Width <= 0 || l.view.Height <= 0 {
		return box{}
	}
	l.hold()
	scale := min(l.view.Width/l.picture.Width, l.view.Height/l.picture.Height) * l.zoom
	w, h := l.picture.Width*scale, l.picture.Height*scale
	left, top := l.view.Width/2-l.x*w, l.view.Height/2-l.y*h
	return box{left, top, left + w, top + h}
}

// hold keeps the zoom within its range and the picture in the view: no edge of it comes further in than it must.
func (l *lens) hold() {
	if l.zoom < 1 {
		l.zoom = 1
	}
	l.zoom = min(l.zoom, MaxZoom)
	scale := min(l.view.Width/l.picture.Width, l.view.Height/l.picture.Height) * l.zoom
	within := func(at, view, picture float32) float32 {
		if picture <= view {
			return 0.5
		}
		half := view / picture / 2
		return min(max(at, half), 1-half)
	}
	l.x = within(l.x, l.view.Width, l.picture.Width*scale)
	l.y = within(l.y, l.view.Height, l.picture.Height*scale)
}

// zoomBy zooms, and what is seen at a place stays there.
func (l *lens) zoomBy(factor float32, at fyne.Position) {
	b := l.through()
	if b.empty() {
		return
	}
	x, y := (at.X-b.x1)/(b.x2-b.x1), (at.Y-b.y1)/(b.y2-b.y1)
	was := l.zoom
	l.zoom = min(max(l.zoom*factor, 1), MaxZoom)
	l.x = x + (l.x-x)*was/l.zoom
	l.y = y + (l.y-y)*was/l.zoom
	l.hold()
}

// panBy moves the picture under the view.
func (l *lens) panBy(dx, dy float32) {
	b := l.through()
	if b.empty() {
		return
	}
	l.x -= dx / (b.x2 - b.x1)
	l.y -= dy / (b.y2 - b.y1)
	l.hold()
}

// at gives what of the picture is seen at a place, 0–1; inside is false beside it.
func (l *lens) at(p fyne.Position) (x, y float32, inside bool) {
	b := l.through()
	if b.empty() {
		return 0, 0, false
	}
	x, y = (p.X-b.x1)/(b.x2-b.x1), (p.Y-b.y1)/(b.y2-b.y1)
	return x, y, x >= 0 && x <= 1 && y >= 0 && y <= 1
}

// pinch follows two fingers.
type pinch struct {
	fingers map[int]fyne.Position
}

func (p *pinch) down(id int, at fyne.Position) {
	if p.fingers == nil {
		p.fingers = map[int]fyne.Position{}
	}
	p.fingers[id] = at
}

func (p *pinch) up(id int) { delete(p.fingers, id) }
func (p *pinch) clear()    { clear(p.fingers) }

func (p *pinch) two() bool { return len(p.fingers) == 2 }

func (p *pinch) span() (apart float32, middle fyne.Position) {
	var a, b fyne.Position
	first := true
	for _, f := range p.fingers {
		if first {
			a, first = f, false
		} else {
			b = f
		}
	}
	d := a.Subtract(b)
	return sqrt(d.X*d.X + d.Y*d.Y), fyne.NewPos((a.X+b.X)/2, (a.Y+b.Y)/2)
}

// move gives by how much the fingers spread when one of them moves, and where their middle is and was; ok is false with
// fewer than two.
func (p *pinch) move(id int, to fyne.Position) (factor float32, middle, was fyne.Position, ok bool) {
	if _, known := p.fingers[id]; !known {
		return 1, fyne.Position{}, fyne.Position{}, false
	}
	if !p.two() {
		p.fingers[id] = to
		return 1, fyne.Position{}, fyne.Position{}, false
	}
	before, was := p.span()
	p.fingers[id] = to
	after, middle := p.span()
	if before < 1 || after < 1 {
		return 1, middle, was, true
	}
	return after / before, middle, was, true
}
