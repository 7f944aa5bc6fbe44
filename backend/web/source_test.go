package web_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// sources reads the pages' files of one kind, by path.
func sources(t testing.TB, ext string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, dir := range []string{"clinic", "guest", "nurse", "shared"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ext {
				return err
			}
			b, err := os.ReadFile(name)
			all[filepath.ToSlash(name)] = string(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) == 0 {
		t.Fatalf("no %s files", ext)
	}
	return all
}

// pages are the folders that have words of their own; what they share says words of each that imports it.
var pages = []string{"clinic", "guest", "nurse"}

// imported gives the modules that a page runs, by path, and its page itself.
func imported(t testing.TB, page string) map[string]bool {
	t.Helper()
	from := regexp.MustCompile(`(?m)^import [^'\n]*'([^'\n]+)'`)
	all, found := sources(t, ".js"), map[string]bool{page + "/index.html": true}
	var follow func(name string)
	follow = func(name string) {
		if found[name] {
			return
		}
		if all[name] == "" {
			t.Fatalf("no module %s", name)
		}
		found[name] = true
		for _, m := range from.FindAllStringSubmatch(all[name], -1) {
			follow(path.Join(path.Dir(name), m[1]))
		}
	}
	follow(page + "/main.js")
	return found
}

func words(t testing.TB, page, lang string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(page + "/text/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var w map[string]string
	if err := json.Unmarshal(b, &w); err != nil {
		t.Fatalf("%s.json: %v", lang, err)
	}
	return w
}

// backendKeys are the sentences that the backend may answer with.
func backendKeys(t testing.TB) map[string]bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../../internal/kontakt/message.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			keys[s] = true
		}
		return true
	})
	return keys
}

func TestText_bothLanguagesSayTheSameThings(t *testing.T) {
	param := regexp.MustCompile(`\{\w+\}`)
	for _, page := range pages {
		da, en := words(t, page, "da"), words(t, page, "en")
		for key := range maps.Keys(da) {
			if en[key] == "" || da[key] == "" {
				t.Errorf("%s: %s: Danish %q, English %q", page, key, da[key], en[key])
				continue
			}
			p, q := param.FindAllString(da[key], -1), param.FindAllString(en[key], -1)
			slices.Sort(p)
			slices.Sort(q)
			if !slices.Equal(p, q) {
				t.Errorf("%s: %s: Danish fills %v, English %v", page, key, p, q)
			}
		}
		for key := range en {
			if da[key] == "" {
				t.Errorf("%s: %s is only English", page, key)
			}
		}
	}
}

func TestText_everyKeyIsUsedAndEveryUsedKeyExists(t *testing.T) {
	literal := regexp.MustCompile(`'([a-z]+\.[a-z_]+)'`)
	attribute := regexp.MustCompile(`data-(?:text|label)="([^"]+)"`)
	spoken := regexp.MustCompile(`\bt\('([^']+)'`)
	backend := backendKeys(t)
	for _, page := range pages {
		da := words(t, page, "da")
		used := map[string]bool{}
		runs := imported(t, page)
		of := func(name string) bool { return runs[name] }
		for name, text := range sources(t, ".js") {
			if !of(name) {
				continue
			}
			for _, m := range literal.FindAllStringSubmatch(text, -1) {
				used[m[1]] = true
			}
			for _, m := range spoken.FindAllStringSubmatch(text, -1) {
				if da[m[1]] == "" {
					t.Errorf("%s says %s, which has no words in %s", name, m[1], page)
				}
			}
		}
		for name, text := range sources(t, ".html") {
			if !of(name) {
				continue
			}
			for _, m := range attribute.FindAllStringSubmatch(text, -1) {
				used[m[1]] = true
				if da[m[1]] == "" {
					t.Errorf("%s says %s, which has no words", name, m[1])
				}
			}
		}
		for key := range da {
			if !used[key] && !backend[key] {
				t.Errorf("%s: %s is never said", page, key)
			}
		}
	}
}
