package storetest

import (
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func recordStored(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	e := w.entry(1)
	consent := kontakt.RecordLine{What: kontakt.RecordConsent, Detail: "cannot", Words: "Ved ikke, hvor hun er", By: "tablet"}
	call := kontakt.RecordLine{What: kontakt.RecordCall, Who: kontakt.RoleInClinician, Employee: w.Nurse.ID, By: "tablet"}
	right := kontakt.RecordLine{What: kontakt.RecordCorrection, Words: "Datteren var med", Corrects: 1, By: "clinic"}
	f.update(t, func(tx *store.Tx) (err error) { e, err = tx.AddEntry(e); return err })
	read := func() (r kontakt.Record) {
		view(t, f, func(tx *store.Tx) (err error) { r, err = tx.Record(e.ID); return err })
		return r
	}
	if got := read(); got.Code != "" || len(got.Lines) != 0 {
		t.Errorf("before anything happened: %+v", got)
	}
	f.update(t, func(tx *store.Tx) error { return tx.AddRecord(e.ID, consent, call) })
	first := read()
	f.clock.Add(time.Minute)
	f.update(t, func(tx *store.Tx) error { return tx.AddRecord(e.ID, right) })
	second := read()
	consent.N, call.N, right.N = 1, 2, 3
	consent.At, call.At, right.At = Noon, Noon, Noon.Add(time.Minute)
	if want := []kontakt.RecordLine{consent, call, right}; !slices.Equal(second.Lines, want) {
		t.Errorf("lines = %+v, want %+v", second.Lines, want)
	}
	if len(first.Code) != 9 || first.Code == second.Code || read().Code != second.Code {
		t.Errorf("codes %q, then %q, then %q", first.Code, second.Code, read().Code)
	}
}

func recordForgotten(t *testing.T, f fixture) {
	w := Settle(t, f.db)
	stands, ended := w.entry(1), w.entry(2)
	ended.State, ended.EndedAt = kontakt.EntryEnded, Noon.Add(time.Hour)
	f.update(t, func(tx *store.Tx) error {
		for _, e := range []store.Entry{stands, ended} {
			if _, err := tx.AddEntry(e); err != nil {
				return err
			}
			if err := tx.AddRecord(e.ID, kontakt.RecordLine{What: kontakt.RecordEmergency, By: "tablet"}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, row := range []struct {
		until time.Duration
		left  int
	}{{59 * time.Minute, 1}, {time.Hour, 0}} {
		f.update(t, func(tx *store.Tx) error { return tx.ForgetRecords(Noon.Add(row.until)) })
		view(t, f, func(tx *store.Tx) error {
			still, err := tx.Record(stands.ID)
			if err != nil {
				return err
			}
			gone, err := tx.Record(ended.ID)
			if len(still.Lines) != 1 || len(gone.Lines) != row.left {
				t.Errorf("after %v: %d lines of the place that stands, %d of the one that has ended", row.until, len(still.Lines), len(gone.Lines))
			}
			return err
		})
	}
}
