package httpapi

import (
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// documented reads the table of docs/protocol.md: route → who, for what is under /api/v1.
func documented(t *testing.T) map[string]access {
	t.Helper()
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| (`[^|]+`) \\| ([^|]+) \\|")
	one := regexp.MustCompile("`(GET|POST|DELETE) ([^`?]+)[^`]*`")
	found := map[string]access{}
	var last access
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		who := access(0)
		for word, a := range map[string]access{"anyone": anyone, "device": device, "nurse": nurse, "clinic": clinic} {
			if strings.Contains(m[2], word) {
				who |= a
			}
		}
		if strings.Contains(m[2], "the same") {
			who = last
		}
		last = who
		for _, p := range one.FindAllStringSubmatch(m[1], -1) {
			path := p[2]
			if strings.HasPrefix(path, "/klinik/") || strings.HasPrefix(path, "/signin/") || path == "/healthz" || path == "/metrics" {
				continue // not under /api/v1
			}
			found[p[1]+" "+path] = who
		}
	}
	return found
}

func TestRoutes_areThoseOfTheProtocol(t *testing.T) {
	doc := documented(t)
	if len(doc) < 25 {
		t.Fatalf("docs/protocol.md has %d routes: the table was not found", len(doc))
	}
	for _, rt := range routes {
		name := rt.method + " " + rt.path
		who, ok := doc[name]
		if !ok {
			t.Errorf("%s is not in docs/protocol.md", name)
		} else if who != rt.who {
			t.Errorf("%s: who = %04b, docs/protocol.md says %04b", name, rt.who, who)
		}
		delete(doc, name)
	}
	for name := range doc {
		t.Errorf("%s of docs/protocol.md is not served", name)
	}
}

func TestRoutes_haveARule(t *testing.T) {
	for _, bad := range []route{
		{method: "GET", path: "/x", limit: perSession, do: (*API).me},
		{method: "GET", path: "/x", who: nurse, do: (*API).me},
		{method: "GET", path: "/x", who: nurse, limit: perSession},
	} {
		if bad.complete() {
			t.Errorf("%+v would be registered", bad)
		}
	}
	for _, rt := range routes {
		if !rt.complete() {
			t.Errorf("%s %s is not complete", rt.method, rt.path)
		}
		if rt.method == http.MethodPost && rt.body == 0 {
			t.Errorf("%s %s takes no body at all", rt.method, rt.path)
		}
		if rt.once && rt.method != http.MethodPost {
			t.Errorf("%s %s is once, but no POST", rt.method, rt.path)
		}
	}
}

// Every route, asked by everyone who may not: without a secret, with one that nobody has, with each role that is not
// named, and with each role in the other's dress.
func TestRoutes_askedByThoseWhoMayNot(t *testing.T) {
	a := newAPI(t, Parts{}, nil)
	roles := map[string]access{
		"device-secret": device, "nurse-secret": nurse, "clinician-secret": clinic, "secretary-secret": clinic, "citizen-secret": 0,
	}
	for _, rt := range routes {
		if rt.who == anyone {
			continue
		}
		path := prefix + strings.ReplaceAll(rt.path, "{id}", "x")
		if code := ask(a, rt.method, path, "", "").Code; code != http.StatusUnauthorized {
			t.Errorf("%s without a secret: %d", path, code)
		}
		if code := ask(a, rt.method, path, "made-up", "").Code; code != http.StatusUnauthorized {
			t.Errorf("%s with a made-up secret: %d", path, code)
		}
		for secret, is := range roles {
			asBearer := ask(a, rt.method, path, secret, "").Code
			if is == clinic && asBearer != http.StatusUnauthorized {
				t.Errorf("%s with a clinic's cookie as a bearer token: %d", path, asBearer)
			}
			if is != clinic && is&rt.who == 0 && asBearer != http.StatusForbidden {
				t.Errorf("%s as %s: %d", path, secret, asBearer)
			}
			asCookie := ask(a, rt.method, path, "", "", withCookie(secret)).Code
			if is != clinic && asCookie != http.StatusUnauthorized {
				t.Errorf("%s with %s in a cookie: %d", path, secret, asCookie)
			}
			if is == clinic && rt.who&clinic == 0 && asCookie != http.StatusUnauthorized {
				t.Errorf("%s with a clinic's cookie: %d", path, asCookie)
			}
		}
	}
}
