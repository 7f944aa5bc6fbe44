package storetest

import (
	"slices"
	"testing"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// danishOrder is what each engine's own order is not.
func danishOrder(t *testing.T, f fixture) {
	want := []string{"anna", "Bo", "Øster By Kommune", "Østergård", "Åkjær"}
	clinic := kontakt.NewClinicID()
	if err := f.db.Update(t.Context(), func(tx *store.Tx) error {
		for i, name := range []string{"Åkjær", "Østergård", "Bo", "Øster By Kommune", "anna"} {
			e := store.Employee{ID: kontakt.NewEmployeeID(), Issuer: "order", Subject: name, Name: name, Clinic: clinic}
			if _, err := tx.SaveEmployee(e); err != nil {
				return err
			}
			if err := tx.SaveMunicipality(store.Municipality{ID: kontakt.NewMunicipalityID(), Name: name, CVR: string(rune('a' + i))}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var people, places []string
	if err := f.db.View(t.Context(), func(tx *store.Tx) error {
		people, places = nil, nil
		staff, err := tx.Employees(clinic)
		if err != nil {
			return err
		}
		for _, e := range staff {
			people = append(people, e.Name)
		}
		all, err := tx.Municipalities()
		for _, m := range all {
			if slices.Contains(want, m.Name) {
				places = append(places, m.Name)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(people, want) || !slices.Equal(places, want) {
		t.Errorf("people %q, municipalities %q, want %q", people, places, want)
	}
}
