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

// Waiting shows the number that was drawn, what comes next, and what the clinic says meanwhile.
type Waiting struct {
	parts Parts
	tr    i18n.Lookup
	place app.Place

	name, clinic, planned, drawnBy    *widget.Text
	label, number                     *widget.Text
	before, wait, since, keep, urgent *widget.Text
	delay                             *widget.Text
	notice, staff, problem, closing   *widget.Notice
	letter                            *widget.Letter
	seen                              []*widget.Letter // the last that have been read, newest first
	read, messages, leave, wrong      *widget.Button
	dismiss, takeOver                 *widget.Button
	round, next, tell, more, over     *widget.Button
	hand, help, out                   *widget.Button
	asks, others, last, written       *fyne.Container
	choices                           *widget.Question
	leaving, mistaken, moot           *widget.Question
	asking                            *widget.Question
	page                              *widget.Page
}

// seenAgain is how many of the messages that have been read are shown again.
const seenAgain = 3

// NewWaiting makes the screen.
func NewWaiting(p Parts) *Waiting {
	s := &Waiting{
		parts: p,
		name:  widget.NewHeading(), clinic: widget.NewMuted(), planned: widget.NewText(), drawnBy: widget.NewMuted(),
		label: widget.NewMuted(), number: widget.NewKeyFact(),
		before: widget.NewHeading(), wait: widget.NewText(), since: widget.NewMuted(), keep: widget.NewText(), urgent: widget.NewUrgent(),
		delay: widget.NewText(), closing: widget.NewNotice(widget.Warn),
		notice: widget.NewNotice(widget.Info), staff: widget.NewNotice(widget.Warn), problem: widget.NewNotice(widget.Warn),
		letter:   widget.NewLetter(),
		read:     widget.NewButton("TapRead", widget.Primary, widget.IconCheck, p.sends(app.TapRead{})),
		messages: widget.NewButton("TapMessages", widget.Secondary, widget.IconNone, p.sends(app.TapMessages{})),
		leave:    widget.NewButton("TapLeave", widget.Secondary, widget.IconNone, p.sends(app.TapLeave{})),
		wrong:    widget.NewButton("TapWrong", widget.Secondary, widget.IconNone, p.sends(app.TapWrong{})),
		takeOver: widget.NewButton("TapTakeOver", widget.Primary, widget.IconNone, p.sends(app.TapTakeOver{Reason: i18n.For(i18n.Danish).Say("ref.take_over_shift")})),
		dismiss:  widget.NewButton("TapDismiss", widget.Secondary, widget.IconNone, p.sends(app.TapDismiss{})),
		round:    widget.NewButton("TapRound", widget.Secondary, widget.IconPeople, p.sends(app.TapRound{})),
		tell:     widget.NewButton("TapTell", widget.Secondary, widget.IconWrite, p.sends(app.TapTell{})),
		out:      widget.NewButton("TapOut", widget.Secondary, widget.IconLock, p.sends(app.TapOut{})),
		next:     widget.NewButton("TapNew", widget.Secondary, widget.IconNone, p.sends(app.TapNew{})),
		hand:     widget.NewButton("TapHandOver", widget.Secondary, widget.IconNone, p.sends(app.TapHandOver{})),
		more:     widget.NewButton("More", widget.Secondary, widget.IconMore, p.sends(app.TapMore{})),
		leaving: widget.NewQuestion("TapLeaveYes", "TapLeaveNo", p.sends(app.TapLeaveYes{}), p.sends(app.TapLeaveNo{})).
			WithOther("TapWithdraw", p.sends(app.TapWithdraw{})),
		help:     widget.NewButton("TapHelp", widget.Secondary, widget.IconInfo, p.sends(app.TapHelp{})),
		moot:     widget.NewQuestion("TapMootYes", "TapMootNo", p.sends(app.TapMootYes{}), p.sends(app.TapMootNo{})),
		over:     widget.NewButton("TapMoot", widget.Secondary, widget.IconNone, p.sends(app.TapMoot{})),
		mistaken: widget.NewQuestion("TapWrongYes", "TapWrongNo", p.sends(app.TapWrongYes{}), p.sends(app.TapWrongNo{})),
	}
	s.number.Type = theme.SizeNumber
	s.wait.Type, s.planned.Type = theme.SizeLabel, theme.SizeLabel
	s.written = widget.NewColumn(theme.Gap, s.letter, s.messages)
	for range seenAgain {
		l := widget.NewLetter()
		s.seen = append(s.seen, l)
		s.written.Objects = append(s.written.Objects, l)
	}
	work := widget.NewColumn(theme.Gap, s.problem, s.written, s.staff, s.closing, s.notice,
		widget.NewColumn(theme.Space/2, s.before, s.wait, s.delay, s.since), s.keep)
	s.choices = widget.NewChoices("TapMoreClose", p.sends(app.TapMoreClose{}), s.hand, s.wrong, s.over, s.leave, s.help)
	s.asks, s.others, s.last = widget.NewCells(theme.Gap, 2, s.tell, s.out), widget.NewCells(theme.Gap, 2), widget.NewColumn(theme.Gap)
	s.page = widget.NewPage(
		widget.NewColumn(3*theme.Space, widget.NewColumn(0, s.name, s.clinic, s.planned, s.drawnBy), widget.NewColumn(0, s.label, s.number)),
		work, widget.NewColumn(theme.Gap, s.read, s.takeOver, s.asks, s.others, s.last, s.dismiss), s.urgent)
	return s
}

