package client

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// TestClient_orders: only an employee writes, reads back and withdraws, each under its key, and sees what stands there.
func TestClient_orders(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	want := goldenAs[wire.Orders](t, "orders")
	path := "/entries/" + string(placeID) + "/orders"
	text := kontakt.OrderText{What: "Furosemid", Dose: "0,5 tablet"}
	if _, err := c.WriteOrder(t.Context(), placeID, text, "key-of-an-order"); kontakt.KindOf(err) != kontakt.Unauthenticated {
		t.Errorf("written by nobody: %v", err)
	}
	signIn(t, c)
	b.on("GET "+path, func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, want) })
	all, err := c.Orders(t.Context(), placeID)
	if err != nil || len(all.All) != 2 || all.All[1].Entry != placeID || all.All[1].Replaces != all.All[0].ID || all.Clinician == nil || all.Until.IsZero() {
		t.Fatalf("orders %+v, %v", all, err)
	}
	id := all.All[1].ID
	for what, do := range map[string]func() (kontakt.Order, error){
		path:                                   func() (kontakt.Order, error) { return c.WriteOrder(t.Context(), placeID, text, "key-of-an-order") },
		path + "/" + string(id) + "/read-back": func() (kontakt.Order, error) { return c.ReadBack(t.Context(), placeID, id, "key-of-an-order") },
		path + "/" + string(id) + "/withdraw":  func() (kontakt.Order, error) { return c.WithdrawOrder(t.Context(), placeID, id, "key-of-an-order") },
	} {
		asked := ""
		b.on("POST "+what, func(w http.ResponseWriter, r *http.Request) {
			asked = r.Header.Get(wire.IdempotencyHeader) + " by " + r.Header.Get("Authorization")
			reply(w, http.StatusOK, want.Orders[1])
		})
		if o, err := do(); err != nil || o.ID != id || o.Entry != placeID || asked != "key-of-an-order by Bearer nurse" {
			t.Errorf("%s: %+v, %v, asked %q", what, o, err, asked)
		}
	}
}

// TestClient_evilOrder: what can't be an order is refused, and its words stand in no error.
func TestClient_evilOrder(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	good := goldenAs[wire.Order](t, "order")
	for name, evil := range map[string]func(*wire.Order){
		"no id":            func(o *wire.Order) { o.ID = "../geheim" },
		"no state":         func(o *wire.Order) { o.State = "" },
		"nothing ordered":  func(o *wire.Order) { o.Text.What = "" },
		"nobody's":         func(o *wire.Order) { o.Author.ID = "geheim" },
		"nobody confirmed": func(o *wire.Order) { o.ConfirmedBy = &wire.Employee{ID: "geheim"} },
		"replaces nothing": func(o *wire.Order) { o.Replaces = "geheim" },
	} {
		t.Run(name, func(t *testing.T) {
			out := good
			evil(&out)
			b.on("POST /entries/"+string(placeID)+"/orders", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusCreated, out) })
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			o, err := c.WriteOrder(ctx, placeID, kontakt.OrderText{What: "Pinex"}, kontakt.NewSecret())
			if err == nil || o != (kontakt.Order{}) || strings.Contains(err.Error(), "geheim") {
				t.Errorf("gives %+v, %v", o, err)
			}
		})
	}
}
