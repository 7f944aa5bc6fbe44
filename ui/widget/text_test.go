package widget

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/ui/theme"
)

func TestWrapped_losesNoLetterAndFits(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.Theme{})
	const width, size = 200, 18
	for _, s := range []string{
		"Ring til den klinik, der skal se borgeren",
		"Speciallægepraksissundhedsfagligtpersonale",
		"https://kontakt.aftenlandet.example/signin/start/abcdefghijklmnopqrstuvwxyz",
		"Født 29. februar 2000, 26\u00a0år",
		"Å", "",
	} {
		lines := wrapped(s, width, size, fyne.TextStyle{})
		for _, l := range lines {
			if w := textWidth(l, size, fyne.TextStyle{}); w > width+0.5 {
				t.Errorf("%q is %v wide, want at most %v", l, w, width)
			}
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := squeeze(strings.Join(lines, "")); got != squeeze(s) {
			t.Errorf("%q became %q", s, got)
		}
	}
	for _, l := range wrapped("Født 29. februar 2000, 26\u00a0år", 190, size, fyne.TextStyle{}) {
		if l == "år" {
			t.Error("a number and its unit were parted")
		}
	}
}
