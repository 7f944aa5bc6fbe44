package arch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// SD-01: video is a permanent option in general practice; nothing may present it as a temporary measure.
func TestTexts_videoIsHereToStay(t *testing.T) {
	var files []string
	for _, pattern := range []string{"assets/text/*.json", "backend/web/*/text/*.json", "backend/web/*/*.html"} {
		found, err := filepath.Glob(filepath.Join(root(t), pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no text matches %s (%v)", pattern, err)
		}
		files = append(files, found...)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"corona", "covid", "pandemi", "midlertidig", "temporar"} {
			if strings.Contains(strings.ToLower(string(text)), word) {
				t.Errorf("%s says %q", name, word)
			}
		}
	}
}
