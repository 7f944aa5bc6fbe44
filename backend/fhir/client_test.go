package fhir_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/backend/fhir"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

const karen = "2902004100"

func tokenFile(t testing.TB, token string) fhir.TokenFile {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return fhir.TokenFile(path)
}

func client(t testing.TB, c fhir.Config) *fhir.Client {
	t.Helper()
	if c.Within == 0 {
		c.Within = 20 * time.Second
	}
	got, err := fhir.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { got.Close() })
	return got
}

func fhirJSON(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/fhir+json")
	io.WriteString(w, text)
}

// oneMatch is a search's answer with one patient of the number; fill goes into the resource.
func oneMatch(fill string) string {
	return fmt.Sprintf(`{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient","identifier":[{"system":%q,"value":%q}]%s}}]}`, systemCPR, karen, fill)
}

// What a server may do that is broken, misled or hostile, and what becomes of it. The number is in no error.
func TestPatient_hostileAnswers(t *testing.T) {
	testkit.Guard(t, time.Minute)
	elsewhere := atomic.Int32{}
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fhirJSON(w, s) }
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); fhirJSON(w, oneMatch("")) }
	}
	for name, row := range map[string]struct {
		serve  http.HandlerFunc
		kind   kontakt.Kind
		doubts bool
	}{
		"400":              {status(400), kontakt.Unavailable, false},
		"401":              {status(401), kontakt.Unavailable, false},
		"404":              {status(404), kontakt.Unavailable, false},
		"410":              {status(410), kontakt.Unavailable, false},
		"429":              {status(429), kontakt.Unavailable, false},
		"500":              {status(500), kontakt.Unavailable, false},
		"no content":       {status(204), kontakt.Unavailable, false},
		"nothing":          {text(""), kontakt.Unavailable, false},
		"half":             {text(`{"resourceType":"Bundle","entry":[`), kontakt.Unavailable, false},
		"no JSON":          {text("<html>"), kontakt.Unavailable, false},
		"another resource": {text(`{"resourceType":"OperationOutcome"}`), kontakt.Unavailable, false},
		"an array":         {text(`[]`), kontakt.Unavailable, false},
		"null":             {text(`null`), kontakt.Unavailable, false},
		"nested too deep":  {text(`{"resourceType":"Bundle","entry":` + strings.Repeat("[", 100_000)), kontakt.Unavailable, false},
		"endless":          {endless, kontakt.Unavailable, false},
		"a page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, oneMatch(""))
		}, kontakt.Unavailable, false},
		"elsewhere":                {http.RedirectHandler(other.URL, http.StatusTemporaryRedirect).ServeHTTP, kontakt.Unavailable, false},
		"cut off":                  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, kontakt.Unavailable, false},
		"an empty bundle":          {text(`{"resourceType":"Bundle"}`), kontakt.NotFound, false},
		"everybody":                {text(strings.ReplaceAll(oneMatch(""), karen, "1403450101")), kontakt.NotFound, false},
		"everybody, page by page":  {text(strings.Replace(strings.ReplaceAll(oneMatch(""), karen, "1403450101"), `"type"`, `"link":[{"relation":"next","url":"x"}],"type"`, 1)), kontakt.Unavailable, true},
		"a patient of wrong types": {text(oneMatch(`,"name":7`)), kontakt.Unavailable, true},
		"a number as a number":     {text(strings.Replace(oneMatch(""), `"`+karen+`"`, karen, 1)), kontakt.Unavailable, true},
		"null resources":           {text(`{"resourceType":"Bundle","entry":[{"resource":null},{},{"resource":[]},{"resource":{"resourceType":"Patient"}}]}`), kontakt.NotFound, false},
		"a practice elsewhere":     {text(oneMatch(`,"generalPractitioner":[{"reference":"` + other.URL + `/Organization/1"}]`)), kontakt.Unavailable, true},
		"a practice up the path":   {text(oneMatch(`,"generalPractitioner":[{"reference":"Organization/.."},{"reference":"Organization/../x"},{"reference":"Binary/1"}]`)), kontakt.Unavailable, true},
		"practices in a circle":    {text(oneMatch(`,"contained":[{"resourceType":"Organization","id":"a","partOf":{"reference":"#a"}}],"generalPractitioner":[{"reference":"#a"}]`)), kontakt.Unavailable, true},
		"a thousand practices":     {text(oneMatch(`,"generalPractitioner":[` + strings.Repeat(`{"reference":"Organization/1"},`, 999) + `{"reference":"Organization/2"}]`)), kontakt.Unavailable, true},
	} {
		asked := atomic.Int32{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			row.serve(w, r)
		}))
		got, err := client(t, fhir.Config{BaseURL: server.URL}).Patient(t.Context(), mustCPR(t, karen))
		if kontakt.KindOf(err) != row.kind || errors.Is(err, fhir.ErrDoubtful) != row.doubts || got.Name != "" || got.Practices != nil {
			t.Errorf("%s: %+v, %v; want %s, in doubt: %v", name, got, err, row.kind, row.doubts)
		}
		if err != nil && strings.Contains(err.Error(), "2902") {
			t.Errorf("%s: the number is in %v", name, err)
		}
		if n := asked.Load(); n > 10 {
			t.Errorf("%s: asked %d times", name, n)
		}
		server.Close()
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("another server was asked %d times", n)
	}
}

func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/fhir+json")
	io.WriteString(w, `{"resourceType":"Bundle","x":"`)
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, strings.Repeat("a", 1<<16)); err != nil {
			return
		}
	}
}

