package storetest

import (
	"errors"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func stamp(t testing.TB, f fixture, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := f.db.Stamp(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, f fixture, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := f.db.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func tabletsSeen(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	e := w.entry(1)
	h := store.Holder{Entry: e.ID, Device: w.Device.ID, Since: Noon}
	f.update(t, func(tx *store.Tx) error {
		_, err := tx.AddEntry(e)
		return errors.Join(err, tx.SaveHolder(h))
	})
	expect := func(when string, silent, lost int) {
		t.Helper()
		view(t, f, func(tx *store.Tx) error {
			s, err := tx.SilentHolders(f.clock.Now().Add(-time.Minute))
			l, err2 := tx.LostHolders(w.Device.ID, kontakt.NewDeviceID())
			if len(s) != silent || len(l) != lost {
				t.Errorf("%s: %d silent and %d lost, want %d and %d", when, len(s), len(l), silent, lost)
			}
			return errors.Join(err, err2)
		})
	}
	f.clock.Add(time.Minute)
	expect("never seen", 1, 0)
	stamp(t, f, func(tx *store.Tx) error { return tx.SawDevices(w.Device.ID, kontakt.NewDeviceID()) })
	expect("just seen", 0, 0)
	f.clock.Add(time.Minute)
	expect("a minute later", 1, 0)
	h.NoContact = true
	f.update(t, func(tx *store.Tx) error { return tx.SaveHolder(h) })
	expect("marked", 0, 1)
	f.update(t, func(tx *store.Tx) error {
		e, err := tx.Entry(e.ID)
		e.State = kontakt.EntryLeft
		_, err2 := tx.SaveEntry(e)
		return errors.Join(err, err2)
	})
	expect("left", 0, 0)
}

func callsSeen(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	e := w.entry(1)
	e.State = kontakt.EntryInCall
	call := store.Call{
		ID: kontakt.NewCallID(), Entry: e.ID, Clinic: w.Clinic.ID, Device: w.Device.ID, Clinician: w.Doctor.ID, CreatedAt: Noon, StartedAt: Noon,
	}
	e.Call = call.ID
	f.update(t, func(tx *store.Tx) error {
		_, err := tx.AddEntry(e)
		return errors.Join(err, tx.AddCall(call))
	})
	abandoned := func() (n int) {
		view(t, f, func(tx *store.Tx) error {
			all, err := tx.AbandonedEntries(f.clock.Now().Add(-time.Minute))
			n = len(all)
			return err
		})
		return n
	}
	if n := abandoned(); n != 0 {
		t.Errorf("%d abandoned at the start, want 0", n)
	}
	f.clock.Add(time.Minute)
	if n := abandoned(); n != 1 {
		t.Errorf("%d abandoned after a minute unread, want 1", n)
	}
	stamp(t, f, func(tx *store.Tx) error { return tx.SawCalls(kontakt.NewCallID(), call.ID) })
	f.clock.Add(time.Minute - time.Nanosecond)
	if n := abandoned(); n != 0 {
		t.Errorf("%d abandoned within a minute of a reader, want 0", n)
	}
	f.clock.Add(time.Nanosecond)
	if n := abandoned(); n != 1 {
		t.Errorf("%d abandoned a minute after the reader, want 1", n)
	}
	stamp(t, f, func(tx *store.Tx) error { return tx.SawCalls() }) // nobody reads any
}

func clinicsAll(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	other := store.Clinic{ID: kontakt.NewClinicID(), Name: "Lægerne Havnen", Ydernummer: "012346", RingTime: 90 * time.Second, Booking: "off"}
	f.update(t, func(tx *store.Tx) error { return tx.SaveClinic(other) })
	stamp(t, f, func(tx *store.Tx) error { return tx.Staffed(w.Clinic.ID) })
	view(t, f, func(tx *store.Tx) error {
		all, err := tx.Clinics()
		if len(all) != 2 {
			t.Fatalf("%d clinics, want 2", len(all))
		}
		for _, c := range all {
			if want := c.ID == w.Clinic.ID; c.StaffedAt.Equal(Noon) != want {
				t.Errorf("%s: staffed at %v", c.Name, c.StaffedAt)
			}
		}
		found, err2 := tx.ClinicByYdernummer("012346")
		if found.ID != other.ID || found.RingTime != other.RingTime {
			t.Errorf("found = %+v", found)
		}
		return errors.Join(err, err2)
	})
}
