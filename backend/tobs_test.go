package backend_test

import (
	"bytes"
	"context"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
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

// M4: a card keeps the score of its own table when the municipality changes that, and a high score puts nobody before anybody.
func TestTOBS_aScoreStaysAsItWasAndOrdersNothing(t *testing.T) {
	var it *desk.Desk
	s := openStage(t, func(_ context.Context, db *store.DB) error { it = desk.New(db); return nil })
	nurse, lars := s.enrol(0).signIn("sanne"), s.staff("lars")
	var places []wire.Entry
	for _, cpr := range []string{karen, "1403450101"} {
		c := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: cpr}, 200)
		join := wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}
		places = append(places, ask[wire.Entry](nurse, "POST", "/entries", join, 201))
	}
	card := "/entries/" + places[1].ID + "/card"
	worst := tobs.Values{
		"rf": {Number: new(31)}, "puls": {Number: new(130)}, "sys": {Number: new(60)}, "temp": {Number: new(395), Method: "oral"}, "bev": {Choice: "ingen"},
	}
	scores := func(values tobs.Values, total int, table string) wire.Card {
		t.Helper()
		seen := ask[wire.Card](nurse, "GET", card, nil, 200)
		got := ask[wire.Card](nurse, "PUT", card, wire.CardRequest{Version: seen.Version, ISBAR: kontakt.ISBAR{Situation: "sløv, sagt " + strconv.Itoa(seen.Version)}, TOBS: values}, 200)
		if r := got.TOBS.Result; r.Total == nil || *r.Total != total || r.Version != table {
			t.Errorf("scored %+v, want %d by %s", r, total, table)
		}
		return got
	}
	first := scores(worst, 15, "demo")
	list := ask[wire.ClinicEntries](lars, "GET", "/clinic/entries", nil, 200).Entries
	if len(list) != 2 || list[0].ID != places[0].ID || list[1].Card.Total == nil || *list[1].Card.Total != 15 {
		t.Errorf("the list: %+v", list)
	}

	other := bytes.Replace(tobs.Template("Eksempel Kommune", "other", kontakt.DateOf(time.Now()).String()), []byte(`{"score": 3}`), []byte(`{"score": 1}`), 1)
	if _, is, err := it.SetTOBS(t.Context(), demo.MunicipalityCVR, other); err != nil || is.Today != "other" {
		t.Fatalf("%+v, %v", is, err)
	}
	if kept := ask[wire.Card](lars, "GET", "/clinic"+card, nil, 200); !reflect.DeepEqual(kept.TOBS, first.TOBS) {
		t.Errorf("after the change: %+v, was %+v", kept.TOBS, first.TOBS)
	}
	scores(worst, 15, "demo") // the card saved again with a changed letter, and the same values
	worst["puls"] = tobs.Value{Number: new(131)}
	scores(worst, 13, "other") // respiration gives 1 there
	if err := it.StopTOBS(t.Context(), demo.MunicipalityCVR); err != nil {
		t.Fatal(err)
	}
	if kept := ask[wire.Card](lars, "GET", "/clinic"+card, nil, 200); *kept.TOBS.Result.Total != 13 {
		t.Errorf("after it was turned off: %+v", kept.TOBS)
	}
}
