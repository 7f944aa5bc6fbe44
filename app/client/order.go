package client

import (
	"context"
	"net/http"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var _ app.Orders = (*Client)(nil)

// Orders implements app.Orders.
func (c *Client) Orders(ctx context.Context, id kontakt.EntryID) (kontakt.Orders, error) {
	var out wire.Orders
	if err := c.do(ctx, call{op: "client.Orders", as: asNurse, method: http.MethodGet, path: ordersOf(id), out: &out}); err != nil {
		return kontakt.Orders{}, err
	}
	all, err := parsed(wire.ToOrders(out))
	for i := range all.All {
		all.All[i].Entry = id
	}
	return all, err
}

// WriteOrder implements app.Orders.
func (c *Client) WriteOrder(ctx context.Context, id kontakt.EntryID, text kontakt.OrderText, key string) (kontakt.Order, error) {
	return c.order(ctx, id, call{op: "client.WriteOrder", path: ordersOf(id), key: key, in: wire.FromOrderText(text)})
}

// ReadBack implements app.Orders.
func (c *Client) ReadBack(ctx context.Context, id kontakt.EntryID, order kontakt.OrderID, key string) (kontakt.Order, error) {
	return c.order(ctx, id, call{op: "client.ReadBack", path: ordersOf(id) + "/" + string(order) + "/read-back", key: key})
}

// WithdrawOrder implements app.Orders.
func (c *Client) WithdrawOrder(ctx context.Context, id kontakt.EntryID, order kontakt.OrderID, key string) (kontakt.Order, error) {
	return c.order(ctx, id, call{op: "client.WithdrawOrder", path: ordersOf(id) + "/" + string(order) + "/withdraw", key: key})
}

// order changes one and gives how it stands then.
func (c *Client) order(ctx context.Context, id kontakt.EntryID, r call) (kontakt.Order, error) {
	var out wire.Order
	r.as, r.method, r.out = asNurse, http.MethodPost, &out
	if err := c.do(ctx, r); err != nil {
		return kontakt.Order{}, err
	}
	o, err := wire.ToOrder(out)
	o.Entry = id
	return parsed(o, err)
}

func ordersOf(id kontakt.EntryID) string { return "entries/" + string(id) + "/orders" }
