package arch

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "kontaktlaege"

// pkg is what `go list -json` says of one of our packages.
type pkg struct {
	ImportPath, Dir, Name            string
	Imports, Deps, CgoFiles, GoFiles []string
}

func (p pkg) folder() string {
	if p.ImportPath == module {
		return "main"
	}
	return strings.TrimPrefix(p.ImportPath, module+"/")
}

// rule is one row of docs/rules.md.
type rule struct {
	fromUs      []string // folders, with "*" for one more element
	never       []string // through the whole graph
	neverDirect []string
}

func TestRules_importsAreAsDrawn(t *testing.T) {
	rules := readRules(t)
	pkgs := listPackages(t)
	seen := map[string]bool{}
	for _, p := range pkgs {
		folder := p.folder()
		seen[folder] = true
		r, ok := rules[folder]
		if !ok {
			t.Errorf("%s has no row in docs/rules.md", folder)
			continue
		}
		for _, imp := range p.Imports {
			if from, ours := strings.CutPrefix(imp, module+"/"); ours && !allowed(r.fromUs, from) {
				t.Errorf("%s imports %s, which docs/rules.md does not list", folder, from)
			}
		}
		for _, ban := range r.never {
			if ban == "C" {
				if len(p.CgoFiles) > 0 {
					t.Errorf("%s has cgo in %s", folder, strings.Join(p.CgoFiles, ", "))
				}
				continue
			}
			if hit := find(p.Deps, ban); hit != "" {
				t.Errorf("%s reaches %s, which docs/rules.md bans (%s)", folder, hit, ban)
			}
		}
		for _, ban := range r.neverDirect {
			if hit := find(p.Imports, ban); hit != "" {
				t.Errorf("%s imports %s, which docs/rules.md bans (%s)", folder, hit, ban)
			}
		}
	}
	for folder := range rules {
		if !seen[folder] {
			t.Errorf("docs/rules.md has a row for %s, which is no package", folder)
		}
	}
}

func TestRules_eachPackageSaysItsInvariants(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.Name == "main" || len(p.GoFiles)+len(p.CgoFiles) == 0 {
			continue
		}
		docs := packageDocs(t, p)
		if len(docs) != 1 {
			t.Errorf("%s has %d package docs, want 1", p.folder(), len(docs))
		} else if len(strings.Fields(docs[0])) < 12 {
			t.Errorf("%s: the package doc says too little: %q", p.folder(), docs[0])
		}
	}
}

// revealers may call CPR.Reveal: what sends the number on, stores it under lock, or shows where it is keyed what was scanned.
var revealers = []string{"app/client", "ui/screen", "backend/store/sqlite", "backend/store", "backend/fhir", "backend/demo", "e2e"}

func TestRules_fewMayRevealACPR(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.folder() == "internal/kontakt" || slices.Contains(revealers, p.folder()) {
			continue
		}
		for _, name := range append(p.GoFiles, p.CgoFiles...) {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Reveal" {
					t.Errorf("%s reveals a CPR number", set.Position(sel.Pos()))
				}
				return true
			})
		}
	}
}

// topLevel is all that may stand at the root; anything else needs a reason in docs/adr.
var topLevel = []string{
	"app", "ui", "media", "auth", "backend", "assets", "internal", "e2e", "docs", "main.go", "FyneApp.toml", "go.mod",
	"go.sum", "Makefile", "README.md", "CHANGELOG.md", ".ci", ".git", ".gitignore", "out", "bin",
}

func TestRules_topLevelIsTidy(t *testing.T) {
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(topLevel, e.Name()) {
			t.Errorf("%s stands at the top level without a reason", e.Name())
		}
	}
}

// drawers are folder names that say nothing of what lies in them.
var drawers = []string{"util", "utils", "common", "helper", "helpers", "base", "misc", "lib"}

func TestRules_noDrawers(t *testing.T) {
	err := filepath.WalkDir(root(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		switch d.Name() {
		case ".git", "node_modules", "out", "bin":
			return filepath.SkipDir
		}
		if slices.Contains(drawers, d.Name()) {
			t.Errorf("%s is a drawer: name it for what it gives", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "migrated_fynedo", "-json=ImportPath,Dir,Name,Imports,Deps,CgoFiles,GoFiles", "./...")
	cmd.Dir = root(t)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs
}

// readRules reads the table of docs/rules.md.
func readRules(t *testing.T) map[string]rule {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]rule{}
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.Contains(cells[1], "---") || strings.TrimSpace(cells[1]) == "package" {
			continue
		}
		var r rule
		if us := strings.TrimSpace(cells[2]); us != "none" {
			r.fromUs = words(us)
		}
		for _, ban := range words(cells[3]) {
			if direct := strings.Trim(ban, "*"); direct != ban {
				r.neverDirect = append(r.neverDirect, direct)
			} else {
				r.never = append(r.never, ban)
			}
		}
		for _, folder := range words(cells[1]) {
			if _, twice := rules[folder]; twice {
				t.Errorf("docs/rules.md has two rows for %s", folder)
			}
			rules[folder] = r
		}
	}
	if len(rules) < 10 {
		t.Fatalf("docs/rules.md: %d rows read", len(rules))
	}
	return rules
}

func words(cell string) []string {
	var out []string
	for _, w := range strings.Split(cell, ",") {
		out = append(out, strings.TrimSpace(w))
	}
	return out
}

// notStar is what "backend/*" leaves out.
var notStar = []string{"backend/cmd/kontaktd", "backend/demo", "backend/loadtest", "backend/store/storetest"}

func allowed(list []string, folder string) bool {
	for _, a := range list {
		prefix, star := strings.CutSuffix(a, "*")
		if a == folder || star && strings.HasPrefix(folder, prefix) && !slices.Contains(notStar, folder) {
			return true
		}
	}
	return false
}

// bans are the import paths behind the words of the column "never".
var bans = map[string]func(path string) bool{
	"fyne": func(p string) bool { return strings.HasPrefix(p, "fyne.io/") },
	"pion": func(p string) bool { return strings.HasPrefix(p, "github.com/pion/") },
	"pion except mediadevices": func(p string) bool {
		return strings.HasPrefix(p, "github.com/pion/") && !strings.HasPrefix(p, "github.com/pion/mediadevices/")
	},
	"net/http":     func(p string) bool { return p == "net/http" },
	"database/sql": func(p string) bool { return p == "database/sql" },
	"tobs":         func(p string) bool { return strings.HasSuffix(p, "/tobs") }, // the order of those who wait knows no score
}

// find gives the first path that a ban hits; a ban that this test does not know hits everything.
func find(paths []string, ban string) string {
	hits, known := bans[ban]
	if !known {
		return "a word that this test does not know: " + ban
	}
	for _, p := range paths {
		if hits(p) {
			return p
		}
	}
	return ""
}

func packageDocs(t *testing.T, p pkg) []string {
	t.Helper()
	var docs []string
	for _, name := range append(p.GoFiles, p.CgoFiles...) {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		if file.Doc != nil {
			docs = append(docs, file.Doc.Text())
		}
	}
	return docs
}
