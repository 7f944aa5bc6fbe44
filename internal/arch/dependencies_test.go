package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var required = regexp.MustCompile(`(?m)^\t(\S+) v\S+$`) // an indirect one says so behind it

// TestDependencies_eachHasItsReason wants a row of docs/adr/0003-dependencies.md for each direct dependency; those of pion
// stand in one row by the part of the name that differs.
func TestDependencies_eachHasItsReason(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := os.ReadFile(filepath.Join(root(t), "docs", "adr", "0003-dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := required.FindAllStringSubmatch(string(mod), -1)
	if len(all) < 10 {
		t.Fatalf("%d direct dependencies in go.mod", len(all))
	}
	for _, m := range all {
		short := regexp.MustCompile(`/v[0-9]+$`).ReplaceAllString(strings.TrimPrefix(m[1], "github.com/pion/"), "")
		if !strings.Contains(string(reasons), "`"+m[1]+"`") && !strings.Contains(string(reasons), "`"+short+"`") {
			t.Errorf("%s is required and docs/adr/0003-dependencies.md does not say why", m[1])
		}
	}
}
