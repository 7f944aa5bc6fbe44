package app

import (
	"reflect"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

const orderID = kontakt.OrderID("ord_a")

var furosemid = kontakt.OrderText{What: "Furosemid", Dose: "40 milligram", HowOften: "1 gang om dagen", From: "i dag", Until: "onsdag"}

// order gives one as the backend has it.
func order(id kontakt.OrderID, version int, state kontakt.OrderState) kontakt.Order {
	o := kontakt.Order{OrderText: furosemid, ID: id, Entry: placeID, Version: version, State: state, By: kontakt.ParticipantTablet, Author: sanne, WrittenAt: t0}
	if state == kontakt.OrderConfirmed {
		o.ConfirmedBy = &holm
	}
	return o
}

// correction gives what the doctor has put in the place of one.
func correction(id, of kontakt.OrderID) kontakt.Order {
	o := order(id, 1, kontakt.OrderWritten)
	o.Dose, o.By, o.Author, o.Replaces = "20 milligram", kontakt.ParticipantClinic, holm, of
	return o
}

// ordered gives a call with orders.
func ordered(c InCall, orders ...kontakt.Order) InCall {
	c.Orders = c.Orders.fetched(OrdersFetched{Place: placeID, Orders: kontakt.Orders{All: orders}}, true)
	return c
}

func orderSituations(c InCall) map[string]State {
	faced := func(c InCall, face OrderFace, ref string) InCall {
		c.Orders.Face, c.Orders.Aloud = face, ref
		return c
	}
	writing := faced(c, OrdersWritten, "")
	writing.Orders.Draft = furosemid
	faulty := writing
	faulty.Orders.Draft.Dose, faulty.Orders.Seq = ",5 milligram", 3
	faulty.Orders.Faults = faultsOf(faulty.Orders.Draft)
	sending := faced(c, OrdersAloud, "key-6")
	sending.Orders.All = []OrderLine{{OrderText: furosemid, State: kontakt.OrderWritten, Going: OrderWriting, key: "key-6"}}
	refused := faced(sending, OrdersAloud, "key-6")
	refused.Orders.All = []OrderLine{{OrderText: furosemid, State: kontakt.OrderWritten, Problem: failed.Say, key: "key-6"}}
	written := faced(ordered(c, order(orderID, 1, kontakt.OrderWritten)), OrdersAloud, string(orderID))
	read := faced(ordered(c, order(orderID, 2, kontakt.OrderReadBack)), OrdersListed, "")
	confirmed := ordered(c, order(orderID, 3, kontakt.OrderConfirmed))
	ending := ordered(c, order(orderID, 2, kontakt.OrderReadBack))
	ending.Ending = true
	ended := Ended{Summary: summaryOf(c.Place), place: placeID}
	ended.Summary.Orders = sending.Orders.All
	return map[string]State{
		"InCall(orders)": on(faced(c, OrdersListed, "")), "InCall(order writing)": on(writing), "InCall(order faulty)": on(faulty),
		"InCall(order sending)": on(sending), "InCall(order refused)": on(refused), "InCall(order aloud)": on(written),
		"InCall(order read)": on(read), "InCall(order confirmed)": on(confirmed), "InCall(order ending)": on(ending),
		"InCall(orders signed out)": signedOut(on(read)), "Ended(order sending)": on(ended),
	}
}

func orderHappenings() map[string]Event {
	all := func(orders ...kontakt.Order) kontakt.Orders { return kontakt.Orders{All: orders} }
	asked := ChangeOrder{Place: placeID, Do: OrderWriting, Text: furosemid, Key: "key-6"}
	return map[string]Event{
		"TapOrders": TapOrders{}, "TapOrdersClose": TapOrdersClose{}, "TapOrderNew": TapOrderNew{},
		"OrderTyped":               OrderTyped{Seq: 3, Text: kontakt.OrderText{What: "Digoxin"}},
		"OrderRested":              OrderRested{3},
		"OrderRested(typed since)": OrderRested{2},
		"TapOrderSend":             TapOrderSend{"key-7"},
		"TapOrderAgain":            TapOrderAgain{"key-6", "key-8"},
		"TapOrder":                 TapOrder{string(orderID)},
		"TapOrder(unknown)":        TapOrder{"ord_b"},
		"TapOrderRead":             TapOrderRead{string(orderID)},
		"TapOrderRead(sending)":    TapOrderRead{"key-6"},
		"TapOrderWithdraw":         TapOrderWithdraw{string(orderID)},
		"TapOrderWithdraw(sent)":   TapOrderWithdraw{"key-6"},
		"OrdersFetched":            OrdersFetched{Place: placeID, Orders: all(order(orderID, 2, kontakt.OrderReadBack))},
		"OrdersFetched(confirmed)": OrdersFetched{Place: placeID, Orders: all(order(orderID, 3, kontakt.OrderConfirmed))},
		"OrdersFetched(corrected)": OrdersFetched{Place: placeID, Orders: all(order(orderID, 3, kontakt.OrderCorrected), correction("ord_c", orderID))},
		"OrdersFetched(another)":   OrdersFetched{Place: "plads_b", Orders: all(order(orderID, 2, kontakt.OrderReadBack))},
		"OrdersFetched(failed)":    OrdersFetched{Place: placeID, Failure: failed},
		"OrderDone":                OrderDone{Asked: asked, Order: order(orderID, 1, kontakt.OrderWritten)},
		"OrderDone(failed)":        OrderDone{Asked: asked, Failure: failed},
		"OrderDone(read)":          OrderDone{Asked: ChangeOrder{Place: placeID, Do: OrderReading, ID: orderID}, Order: order(orderID, 2, kontakt.OrderReadBack)},
		"OrderDone(another)":       OrderDone{Asked: ChangeOrder{Place: "plads_b", Do: OrderReading, ID: orderID}},
		"OrderChanged":             OrderChanged{placeID},
		"OrderChanged(another)":    OrderChanged{"plads_b"},
	}
}

// orderNotes tell of the orders of a call.
func orderNotes(v any) []string {
	b := v.(OrderBook)
	var notes []string
	if b.Face != "" {
		notes = append(notes, "orders: "+string(b.Face)+" "+b.Aloud)
	}
	if b.Draft != (kontakt.OrderText{}) {
		notes = append(notes, "draft "+b.Draft.What)
	}
	for _, f := range b.Faults {
		if !f.None() {
			notes = append(notes, "fault "+string(f.Key))
		}
	}
	for _, l := range b.All {
		note := strings.TrimSpace("order " + l.Ref() + " " + string(l.State) + " " + string(l.Going))
		if l.was {
			note += " read aloud"
		}
		if !l.Problem.None() {
			note += " " + string(l.Problem.Key)
		}
		notes = append(notes, note)
	}
	return notes
}

// M5: an order is what, how much, how often, from when and until when; it is read aloud, and the doctor says that it is
// right. What could be read in two ways is told of where the hands rest, and does not leave.
func TestM5_anOrderIsWrittenReadBackAndConfirmed(t *testing.T) {
	s := on(inCall())
	s, effects := play(s, TapOrders{}, TapOrderNew{}, OrderTyped{Seq: 1, Text: kontakt.OrderText{What: "Furosemid", Dose: ",5 milligram"}})
	if got := asks[FetchOrders](effects); len(got) != 1 || got[0].Place != placeID {
		t.Errorf("fetches %v", effects)
	}
	if f := screenOf[InCall](t, s).Orders.Faults; !reflect.DeepEqual(f, OrderFaults{}) {
		t.Errorf("put right in the middle of a word: %v", f)
	}
	s, effects = play(s, OrderRested{1}, TapOrderSend{"key-7"})
	if f := screenOf[InCall](t, s).Orders.Faults; f[1].Key != kontakt.MsgOrderNumber || f[1].Params["rigtigt"] != "0,5" {
		t.Errorf("faults %v", f)
	}
	if got := asks[ChangeOrder](effects); len(got) != 0 {
		t.Fatalf("leaves: %v", got)
	}
	s, effects = play(s, OrderTyped{Seq: 2, Text: furosemid}, TapOrderSend{"key-7"}, TapOrderSend{"key-7"})
	if got := asks[ChangeOrder](effects); len(got) != 1 || got[0] != (ChangeOrder{Place: placeID, Do: OrderWriting, Text: furosemid, Key: "key-7"}) {
		t.Fatalf("asks %+v", got)
	}
	c := screenOf[InCall](t, s)
	if l, ok := c.Orders.Line(c.Orders.Aloud); c.Orders.Face != OrdersAloud || !ok || l.OrderText != furosemid || l.Going != OrderWriting || c.Orders.Draft != (kontakt.OrderText{}) {
		t.Fatalf("is not read aloud: %+v", c.Orders)
	}
	// Read before the backend has it, over a slow network: that is not lost.
	s, effects = play(s, TapOrderRead{c.Orders.Aloud}, OrderDone{Asked: asks[ChangeOrder](effects)[0], Order: order(orderID, 1, kontakt.OrderWritten)})
	if got := asks[ChangeOrder](effects); len(got) != 1 || got[0].Do != OrderReading || got[0].ID != orderID {
		t.Fatalf("asks %+v", got)
	}
	s, _ = play(s, OrderDone{Asked: ChangeOrder{Place: placeID, Do: OrderReading, ID: orderID}, Order: order(orderID, 2, kontakt.OrderReadBack)})
	s, effects = play(s, OrderChanged{placeID})
	if got := asks[FetchOrders](effects); len(got) != 1 {
		t.Errorf("does not ask what the doctor has said: %v", effects)
	}
	s, _ = play(s, OrdersFetched{Place: placeID, Orders: kontakt.Orders{All: []kontakt.Order{order(orderID, 3, kontakt.OrderConfirmed)}}})
	c = screenOf[InCall](t, s)
	if l, _ := c.Orders.Line(c.Orders.Aloud); l.State != kontakt.OrderConfirmed || l.Confirmer != holm.Name || len(c.Orders.All) != 1 || len(c.Orders.Unconfirmed()) != 0 {
		t.Errorf("confirmed: %+v", c.Orders)
	}
}

// M5: the doctor corrects. That is shown at once, and has to be read back in its turn; the old one stays visible. Whoever
// is writing another is not taken out of it.
func TestM5_aCorrectionIsShownAndReadBackAgain(t *testing.T) {
	corrected := OrdersFetched{Place: placeID, Orders: kontakt.Orders{All: []kontakt.Order{order(orderID, 3, kontakt.OrderCorrected), correction("ord_c", orderID)}}}
	read := ordered(inCall(), order(orderID, 2, kontakt.OrderReadBack))
	for name, row := range map[string]struct {
		face, want OrderFace
		aloud      string
	}{
		"the sheet is away":  {OrdersAway, OrdersAloud, ""},
		"the list":           {OrdersListed, OrdersAloud, ""},
		"it was read aloud":  {OrdersAloud, OrdersAloud, string(orderID)},
		"another is written": {OrdersWritten, OrdersWritten, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := read
			c.Orders.Face, c.Orders.Aloud, c.Orders.Draft = row.face, row.aloud, kontakt.OrderText{What: "Dig"}
			s, _ := play(on(c), corrected)
			b := screenOf[InCall](t, s).Orders
			if b.Face != row.want || b.Draft.What != "Dig" || b.Face == OrdersAloud && b.Aloud != "ord_c" {
				t.Errorf("shows %q %q", b.Face, b.Aloud)
			}
			l, _ := b.Line("ord_c")
			if len(b.All) != 2 || !l.ByDoctor || l.Corrects != orderID || len(b.Unconfirmed()) != 1 {
				t.Errorf("%+v", b.All)
			}
			_, effects := play(s, TapOrderRead{"ord_c"})
			if got := asks[ChangeOrder](effects); len(got) != 1 || got[0].Do != OrderReading || got[0].ID != "ord_c" {
				t.Errorf("asks %+v", got)
			}
		})
	}
}

