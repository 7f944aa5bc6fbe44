package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/ui/screen"
	"kontaktlaege/ui/widget"
)

// Who goes by keys, or by one switch that sends them, finds a fresh screen without a focus: what was being typed when a call
// came must not answer it. The first Tab, or Enter, Space or an arrow after a breath without keys, puts the focus on the
// screen's main action and does nothing else; the next one acts.

// breath is how long no key is pressed between what was meant for the screen before and what is meant for this one.
const breath = time.Second

// keys is when the last one was pressed, or the screen changed.
type keys struct{ last time.Time }

func (k *keys) changed(now time.Time) { k.last = now }
func (k *keys) typed(now time.Time)   { k.last = now }

// meant says whether a key pressed now is not one of those before it.
func (k *keys) meant(now time.Time) bool { return now.Sub(k.last) >= breath }

// keyDown comes before what a key does. Tab alone is asked for by nobody who types, so it needs no breath; Fyne goes one on
// from where the focus is, so it is put one before.
func (r *router) keyDown(e *fyne.KeyEvent) {
	r.config.Touched()
	if e.Name != fyne.KeyTab || r.canvas.Focused() != nil {
		return
	}
	all := widget.Reachable(r.canvas)
	if i := slices.Index(all, widget.MainAction(r.canvas)); i >= 0 {
		r.canvas.Focus(all[(i+len(all)-1)%len(all)])
	}
}

// starts puts the focus on a screen that has none, and says whether that is all that the key is for.
func (r *router) starts(e *fyne.KeyEvent) bool {
	now := r.config.Now()
	meant := r.keys.meant(now)
	r.keys.typed(now)
	if _, types := r.shown.(screen.Typing); types || r.canvas.Focused() != nil {
		return false
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown:
		if meant {
			r.canvas.Focus(widget.MainAction(r.canvas))
		}
		return true
	}
	return false
}

// settle takes the focus from what is shown no more: nobody sees what Enter would do there.
func (r *router) settle() {
	focused, ok := r.canvas.Focused().(fyne.CanvasObject)
	if ok && !widget.Shown(r.canvas, focused) {
		r.canvas.Unfocus()
	}
}