// Object is the page.
func (s *Waiting) Object() fyne.CanvasObject { return s.page }

// Question is "Forlad køen?", "Forkert borger?" or the sheet "Mere".
func (s *Waiting) Question() *widget.Question { return s.asking }

// Leave has nothing to let go.
func (s *Waiting) Leave() { s.asking = nil }

// Forget wipes the citizen off the labels, and what was written about them.
func (s *Waiting) Forget() {
	s.name.SetText("")
	s.place = app.Place{}
	for _, l := range append([]*widget.Letter{s.letter}, s.seen...) {
		l.Set("", "", "")
	}
}

// Tick counts down to the closing.
func (s *Waiting) Tick() {
	if was := s.closing.Text(); was != s.closesSoon() {
		s.closing.SetText(s.closesSoon())
		s.page.Refresh()
	}
}

// closingSoon is how long before it closes a clinic's closing is worth a line.
const closingSoon = 10 * time.Minute

func (s *Waiting) closesSoon() string {
	c := s.place.Clinic
	left := c.ClosesAt.Sub(s.parts.Clock())
	if !c.Open || s.place.Elsewhere || c.ClosesAt.IsZero() || left <= 0 || left > closingSoon {
		return ""
	}
	return s.tr.Say("q.closing_soon", "n", strconv.Itoa(int((left+time.Minute-1)/time.Minute)))
}

// Show draws it.
func (s *Waiting) Show(state app.State) {
	v, tr := state.Screen.(app.Waiting), lookup(state)
	s.tr, s.place = tr, v.Place
	s.showWho(state, v.Place)
	s.showLine(v.Place)
	s.showNotices(state, v)
	s.showMessages(v)
	s.leave.SetText(tr.Say("q.leave"))
	s.hand.SetText(tr.Say("hand.give"))
	s.over.SetText(tr.Say("q.not_relevant"))
	s.wrong.SetText(tr.Say("q.wrong"))
	s.help.SetText(tr.Say("help.open"))
	s.dismiss.SetText(tr.Say("q.dismiss"))
	s.takeOver.Hidden = !v.Place.MayTakeOver(state.Employee) || len(v.Place.Unread()) > 0
	s.takeOver.SetBusy(v.Taking, tr.Say("ref.taking_over"), tr.Say("ref.take_over"))
	s.dismiss.Hidden = !v.Place.Elsewhere
	s.urgent.SetText(tr.Say("q.emergency"))
	first := v.Place.Elsewhere || len(v.Place.Unread()) > 0 // what the clinic has written
	s.asks.Hidden, s.more.Hidden = first, first
	s.last.Hidden = first || len(state.Aside) == 0
	s.tell.SetText(s.tr.Say("is.write"))
	s.out.SetText(tr.Say("lock.out"))
	s.more.SetText(tr.Say("call.more"))
	s.showRound(state)
	s.ask(v)
	s.page.Refresh()
}

