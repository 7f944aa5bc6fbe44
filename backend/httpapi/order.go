package httpapi

import (
	"context"
	"net/http"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) orders(r *request) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	all, err := a.Orders.Orders(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromOrders(all))
}

func (a *API) writeOrder(r *request, in wire.OrderText) (reply, error) {
	text, err := wire.ToOrderText(in)
	if err != nil {
		return reply{}, err
	}
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	o, err := a.Orders.WriteOrder(r.Context(), id, text)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, wire.FromOrder(o))
}

func (a *API) readBack(r *request) (reply, error)      { return a.onOrder(r, a.Orders.ReadBack) }
func (a *API) withdrawOrder(r *request) (reply, error) { return a.onOrder(r, a.Orders.WithdrawOrder) }

func (a *API) confirmOrder(r *request, in wire.ConfirmRequest) (reply, error) {
	return a.onOrder(r, func(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID) (kontakt.Order, error) {
		return a.Orders.ConfirmOrder(ctx, id, which, in.Version)
	})
}

func (a *API) correctOrder(r *request, in wire.CorrectRequest) (reply, error) {
	text, err := wire.ToOrderText(in.Text)
	if err != nil {
		return reply{}, err
	}
	return a.onOrder(r, func(ctx context.Context, id kontakt.EntryID, which kontakt.OrderID) (kontakt.Order, error) {
		return a.Orders.CorrectOrder(ctx, id, which, in.Version, text)
	})
}

// onOrder does something to the order that the path names.
func (a *API) onOrder(r *request, do func(context.Context, kontakt.EntryID, kontakt.OrderID) (kontakt.Order, error)) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	which, err := kontakt.ParseOrderID(r.PathValue("order"))
	if err != nil {
		return reply{}, err
	}
	o, err := do(r.Context(), id, which)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromOrder(o))
}

func (a *API) clinicEnd(r *request, in wire.ClinicEndRequest) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	e, err := a.Orders.End(r.Context(), id, in.Reason, in.Unconfirmed)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromClinicEntry(e, a.now()))
}
