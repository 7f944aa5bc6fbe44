package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// SignalBars is the most that a Signal shows.
const SignalBars = 4

// Signal is how well a call gets through: bars, and always a word.
type Signal struct {
	widget.BaseWidget

	lit  int
	word *Text
}

// NewSignal makes one that says nothing yet and takes no room.
func NewSignal() *Signal {
	s := &Signal{word: NewText()}
	s.word.Bold = true
	s.word.Type = theme.SizeLabel
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

// Set lights bars, 0 to SignalBars, beside a word.
func (s *Signal) Set(lit int, word string) {
	if lit == s.lit && word == s.word.Text() {
		return
	}
	s.lit = lit
	s.word.SetText(word)
	s.Hidden = word == ""
	s.Refresh()
}

// Parts are what automation walks.
func (s *Signal) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{s.word} }

func (s *Signal) bars() fyne.Size {
	h := s.Theme().Size("iconInline")
	return fyne.NewSize(h, h*0.8)
}

// NaturalWidth is that of the bars and the word on one line.
func (s *Signal) NaturalWidth() float32 { return s.bars().Width + theme.Space + s.word.NaturalWidth() }

// HeightFor is the height at a width.
func (s *Signal) HeightFor(width float32) float32 {
	return max(s.word.HeightFor(width-s.bars().Width-theme.Space), s.bars().Height)
}

// MinSize is bars and word.
func (s *Signal) MinSize() fyne.Size {
	s.ExtendBaseWidget(s)
	w := s.NaturalWidth()
	return fyne.NewSize(w, s.HeightFor(w))
}

// CreateRenderer is called by Fyne.
func (s *Signal) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &signalRenderer{s: s}
	for range SignalBars {
		r.bars = append(r.bars, canvas.NewRectangle(nil))
	}
	r.Refresh()
	return r
}

type signalRenderer struct {
	s    *Signal
	bars []*canvas.Rectangle
}

func (r *signalRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *signalRenderer) Destroy()           {}

func (r *signalRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.s.word}
	for _, b := range r.bars {
		out = append(out, b)
	}
	return out
}

func (r *signalRenderer) Layout(size fyne.Size) {
	area := r.s.bars()
	const gap = 3
	w := (area.Width - gap*(SignalBars-1)) / SignalBars
	foot := (size.Height + area.Height) / 2
	for i, b := range r.bars {
		h := area.Height * float32(i+1) / SignalBars
		b.Move(fyne.NewPos(float32(i)*(w+gap), foot-h))
		b.Resize(fyne.NewSize(w, h))
	}
	x := area.Width + theme.Space
	h := r.s.word.HeightFor(size.Width - x)
	r.s.word.Move(fyne.NewPos(x, (size.Height-h)/2))
	r.s.word.Resize(fyne.NewSize(size.Width-x, h))
}

func (r *signalRenderer) Refresh() {
	th := r.s.Theme()
	for i, b := range r.bars {
		b.CornerRadius, b.StrokeWidth, b.StrokeColor = 2, 1.5, th.Color(theme.ColorLine, 0)
		b.FillColor = th.Color(theme.ColorClear, 0)
		if i < r.s.lit {
			b.FillColor, b.StrokeColor = th.Color(theme.ColorInk, 0), th.Color(theme.ColorInk, 0)
		}
		b.Refresh()
	}
	r.s.word.Refresh()
	r.Layout(r.s.Size())
}
