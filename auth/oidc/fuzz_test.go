package oidc_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"kontaktlaege/auth/oidc"
)

// Whatever a provider signs as claims, nothing falls over, and nobody is let in whom the claims do not name in full.
func FuzzFinish_claims(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `null`, `"x"`, `{"sub":"a","iat":1,"auth_time":1,"loa":"High"}`, `{"auth_time":1e400}`, `{"auth_time":-1}`,
		`{"auth_time":null,"iat":"1","nbf":{}}`, `{"cvr":["99999993",null,1.5e3,{}]}`, `{"aud":{"a":1}}`, `{"sub":"a","sub":"b"}`,
		`{"_claim_names":{"x":"y"},"_claim_sources":{}}`, `{"loa":["Low","High"]}`, `{"ydernummer":12345,"role":[[["nurse"]]]}`,
	} {
		f.Add([]byte(seed))
	}
	forge := newForger(f)
	party := forge.party
	f.Fuzz(func(t *testing.T, payload []byte) {
		a, _, err := party.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// On top of claims that pass go-oidc, so that ours are reached.
		var given map[string]json.RawMessage
		if json.Unmarshal(payload, &given) == nil {
			merged := forge.honest(a.Nonce).claims
			for name, value := range given {
				merged[name] = value
			}
			if payload, err = json.Marshal(merged); err != nil {
				t.Fatal(err)
			}
		}
		forge.idToken = sign(t, encode([]byte(`{"alg":"RS256","kid":"1"}`))+"."+encode(payload), forge.key)
		id, err := party.Finish(t.Context(), a, url.Values{"state": {a.State}, "code": {"c"}}, nurse)
		if err != nil && (id.Subject != "" || id.Name != "") {
			t.Fatal("a value with an error")
		}
		if err == nil && (id.Issuer != forge.server.URL || id.Subject == "" || id.CVR != nurse.CVR || !id.Professional || id.Assurance < oidc.Substantial) {
			t.Fatalf("let in: %+v", id)
		}
	})
}
