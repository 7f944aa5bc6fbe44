package storetest

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func ordersStored(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	e := w.entry(1)
	f.update(t, func(tx *store.Tx) (err error) { e, err = tx.AddEntry(e); return err })
	first := store.Order{
		OrderText: kontakt.OrderText{What: "Digoxin", Dose: "62,5 mikrogram", HowOften: "1 gang om dagen", Until: "onsdag"},
		ID:        kontakt.NewOrderID(), Entry: e.ID, Clinic: e.Clinic, State: kontakt.OrderWritten, By: kontakt.ParticipantTablet,
		Author: w.Nurse.ID, WrittenAt: Noon,
	}
	second := first
	second.ID, second.By, second.Replaces, second.WrittenAt = kontakt.NewOrderID(), kontakt.ParticipantClinic, first.ID, Noon.Add(-time.Minute) // by another node's clock
	f.update(t, func(tx *store.Tx) error {
		var errs [2]error
		first, errs[0] = tx.AddOrder(first)
		second, errs[1] = tx.AddOrder(second)
		return errors.Join(errs[:]...)
	})
	stale := first
	first.State, first.ReadBy, first.ReadAt = kontakt.OrderCorrected, w.Nurse.ID, Noon.Add(time.Minute)
	first.ConfirmedBy, first.ConfirmedAt, first.EndedBy, first.EndedAt = w.Nurse.ID, Noon.Add(2*time.Minute), w.Nurse.ID, Noon.Add(3*time.Minute)
	f.update(t, func(tx *store.Tx) (err error) { first, err = tx.SaveOrder(first); return err })
	err := f.db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.SaveOrder(stale); return err })
	if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgOrderChanged {
		t.Errorf("a stale change: %v, want Conflict with %s", err, kontakt.MsgOrderChanged)
	}
	view(t, f, func(tx *store.Tx) error {
		all, err := tx.Orders(e.ID)
		if want := []store.Order{first, second}; !slices.Equal(all, want) || first.Version != 2 || second.Version != 1 {
			t.Errorf("orders = %+v, want %+v", all, want)
		}
		n, err2 := tx.Unconfirmed(e.ID)
		counts, err3 := tx.ClinicUnconfirmed(e.Clinic)
		if n != 1 || !maps.Equal(counts, map[kontakt.EntryID]int{e.ID: 1}) {
			t.Errorf("%d unconfirmed, at the clinic %v; want the one that was not corrected", n, counts)
		}
		return errors.Join(err, err2, err3)
	})
}

// What was ordered goes a while after its place, and never before.
func ordersForgotten(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	ended, open := w.entry(1), w.entry(2)
	f.update(t, func(tx *store.Tx) error {
		var errs []error
		for i, e := range []*store.Entry{&ended, &open} {
			var err error
			*e, err = tx.AddEntry(*e)
			errs = append(errs, err)
			_, err = tx.AddOrder(store.Order{OrderText: kontakt.OrderText{What: "Pinex"}, ID: kontakt.NewOrderID(), Entry: e.ID, Clinic: e.Clinic, State: kontakt.OrderWritten, WrittenAt: Noon})
			errs = append(errs, err)
			if i == 0 {
				e.State, e.EndedAt = kontakt.EntryEnded, Noon.Add(time.Minute)
				*e, err = tx.SaveEntry(*e)
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	})
	for _, step := range []struct {
		until time.Duration
		want  int
	}{{59 * time.Second, 1}, {time.Minute, 0}, {time.Hour, 0}} {
		f.update(t, func(tx *store.Tx) error { return tx.ForgetOrders(Noon.Add(step.until)) })
		view(t, f, func(tx *store.Tx) error {
			n, err := tx.Orders(ended.ID)
			kept, err2 := tx.Orders(open.ID)
			if len(n) != step.want || len(kept) != 1 {
				t.Errorf("after %v: %d of the place that ended, want %d; %d of the open one, want 1", step.until, len(n), step.want, len(kept))
			}
			return errors.Join(err, err2)
		})
	}
}
