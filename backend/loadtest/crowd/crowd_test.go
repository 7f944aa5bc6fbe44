package crowd_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/sqlite"
	"kontaktlaege/internal/kontakt"
)

func TestSeed_leavesTabletsWithANurseSignedIn(t *testing.T) {
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "kontakt.db"), store.NewKeys(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	size := crowd.Size{Municipalities: 2, Clinics: 3, Tablets: 5, Clinicians: 4, Citizens: 700}
	c, err := crowd.Seed(t.Context(), db, size)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Clinics) != 3 || len(c.Tablets) != 5 || len(c.Staff) != 4 || len(c.Citizens) != 700 {
		t.Fatalf("a crowd of %d clinics, %d tablets, %d clinicians, %d citizens", len(c.Clinics), len(c.Tablets), len(c.Staff), len(c.Citizens))
	}
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		for _, tablet := range c.Tablets {
			identity, err := tablet.Identity()
			if err != nil {
				return err
			}
			session, err := tx.SessionBySecret(identity.Session())
			if err != nil {
				return err
			}
			id, err := identity.Device()
			if a := session.Actor(); err != nil || a.Role != kontakt.RoleNurse || a.Device != tablet.Device || id != tablet.Device || a.Name != tablet.Nurse {
				t.Errorf("%s is signed in as %s on %s, %v", tablet.Nurse, a.Name, a.Device, err)
			}
		}
		for _, p := range c.Citizens {
			if found, err := tx.CitizenByCPR(p.CPR); err != nil || found.ID != p.ID || found.Clinic != p.Clinic {
				t.Errorf("a citizen is not found by number: %v", err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	size.Behind = 700
	second, err := crowd.Seed(t.Context(), db, size)
	if err != nil || len(second.Citizens) != 700 || second.Citizens[0].CPR == c.Citizens[0].CPR || second.Clinics[0].ID == c.Clinics[0].ID {
		t.Errorf("a second crowd beside the first: %v", err)
	}
	if _, err := crowd.Seed(t.Context(), db, crowd.Size{Tablets: 1}); err == nil {
		t.Error("a crowd without a clinic was made")
	}
}

// domain.md §3.3: a made-up number fails modulus 11 on a day other than 1 January.
func TestCPRs_areNobodys(t *testing.T) {
	today := kontakt.Date{Year: 2026, Month: 11, Day: 23}
	all := crowd.CPRs(30_000, today)
	seen := map[kontakt.CPR]bool{}
	for _, cpr := range all {
		born, ok := cpr.Born()
		if !ok || born.Month == 1 && born.Day == 1 || seen[cpr] || !slices.Contains(cpr.Warnings(today), kontakt.MsgCPRMod11) {
			t.Fatalf("a number born %v, known before: %v, is not made up by the rule", born, seen[cpr])
		}
		seen[cpr] = true
	}
	if len(all) != 30_000 {
		t.Errorf("%d numbers", len(all))
	}
}
