package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFaults_stillFitTheCode keeps the table from rotting: a fault that no longer applies, or names tests that are not
// there, would be found only by whoever runs them all.
func TestFaults_stillFitTheCode(t *testing.T) {
	dir, err := root()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range faults {
		if names[f.name] || f.name == "" || f.hurt == "" || f.old == f.new || len(f.by) == 0 {
			t.Errorf("%q is there twice, or lacks something", f.name)
		}
		names[f.name] = true
		if _, err := f.apply(dir); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		for _, s := range f.by {
			if !names[s.String()] && !s.names(t, dir) {
				t.Errorf("%s: %s names no test", f.name, s)
			}
			names[s.String()] = true
		}
	}
}

var (
	goTests   = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	pageTests = regexp.MustCompile(`(?m)^test\(['"](.*)['"], `)
)

// names says whether there is a test that a suite would run.
func (s suite) names(t *testing.T, dir string) bool {
	t.Helper()
	pattern, of, wanted := filepath.Join(s.pkg, "*_test.go"), goTests, s.run
	if s.page != "" {
		pattern, of, wanted = filepath.Join("e2e/web", s.page), pageTests, regexp.QuoteMeta(s.run)
	}
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(wanted)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range of.FindAllStringSubmatch(string(text), -1) {
			if match.MatchString(m[1]) {
				return true
			}
		}
	}
	return false
}

func TestApply_refusesWhatIsNotThereOnce(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("x := 1\ny := 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := fault{file: "a.go", old: "x := 1", new: "x := 2"}.apply(dir)
	if err != nil || string(text) != "x := 2\ny := 1\n" {
		t.Errorf("text = %q, %v", text, err)
	}
	for _, old := range []string{":= 1", "z"} {
		if _, err := (fault{file: "a.go", old: old}).apply(dir); err == nil || !strings.Contains(err.Error(), "times") {
			t.Errorf("%q: err = %v, want how often it stands there", old, err)
		}
	}
}

func TestTally_failsBelowNineteenOfTwenty(t *testing.T) {
	for _, row := range []struct {
		alive int
		ok    bool
	}{{1, true}, {2, false}} {
		var out strings.Builder
		sum := tally{out: &out}
		for i := range 20 {
			by := "TestX"
			if i < row.alive {
				by = ""
			}
			sum.tell(fault{name: "f"}, by, nil, 0)
		}
		ok, err := sum.end()
		if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); ok != row.ok || err != nil || !strings.HasPrefix(lines[20], "mutants 20 killed ") {
			t.Errorf("%d of 20 alive: ok = %v, %v, last line %q", row.alive, ok, err, lines[20])
		}
	}
}
