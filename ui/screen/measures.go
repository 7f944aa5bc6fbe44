package screen

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt/tobs"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// measures is TOBS on a card: all that is measured with what it gives, or one of it with the keys for it. Each word about a
// citizen is the municipality's table's.
type measures struct {
	parts  Parts
	beside bool
	field  string

	total, missing, action, at, table *widget.Text
	sum                               *widget.Panel
	about                             *fyne.Container // what follows from the total, and whose table it is

	what, unscored, gives, ways *widget.Text
	span                        *widget.Text // of what can be read off
	reading                     *widget.Reading
	wrong                       *widget.Notice
	notes                       []*widget.Notice
	methods                     []*widget.Button
	wayCells, noteColumn        *fyne.Container
	heading, asked              *fyne.Container // shown while one is measured
	way                         widget.Rank     // of a button for one
	facts                       *fyne.Container

	rows    []*widget.Measure
	keys    []string // of the rows
	grid    *fyne.Container
	choices []*widget.Button
	chosen  []string // the keys of the choices
	said    []string // the keys of the methods
	pick    *fyne.Container
	keypad  *widget.Keypad
	work    *fyne.Container

	all, next *widget.Button
}

func newMeasures(p Parts, beside bool) *measures {
	s := &measures{
		parts: p, beside: beside,
		total: widget.NewHeading(), missing: widget.NewText(), action: widget.NewText(), at: widget.NewMuted(), table: widget.NewMuted(),
		what: widget.NewHeading(), unscored: widget.NewMuted(), gives: widget.NewText(), ways: widget.NewText(), span: widget.NewMuted(),
		reading: widget.NewReading(), wrong: widget.NewNotice(widget.Warn),
		all:  widget.NewButton("TapMeasures", widget.Secondary, widget.IconBack, p.sends(app.TapMeasures{})),
		next: widget.NewButton("TapMeasureNext", widget.Primary, widget.IconNone, p.sends(app.TapMeasureNext{})),
	}
	s.gives.Type, s.gives.Bold = theme.SizeLabel, true
	s.ways.Bold = true
	total, about := widget.NewColumn(theme.Space, s.total, s.missing), widget.NewColumn(theme.Space, s.action, s.at, s.table)
	s.about = about
	s.wayCells, s.noteColumn = widget.NewCells(theme.Gap, 2), widget.NewColumn(theme.Space)
	s.way = widget.Secondary
	s.sum = widget.NewPanel(total)
	if beside {
		s.wayCells, s.way = widget.NewCells(theme.Gap, 4), widget.Tool // one low row
	}
	s.heading = widget.NewShelf(theme.Gap, 1, widget.NewColumn(0, s.what, s.unscored), s.gives)
	s.asked = widget.NewColumn(theme.Space, s.ways, s.wayCells)
	s.facts = widget.NewColumn(theme.Gap, s.heading, s.reading, s.wrong, s.span, s.noteColumn, s.asked, s.sum)
	s.grid, s.pick = widget.NewCells(theme.Gap, 2), widget.NewColumn(theme.Gap)
	s.keypad = widget.NewKeypad(func(r rune) { p.Send(app.TapDigit{Rune: r}) }, p.sends(app.TapErase{}))
	if beside {
		s.keypad.SetLow()
	}
	s.work = widget.NewColumn(theme.Gap, s.grid, s.pick, s.keypad)
	if beside {
		s.work.Add(about) // the measurements are what she comes for
	} else {
		total.Add(about)
	}
	return s
}

// forget wipes what was measured.
func (s *measures) forget() {
	s.reading.Set("", "")
	for _, t := range []*widget.Text{s.total, s.missing, s.action, s.at, s.gives} {
		t.SetText("")
	}
	for _, r := range s.rows {
		r.Set("", "", "", false, false)
	}
	s.notes, s.noteColumn.Objects = nil, nil
	s.wrong.SetText("")
}

