package app

import (
	"context"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// M5: over a bad network an order is asked for until it is there, under one key, and stands there meanwhile as what it is;
// what was read aloud meanwhile is told after it.
func TestMachine_anOrderIsSentOverABadNetworkUnderOneKey(t *testing.T) {
	w := signedInWorld()
	w.held = func(context.Context) ([]kontakt.Entry, error) {
		return []kontakt.Entry{entry(kontakt.EntryInCall, 3)}, nil
	}
	online := make(chan struct{})
	w.sleep = func(ctx context.Context, d time.Duration) error {
		wait := make(<-chan struct{})
		if d == toldPause {
			wait = online
		}
		select {
		case <-wait:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var keys []string
	w.writeOrder = func(_ context.Context, text kontakt.OrderText, key string) (kontakt.Order, error) {
		keys = append(keys, key)
		if len(keys) < 3 {
			return kontakt.Order{}, &kontakt.Error{Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
		}
		o := order(orderID, 1, kontakt.OrderWritten)
		o.OrderText = text
		return o, nil
	}
	w.readBack = func(_ context.Context, id kontakt.OrderID, key string) (kontakt.Order, error) {
		if key == "" || key == keys[0] {
			t.Errorf("read back under the key %q", key)
		}
		return order(id, 2, kontakt.OrderReadBack), nil
	}
	m := run(t, w)
	until(t, m, any1[InCall])
	m.Send(TapOrderNew{})
	m.Send(OrderTyped{Seq: 1, Text: furosemid})
	m.Send(TapOrderSend{})
	going := until(t, m, func(c InCall) bool { return c.Orders.Face == OrdersAloud })
	m.Send(TapOrderRead{going.Orders.Aloud})
	until(t, m, func(c InCall) bool { return c.Orders.All[0].Going == OrderWriting && c.Orders.All[0].Read() })
	close(online)
	until(t, m, func(c InCall) bool { return len(c.Orders.All) == 1 && c.Orders.All[0].State == kontakt.OrderReadBack })
	if len(keys) != 3 || keys[0] == "" || keys[0] != keys[1] || keys[1] != keys[2] {
		t.Errorf("keys %q", keys)
	}
}
