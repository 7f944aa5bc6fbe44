// Package theme is how Kontakt Læge looks: the colours, sizes and typefaces of look.md as a Fyne theme.
//
// Invariants: every Fyne name has an answer, in each look, whatever the system says; text on its background has
// a WCAG contrast of at least 4.5 and a control's edge of at least 3, with high contrast 7 and 4.5 (a test recomputes
// them); with high contrast whatever can be tapped has an edge; text grows with the setting from 100 to 200 per cent, touch
// targets never shrink below 56.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"kontaktlaege/assets"
)

// Colours of ours beside Fyne's names. Fyne's foreground, primary and error are ink, primary and danger.
const (
	ColorSurface   fyne.ThemeColorName = "kontakt.surface"
	ColorMuted     fyne.ThemeColorName = "kontakt.muted"
	ColorLine      fyne.ThemeColorName = "kontakt.line"
	ColorPrimary                       = fynetheme.ColorNamePrimary
	ColorOnPrimary                     = fynetheme.ColorNameForegroundOnPrimary
	ColorGo        fyne.ThemeColorName = "kontakt.go"
	ColorOnGo      fyne.ThemeColorName = "kontakt.onGo"
	ColorDanger                        = fynetheme.ColorNameError
	ColorOnDanger                      = fynetheme.ColorNameForegroundOnError
	ColorWarn      fyne.ThemeColorName = "kontakt.warn"
	ColorOnWarn    fyne.ThemeColorName = "kontakt.onWarn"
	ColorInfo      fyne.ThemeColorName = "kontakt.info"
	ColorInk                           = fynetheme.ColorNameForeground
	ColorPage                          = fynetheme.ColorNameBackground
	ColorFocus                         = fynetheme.ColorNameFocus
	ColorScrim     fyne.ThemeColorName = "kontakt.scrim"
	ColorVideo     fyne.ThemeColorName = "kontakt.video" // behind a picture that does not fill its tile
	ColorOnVideo   fyne.ThemeColorName = "kontakt.onVideo"
	ColorClear     fyne.ThemeColorName = "kontakt.clear"
	ColorRim       fyne.ThemeColorName = "kontakt.rim"   // edge of what has one with high contrast alone
	ColorDrill     fyne.ThemeColorName = "kontakt.drill" // around all that is not real
	ColorOnDrill   fyne.ThemeColorName = "kontakt.onDrill"
)

// Sizes of text.
const (
	SizeBody    fyne.ThemeSizeName = "kontakt.body"
	SizeLabel                      = fynetheme.SizeNameSubHeadingText
	SizeHeading                    = fynetheme.SizeNameHeadingText
	SizeDigit   fyne.ThemeSizeName = "kontakt.digit"  // keypad
	SizeKey     fyne.ThemeSizeName = "kontakt.key"    // the key fact: name, place
	SizeNumber  fyne.ThemeSizeName = "kontakt.number" // the number drawn
	SizeRim     fyne.ThemeSizeName = "kontakt.rim"    // stroke of ColorRim
	SizeAfar    fyne.ThemeSizeName = "kontakt.afar"   // what is read from the other end of a bed: an inch, which is 72 pt
)

// Lengths that do not follow the text.
const (
	Space      float32 = 8
	Gap        float32 = 16 // between touch targets
	TargetMain float32 = 72
	Target     float32 = 56
	Radius     float32 = 12
	FocusWidth float32 = 3
	FocusGap   float32 = 2
)

// Look is a set of colours.
type Look int

// The looks.
const (
	Light Look = iota
	Dark
	Contrast // high contrast, on black, which does not blind anybody in a dark bedroom
)

// Theme is how it all looks and moves. The zero Theme is light at 100 per cent, and moves.
type Theme struct {
	Look  Look
	Scale int  // of text, per cent; outside 100–200 the nearer end holds
	Still bool // nothing moves that need not
}

// Over is the theme of what lies on pictures, which is dark where there is a choice, so that they are the brightest thing.
func (t Theme) Over() Theme {
	if t.Look == Light {
		t.Look = Dark
	}
	return t
}

// Moves says whether what is shown may breathe, flash and fade: neither the person nor the system asks for less motion.
func Moves() bool {
	settings := fyne.CurrentApp().Settings()
	t, ours := settings.Theme().(Theme)
	return settings.ShowAnimations() && !(ours && t.Still)
}

var _ fyne.Theme = Theme{}

