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

// Round is the nurse's day: at the left where to go next, at the right everybody, each with time, place, clinic and how it
// stands. What is searched for is the screen's own.
type Round struct {
	parts Parts
	tr    i18n.Lookup
	state app.State
	goes  app.Go

	title, next, who, why, keep *widget.Text
	urgent, none, over          *widget.Text
	problem                     *widget.Notice
	begin, more, missed, list   *widget.Button
	journal, hand, offer        *widget.Button
	reminders, logout           *widget.Button
	search                      *widget.SearchEntry
	label                       *widget.Text
	field, rows, ended, beside  *fyne.Container
	others                      *fyne.Container
	page                        *widget.Page
	shown                       []app.Row
	made                        []*dayRow // once, so that the focus stays
}

// dayRow is a row and the button beside it.
type dayRow struct {
	row  *widget.PlaceRow
	more *widget.Button
	both *fyne.Container
}

// NewRound makes the screen.
func NewRound(p Parts) *Round {
	s := &Round{
		parts: p, title: widget.NewMuted(), next: widget.NewKeyFact(), who: widget.NewText(), why: widget.NewText(), keep: widget.NewMuted(),
		urgent: widget.NewUrgent(), none: widget.NewText(), over: widget.NewMuted(), label: widget.NewMuted(), problem: widget.NewNotice(widget.Warn),
		rows: widget.NewColumn(theme.Gap), ended: widget.NewColumn(theme.Space / 2),
		more:   widget.NewButton("TapNew", widget.Secondary, widget.IconPeople, p.sends(app.TapNew{})),
		missed: widget.NewButton("TapMissed", widget.Secondary, widget.IconNone, p.sends(app.TapMissed{})),
		logout: widget.NewButton("TapSignOut", widget.Quiet, widget.IconNone, p.sends(app.TapSignOut{})),
	}
	s.journal = newJournalButton(p)
	s.hand = widget.NewButton("TapHandOver", widget.Secondary, widget.IconNone, p.sends(app.TapHandOver{}))
	s.offer = widget.NewButton("TapScanOffer", widget.Secondary, widget.IconNone, p.sends(app.TapScanOffer{}))
	s.begin = widget.NewButton("TapGo", widget.Primary, widget.IconNone, s.goNow)
	s.list = widget.NewButton("TapImport", widget.Secondary, widget.IconNone, s.pick)
	s.reminders = widget.NewButton("Reminders", widget.Quiet, widget.IconNone, s.toggleReminders)
	s.who.Type, s.who.Bold, s.why.Type, s.none.Type = theme.SizeLabel, true, theme.SizeLabel, theme.SizeLabel
	s.search = widget.NewSearchEntry(s.showRows)
	s.field = widget.NewColumn(theme.Space/2, s.label, s.search)
	s.beside = widget.NewCells(theme.Gap, 2, s.more, s.list)
	s.others = widget.NewCells(theme.Gap, 2, s.missed, s.journal, s.hand, s.offer)
	s.page = widget.NewPage(
		widget.NewColumn(3*theme.Space, s.title, widget.NewColumn(theme.Space/2, s.next, s.who, s.why), s.begin, s.problem, s.keep, s.others, s.urgent),
		widget.NewColumn(theme.Gap, s.field, s.none, s.rows, s.over, s.ended),
		s.beside, widget.NewShelf(theme.Gap, 1, s.reminders, s.logout))
	return s
}

func (s *Round) goNow() {
	to := app.TapGo{Visit: s.goes.Row.Visit.ID}
	if p := s.goes.Row.Place; p != nil {
		to.Place = p.ID
	}
	s.parts.Send(to)
}

// Object is the page.
func (s *Round) Object() fyne.CanvasObject { return s.page }

// Leave forgets what was searched for.
func (s *Round) Leave() { s.search.SetText("") }

// Forget wipes the citizens off the rows.
func (s *Round) Forget() {
	for _, r := range s.made {
		r.row.Set(widget.PlaceFace{})
	}
	s.rows.Objects, s.ended.Objects, s.shown, s.state, s.goes = nil, nil, nil, app.State{}, app.Go{}
	for _, t := range []*widget.Text{s.next, s.who, s.why} {
		t.SetText("")
	}
}

// Tick moves on with the clock: what is next may be now.
func (s *Round) Tick() {
	if _, shown := s.state.Screen.(app.Round); !shown {
		return
	}
	was := s.next.Text()
	if s.showNext(); s.next.Text() != was {
		s.showRows()
	}
}

