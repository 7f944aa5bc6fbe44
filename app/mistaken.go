package app

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

// Mistaken: the call was about another patient than its place (E26). Sound and picture stopped with the tap, whatever the
// network; the place has ended. Why is asked for the audit, and then the right citizen is found, who gets a number of
// their own.
type Mistaken struct {
	Place    kontakt.EntryID
	Clinic   kontakt.Clinic
	ByClinic bool // the clinic has found it out
}

type (
	// TapMistaken asks whether it is the wrong patient; TapMistakenYes and TapMistakenNo answer. TapMistakenWhy says why.
	TapMistaken    struct{}
	TapMistakenYes struct{}
	TapMistakenNo  struct{}
	TapMistakenWhy struct{ Why kontakt.WrongWhy }
)

func (Mistaken) screen()      {}
func (TapMistaken) event()    {}
func (TapMistakenYes) event() {}
func (TapMistakenNo) event()  {}
func (TapMistakenWhy) event() {}

// ExplainWrong tells why, until there is an answer.
type ExplainWrong struct {
	Place kontakt.EntryID
	Why   kontakt.WrongWhy
}

func (ExplainWrong) course(State) course { return course{life: wholeRun} }

func (e ExplainWrong) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	m.unsent.add(errand{Key: key, Entry: e.Place, Why: e.Why})
	defer m.sent(key)
	err := m.ports.Line.ExplainWrong(ctx, e.Place, e.Why, key)
	for kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil {
		err = m.ports.Line.ExplainWrong(ctx, e.Place, e.Why, key)
	}
	m.failure(e, err) // the audit says already that it ended so, and by whom
}

// stepMistaking is the question in the call.
func stepMistaking(s State, screen InCall, e Event) (State, []Effect, bool) {
	switch e.(type) {
	case TapMistaken:
		screen.Mistaking, screen.Ending = true, false
	case TapMistakenNo:
		screen.Mistaking = false
	case TapMistakenYes:
		if !screen.Mistaking {
			return s, nil, true
		}
		s.hungUp = screen.Place.Call.ID
		s = mistaken(s, screen.Place, false)
		return s, []Effect{Move{ID: screen.Place.ID, Move: kontakt.MoveEnd, Reason: kontakt.ReasonWrongPatient}}, true
	default:
		return s, nil, false
	}
	s.Screen = screen
	return s, nil, true
}

// mistaken shows that it was the wrong patient. With nobody signed in there is nobody to ask why.
func mistaken(s State, p Place, byClinic bool) State {
	if !s.Employee.SignedIn() {
		return showSignedOut(s, Sentence{Key: kontakt.MsgWrongStopped}, nil)
	}
	s.Screen = Mistaken{Place: p.ID, Clinic: p.Clinic, ByClinic: byClinic}
	return s
}

func stepMistaken(s State, screen Mistaken, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapMistakenWhy:
		if !e.Why.Valid() {
			return s, nil
		}
		s.Screen = FindCitizen{Problem: Sentence{Key: kontakt.MsgWrongNext}}
		return s, []Effect{ExplainWrong{Place: screen.Place, Why: e.Why}}
	case TapSignOut:
		return signOut(s)
	}
	return s, nil
}
