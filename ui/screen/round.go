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

// Round lists all who wait, each with number, clinic and how it stands.
type Round struct {
	parts       Parts
	title, keep *widget.Text
	urgent      *widget.Text
	problem     *widget.Notice
	rows        *fyne.Container
	more        *widget.Button
	journal     *widget.Button
	hand, offer *widget.Button
	page        *widget.Page

	places []kontakt.EntryID  // by row
	made   []*widget.PlaceRow // once, so that the focus stays
}

// NewRound makes the screen.
func NewRound(p Parts) *Round {
	s := &Round{
		parts: p, title: widget.NewHeading(), keep: widget.NewText(), urgent: widget.NewUrgent(), problem: widget.NewNotice(widget.Warn),
		rows: widget.NewColumn(theme.Gap), journal: newJournalButton(p),
		hand: widget.NewButton("TapHandOver", widget.Secondary, widget.IconNone, p.sends(app.TapHandOver{})), offer: widget.NewButton("TapScanOffer", widget.Secondary, widget.IconNone, p.sends(app.TapScanOffer{})),
		more: widget.NewButton("TapNew", widget.Primary, widget.IconPeople, p.sends(app.TapNew{})),
	}
	s.page = widget.NewPage(
		widget.NewColumn(theme.Gap, s.title, s.keep, s.problem), s.rows, widget.NewColumn(theme.Gap, s.more, widget.NewCells(theme.Gap, 2, s.hand, s.offer), s.journal), s.urgent)
	return s
}

// Object is the page.
func (s *Round) Object() fyne.CanvasObject { return s.page }

// Leave has nothing to let go.
func (s *Round) Leave() {}

// Forget wipes the citizens off the rows.
func (s *Round) Forget() {
	for _, r := range s.made {
		r.Set(widget.PlaceFace{})
	}
	s.rows.Objects, s.places = nil, nil
}

// Show draws it.
func (s *Round) Show(state app.State) {
	v, tr := state.Screen.(app.Round), lookup(state)
	s.title.SetText(tr.Say("rnd.title"))
	s.keep.SetText(tr.Say("rnd.keep_device"))
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
	s.urgent.SetText(tr.Say("q.emergency"))
	s.rows.Objects, s.places = nil, nil
	for i, p := range state.Aside {
		if i == len(s.made) {
			s.made = append(s.made, widget.NewPlaceRow("TapPlace"+strconv.Itoa(i+1), func() { s.choose(i) }))
		}
		s.made[i].Set(rowOf(tr, p))
		s.rows.Objects, s.places = append(s.rows.Objects, s.made[i]), append(s.places, p.ID)
	}
	s.page.Refresh()
}

func (s *Round) choose(row int) {
	if row < len(s.places) {
		s.parts.Send(app.TapPlace{ID: s.places[row]})
	}
}

// rowOf says how a place stands: in the line, at a clinic that has closed, in a talk elsewhere, or ended.
func rowOf(tr i18n.Lookup, p app.Place) widget.PlaceFace {
	face := widget.PlaceFace{Number: strconv.Itoa(p.Number), Where: p.Clinic.Name, News: say(tr, p.Notice)}
	if p.Citizen != nil {
		face.Name = p.Citizen.Name
		if face.Name == "" {
			face.Name = p.Citizen.Masked
		}
	}
	if !p.PlannedAt.IsZero() {
		face.Where = named(face.Where, tr.Say("q.planned", "tid", tr.Clock(p.PlannedAt)))
	}
	switch {
	case p.Elsewhere:
		face.Stands, face.News = tr.Say("q.elsewhere"), ""
	case !p.State.Open():
		face.Stands, face.News = tr.Say("rnd.ended"), tr.Say("rnd.look")
	case p.State != kontakt.EntryWaiting:
		face.Stands, face.News = tr.Say("call.incoming"), ""
	default:
		face.Stands = before(tr, p.Before)
		if p.Wait.Known && p.Notice.Key != kontakt.MsgKept {
			face.Stands += " · " + tr.Wait(p.Wait)
		}
		if len(p.Unread()) > 0 {
			face.News = tr.Say("q.message")
		}
	}
	return face
}
