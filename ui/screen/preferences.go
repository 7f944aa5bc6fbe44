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

// Preferences is how a person sees, hears and reads the tablet. Each choice is in force at once, so that it can be judged.
type Preferences struct {
	now                                  app.Settings
	title, hint                          *widget.Text
	text, look, motion, aloud, languages *widget.Choice
	back                                 *widget.Button
	page                                 *widget.Page
}

var textScales = []int{100, 125, 150, 175, 200}

// NewPreferences makes the screen.
func NewPreferences(p Parts) *Preferences {
	s := &Preferences{
		title: widget.NewKeyFact(), hint: widget.NewText(),
		back: widget.NewButton("TapBack", widget.Primary, widget.IconCheck, p.sends(app.TapBack{})),
	}
	change := func(with func(*app.Settings, int)) func(int) {
		return func(i int) {
			next := s.now
			with(&next, i)
			p.Send(app.TapSettings{Settings: next})
		}
	}
	s.text = widget.NewChoice("TextSize", len(textScales), change(func(n *app.Settings, i int) { n.TextScale = textScales[i] }))
	s.look = widget.NewChoice("Look", len(app.Looks), change(func(n *app.Settings, i int) { n.Look = app.Looks[i] }))
	s.motion = widget.NewChoice("Motion", 2, change(func(n *app.Settings, i int) { n.Still = i == 1 }))
	s.aloud = widget.NewChoice("Aloud", len(app.Alouds), change(func(n *app.Settings, i int) { n.Aloud = app.Alouds[i] }))
	s.languages = widget.NewChoice("Language", len(app.Languages), change(func(n *app.Settings, i int) { n.Language = app.Languages[i] }))
	s.page = widget.NewPage(
		widget.NewColumn(2*theme.Space, widget.NewColumn(theme.Space, s.title, s.hint), s.text, s.motion),
		widget.NewColumn(2*theme.Space, s.languages, s.look, s.aloud), s.back, nil)
	return s
}

// Object is the page.
func (s *Preferences) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Preferences) Leave() {}

// Show draws it.
func (s *Preferences) Show(state app.State) {
	tr := lookup(state)
	now := state.Settings
	s.now = now
	s.title.SetText(tr.Say("pref.title"))
	s.hint.SetText(tr.Say("pref.hint"))
	var sizes []string
	for _, n := range textScales {
		sizes = append(sizes, tr.Say("pref.percent", "n", strconv.Itoa(n)))
	}
	s.text.Set(tr.Say("pref.text"), slices.Index(textScales, now.TextScale), "", sizes...)
	s.look.Set(tr.Say("pref.look"), slices.Index(app.Looks, now.Look), "", sayAll(tr, "start.light", "start.dark", "start.contrast")...)
	still := 0
	if now.Still {
		still = 1
	}
	s.motion.Set(tr.Say("pref.motion"), still, "", sayAll(tr, "pref.moving", "pref.still")...)
	hint := tr.Say(aloudHints[now.Aloud])
	if !slices.Contains(state.Voices, now.Language) {
		hint = tr.Say("pref.no_voice")
	}
	s.aloud.Set(tr.Say("pref.aloud"), slices.Index(app.Alouds, now.Aloud), hint, sayAll(tr, "pref.aloud_off", "pref.aloud_vital", "pref.aloud_all")...)
	var own []string
	for _, l := range app.Languages {
		own = append(own, i18n.For(l).Say("pref.language_name")) // each in itself
	}
	s.languages.Set(tr.Say("pref.language"), slices.Index(app.Languages, now.Language), "", own...)
	s.back.SetText(tr.Say("pref.done"))
	s.page.Refresh()
}

// aloudHints say what is read aloud.
var aloudHints = map[app.Aloud]kontakt.MsgKey{
	app.AloudOff: "pref.aloud_off_hint", app.AloudVital: "pref.aloud_vital_hint", app.AloudAll: "pref.aloud_all_hint",
}

func sayAll(tr i18n.Lookup, keys ...kontakt.MsgKey) []string {
	var all []string
	for _, k := range keys {
		all = append(all, tr.Say(k))
	}
	return all
}
