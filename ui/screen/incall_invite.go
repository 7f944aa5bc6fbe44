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

// callInvite is the sheet that asks one more person in: first who, then the link as a code to be scanned; beside it, who
// is in the call, stands outside or was invited. What is keyed is the screen's own until it is sent.
type callInvite struct {
	parts               Parts
	kind                kontakt.GuestKind
	tr                  i18n.Lookup
	link                string
	guests              []app.Guest
	title, hint, people *widget.Text
	rows                *fyne.Container
	inside              []*widget.Text
	removes             []*widget.Button

	who                   *widget.Text
	kinds                 []*widget.Button
	nameLabel, phoneLabel *widget.Text
	name, phone           *widget.LineEntry
	form, shown, list     *fyne.Container
	scan, lives, sent     *widget.Text
	code                  *widget.QR
	problem               *widget.Notice
	emergency             *widget.Button
	goes                  *widget.Text
	warning               *widget.Notice
	makes, again, back    *widget.Button
	page                  *widget.Page
}

// invited are the kinds that the sheet offers, in its order.
var invited = []struct {
	kind kontakt.GuestKind
	name string
	key  kontakt.MsgKey
}{
	{kontakt.GuestRelative, "KindRelative", "guest.relative"},
	{kontakt.GuestInterpreter, "KindInterpreter", "guest.interpreter"},
	{kontakt.GuestNurse, "KindNurse", "guest.nurse"},
	{kontakt.GuestOther, "KindOther", "guest.other"},
}

func newCallInvite(p Parts) *callInvite {
	s := &callInvite{
		parts: p, kind: kontakt.GuestRelative, title: widget.NewHeading(), hint: widget.NewText(), people: widget.NewText(),
		who: widget.NewText(), nameLabel: widget.NewMuted(), phoneLabel: widget.NewMuted(), code: widget.NewQR(),
		scan: widget.NewHeading(), lives: widget.NewText(), sent: widget.NewText(), goes: widget.NewMuted(),
		problem: widget.NewNotice(widget.Warn), warning: widget.NewNotice(widget.Warn),
		again: widget.NewButton("TapInviteAgain", widget.Secondary, widget.IconInvite, p.sends(app.TapInviteAgain{})),
		back:  widget.NewButton("TapInviteClose", widget.Secondary, widget.IconBack, p.sends(app.TapInviteClose{})),
	}
	s.people.Bold, s.who.Bold = true, true
	s.name = widget.NewLineEntry("EntryName", false, s.make)
	s.phone = widget.NewLineEntry("EntryPhone", true, s.make)
	s.name.Focused, s.phone.Focused = func() { s.page.Refresh() }, func() { s.page.Refresh() }
	s.makes = widget.NewButton("TapInviteKind", widget.Primary, widget.IconNone, s.make)
	var kinds []fyne.CanvasObject
	for _, k := range invited {
		b := widget.NewButton(k.name, widget.Secondary, widget.IconNone, func() {
			s.kind = k.kind
			s.choose()
		})
		s.kinds = append(s.kinds, b)
		kinds = append(kinds, b)
	}
	s.rows, s.emergency = widget.NewColumn(theme.Space), newEmergencyButton(p)
	for i := range kontakt.MaxGuests + 1 {
		text := widget.NewText()
		text.Type = theme.SizeLabel
		s.inside = append(s.inside, text)
		s.removes = append(s.removes, widget.NewButton("TapRemoveGuest"+strconv.Itoa(i), widget.Secondary, widget.IconCross, func() { s.remove(i) }))
		s.rows.Objects = append(s.rows.Objects, text, s.removes[i])
	}
	s.form = widget.NewColumn(2*theme.Space, s.who, widget.NewCells(theme.Gap, 2, kinds...),
		widget.NewColumn(theme.Space/2, s.nameLabel, s.name), widget.NewColumn(theme.Space/2, s.phoneLabel, s.phone))
	s.shown = widget.NewColumn(2*theme.Space, s.scan, s.lives, s.sent)
	s.list = widget.NewColumn(2*theme.Space, s.hint, s.people, s.rows)
	s.page = widget.NewPage(
		widget.NewColumn(2*theme.Space, s.title, s.warning, s.list, s.shown),
		widget.NewColumn(2*theme.Space, s.problem, s.form, widget.NewCentred(s.code)), widget.NewCells(theme.Gap, 2, s.makes, s.again, s.back), widget.NewShelf(theme.Gap, 1, s.goes, s.emergency))
	return s
}

func (s *callInvite) object() fyne.CanvasObject { return s.page }

// leave forgets what was keyed: the sheet begins anew.
func (s *callInvite) leave() {
	s.name.SetText("")
	s.phone.SetText("")
	s.kind, s.link = kontakt.GuestRelative, ""
	s.code.SetAddress("")
}

