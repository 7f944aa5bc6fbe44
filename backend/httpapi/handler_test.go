package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// A number of domain.md §3.3: 29 February 2000, no modulus 11.
const demoCPR = "2902004100"

func problem(t *testing.T, w *httptest.ResponseRecorder) wire.Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type = %q, body %s", got, w.Body)
	}
	d := json.NewDecoder(w.Body)
	d.DisallowUnknownFields()
	var p wire.Problem
	if err := d.Decode(&p); err != nil {
		t.Fatal(err)
	}
	if p.Request == "" || p.Request != w.Header().Get("Request-Id") {
		t.Errorf("request id = %q, header %q", p.Request, w.Header().Get("Request-Id"))
	}
	return p
}

func TestHandler_kindsBecomeStatuses(t *testing.T) {
	for kind, status := range map[kontakt.Kind]int{
		kontakt.Invalid: 400, kontakt.Unauthenticated: 401, kontakt.Forbidden: 403, kontakt.NotFound: 404, kontakt.Hidden: 404,
		kontakt.Conflict: 409, kontakt.Gone: 410, kontakt.Closed: 409, kontakt.NotAttached: 409, kontakt.TooMany: 429,
		kontakt.Unavailable: 503, kontakt.Internal: 500, kontakt.DeviceFault: 500,
	} {
		a := newAPI(t, Parts{Queue: fakeQueue{entry: func(context.Context, kontakt.EntryID) (kontakt.Entry, error) {
			return kontakt.Entry{}, &kontakt.Error{Op: "fake", Kind: kind, Err: errors.New("inner words")}
		}}}, nil)
		w := ask(a, "GET", "/api/v1/entries/"+string(kontakt.NewEntryID()), "nurse-secret", "")
		if w.Code != status {
			t.Errorf("%s: status = %d, want %d", kind, w.Code, status)
		}
		if strings.Contains(w.Body.String(), "inner words") {
			t.Errorf("%s tells its cause", kind)
		}
		problem(t, w)
	}
}

func TestHandler_hiddenAnswersExactlyLikeNotFound(t *testing.T) {
	answer := func(kind kontakt.Kind) (string, http.Header) {
		a := newAPI(t, Parts{Queue: fakeQueue{entry: func(context.Context, kontakt.EntryID) (kontakt.Entry, error) {
			err := &kontakt.Error{Op: "fake", Kind: kind, Msg: kontakt.MsgNotFound}
			if kind == kontakt.Hidden {
				err.Msg, err.Params = kontakt.MsgAlreadyClaimed, map[string]string{"navn": "Hansen"}
			}
			return kontakt.Entry{}, err
		}}}, nil)
		w := ask(a, "GET", "/api/v1/entries/"+string(kontakt.NewEntryID()), "nurse-secret", "")
		p := problem(t, w)
		p.Request = ""
		w.Header().Del("Request-Id")
		w.Header().Del("Content-Length")
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		return string(text), w.Header()
	}
	hidden, hiddenHeader := answer(kontakt.Hidden)
	missing, missingHeader := answer(kontakt.NotFound)
	if hidden != missing {
		t.Errorf("hidden = %s, not found = %s", hidden, missing)
	}
	if len(hiddenHeader) != len(missingHeader) {
		t.Errorf("headers differ: %v and %v", hiddenHeader, missingHeader)
	}
}

func TestHandler_aPanicIsAnInternalErrorThatTellsNothing(t *testing.T) {
	var log bytes.Buffer
	a := newAPI(t, Parts{Citizens: fakeCitizens{func(_ context.Context, c kontakt.CPR) (kontakt.Citizen, error) {
		panic("bad: " + c.Reveal())
	}}}, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	w := ask(a, "POST", "/api/v1/citizens/lookup", "nurse-secret", `{"cpr":"`+demoCPR+`"}`)
	if p := problem(t, w); w.Code != 500 || p.Kind != string(kontakt.Internal) {
		t.Errorf("status = %d, problem = %+v", w.Code, p)
	}
	if !strings.Contains(log.String(), "msg=panic") {
		t.Error("the panic is not in the log")
	}
	if strings.Contains(log.String(), demoCPR) {
		t.Error("the log holds the number")
	}
}

func TestHandler_logHoldsNoPersonalData(t *testing.T) {
	var log bytes.Buffer
	a := newAPI(t, Parts{Citizens: fakeCitizens{func(_ context.Context, c kontakt.CPR) (kontakt.Citizen, error) {
		return kontakt.Citizen{}, &kontakt.Error{Op: "fake.Lookup", Kind: kontakt.Conflict, Params: map[string]string{"navn": "Hansen", "nr": c.Reveal()}}
	}}}, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	ask(a, "POST", "/api/v1/citizens/lookup?cpr="+demoCPR, "nurse-secret", `{"cpr":"`+demoCPR+`"}`)
	ask(a, "GET", "/api/v1/entries/"+demoCPR, "nurse-secret", "")
	ask(a, "GET", "/api/v1/"+demoCPR, "nurse-secret", "")
	ask(a, "POST", "/api/v1/citizens/lookup", "nurse-secret", `{"cpr":"`+demoCPR+`","`+demoCPR+`":1}`)
	if lines := strings.Count(log.String(), "msg=request"); lines != 4 {
		t.Errorf("lines = %d, want 4:\n%s", lines, &log)
	}
	for _, never := range []string{"290200", "Hansen", "Sanne", "nurse-secret"} {
		if strings.Contains(log.String(), never) {
			t.Errorf("the log holds %q:\n%s", never, &log)
		}
	}
	for _, want := range []string{`route="POST /citizens/lookup"`, "kind=conflict", "op=fake.Lookup", "employee=" + string(anEmployee), "device=" + string(aDevice)} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, &log)
		}
	}
}

