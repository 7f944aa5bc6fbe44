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

// people offers those whose number need not be keyed: who is planned next on the round, and who was here before.
type people struct {
	parts              Parts
	round, before      *widget.Text
	visits, recents    *fyne.Container
	planned            []kontakt.VisitID   // by button
	known              []kontakt.CitizenID // by button
	toVisit, toCitizen []*widget.Button
	whole              *widget.Button
	all                *fyne.Container
}

// seenPeople is how many of each are offered; the list of the round has all.
const seenPeople = 3

func newPeople(p Parts) *people {
	s := &people{
		parts: p, round: widget.NewMuted(), before: widget.NewMuted(),
		visits: widget.NewColumn(theme.Space), recents: widget.NewColumn(theme.Space),
		whole: widget.NewButton("TapRound", widget.Quiet, widget.IconPeople, p.sends(app.TapRound{})),
	}
	for i := range seenPeople {
		s.toVisit = append(s.toVisit, widget.NewButton("TapVisit"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, func() {
			if i < len(s.planned) {
				p.Send(app.TapVisit{ID: s.planned[i]})
			}
		}))
		s.toCitizen = append(s.toCitizen, widget.NewButton("TapRecent"+strconv.Itoa(i+1), widget.Secondary, widget.IconNone, func() {
			if i < len(s.known) {
				p.Send(app.TapRecent{ID: s.known[i]})
			}
		}))
	}
	s.all = widget.NewColumn(theme.Space, s.round, s.visits, s.whole, s.before, s.recents)
	return s
}

// forget wipes the names.
func (s *people) forget() {
	for _, b := range append(append([]*widget.Button{}, s.toVisit...), s.toCitizen...) {
		b.SetText("")
	}
	s.visits.Objects, s.recents.Objects, s.planned, s.known = nil, nil, nil, nil
}

// show offers them, but not while a place is being corrected: then it is the number that was wrong.
func (s *people) show(state app.State, tr i18n.Lookup) {
	s.forget()
	busy := state.Screen.(app.FindCitizen).Busy
	open := 0
	for _, r := range state.Rows() {
		if r.Over() {
			continue
		}
		if open++; r.Place != nil || len(s.planned) == seenPeople {
			continue
		}
		b := s.toVisit[len(s.planned)]
		b.SetText(dotted(clock(tr, r.PlannedAt()), citizenName(r.Citizen()), r.Where()))
		b.SetEnabled(!busy)
		s.planned, s.visits.Objects = append(s.planned, r.Visit.ID), append(s.visits.Objects, b)
	}
	for _, c := range state.Recent {
		if len(s.known) < seenPeople {
			b := s.toCitizen[len(s.known)]
			b.SetText(citizenName(&c))
			b.SetEnabled(!busy)
			s.known, s.recents.Objects = append(s.known, c.ID), append(s.recents.Objects, b)
		}
	}
	s.round.SetText(tr.Say("rnd.from_round"))
	s.before.SetText(tr.Say("rnd.recent"))
	s.whole.SetText(tr.Say("rnd.whole", "n", strconv.Itoa(open)))
	s.round.Hidden, s.visits.Hidden = len(s.planned) == 0, len(s.planned) == 0
	s.whole.Hidden = open <= len(s.planned) || len(s.planned) == 0
	s.before.Hidden, s.recents.Hidden = len(s.known) == 0, len(s.known) == 0
	s.all.Hidden = state.Correcting != nil || len(s.planned)+len(s.known) == 0
}
