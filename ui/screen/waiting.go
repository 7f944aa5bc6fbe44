package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Waiting shows the number that was drawn, and what comes next.
type Waiting struct {
	name, clinic, label, number       *widget.Text
	before, wait, since, keep, urgent *widget.Text
	notice, problem                   *widget.Notice
	leave                             *widget.Button
	question                          *widget.Question
	asking                            bool
	page                              *widget.Page
}

// NewWaiting makes the screen.
func NewWaiting(p Parts) *Waiting {
	s := &Waiting{
		name: widget.NewHeading(), clinic: widget.NewMuted(), label: widget.NewMuted(), number: widget.NewKeyFact(),
		before: widget.NewHeading(), wait: widget.NewText(), since: widget.NewMuted(), keep: widget.NewText(), urgent: widget.NewUrgent(),
		notice: widget.NewNotice(widget.Info), problem: widget.NewNotice(widget.Warn),
		leave:    widget.NewButton("TapLeave", widget.Secondary, widget.IconNone, p.sends(app.TapLeave{})),
		question: widget.NewQuestion("TapLeaveYes", "TapLeaveNo", p.sends(app.TapLeaveYes{}), p.sends(app.TapLeaveNo{})),
	}
	s.number.Type = theme.SizeNumber
	s.wait.Type = theme.SizeLabel
	s.page = widget.NewPage(
		widget.NewColumn(3*theme.Space, widget.NewColumn(0, s.name, s.clinic), widget.NewColumn(0, s.label, s.number)),
		widget.NewColumn(3*theme.Space, s.problem, s.notice, widget.NewColumn(theme.Space/2, s.before, s.wait, s.since), s.keep),
		s.leave, s.urgent)
	return s
}

// Object is the page.
func (s *Waiting) Object() fyne.CanvasObject { return s.page }

// Question is "Forlad køen?".
func (s *Waiting) Question() *widget.Question {
	if s.asking {
		return s.question
	}
	return nil
}

// Leave has nothing to let go.
func (s *Waiting) Leave() { s.asking = false }

// Forget wipes the citizen off the labels.
func (s *Waiting) Forget() { s.name.SetText("") }

// Show draws it.
func (s *Waiting) Show(state app.State) {
	v, tr := state.Screen.(app.Waiting), lookup(state)
	name := ""
	if v.Place.Citizen != nil {
		name = v.Place.Citizen.Name
	}
	s.name.SetText(name)
	s.clinic.SetText(tr.Say("q.joined", "klinik", v.Place.Clinic.Name))
	s.label.SetText(tr.Say("q.your_number"))
	s.number.SetText(strconv.Itoa(v.Place.Number))
	s.before.SetText(before(tr, v.Place.Before))
	s.wait.SetText(tr.Wait(v.Place.Wait))
	s.since.SetText("")
	if !v.Place.JoinedAt.IsZero() {
		s.since.SetText(tr.Say("q.since", "tid", tr.Time(v.Place.JoinedAt)))
	}
	s.keep.SetText(tr.Say("q.keep_device"))
	s.notice.SetText(say(tr, v.Place.Notice))
	problem := say(tr, v.Problem)
	if problem == "" && state.Net.Offline {
		problem = tr.Say("q.reconnecting")
	}
	s.problem.SetText(problem)
	s.leave.SetText(tr.Say("q.leave"))
	s.urgent.SetText(tr.Say("q.emergency"))
	s.asking = v.Leaving
	s.question.Ask(tr.Say("q.leave_confirm"))
	s.question.Yes.SetBusy(v.Busy, tr.Say("q.leaving"), tr.Say("q.leave_yes"))
	s.question.No.SetText(tr.Say("q.leave_no"))
	s.question.No.SetEnabled(!v.Busy)
	s.page.Refresh()
}

func before(tr i18n.Lookup, n int) string {
	if n == 0 {
		return tr.Say("q.next")
	}
	return tr.Say("q.before", "n", strconv.Itoa(n))
}