func (s *measures) show(tr i18n.Lookup, v app.Writing) {
	s.field = ""
	s.facts.Hidden, s.work.Hidden = !v.Measures, !v.Measures
	p, open := v.Table.Parameter(v.Field)
	open = open && v.Measures
	s.all.Hidden, s.next.Hidden, s.grid.Hidden = !open, !open, open
	s.all.SetText(tr.Say("tobs.all"))
	s.next.SetText(tr.Say("tobs.next"))
	if !v.Measures {
		return
	}
	if open {
		s.field = v.Field
	}
	r := v.Result()
	s.showSum(tr, v, r, open)
	s.showRows(tr, v, r)
	s.showField(tr, v, p, open)
}

// showSum tells the total with what it is made of, or what is missing; never a total that only looks whole.
func (s *measures) showSum(tr i18n.Lookup, v app.Writing, r tobs.Result, open bool) {
	s.sum.Hidden, s.about.Hidden = open && s.beside, open
	for _, t := range []*widget.Text{s.missing, s.action, s.at, s.table} {
		t.SetText("")
	}
	if r.Total != nil {
		s.total.SetText(tr.Say("tobs.total", "n", strconv.Itoa(*r.Total)))
		if r.Action != "" && !open {
			s.action.SetText(tr.Say("tobs.action", "tekst", r.Action))
		}
	} else {
		s.total.SetText(tr.Say("tobs.title"))
		s.missing.SetText(tr.Say("tobs.incomplete", "liste", strings.Join(r.Missing, ", ")))
	}
	if scored := v.Known.TOBS; scored != nil && !v.Unsaved() && !open {
		s.at.SetText(tr.Say("tobs.measured_at", "tid", tr.Time(scored.At)))
	}
	if !open {
		s.table.SetText(tr.Say("tobs.table", "ejer", r.Owner, "version", r.Version))
	}
	s.sum.Refresh()
}

func (s *measures) showRows(tr i18n.Lookup, v app.Writing, r tobs.Result) {
	s.keys = s.keys[:0]
	parts := map[string]tobs.Part{}
	for _, part := range append(append([]tobs.Part{}, r.Parts...), r.Unscored...) {
		parts[part.Key] = part
	}
	scored := len(v.Table.Parameters)
	for i, p := range append(append([]tobs.Parameter{}, v.Table.Parameters...), v.Table.Unscored...) {
		if i == len(s.rows) {
			s.rows = append(s.rows, widget.NewMeasure("TapMeasure"+strconv.Itoa(i+1), func() { s.parts.Send(app.TapMeasure{Key: s.keys[i]}) }))
		}
		s.keys = append(s.keys, p.Key)
		s.showRow(tr, v, s.rows[i], p, parts[p.Key], i < scored)
	}
	s.grid.Objects = nil
	for _, row := range s.rows[:len(s.keys)] {
		s.grid.Objects = append(s.grid.Objects, row)
	}
}

func (s *measures) showRow(tr i18n.Lookup, v app.Writing, row *widget.Measure, p tobs.Parameter, part tobs.Part, scores bool) {
	value, what := phrase(part.Value, part.Unit), named(p.Label, part.Method)
	if !scores {
		what = tr.Say("tobs.not_counted", "navn", p.Label)
	}
	switch {
	case v.Keyed[p.Key].Wrong:
		row.Set(what, phrase(v.Keyed[p.Key].Text, p.Unit), tr.Say("tobs.wrong"), true, true)
	case part.Value == "":
		row.Set(what, tr.Say("tobs.empty"), "", false, false)
	case part.Unsaid:
		row.Set(what, value, tr.Say("tobs.unsaid"), true, true)
	case part.Points != nil:
		row.Set(what, value, tr.Say("tobs.points", "n", strconv.Itoa(*part.Points)), true, false)
	default:
		row.Set(what, value, "", true, false)
	}
}

