package widget

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// CPREntry takes a CPR number from the keypad, a keyboard or the clipboard and shows it with its hyphen. What is keyed
// lives here and nowhere else; Clear forgets it. It checks nothing: kontakt.ParseCPR does.
type CPREntry struct {
	widget.BaseWidget

	// Submit is called at Enter, Changed after each change.
	Submit, Changed func()

	shape   string // what stands where nothing is keyed yet
	chars   []rune // without the hyphen
	focused bool
}

const (
	cprChars   = 10
	cprBirth   = 6  // characters before the hyphen
	cprPasteTo = 24 // what a paste may hold, so that a wrong one is shown rather than cut
)

var (
	_ fyne.Focusable     = (*CPREntry)(nil)
	_ fyne.Shortcutable  = (*CPREntry)(nil)
	_ fyne.Tappable      = (*CPREntry)(nil)
	_ desktop.Cursorable = (*CPREntry)(nil)
)

// NewCPREntry makes an empty entry.
func NewCPREntry() *CPREntry {
	e := &CPREntry{}
	e.ExtendBaseWidget(e)
	return e
}

// SetShape tells what a number looks like: "ddmmåå-xxxx". As it is keyed, the rest of it stays in sight.
func (e *CPREntry) SetShape(shape string) {
	if shape != e.shape {
		e.shape = shape
		e.Refresh()
	}
}

// Text gives what has been keyed, without the hyphen.
func (e *CPREntry) Text() string { return string(e.chars) }

// Full says whether all ten characters are there.
func (e *CPREntry) Full() bool { return len(e.chars) >= cprChars }

// Clear forgets what was keyed.
func (e *CPREntry) Clear() {
	clear(e.chars)
	e.chars = e.chars[:0]
	e.changed()
}

// Key adds one character; what is no digit or letter is passed over, and so is an eleventh.
func (e *CPREntry) Key(r rune) {
	if len(e.chars) >= cprChars || !(unicode.IsDigit(r) || unicode.IsLetter(r)) {
		return
	}
	e.chars = append(e.chars, unicode.ToUpper(r))
	e.changed()
}

// Erase takes the last character away; the hyphen goes and comes by itself.
func (e *CPREntry) Erase() {
	if n := len(e.chars); n > 0 {
		e.chars[n-1] = 0
		e.chars = e.chars[:n-1]
		e.changed()
	}
}

// Paste replaces what was keyed. Marks and space around and inside fall away; the rest is shown as it came, so that a
// wrong paste is seen.
func (e *CPREntry) Paste(s string) {
	clear(e.chars)
	e.chars = e.chars[:0]
	for _, r := range s {
		if len(e.chars) < cprPasteTo && (unicode.IsDigit(r) || unicode.IsLetter(r)) {
			e.chars = append(e.chars, unicode.ToUpper(r))
		}
	}
	e.changed()
}

func (e *CPREntry) changed() {
	e.Refresh()
	if e.Changed != nil {
		e.Changed()
	}
}

// Shown gives the text on the screen: the hyphen stands from the sixth character on.
func (e *CPREntry) Shown() string {
	if len(e.chars) < cprBirth {
		return string(e.chars)
	}
	return string(e.chars[:cprBirth]) + "-" + string(e.chars[cprBirth:])
}

// TargetName names the entry.
func (e *CPREntry) TargetName() string { return "EntryCPR" }

// Tapped takes the focus.
func (e *CPREntry) Tapped(*fyne.PointEvent) {
	if c := canvasOf(e); c != nil {
		c.Focus(e)
	}
}

// Cursor is the text cursor.
func (e *CPREntry) Cursor() desktop.Cursor { return desktop.TextCursor }

// FocusGained and FocusLost show where typing goes.
func (e *CPREntry) FocusGained() { e.focused = true; e.Refresh(); reveal(e) }
func (e *CPREntry) FocusLost()   { e.focused = false; e.Refresh() }

// TypedRune is a keyboard.
func (e *CPREntry) TypedRune(r rune) { e.Key(r) }

// TypedKey erases and submits.
func (e *CPREntry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyBackspace:
		e.Erase()
	case fyne.KeyDelete:
		e.Clear()
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.Submit != nil {
			e.Submit()
		}
	default:
		if !steer(e, k.Name) {
			passKey(e, k)
		}
	}
}

// TypedShortcut pastes. A CPR number is never copied out of here.
func (e *CPREntry) TypedShortcut(s fyne.Shortcut) {
	if p, ok := s.(*fyne.ShortcutPaste); ok && p.Clipboard != nil {
		e.Paste(p.Clipboard.Content())
	}
}

