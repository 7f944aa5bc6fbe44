package desk_test

import (
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/desk"
	"kontaktlaege/internal/kontakt"
)

// What an operator types by mistake, or a script passes on, would stand on tablets: nothing at all, half a screen, signs
// that steer a terminal.
func TestDesk_wordsThatNobodyCouldReadAreRefused(t *testing.T) {
	d, _, _ := open(t)
	ctx := t.Context()
	for _, err := range []error{d.AddMunicipality(ctx, "Eksempel Kommune", "99999999"), d.AddClinic(ctx, "012345", full("Lægerne Å"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, bad := range map[string]string{
		"nothing": "", "spaces": " \t ", "two lines": "Lægerne\nHavnegade", "a terminal's": "Læge\x1b[31m", "no UTF-8": "L\xe6ge", "endless": strings.Repeat("æ", 101),
		"written backwards": "Læge\u202e",
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, d.AddMunicipality(ctx, bad, "99999998"), "name")
			_, err := d.Code(ctx, "99999999", bad, "Aftenlandet", time.Hour)
			refused(t, err, "name")
			_, err = d.Code(ctx, "99999999", "Tablet 7", bad, time.Hour)
			refused(t, err, "place")
			refused(t, d.SetClinic(ctx, "012345", desk.Clinic{Name: &bad}), "name")
			refused(t, d.SetClinic(ctx, "012345", desk.Clinic{Town: &bad}), "town")
			refused(t, d.SetClinic(ctx, "012345", desk.Clinic{Phone: &bad}), "phone")
			refused(t, d.Appoint(ctx, "012345", "https://login.example.dk", "sub", bad, "", kontakt.RoleClinician), "name")
			if strings.TrimSpace(bad) == "" {
				return // a day and a title may go without
			}
			refused(t, d.Appoint(ctx, "012345", "https://login.example.dk", "sub", "Lars", bad, kontakt.RoleClinician), "title")
			_, err = desk.ParseDay("2026-12-24 lukket " + bad)
			refused(t, err, "2026-12-24")
		})
	}
	refused(t, d.SetClinic(ctx, "012345", desk.Clinic{Phone: p("ring bare")}), "dial")
	refused(t, parseDay("2026-12-24 lukketferie"), "lukket")
}

func parseDay(s string) error {
	_, err := desk.ParseDay(s)
	return err
}
