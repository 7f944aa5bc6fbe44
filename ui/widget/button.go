package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Rank is how much a button matters on its screen.
type Rank int

// The ranks. Go only ever starts or answers a call, Danger ends or throws away; OnGo and OnGoQuiet stand on a screen
// that is itself in the colour of Go. Tool stands with others under the picture, its icon above its word.
const (
	Primary Rank = iota
	Go
	Danger
	Secondary
	Quiet
	Key
	KeyWord
	Tool
	ToolDanger
	OnGo
	OnGoQuiet
	Alarm // "Ring 112", and nothing else
	ToolAlarm
)

type colours struct{ fill, ink, edge fyne.ThemeColorName }

func (r Rank) colours() colours {
	switch r {
	case Go:
		return colours{theme.ColorGo, theme.ColorOnGo, theme.ColorGo}
	case Danger, ToolDanger:
		return colours{theme.ColorDanger, theme.ColorOnDanger, theme.ColorDanger}
	case Alarm, ToolAlarm:
		return colours{theme.ColorSurface, theme.ColorDanger, theme.ColorDanger}
	case Secondary, Key, KeyWord, Tool:
		return colours{theme.ColorSurface, theme.ColorInk, theme.ColorLine}
	case Quiet:
		return colours{theme.ColorClear, theme.ColorPrimary, theme.ColorRim}
	case OnGo:
		return colours{theme.ColorOnGo, theme.ColorGo, theme.ColorOnGo}
	case OnGoQuiet:
		return colours{theme.ColorGo, theme.ColorOnGo, theme.ColorOnGo}
	default:
		return colours{theme.ColorPrimary, theme.ColorOnPrimary, theme.ColorPrimary}
	}
}

func (r Rank) tool() bool { return r == Tool || r == ToolDanger || r == ToolAlarm }

// pad is the room at either side of a label; quiet ones have no edge and line up with the text above them.
func (r Rank) pad() float32 {
	switch r {
	case Quiet:
		return theme.Space / 2
	case KeyWord:
		return theme.Space
	}
	return buttonPadH
}

func (r Rank) height() float32 {
	switch r {
	case Secondary, Quiet, OnGoQuiet, Alarm:
		return theme.Target
	default:
		return theme.TargetMain
	}
}

// Button is a large labelled button. Its name is that of the tap it sends.
type Button struct {
	widget.BaseWidget

	Rank Rank
	Icon Icon

	name     string
	text     string
	tapped   func()
	disabled bool
	on       bool // a tool that is in force
	hovered  bool
	focused  bool
	whole    fyne.CanvasObject // the widget that this is the tappable half of; nil: itself
	low      bool              // as high as any target, whatever its rank
}

var (
	_ fyne.Tappable     = (*Button)(nil)
	_ fyne.Focusable    = (*Button)(nil)
	_ fyne.Disableable  = (*Button)(nil) // keeps it out of the way of Tab
	_ desktop.Hoverable = (*Button)(nil)
	_ Target            = (*Button)(nil)
)

// NewButton makes a button; tapped runs on the UI thread.
func NewButton(name string, rank Rank, icon Icon, tapped func()) *Button {
	b := &Button{Rank: rank, Icon: icon, name: name, tapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes the label.
func (b *Button) SetText(text string) {
	if text != b.text {
		b.text = text
		b.Refresh()
	}
}

// SetIcon changes the icon.
func (b *Button) SetIcon(i Icon) {
	if i != b.Icon {
		b.Icon = i
		b.Refresh()
	}
}

// SetOn shows a tool as being in force; its label says what a tap would do.
func (b *Button) SetOn(on bool) {
	if on != b.on {
		b.on = on
		b.Refresh()
	}
}

// SetBusy takes the button out of use while its sentence says what is going on, and puts it back.
func (b *Button) SetBusy(busy bool, during, otherwise string) {
	text := otherwise
	if busy {
		text = during
	}
	if b.disabled != busy || b.text != text {
		b.disabled, b.text = busy, text
		b.Refresh()
	}
}

// SetEnabled takes the button in and out of use.
func (b *Button) SetEnabled(on bool) {
	if b.disabled == on {
		b.disabled = !on
		b.Refresh()
	}
}

// Enable and Disable are SetEnabled's two halves.
func (b *Button) Enable()  { b.SetEnabled(true) }
func (b *Button) Disable() { b.SetEnabled(false) }

// Disabled says whether it is out of use.
func (b *Button) Disabled() bool { return b.disabled }

// TargetName is the name of the tap while the button can be used.
func (b *Button) TargetName() string {
	if b.disabled {
		return ""
	}
	return b.name
}

// Tapped is a tap or a click.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.disabled && b.tapped != nil {
		b.tapped()
	}
}