// Show draws it.
func (s *Round) Show(state app.State) {
	v, tr := state.Screen.(app.Round), lookup(state)
	s.state, s.tr = state, tr
	s.title.SetText(tr.Say("rnd.title"))
	problem := say(tr, v.Problem)
	if problem == "" && state.Net.Offline {
		problem = tr.Say("rnd.reconnecting")
	}
	s.problem.SetMood(moodOf(v.Problem))
	s.problem.SetText(problem)
	s.hand.SetText(tr.Say("hand.give"))
	s.offer.SetText(tr.Say("hand.scan"))
	s.more.SetText(tr.Say("rnd.add"))
	showJournalButton(s.journal, tr, state)
	s.list.SetBusy(v.Importing, tr.Say("rnd.importing"), tr.Say("rnd.import"))
	s.missed.SetText(tr.Say("rnd.missed_some", "n", strconv.Itoa(len(state.Plan.Missed))))
	s.missed.Hidden = len(state.Plan.Missed) == 0
	s.reminders.SetText(tr.Say("start.nudges_on"))
	if state.Settings.NoNudges {
		s.reminders.SetText(tr.Say("start.nudges_off"))
	}
	s.logout.SetText(tr.Say("login.logout"))
	s.urgent.SetText(tr.Say("q.emergency"))
	s.urgent.Hidden = len(state.Aside) == 0
	s.label.SetText(tr.Say("rnd.search"))
	s.showNext()
	s.showRows()
}

// showNext says what the nurse is to do, in the largest letters.
func (s *Round) showNext() {
	next, there := s.state.Next(s.parts.Clock())
	s.goes = next
	s.begin.Hidden = !there
	s.more.Rank = widget.Secondary
	s.keep.SetText("")
	s.who.SetText("")
	s.why.SetText("")
	if len(s.state.Aside) > 0 {
		s.keep.SetText(s.tr.Say("rnd.keep_device"))
	}
	if !there {
		s.more.Rank = widget.Primary
		s.next.SetText(s.tr.Say("rnd.title"))
		s.title.SetText("")
		s.page.Refresh()
		return
	}
	s.title.SetText(s.tr.Say("rnd.title"))
	row := next.Row
	name := citizenName(row.Citizen())
	where := row.Where()
	if where == "" {
		where = name
	}
	at := clock(s.tr, row.PlannedAt())
	switch {
	case next.Now:
		s.next.SetText(s.tr.Say("rnd.go_now", "sted", where))
	case at == "":
		s.next.SetText(s.tr.Say("rnd.go_next", "sted", where))
	default:
		s.next.SetText(s.tr.Say("rnd.go_next_at", "sted", where, "tid", at))
	}
	var facts []string
	if where != name {
		s.who.SetText(name)
	}
	switch {
	case next.Calls:
		facts = append(facts, s.tr.Say("rnd.calls", "klinik", row.Place.Clinic.Name))
	case next.Next:
		facts = append(facts, s.tr.Say("rnd.is_next", "klinik", row.Place.Clinic.Name))
	default:
		if at != "" {
			facts = append(facts, s.tr.Say("rnd.at", "tid", at))
		}
		facts = append(facts, clinicOf(row))
	}
	s.why.SetText(dotted(facts...))
	s.begin.SetText(s.tr.Say("rnd.begin", "navn", s.firstName(row)))
	if row.Place != nil {
		s.begin.SetText(s.tr.Say("rnd.show", "navn", s.firstName(row)))
	}
	s.page.Refresh()
}

// firstName is short enough for a button.
func (s *Round) firstName(r app.Row) string {
	if c := r.Citizen(); c != nil && c.Name != "" {
		return strings.Fields(c.Name)[0]
	}
	return s.tr.Say("rnd.someone")
}

// showRows lists those who fit what is searched for, and below them what is over.
func (s *Round) showRows() {
	rows := s.state.Rows()
	open := 0
	for _, r := range rows {
		if !r.Over() {
			open++
		}
	}
	s.field.Hidden = open <= searchFrom
	s.rows.Objects, s.ended.Objects, s.shown = nil, nil, nil
	for _, r := range rows {
		switch {
		case r.Over():
			line := widget.NewMuted()
			line.SetText(dotted(clock(s.tr, r.PlannedAt()), citizenName(r.Citizen()), visitStands(s.tr, r.Visit.State)))
			s.ended.Objects = append(s.ended.Objects, line)
		case fitsRow(r, s.search.Text):
			s.rows.Objects = append(s.rows.Objects, s.row(len(s.shown), r))
			s.shown = append(s.shown, r)
		}
	}
	s.none.SetText("")
	switch {
	case open == 0:
		s.none.SetText(s.tr.Say("rnd.empty"))
	case len(s.shown) == 0:
		s.none.SetText(s.tr.Say("rnd.none_found"))
	}
	s.rows.Hidden = len(s.shown) == 0
	s.over.SetText("")
	if len(s.ended.Objects) > 0 {
		s.over.SetText(s.tr.Say("rnd.over"))
	}
	s.ended.Hidden, s.over.Hidden, s.none.Hidden = len(s.ended.Objects) == 0, len(s.ended.Objects) == 0, s.none.Text() == "" // else their gaps would show
	s.page.Refresh()
}

