package screen

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// endedNotes takes what the nurse adds to a summary: how it went and what comes next, a tap each, and, where she wants to,
// what was agreed. What she types is the screen's own until the state has taken it in.
type endedNotes struct {
	parts                  Parts
	how, follow, ask, said *widget.Text
	went, kinds, days      []*widget.Button
	when                   *fyne.Container
	agreed                 *widget.NoteEntry
	column                 *fyne.Container

	chosen  int      // of kinds; -1: none
	words   []string // of kinds, as the journal gets them
	dates   []string // of days
	seq     int      // of what was sent
	setting bool     // the entry is being filled, not typed into
}

var (
	wents = []struct {
		went kontakt.Went
		icon widget.Icon
		says kontakt.MsgKey
	}{
		{kontakt.WentWell, widget.IconFaceGood, "sum.went_good"},
		{kontakt.WentPartly, widget.IconFacePartly, "sum.went_partly"},
		{kontakt.WentBadly, widget.IconFaceBad, "sum.went_bad"},
	}
	followUps = []kontakt.MsgKey{"sum.follow_none", "sum.follow_phone", "sum.follow_visit", "sum.follow_video"}
	followIn  = []struct {
		days int
		says kontakt.MsgKey
	}{{0, "sum.when_today"}, {1, "sum.when_tomorrow"}, {7, "sum.when_week"}}
)

func newEndedNotes(p Parts) *endedNotes {
	n := &endedNotes{parts: p, how: widget.NewText(), follow: widget.NewText(), ask: widget.NewText(), said: widget.NewMuted(), chosen: -1}
	n.how.Bold, n.follow.Bold, n.ask.Bold = true, true, true
	cells := func(all []*widget.Button, most int) *fyne.Container {
		c := widget.NewCells(theme.Gap, most)
		for _, b := range all {
			c.Objects = append(c.Objects, b)
		}
		return c
	}
	for i, w := range wents {
		n.went = append(n.went, widget.NewButton("TapWent"+strconv.Itoa(i+1), widget.Secondary, w.icon, p.sends(app.TapWent{Went: w.went})))
	}
	for i := range followUps {
		n.kinds = append(n.kinds, widget.NewButton("TapFollowUp"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, func() { n.choose(i, -1) }))
	}
	for i := range followIn {
		name := "TapFollowUp" + strconv.Itoa(len(followUps)+i+1)
		n.days = append(n.days, widget.NewButton(name, widget.Secondary, widget.IconNone, func() { n.choose(n.chosen, i) }))
	}
	n.agreed = widget.NewNoteEntry("EntryAgreed", kontakt.MaxAgreed, n.wrote)
	n.when = cells(n.days, len(n.days))
	n.column = widget.NewColumn(theme.Gap,
		widget.NewColumn(theme.Space, n.how, cells(n.went, len(n.went))),
		widget.NewColumn(theme.Space, n.follow, cells(n.kinds, len(n.kinds)), n.when, n.said),
		widget.NewColumn(theme.Space, n.ask, n.agreed))
	return n
}

// choose sends what comes next in the words that the journal gets.
func (n *endedNotes) choose(kind, day int) {
	if kind < 0 || kind >= len(n.words) {
		return
	}
	words := n.words[kind]
	if day >= 0 {
		words += ", " + n.dates[day]
	}
	n.parts.Send(app.TapFollowUp{Words: words})
}

func (n *endedNotes) wrote() {
	if n.setting {
		return
	}
	n.seq++
	n.parts.Send(app.NoteWritten{Seq: n.seq, Agreed: n.agreed.Text})
}

func (n *endedNotes) fill(text string) {
	n.setting = true
	defer func() { n.setting = false }()
	if n.agreed.Text != text {
		n.agreed.SetText(text)
	}
}

func (n *endedNotes) forget() {
	n.fill("")
	n.said.SetText("")
	n.chosen, n.seq = -1, 0
}

func (n *endedNotes) show(tr i18n.Lookup, v app.Ended, today kontakt.Date) {
	n.column.Hidden = !v.Notes()
	n.how.SetText(tr.Say("sum.how"))
	for i, w := range wents {
		n.went[i].SetText(tr.Say(w.says))
		n.went[i].SetOn(v.Draft.Went == w.went)
	}
	n.follow.SetText(tr.Say("sum.followup"))
	n.ask.SetText(tr.Say("sum.agreed"))
	n.next(tr, v.Draft.FollowUp, today)
	if v.Seq == 0 {
		n.seq = 0 // another summary
	}
	if n.seq == v.Seq {
		n.fill(v.Draft.Agreed)
	}
}

// next shows what comes next. What was written at a PC is in none of these words: it stands below them.
func (n *endedNotes) next(tr i18n.Lookup, words string, today kontakt.Date) {
	n.words, n.dates, n.chosen = n.words[:0], n.dates[:0], -1
	for i, key := range followUps {
		word := tr.Say(key)
		n.words = append(n.words, word)
		n.kinds[i].SetText(word)
		on := words == word || strings.HasPrefix(words, word+", ")
		n.kinds[i].SetOn(on)
		if on {
			n.chosen = i
		}
	}
	for i, in := range followIn {
		date := tr.Date(kontakt.DateOf(time.Date(today.Year, today.Month, today.Day+in.days, 12, 0, 0, 0, kontakt.Denmark)))
		n.dates = append(n.dates, date)
		n.days[i].SetText(tr.Say(in.says))
		n.days[i].SetOn(n.chosen >= 0 && words == n.words[n.chosen]+", "+date)
	}
	n.when.Hidden = n.chosen <= 0
	n.said.SetText("")
	if n.chosen != 0 {
		n.said.SetText(words)
	}
}
