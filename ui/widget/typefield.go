package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// T.140's two controls that a keyboard has.
const (
	typeErase = "\u0008"
	typeLine  = "\u2028"
)

// TypeField is where real-time text is written: each key leaves at once, as T.140. It keeps nothing: what it shows is
// what it was told was written.
type TypeField struct {
	widget.BaseWidget

	typed   func(t140 string)
	name    string
	text    string
	hint    string
	focused bool
}

var (
	_ fyne.Focusable      = (*TypeField)(nil)
	_ fyne.Shortcutable   = (*TypeField)(nil)
	_ fyne.Tappable       = (*TypeField)(nil)
	_ desktop.Cursorable  = (*TypeField)(nil)
	_ mobile.Keyboardable = (*TypeField)(nil)
)

// NewTypeField makes an empty field with a name for Targets; typed runs on the UI thread.
func NewTypeField(name string, typed func(t140 string)) *TypeField {
	f := &TypeField{name: name, typed: typed}
	f.ExtendBaseWidget(f)
	return f
}

// SetText shows what has been written of the line, and a hint while it is empty.
func (f *TypeField) SetText(text, hint string) {
	if text != f.text || hint != f.hint {
		f.text, f.hint = text, hint
		f.Refresh()
	}
}

// TargetName names the field.
func (f *TypeField) TargetName() string { return f.name }

// Keyboard is one with a key for a new line.
func (f *TypeField) Keyboard() mobile.KeyboardType { return mobile.DefaultKeyboard }

// Cursor is the text cursor.
func (f *TypeField) Cursor() desktop.Cursor { return desktop.TextCursor }

// Tapped takes the focus, which brings a tablet's keyboard up.
func (f *TypeField) Tapped(*fyne.PointEvent) {
	if c := canvasOf(f); c != nil {
		c.Focus(f)
	}
}

// FocusGained and FocusLost show where typing goes.
func (f *TypeField) FocusGained() { f.focused = true; f.Refresh(); reveal(f) }
func (f *TypeField) FocusLost()   { f.focused = false; f.Refresh() }

// TypedRune writes one.
func (f *TypeField) TypedRune(r rune) { f.typed(string(r)) }

// TypedKey takes back and begins a new line.
func (f *TypeField) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyBackspace:
		f.typed(typeErase)
	case fyne.KeyReturn, fyne.KeyEnter:
		f.typed(typeLine)
	default:
		if !steer(f, k.Name) {
			passKey(f, k)
		}
	}
}

// TypedShortcut pastes.
func (f *TypeField) TypedShortcut(s fyne.Shortcut) {
	if p, ok := s.(*fyne.ShortcutPaste); ok && p.Clipboard != nil {
		f.typed(p.Clipboard.Content())
	}
}

func (f *TypeField) typeface() (float32, fyne.TextStyle) {
	return f.Theme().Size(theme.SizeHeading), fyne.TextStyle{}
}

const typeLines = 2 // of the line being written that are seen; its end always is

func (f *TypeField) lines(width float32) []string {
	size, style := f.typeface()
	lines := wrapped(f.text, width-2*entryPad-4, size, style)
	return lines[max(len(lines)-typeLines, 0):]
}

// HeightFor is the height at a width.
func (f *TypeField) HeightFor(width float32) float32 {
	size, style := f.typeface()
	return max(float32(max(len(f.lines(width)), 1))*lineHeight(size, style)+2*theme.Space+4, theme.TargetMain)
}

// NaturalWidth has room for the hint on one line.
func (f *TypeField) NaturalWidth() float32 {
	return textWidth(f.hint, f.Theme().Size(theme.SizeBody), fyne.TextStyle{}) + 2*entryPad + 4
}

// MinSize is one line.
func (f *TypeField) MinSize() fyne.Size {
	f.ExtendBaseWidget(f)
	return fyne.NewSize(240, f.HeightFor(max(240, f.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (f *TypeField) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	r := &typeRenderer{f: f, ring: canvas.NewRectangle(nil), field: canvas.NewRectangle(nil), caret: canvas.NewRectangle(nil)}
	for range typeLines {
		r.lines = append(r.lines, canvas.NewText("", nil))
	}
	r.Refresh()
	return r
}

type typeRenderer struct {
	f                  *TypeField
	ring, field, caret *canvas.Rectangle
	lines              []*canvas.Text
}

func (r *typeRenderer) MinSize() fyne.Size { return r.f.MinSize() }
func (r *typeRenderer) Destroy()           {}

func (r *typeRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.ring, r.field}
	for _, l := range r.lines {
		out = append(out, l)
	}
	return append(out, r.caret)
}

func (r *typeRenderer) Layout(size fyne.Size) {
	const out = theme.FocusGap + theme.FocusWidth
	f := r.f
	r.ring.Move(fyne.NewPos(-out, -out))
	r.ring.Resize(size.AddWidthHeight(2*out, 2*out))
	r.field.Resize(size)
	points, style := f.typeface()
	lines := f.lines(size.Width)
	shown, rtl := lines, rightToLeft(f.text)
	if f.text == "" {
		shown = wrapped(f.hint, size.Width-2*entryPad, points, style)[:min(1, len(f.hint))]
		if len(shown) > 0 && textWidth(f.hint, points, style) > size.Width-2*entryPad {
			points = f.Theme().Size(theme.SizeBody)
			shown = wrapped(f.hint, size.Width-2*entryPad, points, style)
			shown = shown[:min(len(shown), typeLines)]
		}
	}
	shown = visual(shown)
	h := lineHeight(points, style)
	y := (size.Height - h*float32(max(len(shown), 1))) / 2
	for i, t := range r.lines {
		t.Text = ""
		if i < len(shown) {
			t.Text = shown[i]
		}
		t.TextSize, t.TextStyle = points, style
		w := textWidth(t.Text, points, style)
		x := entryPad
		if rtl {
			x = size.Width - entryPad - w
		}
		t.Move(fyne.NewPos(x, y+float32(i)*h))
		t.Resize(fyne.NewSize(w, h))
	}
	x := entryPad
	if len(lines) > 0 {
		w := textWidth(lines[len(lines)-1], points, style) + 1
		x += w
		if rtl {
			x = size.Width - entryPad - w - 3
		}
		y += float32(len(lines)-1) * h
	}
	r.caret.Move(fyne.NewPos(x, y+h*0.12))
	r.caret.Resize(fyne.NewSize(3, h*0.76))
}

func (r *typeRenderer) Refresh() {
	f, th := r.f, r.f.Theme()
	r.field.FillColor, r.field.CornerRadius = th.Color(theme.ColorSurface, 0), theme.Radius
	r.field.StrokeColor, r.field.StrokeWidth = th.Color(theme.ColorLine, 0), 2
	r.ring.FillColor, r.ring.CornerRadius = th.Color(theme.ColorClear, 0), theme.Radius+theme.FocusGap+theme.FocusWidth
	r.ring.StrokeColor, r.ring.StrokeWidth = th.Color(theme.ColorFocus, 0), theme.FocusWidth
	r.ring.Hidden, r.caret.Hidden = !f.focused, !f.focused
	r.caret.FillColor = th.Color(theme.ColorPrimary, 0)
	ink := theme.ColorInk
	if f.text == "" {
		ink = theme.ColorMuted
	}
	r.Layout(f.Size())
	for _, l := range r.lines {
		l.Color = th.Color(ink, 0)
	}
	canvas.Refresh(f)
}
