package theme_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"kontaktlaege/ui/theme"
)

// contrast is WCAG 2.2's contrast ratio.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	channel := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
}

func TestTheme_contrastIsEnough(t *testing.T) {
	const text, edge = 4.5, 3.0
	strict := map[float64]float64{text: 7, edge: 4.5} // with high contrast
	pairs := []struct {
		name    string
		on, bg  fyne.ThemeColorName
		atLeast float64
	}{
		{"ink on the page", theme.ColorInk, theme.ColorPage, text},
		{"ink on a panel", theme.ColorInk, theme.ColorSurface, text},
		{"muted on the page", theme.ColorMuted, theme.ColorPage, text},
		{"muted on a panel", theme.ColorMuted, theme.ColorSurface, text},
		{"primary on the page", theme.ColorPrimary, theme.ColorPage, text},
		{"primary on a panel", theme.ColorPrimary, theme.ColorSurface, text},
		{"text on primary", theme.ColorOnPrimary, theme.ColorPrimary, text},
		{"text on go", theme.ColorOnGo, theme.ColorGo, text},
		{"go on a panel", theme.ColorGo, theme.ColorSurface, text},
		{"text where a picture is not", theme.ColorOnVideo, theme.ColorVideo, text},
		{"text on danger", theme.ColorOnDanger, theme.ColorDanger, text},
		{"danger on a panel", theme.ColorDanger, theme.ColorSurface, text},
		{"text on what says that it is a drill", theme.ColorOnDrill, theme.ColorDrill, text},
		{"text on warn", theme.ColorOnWarn, theme.ColorWarn, text},
		{"ink on info", theme.ColorInk, theme.ColorInfo, text},
		{"primary on info", theme.ColorPrimary, theme.ColorInfo, text},
		{"disabled text on its button", fynetheme.ColorNameDisabled, fynetheme.ColorNameDisabledButton, text},
		{"edges on the page", theme.ColorLine, theme.ColorPage, edge},
		{"edges on a panel", theme.ColorLine, theme.ColorSurface, edge},
		{"focus on the page", theme.ColorFocus, theme.ColorPage, edge},
		{"focus on a panel", theme.ColorFocus, theme.ColorSurface, edge},
		{"a button of the main kind on the page", theme.ColorPrimary, theme.ColorPage, edge},
		{"a button that ends something on the page", theme.ColorDanger, theme.ColorPage, edge},
		{"focus beside a button of the main kind", theme.ColorOnGo, theme.ColorGo, edge},
	}
	for _, look := range []struct {
		name string
		th   theme.Theme
	}{{"light", theme.Theme{}}, {"dark", theme.Theme{Look: theme.Dark}}, {"contrast", theme.Theme{Look: theme.Contrast}}} {
		for _, p := range pairs {
			if look.th.Look == theme.Contrast {
				p.atLeast = strict[p.atLeast]
			}
			got := contrast(look.th.Color(p.on, fynetheme.VariantLight), look.th.Color(p.bg, fynetheme.VariantLight))
			if got < p.atLeast {
				t.Errorf("%s: %s has contrast %.2f, want at least %.1f", look.name, p.name, got, p.atLeast)
			}
		}
	}
}

func TestTheme_everyFyneColourNameIsAnswered(t *testing.T) {
	test.AssertAllColorNamesDefined(t, theme.Theme{}, "light")
	test.AssertAllColorNamesDefined(t, theme.Theme{Look: theme.Dark}, "dark")
	test.AssertAllColorNamesDefined(t, theme.Theme{Look: theme.Contrast}, "contrast")
}

func TestTheme_systemVariantHasNoSay(t *testing.T) {
	for _, name := range []fyne.ThemeColorName{theme.ColorPage, theme.ColorInk, theme.ColorPrimary} {
		if l, d := (theme.Theme{}).Color(name, fynetheme.VariantLight), (theme.Theme{}).Color(name, fynetheme.VariantDark); l != d {
			t.Errorf("%s follows the system: %v and %v", name, l, d)
		}
	}
}

func TestTheme_textGrowsWithTheSettingAndStaysWithinIt(t *testing.T) {
	size := func(scale int, n fyne.ThemeSizeName) float32 { return theme.Theme{Scale: scale}.Size(n) }
	if got := size(100, theme.SizeBody); got != 18 {
		t.Errorf("body at 100 %% = %v, want 18", got)
	}
	if got := size(200, theme.SizeBody); got != 36 {
		t.Errorf("body at 200 %% = %v, want 36", got)
	}
	for _, n := range []fyne.ThemeSizeName{theme.SizeBody, theme.SizeLabel, theme.SizeHeading, theme.SizeDigit, theme.SizeKey, theme.SizeNumber} {
		if size(150, n) <= size(100, n) || size(200, n) <= size(150, n) {
			t.Errorf("%s does not grow", n)
		}
		if size(0, n) != size(100, n) || size(900, n) != size(200, n) {
			t.Errorf("%s leaves the range", n)
		}
		if size(200, n) < 36 {
			t.Errorf("%s at 200 %% = %v, below the body's 200 %%", n, size(200, n))
		}
	}
}

// With high contrast all that can be tapped has an edge, and no colour shines through another.
func TestTheme_highContrastGivesEverythingAnEdge(t *testing.T) {
	th := theme.Theme{Look: theme.Contrast}
	for _, ground := range []fyne.ThemeColorName{theme.ColorPage, theme.ColorSurface, theme.ColorInfo, theme.ColorWarn, fynetheme.ColorNameDisabledButton} {
		if got := contrast(th.Color(theme.ColorRim, 0), th.Color(ground, 0)); got < 4.5 {
			t.Errorf("an edge on %s has contrast %.2f", ground, got)
		}
	}
	if th.Size(theme.SizeRim) < 2 {
		t.Error("the edge is too thin to be seen")
	}
	if (theme.Theme{}).Size(theme.SizeRim) != 0 {
		t.Error("an edge that nobody asked for")
	}
}

// What lies on pictures is dark where it may be, and in high contrast for who chose that.
func TestTheme_overPicturesItIsDark(t *testing.T) {
	for look, want := range map[theme.Look]theme.Look{theme.Light: theme.Dark, theme.Dark: theme.Dark, theme.Contrast: theme.Contrast} {
		if got := (theme.Theme{Look: look, Scale: 150}).Over(); got != (theme.Theme{Look: want, Scale: 150}) {
			t.Errorf("over %v it is %v", look, got)
		}
	}
}

func TestMoves_obeysThePerson(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.Theme{})
	if !theme.Moves() {
		t.Error("stands still though nobody asked")
	}
	a.Settings().SetTheme(theme.Theme{Still: true})
	if theme.Moves() {
		t.Error("moves though less motion was asked for")
	}
}
