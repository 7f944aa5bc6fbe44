package screen

import (
	"slices"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// settings is the row at the foot of the first screen: help, the next language under its own name, and what else a person
// reads and hears best.
type settings struct {
	now                  app.Settings
	help, language, more *widget.Button
	row                  *fyne.Container
}

func newSettings(p Parts) *settings {
	s := &settings{
		help: widget.NewButton("TapHelp", widget.Quiet, widget.IconInfo, p.sends(app.TapHelp{})),
		more: widget.NewButton("TapPreferences", widget.Quiet, widget.IconTextSize, p.sends(app.TapPreferences{})),
	}
	s.language = widget.NewButton("Language", widget.Quiet, widget.IconLanguage, func() {
		next := s.now
		next.Language = nextLanguage(next.Language)
		p.Send(app.TapSettings{Settings: next})
	})
	s.row = widget.NewShelf(3*theme.Space, 3, s.help, s.language, s.more)
	return s
}

func nextLanguage(now string) string {
	return app.Languages[(slices.Index(app.Languages, now)+1)%len(app.Languages)]
}

func (s *settings) show(now app.Settings, tr i18n.Lookup) {
	s.now = now
	s.help.SetText(tr.Say("help.open"))
	s.language.SetText(i18n.For(nextLanguage(now.Language)).Say("pref.language_name"))
	s.more.SetText(tr.Say("pref.open"))
}