func TestHandler_anotherVersionIsTurnedAway(t *testing.T) {
	a := newAPI(t, Parts{}, nil)
	for _, v := range []string{"0", "2", "01", "x"} {
		w := ask(a, "GET", "/api/v1/me", "nurse-secret", "", func(r *http.Request) { r.Header.Set(wire.VersionHeader, v) })
		if p := problem(t, w); w.Code != http.StatusUpgradeRequired || p.Msg != string(kontakt.MsgUpdate) {
			t.Errorf("version %q: %d %+v", v, w.Code, p)
		}
	}
	w := ask(a, "GET", "/api/v1/me", "nurse-secret", "", func(r *http.Request) { r.Header.Set(wire.VersionHeader, "1") })
	if w.Code != http.StatusOK {
		t.Errorf("version 1: %d", w.Code)
	}
}

func TestHandler_cookiePostsFromElsewhereAreRefused(t *testing.T) {
	a := newAPI(t, Parts{}, nil)
	post := func(change func(*http.Request)) int {
		return ask(a, "POST", "https://kontakt.example/api/v1/clinic/opening", "", `{"open":"no bool"}`, withCookie("clinician-secret"), change).Code
	}
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"another site":   {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"another origin": {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		"a sandbox":      {func(r *http.Request) { r.Header.Set("Origin", "null") }, 403},
		"our own page":   {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }, 400},
	} {
		if got := post(c.change); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestHandler_changesNeedAKeyAndRunUnderIt(t *testing.T) {
	type call struct{ scope, key, fingerprint string }
	var calls []call
	p := Parts{Once: fakeOnce(func(_ context.Context, scope, key, fingerprint string, _ func(context.Context) (reply, error)) (reply, error) {
		calls = append(calls, call{scope, key, fingerprint})
		return reply{Status: 201, Body: []byte(`{"stored":true}`)}, nil
	})}
	a := newAPI(t, p, nil)
	key := func(v string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(wire.IdempotencyHeader, v) }
	}
	for _, bad := range []string{"", "short", strings.Repeat("x", 65), "with spaces", "æøå-æøå-æøå"} {
		if w := ask(a, "POST", "/api/v1/entries", "nurse-secret", `{}`, key(bad)); w.Code != 400 {
			t.Errorf("key %q: %d", bad, w.Code)
		}
	}
	if len(calls) != 0 {
		t.Fatalf("calls = %v", calls)
	}
	w := ask(a, "POST", "/api/v1/entries", "nurse-secret", `{"a":1}`, key("0123-4567_Z"))
	if w.Code != 201 || w.Body.String() != `{"stored":true}` {
		t.Errorf("stored reply = %d %s", w.Code, w.Body)
	}
	ask(a, "POST", "/api/v1/entries", "nurse-secret", `{"a":2}`, key("0123-4567_Z"))
	ask(a, "POST", "/api/v1/entries/"+string(kontakt.NewEntryID())+"/wait", "device-secret", ``, key("0123-4567_Z"))
	if len(calls) != 3 || calls[0].fingerprint == calls[1].fingerprint || calls[0].scope != calls[1].scope || calls[1].scope == calls[2].scope {
		t.Errorf("calls = %v", calls)
	}
}

// A change is made in the transaction that also keeps its reply: the context of Once carries it.
func TestHandler_aChangeIsInTheTransactionOfItsReply(t *testing.T) {
	type transaction struct{}
	carried := false
	a := newAPI(t, Parts{
		Once: fakeOnce(func(ctx context.Context, _, _, _ string, fn func(context.Context) (reply, error)) (reply, error) {
			return fn(context.WithValue(ctx, transaction{}, true))
		}),
		Calls: fakeCalls(func(ctx context.Context) (kontakt.Seq, error) {
			carried = ctx.Value(transaction{}) != nil
			return 7, nil
		}),
	}, nil)
	w := ask(a, "POST", "/api/v1/calls/"+string(kontakt.NewCallID())+"/signals", "device-secret", `{"signals":[{"kind":"ready"}]}`)
	if w.Code >= 300 || !carried {
		t.Errorf("%d %s; carried: %v", w.Code, w.Body, carried)
	}
}

func TestHandler_limitsEachSessionByItself(t *testing.T) {
	now := t0
	a := newAPI(t, Parts{Citizens: fakeCitizens{func(context.Context, kontakt.CPR) (kontakt.Citizen, error) {
		return kontakt.Citizen{ID: kontakt.NewCitizenID()}, nil
	}}}, func(c *Config) { c.Now = func() time.Time { return now } })
	lookup := func() *httptest.ResponseRecorder {
		return ask(a, "POST", "/api/v1/citizens/lookup", "nurse-secret", `{"cpr":"`+demoCPR+`"}`)
	}
	for i := range perLookup.burst {
		if w := lookup(); w.Code != 200 {
			t.Fatalf("lookup %d: %d %s", i, w.Code, w.Body)
		}
	}
	w := lookup()
	if p := problem(t, w); w.Code != 429 || p.Msg != string(kontakt.MsgTooMany) || w.Header().Get("Retry-After") == "" {
		t.Errorf("beyond the burst: %d %+v", w.Code, p)
	}
	if w := ask(a, "GET", "/api/v1/me", "nurse-secret", ""); w.Code != 200 {
		t.Errorf("another route of the same session: %d", w.Code)
	}
	now = now.Add(perLookup.every)
	if w := lookup(); w.Code != 200 {
		t.Errorf("after a pause: %d", w.Code)
	}
}

func TestHandler_guessedSecretsAreSlowedByAddress(t *testing.T) {
	a := newAPI(t, Parts{}, nil)
	for range perBadSecret.burst {
		if w := ask(a, "GET", "/api/v1/me", "made-up", ""); w.Code != 401 {
			t.Fatalf("guess: %d", w.Code)
		}
	}
	if w := ask(a, "GET", "/api/v1/me", "made-up", ""); w.Code != 429 {
		t.Errorf("one guess more: %d", w.Code)
	}
	if w := ask(a, "GET", "/api/v1/me", "nurse-secret", ""); w.Code != 200 {
		t.Errorf("a good secret from the same address: %d", w.Code)
	}
	elsewhere := func(r *http.Request) { r.RemoteAddr = "198.51.100.9:1" }
	if w := ask(a, "GET", "/api/v1/me", "made-up", "", elsewhere); w.Code != 401 {
		t.Errorf("a guess from elsewhere: %d", w.Code)
	}
}

func TestAddress_whereARequestComesFrom(t *testing.T) {
	for _, c := range []struct {
		name, remote, forwarded string
		proxy                   bool
		want                    string
	}{
		{"direct", "198.51.100.7:443", "", false, "198.51.100.7"},
		{"a header that nobody vouches for", "198.51.100.7:443", "10.0.0.1", false, "198.51.100.7"},
		{"behind our proxy", "127.0.0.1:443", "198.51.100.7", true, "198.51.100.7"},
		{"behind our proxy, with a forged entry before it", "127.0.0.1:443", "10.9.9.9, 198.51.100.7", true, "198.51.100.7"},
		{"our proxy says nothing", "127.0.0.1:443", "", true, "127.0.0.1"},
		{"our proxy says rubbish", "127.0.0.1:443", "rubbish", true, "unknown"},
		{"IPv6 counts by network", "[2001:db8:1:2:3:4:5:6]:443", "", false, "2001:db8:1:2::/64"},
		{"IPv4 in IPv6", "[::ffff:198.51.100.7]:443", "", false, "198.51.100.7"},
	} {
		a := newAPI(t, Parts{}, func(cfg *Config) { cfg.BehindProxy = c.proxy })
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := a.address(r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLimiter_remembersABoundedNumber(t *testing.T) {
	l := newLimiter()
	for i := range 3 * maxBuckets {
		l.allow(perAddress, string(rune(i)), 1, t0)
	}
	if len(l.buckets) != maxBuckets || l.recent.Len() != maxBuckets {
		t.Errorf("buckets = %d, list = %d", len(l.buckets), l.recent.Len())
	}
}

func TestHandler_headers(t *testing.T) {
	a := newAPI(t, Parts{}, func(c *Config) { c.TLS = true })
	w := ask(a, "GET", "/api/v1/nowhere", "", "")
	if p := problem(t, w); w.Code != 404 || p.Msg != string(kontakt.MsgNotFound) {
		t.Errorf("nowhere: %d %+v", w.Code, p)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		"Strict-Transport-Security": "max-age=63072000", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

func TestEntry_theCitizenIsForAnEmployeeOnly(t *testing.T) {
	a := newAPI(t, Parts{Queue: fakeQueue{entry: func(_ context.Context, id kontakt.EntryID) (kontakt.Entry, error) {
		return kontakt.Entry{ID: id, Citizen: kontakt.Citizen{ID: kontakt.NewCitizenID(), Name: "Hansen", Masked: "290200-••••"}}, nil
	}}}, nil)
	path := "/api/v1/entries/" + string(kontakt.NewEntryID())
	if w := ask(a, "GET", path, "nurse-secret", ""); !strings.Contains(w.Body.String(), "Hansen") {
		t.Errorf("nurse: %s", w.Body)
	}
	if w := ask(a, "GET", path, "device-secret", ""); w.Code != 200 || strings.Contains(w.Body.String(), "Hansen") || strings.Contains(w.Body.String(), "290200") {
		t.Errorf("device: %d %s", w.Code, w.Body)
	}
}
