package screen

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// settings is the row where a person chooses language, text size and darkness.
type settings struct {
	now                  app.Settings
	language, text, look *widget.Button
	row                  *fyne.Container
}

const textStep = 25 // per cent

// nextLook is what a tap would make of each look.
var nextLook = map[app.Look]struct {
	says kontakt.MsgKey
	icon widget.Icon
}{
	app.LookLight:    {"start.dark", widget.IconDark},
	app.LookDark:     {"start.contrast", widget.IconContrast},
	app.LookContrast: {"start.light", widget.IconLight},
}

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
	s.look = widget.NewButton("Look", widget.Quiet, widget.IconDark, change(func(n *app.Settings) {
		n.Look = app.Looks[(slices.Index(app.Looks, n.Look)+1)%len(app.Looks)]
	}))
	s.row = widget.NewShelf(3*theme.Space, 3, s.language, s.text, s.look)
	return s
}

func (s *settings) show(now app.Settings, tr i18n.Lookup) {
	now.TextScale = min(max(now.TextScale, 100), 200)
	s.now = now
	s.language.SetText(tr.Say("start.language"))
	s.text.SetText(tr.Say("start.text_size", "n", strconv.Itoa(now.TextScale)))
	face := nextLook[now.Look]
	s.look.SetText(tr.Say(face.says))
	s.look.SetIcon(face.icon)
}
