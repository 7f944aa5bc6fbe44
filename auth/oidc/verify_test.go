package oidc_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// forger is a provider that signs whatever a test tells it to. A real one never would; the honest way is tested against
// zitadel's in backend/demo.
type forger struct {
	t      testing.TB
	server *httptest.Server
	key    *rsa.PrivateKey
	other  *rsa.PrivateKey
	now    time.Time
	party  *oidc.Party

	down      bool // answers 503 to everything
	idToken   string
	challenge string // PKCE, of the attempt that is under way; "": whoever comes
	status    int
}

const clientID = "backend"

func newForger(t testing.TB) *forger {
	t.Helper()
	f := &forger{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), status: http.StatusOK}
	f.key, f.other = newKey(t), newKey(t)
	f.server = httptest.NewServer(f)
	t.Cleanup(f.server.Close)
	claims, ok := oidc.Preset("demo")
	if !ok {
		t.Fatal("no demo preset")
	}
	f.party = f.newParty(claims)
	return f
}

func (f *forger) newParty(claims oidc.Claims) *oidc.Party {
	f.t.Helper()
	transport := &http.Transport{}
	f.t.Cleanup(transport.CloseIdleConnections)
	party, err := oidc.New(oidc.Config{
		Issuer: f.server.URL, ClientID: clientID, ClientSecret: "s3cret", RedirectURL: "http://127.0.0.1:1/signin/callback",
		Claims: claims, Now: func() time.Time { return f.now }, HTTP: &http.Client{Transport: transport},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return party
}

func newKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (f *forger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if f.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		f.write(w, map[string]any{
			"issuer": f.server.URL, "authorization_endpoint": f.server.URL + "/auth", "token_endpoint": f.server.URL + "/token",
			"jwks_uri": f.server.URL + "/keys", "end_session_endpoint": f.server.URL + "/end?tenant=1",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		})
	case "/keys":
		f.write(w, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256",
			"n": encode(f.key.N.Bytes()), "e": encode(big.NewInt(int64(f.key.E)).Bytes()),
		}}})
	case "/token":
		if proof := sha256.Sum256([]byte(r.PostFormValue("code_verifier"))); f.challenge != "" && encode(proof[:]) != f.challenge {
			f.status = http.StatusBadRequest
		}
		w.WriteHeader(f.status)
		answer := map[string]any{"access_token": "opaque", "token_type": "Bearer", "id_token": f.idToken}
		if f.status != http.StatusOK {
			answer = map[string]any{"error": "invalid_grant"}
		}
		f.write(w, answer)
	default:
		http.NotFound(w, r)
	}
}

func (f *forger) write(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		f.t.Error(err)
	}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// jwt is a token before it is signed.
type jwt struct {
	header, claims map[string]any
}

// honest is a token that is right in every way.
func (f *forger) honest(nonce string) jwt {
	return jwt{
		map[string]any{"alg": "RS256", "kid": "1", "typ": "JWT"},
		map[string]any{
			"iss": f.server.URL, "sub": "urn:x:1", "aud": clientID, "nonce": nonce,
			"exp": f.now.Add(time.Hour).Unix(), "iat": f.now.Unix(), "auth_time": f.now.Unix(),
			"loa": "Substantial", "identity_type": "professional", "cvr": "99999993", "org_name": "Eksempel Kommune",
			"name": "Sanne Ravn", "title": "sygeplejerske", "role": "nurse",
		},
	}
}

func (f *forger) sign(j jwt, key *rsa.PrivateKey) string {
	f.t.Helper()
	return sign(f.t, f.unsigned(j), key)
}

func sign(t testing.TB, input string, key *rsa.PrivateKey) string {
	t.Helper()
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + encode(signature)
}

func (f *forger) unsigned(j jwt) string {
	f.t.Helper()
	header, err := json.Marshal(j.header)
	if err != nil {
		f.t.Fatal(err)
	}
	claims, err := json.Marshal(j.claims)
	if err != nil {
		f.t.Fatal(err)
	}
	return encode(header) + "." + encode(claims)
}

