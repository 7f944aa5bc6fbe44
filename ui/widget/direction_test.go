package widget

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/ui/theme"
)

// The parts of a line stand from left to right as the Unicode bidirectional algorithm has them.
func TestVisual_ordersTheParts(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"Har du ondt i benet?", "Har du ondt i benet?"},
		{"Жар и кашель", "Жар и кашель"},
		{"هل تشعر بالألم؟", "هل تشعر بالألم؟"},
		{"منذ 12 يوما", " يوما12منذ "},
		{"من Lars Holm نعم", " نعمLars Holmمن "},
		{"من Lars", "Larsمن "},
		{"Amina siger: منذ 12 يوما, ikke før", "Amina siger:  يوما12منذ , ikke før"},
		{"Kan منذ 12 dage", "Kan 12منذ  dage"},
		{"۱۲ روز", " روز۱۲"},
	} {
		if got := unmarked.Replace(visual([]string{c.line})[0]); got != c.want {
			t.Errorf("%q is drawn as %q, want %q", c.line, got, c.want)
		}
	}
	// A dose that goes on in the next line keeps its order, and a line that begins with a name belongs to the text.
	for _, c := range []struct {
		lines []string
		want  string
	}{
		{[]string{"خذ Panodil", "500 mg منذ"}, " منذ500 mg"},
		{[]string{"خذ", "500 mg منذ"}, " منذmg 500"},
		{[]string{"قال", "Lars Holm نعم"}, " نعمLars Holm"},
	} {
		if got := unmarked.Replace(visual(c.lines)[1]); got != c.want {
			t.Errorf("%q goes on as %q, want %q", c.lines, got, c.want)
		}
	}
}

// Each part is marked, so that a space between two belongs to the one that it was written with; marks take no room.
func TestVisual_marksTakeNoRoom(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.Theme{})
	for _, line := range []string{"منذ 12 يوما", "من Lars", "سلام"} {
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			plain, marked := textWidth(line, 40, style), textWidth(visual([]string{line})[0], 40, style)
			if plain < 40 || marked < plain-1 || marked > plain+1 {
				t.Errorf("%q is %v wide, marked %v", line, plain, marked)
			}
		}
	}
}
