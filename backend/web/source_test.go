package web_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sources reads the pages' files of one kind, by path.
func sources(t testing.TB, ext string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, dir := range []string{"clinic", "guest", "shared"} {
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

// pages are the folders that have words of their own; what they share says words of each.
var pages = []string{"clinic", "guest"}

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
		of := func(name string) bool { return strings.HasPrefix(name, page+"/") || strings.HasPrefix(name, "shared/") }
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

// What wire.d.ts tells the pages about the backend's JSON is what the Go types say.
func TestWireTypes_areThoseOfTheBackend(t *testing.T) {
	b, err := os.ReadFile("wire.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	structs := wireStructs(t)
	decl := regexp.MustCompile(`(?s)export interface (\w+) \{(.*?)\}\n`)
	member := regexp.MustCompile(`(\w+)(\??): `)
	found := decl.FindAllStringSubmatch(strings.ReplaceAll(string(b), "Record<string, string>", "Map"), -1)
	if len(found) == 0 {
		t.Fatal("no interfaces in wire.d.ts")
	}
	for _, m := range found {
		got := map[string]bool{}
		for _, f := range member.FindAllStringSubmatch(m[2], -1) {
			got[f[1]] = f[2] == "?"
		}
		if want := structs[m[1]]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: wire.d.ts has %v, internal/wire has %v", m[1], got, want)
		}
	}
}

// wireStructs gives each struct of internal/wire with its JSON names and whether they may be absent.
func wireStructs(t testing.TB) map[string]map[string]bool {
	t.Helper()
	names, err := filepath.Glob("../../internal/wire/*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("no Go files in internal/wire: %v", err)
	}
	all := map[string]map[string]bool{}
	for _, name := range append([]string{"../../internal/kontakt/told.go"}, names...) { // first what the others embed
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			fields := map[string]bool{}
			for _, field := range s.Fields.List {
				if embedded, ok := field.Type.(*ast.SelectorExpr); ok && field.Names == nil {
					maps.Copy(fields, all[embedded.Sel.Name])
				}
				if field.Tag == nil {
					continue
				}
				name, opt, _ := strings.Cut(reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("json"), ",")
				fields[name] = opt == "omitempty"
			}
			all[spec.Name.Name] = fields
			return true
		})
	}
	return all
}