func (s *measures) showField(tr i18n.Lookup, v app.Writing, p tobs.Parameter, open bool) {
	number := open && !p.Chosen()
	s.reading.Hidden, s.keypad.Hidden, s.pick.Hidden = !number, !number, !open || number
	s.wayCells.Objects, s.pick.Objects = nil, nil
	for _, t := range []*widget.Text{s.what, s.unscored, s.gives, s.ways, s.span} {
		t.SetText("")
	}
	s.wrong.SetText("")
	s.explain(nil)
	s.heading.Hidden, s.asked.Hidden = !open, len(p.Methods) == 0
	if !open {
		return
	}
	s.what.SetText(p.Label)
	if !scores(v.Table, p.Key) {
		s.unscored.SetText(tr.Say("tobs.counts_not"))
	}
	part, can := v.Would(p)
	s.keypad.SetEraseText(tr.Say("cit.erase"))
	s.reading.Set(v.Shown(p), p.Unit)
	switch {
	case number && v.Keyed[p.Key].Wrong:
		s.wrong.SetText(tr.Say("tobs.between", "navn", p.Label, "fra", p.Text(p.Min), "til", p.Text(p.Max)))
	case can && part.Points != nil:
		s.gives.SetText(gives(tr, part))
	case can && part.Unsaid:
		s.span.SetText(tr.Say("tobs.say_how"))
	case number && !can:
		s.span.SetText(tr.Say("tobs.range", "fra", p.Text(p.Min), "til", p.Text(p.Max), "enhed", p.Unit))
	}
	if can {
		s.explain(part.Notes)
	}
	s.offer(tr, v, p)
}

// offer shows the ways to measure, and what can be seen.
func (s *measures) offer(tr i18n.Lookup, v app.Writing, p tobs.Parameter) {
	s.said, s.chosen = s.said[:0], s.chosen[:0]
	for i, m := range p.Methods {
		if i == len(s.methods) {
			s.methods = append(s.methods, widget.NewButton("TapMethod"+strconv.Itoa(i+1), s.way, widget.IconNone, func() { s.parts.Send(app.TapMethod{Key: s.said[i]}) }))
		}
		s.said = append(s.said, m.Key)
		s.mark(s.methods[i], m.Label, v.Method(p.Key) == m.Key)
		s.wayCells.Objects = append(s.wayCells.Objects, s.methods[i])
		if !s.beside {
			s.ways.SetText(tr.Say("tobs.method"))
		}
	}
	for i, c := range p.Choices {
		if i == len(s.choices) {
			s.choices = append(s.choices, widget.NewButton("TapChoice"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, func() { s.parts.Send(app.TapChoice{Key: s.chosen[i]}) }))
		}
		s.chosen = append(s.chosen, c.Key)
		label := c.Label
		if scores(v.Table, p.Key) {
			label = tr.Say("tobs.choice", "navn", c.Label, "n", strconv.Itoa(c.Points))
		}
		s.mark(s.choices[i], label, v.Choice(p.Key) == c.Key)
		s.pick.Objects = append(s.pick.Objects, s.choices[i])
	}
}

func (s *measures) mark(b *widget.Button, text string, on bool) {
	b.SetText(text)
	b.SetOn(on)
	b.SetIcon(iconOf(on, widget.IconCheck, widget.IconNone)) // not by colour alone
}

// explain shows what the table says beside a value.
func (s *measures) explain(notes []string) {
	s.noteColumn.Hidden = len(notes) == 0
	s.noteColumn.Objects = nil
	for i, text := range notes {
		if i == len(s.notes) {
			s.notes = append(s.notes, widget.NewNotice(widget.Info))
		}
		s.notes[i].SetText(text)
		s.noteColumn.Objects = append(s.noteColumn.Objects, s.notes[i])
	}
}

func (s *measures) typedRune(r rune) {
	if s.field != "" {
		s.parts.Send(app.TapDigit{Rune: r})
	}
}

func (s *measures) typedKey(e *fyne.KeyEvent) {
	switch {
	case s.field == "":
	case e.Name == fyne.KeyBackspace:
		s.parts.Send(app.TapErase{})
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		s.parts.Send(app.TapMeasureNext{})
	}
}

// gives says what a value gives, and what it counts as where the way to measure adds something.
func gives(tr i18n.Lookup, part tobs.Part) string {
	points := tr.Say("tobs.gives", "n", strconv.Itoa(*part.Points))
	if part.Counts != "" {
		return tr.Say("tobs.counts_as", "tal", phrase(part.Counts, part.Unit)) + " " + points
	}
	return points
}

// phrase is a value with its unit.
func phrase(value, unit string) string { return strings.TrimSpace(value + " " + unit) }

func scores(t tobs.Table, key string) bool {
	for _, p := range t.Parameters {
		if p.Key == key {
			return true
		}
	}
	return false
}
