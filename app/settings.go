package app

import "slices"

// Settings are what a person has chosen on this tablet; they outlive a restart.
type Settings struct {
	Language  string // "da" or "en"
	TextScale int    // per cent, 100 to 200
	Look      Look
	Still     bool // nothing moves that need not
}

// Look is the colours that a person reads best.
type Look string

// The looks.
const (
	LookLight    Look = "light"
	LookDark     Look = "dark"
	LookContrast Look = "contrast"
)

// Looks are all there are.
var Looks = []Look{LookLight, LookDark, LookContrast}

// DefaultSettings are those of a tablet on which nobody has chosen anything.
func DefaultSettings() Settings { return Settings{Language: "da", TextScale: 100, Look: LookLight} }

// valid gives settings that can be shown, with the default for each that can't.
func (s Settings) valid() Settings {
	if s.Language != "da" && s.Language != "en" {
		s.Language = DefaultSettings().Language
	}
	if s.TextScale < 100 || s.TextScale > 200 {
		s.TextScale = DefaultSettings().TextScale
	}
	if !slices.Contains(Looks, s.Look) {
		s.Look = DefaultSettings().Look
	}
	return s
}

const settingsName = "settings"

// settings gives what was chosen on this tablet.
func (n notes) settings() Settings {
	s := DefaultSettings()
	if !n.read(settingsName, &s) {
		return DefaultSettings()
	}
	return s
}