func (e *CPREntry) typeface() (float32, fyne.TextStyle) {
	return e.Theme().Size(theme.SizeKey), fyne.TextStyle{Bold: true}
}

const entryPad float32 = 20

// HeightFor is the height at any width: a number stands on one line.
func (e *CPREntry) HeightFor(float32) float32 {
	size, style := e.typeface()
	return max(lineHeight(size, style)+2*entryPad, theme.TargetMain)
}

// MinSize has room for a whole number.
func (e *CPREntry) MinSize() fyne.Size {
	e.ExtendBaseWidget(e)
	size, style := e.typeface()
	return fyne.NewSize(textWidth("000000-0000", size, style)+2*entryPad, e.HeightFor(0))
}

// CreateRenderer is called by Fyne.
func (e *CPREntry) CreateRenderer() fyne.WidgetRenderer {
	e.ExtendBaseWidget(e)
	r := &cprRenderer{
		e: e, ring: canvas.NewRectangle(nil), field: canvas.NewRectangle(nil), cursor: canvas.NewRectangle(nil),
		text: canvas.NewText("", nil), rest: canvas.NewText("", nil),
	}
	r.Refresh()
	return r
}

type cprRenderer struct {
	e                   *CPREntry
	ring, field, cursor *canvas.Rectangle
	text, rest          *canvas.Text
}

func (r *cprRenderer) MinSize() fyne.Size { return r.e.MinSize() }
func (r *cprRenderer) Destroy()           {}
func (r *cprRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.field, r.text, r.rest, r.cursor}
}

func (r *cprRenderer) Layout(size fyne.Size) {
	const out = theme.FocusGap + theme.FocusWidth
	r.ring.Move(fyne.NewPos(-out, -out))
	r.ring.Resize(size.AddWidthHeight(2*out, 2*out))
	r.field.Resize(size)
	points, style := r.points(size.Width)
	r.text.TextSize, r.rest.TextSize = points, points
	h := lineHeight(points, style)
	y := (size.Height - h) / 2
	w := textWidth(r.text.Text, points, style)
	r.text.Move(fyne.NewPos(entryPad, y))
	r.text.Resize(fyne.NewSize(w, h))
	r.rest.Move(fyne.NewPos(entryPad+w, y))
	r.rest.Resize(fyne.NewSize(textWidth(r.rest.Text, points, fyne.TextStyle{}), h))
	r.cursor.Move(fyne.NewPos(entryPad+w+1, y+h*0.14))
	r.cursor.Resize(fyne.NewSize(3, h*0.72))
}

// points is the size at which all of it is seen: of a number on a small tablet with large text, and of a paste that is too
// long, which is wrong but shown whole.
func (r *cprRenderer) points(width float32) (float32, fyne.TextStyle) {
	points, style := r.e.typeface()
	for width > 0 && points > 12 &&
		textWidth(r.text.Text, points, style)+textWidth(r.rest.Text, points, fyne.TextStyle{}) > width-2*entryPad {
		points--
	}
	return points, style
}

func (r *cprRenderer) Refresh() {
	e, th := r.e, r.e.Theme()
	shown := e.Shown()
	_, style := e.typeface()
	r.text.Text, r.text.TextStyle, r.text.Color = shown, style, th.Color(theme.ColorInk, 0)
	r.rest.Text = ""
	if shape, n := []rune(e.shape), utf8.RuneCountInString(shown); n < len(shape) {
		r.rest.Text = string(shape[n:])
	}
	r.rest.TextStyle, r.rest.Color = fyne.TextStyle{}, th.Color(theme.ColorLine, 0)
	r.field.FillColor, r.field.CornerRadius = th.Color(theme.ColorSurface, 0), theme.Radius
	r.field.StrokeColor, r.field.StrokeWidth = th.Color(theme.ColorLine, 0), 2
	r.ring.FillColor, r.ring.CornerRadius = th.Color(theme.ColorClear, 0), theme.Radius+theme.FocusGap+theme.FocusWidth
	r.ring.StrokeColor, r.ring.StrokeWidth = th.Color(theme.ColorFocus, 0), theme.FocusWidth
	r.ring.Hidden, r.cursor.Hidden = !e.focused, !e.focused
	r.cursor.FillColor = th.Color(theme.ColorPrimary, 0)
	r.Layout(e.Size())
	canvas.Refresh(e)
}
