package drill

import (
	"context"
	"slices"
	"strconv"

	"kontaktlaege/internal/kontakt"
)

// Orders and its siblings are app.Orders: what is written is kept for as long as the drill. The played doctor has heard
// what is read aloud, and finds it right.
func (h *house) Orders(_ context.Context, id kontakt.EntryID) (kontakt.Orders, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	doctor := doctors[h.find(id).Clinic.ID]
	return kontakt.Orders{All: slices.Clone(h.orders[id]), Clinician: &doctor}, nil
}

// WriteOrder keeps one that can be read in one way only.
func (h *house) WriteOrder(_ context.Context, id kontakt.EntryID, text kontakt.OrderText, _ string) (kontakt.Order, error) {
	text, err := text.Checked()
	if err != nil {
		return kontakt.Order{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids++
	o := kontakt.Order{
		OrderText: text, ID: kontakt.OrderID("ord_ovelse_" + strconv.Itoa(h.ids)), Entry: id, Version: 1, State: kontakt.OrderWritten,
		By: kontakt.ParticipantTablet, WrittenAt: h.now(),
	}
	h.orders[id] = append(h.orders[id], o)
	return o, nil
}

// ReadBack has the played doctor confirm.
func (h *house) ReadBack(_ context.Context, id kontakt.EntryID, which kontakt.OrderID, _ string) (kontakt.Order, error) {
	return h.order(id, which, func(o *kontakt.Order) {
		doctor := doctors[h.find(id).Clinic.ID]
		o.State, o.ReadAt, o.ConfirmedBy, o.ConfirmedAt = kontakt.OrderConfirmed, h.now(), &doctor, h.now()
	})
}

// WithdrawOrder takes one back.
func (h *house) WithdrawOrder(_ context.Context, id kontakt.EntryID, which kontakt.OrderID, _ string) (kontakt.Order, error) {
	return h.order(id, which, func(o *kontakt.Order) { o.State, o.EndedAt = kontakt.OrderWithdrawn, h.now() })
}

func (h *house) order(id kontakt.EntryID, which kontakt.OrderID, change func(*kontakt.Order)) (kontakt.Order, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.orders[id] {
		if o := &h.orders[id][i]; o.ID == which {
			if o.State.Unconfirmed() {
				change(o)
				o.Version++
			}
			return *o, nil
		}
	}
	return kontakt.Order{}, &kontakt.Error{Op: "drill.order", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
}
