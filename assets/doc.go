// Package assets holds what is not code: typefaces, icons and every sentence that a person reads or hears.
// It embeds them and does nothing else.
package assets

import "embed"

// Text holds text/da.json and text/en.json: one flat object each, key to sentence, "{name}" where a parameter goes.
//
//go:embed text/da.json text/en.json
var Text embed.FS

// Icons holds icons/*.svg, 24 by 24, drawn in currentColor.
//
//go:embed icons/*.svg
var Icons embed.FS

// Voice holds voice/da/*.wav and voice/en/*.wav: sentences that are spoken (voice/README.md).
//
//go:embed voice/da/*.wav voice/en/*.wav
var Voice embed.FS

// Help holds help/da/*.png and help/en/*.png: a picture for each page of the help (make help-pictures).
//
//go:embed help/da/*.png help/en/*.png
var Help embed.FS

// Noto Sans (SIL Open Font License, fonts/OFL.txt), cut down to Latin, Greek, Cyrillic and Arabic with Persian's, Urdu's,
// Kurdish and Pashto letters. Its figures are tabular. That all its scripts are one font keeps them on one baseline and
// within one line's height.
var (
	//go:embed fonts/NotoSans-Regular.ttf
	FontRegular []byte
	//go:embed fonts/NotoSans-SemiBold.ttf
	FontSemiBold []byte
)