// FocusGained shows the ring, and brings the button into sight.
func (b *Button) FocusGained() {
	b.focused = true
	b.Refresh()
	reveal(b.object())
}

// FocusLost hides it.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune passes on what a button has no use for: digits belong to the screen.
func (b *Button) TypedRune(r rune) { passRune(b.object(), r) }

// TypedKey taps at Enter and Space, and goes on with the arrows.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch {
	case taps(e):
		b.Tapped(nil)
	case !steer(b.object(), e.Name):
		passKey(b.object(), e)
	}
}

func (b *Button) object() fyne.CanvasObject {
	if b.whole != nil {
		return b.whole
	}
	return b
}

// taps says whether a key is as good as a tap.
func taps(e *fyne.KeyEvent) bool {
	return e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace
}

// MouseIn, MouseMoved and MouseOut follow a mouse, where there is one.
func (b *Button) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *Button) MouseMoved(*desktop.MouseEvent) {}
func (b *Button) MouseOut()                      { b.hovered = false; b.Refresh() }

// passRune and passKey hand what a focused widget does not use to the screen, as if nothing had the focus: without
// this the tablet's back key would end at the button that was tapped last.
func passRune(o fyne.CanvasObject, r rune) {
	if c := canvasOf(o); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

func passKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(o) }

const (
	buttonPadH   float32 = 20
	buttonPadV   float32 = 12
	toolPad      float32 = 10
	buttonIconBy float32 = 12
)

func (b *Button) typeface() (float32, fyne.TextStyle) {
	size := theme.SizeLabel
	switch {
	case b.Rank == Key:
		size = theme.SizeDigit
	case b.Rank.tool():
		size = theme.SizeBody
	}
	return b.Theme().Size(size), fyne.TextStyle{Bold: true}
}

func (b *Button) iconSize() float32 {
	if b.Icon == IconNone {
		return 0
	}
	return b.Theme().Size("iconInline")
}

// pad is the room at either side of the label; a quiet button keeps it clear of the edge that high contrast gives it.
func (b *Button) pad() float32 {
	if b.Rank == Quiet && b.Theme().Size(theme.SizeRim) > 0 {
		return buttonPadH
	}
	return b.Rank.pad()
}

// room is the width that is left for text.
func (b *Button) room(width float32) float32 {
	if b.Rank.tool() {
		return width - 2*toolPad
	}
	w := width - 2*b.pad()
	if i := b.iconSize(); i > 0 {
		w -= i + buttonIconBy
	}
	return w
}

// HeightFor is the height at a width: never below the rank's own.
func (b *Button) HeightFor(width float32) float32 {
	size, style := b.typeface()
	lines := float32(max(len(wrapped(b.text, b.room(width), size, style)), 1)) * lineHeight(size, style)
	if b.Rank.tool() {
		return max(b.Rank.height(), lines+b.iconSize()+2*toolPad)
	}
	pad := buttonPadV
	switch b.Rank {
	case Key, KeyWord, Alarm:
		pad = theme.Space / 2 // large digits fill their keys, so that four rows have room on a small tablet; a bar stays low
	}
	least := b.Rank.height()
	if b.low {
		least = theme.Target
	}
	return max(least, lines+2*pad)
}

// NaturalWidth is the width with the label on one line.
func (b *Button) NaturalWidth() float32 {
	size, style := b.typeface()
	w := textWidth(b.text, size, style)
	return max(w+(1000-b.room(1000)), theme.Target)
}

// MinSize has room for the label's longest word.
func (b *Button) MinSize() fyne.Size {
	b.ExtendBaseWidget(b)
	size, style := b.typeface()
	w := max(longestWord(b.text, size, style)+(1000-b.room(1000)), theme.Target)
	return fyne.NewSize(w, b.HeightFor(max(w, b.Size().Width)))
}

