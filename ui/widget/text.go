package widget

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Text is a sentence that wraps between words, and inside one only where the word alone is too wide.
type Text struct {
	widget.BaseWidget

	Type      fyne.ThemeSizeName
	Color     fyne.ThemeColorName
	Bold      bool
	Alignment fyne.TextAlign
	ByScript  bool // what is written from the right stands at the right

	text   string
	shrunk float32 // part of the type's size, where there is no room for all of it; 0: all
}

// NewText makes body text in ink.
func NewText() *Text { return newText(theme.SizeBody, theme.ColorInk, false) }

// NewMuted makes body text that is second in rank.
func NewMuted() *Text { return newText(theme.SizeBody, theme.ColorMuted, false) }

// NewHeading makes a heading.
func NewHeading() *Text { return newText(theme.SizeHeading, theme.ColorInk, true) }

// NewKeyFact makes the text that the screen is about.
func NewKeyFact() *Text { return newText(theme.SizeKey, theme.ColorInk, true) }

// NewUrgent makes what must be seen when it counts.
func NewUrgent() *Text { return newText(theme.SizeLabel, theme.ColorDanger, true) }

func newText(size fyne.ThemeSizeName, color fyne.ThemeColorName, bold bool) *Text {
	t := &Text{Type: size, Color: color, Bold: bold}
	t.ExtendBaseWidget(t)
	return t
}

// SetText shows text; an empty one hides the widget, so that it takes no room.
func (t *Text) SetText(text string) {
	if text == t.text && (text != "") == t.Visible() {
		return
	}
	t.text = text
	if text == "" {
		t.Hide()
	} else {
		t.Show()
	}
	t.Refresh()
}

// Text gives what is shown.
func (t *Text) Text() string { return t.text }

// HeightFor is the height of the lines at a width.
func (t *Text) HeightFor(width float32) float32 {
	size, style := t.typeface()
	return float32(len(wrapped(t.text, width, size, style))) * lineHeight(size, style)
}

// NaturalWidth is the width on one line.
func (t *Text) NaturalWidth() float32 {
	size, style := t.typeface()
	return textWidth(t.text, size, style)
}

// MinSize is narrow, since text wraps.
func (t *Text) MinSize() fyne.Size {
	t.ExtendBaseWidget(t)
	size, style := t.typeface()
	w := min(longestWord(t.text, size, style), size*8)
	return fyne.NewSize(w, t.HeightFor(max(w, t.Size().Width)))
}

func (t *Text) typeface() (float32, fyne.TextStyle) {
	size := t.Theme().Size(t.Type)
	if t.shrunk > 0 {
		size *= t.shrunk
	}
	return size, fyne.TextStyle{Bold: t.Bold}
}

// CreateRenderer is called by Fyne.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	return &textRenderer{text: t, ink: newInk()}
}

type textRenderer struct {
	text *Text
	ink  *ink
}

func (r *textRenderer) Layout(size fyne.Size) {
	t := r.text
	points, style := t.typeface()
	lines := wrapped(t.text, size.Width, points, style)
	r.ink.Resize(size)
	r.ink.want(len(lines))
	height := lineHeight(points, style)
	rtl, align := rightToLeft(t.text), t.Alignment
	if t.ByScript && rtl {
		align = fyne.TextAlignTrailing
	}
	for i, line := range visual(lines) {
		o := r.ink.lines[i]
		o.Text, o.TextSize, o.TextStyle, o.Alignment = line, points, style, align
		o.Color = t.Theme().Color(t.Color, 0)
		o.Move(fyne.NewPos(0, float32(i)*height))
		o.Resize(fyne.NewSize(size.Width, height))
		o.Refresh()
	}
}

func (r *textRenderer) MinSize() fyne.Size           { return r.text.MinSize() }
func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.ink} }
func (r *textRenderer) Destroy()                     {}

func (r *textRenderer) Refresh() {
	r.Layout(r.text.Size())
	canvas.Refresh(r.text)
}

func textWidth(s string, size float32, style fyne.TextStyle) float32 {
	return fyne.MeasureText(s, size, style).Width
}

func lineHeight(size float32, style fyne.TextStyle) float32 {
	return fyne.MeasureText("Åg", size, style).Height
}

func longestWord(s string, size float32, style fyne.TextStyle) float32 {
	var w float32
	for _, word := range words(s) {
		w = max(w, textWidth(word, size, style))
	}
	return w
}

// words splits at plain spaces: one that does not break keeps "26 år" together.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' })
}

// wrapped breaks s into lines that fit, and at its own line ends.
func wrapped(s string, width, size float32, style fyne.TextStyle) []string {
	if s == "" {
		return nil
	}
	if first, rest, more := strings.Cut(s, "\n"); more {
		return append(wrapped(first, width, size, style), wrapped(rest, width, size, style)...)
	}
	fits := func(line string) bool { return textWidth(line, size, style) <= width+0.5 }
	if width <= 0 || fits(s) {
		return []string{s}
	}
	var lines []string
	line := ""
	for _, word := range words(s) {
		if line != "" && fits(line+" "+word) {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for !fits(word) {
			head := fittingPart(word, fits)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	return append(lines, line)
}

// fittingPart gives the longest part from the start that fits, at least one character.
func fittingPart(word string, fits func(string) bool) string {
	_, end := utf8.DecodeRuneInString(word)
	for end < len(word) {
		_, n := utf8.DecodeRuneInString(word[end:])
		if !fits(word[:end+n]) {
			break
		}
		end += n
	}
	return word[:end]
}
