package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"kontaktlaege/backend/web"
)

// site is what the pages stand on: the handlers where the backend mounts them.
func site(signOut ...string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/klinik/", web.Clinic(signOut...))
	mux.Handle("/gaest/", web.Guest())
	mux.Handle("/sygepleje/", web.Nurse())
	mux.Handle("/shared/", web.Shared())
	return mux
}

func get(t testing.TB, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPages_whatABrowserMayDo(t *testing.T) {
	h := site("https://login.example.dk")
	for _, path := range []string{"/klinik/", "/klinik/main.js", "/gaest/", "/gaest/main.js", "/sygepleje/", "/sygepleje/main.js", "/shared/api.js", "/klinik/nothing-here", "/shared/"} {
		got := get(t, h, "GET", path).Header
		csp := got.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'",
			"frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
		} {
			if !strings.Contains(csp+";", want+";") {
				t.Errorf("%s: policy %q lacks %q", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe-") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %q is not strict", path, csp)
		}
		if p := got.Get("Permissions-Policy"); !strings.Contains(p, "camera=(self)") || !strings.Contains(p, "microphone=(self)") {
			t.Errorf("%s: Permissions-Policy = %q", path, p)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.Get(name) != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got.Get(name), want)
			}
		}
	}
}

func TestPages_signOutMayGoOnToTheProviderAndNowhereElse(t *testing.T) {
	csp := get(t, site("https://login.example.dk"), "GET", "/klinik/").Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "form-action 'self' https://login.example.dk;") {
		t.Errorf("policy = %q", csp)
	}
	csp = get(t, site(), "GET", "/klinik/").Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "form-action 'self';") {
		t.Errorf("policy = %q", csp)
	}
}

func TestPages_aFileIsAskedAboutEachTimeAndSentOnce(t *testing.T) {
	h := site()
	first := get(t, h, "GET", "/klinik/main.js")
	tag := first.Header.Get("ETag")
	if first.StatusCode != 200 || tag == "" || first.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("status %d, ETag %q, Cache-Control %q", first.StatusCode, tag, first.Header.Get("Cache-Control"))
	}
	again := get(t, h, "GET", "/klinik/main.js", "If-None-Match", tag)
	if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("status %d, want 304 and no body", again.StatusCode)
	}
	if other := get(t, h, "GET", "/klinik/list.js").Header.Get("ETag"); other == tag {
		t.Error("two files share an ETag")
	}
}

func TestPages_kindsOfFile(t *testing.T) {
	h := site()
	for path, want := range map[string]string{
		"/klinik/":                         "text/html; charset=utf-8",
		"/klinik/main.js":                  "text/javascript; charset=utf-8",
		"/klinik/clinic.css":               "text/css; charset=utf-8",
		"/klinik/icon.svg":                 "image/svg+xml",
		"/klinik/text/da.json":             "application/json",
		"/gaest/":                          "text/html; charset=utf-8",
		"/gaest/text/da.json":              "application/json",
		"/sygepleje/":                      "text/html; charset=utf-8",
		"/sygepleje/text/da.json":          "application/json",
		"/shared/noto-sans-regular.woff2":  "font/woff2",
		"/shared/noto-sans-semibold.woff2": "font/woff2",
	} {
		r := get(t, h, "GET", path)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != want {
			t.Errorf("%s: status %d, type %q, want %q", path, r.StatusCode, r.Header.Get("Content-Type"), want)
		}
	}
}

func TestPages_refusals(t *testing.T) {
	h := site()
	for _, row := range []struct {
		name, method, path string
		status             int
	}{
		{"a post is not for a page", "POST", "/klinik/", 405},
		{"nothing there", "GET", "/klinik/nothing", 404},
		{"no listing of a folder", "GET", "/klinik/text/", 404},
		{"no listing of what is shared", "GET", "/shared/", 404},
		{"the sources beside the pages are not served", "GET", "/klinik/..%2fweb.go", 404},
		{"head is answered", "HEAD", "/klinik/", 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := get(t, h, row.method, row.path).StatusCode; got != row.status {
				t.Errorf("status = %d, want %d", got, row.status)
			}
		})
	}
}

func TestPages_holdNoInlineCodeAndAskNobodyElse(t *testing.T) {
	for _, path := range []string{"/klinik/", "/gaest/", "/sygepleje/"} {
		page := body(t, get(t, site(), "GET", path))
		for what, bad := range map[string]string{
			"inline script":        `<script(?:\s[^>]*)?>\s*[^<\s]`,
			"inline style":         `<style|\sstyle=`,
			"inline event handler": `\son[a-z]+=`,
			"another origin":       `(?:src|href|action)="(?:https?:)?//`,
		} {
			if m := regexp.MustCompile(bad).FindString(page); m != "" {
				t.Errorf("%s: %s: %q", path, what, m)
			}
		}
	}
}

// The guest's page says nothing of anybody's health: it may be read over a shoulder, and its title in a list of tabs.
func TestGuestPage_hasNoWordOfHealth(t *testing.T) {
	bad := regexp.MustCompile(`(?i)patient|sygdom|diagnose|helbred|læge|journal|\bcpr\b|illness|health|doctor`)
	all := sources(t, ".html")["guest/index.html"]
	for _, lang := range []string{"da", "en"} {
		for _, text := range words(t, "guest", lang) {
			all += text + "\n"
		}
	}
	if m := bad.FindString(all); m != "" {
		t.Errorf("the guest's page says %q", m)
	}
}

func TestModules_makeNoMarkupFromData(t *testing.T) {
	bad := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function|https?://`)
	for name, text := range sources(t, ".js") {
		text = strings.ReplaceAll(text, "http://www.w3.org/2000/svg", "")
		if m := bad.FindString(text); m != "" {
			t.Errorf("%s: %q", name, m)
		}
	}
}

// imports of every module lead to a file that is served.
func TestModules_importsExist(t *testing.T) {
	h := site()
	from := regexp.MustCompile(`(?m)^import .* from '([^']+)'`)
	for name, text := range sources(t, ".js") {
		at := "/" + strings.NewReplacer("clinic", "klinik", "guest", "gaest", "nurse", "sygepleje").Replace(path.Dir(name))
		for _, m := range from.FindAllStringSubmatch(text, -1) {
			if got := get(t, h, "GET", path.Join(at, m[1])).StatusCode; got != 200 {
				t.Errorf("%s imports %s: status %d", name, m[1], got)
			}
		}
	}
}
