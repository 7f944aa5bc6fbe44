package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// cardsStored: a card is what was written, changes only from the version that was seen, outlives the process, and goes
// when its place has been over for long enough, and no other with it.
func cardsStored(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	ended, open := w.entry(1), w.entry(2)
	ended.State, ended.EndedAt = kontakt.EntryEnded, Noon
	total := 0
	card := store.Card{
		Entry: ended.ID, ISBAR: kontakt.ISBAR{Situation: "Feber", Background: "KOL\nhjertesvigt", Analysis: "Lungebetændelse?", Request: "Besøg"}, By: w.Nurse.ID,
		TOBS: &tobs.Scored{Values: tobs.Values{"puls": {Number: new(int)}}, At: Noon, Result: tobs.Result{Title: "TOBS", Total: &total}},
	}
	f.update(t, func(tx *store.Tx) error {
		_, err1 := tx.AddEntry(ended)
		_, err2 := tx.AddEntry(open)
		none, err3 := tx.Card(ended.ID)
		if !reflect.DeepEqual(none, store.Card{Entry: ended.ID}) {
			t.Errorf("a card that nobody wrote = %+v", none)
		}
		var err4 error
		card, err4 = tx.SaveCard(card)
		_, err5 := tx.SaveCard(store.Card{Entry: open.ID, By: w.Nurse.ID})
		return errors.Join(err1, err2, err3, err4, err5)
	})
	for name, seen := range map[string]int{"nothing": 0, "a version that never was": 7} {
		stale := card
		stale.Version = seen
		err := f.db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.SaveCard(stale); return err })
		if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgCardChanged {
			t.Errorf("who saw %s: %v, want Conflict with %s", name, err, kontakt.MsgCardChanged)
		}
	}
	f.clock.Add(time.Minute)
	card.Request = "Ring tilbage"
	f.update(t, func(tx *store.Tx) (err error) { card, err = tx.SaveCard(card); return err })
	again, err := f.again()
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	view := func(fn func(tx *store.Tx) error) {
		t.Helper()
		if err := again.View(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	view(func(tx *store.Tx) error {
		got, err := tx.Card(ended.ID)
		if !reflect.DeepEqual(got, card) || got.Version != 2 || !got.At.Equal(Noon.Add(time.Minute)) {
			t.Errorf("stored = %+v, want %+v", got, card)
		}
		waiting, err2 := tx.ClinicCards(w.Clinic.ID)
		if len(waiting) != 1 || waiting[0].Entry != open.ID {
			t.Errorf("of the clinic's open places: %+v", waiting)
		}
		return errors.Join(err, err2)
	})
	for _, step := range []struct {
		ended time.Time
		left  int
	}{{Noon.Add(-time.Nanosecond), 2}, {Noon, 0}} {
		f.update(t, func(tx *store.Tx) error { return tx.ForgetCards(step.ended) })
		view(func(tx *store.Tx) error {
			got, err := tx.Card(ended.ID)
			other, err2 := tx.Card(open.ID)
			if got.Version != step.left || other.Version != 1 {
				t.Errorf("after those of %v are forgotten: version %d, and %d of the open place", step.ended, got.Version, other.Version)
			}
			return errors.Join(err, err2)
		})
	}
}
