package desk_test

import (
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt/tobs"
)

// M4: off until the municipality turns it on with a table that bears its name; a version is one table for good.
func TestTOBS_isTurnedOnByAMunicipalitysOwnTable(t *testing.T) {
	d, db, clock := open(t)
	ctx := t.Context()
	const cvr = "99999993"
	if err := d.AddMunicipality(ctx, "Eksempel Kommune", cvr); err != nil {
		t.Fatal(err)
	}
	template := func(version, from string) []byte { return tobs.Template("Eksempel Kommune, Sundhed", version, from) }
	none := func(text []byte, words ...string) {
		t.Helper()
		_, _, err := d.SetTOBS(ctx, cvr, text)
		refused(t, err, words...)
	}
	none(tobs.Template("", "1", "2026-01-01"), "line 5", "owner", "empty")
	none(tobs.Template("Nabo Kommune", "1", "2026-01-01"), "owner", "Nabo Kommune", "Eksempel Kommune")
	none([]byte("RF;0-8;3"), "line 1")
	_, _, err := d.SetTOBS(ctx, "11111111", template("1", "2026-01-01"))
	refused(t, err, "11111111", "municipality list")
	refused(t, d.StopTOBS(ctx, cvr), "off")
	if is, err := d.TOBS(ctx, cvr); err != nil || is.Today != "" || len(is.Tables) != 0 || audits(t, db, "desk.tobs") != 0 {
		t.Fatalf("after refusals: %+v, %v", is, err)
	}

	counts := func(text []byte, want string) {
		t.Helper()
		if _, is, err := d.SetTOBS(ctx, cvr, text); err != nil || is.Today != want {
			t.Errorf("version %q counts, want %q (%v)", is.Today, want, err)
		}
	}
	counts(append([]byte("\ufeff"), template("1", "2026-01-01")...), "1") // as Windows' editor saves it
	counts(template("2", "2026-11-24"), "1")
	none([]byte(strings.Replace(string(template("1", "2026-01-01")), `{"to": 8,`, `{"to": 7,`, 1)), "version", `"1"`, "another table")
	counts(template("1", "2026-01-01"), "1") // the same again is no other table
	clock.Add(24 * time.Hour)
	if is, err := d.TOBS(ctx, cvr); err != nil || is.Today != "2" || len(is.Tables) != 2 || strings.Contains(is.Tables[1].Text, "\ufeff") {
		t.Errorf("the next day: %+v, %v", is, err)
	}
	if err := d.StopTOBS(ctx, cvr); err != nil {
		t.Fatal(err)
	}
	if is, err := d.TOBS(ctx, cvr); err != nil || is.Today != "" || len(is.Tables) != 2 {
		t.Errorf("off: %+v, %v", is, err)
	}
	none([]byte(strings.Replace(string(template("1", "2026-01-01")), `{"to": 8,`, `{"to": 7,`, 1)), "another table") // turned off or not
	if n := audits(t, db, "desk.tobs"); n != 4 {
		t.Errorf("%d audit rows, want one for each change", n)
	}
}
