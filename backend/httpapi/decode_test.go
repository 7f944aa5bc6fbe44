package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// bad are bodies that encoding/json alone would take, or that try the reader.
var bad = map[string]string{
	"nothing":                      ``,
	"null":                         `null`,
	"an array":                     `[]`,
	"a string":                     `"x"`,
	"something behind it":          `{"cpr":"x"} {}`,
	"a comma behind it":            `{"cpr":"x"},`,
	"an unknown field":             `{"cpr":"x","more":1}`,
	"a doubled field":              `{"cpr":"x","cpr":"y"}`,
	"a field doubled by an escape": `{"cpr":"x","c\u0070r":"y"}`,
	"a field in capitals":          `{"CPR":"x"}`,
	"both spellings":               `{"cpr":"x","Cpr":"y"}`,
	"another type":                 `{"cpr":7}`,
	"invalid UTF-8":                "{\"cpr\":\"\xff\"}",
	"a lone surrogate":             `{"cpr":"\ud800"}`,
	"a NUL":                        `{"cpr":"\u0000"}`,
	"a byte order mark":            "\ufeff{\"cpr\":\"x\"}",
	"a comment":                    `{"cpr":"x"/**/}`,
	"single quotes":                `{'cpr':'x'}`,
	"half an object":               `{"cpr":`,
	"too deep":                     `{"cpr":` + strings.Repeat("[", 4000) + strings.Repeat("]", 4000) + `}`,
	"a deep object":                strings.Repeat(`{"cpr":`, 300) + "1" + strings.Repeat("}", 300),
}

func TestDecode_refusesWhatWeWouldNotWrite(t *testing.T) {
	for name, body := range bad {
		got, err := decode[wire.LookupRequest]([]byte(body))
		if kontakt.KindOf(err) != kontakt.Invalid || got != (wire.LookupRequest{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := decode[wire.LookupRequest]([]byte(" {\"cpr\" : \"x\"}\n")); err != nil || got.CPR != "x" {
		t.Errorf("a good one: %+v, %v", got, err)
	}
}

func TestBody_limits(t *testing.T) {
	a := newAPI(t, Parts{Citizens: fakeCitizens{func(context.Context, kontakt.CPR) (kontakt.Citizen, error) {
		return kontakt.Citizen{ID: kontakt.NewCitizenID()}, nil
	}}}, nil)
	path := "/api/v1/citizens/lookup"
	if w := ask(a, "POST", path, "nurse-secret", `{"cpr":"`+strings.Repeat(" ", small)+`"}`); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", w.Code)
	}
	if w := ask(a, "GET", "/api/v1/me", "nurse-secret", `{}`); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body where none belongs: %d", w.Code)
	}
	for name, change := range map[string]func(*http.Request){
		"a form":     func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") },
		"no type":    func(r *http.Request) { r.Header.Del("Content-Type") },
		"compressed": func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") },
	} {
		if w := ask(a, "POST", path, "nurse-secret", `{"cpr":"`+demoCPR+`"}`, change); w.Code != 400 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	charset := func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }
	if w := ask(a, "POST", path, "nurse-secret", `{"cpr":"`+demoCPR+`"}`, charset); w.Code != 200 {
		t.Errorf("with a charset: %d %s", w.Code, w.Body)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range bad {
		f.Add(s)
	}
	f.Add(`{"signals":[{"kind":"candidates","peer":"p","candidates":[{"candidate":"c","sdp_mid":null,"sdp_mline_index":0}]}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := decode[wire.SignalsRequest]([]byte(s))
		if err != nil {
			if kontakt.KindOf(err) != kontakt.Invalid || got.Signals != nil {
				t.Fatalf("value with error, or another kind: %v", err)
			}
			return
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decode[wire.SignalsRequest](text)
		if err != nil || !reflect.DeepEqual(normal(again), normal(got)) {
			t.Fatalf("%s reads as %s: %v", s, text, err)
		}
		for _, w := range got.Signals {
			wire.ToSignal(w)
		}
	})
}

// normal makes empty lists equal to absent ones.
func normal(r wire.SignalsRequest) wire.SignalsRequest {
	if len(r.Signals) == 0 {
		r.Signals = nil
	}
	for i := range r.Signals {
		if len(r.Signals[i].Candidates) == 0 {
			r.Signals[i].Candidates = nil
		}
	}
	return r
}
