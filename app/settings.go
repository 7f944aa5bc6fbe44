package app

import "slices"

// Settings are what a person has chosen on this tablet; they outlive a restart.
type Settings struct {
	Language  string // of Languages
	TextScale int    // per cent, 100 to 200
	Look      Look
	Still     bool // nothing moves that need not
	Aloud     Aloud
	NoNudges  bool // nothing reminds of planned visits
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

// Languages are those of assets/text, the first for who has chosen none.
var Languages = []string{"da", "en"}

// DefaultSettings are those of a tablet on which nobody has chosen anything.
func DefaultSettings() Settings {
	return Settings{Language: "da", TextScale: 100, Look: LookLight, Aloud: AloudVital}
}

// valid gives settings that can be shown, with the default for each that can't.
func (s Settings) valid() Settings {
	if !slices.Contains(Languages, s.Language) {
		s.Language = DefaultSettings().Language
	}
	if s.TextScale < 100 || s.TextScale > 200 {
		s.TextScale = DefaultSettings().TextScale
	}
	if !slices.Contains(Alouds, s.Aloud) {
		s.Aloud = DefaultSettings().Aloud
	}
	if !slices.Contains(Looks, s.Look) {
		s.Look = DefaultSettings().Look
	}
	return s
}

// SettingsNote is the name under which they are kept.
const SettingsNote = "settings"

// settings gives what was chosen on this tablet.
func (n notes) settings() Settings {
	s := DefaultSettings()
	if !n.read(SettingsNote, &s) {
		return DefaultSettings()
	}
	return s
}
