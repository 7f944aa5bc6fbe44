package demo_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

var day = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func open(t *testing.T, path string, keys store.Keys) *store.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, keys, func() time.Time { return day })
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// The rule of domain.md §3.3: a past, ordinary number fails modulus 11 on a date other than 1 January, so that it has
// practically never been issued.
func TestPeople_nobodyIsAlive(t *testing.T) {
	today := kontakt.DateOf(day)
	seen := map[string]bool{}
	for _, p := range demo.People() {
		cpr, err := kontakt.ParseCPR(p.CPR, today)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		sum := 0
		for i, weight := range []int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
			sum += weight * int(p.CPR[i]-'0')
		}
		born, known := cpr.Born()
		if cpr.Replacement() || !known || sum%11 == 0 || born.Month == time.January && born.Day == 1 {
			t.Errorf("%s: the number may be somebody's", p.Name)
		}
		if seen[p.CPR] {
			t.Errorf("%s shares a number", p.Name)
		}
		seen[p.CPR] = true
	}
}

func TestPeople_agesAreThoseOfThePictures(t *testing.T) {
	for _, p := range demo.People() {
		want, told := map[string]int{"Karen Madsen": 26, "Ole Brandt": 81, "Inger Friis": 74}[p.Name]
		cpr, err := kontakt.ParseCPR(p.CPR, kontakt.DateOf(day))
		if err != nil {
			t.Fatal(err)
		}
		if born, _ := cpr.Born(); told && born.AgeOn(kontakt.DateOf(day)) != want {
			t.Errorf("%s is %d, want %d", p.Name, born.AgeOn(kontakt.DateOf(day)), want)
		}
	}
}

func TestCVR_checkDigitsHold(t *testing.T) {
	for _, cvr := range []string{demo.MunicipalityCVR, "90000004", "99999985", "99999977", "99999969"} {
		sum := 0
		for i, weight := range []int{2, 7, 6, 5, 4, 3, 2, 1} {
			sum += weight * int(cvr[i]-'0')
		}
		if sum%11 != 0 {
			t.Errorf("%s fails its check digit", cvr)
		}
	}
}

func municipality(t *testing.T, tx *store.Tx) store.Municipality {
	t.Helper()
	m, err := tx.MunicipalityByCVR(demo.MunicipalityCVR)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSeed_restartKeepsEverything(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	path, keys := filepath.Join(t.TempDir(), "demo.db"), store.NewKeys()
	db := open(t, path, keys)
	first, err := demo.Seed(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 12 || first[0].Text != "DEMO-0001" || first[8].Text != "DEMO-0009" {
		t.Fatalf("codes = %v", first)
	}
	var clinic store.Clinic
	var karen store.Citizen
	look := func(db *store.DB) (c store.Clinic, p store.Citizen) {
		t.Helper()
		if err := db.View(t.Context(), func(tx *store.Tx) (err error) {
			if c, err = tx.ClinicByYdernummer("099001"); err != nil {
				return err
			}
			cpr, err := kontakt.ParseCPR("2902004100", kontakt.DateOf(day))
			if err != nil {
				return err
			}
			p, err = tx.CitizenByCPR(cpr)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return c, p
	}
	clinic, karen = look(db)
	if karen.Name != "Karen Madsen" || karen.Clinic != clinic.ID || clinic.Name != "Lægerne Havnegade" {
		t.Fatalf("Karen's clinic = %q, want %q", karen.Clinic, clinic.ID)
	}
	// A day's life: the clinic closes, a tablet is enrolled.
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		clinic.Opening = clinic.Opening.Set(false, "møde", tx.Now())
		if err := tx.SaveClinic(clinic); err != nil {
			return err
		}
		if n, err := tx.StopTOBS(municipality(t, tx).ID); n != 1 || err != nil {
			t.Errorf("%d tables of TOBS turned off, %v, want the template", n, err)
		}
		used, err := tx.UseEnrolCode("DEMO0001", kontakt.NewDeviceID())
		if !used {
			t.Error("DEMO-0001 could not be used")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db = open(t, path, keys)
	defer db.Close()
	second, err := demo.Seed(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.TOBS(municipality(t, tx).ID, kontakt.DateOf(day)); kontakt.KindOf(err) != kontakt.NotFound {
			t.Errorf("TOBS was turned off and is on after the restart: %v", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(second) != 11 || second[0].Text != "DEMO-0002" {
		t.Errorf("codes after the restart = %v; the used one must stay used", second)
	}
	for i, c := range second[8:] {
		if c == first[9+i] || strings.HasPrefix(c.Text, "DEMO") {
			t.Errorf("code %q is not fresh", c.Text)
		}
	}
	clinicNow, karenNow := look(db)
	if clinicNow.ID != clinic.ID || karenNow.ID != karen.ID {
		t.Error("ids changed with the restart")
	}
	if !clinicNow.Opening.Closed {
		t.Error("the clinic's own closing was undone by the restart")
	}
	if ours, err := demo.Holds(t.Context(), db); !ours || err != nil {
		t.Errorf("Holds = %v, %v", ours, err)
	}
}

func TestSeed_refusesARealDatabase(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	db := open(t, filepath.Join(t.TempDir(), "real.db"), store.NewKeys())
	defer db.Close()
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveMunicipality(store.Municipality{ID: kontakt.NewMunicipalityID(), Name: "Nabo Kommune", CVR: "90000004"})
	}); err != nil {
		t.Fatal(err)
	}
	if codes, err := demo.Seed(t.Context(), db); err == nil || codes != nil {
		t.Fatalf("Seed = %v, %v; want a refusal", codes, err)
	}
	if ours, err := demo.Holds(t.Context(), db); ours || err != nil {
		t.Errorf("Holds = %v, %v", ours, err)
	}
}

func TestSeed_oneClinicIsClosedAndSaysWhy(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	db := open(t, filepath.Join(t.TempDir(), "demo.db"), store.NewKeys())
	defer db.Close()
	if _, err := demo.Seed(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		for yder, wantOpen := range map[kontakt.Ydernummer]bool{"099001": true, "099002": true, "099003": false} {
			c, err := tx.ClinicByYdernummer(yder)
			if err != nil {
				return err
			}
			if got := c.At(day); got.Open != wantOpen || !wantOpen && got.Closed == "" {
				t.Errorf("%s: open = %v, reason %q", c.Name, got.Open, got.Closed)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Started again the same day, the demo has one cover and the same booked times; the day after, that day's own.
func TestSeed_todayHasACoverAndBookedTimes(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	now := day
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "demo.db"), store.NewKeys(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, start := range []time.Time{day, day.Add(time.Hour), day.AddDate(0, 0, 1), day.AddDate(0, 0, 14)} {
		now = start
		if _, err := demo.Seed(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			own, err1 := tx.ClinicByYdernummer("099002")
			other, err2 := tx.ClinicByYdernummer("099001")
			covers, err3 := tx.Covers(own.ID, kontakt.DateOf(now))
			if len(covers) != 1 || covers[0].Clinic != other.ID {
				t.Errorf("%s: covers = %v", now, covers)
			}
			from := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, kontakt.Denmark)
			n, err4 := tx.CountBookings(own.ID, from, from.AddDate(0, 0, 1))
			if n != 3 {
				t.Errorf("%s: %d booked times", now, n)
			}
			return errors.Join(err1, err2, err3, err4)
		}); err != nil {
			t.Fatal(err)
		}
	}
}
