package storetest

import (
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func tobsTables(t *testing.T, f fixture) {
	ours, other := kontakt.NewMunicipalityID(), kontakt.NewMunicipalityID()
	day := func(d int) kontakt.Date { return kontakt.Date{Year: 2026, Month: time.November, Day: d} }
	set := func(version string, from kontakt.Date) {
		t.Helper()
		f.clock.Add(time.Second)
		f.update(t, func(tx *store.Tx) error {
			return tx.SetTOBS(store.TOBSTable{Municipality: ours, Version: version, ValidFrom: from, Text: `{"version":"` + version + `"}`})
		})
	}
	counts := func(m kontakt.MunicipalityID, on kontakt.Date, want string) {
		t.Helper()
		if err := f.db.View(t.Context(), func(tx *store.Tx) error {
			got, err := tx.TOBS(m, on)
			if want == "" {
				if kontakt.KindOf(err) != kontakt.NotFound {
					t.Errorf("on %s: %+v, %v, want none", on, got, err)
				}
				return nil
			}
			if err == nil && (got.Version != want || got.Text != `{"version":"`+want+`"}` || got.Municipality != m || got.Stopped || got.SetAt.IsZero()) {
				t.Errorf("on %s: %+v, want version %s", on, got, want)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	f.update(t, func(tx *store.Tx) error {
		for i, m := range []kontakt.MunicipalityID{ours, other} {
			if err := tx.SaveMunicipality(store.Municipality{ID: m, Name: "Kommune", CVR: string(rune('a' + i))}); err != nil {
				return err
			}
		}
		return nil
	})
	counts(ours, day(23), "")
	set("b", day(20))
	set("a", day(10))
	set("c", day(25))
	counts(ours, day(9), "")
	counts(ours, day(10), "a")
	counts(ours, day(24), "b")
	counts(ours, day(25), "c")
	counts(other, day(25), "")
	set("d", day(25)) // of two from the same day the later word counts
	counts(ours, day(25), "d")
	stopped := func() (n int64) {
		f.update(t, func(tx *store.Tx) (err error) { n, err = tx.StopTOBS(ours); return err })
		return n
	}
	if a, b := stopped(), stopped(); a != 4 || b != 0 {
		t.Errorf("stopped %d and then %d, want 4 and 0", a, b)
	}
	counts(ours, day(30), "")
	set("a", day(10))
	counts(ours, day(30), "a")
	if err := f.db.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.TOBSTables(ours)
		versions := ""
		for _, one := range all {
			versions += one.Version
		}
		if versions != "dcba" || !all[0].Stopped || all[3].Stopped {
			t.Errorf("all: %+v", all)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