func (s *callInvite) forget() {
	s.leave()
	s.guests = nil
	for i := range s.inside {
		s.inside[i].SetText("")
		s.removes[i].SetText("")
	}
	s.scan.SetText("")
	s.sent.SetText("")
}

func (s *callInvite) make() {
	s.parts.Send(app.TapInviteKind{Kind: s.kind, Name: s.name.Text, Phone: s.phone.Text})
}

func (s *callInvite) remove(row int) {
	if guest := row - 1; guest >= 0 && guest < len(s.guests) {
		s.parts.Send(app.TapRemoveGuest{ID: s.guests[guest].ID})
	}
}

func (s *callInvite) choose() {
	for i, k := range invited {
		on := k.kind == s.kind
		s.kinds[i].SetOn(on)
		s.kinds[i].SetIcon(iconOf(on, widget.IconCheck, widget.IconNone)) // not by colour alone
	}
	s.page.Refresh()
}

func (s *callInvite) show(state app.State, v app.InCall) {
	tr, i := lookup(state), *v.Inviting
	s.tr = tr
	s.title.SetText(tr.Say("call.add"))
	s.hint.SetText(tr.Say("guest.hint"))
	s.present(v)
	text, warn := goingOn(tr, state, v)
	s.goes.SetText("")
	s.emergency.SetText(tr.Say("emg.ring"))
	s.warning.SetText("")
	if warn {
		s.warning.SetText(text)
	} else {
		s.goes.SetText(text)
	}
	s.problem.SetText(say(tr, i.Problem))
	if i.Full && i.Problem.None() && i.Link == "" {
		s.problem.SetText(tr.Say(kontakt.MsgGuestFull, "n", strconv.Itoa(kontakt.MaxGuests)))
	}
	s.asking(i)
	s.showing(i)
	s.back.SetText(tr.Say("guest.close"))
	s.choose()
}

// asking is the first half: who is to come.
func (s *callInvite) asking(i app.Invite) {
	tr := s.tr
	s.form.Hidden = i.Link != "" || i.Full
	s.who.SetText(tr.Say("guest.who"))
	for n, k := range invited {
		s.kinds[n].SetText(tr.Say(k.key))
		s.kinds[n].SetEnabled(!i.Busy)
	}
	s.nameLabel.SetText(tr.Say("guest.name"))
	s.phoneLabel.SetText(tr.Say("guest.phone"))
	s.makes.Hidden = s.form.Hidden
	s.makes.SetBusy(i.Busy, tr.Say("guest.making"), tr.Say("guest.make"))
}

// showing is the second: the link, which is shown once, with nothing beside it.
func (s *callInvite) showing(i app.Invite) {
	tr := s.tr
	s.shown.Hidden, s.again.Hidden, s.list.Hidden = i.Link == "", i.Link == "", i.Link != ""
	if i.Link != s.link {
		s.link = i.Link
		if i.Link != "" {
			s.name.SetText("")
			s.phone.SetText("")
		}
	}
	s.code.SetAddress(i.Link)
	s.scan.SetText(tr.Say("guest.scan_them"))
	if i.Name != "" {
		s.scan.SetText(tr.Say("guest.scan", "navn", i.Name))
	}
	s.lives.SetText(tr.Say("guest.lives"))
	s.sent.SetText("")
	if i.Sent {
		s.sent.SetText(tr.Say("guest.sent", "tlf", i.Phone))
	}
	s.again.SetText(tr.Say("guest.again"))
	if i.Full {
		s.again.SetText(tr.Say("call.people"))
	}
}

// present says who is in the call and who is on the way: the clinic first.
func (s *callInvite) present(v app.InCall) {
	tr := s.tr
	s.people.SetText(tr.Say("call.people"))
	s.guests = v.Guests
	for i := range s.inside {
		s.inside[i].SetText("")
		s.removes[i].Hidden = true
	}
	s.inside[0].SetText(phrases(participantName(tr, others(v)[0]), others(v)[0].Title))
	for i, g := range v.Guests {
		if i+1 >= len(s.inside) {
			break
		}
		name := guestName(tr, g.Name, g.Kind)
		kind := kindWord(tr, g.Kind)
		if g.Name == "" {
			kind = ""
		}
		s.inside[i+1].SetText(phrases(name, kind, stateWord(tr, g.State)))
		b := s.removes[i+1]
		b.Hidden = !g.Ours
		b.SetBusy(g.Going, tr.Say("guest.removing", "navn", name), tr.Say("guest.remove", "navn", name))
	}
}

func stateWord(tr i18n.Lookup, s kontakt.GuestState) string {
	switch s {
	case kontakt.GuestInvited:
		return tr.Say("guest.invited")
	case kontakt.GuestLobby:
		return tr.Say("guest.lobby")
	case kontakt.GuestAdmitted:
		return tr.Say("guest.admitted")
	}
	return ""
}
