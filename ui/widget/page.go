package widget

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Page is a screen in two columns: what is so at the left, what to do at the right. On a tablet held upright they
// stack. Actions always stay in sight; the rest scrolls where it must.
type Page struct {
	widget.BaseWidget

	facts, work, actions, foot fyne.CanvasObject
	left, right, bottom, all   *container.Scroll
	panel                      *canvas.Rectangle
	stack                      *fyne.Container // facts and work in one scroll
}

const (
	wideFrom  float32 = 900
	maxColumn float32 = 720
	pagePad   float32 = 40
	low       float32 = 480 // below it, as with the tablet's keyboard up, the edges give way
)

// NewPage makes a page of what is so (facts), what is worked with (work), what to do (actions) and the quiet things
// at the end (foot). Each may be nil.
func NewPage(facts, work, actions, foot fyne.CanvasObject) *Page {
	orEmpty := func(o fyne.CanvasObject) fyne.CanvasObject {
		if o == nil {
			return NewColumn(0)
		}
		return o
	}
	p := &Page{facts: orEmpty(facts), work: orEmpty(work), actions: orEmpty(actions), foot: orEmpty(foot)}
	scroll := func(o fyne.CanvasObject) *container.Scroll { return container.NewVScroll(container.New(ringRoom{}, o)) }
	p.left, p.right, p.bottom = scroll(p.facts), scroll(p.work), scroll(p.actions)
	p.stack = container.New(ringRoom{}, NewColumn(3*theme.Gap, p.facts, p.work))
	p.all = container.NewVScroll(p.stack)
	p.panel = canvas.NewRectangle(nil)
	p.ExtendBaseWidget(p)
	return p
}

// ringRoom leaves room for focus rings inside a scroll, which cuts off what stands out. It leaves more than a ring is
// wide: Fyne's software painter shifts a stroke that begins before the clip.
type ringRoom struct{}

const ringPad = theme.Gap

func (ringRoom) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], width-2*ringPad) + 2*ringPad
}

func (ringRoom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewSquareOffsetPos(ringPad))
	objects[0].Resize(size.SubtractWidthHeight(2*ringPad, 2*ringPad))
}

// MinSize asks for the height at the width that the scroll has given, which Fyne does not tell, and for no width: put
// has chosen it.
func (ringRoom) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, HeightFor(objects[0], objects[0].Size().Width)+2*ringPad)
}

// MinSize is small: what does not fit scrolls, and a window must be free to be small.
func (p *Page) MinSize() fyne.Size { return fyne.NewSize(320, 320) }

// Parts are what is shown, for drawing, for focus and for automation. Only what is shown: facts and work stand both in
// their own scrolls and in the common one, and Fyne gives no focus to what it first finds under a hidden parent.
func (p *Page) Parts() []fyne.CanvasObject {
	var shown []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{p.left, p.all, p.right, p.bottom, p.foot} {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}

// CreateRenderer is called by Fyne.
func (p *Page) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	return &pageRenderer{p}
}

type pageRenderer struct{ p *Page }

func (r *pageRenderer) MinSize() fyne.Size { return r.p.MinSize() }
func (r *pageRenderer) Destroy()           {}
func (r *pageRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.p.panel}, r.p.Parts()...)
}

func (r *pageRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *pageRenderer) Layout(size fyne.Size) {
	p := r.p
	p.panel.FillColor = p.Theme().Color(theme.ColorSurface, 0)
	p.panel.StrokeColor, p.panel.StrokeWidth = p.Theme().Color(theme.ColorRim, 0), p.Theme().Size(theme.SizeRim)
	p.panel.Refresh()
	if size.Width >= wideFrom && size.Width > size.Height {
		r.wide(size)
	} else {
		r.tall(size)
	}
	p.showFocus()
}

// showFocus scrolls to where is typed: with the tablet's keyboard up there may be room for little else.
func (p *Page) showFocus() {
	c := canvasOf(p)
	if c == nil {
		return
	}
	focused, ok := c.Focused().(fyne.CanvasObject)
	if !ok {
		return
	}
	where := func(o fyne.CanvasObject) float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y }
	for _, s := range []*container.Scroll{p.left, p.right, p.all} {
		if !s.Visible() || !within(focused, s.Content) {
			continue
		}
		top := where(focused) - where(s.Content)
		foot := top + focused.Size().Height + ringPad
		top -= ringPad
		if y := s.Offset.Y; top < y {
			s.ScrollToOffset(fyne.NewPos(0, top))
		} else if foot > y+s.Size().Height {
			s.ScrollToOffset(fyne.NewPos(0, foot-s.Size().Height))
		}
	}
}