func (f *forger) finish(token func(a oidc.Attempt) string, need oidc.Need) (oidc.Identity, error) {
	f.t.Helper()
	a, address, err := f.party.Begin(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	asked, err := url.Parse(address)
	if err != nil {
		f.t.Fatal(err)
	}
	f.idToken, f.challenge = token(a), asked.Query().Get("code_challenge")
	return f.party.Finish(f.t.Context(), a, url.Values{"state": {a.State}, "code": {"c"}}, need)
}

var nurse = oidc.Need{Assurance: oidc.Substantial, Professional: true, CVR: "99999993", Roles: []kontakt.Role{kontakt.RoleNurse}}

func TestFinish_alteredTokens(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	at := func(d time.Duration) int64 { return f.now.Add(d).Unix() }
	for _, row := range []struct {
		name  string
		alter func(j jwt)
		want  kontakt.MsgKey // empty: let in
	}{
		{"nothing altered", func(j jwt) {}, ""},
		{"typ absent", func(j jwt) { delete(j.header, "typ") }, ""},
		{"Keycloak's typ claim", func(j jwt) { j.claims["typ"] = "ID" }, ""},
		{"level as NSIS loa URI", func(j jwt) { j.claims["loa"] = "https://data.gov.dk/concept/core/nsis/loa/Substantial" }, ""},
		{"level as NSIS URI", func(j jwt) { j.claims["loa"] = "https://data.gov.dk/concept/core/nsis/High" }, ""},
		{"CVR as a number", func(j jwt) { j.claims["cvr"] = 99999993 }, ""},
		{"audience a list of us", func(j jwt) { j.claims["aud"] = []string{clientID} }, ""},
		{"two audiences, azp is us", func(j jwt) { j.claims["aud"] = []string{clientID, "other"}; j.claims["azp"] = clientID }, ""},
		{"provider's clock 29 s behind", func(j jwt) { j.claims["auth_time"] = at(-29 * time.Second) }, ""},
		{"provider's clock 25 s ahead", func(j jwt) { j.claims["iat"] = at(25 * time.Second); j.claims["auth_time"] = at(25 * time.Second) }, ""},
		{"expired 20 s ago, within the leeway", func(j jwt) { j.claims["exp"] = at(-20 * time.Second) }, ""},

		{"wrong issuer", func(j jwt) { j.claims["iss"] = "https://evil.example" }, kontakt.MsgLoginFailed},
		{"wrong audience", func(j jwt) { j.claims["aud"] = "other" }, kontakt.MsgLoginFailed},
		{"no audience", func(j jwt) { delete(j.claims, "aud") }, kontakt.MsgLoginFailed},
		{"two audiences, no azp", func(j jwt) { j.claims["aud"] = []string{clientID, "other"} }, kontakt.MsgLoginFailed},
		{"azp another client", func(j jwt) { j.claims["azp"] = "other" }, kontakt.MsgLoginFailed},
		{"wrong nonce", func(j jwt) { j.claims["nonce"] = "another" }, kontakt.MsgLoginFailed},
		{"no nonce", func(j jwt) { delete(j.claims, "nonce") }, kontakt.MsgLoginFailed},
		{"expired", func(j jwt) { j.claims["exp"] = at(-time.Minute) }, kontakt.MsgLoginFailed},
		{"no expiry", func(j jwt) { delete(j.claims, "exp") }, kontakt.MsgLoginFailed},
		{"iat in the future", func(j jwt) { j.claims["iat"] = at(2 * time.Minute) }, kontakt.MsgLoginFailed},
		{"no iat", func(j jwt) { delete(j.claims, "iat") }, kontakt.MsgLoginFailed},
		{"nbf in the future", func(j jwt) { j.claims["nbf"] = at(2 * time.Minute) }, kontakt.MsgLoginFailed},
		{"an access token", func(j jwt) { j.header["typ"] = "at+jwt" }, kontakt.MsgLoginFailed},
		{"a logout token", func(j jwt) { j.header["typ"] = "logout+jwt" }, kontakt.MsgLoginFailed},
		{"Keycloak's access token", func(j jwt) { j.claims["typ"] = "Bearer" }, kontakt.MsgLoginFailed},
		{"no subject", func(j jwt) { delete(j.claims, "sub") }, kontakt.MsgLoginFailed},
		{"access token of another answer", func(j jwt) { j.claims["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" }, kontakt.MsgLoginFailed},
		{"huge claims", func(j jwt) { j.claims["picture"] = strings.Repeat("x", 80<<10) }, kontakt.MsgLoginFailed},
		{"auth_time absent", func(j jwt) { delete(j.claims, "auth_time") }, kontakt.MsgLoginFailed},
		{"auth_time in the future", func(j jwt) { j.claims["auth_time"] = at(2 * time.Minute) }, kontakt.MsgLoginFailed},
		{"auth_time no number", func(j jwt) { j.claims["auth_time"] = "now" }, kontakt.MsgLoginFailed},

		{"signed in before we asked", func(j jwt) { j.claims["auth_time"] = at(-40 * time.Second) }, kontakt.MsgLoginNotFresh},
		{"signed in an hour ago", func(j jwt) { j.claims["auth_time"] = at(-time.Hour) }, kontakt.MsgLoginNotFresh},

		{"level low", func(j jwt) { j.claims["loa"] = "Low" }, kontakt.MsgLoginLevelTooLow},
		{"level absent", func(j jwt) { delete(j.claims, "loa") }, kontakt.MsgLoginLevelTooLow},
		{"level of another scheme", func(j jwt) { j.claims["loa"] = "https://evil.example/nsis/loa/Substantial" }, kontakt.MsgLoginLevelTooLow},
		{"level in another case", func(j jwt) { j.claims["loa"] = "substantial" }, kontakt.MsgLoginLevelTooLow},
		{"private identity", func(j jwt) { j.claims["identity_type"] = "private" }, kontakt.MsgLoginPrivate},
		{"identity type absent", func(j jwt) { delete(j.claims, "identity_type") }, kontakt.MsgLoginPrivate},
		{"wrong CVR", func(j jwt) { j.claims["cvr"] = "90000004" }, kontakt.MsgLoginWrongOrg},
		{"CVR absent", func(j jwt) { delete(j.claims, "cvr") }, kontakt.MsgLoginWrongOrg},
		{"another role", func(j jwt) { j.claims["role"] = "secretary" }, kontakt.MsgLoginNoAccess},
		{"role absent", func(j jwt) { delete(j.claims, "role") }, kontakt.MsgLoginNoAccess},
		{"several roles, ours among them", func(j jwt) { j.claims["role"] = []string{"x", "nurse"} }, ""},
		{"two employers", func(j jwt) { j.claims["cvr"] = []string{"90000004", "99999993"} }, kontakt.MsgLoginWrongOrg},
	} {
		t.Run(row.name, func(t *testing.T) {
			id, err := f.finish(func(a oidc.Attempt) string {
				j := f.honest(a.Nonce)
				row.alter(j)
				return f.sign(j, f.key)
			}, nurse)
			check(t, id, err, row.want)
		})
	}
}

func check(t *testing.T, id oidc.Identity, err error, want kontakt.MsgKey) {
	t.Helper()
	if want == "" {
		if err != nil || id.Name != "Sanne Ravn" || id.Subject == "" {
			t.Fatalf("got %q, %v; want to be let in", id.Name, err)
		}
		return
	}
	if msg, _ := kontakt.MsgOf(err); err == nil || msg != want {
		t.Fatalf("error = %v, want %s", err, want)
	}
	if id.Subject != "" || id.Name != "" {
		t.Error("a value with an error")
	}
}

func TestFinish_forgedSignatures(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	for name, forge := range map[string]func(j jwt) string{
		"alg none": func(j jwt) string { j.header["alg"] = "none"; return f.unsigned(j) + "." },
		"HMAC with the public key": func(j jwt) string {
			j.header["alg"] = "HS256"
			input := f.unsigned(j)
			mac := hmac.New(sha256.New, f.key.N.Bytes())
			mac.Write([]byte(input))
			return input + "." + encode(mac.Sum(nil))
		},
		"HMAC with the client secret": func(j jwt) string {
			j.header["alg"] = "HS512"
			input := f.unsigned(j)
			mac := hmac.New(sha512.New, []byte("s3cret"))
			mac.Write([]byte(input))
			return input + "." + encode(mac.Sum(nil))
		},
		"another key under the known id": func(j jwt) string { return f.sign(j, f.other) },
		"its own key in the header": func(j jwt) string {
			j.header["jwk"] = map[string]any{"kty": "RSA", "n": encode(f.other.N.Bytes()), "e": "AQAB"}
			return f.sign(j, f.other)
		},
		"signature cut off": func(j jwt) string { return f.unsigned(j) + "." },
		"not a token":       func(j jwt) string { return "x" },
		"no token":          func(j jwt) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			id, err := f.finish(func(a oidc.Attempt) string { return forge(f.honest(a.Nonce)) }, nurse)
			check(t, id, err, kontakt.MsgLoginFailed)
		})
	}
}

