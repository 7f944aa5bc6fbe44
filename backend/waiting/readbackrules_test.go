package waiting

import (
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func TestOrderRules_theirDocTellsThemAll(t *testing.T) {
	want := map[string]string{}
	for move, r := range orderRules {
		want[string(move)] = words(r.from) + " -> " + string(r.to) + " by " + words(r.by)
	}
	docTells(t, "readbackrules.go", want)
}

// Every (state, move, side) is tried: what the table does not allow is an error and changes nothing, but a wish that was
// fulfilled already, which changes nothing either.
func TestMoveOrder_whatTheTableDoesNotAllowIsAnError(t *testing.T) {
	now := time.Unix(1000, 0)
	for move, r := range orderRules {
		for _, state := range []kontakt.OrderState{
			kontakt.OrderWritten, kontakt.OrderReadBack, kontakt.OrderConfirmed, kontakt.OrderCorrected, kontakt.OrderWithdrawn,
		} {
			for _, by := range []side{tablet, citizen, clinic, guest, system} {
				o := store.Order{ID: "o", State: state, Version: 4}
				next, changed, err := moveOrder(o, orderAct{move: move, by: by, now: now, who: "w", version: 4})
				again := move != orderCorrect && state == r.to
				allowed := slices.Contains(r.by, by) && (slices.Contains(r.from, state) || again)
				if allowed != (err == nil) {
					t.Errorf("%s --%s by %s--> %v, want allowed %v", state, move, by, err, allowed)
				}
				if changed != (allowed && !again) || !changed && next != o {
					t.Errorf("%s --%s by %s--> changed %v: %+v", state, move, by, changed, next)
				}
				ended := next.State == kontakt.OrderCorrected || next.State == kontakt.OrderWithdrawn
				if changed && (next.State != r.to || ended != (next.EndedAt == now && next.EndedBy == "w")) {
					t.Errorf("%s --%s--> %+v, want %s", state, move, next, r.to)
				}
			}
		}
	}
}

// M5: a doctor confirms what was on the page, and what was read back.
func TestMoveOrder_saysWhyNot(t *testing.T) {
	at := func(s kontakt.OrderState) store.Order { return store.Order{ID: "o", State: s, Version: 2} }
	by := func(m orderMove, version int) orderAct { return orderAct{move: m, by: clinic, version: version} }
	for name, row := range map[string]struct {
		o   store.Order
		a   orderAct
		msg kontakt.MsgKey
	}{
		"confirmed before it was read back": {at(kontakt.OrderWritten), by(orderConfirm, 2), kontakt.MsgOrderNotRead},
		"as another version":                {at(kontakt.OrderReadBack), by(orderConfirm, 1), kontakt.MsgOrderChanged},
		"corrected as another version":      {at(kontakt.OrderReadBack), by(orderCorrect, 3), kontakt.MsgOrderChanged},
		"taken back meanwhile":              {at(kontakt.OrderWithdrawn), by(orderConfirm, 2), kontakt.MsgOrderChanged},
		"corrected twice":                   {at(kontakt.OrderCorrected), by(orderCorrect, 2), kontakt.MsgOrderChanged},
		"taken back once it was confirmed":  {at(kontakt.OrderConfirmed), orderAct{move: orderWithdraw, by: tablet}, kontakt.MsgOrderChanged},
	} {
		next, changed, err := moveOrder(row.o, row.a)
		if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != row.msg || changed || next != row.o {
			t.Errorf("%s: %v, want %s", name, err, row.msg)
		}
	}
}