// M5: an answer that comes behind what the stream brought shows the order once, and one that is older than what is known
// changes nothing.
func TestM5_anOrderStandsThereOnce(t *testing.T) {
	s, effects := play(on(inCall()), TapOrderNew{}, OrderTyped{Seq: 1, Text: furosemid}, TapOrderSend{"key-7"})
	fetched := func(o kontakt.Order) OrdersFetched {
		return OrdersFetched{Place: placeID, Orders: kontakt.Orders{All: []kontakt.Order{o}}}
	}
	s, _ = play(s, fetched(order(orderID, 1, kontakt.OrderWritten)), OrderDone{Asked: asks[ChangeOrder](effects)[0], Order: order(orderID, 1, kontakt.OrderWritten)})
	s, _ = play(s, fetched(order(orderID, 2, kontakt.OrderReadBack)), fetched(order(orderID, 1, kontakt.OrderWritten)), OrdersFetched{Place: placeID})
	b := screenOf[InCall](t, s).Orders
	if len(b.All) != 1 || b.All[0].State != kontakt.OrderReadBack || b.All[0].Going != "" {
		t.Errorf("%+v", b.All)
	}
}

// M5: after a kill in the call all is there again, as the backend has it.
func TestM5_aRestartInTheCallHasThemAgain(t *testing.T) {
	_, effects := play(on(Starting{}), Started{Device: kontakt.Device{ID: device}, Rooms: kontakt.Cursor{}, Employee: sanne, Held: []kontakt.Entry{entry(kontakt.EntryInCall, 4)}, At: at})
	if got := asks[FetchOrders](effects); len(got) != 1 || got[0].Place != placeID {
		t.Errorf("fetches %v", effects)
	}
}