// CreateRenderer is called by Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	r := &buttonRenderer{
		b:     b,
		ring:  canvas.NewRectangle(nil),
		face:  canvas.NewRectangle(nil),
		over:  canvas.NewRectangle(nil),
		icon:  canvas.NewImageFromResource(nil),
		label: newInk(),
	}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	b                *Button
	ring, face, over *canvas.Rectangle
	icon             *canvas.Image
	label            *ink
	drawn            string // name of the icon's resource
}

func (r *buttonRenderer) MinSize() fyne.Size { return r.b.MinSize() }
func (r *buttonRenderer) Destroy()           {}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.face, r.over, r.icon, r.label}
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	b := r.b
	const out = theme.FocusGap + theme.FocusWidth
	r.ring.Move(fyne.NewPos(-out, -out))
	r.ring.Resize(size.AddWidthHeight(2*out, 2*out))
	r.face.Resize(size)
	r.over.Resize(size)

	points, style := b.typeface()
	lines := wrapped(b.text, b.room(size.Width), points, style)
	height := lineHeight(points, style)
	r.label.Resize(size)
	r.label.want(len(lines))
	var widestLine float32
	for i, line := range visual(lines) {
		l := r.label.lines[i]
		l.Text, l.TextSize, l.TextStyle = line, points, style
		widestLine = max(widestLine, textWidth(line, points, style))
	}
	block := height * float32(len(lines))
	icon := b.iconSize()
	x, y, w := (size.Width-widestLine)/2, (size.Height-block)/2, widestLine
	if b.Rank.tool() {
		top := (size.Height - block - icon) / 2
		r.icon.Move(fyne.NewPos((size.Width-icon)/2, top))
		y = top + icon
	} else if icon > 0 {
		x = (size.Width - widestLine - icon - buttonIconBy) / 2
		r.icon.Move(fyne.NewPos(x, (size.Height-icon)/2))
		x += icon + buttonIconBy
	}
	r.icon.Resize(fyne.NewSquareSize(icon))
	for i, l := range r.label.lines {
		l.Alignment = fyne.TextAlignCenter
		if icon > 0 && !b.Rank.tool() {
			l.Alignment = fyne.TextAlignLeading
		}
		l.Move(fyne.NewPos(x, y+float32(i)*height))
		l.Resize(fyne.NewSize(w, height))
	}
}

func (r *buttonRenderer) Refresh() {
	b := r.b
	th := b.Theme()
	c := b.Rank.colours()
	if b.on {
		c.fill, c.ink, c.edge = theme.ColorInk, theme.ColorSurface, theme.ColorInk
	}
	if b.disabled {
		c.fill, c.ink, c.edge = "disabledButton", theme.ColorMuted, theme.ColorRim
	}
	if b.disabled && b.Rank == Quiet {
		c.fill = theme.ColorClear
	}
	r.face.FillColor = th.Color(c.fill, 0)
	r.face.StrokeColor, r.face.StrokeWidth = th.Color(c.edge, 0), 2
	r.face.CornerRadius = theme.Radius
	r.over.FillColor = th.Color(theme.ColorClear, 0)
	if b.hovered && !b.disabled {
		r.over.FillColor = th.Color("hover", 0)
	}
	r.over.CornerRadius = theme.Radius
	r.ring.FillColor = th.Color(theme.ColorClear, 0)
	r.ring.StrokeColor, r.ring.StrokeWidth = th.Color(theme.ColorFocus, 0), theme.FocusWidth
	if b.Rank == OnGo || b.Rank == OnGoQuiet {
		r.ring.StrokeColor = th.Color(theme.ColorOnGo, 0)
	}
	r.ring.CornerRadius = theme.Radius + theme.FocusGap + theme.FocusWidth
	r.ring.Hidden = !b.focused
	r.icon.Hidden = b.Icon == IconNone
	if b.Icon != IconNone {
		if res := b.Icon.resource(th.Color(c.ink, 0)); res.Name() != r.drawn {
			r.icon.Resource, r.drawn = res, res.Name()
			r.icon.Refresh()
		}
	}
	r.Layout(b.Size())
	for _, l := range r.label.lines {
		l.Color = th.Color(c.ink, 0)
		l.Refresh()
	}
	canvas.Refresh(b)
}
