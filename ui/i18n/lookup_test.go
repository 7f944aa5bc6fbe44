package i18n_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kontaktlaege/assets"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
)

const root = "../.."

func texts(t *testing.T, language string) map[string]string {
	t.Helper()
	data, err := assets.Text.ReadFile("text/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// strings in Go sources that look like a key.
var keyShape = regexp.MustCompile(`^[a-z]+\.[a-z0-9_]+(\.one)?$`)

// literals gives every string literal of the Go files below dir that are no tests.
func literals(t *testing.T, dir string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules" || d.Name() == "out") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					found[s] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// messageKeys gives the values of the constants in internal/kontakt/message.go.
func messageKeys(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "internal/kontakt/message.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			for _, value := range v.Values {
				if s, err := strconv.Unquote(value.(*ast.BasicLit).Value); err == nil {
					keys = append(keys, s)
				}
			}
		}
		return true
	})
	if len(keys) < 30 {
		t.Fatalf("found only %d message constants: has the file moved?", len(keys))
	}
	return keys
}

func TestTexts_everyMessageAndEveryKeyOfAScreenHasAllLanguages(t *testing.T) {
	da := texts(t, i18n.Danish)
	wanted := messageKeys(t)
	for _, step := range kontakt.Ladder {
		wanted = append(wanted, string(step.Word))
		if step.Rung != kontakt.RungFull {
			wanted = append(wanted, string(step.Told))
		}
	}
	prefixes := map[string]bool{}
	for k := range da {
		prefix, _, _ := strings.Cut(k, ".")
		prefixes[prefix] = true
	}
	for s := range literals(t, "ui") {
		prefix, _, _ := strings.Cut(s, ".")
		if keyShape.MatchString(s) && prefixes[prefix] {
			wanted = append(wanted, s)
		}
	}
	for s := range literals(t, "app") { // which has names of operations of the same shape
		if keyShape.MatchString(s) && strings.HasPrefix(s, "say.") {
			wanted = append(wanted, s)
		}
	}
	for _, language := range i18n.Languages {
		have := texts(t, language)
		for _, k := range wanted {
			if have[k] == "" {
				t.Errorf("%s is not said in %s", k, language)
			}
		}
	}
}

func TestTexts_languagesHoldTheSameKeysAndParameters(t *testing.T) {
	da := texts(t, i18n.Danish)
	param := regexp.MustCompile(`\{[^}]*\}`)
	for _, language := range i18n.Languages {
		other := texts(t, language)
		for k, d := range da {
			e, ok := other[k]
			if !ok {
				t.Errorf("%s is not said in %s", k, language)
				continue
			}
			pd, pe := param.FindAllString(d, -1), param.FindAllString(e, -1)
			slices.Sort(pd)
			slices.Sort(pe)
			if !slices.Equal(pd, pe) {
				t.Errorf("%s: parameters %v in Danish, %v in %s", k, pd, pe, language)
			}
			if lines := strings.Count(d, "\n"); lines != strings.Count(e, "\n") {
				t.Errorf("%s: %d lines in Danish and another number in %s", k, lines+1, language)
			}
		}
		for k := range other {
			if _, ok := da[k]; !ok {
				t.Errorf("%s of %s has no Danish", k, language)
			}
		}
	}
}

// A key that stands twice in a file is read once, and nobody sees which.
func TestTexts_noKeyStandsTwice(t *testing.T) {
	key := regexp.MustCompile(`(?m)^  "([^"]+)":`)
	for _, language := range i18n.Languages {
		data, err := assets.Text.ReadFile("text/" + language + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, m := range key.FindAllStringSubmatch(string(data), -1) {
			if seen[m[1]] {
				t.Errorf("%s stands twice in %s", m[1], language)
			}
			seen[m[1]] = true
		}
	}
}

func TestTexts_noKeyIsUnused(t *testing.T) {
	used := literals(t, "")
	for k := range texts(t, "da") {
		if !used[k] && !used[strings.TrimSuffix(k, ".one")] {
			t.Errorf("%s is said nowhere", k)
		}
	}
}

// Danish on screens: no exclamation marks, no English, no blame (domain.md §8).
func TestTexts_danishKeepsTheTone(t *testing.T) {
	banned := regexp.MustCompile(`(?i)!|\berror\b|\bok\b|\blogin'et\b|\bfejl fra din side\b|\bdu har gjort\b|\bplease\b|  `)
	for k, s := range texts(t, "da") {
		if m := banned.FindString(s); m != "" {
			t.Errorf("%s says %q in %q", k, m, s)
		}
	}
}

func TestSay_fillsParametersAndNamesAMissingKey(t *testing.T) {
	da, en := i18n.For("da"), i18n.For("en")
	rows := []struct{ name, got, want string }{
		{"a parameter", da.Say("q.number", "n", "47"), "Nummer 47"},
		{"in English", en.Say("q.number", "n", "47"), "Number 47"},
		{"a language nobody knows is Danish", i18n.For("fr").Say("start.login"), "Log ind"},
		{"a parameter that nobody gave", da.Say("q.number"), "Nummer –"},
		{"a key that nobody wrote", da.Say("no.such"), "Noget gik galt. Prøv igen. (kode no.such)"},
		{"the singular", da.Say("time.minutes", "n", "1"), "1\u00a0minut"},
		{"the plural", da.Say("time.minutes", "n", "2"), "2\u00a0minutter"},
		{"a value with braces stays as it is", da.Say("q.joined", "klinik", "{n}"), "I kø hos {n}"},
		{"a message with its parameters", da.Sentence(kontakt.MsgCPRLength, map[string]string{"n": "9"}), "Der skal være 10\u00a0cifre. Du har skrevet 9."},
	}
	for _, r := range rows {
		if r.got != r.want {
			t.Errorf("%s: %q, want %q", r.name, r.got, r.want)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Errorf("the tests above read the module from %s: %v", root, err)
	}
}
