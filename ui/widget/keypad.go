package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kontaktlaege/ui/theme"
)

// Keypad is ten digits and an eraser in three columns. Its keys can be reached by Tab, for who has one switch and no digits.
type Keypad struct {
	widget.BaseWidget

	keys  []*padKey
	erase *padKey
}

// NewKeypad makes a keypad.
func NewKeypad(digit func(rune), erase func()) *Keypad {
	k := &Keypad{}
	for _, d := range "1234567890" {
		k.keys = append(k.keys, newPadKey("Key"+string(d), string(d), Key, IconNone, func() { digit(d) }))
	}
	k.erase = newPadKey("KeyErase", "", KeyWord, IconErase, erase)
	k.ExtendBaseWidget(k)
	return k
}

// SetLow makes the keys no higher than a target, where there is little room.
func (k *Keypad) SetLow() {
	for _, b := range append(k.keys, k.erase) {
		b.button.low = true
	}
}

// SetEraseText names the eraser.
func (k *Keypad) SetEraseText(text string) { k.erase.button.SetText(text) }

const keyGap = theme.Gap

// sizes gives the width of a key, the height of the rows of digits, and that of the last row, which has the eraser.
func (k *Keypad) sizes(width float32) (cell, height, last float32) {
	cell = (width - 2*keyGap) / 3
	k.erase.button.Rank = KeyWord
	if k.erase.button.NaturalWidth() > cell {
		k.erase.button.Rank = Tool // the word below the icon
	}
	for _, b := range k.keys {
		height = max(height, b.button.HeightFor(cell))
	}
	return cell, height, max(height, k.erase.button.HeightFor(cell))
}

// HeightFor is the height at a width.
func (k *Keypad) HeightFor(width float32) float32 {
	_, height, last := k.sizes(width)
	return 3*(height+keyGap) + last
}

// MinSize is three narrow keys wide.
func (k *Keypad) MinSize() fyne.Size {
	k.ExtendBaseWidget(k)
	w := 3*max(theme.TargetMain, k.erase.button.MinSize().Width) + 2*keyGap
	return fyne.NewSize(w, k.HeightFor(max(w, k.Size().Width)))
}

// Parts are what automation walks.
func (k *Keypad) Parts() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, b := range k.keys {
		out = append(out, b)
	}
	return append(out, k.erase)
}

// CreateRenderer is called by Fyne.
func (k *Keypad) CreateRenderer() fyne.WidgetRenderer {
	k.ExtendBaseWidget(k)
	return widget.NewSimpleRenderer(container.New(padLayout{k}, k.Parts()...))
}

type padLayout struct{ k *Keypad }

func (l padLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.k.MinSize() }

func (l padLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	cell, height, last := l.k.sizes(size.Width)
	place := func(o fyne.CanvasObject, column, row int) {
		o.Move(fyne.NewPos(float32(column)*(cell+keyGap), float32(row)*(height+keyGap)))
		o.Resize(fyne.NewSize(cell, height))
		if row == 3 {
			o.Resize(fyne.NewSize(cell, last))
		}
	}
	for i := range 9 {
		place(objects[i], i%3, i/3)
	}
	place(objects[9], 1, 3)  // 0 stands below 8, as on every telephone
	place(objects[10], 0, 3) // ⌫ below 7
}

// padKey is a button that keeps the focus where it has been pressed with it, whatever the digit does; a tap leaves the focus
// to the entry.
type padKey struct {
	widget.BaseWidget

	button *Button
}

var _ fyne.Focusable = (*padKey)(nil)

func newPadKey(name, text string, rank Rank, icon Icon, tapped func()) *padKey {
	k := &padKey{button: NewButton(name, rank, icon, tapped)}
	k.button.SetText(text)
	k.ExtendBaseWidget(k)
	return k
}

// TargetName is the key's.
func (k *padKey) TargetName() string { return k.button.TargetName() }

// Tapped presses the key.
func (k *padKey) Tapped(e *fyne.PointEvent) { k.button.Tapped(e) }

// FocusGained and FocusLost show where typing goes.
func (k *padKey) FocusGained() { k.focus(true) }
func (k *padKey) FocusLost()   { k.focus(false) }

func (k *padKey) focus(on bool) {
	k.button.focused = on
	k.Refresh()
	if on {
		reveal(k)
	}
}

// TypedRune types on a keyboard.
func (k *padKey) TypedRune(r rune) { passRune(k, r) }

// TypedKey presses the key, or goes on.
func (k *padKey) TypedKey(e *fyne.KeyEvent) {
	switch {
	case taps(e):
		k.button.Tapped(nil)
		canvasOf(k).Focus(k)
	case !steer(k, e.Name):
		passKey(k, e)
	}
}

// CreateRenderer draws the button without being one.
func (k *padKey) CreateRenderer() fyne.WidgetRenderer {
	k.ExtendBaseWidget(k)
	return &padKeyRenderer{k, k.button.CreateRenderer()}
}

type padKeyRenderer struct {
	k    *padKey
	face fyne.WidgetRenderer
}

func (r *padKeyRenderer) Layout(size fyne.Size) {
	r.k.button.Resize(size)
	r.face.Layout(size)
}
func (r *padKeyRenderer) MinSize() fyne.Size           { return r.face.MinSize() }
func (r *padKeyRenderer) Objects() []fyne.CanvasObject { return r.face.Objects() }
func (r *padKeyRenderer) Destroy()                     { r.face.Destroy() }
func (r *padKeyRenderer) Refresh()                     { r.face.Refresh() }
