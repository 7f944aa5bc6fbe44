package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/widget"
)

// Tell is the card while the citizen waits.
type Tell struct {
	card *card
	back *widget.Button
}

// NewTell makes the screen.
func NewTell(p Parts) *Tell {
	s := &Tell{back: widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{}))}
	s.card = newCard(p, false, s.back)
	return s
}

// Object is the page.
func (s *Tell) Object() fyne.CanvasObject { return s.card.page }

// Leave has nothing to let go.
func (s *Tell) Leave() {}

// Forget wipes the citizen and what was written.
func (s *Tell) Forget() { s.card.forget() }

// TypedRune and TypedKey key a number, wherever the focus is.
func (s *Tell) TypedRune(r rune) { s.card.typedRune(r) }

// TypedKey erases, and goes on.
func (s *Tell) TypedKey(e *fyne.KeyEvent) { s.card.typedKey(e) }

// Show draws it.
func (s *Tell) Show(state app.State) {
	v := state.Screen.(app.Tell)
	s.back.SetText(lookup(state).Say("is.back"))
	s.card.show(state, v.Place, v.Writing)
}
