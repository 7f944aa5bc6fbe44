package waiting

import (
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// orderMove is what may happen to an order.
type orderMove string

const (
	orderReadBack orderMove = "read_back"
	orderConfirm  orderMove = "confirm"
	orderCorrect  orderMove = "correct"
	orderWithdraw orderMove = "withdraw"
)

type orderRule struct {
	from []kontakt.OrderState
	to   kontakt.OrderState
	by   []side
}

var (
	unread      = []kontakt.OrderState{kontakt.OrderWritten}
	wasRead     = []kontakt.OrderState{kontakt.OrderReadBack}
	unconfirmed = []kontakt.OrderState{kontakt.OrderWritten, kontakt.OrderReadBack}
	standingNow = []kontakt.OrderState{kontakt.OrderWritten, kontakt.OrderReadBack, kontakt.OrderConfirmed}
)

// orderRules is the whole of what may happen to an order, besides being written, by the tablet that has the call. A test
// compares this with the code:
//
//	read_back: written -> read_back                        by tablet
//	confirm:   read_back -> confirmed                      by clinic
//	correct:   written, read_back, confirmed -> corrected  by clinic
//	withdraw:  written, read_back -> withdrawn             by tablet
//
// All of it can be in the conversation and for kontakt.OrdersAfter behind it. Only the doctor of the conversation confirms
// and corrects, and only the version that was on the page; what was confirmed a nurse can't take back. A correction is an
// order of its own, written by the doctor, which the nurse reads back in turn. Asked for twice, all but a correction
// change nothing the second time.
var orderRules = map[orderMove]orderRule{
	orderReadBack: {unread, kontakt.OrderReadBack, []side{tablet}},
	orderConfirm:  {wasRead, kontakt.OrderConfirmed, []side{clinic}},
	orderCorrect:  {standingNow, kontakt.OrderCorrected, []side{clinic}},
	orderWithdraw: {unconfirmed, kontakt.OrderWithdrawn, []side{tablet}},
}

// orderAct is what somebody does to an order.
type orderAct struct {
	move    orderMove
	by      side
	now     time.Time
	who     kontakt.EmployeeID
	version int // that the doctor saw
}

// moveOrder gives the order after a move, and whether it changed anything. It touches neither clock nor database.
func moveOrder(o store.Order, a orderAct) (store.Order, bool, error) {
	r, known := orderRules[a.move]
	if !known || !slices.Contains(r.by, a.by) {
		return o, false, orderError(kontakt.Invalid, kontakt.MsgBadRequest, nil)
	}
	if o.State == r.to && a.move != orderCorrect {
		return o, false, nil
	}
	switch {
	case a.move == orderConfirm && o.State == kontakt.OrderWritten:
		return o, false, orderError(kontakt.Conflict, kontakt.MsgOrderNotRead, nil)
	case !slices.Contains(r.from, o.State), a.by == clinic && a.version != o.Version:
		return o, false, orderError(kontakt.Conflict, kontakt.MsgOrderChanged, nil)
	}
	o.State = r.to
	switch a.move {
	case orderReadBack:
		o.ReadBy, o.ReadAt = a.who, a.now
	case orderConfirm:
		o.ConfirmedBy, o.ConfirmedAt = a.who, a.now
	default:
		o.EndedBy, o.EndedAt = a.who, a.now
	}
	return o, true, nil
}

func orderError(kind kontakt.Kind, msg kontakt.MsgKey, params map[string]string) error {
	return &kontakt.Error{Op: "waiting.orders", Kind: kind, Msg: msg, Params: params}
}
