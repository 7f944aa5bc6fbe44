package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// settings is the row where a person chooses language, text size and darkness.
type settings struct {
	now                  app.Settings
	language, text, dark *widget.Button
	row                  *fyne.Container
}

const textStep = 25 // per cent

func newSettings(p Parts) *settings {
	s := &settings{}
	change := func(with func(*app.Settings)) func() {
		return func() {
			next := s.now
			with(&next)
			p.Send(app.TapSettings{Settings: next})
		}
	}
	s.language = widget.NewButton("Language", widget.Quiet, widget.IconLanguage, change(func(n *app.Settings) {
		if n.Language == i18n.English {
			n.Language = i18n.Danish
		} else {
			n.Language = i18n.English
		}
	}))
	s.text = widget.NewButton("TextSize", widget.Quiet, widget.IconTextSize, change(func(n *app.Settings) {
		if n.TextScale += textStep; n.TextScale > 200 {
			n.TextScale = 100
		}
	}))
	s.dark = widget.NewButton("Dark", widget.Quiet, widget.IconDark, change(func(n *app.Settings) { n.Dark = !n.Dark }))
	s.row = widget.NewShelf(3*theme.Space, 3, s.language, s.text, s.dark)
	return s
}

func (s *settings) show(now app.Settings, tr i18n.Lookup) {
	now.TextScale = min(max(now.TextScale, 100), 200)
	s.now = now
	s.language.SetText(tr.Say("start.language"))
	s.text.SetText(tr.Say("start.text_size", "n", strconv.Itoa(now.TextScale)))
	if now.Dark {
		s.dark.SetText(tr.Say("start.light"))
		s.dark.SetIcon(widget.IconLight)
	} else {
		s.dark.SetText(tr.Say("start.dark"))
		s.dark.SetIcon(widget.IconDark)
	}
}