// within says whether an object stands in another one.
func within(o, in fyne.CanvasObject) bool {
	if o == in {
		return true
	}
	var children []fyne.CanvasObject
	switch in := in.(type) {
	case *fyne.Container:
		children = in.Objects
	case *container.Scroll:
		children = []fyne.CanvasObject{in.Content}
	case parent:
		children = in.Parts()
	}
	return slices.ContainsFunc(children, func(child fyne.CanvasObject) bool { return within(o, child) })
}

func height(o fyne.CanvasObject, width float32) float32 {
	if h := HeightFor(o, width); h > 0 {
		return h + 2*ringPad
	}
	return 0
}

// put sets a scroll on a rectangle, its content at the scroll's width before it is asked for its height.
func put(s *container.Scroll, x, y, w, h float32) {
	s.Show()
	inner := HeightFor(s.Content, w)
	s.Content.Resize(fyne.NewSize(w, max(inner, h)))
	s.Move(fyne.NewPos(x, y))
	s.Resize(fyne.NewSize(w, h))
	s.Refresh()
}

func (r *pageRenderer) wide(size fyne.Size) {
	p := r.p
	half := size.Width / 2
	w := min(half-2*pagePad, maxColumn)
	padV := pagePad
	if size.Height < low {
		padV = theme.Space
	}
	h := size.Height - 2*padV
	p.all.Hide()
	p.panel.Move(fyne.NewPos(half, 0))
	p.panel.Resize(fyne.NewSize(size.Width-half, size.Height))

	x := (half-w)/2 - ringPad
	w += 2 * ringPad
	foot := HeightFor(p.foot, w-2*ringPad)
	p.foot.Move(fyne.NewPos(x+ringPad, size.Height-padV-foot))
	p.foot.Resize(fyne.NewSize(w-2*ringPad, foot))
	room := h
	if foot > 0 {
		room -= foot + theme.Gap
	}
	facts := min(height(p.facts, w-2*ringPad), room)
	left := x
	x += half
	actions := min(height(p.actions, w-2*ringPad), h*0.7)
	gap := float32(0)
	if actions > 0 && HeightFor(p.work, w-2*ringPad) > 0 {
		gap = -theme.Space // beside what ringRoom leaves on both sides
	}
	work := min(height(p.work, w-2*ringPad), h-actions-gap)
	// Both columns begin on one line, and that line stays where it is from one state to the next while there is room.
	y := padV + max(min((h-work-gap-actions)/2, (room-facts)/2, h/6), 0)
	put(p.left, left, y, w, facts)
	put(p.right, x, y, w, work)
	put(p.bottom, x, y+work+gap, w, actions)
}

func (r *pageRenderer) tall(size fyne.Size) {
	p := r.p
	const pad = pagePad - theme.Space
	w := min(size.Width-2*pad, maxColumn)
	x := (size.Width-w)/2 - ringPad
	w += 2 * ringPad
	inner := w - 2*ringPad
	foot := HeightFor(p.foot, inner)
	bottom := size.Height - pad
	if foot > 0 {
		p.foot.Move(fyne.NewPos(x+ringPad, bottom-foot))
		p.foot.Resize(fyne.NewSize(inner, foot))
		bottom -= foot + theme.Gap
	}
	actions := min(height(p.actions, inner), size.Height*0.5)
	work, facts := height(p.work, inner), height(p.facts, inner)
	gap := float32(0)
	if actions > 0 && work > 0 {
		gap = -theme.Space // beside what ringRoom leaves on both sides
	}
	if need := pad + facts + 2*pad + work + gap + actions; need <= bottom {
		p.all.Hide()
		step := min((bottom-need)/4, size.Height/12) // as much between in one state as in the next, while there is room
		put(p.left, x, pad+step, w, facts)
		top := pad + facts + pad + 2*step
		p.panel.Move(fyne.NewPos(0, top))
		p.panel.Resize(fyne.NewSize(size.Width, size.Height-top))
		y := top + pad + step
		put(p.right, x, y, w, work)
		put(p.bottom, x, y+work+gap, w, actions)
		return
	}
	p.left.Hide()
	p.right.Hide()
	put(p.bottom, x, bottom-actions, w, actions)
	top := bottom - actions
	p.panel.Move(fyne.NewPos(0, top))
	p.panel.Resize(fyne.NewSize(size.Width, size.Height-top))
	put(p.all, x, pad/2, w, top-pad/2)
}