func rgb(v uint32) color.Color {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

type palette map[fyne.ThemeColorName]color.Color

var light = derived(palette{
	ColorPage: rgb(0xF5F8F9), ColorSurface: rgb(0xFFFFFF), ColorInk: rgb(0x10242D), ColorMuted: rgb(0x465B66), ColorLine: rgb(0x7C8E97),
	ColorPrimary: rgb(0x0B5563), ColorOnPrimary: rgb(0xFFFFFF), ColorGo: rgb(0x17733F), ColorOnGo: rgb(0xFFFFFF),
	ColorDanger: rgb(0xB3261E), ColorOnDanger: rgb(0xFFFFFF), ColorWarn: rgb(0xFFF1CC), ColorOnWarn: rgb(0x5A3A00),
	ColorInfo: rgb(0xDFF0F3), ColorFocus: rgb(0x1A73E8),
	fynetheme.ColorNameHover: color.NRGBA{R: 0x10, G: 0x24, B: 0x2D, A: 0x14}, fynetheme.ColorNamePressed: color.NRGBA{R: 0x10, G: 0x24, B: 0x2D, A: 0x30},
	fynetheme.ColorNameDisabledButton: rgb(0xE2E9EC), fynetheme.ColorNameShadow: color.NRGBA{A: 0x38},
	ColorScrim: color.NRGBA{R: 0x0D, G: 0x19, B: 0x1E, A: 0xB0}, ColorVideo: rgb(0x0D191E), ColorOnVideo: rgb(0xEAF2F4), ColorClear: color.NRGBA{}, ColorRim: color.NRGBA{},
	ColorDrill: rgb(0xFFC400), ColorOnDrill: rgb(0x10242D),
})

var dark = derived(palette{
	ColorPage: rgb(0x0D191E), ColorSurface: rgb(0x16262D), ColorInk: rgb(0xEAF2F4), ColorMuted: rgb(0xA9BCC4), ColorLine: rgb(0x6B808A),
	ColorPrimary: rgb(0x7FD1DE), ColorOnPrimary: rgb(0x05242B), ColorGo: rgb(0x6FD39A), ColorOnGo: rgb(0x04210F),
	ColorDanger: rgb(0xFF8A80), ColorOnDanger: rgb(0x330200), ColorWarn: rgb(0x4A3710), ColorOnWarn: rgb(0xFFE3A3),
	ColorInfo: rgb(0x12343C), ColorFocus: rgb(0x7FD1DE),
	fynetheme.ColorNameHover: color.NRGBA{R: 0xEA, G: 0xF2, B: 0xF4, A: 0x18}, fynetheme.ColorNamePressed: color.NRGBA{R: 0xEA, G: 0xF2, B: 0xF4, A: 0x38},
	fynetheme.ColorNameDisabledButton: rgb(0x22353D), fynetheme.ColorNameShadow: color.NRGBA{A: 0x60},
	ColorScrim: color.NRGBA{A: 0xC0}, ColorVideo: rgb(0x000000), ColorOnVideo: rgb(0xEAF2F4), ColorClear: color.NRGBA{}, ColorRim: color.NRGBA{},
	ColorDrill: rgb(0xFFC400), ColorOnDrill: rgb(0x10242D),
})

var contrast = derived(palette{
	ColorPage: rgb(0x000000), ColorSurface: rgb(0x000000), ColorInk: rgb(0xFFFFFF), ColorMuted: rgb(0xE6E6E6), ColorLine: rgb(0xFFFFFF),
	ColorPrimary: rgb(0xFFE14D), ColorOnPrimary: rgb(0x000000), ColorGo: rgb(0x5CFF9D), ColorOnGo: rgb(0x000000),
	ColorDanger: rgb(0xFFA69E), ColorOnDanger: rgb(0x000000), ColorWarn: rgb(0x2B2000), ColorOnWarn: rgb(0xFFE680),
	ColorInfo: rgb(0x00161C), ColorFocus: rgb(0x4DD2FF), ColorRim: rgb(0xFFFFFF),
	fynetheme.ColorNameHover: color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0x30}, fynetheme.ColorNamePressed: color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0x58},
	fynetheme.ColorNameDisabledButton: rgb(0x1F1F1F), fynetheme.ColorNameShadow: color.NRGBA{A: 0xFF},
	ColorScrim: color.NRGBA{A: 0xE0}, ColorVideo: rgb(0x000000), ColorOnVideo: rgb(0xFFFFFF), ColorClear: color.NRGBA{},
	ColorDrill: rgb(0xFFC400), ColorOnDrill: rgb(0x000000),
})

