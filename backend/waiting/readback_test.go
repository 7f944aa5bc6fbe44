package waiting_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

var pinex = kontakt.OrderText{What: "Pinex", Dose: "500 mg", HowOften: "4 gange om dagen", From: "i dag", Until: "onsdag"}

// inCall is a place of lone's that dorte talks with.
func (w *world) inCall(citizen int) kontakt.Entry {
	w.t.Helper()
	e := w.join(w.lone, citizen)
	w.start(w.dorte, e.ID)
	return w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
}

func (w *world) ordered(id kontakt.EntryID) kontakt.Order {
	w.t.Helper()
	o, err := w.rooms.WriteOrder(w.as(w.lone), id, pinex)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) readBack(o kontakt.Order) kontakt.Order {
	w.t.Helper()
	o, err := w.rooms.ReadBack(w.as(w.lone), o.Entry, o.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) orders(a kontakt.Actor, id kontakt.EntryID) kontakt.Orders {
	w.t.Helper()
	all, err := w.rooms.Orders(w.as(a), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// wantOrders compares the states of a place's orders, as the clinic sees them.
func (w *world) wantOrders(id kontakt.EntryID, want ...kontakt.OrderState) {
	w.t.Helper()
	var got []kontakt.OrderState
	for _, o := range w.orders(w.secr, id).All {
		got = append(got, o.State)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("orders are %v, want %v", got, want)
	}
}

// M5: the nurse writes and reads back, the doctor corrects; the correction is read back and confirmed, and the first one
// stays visible.
func TestOrders_writtenReadBackCorrectedConfirmed(t *testing.T) {
	w := newWorld(t, 1)
	e := w.inCall(0)
	if was := w.orders(w.lone, e.ID); len(was.All) != 0 || was.Clinician == nil || was.Clinician.Name != w.dorte.Name || !was.Until.IsZero() {
		t.Errorf("before the first: %+v", was)
	}
	first := w.readBack(w.ordered(e.ID))
	better := pinex
	better.Dose = "1000 mg"
	second, err := w.rooms.CorrectOrder(w.as(w.dorte), e.ID, first.ID, first.Version, better)
	if err != nil || second.Replaces != first.ID || second.By != kontakt.ParticipantClinic || second.Author.Name != w.dorte.Name || second.OrderText != better {
		t.Fatalf("the correction is %+v, %v", second, err)
	}
	_, err = w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, second.ID, second.Version)
	wantError(t, err, kontakt.Conflict, kontakt.MsgOrderNotRead)
	second = w.readBack(second)
	second, err = w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, second.ID, second.Version)
	if err != nil || second.ConfirmedBy == nil || second.ConfirmedBy.Name != w.dorte.Name || !second.ConfirmedAt.Equal(w.clock.Now()) {
		t.Errorf("confirmed: %+v, %v", second, err)
	}
	all := w.orders(w.lone, e.ID).All
	if len(all) != 2 || all[0].State != kontakt.OrderCorrected || all[0].OrderText != pinex || all[0].Author.Name != w.lone.Name || all[1].OrderText != better {
		t.Errorf("the nurse sees %+v", all)
	}
	w.wantOrders(e.ID, kontakt.OrderCorrected, kontakt.OrderConfirmed)
}

// Each room is told once of each step, and each step audited, with no word of the text.
func TestOrders_eachStepIsToldAndAudited(t *testing.T) {
	w := newWorld(t, 1)
	e := w.inCall(0)
	before := len(w.audited())
	o := w.ordered(e.ID)
	o = w.readBack(o)
	for range 2 { // pressed twice
		if _, err := w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, o.ID, o.Version); err != nil {
			t.Fatal(err)
		}
	}
	for _, room := range []kontakt.Room{kontakt.EntryRoom(e.ID), kontakt.ClinicRoom(w.torvet)} {
		var told []string
		for _, event := range w.events(room) {
			if event.Type != kontakt.EventOrderChanged {
				continue
			}
			data := dataOf[wire.OrderChanged](t, event)
			if data.Order != string(o.ID) || data.Entry != string(e.ID) {
				t.Errorf("%s: %+v", room, data)
			}
			told = append(told, data.State)
		}
		if want := []string{"written", "read_back", "confirmed"}; !slices.Equal(told, want) {
			t.Errorf("%s is told %v, want %v", room, told, want)
		}
	}
	if rows := w.audited()[before:]; !slices.Equal(rows, []string{"order.write ok", "order.read_back ok", "order.confirm ok"}) {
		t.Errorf("audited %v", rows)
	}
	if err := w.db.View(context.Background(), func(tx *store.Tx) error {
		all, err := tx.Unsealed(1000)
		for _, row := range all[before:] {
			if row.Entry != e.ID || row.Reason != string(o.ID) || row.Call != e.Call.ID {
				t.Errorf("row = %+v", row)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Only the nurse of the call writes, and only its doctor confirms and corrects.
func TestOrders_whoMayDoWhat(t *testing.T) {
	w := newWorld(t, 1)
	e := w.join(w.lone, 0)
	if _, err := w.rooms.Join(w.as(w.mona), kontakt.Join{Citizen: w.citizens[0], Clinic: w.torvet, Mode: kontakt.ModeConsultation, TakeOver: "vagtskifte"}); err != nil {
		t.Fatal(err)
	}
	_, err := w.rooms.WriteOrder(w.as(w.lone), e.ID, pinex)
	wantError(t, err, kontakt.Conflict, kontakt.MsgOrderNoCall)
	w.start(w.dorte, e.ID)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	o := w.readBack(w.ordered(e.ID))

	_, err = w.rooms.WriteOrder(w.as(w.mona), e.ID, pinex) // holds the place, and is not in the call
	wantError(t, err, kontakt.Conflict, kontakt.MsgAnswered)
	for who, want := range map[*kontakt.Actor]kontakt.Kind{&w.palle: kontakt.Hidden, &w.secr: kontakt.Forbidden, &w.lone: kontakt.Forbidden, &w.bo: kontakt.Hidden, &w.tove: kontakt.Hidden, &w.tablet: kontakt.Forbidden} {
		if _, err := w.rooms.ConfirmOrder(w.as(*who), e.ID, o.ID, o.Version); kontakt.KindOf(err) != want {
			t.Errorf("confirmed by %s %s: %v, want %s", who.Role, who.Name, err, want)
		}
		if _, err := w.rooms.CorrectOrder(w.as(*who), e.ID, o.ID, o.Version, pinex); kontakt.KindOf(err) != want {
			t.Errorf("corrected by %s %s: %v, want %s", who.Role, who.Name, err, want)
		}
	}
	for who, want := range map[*kontakt.Actor]kontakt.Kind{&w.palle: "", &w.secr: "", &w.mona: "", &w.bo: kontakt.Hidden, &w.tove: kontakt.Hidden, &w.tablet: kontakt.Forbidden} {
		if _, err := w.rooms.Orders(w.as(*who), e.ID); kontakt.KindOf(err) != want {
			t.Errorf("seen by %s %s: %v, want %q", who.Role, who.Name, err, want)
		}
	}
	_, err = w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, kontakt.NewOrderID(), 1)
	wantError(t, err, kontakt.NotFound, kontakt.MsgNotFound)
	w.wantOrders(e.ID, kontakt.OrderReadBack)
}

// E55: the clinic is told before it ends a conversation with unconfirmed orders, also of one that was written while it
// looked; then the row stands in the list, for as long as the doctor can confirm.
func TestEnd_withUnconfirmedOrdersE55(t *testing.T) {
	w := newWorld(t, 2)
	e := w.inCall(0)
	o := w.readBack(w.ordered(e.ID))
	for told, want := range []string{"1", "2"} {
		_, err := w.rooms.End(w.as(w.dorte), e.ID, "done", told)
		wantError(t, err, kontakt.Conflict, kontakt.MsgOrdersOpen)
		if _, params := kontakt.MsgOf(err); params["n"] != want {
			t.Errorf("told of %d: %v, want %s", told, params, want)
		}
		w.ordered(e.ID)
	}
	w.wantState(e.ID, kontakt.EntryInCall)
	if _, err := w.rooms.End(w.as(w.dorte), e.ID, "done", 3); err != nil {
		t.Fatal(err)
	}
	waits := w.join(w.mona, 1)
	all, _, err := w.rooms.List(w.as(w.secr))
	if err != nil || len(all) != 2 || all[0].ID != waits.ID || all[0].Unconfirmed != 0 || all[1].ID != e.ID || all[1].State != kontakt.EntryEnded ||
		all[1].Unconfirmed != 3 || !all[1].ConfirmUntil.Equal(w.clock.Now().Add(kontakt.OrdersAfter)) {
		t.Fatalf("list = %+v, %v", all, err)
	}
	if shown := w.entry(w.lone, e.ID); shown.Unconfirmed != 0 {
		t.Errorf("the list's reminder is shown to the tablet: %d", shown.Unconfirmed)
	}

	w.pass(kontakt.OrdersAfter - time.Second)
	w.wantList(waits.Number, e.Number)
	if _, err := w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, o.ID, o.Version); err != nil {
		t.Errorf("the doctor rings back in time: %v", err)
	}
	w.pass(time.Second)
	w.wantList(waits.Number)
	for _, o := range w.orders(w.lone, e.ID).All[1:] {
		_, err := w.rooms.ReadBack(w.as(w.lone), e.ID, o.ID)
		wantError(t, err, kontakt.Conflict, kontakt.MsgOrderLate)
	}
	w.wantOrders(e.ID, kontakt.OrderConfirmed, kontakt.OrderWritten, kontakt.OrderWritten)
}

// Once all are settled the row goes, whatever it was that settled the last one.
func TestList_theReminderGoesWithTheLastUnconfirmedOrder(t *testing.T) {
	w := newWorld(t, 1)
	e := w.inCall(0)
	one, other := w.readBack(w.ordered(e.ID)), w.ordered(e.ID)
	w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
	w.wantList(e.Number)
	if _, err := w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, one.ID, one.Version); err != nil {
		t.Fatal(err)
	}
	w.wantList(e.Number)
	if _, err := w.rooms.WithdrawOrder(w.as(w.lone), e.ID, other.ID); err != nil {
		t.Fatal(err)
	}
	w.wantList()
}

// A call that was cut off goes on with a colleague: it is theirs to confirm then, and no longer the first doctor's.
func TestOrders_goOnInTheNextCall(t *testing.T) {
	w := newWorld(t, 1)
	e := w.inCall(0)
	o := w.readBack(w.ordered(e.ID))
	if _, err := w.rooms.Transfer(w.as(w.dorte), e.ID, w.palle.Employee); err != nil {
		t.Fatal(err)
	}
	if row := w.entry(w.secr, e.ID); row.Unconfirmed != 1 || !row.ConfirmUntil.IsZero() {
		t.Errorf("the row of a place that waits says %d until %v", row.Unconfirmed, row.ConfirmUntil)
	}
	w.start(w.palle, e.ID)
	_, err := w.rooms.ConfirmOrder(w.as(w.palle), e.ID, o.ID, o.Version) // while it rings the first is the last conversation
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
	_, err = w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, o.ID, o.Version)
	wantError(t, err, kontakt.Hidden, kontakt.MsgNotFound)
	if _, err := w.rooms.ConfirmOrder(w.as(w.palle), e.ID, o.ID, o.Version); err != nil {
		t.Error(err)
	}
}

// The nurse takes an order back in the moment in which the doctor confirms it: one of them is told.
func TestOrders_confirmedAndWithdrawnAtOnceIsOneOfThem(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	w := newWorld(t, 1)
	e := w.inCall(0)
	for range 5 {
		o := w.readBack(w.ordered(e.ID))
		var done atomic.Int32
		atOnce(2, func(i int) {
			var err error
			if i == 0 {
				_, err = w.rooms.ConfirmOrder(w.as(w.dorte), e.ID, o.ID, o.Version)
			} else {
				_, err = w.rooms.WithdrawOrder(w.as(w.lone), e.ID, o.ID)
			}
			if err == nil {
				done.Add(1)
				return
			}
			wantError(t, err, kontakt.Conflict, kontakt.MsgOrderChanged)
		})
		if done.Load() != 1 {
			t.Errorf("%d of confirm and withdraw were done", done.Load())
		}
	}
}

func TestWriteOrder_soManyAndNoMore(t *testing.T) {
	w := newWorld(t, 1)
	e := w.inCall(0)
	var last kontakt.Order
	for range kontakt.MaxOrders {
		last = w.ordered(e.ID)
	}
	_, err := w.rooms.WriteOrder(w.as(w.lone), e.ID, pinex)
	wantError(t, err, kontakt.Conflict, kontakt.MsgOrderMany)
	if _, err := w.rooms.CorrectOrder(w.as(w.dorte), e.ID, last.ID, last.Version, pinex); err != nil {
		t.Errorf("a correction is held up: %v", err)
	}
}

// What was agreed is gone a day after the place has ended, and outlives a new process until then.
func TestOrders_areForgottenADayAfterThePlace(t *testing.T) {
	w := newWorld(t, 1)
	e := w.inCall(0)
	w.ordered(e.ID)
	w.move(w.lone, e.ID, kontakt.MoveEnd, "done")
	w.pass(24*time.Hour - time.Second)
	w.restart()
	w.sweep()
	w.wantOrders(e.ID, kontakt.OrderWritten)
	w.pass(time.Second)
	w.wantOrders(e.ID)
}
