package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// newEmergencyButton makes "Ring 112" for where the status bar is not.
func newEmergencyButton(p Parts) *widget.Button {
	return widget.NewButton("TapEmergency", widget.Alarm, widget.IconAnswer, p.sends(app.TapEmergency{}))
}

// Emergency is the sheet "Ring 112": what to do and what is asked there, large and calm, over whatever goes on.
type Emergency struct {
	title, from                 *widget.Text
	drill, problem, heard, goes *widget.Notice
	where, what, whom           *widget.Fact
	answer, called, dial, back  *widget.Button
	page                        *widget.Page
}

// NewEmergency makes the sheet.
func NewEmergency(p Parts) *Emergency {
	s := &Emergency{
		title: widget.NewKeyFact(), from: widget.NewKeyFact(),
		drill: widget.NewNotice(widget.Warn), problem: widget.NewNotice(widget.Warn), heard: widget.NewNotice(widget.Info), goes: widget.NewNotice(widget.Info),
		where: widget.NewFact(theme.SizeLabel), what: widget.NewFact(theme.SizeLabel), whom: widget.NewFact(theme.SizeLabel),
		answer: widget.NewButton("TapAnswer", widget.Go, widget.IconAnswer, p.sends(app.TapAnswer{})),
		called: widget.NewButton("TapEmergencyCalled", widget.Primary, widget.IconCheck, p.sends(app.TapEmergencyCalled{})),
		dial:   widget.NewButton("TapEmergencyDial", widget.Alarm, widget.IconAnswer, p.sends(app.TapEmergencyDial{})),
		back:   widget.NewButton("TapEmergencyClose", widget.Secondary, widget.IconBack, p.sends(app.TapEmergencyClose{})),
	}
	s.title.Color = theme.ColorDanger
	s.page = widget.NewPage(
		widget.NewColumn(2*theme.Gap, widget.NewColumn(0, s.title, s.from), widget.NewColumn(theme.Gap, s.where, s.what, s.whom)),
		widget.NewColumn(theme.Gap, s.drill, s.goes, s.problem, s.heard),
		widget.NewColumn(theme.Gap, s.answer, s.called, widget.NewCells(theme.Gap, 2, s.dial, s.back)), nil)
	return s
}

// Object is the page.
func (s *Emergency) Object() fyne.CanvasObject { return s.page }

// Forget wipes the citizen off the labels.
func (s *Emergency) Forget() {
	s.whom.Set("", "")
}

// Show draws it.
func (s *Emergency) Show(state app.State) {
	v, tr := *state.Emergency, lookup(state)
	s.title.Type, s.from.Type = theme.SizeNumber, theme.SizeKey
	if state.Settings.TextScale > hintTo { // large enough to be read across the room, and still on one line
		s.title.Type, s.from.Type = theme.SizeKey, theme.SizeHeading
	}
	s.title.SetText(tr.Say("emg.ring"))
	s.from.SetText(tr.Say("emg.from_phone"))
	s.where.Set(tr.Say("emg.where"), tr.Say("emg.where_say"))
	if state.Device.Place != "" {
		s.where.Set(tr.Say("emg.where"), tr.Say("emg.where_unit", "sted", state.Device.Place))
	}
	s.what.Set(tr.Say("emg.what"), tr.Say("emg.what_say"))
	s.whom.Set(tr.Say("emg.who"), tr.Say("emg.who_say"))
	if who := atRisk(tr, v); who != "" {
		s.whom.Set(tr.Say("emg.who"), who)
	}
	s.drill.SetText("")
	if state.Drill != nil {
		s.drill.SetText(tr.Say("emg.drill"))
	}
	s.goesOn(tr, state)
	s.telling(tr, state)
	s.dial.SetText(tr.Say("emg.dial"))
	s.back.SetText(tr.Say("cit.back"))
	s.page.Refresh()
}

// goesOn says what goes on behind the sheet, and has a ring answered from it.
func (s *Emergency) goesOn(tr i18n.Lookup, state app.State) {
	s.goes.SetText("")
	s.answer.Hide()
	switch below := state.Screen.(type) {
	case app.InCall:
		s.goes.SetText(tr.Say("emg.call_goes_on"))
	case app.Called:
		s.goes.SetText(tr.Say("emg.rings", "klinik", below.Place.Clinic.Name))
		if c := below.Place.Citizen; c != nil && c.Name != "" {
			s.goes.SetText(tr.Say("emg.rings_for", "klinik", below.Place.Clinic.Name, "navn", c.Name))
		}
		s.answer.SetBusy(below.Busy, tr.Say("call.answering"), tr.Say("call.answer"))
		s.answer.Show()
	}
}

// telling says what the clinic knows, and what of the phoning went wrong.
func (s *Emergency) telling(tr i18n.Lookup, state app.State) {
	v := *state.Emergency
	s.problem.SetText(say(tr, v.Problem))
	s.heard.SetMood(widget.Info)
	s.called.Show()
	s.called.SetBusy(false, "", tr.Say("emg.called"))
	switch heard := state.Heard112(v.Place); {
	case v.Place == "":
		s.heard.SetText(tr.Say("emg.nobody_waits"))
		s.called.Hide()
	case heard == app.Heard:
		s.heard.SetText(tr.Say("emg.heard"))
		s.called.Hide()
	case heard == app.Telling && state.Net.Offline:
		s.heard.SetMood(widget.Warn)
		s.heard.SetText(tr.Say("emg.not_heard"))
		s.called.SetBusy(true, tr.Say("emg.telling"), "")
	case heard == app.Telling:
		s.heard.SetText("")
		s.called.SetBusy(true, tr.Say("emg.telling"), "")
	case state.Drill != nil:
		s.heard.SetText("")
	case v.Dialled:
		s.heard.SetText(tr.Say("emg.dialled"))
	default:
		s.heard.SetText(tr.Say("emg.then"))
	}
}

// atRisk is the citizen's name and age, as they are said to 112.
func atRisk(tr i18n.Lookup, v app.Emergency) string {
	if v.Citizen == nil {
		return ""
	}
	age := ""
	if v.Citizen.Age > 0 {
		age = tr.Say("emg.age", "n", strconv.Itoa(v.Citizen.Age))
	}
	return named(v.Citizen.Name, age)
}

// heard112 says on a place's own screen what its clinic knows of an emergency; nothing while there is none.
func heard112(tr i18n.Lookup, state app.State, id kontakt.EntryID) string {
	switch heard := state.Heard112(id); {
	case heard == app.Heard:
		return tr.Say("emg.heard")
	case heard == app.Telling && state.Net.Offline:
		return tr.Say("emg.not_heard")
	case heard == app.Telling:
		return tr.Say("emg.telling")
	}
	return ""
}