// showRound tells how many others wait, and offers to put one more into a queue.
func (s *Waiting) showRound(state app.State) {
	s.others.Objects, s.last.Objects = []fyne.CanvasObject{s.next, s.more}, nil
	if len(state.Aside) > 0 {
		s.others.Objects, s.last.Objects = []fyne.CanvasObject{s.round, s.next}, []fyne.CanvasObject{s.more}
	}
	s.others.Hidden = len(s.place.Unread()) > 0
	s.round.SetText(s.tr.Say("rnd.others", "n", strconv.Itoa(len(state.Aside))))
	if len(state.Aside) == 1 {
		s.round.SetText(s.tr.Say("rnd.others_one"))
	}
	s.next.SetText(s.tr.Say("rnd.add"))
}

func (s *Waiting) showWho(state app.State, p app.Place) {
	name := ""
	if p.Citizen != nil {
		name = p.Citizen.Name
		if name == "" {
			name = p.Citizen.Masked
		}
	}
	s.name.SetText(name)
	s.clinic.SetText(s.tr.Say("q.joined", "klinik", p.Clinic.Name))
	if p.Elsewhere {
		s.clinic.SetText(p.Clinic.Name)
	}
	s.planned.SetText("")
	if !p.PlannedAt.IsZero() {
		s.planned.SetText(s.tr.Say("q.planned", "tid", s.tr.Clock(p.PlannedAt)))
	}
	s.drawnBy.SetText("")
	if p.DrawnBy != "" && p.DrawnBy != state.Employee.Name {
		s.drawnBy.SetText(s.tr.Say("q.drawn_by", "navn", p.DrawnBy))
	}
	s.label.SetText(s.tr.Say("q.your_number"))
	s.number.SetText(strconv.Itoa(p.Number))
}

// showLine says how far off it is; nothing of that while another tablet talks.
func (s *Waiting) showLine(p app.Place) {
	for _, t := range []*widget.Text{s.wait, s.since, s.delay, s.keep} {
		t.SetText("")
	}
	s.closing.SetText(s.closesSoon())
	if p.Elsewhere {
		s.before.SetText(s.tr.Say("q.elsewhere"))
		return
	}
	s.before.SetText(before(s.tr, p.Before))
	if p.Notice.Key != kontakt.MsgKept {
		s.wait.SetText(s.tr.Wait(p.Wait))
	}
	if minutes := int(p.Clinic.Delay / time.Minute); minutes > 0 {
		s.delay.SetText(s.tr.Say("q.delay", "n", strconv.Itoa(minutes)))
	}
	if !p.JoinedAt.IsZero() {
		s.since.SetText(s.tr.Say("q.since", "tid", s.tr.Time(p.JoinedAt)))
	}
	s.keep.SetText(s.tr.Say("q.keep_device"))
}

func (s *Waiting) showNotices(state app.State, v app.Waiting) {
	notice := []string{heard112(s.tr, state, v.Place.ID), say(s.tr, v.Place.Notice)}
	c := v.Place.Clinic
	if c.ID != "" && !c.Open && !v.Place.Elsewhere {
		notice = append(notice, s.closed(c, v.Place.Notice.Key == kontakt.MsgKept)...)
	}
	s.notice.SetText(strings.TrimSpace(strings.Join(notice, " ")))
	s.staff.SetText("")
	if c.Unstaffed && c.Open && !v.Place.Elsewhere {
		s.staff.SetText(s.tr.Say("q.unstaffed", "tlf", c.Phone))
	}
	problem := say(s.tr, v.Problem)
	if problem == "" && state.Net.Offline {
		problem = s.tr.Say("q.reconnecting")
	}
	s.problem.SetText(problem)
}