func TestFinish_keyThatTheProviderTookBack(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	sign := f.key
	honest := func(a oidc.Attempt) string { return f.sign(f.honest(a.Nonce), sign) }
	id, err := f.finish(honest, nurse)
	check(t, id, err, "")
	f.key = f.other // the provider rotates
	id, err = f.finish(honest, nurse)
	check(t, id, err, kontakt.MsgLoginFailed)
}

func TestFinish_answersThatAreNoSignIn(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	for _, row := range []struct {
		name   string
		answer func(a oidc.Attempt) url.Values
		kind   kontakt.Kind
		want   kontakt.MsgKey
	}{
		{"the person said no", func(a oidc.Attempt) url.Values { return url.Values{"state": {a.State}, "error": {"access_denied"}} }, kontakt.Unauthenticated, kontakt.MsgLoginCancelled},
		{"the provider is ill", func(a oidc.Attempt) url.Values {
			return url.Values{"state": {a.State}, "error": {"temporarily_unavailable"}}
		}, kontakt.Unavailable, kontakt.MsgLoginProviderDown},
		{"another error", func(a oidc.Attempt) url.Values {
			return url.Values{"state": {a.State}, "error": {"<script>"}}
		}, kontakt.Unauthenticated, kontakt.MsgLoginFailed},
		{"another state", func(a oidc.Attempt) url.Values { return url.Values{"state": {"x"}, "code": {"c"}} }, kontakt.Unauthenticated, kontakt.MsgLoginFailed},
		{"no state", func(a oidc.Attempt) url.Values { return url.Values{"code": {"c"}} }, kontakt.Unauthenticated, kontakt.MsgLoginFailed},
		{"another issuer's answer", func(a oidc.Attempt) url.Values {
			return url.Values{"state": {a.State}, "code": {"c"}, "iss": {"https://evil.example"}}
		}, kontakt.Unauthenticated, kontakt.MsgLoginFailed},
	} {
		t.Run(row.name, func(t *testing.T) {
			a, _, err := f.party.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			f.idToken = f.sign(f.honest(a.Nonce), f.key)
			id, err := f.party.Finish(t.Context(), a, row.answer(a), nurse)
			check(t, id, err, row.want)
			if kontakt.KindOf(err) != row.kind {
				t.Errorf("kind = %s, want %s", kontakt.KindOf(err), row.kind)
			}
			if strings.Contains(err.Error(), "<script>") {
				t.Error("the browser's words are in the log")
			}
		})
	}
}

