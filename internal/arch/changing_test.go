package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A path in docs/changing.md: `folder/file.go` or `folder/folder`.
var pathInText = regexp.MustCompile("`([a-z0-9_.-]+(?:/[a-z0-9_.-]+)+)`")

func TestChanging_namesWhatIsThere(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "changing.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, recipe := range strings.Split(string(text), "\n## ")[1:] {
		title, body, _ := strings.Cut(recipe, "\n")
		found := pathInText.FindAllStringSubmatch(body, -1)
		if len(found) == 0 {
			t.Errorf("%q names no file", title)
		}
		for _, m := range found {
			if _, err := os.Stat(filepath.Join(root(t), m[1])); err != nil {
				t.Errorf("%q: %v", title, err)
			}
		}
	}
}
