package widget

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Target is something that a test, or a person's aid, may look for on the screen by name.
type Target interface {
	// TargetName is "" for what cannot be used now.
	TargetName() string
}

// Targets gives where each named thing is, in pixels of the window: only what is shown, can be used and is not covered
// by a question. What is half scrolled away gives the half that can be seen.
func Targets(c fyne.Canvas) map[string]image.Rectangle {
	return find(c, func(o fyne.CanvasObject) string {
		if t, ok := o.(Target); ok {
			return t.TargetName()
		}
		return ""
	})
}

// Sentences gives where each sentence stands that is shown and not covered by a question, by its words. What is keyed in
// is none.
func Sentences(c fyne.Canvas) map[string]image.Rectangle {
	return find(c, func(o fyne.CanvasObject) string {
		switch o := o.(type) {
		case *Text:
			return o.Text()
		case *Notice:
			return o.Text()
		}
		return ""
	})
}

// find gives where each thing is to which name gives one.
func find(c fyne.Canvas, name func(fyne.CanvasObject) string) map[string]image.Rectangle {
	found := map[string]image.Rectangle{}
	root := c.Content()
	if top := c.Overlays().Top(); top != nil {
		root = top
	}
	if root == nil {
		return found
	}
	whole := box{0, 0, c.Size().Width, c.Size().Height}
	walk(root, fyne.Position{}, whole, func(o fyne.CanvasObject, at box) {
		named := name(o)
		if named == "" || at.empty() {
			return
		}
		x1, y1 := c.PixelCoordinateForPosition(fyne.NewPos(at.x1, at.y1))
		x2, y2 := c.PixelCoordinateForPosition(fyne.NewPos(at.x2, at.y2))
		found[named] = image.Rect(x1, y1, x2, y2)
	})
	return found
}

type box struct{ x1, y1, x2, y2 float32 }

func (b box) empty() bool { return b.x2 <= b.x1 || b.y2 <= b.y1 }

func (b box) cut(o box) box {
	return box{max(b.x1, o.x1), max(b.y1, o.y1), min(b.x2, o.x2), min(b.y2, o.y2)}
}

// walk visits what is visible under o, with the part of it that its scrolls show.
func walk(o fyne.CanvasObject, origin fyne.Position, clip box, visit func(fyne.CanvasObject, box)) {
	if !o.Visible() {
		return
	}
	p, s := origin.Add(o.Position()), o.Size()
	seen := clip.cut(box{p.X, p.Y, p.X + s.Width, p.Y + s.Height})
	visit(o, seen)
	switch o := o.(type) {
	case *container.Scroll:
		walk(o.Content, p, seen, visit)
	case *container.ThemeOverride:
		walk(o.Content, p, clip, visit)
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, p, clip, visit)
		}
	case parent:
		for _, child := range o.Parts() {
			walk(child, p, clip, visit)
		}
	}
}

// parent is a widget of ours that holds others.
type parent interface{ Parts() []fyne.CanvasObject }
