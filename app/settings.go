package app

// Settings are what a person has chosen on this tablet; they outlive a restart.
type Settings struct {
	Language  string // "da" or "en"
	TextScale int    // per cent, 100 to 200
	Dark      bool
}

// DefaultSettings are those of a tablet on which nobody has chosen anything.
func DefaultSettings() Settings { return Settings{Language: "da", TextScale: 100} }

// valid gives settings that can be shown, with the default for each that can't.
func (s Settings) valid() Settings {
	if s.Language != "da" && s.Language != "en" {
		s.Language = DefaultSettings().Language
	}
	if s.TextScale < 100 || s.TextScale > 200 {
		s.TextScale = DefaultSettings().TextScale
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
