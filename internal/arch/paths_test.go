package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A path in a text: `folder/file.go` or `folder/folder`.
var pathInText = regexp.MustCompile("`([a-z0-9_.-]+(?:/[a-z0-9_.-]+)+)`")

// TestPaths_areThere looks for what the two texts name that tell where things stand.
func TestPaths_areThere(t *testing.T) {
	for _, name := range []string{"changing.md", "architecture.md"} {
		text, err := os.ReadFile(filepath.Join(root(t), "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		found := pathInText.FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 {
			t.Errorf("%s names no file", name)
		}
		for _, m := range found {
			if _, err := os.Stat(filepath.Join(root(t), m[1])); err != nil && !strings.HasPrefix(m[1], "net/") { // net/http is Go's own
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
