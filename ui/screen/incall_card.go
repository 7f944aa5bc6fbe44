package screen

import (
	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/widget"
)

// callCard is the sheet "Kort": the card beside the pictures, which go on.
type callCard struct {
	card  *card
	close *widget.Button
}

func newCallCard(p Parts) *callCard {
	s := &callCard{close: widget.NewButton("TapCardClose", widget.Secondary, widget.IconBack, p.sends(app.TapCardClose{}))}
	s.card = newCard(p, true, s.close)
	return s
}

func (s *callCard) object() fyne.CanvasObject { return s.card.page }

// leave keeps the entries: what stands there is the state's, and forget wipes it.
func (s *callCard) leave() {}

func (s *callCard) show(state app.State, v app.InCall) {
	s.close.SetText(lookup(state).Say("is.close"))
	s.card.show(state, v.Place, *v.Card)
}
