package waiting_test

import (
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func TestE09_theClinicReadsWhenThoseWhoWaitLoseTheirPlaces(t *testing.T) {
	w := newWorld(t, 1)
	w.update(func(tx *store.Tx) error {
		c, err := tx.Clinic(w.torvet)
		if err != nil {
			return err
		}
		c.MayKeep = true
		return tx.SaveClinic(c)
	})
	set := func(open, keep bool, want time.Time) {
		t.Helper()
		said, err := w.rooms.SetOpening(w.as(w.secr), open, keep, "")
		if err != nil {
			t.Fatal(err)
		}
		read, err := w.rooms.Clinic(w.as(w.dorte))
		if err != nil {
			t.Fatal(err)
		}
		if !said.ClearsAt.Equal(want) || !read.ClearsAt.Equal(want) {
			t.Errorf("open %t, keep %t: clears at %v, read %v, want %v", open, keep, said.ClearsAt, read.ClearsAt, want)
		}
	}
	set(false, false, time.Time{}) // nobody waits
	set(true, false, time.Time{})
	e := w.join(w.lone, 0)
	set(false, true, time.Time{}) // they keep their places
	set(false, false, w.clock.Now().Add(15*time.Minute))
	set(true, false, time.Time{})
	if got := w.entry(w.lone, e.ID).State; got != kontakt.EntryWaiting {
		t.Errorf("state = %s, want waiting", got)
	}
}