func TestFinish_attemptOfAnotherCannotBeUsed(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	id, err := f.party.Finish(t.Context(), oidc.Attempt{}, url.Values{"state": {""}, "code": {"c"}}, nurse)
	check(t, id, err, kontakt.MsgLoginFailed)
}

func TestParty_providerDownAndUpAgain(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	f.down = true
	_, _, err := f.party.Begin(t.Context())
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgLoginProviderDown || kontakt.KindOf(err) != kontakt.Unavailable {
		t.Fatalf("error = %v, want %s", err, kontakt.MsgLoginProviderDown)
	}
	if address := f.party.LogoutURL(t.Context()); address != "" {
		t.Errorf("logout address = %q while the provider is down", address)
	}
	f.down = false
	f.now = f.now.Add(3 * time.Second)
	a, _, err := f.party.Begin(t.Context())
	if err != nil {
		t.Fatalf("once it is up again: %v", err)
	}
	f.down = true
	_, err = f.party.Finish(t.Context(), a, url.Values{"state": {a.State}, "code": {"c"}}, nurse)
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgLoginProviderDown {
		t.Fatalf("down between the steps: %v, want %s", err, kontakt.MsgLoginProviderDown)
	}
	f.down, f.status = false, http.StatusBadRequest
	_, err = f.party.Finish(t.Context(), a, url.Values{"state": {a.State}, "code": {"c"}}, nurse)
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgLoginFailed {
		t.Fatalf("a code that the provider refuses: %v, want %s", err, kontakt.MsgLoginFailed)
	}
}

func TestParty_providerOutOfReach(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	f.server.Close()
	_, _, err := f.party.Begin(t.Context())
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgLoginProviderDown {
		t.Fatalf("error = %v, want %s", err, kontakt.MsgLoginProviderDown)
	}
}

func TestBegin_asksForAFreshSignIn(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	a, address, err := f.party.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"prompt": "login", "max_age": "60", "response_type": "code", "code_challenge_method": "S256",
		"state": a.State, "nonce": a.Nonce, "client_id": clientID, "scope": "openid profile",
	} {
		if got := q.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if strings.Contains(address, a.Verifier) || strings.Contains(address, "s3cret") {
		t.Error("the address gives a secret away")
	}
	b, _, err := f.party.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a.State == b.State || a.Nonce == b.Nonce || a.Verifier == b.Verifier {
		t.Error("two attempts share a secret")
	}
}

