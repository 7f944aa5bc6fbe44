package screen

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Help is a page of the help: a picture and at most five short lines; or which pages there are. It needs no network.
type Help struct {
	title, intro *widget.Text
	picture      *widget.Illustration
	lines        []*widget.Text
	subjects     []*widget.Button // one for each of app.HelpPages
	index        *fyne.Container
	all, back    *widget.Button
	page         *widget.Page
}

// helpLines is how many lines a page has at most.
const helpLines = 5

// helpPicture is how large the pictures are shown; make help-pictures makes them.
var helpPicture = fyne.NewSize(640, 400)

// helpTexts are the name of a page and its lines.
var helpTexts = map[app.HelpPage][2]kontakt.MsgKey{
	app.HelpLogin:     {"help.login", "help.login_lines"},
	app.HelpFind:      {"help.find", "help.find_lines"},
	app.HelpQueue:     {"help.queue", "help.queue_lines"},
	app.HelpCall:      {"help.call", "help.call_lines"},
	app.HelpOrders:    {"help.orders", "help.orders_lines"},
	app.HelpRound:     {"help.round", "help.round_lines"},
	app.HelpHandOver:  {"help.handover", "help.handover_lines"},
	app.HelpNetwork:   {"help.network", "help.network_lines"},
	app.HelpEmergency: {"help.emergency", "help.emergency_lines"},
	app.HelpDrill:     {"help.drill", "help.drill_lines"},
}

// NewHelp makes the screen.
func NewHelp(p Parts) *Help {
	s := &Help{
		title: widget.NewKeyFact(), intro: widget.NewText(), picture: widget.NewIllustration(helpPicture),
		all:  widget.NewButton("TapHelpPage", widget.Secondary, widget.IconNone, p.sends(app.TapHelpPage{Page: app.HelpAll})),
		back: widget.NewButton("TapBack", widget.Primary, widget.IconBack, p.sends(app.TapBack{})),
	}
	words := widget.NewColumn(theme.Gap)
	for range helpLines {
		line := widget.NewText()
		line.Type = theme.SizeLabel
		s.lines = append(s.lines, line)
		words.Objects = append(words.Objects, line)
	}
	var rows []fyne.CanvasObject
	for i, page := range app.HelpPages {
		b := widget.NewButton("TapHelpPage"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, p.sends(app.TapHelpPage{Page: page}))
		s.subjects = append(s.subjects, b)
		rows = append(rows, b)
	}
	s.index = widget.NewCells(theme.Gap, 2, rows...)
	s.page = widget.NewPage(widget.NewColumn(2*theme.Gap, s.title, s.intro, s.picture), widget.NewColumn(theme.Gap, words, s.index),
		widget.NewColumn(theme.Gap, s.back, s.all), nil)
	return s
}

// Object is the page.
func (s *Help) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Help) Leave() {}

// Show draws it.
func (s *Help) Show(state app.State) {
	page, tr := state.Screen.(app.Help).Page, lookup(state)
	texts, known := helpTexts[page]
	s.index.Hidden, s.all.Hidden = known, !known
	var lines []string
	s.title.SetText(tr.Say("help.title"))
	s.intro.SetText("")
	if known {
		s.title.SetText(tr.Say(texts[0]))
		lines = strings.Split(tr.Say(texts[1]), "\n")
	} else {
		s.intro.SetText(tr.Say("help.choose"))
	}
	for i, l := range s.lines {
		l.SetText("")
		if i < len(lines) {
			l.SetText(tr.Say("help.step", "n", strconv.Itoa(i+1), "tekst", lines[i]))
		}
	}
	for i, b := range s.subjects {
		b.SetText(tr.Say(helpTexts[app.HelpPages[i]][0]))
	}
	s.picture.SetPicture("")
	if known {
		s.picture.SetPicture("help/" + tr.Language() + "/" + string(page) + ".png")
	}
	s.back.SetText(tr.Say("help.close"))
	s.all.SetText(tr.Say("help.all"))
	s.page.Refresh()
}
