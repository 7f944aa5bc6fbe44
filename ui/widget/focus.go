package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Whoever does not tap goes from one thing to the next: with Tab in the order in which the screen is read, with arrows to
// what lies that way.

// Reachable gives what can have the focus now, in the order in which the screen is read: shown, in use, and not covered by
// a question. What is scrolled away is there too.
func Reachable(c fyne.Canvas) []fyne.Focusable {
	var all []fyne.Focusable
	each(c, func(o fyne.CanvasObject, _ box) {
		if f, ok := o.(fyne.Focusable); ok && !off(o) {
			all = append(all, f)
		}
	})
	return all
}

// MainAction gives the button that goes on from here: the first of the highest rank, or the first thing at all; nil where
// there is nothing.
func MainAction(c fyne.Canvas) fyne.Focusable {
	var first fyne.Focusable
	for _, f := range Reachable(c) {
		b, ok := f.(*Button)
		if ok && (b.Rank == Primary || b.Rank == Go || b.Rank == OnGo) {
			return f
		}
		if first == nil && !(ok && b.Rank == Alarm) { // nobody comes to 112 without having meant to
			first = f
		}
	}
	return first
}

func off(o fyne.CanvasObject) bool {
	d, ok := o.(interface{ Disabled() bool })
	return ok && d.Disabled()
}

// each visits all that is shown and not covered, with its box, whole also where a scroll shows only a part of it.
func each(c fyne.Canvas, visit func(fyne.CanvasObject, box)) {
	root := c.Content()
	if top := c.Overlays().Top(); top != nil {
		root = top
	}
	if root == nil {
		return
	}
	const far = 1e6
	walk(root, fyne.Position{}, box{-far, -far, far, far}, func(o fyne.CanvasObject, _ box) {
		p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		visit(o, box{p.X, p.Y, p.X + o.Size().Width, p.Y + o.Size().Height})
	})
}

// steer moves the focus from o by an arrow, to the nearest thing that lies that way, and says whether the key was one.
func steer(o fyne.CanvasObject, key fyne.KeyName) bool {
	var dx, dy float32
	switch key {
	case fyne.KeyLeft:
		dx = -1
	case fyne.KeyRight:
		dx = 1
	case fyne.KeyUp:
		dy = -1
	case fyne.KeyDown:
		dy = 1
	default:
		return false
	}
	c := canvasOf(o)
	if c == nil {
		return true
	}
	var here box
	boxes := map[fyne.Focusable]box{}
	each(c, func(other fyne.CanvasObject, at box) {
		if other == o {
			here = at
		} else if f, ok := other.(fyne.Focusable); ok && !off(other) {
			boxes[f] = at
		}
	})
	var nearest fyne.Focusable
	least := float32(-1)
	for _, f := range Reachable(c) { // in order, so that of two as near as each other it is always the same
		at, other := boxes[f]
		if !other {
			continue
		}
		ahead, aside := here.gap(at, dx, dy)
		if way := ahead + 3*aside; ahead >= 0 && (least < 0 || way < least) {
			nearest, least = f, way
		}
	}
	if nearest != nil {
		c.Focus(nearest)
	}
	return true
}

// gap gives how far at lies ahead of b in a direction, below nought where it does not, and how far beside its way.
func (b box) gap(at box, dx, dy float32) (ahead, aside float32) {
	apart := func(a1, a2, b1, b2 float32) float32 { return max(b1-a2, a1-b2, 0) }
	switch {
	case dx > 0:
		ahead = at.x1 - b.x2
	case dx < 0:
		ahead = b.x1 - at.x2
	case dy > 0:
		ahead = at.y1 - b.y2
	default:
		ahead = b.y1 - at.y2
	}
	if dx != 0 {
		return ahead, apart(b.y1, b.y2, at.y1, at.y2)
	}
	return ahead, apart(b.x1, b.x2, at.x1, at.x2)
}

// reveal scrolls what has got the focus into sight.
func reveal(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	where := func(o fyne.CanvasObject) float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y }
	each(c, func(s fyne.CanvasObject, _ box) {
		scroll, ok := s.(*container.Scroll)
		if !ok || !within(o, scroll.Content) {
			return
		}
		top := where(o) - where(scroll.Content) - ringPad
		foot := top + o.Size().Height + 2*ringPad
		if y := scroll.Offset.Y; top < y {
			scroll.ScrollToOffset(fyne.NewPos(0, max(top, 0)))
		} else if foot > y+scroll.Size().Height {
			scroll.ScrollToOffset(fyne.NewPos(0, foot-scroll.Size().Height))
		}
	})
}

// Shown says whether something is on the screen, in use or not, and not covered by a question.
func Shown(c fyne.Canvas, what fyne.CanvasObject) bool {
	found := false
	each(c, func(o fyne.CanvasObject, _ box) { found = found || o == what })
	return found
}
