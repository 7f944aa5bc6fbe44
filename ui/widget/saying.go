package widget

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Line is one line of real-time text.
type Line struct {
	Who  string // "Lars Holm skriver", "Du skriver"
	Text string
	Mine bool
	Afar bool // another's, and the newest: to be read from the other end of the bed
}

// saying draws a line: another's from the left edge, what is new in letters to be read from afar; one's own at the right,
// smaller, on a ground. The word above says whose it is to who sees neither.
type saying struct {
	widget.BaseWidget

	line      Line
	who, text *Text
	ground    *canvas.Rectangle
	column    *fyne.Container
}

func newSaying() *saying {
	s := &saying{who: NewMuted(), text: newText(theme.SizeAfar, theme.ColorInk, true), ground: canvas.NewRectangle(nil)}
	s.who.Type, s.who.Bold = theme.SizeLabel, true
	s.text.ByScript = true
	s.column = NewColumn(0, s.who, s.text)
	s.ExtendBaseWidget(s)
	return s
}

func (s *saying) set(l Line) {
	if l == s.line {
		return
	}
	s.line = l
	s.who.Alignment, s.text.Type, s.text.Bold = fyne.TextAlignLeading, theme.SizeKey, true
	s.who.Color, s.text.shrunk = theme.ColorMuted, 0
	switch {
	case l.Afar:
		s.text.Type = theme.SizeAfar
	case l.Mine:
		s.text.Type, s.text.Bold = theme.SizeHeading, false
		s.who.Color = theme.ColorInk
	}
	s.who.SetText(l.Who)
	s.text.SetText(l.Text)
	s.Refresh()
}

const (
	sayingPad  = 2 * theme.Space
	sayingMine = 0.72 // of the width, for one's own
)

func (s *saying) room(width float32) float32 {
	if s.line.Mine {
		return width*sayingMine - 2*sayingPad
	}
	return width
}

// HeightFor is the height at a width.
func (s *saying) HeightFor(width float32) float32 {
	h := HeightFor(s.column, s.room(width))
	if s.line.Mine {
		h += 2 * theme.Space
	}
	return h
}

// Parts are what automation walks.
func (s *saying) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{s.column} }

// MinSize is narrow, since text wraps.
func (s *saying) MinSize() fyne.Size {
	s.ExtendBaseWidget(s)
	return fyne.NewSize(240, s.HeightFor(max(240, s.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (s *saying) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &sayingRenderer{s}
	r.Refresh()
	return r
}

type sayingRenderer struct{ s *saying }

func (r *sayingRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *sayingRenderer) Destroy()           {}
func (r *sayingRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.ground, r.s.column}
}

func (r *sayingRenderer) Layout(size fyne.Size) {
	s := r.s
	room := s.room(size.Width)
	if !s.line.Mine {
		set(s.column, box{0, 0, room, size.Height})
		return
	}
	room = min(room, max(s.text.NaturalWidth(), s.who.NaturalWidth()))
	left := size.Width - room - 2*sayingPad
	set(s.ground, box{left, 0, size.Width, size.Height})
	set(s.column, box{left + sayingPad, theme.Space, size.Width - sayingPad, size.Height - theme.Space})
}

func (r *sayingRenderer) Refresh() {
	s := r.s
	s.ground.Hidden = !s.line.Mine
	s.ground.FillColor, s.ground.CornerRadius = s.Theme().Color(theme.ColorInfo, 0), theme.Radius
	s.ground.Refresh()
	s.who.Refresh()
	s.text.Refresh()
	r.Layout(s.Size())
	s.column.Refresh()
	canvas.Refresh(s)
}

// Transcript is a conversation in writing, the newest line at the foot, where it stays in sight as it grows: its letters
// are an inch high, and less where it would not be seen whole.
type Transcript struct {
	widget.BaseWidget

	lines  []Line
	column *fyne.Container
	scroll *container.Scroll
}

// transcriptMost is how many lines can be read again.
const transcriptMost = 40

// NewTranscript makes an empty one.
func NewTranscript() *Transcript {
	t := &Transcript{column: NewColumn(2 * theme.Space)}
	t.scroll = container.NewVScroll(container.New(ringRoom{}, t.column))
	t.ExtendBaseWidget(t)
	return t
}

// Set shows the lines, oldest first.
func (t *Transcript) Set(lines []Line) {
	lines = lines[max(len(lines)-transcriptMost, 0):]
	same := len(lines) == len(t.lines)
	for i := 0; same && i < len(lines); i++ {
		same = lines[i] == t.lines[i]
	}
	if same {
		return
	}
	t.lines = append([]Line(nil), lines...)
	for len(t.column.Objects) > len(lines) {
		t.column.Objects = t.column.Objects[:len(t.column.Objects)-1]
	}
	for i, l := range lines {
		if i == len(t.column.Objects) {
			t.column.Objects = append(t.column.Objects, newSaying())
		}
		t.column.Objects[i].(*saying).set(l)
	}
	t.Refresh()
}

// TargetName lets a test see where it is.
func (t *Transcript) TargetName() string { return "Transcript" }

// Parts are what automation walks.
func (t *Transcript) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{t.scroll} }

// MinSize is small: it scrolls.
func (t *Transcript) MinSize() fyne.Size { return fyne.NewSize(240, 120) }

// CreateRenderer is called by Fyne.
func (t *Transcript) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	return &transcriptRenderer{t}
}

type transcriptRenderer struct{ t *Transcript }

func (r *transcriptRenderer) MinSize() fyne.Size           { return r.t.MinSize() }
func (r *transcriptRenderer) Destroy()                     {}
func (r *transcriptRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t.scroll} }

// afarSteps are the parts of an inch that letters have; with the last, half an inch, there are fourteen or more of them on
// a line of a small tablet, and four such lines.
var afarSteps = [...]float32{1, 0.8, 0.65, 0.5}

// fit chooses the letters of what is read from afar: the largest of which no word is broken and all lines are seen, with
// what was written since.
func (t *Transcript) fit(size fyne.Size) {
	first := slices.IndexFunc(t.lines, func(l Line) bool { return l.Afar })
	if first < 0 {
		return
	}
	newest := &fyne.Container{Layout: t.column.Layout, Objects: t.column.Objects[first:]}
	width := size.Width - 2*ringPad
	for i, part := range afarSteps {
		whole := true
		for _, o := range newest.Objects {
			if s := o.(*saying); s.line.Afar {
				s.text.shrunk = part
				points, style := s.text.typeface()
				whole = whole && longestWord(s.line.Text, points, style) <= width
			}
		}
		if whole && height(newest, width) <= size.Height || i == len(afarSteps)-1 {
			break
		}
	}
	for _, o := range newest.Objects {
		o.Refresh()
	}
}

func (r *transcriptRenderer) Layout(size fyne.Size) {
	r.t.fit(size)
	h := height(r.t.column, size.Width-2*ringPad)
	top := max(size.Height-h, 0) // a short one stands at the foot too
	put(r.t.scroll, 0, top, size.Width, size.Height-top)
	r.t.scroll.ScrollToBottom()
}

func (r *transcriptRenderer) Refresh() {
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}
