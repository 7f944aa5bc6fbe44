package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A hop of a walk in docs/architecture.md: "1. `file: function` what it does". A hop that the one before it does not call
// by its name begins with ⇢ and says in brackets what lies between: a queue, HTTP, a callback.
var (
	hop     = regexp.MustCompile("^[0-9]+\\. (⇢ )?`([^`:]+): ([^`]+)`(.*)$")
	between = regexp.MustCompile(`^ \([^)]+\)`)
)

// TestWalks_areTrue holds the walks against the code: each function is in its file, and calls the next one unless the walk
// says what lies between.
func TestWalks_areTrue(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## Five walks\n")
	if !found {
		t.Fatal("docs/architecture.md has no section \"Five walks\"")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	walks := strings.Split(section, "\n### ")[1:]
	if len(walks) != 5 {
		t.Fatalf("%d walks, want 5", len(walks))
	}
	for _, walk := range walks {
		title, steps, _ := strings.Cut(walk, "\n")
		t.Run(title, func(t *testing.T) { walkHolds(t, steps) })
	}
}

func walkHolds(t *testing.T, steps string) {
	var last string    // the hop before
	var calls []string // what it names
	hops := 0
	for line := range strings.SplitSeq(steps, "\n") {
		if line == "" || line[0] < '0' || line[0] > '9' {
			continue
		}
		m := hop.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("no hop: %s", line)
			continue
		}
		far, file, name, rest := m[1] != "", m[2], m[3], m[4]
		body, err := namesIn(filepath.Join(root(t), file), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, base := holder(name)
		switch called := slices.Contains(calls, base); {
		case hops == 0 && far:
			t.Errorf("%s: the first hop comes from nowhere", name)
		case far && !between.MatchString(rest):
			t.Errorf("%s: the walk does not say what lies between it and %s", name, last)
		case hops > 0 && !far && !called:
			t.Errorf("%s does not call %s, and the walk says nothing of what lies between", last, name)
		}
		last, calls = name, body
		hops++
	}
	if hops < 3 {
		t.Errorf("a walk of %d hops", hops)
	}
}

// holder takes "Type.method" apart; a function has none.
func holder(name string) (of, base string) {
	if of, base, found := strings.Cut(name, "."); found {
		return of, base
	}
	return "", name
}

// namesIn gives what a function of a file names.
func namesIn(path, name string) ([]string, error) {
	if strings.HasSuffix(path, ".go") {
		return namesInGo(path, name)
	}
	return namesInModule(path, name)
}

func namesInGo(path, name string) ([]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	of, base := holder(name)
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Name.Name != base || receiver(fn) != of || fn.Body == nil {
			continue
		}
		var names []string
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				names = append(names, id.Name)
			}
			return true
		})
		return names, nil
	}
	return nil, os.ErrNotExist
}

func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	typ := fn.Recv.List[0].Type
	if p, ok := typ.(*ast.StarExpr); ok {
		typ = p.X
	}
	switch g := typ.(type) { // of a generic type
	case *ast.IndexExpr:
		typ = g.X
	case *ast.IndexListExpr:
		typ = g.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

var word = regexp.MustCompile(`[A-Za-z_$][A-Za-z0-9_$]*`)

// namesInModule reads a page's module: a function or a method there ends where a brace stands as far in as its first line.
func namesInModule(path, name string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	_, base := holder(name)
	begin := regexp.MustCompile(`^(\s*)(?:export )?(?:(?:async )?function\*? |(?:async |static |get )?#?)` + regexp.QuoteMeta(base) + `\([^;]*\{$`)
	var names []string
	end := ""
	for line := range strings.SplitSeq(string(text), "\n") {
		switch m := begin.FindStringSubmatch(line); {
		case end == "" && m != nil:
			end = m[1] + "}"
		case end != "" && strings.HasPrefix(line, end):
			return names, nil
		case end != "":
			names = append(names, word.FindAllString(line, -1)...)
		}
	}
	return nil, os.ErrNotExist
}
