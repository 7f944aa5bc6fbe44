package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// placeOf gives the part of an entry that the screen shows, at being when it came.
func placeOf(e kontakt.Entry, at time.Time) Place {
	p := Place{
		ID: e.ID, Version: e.Version, State: e.State, Mode: e.Mode,
		Number: e.Number, Before: e.Before, Wait: e.Wait, JoinedAt: e.JoinedAt,
		Notice: Sentence{Key: e.Notice}, Clinic: clinicOf(e.Clinic),
		rooms: e.Cursor, startedAt: e.StartedAt, endedAt: e.EndedAt, endedBy: e.EndedBy,
	}
	if e.Citizen.ID != "" {
		c := citizenOf(e.Citizen)
		p.Citizen = &c
	}
	if e.Call != nil {
		p.Call = &Call{
			ID: e.Call.ID, Clinician: e.Call.Clinician.Name, Title: e.Call.Clinician.Title,
		}
		if !e.Call.RingUntil.IsZero() {
			p.Call.RingFor = max(e.Call.RingUntil.Sub(at), 0)
		}
	}
	return p
}

func citizenOf(c kontakt.Citizen) Citizen {
	out := Citizen{ID: c.ID, Name: c.Name, Born: c.Born, Age: c.Age, Masked: c.Masked}
	for _, w := range c.Warnings {
		s := Sentence{Key: w}
		if w == kontakt.MsgCPRAge {
			s.Params = number(c.Age)
		}
		out.Warnings = append(out.Warnings, s)
	}
	if c.Clinic != nil {
		k := clinicOf(*c.Clinic)
		out.Clinic = &k
	}
	return out
}

func clinicOf(c kontakt.Clinic) Clinic {
	return Clinic{
		ID: c.ID, Name: c.Name, Town: c.Town, Phone: c.Phone,
		Open: c.Open, Closed: c.Closed, OpensAt: c.OpensAt, ClosesAt: c.ClosesAt,
	}
}

// heldBy gives the place as it may be shown while nobody is signed in.
func heldBy(p *Place) *Place {
	if p == nil {
		return nil
	}
	held := *p
	held.Citizen = nil
	return &held
}

// mostUrgent gives the entry to show of those that the tablet holds, nil for none.
func mostUrgent(held []kontakt.Entry) *kontakt.Entry {
	urgency := map[kontakt.EntryState]int{
		kontakt.EntryWaiting: 1, kontakt.EntryCalled: 2, kontakt.EntryInterrupted: 3, kontakt.EntryInCall: 4,
	}
	var first *kontakt.Entry
	for i, e := range held {
		if urgency[e.State] > 0 && (first == nil || urgency[e.State] > urgency[first.State]) {
			first = &held[i]
		}
	}
	return first
}

// showHeld shows what the tablet is in the middle of, else what a fresh session starts with.
func showHeld(s State, held []kontakt.Entry, at time.Time) (State, []Effect) {
	if e := mostUrgent(held); e != nil {
		return showPlace(s, *e, at)
	}
	return home(s, Sentence{}), nil
}

// showPlace shows how a place stands, on the screen that its state belongs to. What is older than what is shown
// changes nothing.
func showPlace(s State, e kontakt.Entry, at time.Time) (State, []Effect) {
	p := placeOf(e, at)
	shown := s.place()
	if shown != nil && shown.ID == p.ID {
		if p.Version < shown.Version {
			return s, nil
		}
		if p.Citizen == nil {
			p.Citizen = shown.Citizen
		}
	}
	if !s.Employee.SignedIn() {
		p.Citizen = nil
	}
	switch p.State {
	case kontakt.EntryWaiting:
		return showWaiting(s, p), nil
	case kontakt.EntryCalled:
		return showCalled(s, p, at)
	case kontakt.EntryInCall, kontakt.EntryInterrupted:
		return showInCall(s, p, at), nil
	}
	return showOver(s, p), nil
}

func showWaiting(s State, p Place) State {
	if !s.Employee.SignedIn() {
		switch screen := s.Screen.(type) {
		case SigningIn:
			screen.Held, screen.answer = &p, false
			s.Screen = screen
		case SignedOut:
			screen.Held = &p
			s.Screen = screen
		default:
			s.Screen = SignedOut{Held: &p}
		}
		return s
	}
	if screen, ok := s.Screen.(Waiting); ok && screen.Place.ID == p.ID {
		screen.Place = p
		s.Screen = screen
		return s
	}
	s.Screen = Waiting{Place: p}
	return s
}

// ringSlack is how far two answers about one ring may lie apart before the later one counts: whole seconds and the
// way through the network blur them.
const ringSlack = 3 * time.Second

