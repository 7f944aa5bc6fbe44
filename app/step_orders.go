package app

import (
	"slices"

	"kontaktlaege/internal/kontakt"
)

// stepOrders is what happens to the orders of a call. done says whether it was that.
func stepOrders(screen InCall, signedIn bool, e Event) (next InCall, effects []Effect, done bool) {
	switch e := e.(type) {
	case OrderChanged:
		if e.Place == screen.Place.ID {
			effects = []Effect{FetchOrders{e.Place}}
		}
	case OrdersFetched:
		if e.Place == screen.Place.ID {
			screen.Orders = screen.Orders.fetched(e, screen.Card == nil)
		}
	case OrderDone:
		if e.Asked.Place == screen.Place.ID {
			screen.Orders, effects = screen.Orders.answered(e)
		}
	case OrderTyped:
		screen.Orders.Seq, screen.Orders.Draft = e.Seq, e.Text
		screen.Orders.Faults = faultsOf(e.Text).of(screen.Orders.Faults)
		effects = []Effect{After{writtenPause, OrderRested{e.Seq}}}
	case OrderRested:
		if e.Seq == screen.Orders.Seq {
			screen.Orders.Faults = faultsOf(screen.Orders.Draft)
		}
	case TapOrders, TapOrdersClose, TapOrderNew, TapOrder, TapOrderSend, TapOrderAgain, TapOrderRead, TapOrderWithdraw:
		if screen.over {
			return screen, nil, true
		}
		if !signedIn {
			next, effects := screen.complain(Sentence{Key: kontakt.MsgSessionEnded})
			return next, effects, true
		}
		screen.Orders, effects = screen.Orders.tapped(screen.Place.ID, e)
		if screen.Orders.Face != OrdersAway {
			screen.Card = nil // one sheet at a time
		}
	default:
		return screen, nil, false
	}
	return screen, effects, true
}

func (b OrderBook) tapped(place kontakt.EntryID, e Event) (OrderBook, []Effect) {
	switch e := e.(type) {
	case TapOrders:
		b.Face = OrdersListed
		return b, []Effect{FetchOrders{place}}
	case TapOrdersClose:
		b.Face = OrdersAway
	case TapOrderNew:
		b.Face = OrdersWritten
	case TapOrder:
		if b.at(e.Ref) >= 0 {
			b.Face, b.Aloud = OrdersAloud, e.Ref
		}
	case TapOrderSend:
		return b.send(place, e.Key)
	case TapOrderAgain:
		return b.change(place, e.Ref, OrderWriting, e.Key)
	case TapOrderRead:
		return b.change(place, e.Ref, OrderReading, "")
	case TapOrderWithdraw:
		return b.change(place, e.Ref, OrderWithdrawing, "")
	}
	return b, nil
}

// send writes the draft down and shows it, to be read aloud; what could be read in two ways stays where it is.
func (b OrderBook) send(place kontakt.EntryID, key string) (OrderBook, []Effect) {
	text, err := b.Draft.Checked()
	if b.Face != OrdersWritten || key == "" || err != nil {
		b.Faults = faultsOf(b.Draft)
		return b, nil
	}
	b.All = append(slices.Clone(b.All), OrderLine{OrderText: text, State: kontakt.OrderWritten, Going: OrderWriting, key: key})
	b.Draft, b.Faults, b.Seq = kontakt.OrderText{}, OrderFaults{}, b.Seq+1
	b.Face, b.Aloud = OrdersAloud, key
	return b, []Effect{ChangeOrder{Place: place, Do: OrderWriting, Text: text, Key: key}}
}

// change asks for something to become of one that allows it and has nothing else on its way.
func (b OrderBook) change(place kontakt.EntryID, ref string, do OrderGoing, key string) (OrderBook, []Effect) {
	at := b.at(ref)
	if at < 0 {
		return b, nil
	}
	l := b.All[at]
	failed := l.ID == "" && l.Going == ""
	switch {
	case do == OrderReading && l.State == kontakt.OrderWritten && l.ID == "" && !failed:
		l.was = true
		return b.with(at, l), nil // the backend hears of it as soon as it has the order
	case l.Going != "",
		do == OrderWriting && !failed,
		do == OrderReading && (l.State != kontakt.OrderWritten || l.ID == ""),
		do == OrderWithdrawing && (!l.Unconfirmed() || l.ID == "" && !failed):
		return b, nil
	case do == OrderWithdrawing && failed: // the backend never had it
		b.All = slices.Delete(slices.Clone(b.All), at, at+1)
		b.Face = OrdersListed
		return b, nil
	}
	l.Going, l.Problem = do, Sentence{}
	ask := ChangeOrder{Place: place, Do: do, ID: l.ID}
	if do == OrderWriting {
		l.key, b.Aloud = key, key // a key that was refused is used up
		ask.Text, ask.Key = l.OrderText, key
	}
	return b.with(at, l), []Effect{ask}
}