func (s *Round) row(i int, r app.Row) fyne.CanvasObject {
	if i == len(s.made) {
		d := &dayRow{
			row:  widget.NewPlaceRow("TapPlace"+strconv.Itoa(i+1), func() { s.choose(i, false) }),
			more: widget.NewButton("TapVisitMore"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, func() { s.choose(i, true) }),
		}
		d.both = widget.NewTrailing(theme.Space, d.row, d.more)
		s.made = append(s.made, d)
	}
	d := s.made[i]
	d.more.SetText(s.tr.Say("rnd.more"))
	d.more.Hidden = r.Visit.ID == ""
	d.row.Set(s.face(r))
	d.row.SetName(tapName(r) + strconv.Itoa(i+1))
	return d.both
}

// tapName is that of the tap on a row.
func tapName(r app.Row) string {
	if r.Place != nil {
		return "TapPlace"
	}
	return "TapVisit"
}

func (s *Round) choose(row int, more bool) {
	switch {
	case row >= len(s.shown):
	case more:
		s.parts.Send(app.TapVisitMore{ID: s.shown[row].Visit.ID})
	default:
		s.parts.Send(s.shown[row].Tap())
	}
}

// pick asks for the file of the list.
func (s *Round) pick() {
	s.parts.PickList(func(list []byte, err error) {
		switch {
		case err != nil:
			s.parts.Send(app.TapImportUnread{})
		case list != nil:
			s.parts.Send(app.TapImport{List: list})
		}
	})
}

func (s *Round) toggleReminders() {
	next := s.state.Settings
	next.NoNudges = !next.NoNudges
	s.parts.Send(app.TapSettings{Settings: next})
}

// face says how a row stands: in the line, at a clinic that has closed, in a talk elsewhere, planned, or ended.
func (s *Round) face(r app.Row) widget.PlaceFace {
	tr := s.tr
	face := widget.PlaceFace{Number: clock(tr, r.PlannedAt()), Name: citizenName(r.Citizen()), Where: dotted(r.Where(), clinicOf(r))}
	p := r.Place
	if p == nil {
		face.Stands = visitStands(tr, r.Visit.State)
		if at := r.Visit.PlannedAt; r.Visit.State == kontakt.VisitPlanned && !at.IsZero() && s.parts.Clock().After(at) {
			face.Stands = tr.Say("rnd.overdue")
		}
		return face
	}
	face.News = say(tr, p.Notice)
	switch {
	case p.Elsewhere:
		face.Stands, face.News = tr.Say("q.elsewhere"), ""
	case !p.State.Open():
		face.Stands, face.News = tr.Say("rnd.ended"), tr.Say("rnd.look")
	case p.State == kontakt.EntryCalled:
		face.Stands, face.News = tr.Say("call.incoming"), ""
	case p.State != kontakt.EntryWaiting:
		face.Stands, face.News = tr.Say("rnd.talks"), ""
	default:
		face.Stands = dotted(tr.Say("rnd.queued", "n", strconv.Itoa(p.Number)), before(tr, p.Before))
		if p.Wait.Known && p.Notice.Key != kontakt.MsgKept {
			face.Stands = dotted(face.Stands, tr.Wait(p.Wait))
		}
		if len(p.Unread()) > 0 {
			face.News = tr.Say("q.message")
		}
	}
	return face
}

// visitStands is a visit's state in words.
func visitStands(tr i18n.Lookup, state kontakt.VisitState) string {
	return tr.Say(map[kontakt.VisitState]kontakt.MsgKey{
		kontakt.VisitPlanned: "rnd.planned", kontakt.VisitUnderWay: "rnd.under_way_elsewhere", kontakt.VisitDone: "rnd.done",
		kontakt.VisitMissed: "rnd.missed", kontakt.VisitDropped: "rnd.dropped",
	}[state])
}

// citizenName is who it is; "" while nobody is signed in.
func citizenName(c *app.Citizen) string {
	switch {
	case c == nil:
		return ""
	case c.Name == "":
		return c.Masked
	}
	return c.Name
}

// clinicOf is where the citizen waits, or belongs.
func clinicOf(r app.Row) string {
	if r.Place != nil {
		return r.Place.Clinic.Name
	}
	if c := r.Visit.Citizen.Clinic; c != nil {
		return c.Name
	}
	return ""
}

// clock is a time of the day; "" for none.
func clock(tr i18n.Lookup, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return tr.Time(at)
}

// dotted joins what is known with dots.
func dotted(parts ...string) string {
	var known []string
	for _, p := range parts {
		if p != "" {
			known = append(known, p)
		}
	}
	return strings.Join(known, " · ")
}

// fitsRow says whether each word that is searched for begins a word of the name or of the place.
func fitsRow(r app.Row, search string) bool {
	return beginsIn(citizenName(r.Citizen())+" "+r.Where(), search)
}
