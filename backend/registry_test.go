package backend_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// A tablet against the whole backend, which asks a FHIR server that is not ours; then that server goes away.
func TestRegistry_aTabletFindsCitizensInFHIRAndGoesOnWithoutIt(t *testing.T) { // SD-19
	testkit.Guard(t, 2*time.Minute)
	const token = "let-me-in"
	fhir := testkit.StartFHIR(t, token)
	defer http.DefaultClient.CloseIdleConnections()
	org := fhir.Put(token, map[string]any{"resourceType": "Organization", "name": "Lægehuset Bakken", "identifier": []map[string]any{{"system": "urn:oid:1.2.208.176.1.4", "value": "099002"}}})
	fhir.Put(token, map[string]any{
		"resourceType": "Patient", "identifier": []map[string]any{{"system": "urn:oid:1.2.208.176.1.2", "value": "1507990100"}},
		"name": []map[string]any{{"use": "official", "given": []string{"Maja"}, "family": "Prøvesen"}}, "generalPractitioner": []map[string]any{{"reference": "Organization/" + org}},
	})
	s := openStage(t, nil, func(c *backend.Config) {
		c.Registry = backend.Registry{FHIR: fhir.URL, TokenFile: write(t, "token", token), Within: 20 * time.Second}
	})
	nurse := s.enrol(0).signIn("sanne")
	maja := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: "150799-0100"}, 200)
	if maja.Name != "Maja Prøvesen" || maja.Clinic == nil || maja.Clinic.Name != "Lægehuset Bakken" || maja.Unchecked {
		t.Errorf("%+v", maja)
	}
	if maja.Cover == nil || maja.Cover.Name != "Lægerne Havnegade" {
		t.Errorf("cover = %+v", maja.Cover)
	}
	fhir.Stop()
	if again := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: "150799-0100"}, 200); again.ID != maja.ID || again.Unchecked {
		t.Errorf("remembered: %+v", again)
	}
	problem := read[wire.Problem](t, "lookup", nurse.try("POST", "/citizens/lookup", wire.LookupRequest{CPR: "150799-3100"}), 503)
	if problem.Msg != string(kontakt.MsgRegistryDown) {
		t.Errorf("%+v", problem)
	}
	ours := ask[wire.Clinics](nurse, "GET", "/clinics", nil, 200)
	said := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: "150799-3100", Clinic: ours.Clinics[0].ID}, 200)
	if !said.Unchecked || said.Clinic == nil || said.Clinic.ID != ours.Clinics[0].ID {
		t.Errorf("by the nurse's word: %+v", said)
	}
	e := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: said.ID, Clinic: said.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}, 201)
	if e.ID == "" {
		t.Errorf("%+v", e)
	}
	figures, err := http.Get(s.srv.MetricsURL())
	if err != nil {
		t.Fatal(err)
	}
	defer figures.Body.Close()
	text, err := io.ReadAll(figures.Body)
	for _, want := range []string{"kontakt_registry_up 0", `kontakt_lookups_total{outcome="found"} 1`, `kontakt_lookups_total{outcome="cached"} 1`, `kontakt_lookups_total{outcome="down"} 1`, `kontakt_lookups_total{outcome="unchecked"} 1`} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("the figures lack %s (%v)", want, err)
		}
	}
	for _, never := range []string{"1507990100", "150799", "Prøvesen"} {
		if strings.Contains(s.log.String(), never) || strings.Contains(string(text), never) {
			t.Errorf("%s stands in the log or the figures", never)
		}
	}
}
