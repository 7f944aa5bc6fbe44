package app

import "kontaktlaege/internal/kontakt"

// Orders in a call (M5): what the doctor orders, as the nurse writes it down and reads it back. What the backend has is
// the truth; what is on its way to it stands among the others and says so. Nothing of it is on the tablet's disk.

// OrderGoing is what is on its way to the backend.
type OrderGoing string

// What can be on its way.
const (
	OrderWriting     OrderGoing = "write"
	OrderReading     OrderGoing = "read"
	OrderWithdrawing OrderGoing = "withdraw"
)

// OrderLine is one order as this tablet knows it.
type OrderLine struct {
	kontakt.OrderText
	ID        kontakt.OrderID // "" until the backend has it
	Version   int
	State     kontakt.OrderState
	ByDoctor  bool            // a correction, in the doctor's words
	Corrects  kontakt.OrderID // that stood there before
	Confirmer string          // name of who has confirmed it
	Going     OrderGoing
	Problem   Sentence // why the last that was asked for came to nothing

	key string // of its writing, where it was written here
	was bool   // read aloud before the backend had it
}

// Ref names the line, also before the backend has it.
func (l OrderLine) Ref() string {
	if l.ID != "" {
		return string(l.ID)
	}
	return l.key
}

// Unconfirmed says whether the order counts and the doctor has not said that it is right.
func (l OrderLine) Unconfirmed() bool { return l.State.Unconfirmed() }

// Read says whether the nurse has read it aloud, also where the backend is yet to hear of it.
func (l OrderLine) Read() bool {
	return l.State == kontakt.OrderReadBack || l.was || l.Going == OrderReading
}

// OrderFace is what the sheet "Ordinationer" shows.
type OrderFace string

// The faces of the sheet.
const (
	OrdersAway    OrderFace = ""
	OrdersListed  OrderFace = "list"
	OrdersWritten OrderFace = "write" // a new one is being written
	OrdersAloud   OrderFace = "aloud" // one, in large letters, to be read to the doctor
)

// OrderFaults says why each line of an order can't be written so, in the order of kontakt.OrderText.
type OrderFaults [kontakt.OrderLines]Sentence

// OrderBook is the orders of a call and the sheet with them.
type OrderBook struct {
	Face    OrderFace
	All     []OrderLine // in the order in which they were written
	Known   bool        // they have been fetched
	Draft   kontakt.OrderText
	Faults  OrderFaults // of Draft, where the nurse's hands rest
	Seq     int         // of the last OrderTyped
	Aloud   string      // Ref of the one to be read aloud
	Problem Sentence    // why they can't be fetched
}

// Line finds one of them.
func (b OrderBook) Line(ref string) (OrderLine, bool) {
	if at := b.at(ref); at >= 0 {
		return b.All[at], true
	}
	return OrderLine{}, false
}

// Unconfirmed are those that count and are not confirmed.
func (b OrderBook) Unconfirmed() []OrderLine {
	var open []OrderLine
	for _, l := range b.All {
		if l.Unconfirmed() {
			open = append(open, l)
		}
	}
	return open
}

// Corrected gives a correction that has not been read aloud.
func (b OrderBook) Corrected() (OrderLine, bool) {
	for _, l := range b.All {
		if l.ByDoctor && l.State == kontakt.OrderWritten && !l.Read() {
			return l, true
		}
	}
	return OrderLine{}, false
}

type (
	// TapOrders opens the sheet "Ordinationer", or goes back to its list; TapOrdersClose puts it away.
	TapOrders      struct{}
	TapOrdersClose struct{}
	// TapOrderNew asks for a new one; what was begun before stands there.
	TapOrderNew struct{}
	// OrderTyped: the new one stands like this now. Seq counts on with each.
	OrderTyped struct {
		Seq  int
		Text kontakt.OrderText
	}
	// OrderRested: the nurse's hands have rested since.
	OrderRested struct{ Seq int }
	// TapOrderSend writes it, TapOrderAgain one that came to nothing. The machine fills Key.
	TapOrderSend  struct{ Key string }
	TapOrderAgain struct{ Ref, Key string }
	// TapOrder shows one in large letters, TapOrderRead says that it has been read aloud, TapOrderWithdraw takes it back.
	TapOrder         struct{ Ref string }
	TapOrderRead     struct{ Ref string }
	TapOrderWithdraw struct{ Ref string }

	// OrdersFetched answers FetchOrders.
	OrdersFetched struct {
		Place   kontakt.EntryID
		Orders  kontakt.Orders
		Failure Failure
	}
	// OrderDone answers ChangeOrder.
	OrderDone struct {
		Asked   ChangeOrder
		Order   kontakt.Order
		Failure Failure
	}
	// OrderChanged: the stream tells that something has become of an order of a place, to be fetched.
	OrderChanged struct{ Place kontakt.EntryID }
)

func (TapOrders) event()        {}
func (TapOrdersClose) event()   {}
func (TapOrderNew) event()      {}
func (OrderTyped) event()       {}
func (OrderRested) event()      {}
func (TapOrderSend) event()     {}
func (TapOrderAgain) event()    {}
func (TapOrder) event()         {}
func (TapOrderRead) event()     {}
func (TapOrderWithdraw) event() {}
func (OrdersFetched) event()    {}
func (OrderDone) event()        {}
func (OrderChanged) event()     {}

type (
	// FetchOrders asks for all orders of a place.
	FetchOrders struct{ Place kontakt.EntryID }
	// ChangeOrder writes Text down, or says that ID was read aloud or is taken back. It is asked for until there is an
	// answer, under one key, whatever is shown: what the nurse has been told is on its way must come.
	ChangeOrder struct {
		Place kontakt.EntryID
		Do    OrderGoing
		ID    kontakt.OrderID
		Text  kontakt.OrderText
		Key   string // of the writing
	}
)

func (e FetchOrders) course(s State) course {
	return course{life: screenLife(s), lane: "fetch orders/" + string(e.Place), replaces: true}
}

func (e ChangeOrder) course(State) course {
	return course{life: wholeRun, lane: "orders/" + string(e.Place)}
}
