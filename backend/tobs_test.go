package backend_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/desk"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// M4: each municipality's nurses get the table of their own, from its day on; a municipality that has set none has none;
// nobody but a nurse gets any.
func TestTOBS_aNurseGetsHerOwnMunicipalitysTable(t *testing.T) {
	for name, address := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "kontakt.db") },
		"postgres": func(t *testing.T) string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Guard(t, 2*time.Minute)
			var it *desk.Desk
			const naboCVR = "90000004"
			s := openStage(t, nil, func(c *backend.Config) {
				c.Database = address(t)
				seed := c.Vet
				c.Vet = func(ctx context.Context, db *store.DB) error {
					it = desk.New(db)
					return seed(ctx, db)
				}
			})
			if err := it.AddMunicipality(t.Context(), "Nabo Kommune", naboCVR); err != nil {
				t.Fatal(err)
			}
			code, err := it.Code(t.Context(), naboCVR, "Tablet N", "Solsiden", time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			s.codes = append(s.codes, code.Text())
			tablet := s.enrol(0)
			sanne, henrik := tablet.signIn("sanne"), s.enrol(len(s.codes)-1).signIn("henrik")
			counts := func(nurse who, owner, version string) {
				t.Helper()
				got := ask[wire.TOBS](nurse, "GET", "/tobs", nil, 200)
				if owner == "" {
					if got.Table != nil {
						t.Errorf("%s gets %s, want none", nurse.name, got.Table)
					}
					return
				}
				table, err := tobs.Parse(got.Table)
				if err != nil || table.Owner != owner || table.Version != version || len(table.Parameters) != 5 {
					t.Errorf("%s gets version %q of %q (%v), want %q of %s", nurse.name, table.Version, table.Owner, err, version, owner)
				}
			}
			counts(sanne, "Eksempel Kommune", "demo")
			counts(henrik, "", "")
			set := func(version string, from time.Time) {
				t.Helper()
				if _, _, err := it.SetTOBS(t.Context(), naboCVR, tobs.Template("Nabo Kommune", version, kontakt.DateOf(from).String())); err != nil {
					t.Fatal(err)
				}
			}
			set("later", time.Now().Add(48*time.Hour))
			counts(henrik, "", "")
			set("now", time.Now().Add(-48*time.Hour))
			counts(henrik, "Nabo Kommune", "now")
			counts(sanne, "Eksempel Kommune", "demo")
			if err := it.StopTOBS(t.Context(), naboCVR); err != nil {
				t.Fatal(err)
			}
			counts(henrik, "", "")
			counts(sanne, "Eksempel Kommune", "demo")
			for _, row := range []struct {
				who
				status int
			}{{tablet.who, 403}, {s.staff("lars"), 401}, {s.staff("birgit"), 401}, {s.nobody(), 401}} {
				if got := row.try("GET", "/tobs", nil); got.status != row.status || strings.Contains(string(got.body), "Respiration") {
					t.Errorf("%s: %d %s", row.name, got.status, got.body)
				}
			}
		})
	}
}
