package app

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

func (e FetchOrders) do(ctx context.Context, m *Machine) {
	all, err := m.ports.Orders.Orders(ctx, e.Place)
	m.tell(ctx, OrdersFetched{Place: e.Place, Orders: all, Failure: m.failure(e, err)})
}

func (e ChangeOrder) do(ctx context.Context, m *Machine) {
	key := e.Key
	if key == "" {
		key = m.ports.NewKey()
	}
	change := func() (kontakt.Order, error) {
		switch e.Do {
		case OrderReading:
			return m.ports.Orders.ReadBack(ctx, e.Place, e.ID, key)
		case OrderWithdrawing:
			return m.ports.Orders.WithdrawOrder(ctx, e.Place, e.ID, key)
		}
		return m.ports.Orders.WriteOrder(ctx, e.Place, e.Text, key)
	}
	order, err := change()
	for kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil {
		order, err = change()
	}
	m.tell(ctx, OrderDone{Asked: e, Order: order, Failure: m.failure(e, err)})
}