func TestPatient_gettingNoAnswerEndsInTime(t *testing.T) {
	testkit.Guard(t, time.Minute)
	free := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-free
	}))
	defer server.Close()
	defer close(free)
	if _, err := client(t, fhir.Config{BaseURL: server.URL, Within: 50 * time.Millisecond}).Patient(t.Context(), mustCPR(t, karen)); kontakt.KindOf(err) != kontakt.Unavailable || errors.Is(err, fhir.ErrDoubtful) {
		t.Errorf("silent: %v", err)
	}
}

// The number travels in a body and nowhere else, whatever is asked.
func TestPatient_theNumberIsInNoAddress(t *testing.T) {
	testkit.Guard(t, time.Minute)
	bodies := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), karen) {
			bodies++
		}
		for where, text := range map[string]string{"address": r.RequestURI, "header": fmt.Sprint(r.Header)} {
			if strings.Contains(text, "2902") {
				t.Errorf("the number is in the %s of %s %s", where, r.Method, r.URL.Path)
			}
		}
		switch r.URL.Path {
		case "/r4/Patient/_search":
			fhirJSON(w, oneMatch(`,"name":[{"text":"Karen\u202e\u0007 Madsen"}],"generalPractitioner":[{"reference":"Organization/1"}]`))
		case "/r4/Organization/1":
			fhirJSON(w, `{"resourceType":"Organization","id":"1","identifier":[{"system":"`+systemYder+`","value":"099001"}]}`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	got, err := client(t, fhir.Config{BaseURL: server.URL + "/r4"}).Patient(t.Context(), mustCPR(t, karen))
	if err != nil || got.Name != "Karen Madsen" || len(got.Practices) != 1 || got.Practices[0] != "099001" || bodies != 1 {
		t.Errorf("%+v, %v, %d bodies with the number", got, err, bodies)
	}
}

func TestNew_numbersGoOverTLSOnly(t *testing.T) {
	for _, bad := range []string{"", "http://fhir.example.dk/r4", "ftp://127.0.0.1", "https://u:p@fhir.example.dk", "https://fhir.example.dk?x=1", "fhir.example.dk", "http://127.0.0.1.example.dk"} {
		if _, err := fhir.New(fhir.Config{BaseURL: bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, good := range []string{"https://fhir.example.dk/r4", "http://127.0.0.1:8080", "http://[::1]:1/fhir", "http://localhost/fhir"} {
		if _, err := fhir.New(fhir.Config{BaseURL: good}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

// A token is fetched once, kept, and fetched anew when the server takes it no longer.
func TestCredentials_oneTokenWhileItLasts(t *testing.T) {
	testkit.Guard(t, time.Minute)
	given, revoked := atomic.Int32{}, atomic.Int32{}
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, secret, _ := r.BasicAuth(); id != "kontakt" || secret != "hemmelig" || r.FormValue("grant_type") != "client_credentials" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"t%d","token_type":"Bearer","expires_in":3600}`, given.Add(1))
	}))
	defer tokens.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", revoked.Load()+1) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fhirJSON(w, oneMatch(""))
	}))
	defer server.Close()
	credentials, err := fhir.NewCredentials(tokens.URL, "kontakt", "hemmelig", []string{"system/Patient.s"})
	if err != nil {
		t.Fatal(err)
	}
	defer credentials.Close()
	c := client(t, fhir.Config{BaseURL: server.URL, Token: credentials})
	ask := func(want int32) {
		t.Helper()
		if _, err := c.Patient(t.Context(), mustCPR(t, karen)); err != nil || given.Load() != want {
			t.Errorf("%v, %d tokens given out, want %d", err, given.Load(), want)
		}
	}
	ask(1)
	ask(1)
	revoked.Add(1)
	ask(2)
	wrong, err := fhir.NewCredentials(tokens.URL, "kontakt", "gættet", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer wrong.Close()
	if _, err := client(t, fhir.Config{BaseURL: server.URL, Token: wrong}).Patient(t.Context(), mustCPR(t, karen)); kontakt.KindOf(err) != kontakt.Unavailable || strings.Contains(err.Error(), "gættet") {
		t.Errorf("with a wrong secret: %v", err)
	}
}

// Whatever a server says, the client comes back with a patient of the number or with an error, never both or neither.
func FuzzPatient(f *testing.F) {
	f.Add(oneMatch(""))
	f.Add(oneMatch(`,"name":[{"use":"official","family":"Madsen","given":["Karen"]}],"generalPractitioner":[{"identifier":{"system":"` + systemYder + `","value":"99001"}}]`))
	f.Add(oneMatch(`,"contained":[{"resourceType":"Organization","id":"a","partOf":{"reference":"#a"}}],"generalPractitioner":[{"reference":"#a"}]`))
	f.Add(`{"resourceType":"Bundle","entry":[{"resource":null}]}`)
	var said string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fhirJSON(w, said) }))
	f.Cleanup(server.Close)
	c := client(f, fhir.Config{BaseURL: server.URL})
	f.Fuzz(func(t *testing.T, answer string) {
		said = answer
		p, err := c.Patient(t.Context(), mustCPR(t, karen))
		if err == nil && !strings.Contains(strings.ReplaceAll(answer, "-", ""), karen) && !strings.Contains(answer, `\u`) {
			t.Errorf("a patient whose number nobody named: %+v", p)
		}
		if err != nil && (p.Name != "" || p.Practices != nil) {
			t.Errorf("%+v with %v", p, err)
		}
		for _, y := range p.Practices {
			if _, err := kontakt.ParseYdernummer(string(y)); err != nil {
				t.Errorf("provider number %q", y)
			}
		}
	})
}