// E55: the call ends with orders that are not confirmed, also where the clinic hangs up. The summary has them as they
// stand, and one that was still on its way when it has come.
func TestE55_theSummaryHasWhatIsNotConfirmed(t *testing.T) {
	c := ordered(inCall(), order(orderID, 2, kontakt.OrderReadBack))
	over := entry(kontakt.EntryEnded, 4)
	over.EndedBy = kontakt.ParticipantClinic
	for name, events := range map[string][]Event{
		"the nurse":  {TapEnd{}, TapEndYes{at}},
		"the clinic": {CallEnded{callID}, PlaceFetched{ID: placeID, Entry: over, At: at}},
		"withdrawn":  {TapEnd{}, TapWithdraw{at}},
	} {
		t.Run(name, func(t *testing.T) {
			s, effects := play(on(c), append([]Event{TapOrderNew{}, OrderTyped{Seq: 1, Text: kontakt.OrderText{What: "Ring i morgen"}}, TapOrderSend{"key-7"}}, events...)...)
			got := screenOf[Ended](t, s).Summary.Orders
			if len(got) != 2 || !got[0].Unconfirmed() || got[1].Going != OrderWriting {
				t.Fatalf("%+v", got)
			}
			done := order("ord_d", 1, kontakt.OrderWritten)
			done.OrderText = kontakt.OrderText{What: "Ring i morgen"}
			s, _ = play(s, OrderDone{Asked: asks[ChangeOrder](effects)[0], Order: done})
			if got = screenOf[Ended](t, s).Summary.Orders; got[1].Going != "" || got[1].ID != "ord_d" {
				t.Errorf("came after the call: %+v", got)
			}
		})
	}
}

// E20: with nobody signed in the call goes on, and the orders are put away.
func TestE20_ordersTakeAnEmployee(t *testing.T) {
	c := ordered(inCall(), order(orderID, 1, kontakt.OrderWritten))
	c.Orders.Face = OrdersListed
	s, _ := play(on(c), SessionEnded{})
	s, effects := play(s, TapOrders{})
	if b := screenOf[InCall](t, s); b.Orders.Face != OrdersAway || b.Problem.Key != kontakt.MsgSessionEnded || len(asks[FetchOrders](effects)) != 0 {
		t.Errorf("%+v", b.Orders)
	}
}
