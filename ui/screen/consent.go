package screen

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// Consent has the nurse read the question aloud and say how the citizen answered. All four ways to agree weigh the same,
// and none is preset.
type Consent struct {
	parts               Parts
	title, who, ask     *widget.Text
	why                 *widget.Text
	problem             *widget.Notice
	reason              *widget.LineEntry
	given               []*widget.Button // one for each of consents
	cannot, goOn        *widget.Button
	no, back            *widget.Button
	answers, withReason *fyne.Container
	others              *widget.Text
	room                []*widget.Button // one for each of kontakt.RoomRoles
	page                *widget.Page
}

// consents are the answers that need no word more, in the order in which they are offered.
var consents = []struct {
	name string // of the button
	kind kontakt.ConsentKind
	says kontakt.MsgKey
}{
	{"TapConsentOral", kontakt.ConsentOral, "con.oral"},
	{"TapConsentTacit", kontakt.ConsentTacit, "con.tacit"},
	{"TapConsentGuardian", kontakt.ConsentGuardian, "con.guardian"},
}

// roomWords are who can be in the room besides the citizen and the nurse.
var roomWords = map[kontakt.RecordRole]kontakt.MsgKey{
	kontakt.RoleInRelative: "con.relative", kontakt.RoleInColleague: "con.colleague", kontakt.RoleInInterpreter: "con.interpreter",
}

// NewConsent makes the screen.
func NewConsent(p Parts) *Consent {
	s := &Consent{
		parts: p, title: widget.NewHeading(), who: widget.NewMuted(), ask: widget.NewText(), why: widget.NewText(), problem: widget.NewNotice(widget.Warn),
		cannot: widget.NewButton("TapConsentCannot", widget.Secondary, widget.IconNone, p.sends(app.TapConsentCannot{})),
		no:     widget.NewButton("TapConsentNo", widget.Secondary, widget.IconNone, p.sends(app.TapConsentNo{})),
		back:   widget.NewButton("TapBack", widget.Secondary, widget.IconBack, p.sends(app.TapBack{})),
	}
	s.ask.Type = theme.SizeLabel
	s.reason = widget.NewLineEntry("EntryWhy", false, s.submit)
	s.goOn = widget.NewButton("TapConsentWhy", widget.Primary, widget.IconNone, s.submit)
	s.others = widget.NewText()
	s.answers, s.withReason = widget.NewColumn(theme.Gap), widget.NewColumn(theme.Gap, s.why, s.reason)
	for _, c := range consents {
		b := widget.NewButton(c.name, widget.Secondary, widget.IconNone, p.sends(app.TapConsent{Consent: kontakt.Consent{Kind: c.kind}}))
		s.given = append(s.given, b)
		s.answers.Objects = append(s.answers.Objects, b)
	}
	s.answers.Objects = append(s.answers.Objects, s.cannot)
	chips := widget.NewCells(theme.Gap, len(kontakt.RoomRoles))
	for i, who := range kontakt.RoomRoles {
		b := widget.NewButton("TapRoom"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, p.sends(app.TapRoom{Who: who}))
		s.room = append(s.room, b)
		chips.Objects = append(chips.Objects, b)
	}
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.who, s.ask, widget.NewColumn(theme.Space, s.others, chips)),
		widget.NewColumn(theme.Gap, s.problem, s.answers, s.withReason),
		widget.NewColumn(theme.Gap, s.goOn, widget.NewCells(theme.Gap, 2, s.no, s.back)), nil)
	return s
}

func (s *Consent) submit() {
	s.parts.Send(app.TapConsent{Consent: kontakt.Consent{Kind: kontakt.ConsentCannot, Reason: s.reason.Text}})
}

// Object is the page.
func (s *Consent) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Consent) Leave() {}

// Forget wipes the citizen off the label, and why there is no consent.
func (s *Consent) Forget() {
	s.who.SetText("")
	s.reason.SetText("")
}

// Show draws it.
func (s *Consent) Show(state app.State) {
	v, tr := state.Screen.(app.Consent), lookup(state)
	s.title.SetText(tr.Say("con.title"))
	name := v.Citizen.Name
	if name == "" {
		name = v.Citizen.Masked
	}
	s.who.SetText(named(name, v.Clinic.Name))
	s.ask.SetText(tr.Say("con.read"))
	s.others.SetText(tr.Say("con.room"))
	for i, who := range kontakt.RoomRoles {
		s.room[i].SetText(tr.Say(roomWords[who]))
		s.room[i].SetOn(slices.Contains(v.Room, who))
	}
	for i, b := range s.given {
		b.SetText(tr.Say(consents[i].says))
	}
	s.cannot.SetText(tr.Say("con.cannot"))
	s.answers.Hidden, s.withReason.Hidden = v.Cannot, !v.Cannot
	s.why.SetText(tr.Say("con.reason"))
	s.reason.SetPlaceHolder(tr.Say("con.reason_hint"))
	s.problem.SetText(say(tr, v.Problem))
	s.goOn.Hidden = !v.Cannot
	s.goOn.SetText(tr.Say("con.go_on"))
	s.no.SetText(tr.Say("con.no"))
	s.back.SetText(tr.Say("cit.back"))
	s.page.Refresh()
}