func TestParty_logoutKeepsTheProvidersOwnQuery(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	u, err := url.Parse(f.party.LogoutURL(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if u.Query().Get("tenant") != "1" || u.Query().Get("client_id") != clientID {
		t.Errorf("logout address = %s", u)
	}
}

func TestNew_refusesWhatIsNotSafe(t *testing.T) {
	demo, _ := oidc.Preset("demo")
	good := oidc.Config{Issuer: "https://login.example", ClientID: "a", ClientSecret: "b", RedirectURL: "https://x.example/signin/callback", Claims: demo}
	if _, err := oidc.New(good); err != nil {
		t.Fatal(err)
	}
	for name, alter := range map[string]func(c *oidc.Config){
		"plain http":       func(c *oidc.Config) { c.Issuer = "http://login.example" },
		"plain http back":  func(c *oidc.Config) { c.RedirectURL = "http://x.example/signin/callback" },
		"no issuer":        func(c *oidc.Config) { c.Issuer = "" },
		"public client":    func(c *oidc.Config) { c.ClientSecret = "" },
		"no level claim":   func(c *oidc.Config) { c.Claims.Assurance = "" },
		"no employer told": func(c *oidc.Config) { c.Claims.CVR = "" },
	} {
		c := good
		alter(&c)
		if _, err := oidc.New(c); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestPreset_everyOneReadsItsOwnNames(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	f := newForger(t)
	for name, given := range map[string]map[string]any{
		"oiosaml3": {
			"https://data.gov.dk/concept/core/nsis/loa":                         "https://data.gov.dk/concept/core/nsis/loa/Substantial",
			"https://data.gov.dk/model/core/eid/professional/cvr":               "99999993",
			"https://data.gov.dk/model/core/eid/professional/uuid/persistent":   "urn:uuid:323e4567-e89b-12d3-a456-426655440000",
			"https://data.gov.dk/model/core/eid/fullName":                       "Sanne Ravn",
			"https://data.gov.dk/model/core/eid/professional/orgName":           "Eksempel Kommune",
			"https://data.gov.dk/model/core/eid/cprNumber":                      "2902004100",
			"dk:gov:saml:attribute:AssuranceLevel":                              "4",
			"https://data.gov.dk/model/core/eid/privilegesIntermediate":         "PD94bWw=",
			"https://data.gov.dk/model/core/specVersion":                        "OIO-SAML-3.0",
			"https://data.gov.dk/concept/core/nsis/ial":                         "Substantial",
			"https://data.gov.dk/model/core/eid/professional/unknownFutureName": []any{map[string]any{"x": 1}},
		},
		"broker": {
			"loa": "https://data.gov.dk/concept/core/nsis/Substantial", "identity_type": "professional", "nemlogin.cvr": "99999993",
			"nemlogin.persistent_professional_id": "urn:uuid:1", "nemlogin.name": "Sanne Ravn", "nemlogin.org_name": "Eksempel Kommune",
		},
		"keycloak": {"acr": "Substantial", "cvr": "99999993", "name": "Sanne Ravn", "organisation": "Eksempel Kommune", "roles": []string{"nurse", "x"}},
		"entra":    {"acrs": []string{"p1", "Substantial"}, "cvr": "99999993", "name": "Sanne Ravn", "companyname": "Eksempel Kommune", "roles": []string{"nurse"}},
		"demo":     {"loa": "Substantial", "identity_type": "professional", "cvr": "99999993", "name": "Sanne Ravn", "org_name": "Eksempel Kommune", "role": "nurse"},
	} {
		t.Run(name, func(t *testing.T) {
			claims, ok := oidc.Preset(name)
			if !ok {
				t.Fatal("no such preset")
			}
			f.party = f.newParty(claims)
			id, err := f.finish(func(a oidc.Attempt) string {
				j := f.honest(a.Nonce)
				for _, own := range []string{"loa", "identity_type", "cvr", "org_name", "name", "title", "role"} {
					delete(j.claims, own)
				}
				for k, v := range given {
					j.claims[k] = v
				}
				return f.sign(j, f.key)
			}, nurse)
			check(t, id, err, "")
			if id.Organisation != "Eksempel Kommune" || id.CVR != "99999993" {
				t.Errorf("identity = %+v", id)
			}
		})
	}
	if len(oidc.PresetNames()) != 5 {
		t.Errorf("presets %v: one has no row here", oidc.PresetNames())
	}
}