// derived answers the rest of Fyne's names with tokens, so that a widget of Fyne's own fits in too.
func derived(p palette) palette {
	for name, token := range map[fyne.ThemeColorName]fyne.ThemeColorName{
		fynetheme.ColorNameButton:                    ColorSurface,
		fynetheme.ColorNameDisabled:                  ColorMuted,
		fynetheme.ColorNamePlaceHolder:               ColorMuted,
		fynetheme.ColorNameForegroundOnSuccess:       ColorOnGo,
		fynetheme.ColorNameForegroundOnWarning:       ColorOnWarn,
		fynetheme.ColorNameHeaderBackground:          ColorSurface,
		fynetheme.ColorNameHyperlink:                 ColorPrimary,
		fynetheme.ColorNameInnerWindowBorder:         ColorLine,
		fynetheme.ColorNameInnerWindowBorderInactive: ColorLine,
		fynetheme.ColorNameInputBackground:           ColorSurface,
		fynetheme.ColorNameInputBorder:               ColorLine,
		fynetheme.ColorNameMenuBackground:            ColorSurface,
		fynetheme.ColorNameOverlayBackground:         ColorSurface,
		fynetheme.ColorNameScrollBar:                 ColorLine,
		fynetheme.ColorNameScrollBarBackground:       ColorPage,
		fynetheme.ColorNameSelection:                 ColorInfo,
		fynetheme.ColorNameSeparator:                 ColorLine,
		fynetheme.ColorNameSuccess:                   ColorGo,
		fynetheme.ColorNameWarning:                   ColorWarn,
	} {
		p[name] = p[token]
	}
	return p
}

// Color answers from the tokens; the system's own variant has no say.
func (t Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	p, v := light, fynetheme.VariantLight
	switch t.Look {
	case Dark:
		p, v = dark, fynetheme.VariantDark
	case Contrast:
		p, v = contrast, fynetheme.VariantDark
	}
	if c, ok := p[name]; ok {
		return c
	}
	return fynetheme.DefaultTheme().Color(name, v)
}

// Two resources for the life of the program: Fyne keeps faces by resource.
var (
	regular  = fyne.NewStaticResource("NotoSans-Regular.ttf", assets.FontRegular)
	semiBold = fyne.NewStaticResource("NotoSans-SemiBold.ttf", assets.FontSemiBold)
)

// Font gives the one family: 600 for what is bold, else 400. There are no italics.
func (t Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace || style.Symbol:
		return fynetheme.DefaultTheme().Font(style)
	case style.Bold:
		return semiBold
	default:
		return regular
	}
}

// Icon leaves Fyne's few icons as they are; ours come from assets.
func (t Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size scales what is text. The largest sizes grow less: at 100 per cent they already stand well above the 200 per
// cent of the body.
func (t Theme) Size(name fyne.ThemeSizeName) float32 {
	grow := float32(min(max(t.Scale, 100), 200)-100) / 100
	switch name {
	case SizeBody:
		return 18 * (1 + grow)
	case fynetheme.SizeNameCaptionText:
		return 18 * (1 + grow)
	case SizeLabel:
		return 22 * (1 + grow)
	case SizeHeading, fynetheme.SizeNameText: // the only texts that Fyne writes for us stand in entries
		return 28 * (1 + grow*0.8)
	case SizeDigit:
		return 32 * (1 + grow*0.7)
	case SizeKey:
		return 44 * (1 + grow*0.5)
	case SizeNumber:
		return 96 * (1 + grow*0.5)
	case SizeAfar:
		return 160
	case SizeRim:
		if t.Look == Contrast {
			return 2
		}
		return 0
	case fynetheme.SizeNameInlineIcon:
		return 28 * (1 + grow*0.6)
	case fynetheme.SizeNamePadding:
		return Space
	case fynetheme.SizeNameInnerPadding: // of entries
		return Gap
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameButtonRadius, fynetheme.SizeNameCardRadius,
		fynetheme.SizeNameDialogRadius, fynetheme.SizeNamePopupRadius, fynetheme.SizeNameMenuRadius:
		return Radius
	case fynetheme.SizeNameInputBorder:
		return 2
	case fynetheme.SizeNameScrollBar:
		return 12
	case fynetheme.SizeNameScrollBarSmall:
		return 6
	}
	return fynetheme.DefaultTheme().Size(name)
}