// closed says what a closing means for those who wait, why, and where to phone.
func (s *Waiting) closed(c kontakt.Clinic, kept bool) []string {
	var say []string
	switch {
	case !kept:
		say = append(say, s.tr.Say("q.closed_stay"))
	case !c.OpensAt.IsZero():
		say = append(say, s.tr.Say("q.opens", "dag", s.tr.Day(kontakt.DateOf(c.OpensAt), kontakt.DateOf(s.parts.Clock())), "tid", s.tr.Clock(c.OpensAt))+".")
	}
	if c.Closed != "" {
		say = append(say, s.tr.Say("q.closed_why", "grund", strings.TrimSuffix(c.Closed, ".")))
	}
	if c.Phone != "" {
		say = append(say, s.tr.Say("q.closed_phone", "tlf", c.Phone))
	}
	return say
}

// showMessages shows the oldest that nobody has read, and on wish the last ones again.
func (s *Waiting) showMessages(v app.Waiting) {
	unread, seen := v.Place.Unread(), v.Place.Seen()
	s.read.Hidden = len(unread) == 0
	s.read.SetText(s.tr.Say("q.read"))
	s.letter.Set("", "", "")
	if len(unread) > 0 {
		s.write(s.letter, unread[0])
	}
	for i, l := range s.seen {
		l.Set("", "", "")
		if v.Messages && i < len(seen) {
			s.write(l, seen[len(seen)-1-i])
		}
	}
	s.messages.Hidden = len(seen) == 0
	s.written.Hidden = len(unread)+len(seen) == 0 // else its gap would show
	s.messages.SetText(s.tr.Say("q.messages", "n", strconv.Itoa(min(len(seen), seenAgain))))
	if v.Messages {
		s.messages.SetText(s.tr.Say("q.messages_hide"))
	}
}

func (s *Waiting) write(l *widget.Letter, m app.Message) {
	text := m.Text
	if text == "" {
		text = s.tr.Say("q.message_closed")
	}
	l.Set(s.tr.Say("q.message"), text, s.tr.Say("q.message_from", "navn", named(m.Sender, m.Title), "tid", s.tr.Clock(m.At)))
}

func (s *Waiting) ask(v app.Waiting) {
	s.asking = nil
	switch {
	case v.Leaving:
		s.asking = s.leaving
		text := s.tr.Say("q.leave_confirm")
		if v.Busy && !v.Problem.None() {
			text = say(s.tr, v.Problem)
		}
		s.leaving.Ask(text)
		s.leaving.Yes.SetBusy(v.Busy, s.tr.Say("q.leaving"), s.tr.Say("q.leave_yes"))
		s.leaving.No.SetText(s.tr.Say("q.leave_no"))
		s.leaving.No.SetEnabled(!v.Busy)
		s.leaving.Other.SetText(s.tr.Say("con.withdraw"))
		s.leaving.Other.Hidden = v.Busy
	case v.More:
		s.asking = s.choices
		s.choices.Ask(s.tr.Say("q.number", "n", strconv.Itoa(v.Place.Number)))
		s.choices.No.SetText(s.tr.Say("call.less"))
	case v.Moot:
		s.asking = s.moot
		s.moot.Ask(s.tr.Say("q.not_relevant_confirm"))
		if v.Busy && !v.Problem.None() {
			s.moot.Ask(say(s.tr, v.Problem))
		}
		s.moot.Yes.SetBusy(v.Busy, s.tr.Say("q.not_relevant_doing"), s.tr.Say("q.not_relevant_yes"))
		s.moot.No.SetText(s.tr.Say("q.leave_no"))
		s.moot.No.SetEnabled(!v.Busy)
	case v.Wrong:
		s.asking = s.mistaken
		s.mistaken.Ask(s.tr.Say("q.wrong_confirm", "n", strconv.Itoa(v.Place.Number)))
		s.mistaken.Yes.SetText(s.tr.Say("q.wrong_yes"))
		s.mistaken.No.SetText(s.tr.Say("q.wrong_no"))
	}
}

func before(tr i18n.Lookup, n int) string {
	if n == 0 {
		return tr.Say("q.next")
	}
	return tr.Say("q.before", "n", strconv.Itoa(n))
}
