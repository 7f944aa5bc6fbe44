package widget

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Tools is the row below a call: always on one line, its first ones and the one that ends the call always in it. Of the
// rest, as many as have room stand between, in the order of their importance; the others are on a sheet above the row,
// which "Mere" opens and closes.
type Tools struct {
	widget.BaseWidget

	always        []*Button
	rest          [][]*Button // groups that stay together
	toggle, end   *Button
	away          map[*Button]bool // what the device has not got
	open          bool
	row           *fyne.Container
	sheet         *container.Scroll
	cells         *fyne.Container
	changed       func()
	more, less    string
	groundOfSheet *canvas.Rectangle
}

// NewTools makes a row, the rest of it in groups that are not parted; changed is called when the sheet has opened or closed, since the row's height is another then.
func NewTools(toggleName string, always []*Button, rest [][]*Button, end *Button, changed func()) *Tools {
	t := &Tools{always: always, rest: rest, end: end, changed: changed, away: map[*Button]bool{}, groundOfSheet: canvas.NewRectangle(nil)}
	t.toggle = NewButton(toggleName, Tool, IconMore, func() { t.Open(!t.open) })
	t.row = container.NewWithoutLayout()
	t.cells = NewCells(theme.Gap, mostTools)
	t.sheet = container.NewVScroll(container.New(ringRoom{}, t.cells))
	t.ExtendBaseWidget(t)
	return t
}

// SetToggleText names the button that opens the sheet, and what closes it.
func (t *Tools) SetToggleText(more, less string) { t.more, t.less = more, less }

// Offer says whether there is such a tool.
func (t *Tools) Offer(b *Button, on bool) { t.away[b] = !on }

// Open shows the sheet, or puts it away.
func (t *Tools) Open(on bool) {
	if on == t.open {
		return
	}
	t.open = on
	t.changed()
}

// Opened says whether the sheet is shown.
func (t *Tools) Opened() bool { return t.open }

const (
	toolGap           = theme.Gap
	mostTools         = 8 // beside each other: more are no longer told apart at a glance
	leastTool float32 = 112
)

// deal says what stands in the row and what is on the sheet, and how wide a tool is.
func (t *Tools) deal(width float32) (row, sheet []*Button, cell float32) {
	var offered [][]*Button
	for _, group := range t.rest {
		group = slices.DeleteFunc(slices.Clone(group), func(b *Button) bool { return t.away[b] })
		if len(group) > 0 {
			offered = append(offered, group)
		}
	}
	for n := len(offered); ; n-- {
		always := slices.DeleteFunc(slices.Clone(t.always), func(b *Button) bool { return t.away[b] })
		row = slices.Concat(append([][]*Button{always}, offered[:n]...)...)
		if n < len(offered) {
			row = append(row, t.toggle)
		}
		row = append(row, t.end)
		cell = (width - toolGap*float32(len(row)-1)) / float32(len(row))
		if n == 0 || len(row) <= mostTools && fit(row, cell) {
			return row, slices.Concat(offered[n:]...), cell
		}
	}
}

// leastWidth has room for what always stands in the row, with each word on one line.
func (t *Tools) leastWidth() float32 {
	row := append(slices.Clone(t.always), t.toggle, t.end)
	width := leastTool
	for _, b := range row {
		width = max(width, b.MinSize().Width)
	}
	return width*float32(len(row)) + toolGap*float32(len(row)-1) + 2*ringPad
}

// fit says whether the tools have room in such cells, with each of their words on one line.
func fit(row []*Button, cell float32) bool {
	for _, b := range row {
		if max(b.MinSize().Width, leastTool) > cell {
			return false
		}
	}
	return true
}

func (t *Tools) heights(width float32) (row, sheet float32) {
	inner := width - 2*ringPad
	in, out, cell := t.deal(inner)
	for _, b := range in {
		row = max(row, b.HeightFor(cell))
	}
	if t.open && len(out) > 0 {
		sheet = HeightFor(NewCells(toolGap, mostTools, objects(out)...), inner) + 2*ringPad
	}
	return row + 2*ringPad, sheet
}

func objects(buttons []*Button) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, b := range buttons {
		out = append(out, b)
	}
	return out
}

// HeightWithin is the height at a width, where there is at most so much room: the sheet scrolls, the row stays.
func (t *Tools) HeightWithin(width, room float32) float32 {
	row, sheet := t.heights(width)
	return row + max(min(sheet, room-row), 0)
}

// HeightFor is the height at a width.
func (t *Tools) HeightFor(width float32) float32 {
	row, sheet := t.heights(width)
	return row + sheet
}

// Parts are what automation walks.
func (t *Tools) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{t.sheet, t.row} }

// MinSize is small.
func (t *Tools) MinSize() fyne.Size {
	t.ExtendBaseWidget(t)
	return fyne.NewSize(320, theme.TargetMain)
}

// CreateRenderer is called by Fyne.
func (t *Tools) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &toolsRenderer{t}
	r.Refresh()
	return r
}

type toolsRenderer struct{ t *Tools }

func (r *toolsRenderer) MinSize() fyne.Size { return r.t.MinSize() }
func (r *toolsRenderer) Destroy()           {}
func (r *toolsRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.groundOfSheet, r.t.sheet, r.t.row}
}

func (r *toolsRenderer) Layout(size fyne.Size) {
	t := r.t
	inner := size.Width - 2*ringPad
	in, out, cell := t.deal(inner)
	row, _ := t.heights(size.Width)
	if !t.open {
		out = nil
	}
	t.row.Objects, t.cells.Objects = objects(in), objects(out)
	t.row.Move(fyne.NewPos(0, size.Height-row))
	t.row.Resize(fyne.NewSize(size.Width, row))
	for i, b := range in {
		b.Move(fyne.NewPos(ringPad+float32(i)*(cell+toolGap), ringPad))
		b.Resize(fyne.NewSize(cell, row-2*ringPad))
	}
	t.groundOfSheet.Hidden = len(out) == 0
	t.groundOfSheet.Resize(fyne.NewSize(size.Width, size.Height-row))
	if len(out) == 0 {
		t.sheet.Hide()
		return
	}
	put(t.sheet, 0, 0, size.Width, size.Height-row)
}

func (r *toolsRenderer) Refresh() {
	t := r.t
	t.groundOfSheet.FillColor = t.Theme().Color(theme.ColorSurface, 0)
	t.toggle.SetOn(t.open)
	if t.open {
		t.toggle.SetText(t.less)
	} else {
		t.toggle.SetText(t.more)
	}
	r.Layout(t.Size())
	t.row.Refresh()
	t.sheet.Refresh()
	canvas.Refresh(t)
}
