package app

import (
	"context"
	"slices"

	"kontaktlaege/internal/kontakt"
)

// Ring 112 (E56). A citizen may fall acutely ill at any moment that the tablet is about them, so the sheet is one tap away
// from each such screen, lies over whatever is shown and changes nothing below it: a call goes on behind it, a ring rings on,
// and the place is kept. That 112 was called is told to the clinic until the clinic has heard it.

// Emergency is the sheet "Ring 112". What the clinic of its place knows of it tells State.Heard112.
type Emergency struct {
	Citizen *Citizen        // nil: nobody that may be named
	Place   kontakt.EntryID // whose clinic is to know; "": none is waited for
	Dialled bool            // the tablet was asked to phone
	Problem Sentence        // it can't, or the clinic can't be told
}

// Heard112 is what a clinic knows of an emergency.
type Heard112 int

// What it may know.
const (
	Unheard Heard112 = iota // nobody has said that 112 was called
	Telling                 // it is being told, for as long as that takes
	Heard
)

type (
	// TapEmergency opens the sheet and TapEmergencyClose closes it; TapEmergencyDial has the tablet phone 112;
	// TapEmergencyCalled says that 112 was called, from whatever telephone.
	TapEmergency       struct{}
	TapEmergencyClose  struct{}
	TapEmergencyDial   struct{}
	TapEmergencyCalled struct{}
	// Dialled answers Dial.
	Dialled struct{ Failure Failure }
)

func (TapEmergency) event()       {}
func (TapEmergencyClose) event()  {}
func (TapEmergencyDial) event()   {}
func (TapEmergencyCalled) event() {}
func (Dialled) event()            {}

// Dial has the tablet phone 112.
type Dial struct{}

// Dialer is the telephone of the platform.
type Dialer interface {
	// Dial opens it with a number. An error means that there is none; nil is no promise that somebody answers.
	Dial(ctx context.Context, number string) error
}

// emergencyNumber is the one in all of Denmark.
const emergencyNumber = "112"

func (e Dial) do(ctx context.Context, m *Machine) {
	m.tell(ctx, Dialled{m.failure(e, m.ports.Dialer.Dial(ctx, emergencyNumber))})
}

func (Dial) course(State) course { return course{life: wholeRun} }

// MayNeed112 says whether the screen is about a citizen who sits beside the tablet.
func (s State) MayNeed112() bool {
	_, about := s.atRisk()
	return about
}

// Heard112 gives what a place's clinic knows.
func (s State) Heard112(id kontakt.EntryID) Heard112 {
	for _, p := range s.holds() {
		if p.ID == id && !p.EmergencyAt.IsZero() {
			return Heard
		}
	}
	return s.heard112[id]
}

// hearing112 gives the state with what a place's clinic knows now.
func (s State) hearing112(id kontakt.EntryID, now Heard112) State {
	known := map[kontakt.EntryID]Heard112{id: now}
	for other, heard := range s.heard112 {
		if other != id {
			known[other] = heard
		}
	}
	s.heard112 = known
	return s
}

// atRisk gives the sheet for whoever the screen is about.
func (s State) atRisk() (Emergency, bool) {
	switch screen := s.Screen.(type) {
	case ReadBack:
		return Emergency{Citizen: &screen.Citizen}, true
	case Consent:
		return Emergency{Citizen: &screen.Citizen}, true
	case Refused:
		return Emergency{Citizen: &screen.Citizen}, true
	case Check:
		return Emergency{Citizen: &screen.Citizen}, true
	case Ended:
		return Emergency{Citizen: &Citizen{Name: screen.Summary.Citizen}}, true
	case Locked:
		if screen.Place != nil {
			return Emergency{Place: screen.Place.ID}, true
		}
	case Round:
		return s.oneOfMany(), len(s.Aside) > 0
	}
	p := s.place()
	switch {
	case p == nil:
		return Emergency{}, false
	case p == s.Correcting: // it is somebody else's: the right one is being looked for
		return Emergency{}, true
	}
	return Emergency{Citizen: p.Citizen, Place: p.ID}, true
}

// oneOfMany is the sheet from the list: of a citizen only where there is no doubt whose.
func (s State) oneOfMany() Emergency {
	var open []Place
	for _, p := range s.Aside {
		if p.State.Open() {
			open = append(open, p)
		}
	}
	if len(open) != 1 {
		return Emergency{}
	}
	return Emergency{Citizen: open[0].Citizen, Place: open[0].ID}
}

// stepEmergency is all that happens on the sheet, and with what was told from it; done says whether it was that.
func stepEmergency(s State, e Event) (next State, effects []Effect, done bool) {
	switch e := e.(type) {
	case TapEmergency:
		if sheet, about := s.atRisk(); about && s.Emergency == nil {
			s.Emergency = &sheet
		}
		return s, nil, true
	case Moved:
		if e.Move == kontakt.MoveEmergency {
			return told112(s, e)
		}
	}
	if s.Emergency == nil {
		return s, nil, false
	}
	sheet := *s.Emergency
	switch e := e.(type) {
	case TapEmergencyClose, TapBack:
		s.Emergency = nil
	case TapAnswer: // whoever answers wants to see the doctor
		if _, rings := s.Screen.(Called); rings {
			s.Emergency = nil
			next, effects = step(s, e)
			return next, effects, true
		}
	case TapEmergencyDial:
		sheet.Dialled, sheet.Problem = true, Sentence{}
		s.Emergency = &sheet
		return s, []Effect{Dial{}}, true
	case Dialled:
		sheet.Dialled, sheet.Problem = !e.Failure.Failed(), e.Failure.Say
		s.Emergency = &sheet
	case TapEmergencyCalled:
		if sheet.Place == "" || s.Heard112(sheet.Place) != Unheard {
			return s, nil, true
		}
		sheet.Problem = Sentence{}
		s.Emergency = &sheet
		return s.hearing112(sheet.Place, Telling), []Effect{Move{ID: sheet.Place, Move: kontakt.MoveEmergency, Over: true}}, true
	default:
		return s, nil, false
	}
	return s, nil, true
}

// told112: the clinic knows, or can't be told. Nothing else that is under way with the place is touched: how it stands is
// fetched.
func told112(s State, e Moved) (State, []Effect, bool) {
	if e.Failure.Failed() && s.Emergency != nil && s.Emergency.Place == e.ID {
		sheet := *s.Emergency
		sheet.Problem = e.Failure.Say
		s.Emergency = &sheet
	}
	if !slices.ContainsFunc(s.holds(), func(p Place) bool { return p.ID == e.ID }) {
		return s, nil, true
	}
	return s, []Effect{FetchPlace{e.ID}}, true
}

// answered112 takes in what became of telling a clinic.
func (s State) answered112(e Event) State {
	if m, ok := e.(Moved); ok && m.Move == kontakt.MoveEmergency {
		heard := Heard
		if m.Failure.Failed() {
			heard = Unheard
		}
		s = s.hearing112(m.ID, heard)
	}
	return s
}

// unnamed112 is the sheet for whoever may not know the citizen: it stays open, and says what to do.
func (s State) unnamed112() State {
	if s.Emergency != nil {
		sheet := *s.Emergency
		sheet.Citizen = nil
		s.Emergency = &sheet
	}
	return s
}
