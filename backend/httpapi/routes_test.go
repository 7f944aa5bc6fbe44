package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// documented reads the table of docs/protocol.md: route → who, for what is under /api/v1. Where a row has several routes,
// a semicolon parts who may use each; the last goes for the rest.
func documented(t *testing.T) map[string]access {
	t.Helper()
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| (`[^|]+`) \\| ([^|]+) \\|")
	one := regexp.MustCompile("`(GET|POST|PUT|DELETE) ([^`?]+)[^`]*`")
	found := map[string]access{}
	var last access
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		parts := strings.Split(m[2], ";")
		for i, p := range one.FindAllStringSubmatch(m[1], -1) {
			said := parts[min(i, len(parts)-1)]
			who := access(0)
			for word, a := range map[string]access{"anyone": anyone, "device": device, "nurse": nurse, "clinic": clinic, "guest": guest, "pc": pc} {
				if strings.Contains(said, word) {
					who |= a
				}
			}
			if strings.Contains(said, "the same") {
				who = last
			}
			last = who
			path := p[2]
			if strings.HasPrefix(path, "/klinik/") || strings.HasPrefix(path, "/sygepleje/") || strings.HasPrefix(path, "/resume/") || strings.HasPrefix(path, "/signin/") || path == "/gaest/" || path == "/healthz" || path == "/metrics" {
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
			t.Errorf("%s: who = %05b, docs/protocol.md says %05b", name, rt.who, who)
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
		writes := rt.method == http.MethodPost || rt.method == http.MethodPut
		if writes && rt.body == 0 {
			t.Errorf("%s %s takes no body at all", rt.method, rt.path)
		}
		if rt.once && !writes {
			t.Errorf("%s %s is once, but changes nothing", rt.method, rt.path)
		}
	}
}

// Every route, asked by everyone who may not: without a secret, with one that nobody has, with each role that is not
// named, and with each role in the other's dress.
func TestRoutes_askedByThoseWhoMayNot(t *testing.T) {
	a := newAPI(t, Parts{}, nil)
	roles := map[string]access{
		"device-secret": device, "nurse-secret": nurse, "clinician-secret": clinic, "secretary-secret": clinic, "guest-secret": guest, "pc-secret": pc,
		"citizen-secret": 0,
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
			browser := is&(clinic|guest|pc) != 0
			if browser && asBearer != http.StatusUnauthorized {
				t.Errorf("%s with the cookie %s as a bearer token: %d", path, secret, asBearer)
			}
			if !browser && is&rt.who == 0 && asBearer != http.StatusForbidden {
				t.Errorf("%s as %s: %d", path, secret, asBearer)
			}
			for cookie, of := range map[string]access{cookieName: clinic, guestCookie: guest, pcCookie: pc} {
				asCookie := ask(a, rt.method, path, "", "", withCookieOf(cookie, secret)).Code
				if (is != of || rt.who&of == 0) && asCookie != http.StatusUnauthorized {
					t.Errorf("%s with %s in the cookie %s: %d", path, secret, cookie, asCookie)
				}
			}
		}
	}
}

// A browser may hold a clinic's cookie and a guest's: where either may ask, the clinic's counts, unless the page says that
// it is a guest's.
func TestIdentify_ofTwoCookiesThePageSaysWhich(t *testing.T) {
	var asked kontakt.Role
	a := newAPI(t, Parts{Calls: fakeCalls(func(ctx context.Context) (kontakt.Seq, error) {
		by, _ := kontakt.ActorFrom(ctx)
		asked = by.Role
		return 1, nil
	})}, nil)
	path := prefix + "/calls/" + string(kontakt.NewCallID()) + "/signals"
	both := []func(*http.Request){withCookieOf(guestCookie, "guest-secret"), withCookie("clinician-secret")}
	for query, want := range map[string]kontakt.Role{"": kontakt.RoleClinician, "?guest": kontakt.RoleGuest} {
		if w := ask(a, "POST", path+query, "", `{"signals":[]}`, both...); w.Code != http.StatusAccepted || asked != want {
			t.Errorf("%q: %d as %s, want %s", query, w.Code, asked, want)
		}
	}
	for query, want := range map[string]func(*http.Request){"": both[0], "?guest": both[1]} {
		if w := ask(a, "POST", path+query, "", `{"signals":[]}`, want); w.Code != http.StatusAccepted {
			t.Errorf("%q with the other cookie alone: %d", query, w.Code)
		}
	}
}
