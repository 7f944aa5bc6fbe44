package ui

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"

	"kontaktlaege/app"
	"kontaktlaege/assets"
	"kontaktlaege/ui/i18n"
)

// Help and settings, and the screens that decide, drawn with high contrast too.
func init() {
	help := func(name string, page app.HelpPage) situation {
		return situation{name: name, screen: app.Waiting{Place: place}, over: app.Help{Page: page}}
	}
	situations = append(situations,
		help("help", app.HelpAll), help("help-queue", app.HelpQueue), help("help-network", app.HelpNetwork),
		situation{name: "preferences", screen: app.SignedOut{}, over: app.Preferences{}, signedOut: true, dark: true, small: true})
	for _, name := range []string{"signedout", "findcitizen-wrong", "round-mixed", "check-bad", "waiting-message", "waiting-leaving", "called", "incall-more", "incall-typing", "preferences"} {
		s := situations[slices.IndexFunc(situations, func(s situation) bool { return s.name == name })]
		s.name, s.look = name+"-contrast", app.LookContrast
		s.dark, s.small = false, false
		situations = append(situations, s)
	}
}

// Each page of the help has its picture and at most five short lines, in both languages.
func TestHelp_everyPageHasAPictureAndFewShortLines(t *testing.T) {
	total := 0
	for _, language := range app.Languages {
		for _, page := range app.HelpPages {
			path := "help/" + language + "/" + string(page) + ".png"
			data, err := assets.Help.ReadFile(path)
			if err != nil {
				t.Errorf("%v: make help-pictures", err)
				continue
			}
			total += len(data)
			if m, err := png.Decode(bytes.NewReader(data)); err != nil || m.Bounds().Dx() < 600 {
				t.Errorf("%s is no picture of a screen", path)
			}
			s := situation{name: "help", screen: app.Waiting{Place: place}, over: app.Help{Page: page}}
			w := show(t, s, form{language, 1280, 800, 100, false})
			lines := 0
			for sentence := range w.Sentences() {
				if strings.HasPrefix(strings.TrimLeft(sentence, "12345"), ". ") {
					lines++
					if len(sentence) > 90 {
						t.Errorf("%s, %s: a line of %d characters: %s", page, language, len(sentence), sentence)
					}
				}
			}
			if lines < 2 || lines > 5 {
				t.Errorf("%s, %s: %d lines", page, language, lines)
			}
		}
	}
	if total > 2<<20 {
		t.Errorf("the pictures take %d bytes", total)
	}
}

// Where there is no voice the setting says so.
func TestPreferences_sayThatThereIsNoVoice(t *testing.T) {
	w := show(t, named(t, "preferences"), lying)
	if w.says("ingen stemme") {
		t.Error("says that there is none")
	}
	state := named(t, "preferences").state(danish)
	state.Voices = []string{"en"}
	w.Show(state)
	if !w.says("ingen stemme") {
		t.Error("does not say that there is none")
	}
}

func TestPreferences_eachTapSendsTheWholeNewSettings(t *testing.T) {
	w := show(t, named(t, "preferences"), lying)
	for name, change := range map[string]func(*app.Settings){
		"TextSize3": func(s *app.Settings) { s.TextScale = 150 },
		"Look2":     func(s *app.Settings) { s.Look = app.LookDark },
		"Look3":     func(s *app.Settings) { s.Look = app.LookContrast },
		"Motion2":   func(s *app.Settings) { s.Still = true },
		"Aloud1":    func(s *app.Settings) { s.Aloud = app.AloudOff },
		"Aloud3":    func(s *app.Settings) { s.Aloud = app.AloudAll },
		"Language2": func(s *app.Settings) { s.Language = "en" },
	} {
		want := danish
		change(&want)
		w.sent = nil
		w.tap(t, name)
		if len(w.sent) != 1 || w.sent[0] != (app.TapSettings{Settings: want}) {
			t.Errorf("%s sent %v, want %v", name, w.sent, want)
		}
	}
}

// A language that can be chosen is one that can be read, and the other way round.
func TestLanguages_areThoseOfTheTexts(t *testing.T) {
	if !slices.Equal(app.Languages, i18n.Languages) {
		t.Errorf("can be chosen: %v, can be read: %v", app.Languages, i18n.Languages)
	}
}
