// Package web holds the pages: plain ES modules, styles and texts, embedded as they stand in the folders clinic,
// guest, nurse and shared, without a build step.
//
// Invariants: a page loads nothing from another origin and runs no inline script or style; its content security policy
// has no unsafe-* and demands trusted types, of which the pages make none; a page holds no data, all of it comes from
// the API after sign-in; each file is served with its hash as ETag and asked about again, so that a new backend never
// runs with an old page.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed clinic guest nurse shared
var files embed.FS

// Clinic serves the clinic module below /klinik/. A sign-out is a form post that the backend sends on to the sign-in
// provider; browsers hold such a redirect to the policy too, so signOut names the origins it may go to.
func Clinic(signOut ...string) http.Handler {
	return serve("/klinik/", "clinic", policy(signOut))
}

// Guest serves the page of a guest below /gaest/.
func Guest() http.Handler {
	return serve("/gaest/", "guest", policy(nil))
}

// Nurse serves the page of a nurse at a PC below /sygepleje/.
func Nurse() http.Handler {
	return serve("/sygepleje/", "nurse", policy(nil))
}

// Shared serves what the pages share, below /shared/.
func Shared() http.Handler {
	return serve("/shared/", "shared", policy(nil))
}

func policy(signOut []string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self'",
		"font-src 'self'",
		"connect-src 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
		strings.Join(append([]string{"form-action 'self'"}, signOut...), " "),
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
	}, "; ")
}

// types are the kinds of file that a page may have; a file of another kind stops the program at start.
var types = map[string]string{
	".html":  "text/html; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

type file struct {
	body, etag, kind string
}

func serve(prefix, dir, policy string) http.Handler {
	all := load(dir)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), fullscreen=(self), picture-in-picture=(self), speaker-selection=(self), geolocation=(), payment=(), usb=()")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "405", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, prefix)
		if name == "" {
			name = "index.html"
		}
		f, ok := all[name]
		if !ok {
			http.Error(w, "404", http.StatusNotFound)
			return
		}
		h.Set("Content-Type", f.kind)
		h.Set("ETag", f.etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader([]byte(f.body)))
	})
}

// load reads the embedded folder once. What it refuses is a mistake in this repository, so it stops the program.
func load(dir string) map[string]file {
	all := map[string]file{}
	err := fs.WalkDir(files, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		kind, ok := types[path.Ext(name)]
		if !ok {
			panic("web: " + name + " is of no kind that a page may have")
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		all[strings.TrimPrefix(name, dir+"/")] = file{string(body), `"` + hex.EncodeToString(sum[:12]) + `"`, kind}
		return nil
	})
	if err != nil {
		panic("web: " + err.Error())
	}
	return all
}
