package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A proof in docs/requirements.md: `folder: TestName` or `folder/file.mjs: words of the test`.
var proof = regexp.MustCompile("`([^`:]+): ([^`]+)`")

var edgeCase, moonshot = regexp.MustCompile(`^E[0-9]{2}$`), regexp.MustCompile(`^M[0-9]{1,2}$`)

func TestRequirements_namedTestsExist(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "requirements.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows, edges := 0, 0
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		id, shown := strings.TrimSpace(cells[1]), cells[3]
		switch {
		case strings.HasPrefix(id, "SD-"):
			rows++
		case edgeCase.MatchString(id):
			edges++
		case moonshot.MatchString(id), id == "–": // a dash: no row of the domain notes
		default:
			continue
		}
		proofs := proof.FindAllStringSubmatch(shown, -1)
		if len(proofs) == 0 && !strings.Contains(shown, "not yet") {
			t.Errorf("%s names no test and does not say \"not yet\"", id)
		}
		for _, p := range proofs {
			if !testExists(t, p[1], p[2]) {
				t.Errorf("%s: no %s in %s", id, p[2], p[1])
			}
		}
	}
	if edges == 0 {
		t.Error("no edge case in docs/requirements.md")
	}
	if rows != 21 {
		t.Errorf("%d statements in docs/requirements.md, want SD-01 to SD-21", rows)
	}
}

func testExists(t *testing.T, place, name string) bool {
	t.Helper()
	files := []string{filepath.Join(root(t), place)}
	want := name
	if !strings.HasSuffix(place, ".mjs") {
		want = "func " + name + "("
		var err error
		if files, err = filepath.Glob(filepath.Join(root(t), place, "*_test.go")); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil && strings.Contains(string(text), want) {
			return true
		}
	}
	return false
}
