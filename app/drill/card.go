package drill

import (
	"context"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// TOBS and its siblings are app.Cards: what is written is kept for as long as the drill, and nothing is scored, since no
// municipality's table is the drill's.
func (h *house) TOBS(context.Context) (tobs.Table, bool, error) { return tobs.Table{}, false, nil }

// Card gives what was written about a place.
func (h *house) Card(_ context.Context, id kontakt.EntryID) (kontakt.Card, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.cards[id], nil
}

// SaveCard keeps it. There is no other tablet that could have been first.
func (h *house) SaveCard(_ context.Context, id kontakt.EntryID, c kontakt.Card, _ string) (kontakt.Card, error) {
	return h.write(id, func(kept *kontakt.Card) { kept.ISBAR = c.ISBAR }), nil
}

// SaveTold keeps the reason.
func (h *house) SaveTold(_ context.Context, id kontakt.EntryID, _ int, told kontakt.Told, _ string) (kontakt.Card, error) {
	return h.write(id, func(kept *kontakt.Card) { kept.Told = told }), nil
}

func (h *house) write(id kontakt.EntryID, change func(*kontakt.Card)) kontakt.Card {
	h.mu.Lock()
	defer h.mu.Unlock()
	card := h.cards[id]
	change(&card)
	card.Version++
	card.At = h.now()
	h.cards[id] = card
	return card
}
