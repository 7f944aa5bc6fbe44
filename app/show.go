package app

import (
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// mostUrgent gives the entry to show of those that the tablet holds, nil for none.
func mostUrgent(held []kontakt.Entry) *kontakt.Entry {
	urgency := map[kontakt.EntryState]int{
		kontakt.EntryWaiting: 2, kontakt.EntryCalled: 3, kontakt.EntryInterrupted: 4, kontakt.EntryInCall: 5,
	}
	var first *kontakt.Entry
	most := 0
	for i, e := range held {
		n := urgency[e.State]
		if placeOf(e).Elsewhere {
			n = 1
		}
		if n > most {
			first, most = &held[i], n
		}
	}
	return first
}

// showHeld shows what the tablet is in the middle of, else what a fresh session starts with.
func showHeld(s State, held []kontakt.Entry, at time.Time) (State, []Effect) {
	first := mostUrgent(held)
	s.Aside = slices.DeleteFunc(slices.Clone(s.Aside), func(p Place) bool { return p.State.Open() })
	s = s.putAllAside(held)
	if first == nil || s.Employee.SignedIn() && len(s.Aside) > 1 && !placeOf(*first).calling() {
		return home(s, Sentence{}), nil
	}
	return showPlace(s, *first, at)
}

// showPlace shows how a place stands, on the screen that its state belongs to. What is older than what is shown
// changes nothing.
func showPlace(s State, e kontakt.Entry, at time.Time) (State, []Effect) {
	p := placeOf(e)
	shown := s.place()
	if shown != nil && shown.ID == p.ID {
		if p.Version < shown.Version {
			return s, nil
		}
		p = p.after(*shown)
	} else if aside := s.aside(p.ID); aside != nil {
		p = p.after(*aside)
	}
	if !s.Employee.SignedIn() {
		p = *heldBy(&p)
	}
	return show(s, p, at)
}

// show is showPlace with the place as it is to be shown.
func show(s State, p Place, at time.Time) (State, []Effect) {
	shown := s.place()
	s = s.without(p.ID)
	s.Correcting = nil
	switch {
	case p.State == kontakt.EntryWaiting || p.Elsewhere:
		return showWaiting(s, p), nil
	case p.State == kontakt.EntryCalled:
		return showCalled(s, p, at)
	case p.State.Open():
		return showInCall(s, p, at), nil
	}
	return showOver(s, p, shown)
}

func showWaiting(s State, p Place) State {
	if !s.Employee.SignedIn() {
		switch screen := s.Screen.(type) {
		case SigningIn:
			screen.Held, screen.answer, screen.lost = &p, false, Sentence{}
			s.Screen = screen
		case SignedOut:
			if screen.Held == nil {
				screen.Problem = Sentence{} // it told of this place's end
			}
			screen.Held = &p
			s.Screen = screen
		default:
			s.Screen = SignedOut{Held: &p}
		}
		return s
	}
	if screen, ok := s.Screen.(Waiting); ok && screen.Place.ID == p.ID {
		screen.Place = p
		screen.Messages = screen.Messages && len(p.Seen()) > 0
		if p.Elsewhere && !screen.Busy {
			screen.Leaving, screen.Wrong, screen.More, screen.Moot = false, false, false, false // there is nothing to ask about
		}
		s.Screen = screen
		return s
	}
	if screen, ok := s.Screen.(Tell); ok && screen.Place.ID == p.ID && !p.Elsewhere {
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

// showCalled counts the ring down. It ends by the tablet's own clock, as kontakt.EntryCall tells it here.
func showCalled(s State, p Place, at time.Time) (State, []Effect) {
	if p.Call == nil {
		return s, nil
	}
	until := p.Call.RingUntil
	if until.Before(at) {
		until = at
	}
	over := []Effect{After{until.Sub(at) + ringSlack, RingOver{Call: p.Call.ID, Until: until}}}
	switch screen := s.Screen.(type) {
	case SigningIn:
		if sameRing(screen.Held, p, screen.ringUntil, until) {
			until, over = screen.ringUntil, nil
		} else {
			screen.silent = false
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
	_, talked := s.Screen.(InCall)
	s.Screen = Called{Place: p, RingUntil: until, talked: talked}
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
		s.Screen = screen.in(p)
		return s
	}
	since := at
	if _, restarted := s.Screen.(Starting); restarted && !p.startedAt.IsZero() && p.startedAt.Before(at) {
		since = p.startedAt // the two clocks may differ, by less than a clock that begins again at nought
	}
	call := InCall{Place: p, Since: since, Controls: firstControls, Mode: p.Mode}
	s.Screen = call.in(p)
	return s
}

// showOver leaves a place that holds no longer: after a conversation with its summary, else with the reason.
func showOver(s State, p Place, shown *Place) (State, []Effect) {
	if screen, ok := s.Screen.(InCall); ok {
		if p.endReason == kontakt.ReasonWrongPatient {
			return mistaken(s, p, p.endedBy == kontakt.ParticipantClinic), nil
		}
		p.Call, p.Citizen = screen.Place.Call, screen.Place.Citizen
		s.Screen = talkedTo(s, p, screen)
		return s, nil
	}
	if how := quietEnds[p.endReason]; how != "" && s.Employee.SignedIn() && p.Citizen != nil && p.endedBy != kontakt.ParticipantClinic {
		s.Screen = Ended{Summary: summaryOf(p), place: p.ID, Quiet: true}.said(how)
		return s, nil
	}
	if screen, ok := s.Screen.(Waiting); ok && screen.Busy { // the nurse has given it up
		return home(s, p.Notice), nil
	}
	off := map[string]kontakt.MsgKey{"removed": kontakt.MsgRemoved, "closed": kontakt.MsgClosedOnYou}[p.endReason]
	switch {
	case off != "":
		return showOff(s, p, off)
	case shown != nil && shown.Elsewhere:
		return placeGone(s, Sentence{Key: kontakt.MsgCallEnded}), nil
	case p.Notice.None():
		return placeGone(s, Sentence{Key: kontakt.MsgPlaceLost}), nil
	}
	return placeGone(s, p.Notice), nil
}

// offSlack is how long after its end a clinic's time to take a removal back is believed to last: the word of it travels.
const offSlack = 10 * time.Second

// showOff says that the clinic has ended the place, why, and what to do. A removal may be taken back: it is watched for
// as long as that can come.
func showOff(s State, p Place, why kontakt.MsgKey) (State, []Effect) {
	off := Off{
		Why:   Sentence{Key: why, Params: map[string]string{"klinik": p.Clinic.Name, "tlf": p.Clinic.Phone}},
		Words: p.endWords, Clinic: p.Clinic, Number: p.Number,
	}
	if s.Employee.SignedIn() {
		sum := Summary{Clinic: p.Clinic.Name, How: off.Why}
		if p.Citizen != nil {
			sum.Citizen = p.Citizen.Name
		}
		s.Screen = Ended{Summary: sum, Off: &off, place: p.ID}
	} else {
		s = placeGone(s, off.Why)
	}
	if why != kontakt.MsgRemoved {
		return s, nil
	}
	s.removed = &p
	return s, []Effect{After{kontakt.RestoreWithin + offSlack, RemovalOver{p.ID}}}
}

// placeGone forgets a place; a sign-in that is under way goes on, and a conversation has its summary.
func placeGone(s State, why Sentence) State {
	s.Correcting = nil
	switch screen := s.Screen.(type) {
	case InCall:
		s.Screen = talkedTo(s, screen.Place, screen)
		return s
	case SigningIn:
		screen.Held, screen.answer, screen.lost = nil, false, why
		s.Screen = screen
		return s
	case SignedOut:
		return showSignedOut(s, why, nil)
	}
	return home(s, why)
}

// talkedTo is the summary of a conversation that was ended elsewhere.
func talkedTo(s State, p Place, call InCall) Ended {
	signedIn := s.Employee.SignedIn()
	return Ended{Summary: call.summed(summaryOf(p)), place: p.ID, Loading: signedIn, asked: signedIn}
}

// quietEnds are the reasons of a place's end without a conversation of which nothing is asked (E47, E57).
var quietEnds = map[string]kontakt.MsgKey{kontakt.ReasonWithdrawn: kontakt.MsgWithdrawn, kontakt.ReasonNotRelevant: "sum.not_relevant"}

func (v Ended) said(how kontakt.MsgKey) Ended {
	v.Summary.How = Sentence{Key: how}
	return v
}

func summaryOf(p Place) Summary {
	sum := Summary{Clinic: p.Clinic.Name, Started: p.startedAt, How: Sentence{Key: kontakt.MsgCallEnded}}
	if p.endedBy == kontakt.ParticipantClinic {
		sum.How.Key = kontakt.MsgCallEndedByClinic
	}
	if p.endReason == kontakt.ReasonWithdrawn {
		sum.How.Key = kontakt.MsgWithdrawn
	}
	if p.Citizen != nil {
		sum.Citizen = p.Citizen.Name
	}
	if p.Call != nil {
		sum.Clinician, sum.Title = p.Call.Clinician.Name, p.Call.Clinician.Title
	}
	if !p.startedAt.IsZero() && p.endedAt.After(p.startedAt) {
		sum.Lasted = p.endedAt.Sub(p.startedAt)
	}
	return sum
}