// showCalled counts the ring down on the tablet's own clock from what the backend says is left.
func showCalled(s State, p Place, at time.Time) (State, []Effect) {
	if p.Call == nil {
		return s, nil
	}
	until := at.Add(p.Call.RingFor)
	over := []Effect{After{p.Call.RingFor + ringSlack, RingOver{Call: p.Call.ID, Until: until}}}
	switch screen := s.Screen.(type) {
	case SigningIn:
		if sameRing(screen.Held, p, screen.ringUntil, until) {
			until, over = screen.ringUntil, nil
		}
		screen.Held, screen.ringUntil = &p, until
		s.Screen = screen
		return s, over
	case Called:
		if sameRing(&screen.Place, p, screen.RingUntil, until) {
			screen.Place = p
			s.Screen = screen
			return s, nil
		}
	}
	s.Screen = Called{Place: p, RingUntil: until}
	return s, over
}

func sameRing(shown *Place, p Place, shownUntil, until time.Time) bool {
	return shown != nil && shown.Call != nil && shown.Call.ID == p.Call.ID && until.Sub(shownUntil).Abs() <= ringSlack
}

func showInCall(s State, p Place, at time.Time) State {
	if p.Call == nil {
		return s
	}
	if screen, ok := s.Screen.(InCall); ok && screen.Place.Call.ID == p.Call.ID {
		screen.Place = p
		s.Screen = screen
		return s
	}
	since := at
	if _, restarted := s.Screen.(Starting); restarted && !p.startedAt.IsZero() && p.startedAt.Before(at) {
		since = p.startedAt // the two clocks may differ, by less than a clock that begins again at nought
	}
	s.Screen = InCall{Place: p, Since: since, Controls: Controls{Cameras: 1, Volume: firstVolume}}
	return s
}

// firstVolume is that of a call's beginning.
const firstVolume = 0.8

// showOver leaves a place that holds no longer: after a conversation with its summary, else with the reason.
func showOver(s State, p Place) State {
	if screen, ok := s.Screen.(InCall); ok {
		p.Call, p.Citizen = screen.Place.Call, screen.Place.Citizen
		s.Screen = Ended{Summary: summaryOf(p), place: p.ID}
		return s
	}
	if screen, ok := s.Screen.(Waiting); ok && screen.Busy {
		return home(s, Sentence{}) // the nurse has given it up
	}
	why := p.Notice
	if why.None() {
		why = Sentence{Key: kontakt.MsgPlaceLost}
	}
	return placeGone(s, why)
}

// placeGone forgets a place; a sign-in that is under way goes on, and a conversation has its summary.
func placeGone(s State, why Sentence) State {
	switch screen := s.Screen.(type) {
	case InCall:
		s.Screen = Ended{Summary: summaryOf(screen.Place), place: screen.Place.ID}
		return s
	case SigningIn:
		screen.Held, screen.answer = nil, false
		s.Screen = screen
		return s
	case SignedOut:
		screen.Held, screen.Problem = nil, why
		s.Screen = screen
		return s
	}
	return home(s, why)
}

func summaryOf(p Place) Summary {
	sum := Summary{Clinic: p.Clinic.Name, Started: p.startedAt, How: Sentence{Key: kontakt.MsgCallEnded}}
	if p.endedBy == kontakt.ParticipantClinic {
		sum.How.Key = kontakt.MsgCallEndedByClinic
	}
	if p.Citizen != nil {
		sum.Citizen = p.Citizen.Name
	}
	if p.Call != nil {
		sum.Clinician, sum.Title = p.Call.Clinician, p.Call.Title
	}
	if !p.startedAt.IsZero() && p.endedAt.After(p.startedAt) {
		sum.Lasted = p.endedAt.Sub(p.startedAt)
	}
	return sum
}

// stepPlace is what every screen with a place does with news about it.
func stepPlace(s State, e Event) (State, []Effect) {
	p := s.place()
	if p == nil {
		return s, nil
	}
	fetch := []Effect{FetchPlace{p.ID}}
	switch e := e.(type) {
	case PlaceChanged:
		if e.ID == p.ID && e.Version > p.Version {
			return s, fetch
		}
	case LineChanged:
		if e.Clinic == p.Clinic.ID {
			return s, fetch
		}
	case RoomsRefused:
		return s, fetch
	case CallEnded:
		if p.Call != nil && e.Call == p.Call.ID {
			return s, fetch
		}
	case PlaceFetched:
		if e.ID != p.ID {
			return s, nil
		}
		if !e.Failure.Failed() {
			return showPlace(s, e.Entry, e.At)
		}
		if k := e.Failure.Kind; k == kontakt.NotFound || k == kontakt.Hidden || k == kontakt.Gone {
			return placeGone(s, Sentence{Key: kontakt.MsgPlaceLost}), nil
		}
	case Moved:
		if e.ID == p.ID && !e.Failure.Failed() {
			return showPlace(s, e.Entry, e.At)
		}
	}
	return s, nil
}