// answered takes in what became of what was asked for.
func (b OrderBook) answered(e OrderDone) (OrderBook, []Effect) {
	ref := string(e.Asked.ID)
	if e.Asked.Do == OrderWriting {
		ref = e.Asked.Key
	}
	at := b.at(ref)
	if at < 0 {
		return b, nil
	}
	l := b.All[at]
	l.Going, l.Problem = "", e.Failure.Say
	if e.Failure.Failed() {
		l.was = false
		return b.with(at, l), []Effect{FetchOrders{e.Asked.Place}}
	}
	if l.ID != "" && l.ID != e.Order.ID { // another in the same words was taken for it
		return b.with(at, l), []Effect{FetchOrders{e.Asked.Place}}
	}
	b = b.with(at, l.as(e.Order))
	if !l.was {
		return b, nil
	}
	l.was = false
	return b.with(at, l.as(e.Order)).change(e.Asked.Place, string(e.Order.ID), OrderReading, "")
}

// fetched takes in what the backend has. None goes that is known: nothing is ever struck there. A correction is shown at
// once, to be read aloud in its turn, where there is room for the sheet, but while another is being written or read.
func (b OrderBook) fetched(e OrdersFetched, room bool) OrderBook {
	b.Problem = e.Failure.Say
	if e.Failure.Failed() {
		return b
	}
	b.Known = true
	for _, o := range e.Orders.All {
		at := b.at(string(o.ID))
		if at < 0 {
			at = slices.IndexFunc(b.All, func(l OrderLine) bool { // its answer is still on its way here
				return l.ID == "" && l.Going == OrderWriting && l.OrderText == o.OrderText && o.By == kontakt.ParticipantTablet
			})
		}
		if at >= 0 {
			b = b.with(at, b.All[at].as(o))
			continue
		}
		b.All = append(slices.Clone(b.All), OrderLine{}.as(o))
		corrected := o.By == kontakt.ParticipantClinic && o.State == kontakt.OrderWritten
		if corrected && room && b.free(o.Replaces) {
			b.Face, b.Aloud = OrdersAloud, string(o.ID)
		}
	}
	return b
}

// free says whether the sheet may show a correction of that order now.
func (b OrderBook) free(corrected kontakt.OrderID) bool {
	switch b.Face {
	case OrdersWritten:
		return false
	case OrdersAloud:
		l, _ := b.Line(b.Aloud)
		return l.ID == corrected || l.Read() || !l.Unconfirmed()
	}
	return true
}

// as is the line as the backend has it, unless that is older than what is known.
func (l OrderLine) as(o kontakt.Order) OrderLine {
	if l.ID != "" && o.Version < l.Version {
		return l
	}
	l.OrderText, l.ID, l.Version, l.State = o.OrderText, o.ID, o.Version, o.State
	l.ByDoctor, l.Corrects = o.By == kontakt.ParticipantClinic, o.Replaces
	if o.ConfirmedBy != nil {
		l.Confirmer = o.ConfirmedBy.Name
	}
	return l
}

// summed adds the orders to what is known of the call at its end. One that has no answer yet gets it there.
func (c InCall) summed(sum Summary) Summary {
	sum.Orders = c.Orders.All
	return sum
}

// orderDone takes the answer in after the call.
func (s Summary) orderDone(e OrderDone) (Summary, []Effect) {
	b, effects := OrderBook{All: s.Orders}.answered(e)
	s.Orders = b.All
	return s, effects
}

func (b OrderBook) at(ref string) int {
	return slices.IndexFunc(b.All, func(l OrderLine) bool { return ref != "" && (string(l.ID) == ref || l.key == ref) })
}

// with puts a line in the place of one.
func (b OrderBook) with(at int, l OrderLine) OrderBook {
	b.All = slices.Clone(b.All)
	b.All[at] = l
	return b
}

// back puts the face that is shown away.
func (b OrderBook) back() OrderBook {
	switch b.Face {
	case OrdersAway, OrdersListed:
		b.Face = OrdersAway
	default:
		b.Face = OrdersListed
	}
	return b
}

// faultsOf says which lines of an order could be read in two ways.
func faultsOf(text kontakt.OrderText) (f OrderFaults) {
	for i, err := range text.Faults() {
		f[i] = FailureOf(err).Say
	}
	return f
}

// of keeps those of lines that have been told of before: nobody is put right in the middle of a word.
func (f OrderFaults) of(told OrderFaults) OrderFaults {
	for i := range f {
		if told[i].None() {
			f[i] = Sentence{}
		}
	}
	return f
}
