package fhir_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"kontaktlaege/backend/fhir"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

const (
	systemCPR  = "urn:oid:1.2.208.176.1.2"
	systemYder = "urn:oid:1.2.208.176.1.4"
	systemSOR  = "urn:oid:1.2.208.176.1.1"
)

type object = map[string]any

func mustCPR(t testing.TB, s string) kontakt.CPR {
	t.Helper()
	c, err := kontakt.ParseCPR(s, kontakt.Date{Year: 2026, Month: time.November, Day: 23})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func id(system, value string) object { return object{"system": system, "value": value} }

// person is a patient as DK Core writes one.
func person(cpr string, practices []object, more object) object {
	p := object{
		"resourceType": "Patient", "identifier": []object{{"use": "official", "system": systemCPR, "value": cpr}},
		"name":    []object{{"use": "official", "family": "Madsen", "given": []string{"Karen", "Marie"}}},
		"address": []object{{"line": []string{"Hemmelig Vej 1"}, "city": "Eksempelby"}},
	}
	if practices != nil {
		p["generalPractitioner"] = practices
	}
	for k, v := range more {
		p[k] = v
	}
	return p
}

func to(ref string) []object { return []object{{"reference": ref}} }

// Each row is a patient in a server that is not ours.
func TestPatient_asMedplumAnswers(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	const token = "let-me-in"
	server := testkit.StartFHIR(t, token)
	org := server.Put(token, object{"resourceType": "Organization", "name": "Lægerne Havnegade", "identifier": []object{id(systemSOR, "487341000016005"), id(systemYder, "099001")}})
	part := server.Put(token, object{"resourceType": "Organization", "name": "Filial", "identifier": []object{id("urn:x", "1")}, "partOf": object{"reference": "Organization/" + org}})
	role := server.Put(token, object{"resourceType": "PractitionerRole", "organization": object{"reference": "Organization/" + part}})
	nameless := server.Put(token, object{"resourceType": "Organization", "name": "Uden nummer", "identifier": []object{id("urn:x", "2")}})
	c, err := fhir.New(fhir.Config{
		BaseURL: server.URL, Within: 20 * time.Second, Token: tokenFile(t, token),
		SOR: map[string]kontakt.Ydernummer{"999991000016001": "099002"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	defer http.DefaultClient.CloseIdleConnections()
	logical := func(system, value string) []object { return []object{{"identifier": id(system, value)}} }
	for name, row := range map[string]struct {
		cpr     string
		patient []object
		want    []kontakt.Ydernummer
		kind    kontakt.Kind
	}{
		"practice by reference":               {"2902004100", []object{person("2902004100", to("Organization/"+org), nil)}, []kontakt.Ydernummer{"099001"}, ""},
		"practice by role and branch":         {"1403450101", []object{person("1403450101", to("PractitionerRole/"+role), nil)}, []kontakt.Ydernummer{"099001"}, ""},
		"practice by provider number":         {"2106520100", []object{person("2106520100", logical(systemYder, "099001"), nil)}, []kontakt.Ydernummer{"099001"}, ""},
		"provider number without its zero":    {"0209380101", []object{person("0209380101", logical(systemYder, "99001"), nil)}, []kontakt.Ydernummer{"099001"}, ""},
		"practice by SOR code, in the server": {"0805660100", []object{person("0805660100", logical(systemSOR, "487341000016005"), nil)}, []kontakt.Ydernummer{"099001"}, ""},
		"practice by SOR code, in settings":   {"0706320100", []object{person("0706320100", logical(systemSOR, "999991000016001"), nil)}, []kontakt.Ydernummer{"099002"}, ""},
		"practice in the patient itself": {"1912410100", []object{person("1912410100", to("#gp"), object{
			"contained": []object{{"resourceType": "Organization", "id": "gp", "identifier": []object{id(systemYder, "099002")}}},
		})}, []kontakt.Ydernummer{"099002"}, ""},
		"no practice":                           {"2704350100", []object{person("2704350100", nil, nil)}, nil, ""},
		"a practice without a number":           {"3007490101", []object{person("3007490101", to("Organization/"+nameless), nil)}, nil, kontakt.Unavailable},
		"a practice that is gone":               {"1110580101", []object{person("1110580101", to("Organization/8b1c2d6e-0000-4000-8000-000000000000"), nil)}, nil, kontakt.Unavailable},
		"nobody":                                {"1602870101", nil, nil, kontakt.NotFound},
		"dead":                                  {"2308470101", []object{person("2308470101", nil, object{"deceasedDateTime": "2026-01-02"})}, nil, kontakt.NotFound},
		"a record no longer in use":             {"0511430102", []object{person("0511430102", nil, object{"active": false})}, nil, kontakt.NotFound},
		"a record merged into another":          {"1507990100", []object{person("1507990100", to("Organization/"+nameless), object{"link": []object{{"type": "replaced-by", "other": object{"reference": "Patient/x"}}}}), person("1507990100", logical(systemYder, "099001"), nil)}, []kontakt.Ydernummer{"099001"}, ""},
		"two records that say the same":         {"1507993100", []object{person("1507993100", logical(systemYder, "099001"), nil), person("1507993100", to("Organization/"+org), nil)}, []kontakt.Ydernummer{"099001"}, ""},
		"two records of different people":       {"1507360100", []object{person("1507360100", logical(systemYder, "099001"), nil), person("1507360100", logical(systemYder, "099002"), nil)}, nil, kontakt.Unavailable},
		"a number that was given up for a new":  {"1507374100", []object{person("0000000000", nil, object{"identifier": []object{{"use": "old", "system": systemCPR, "value": "1507374100"}}})}, nil, kontakt.NotFound},
		"a number of another kind that matches": {"1507379100", []object{person("0000000000", nil, object{"identifier": []object{id("urn:other", "1507379100")}})}, nil, kontakt.NotFound},
	} {
		for _, p := range row.patient {
			server.Put(token, p)
		}
		got, err := c.Patient(t.Context(), mustCPR(t, row.cpr))
		if kontakt.KindOf(err) != row.kind || !slices.Equal(got.Practices, row.want) {
			t.Errorf("%s: %v, %v; want %v, %q", name, got.Practices, err, row.want, row.kind)
		}
		if row.kind == "" && got.Name != "Karen Marie Madsen" {
			t.Errorf("%s: name = %q", name, got.Name)
		}
	}
	refused, err := fhir.New(fhir.Config{BaseURL: server.URL, Within: 20 * time.Second, Token: tokenFile(t, "wrong")})
	if err != nil {
		t.Fatal(err)
	}
	defer refused.Close()
	if _, err := refused.Patient(t.Context(), mustCPR(t, "2902004100")); kontakt.KindOf(err) != kontakt.Unavailable {
		t.Errorf("with a wrong token: %v", err)
	}
}
