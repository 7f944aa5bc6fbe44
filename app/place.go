package app

import (
	"maps"
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// placeOf gives the part of an entry that the screen shows.
func placeOf(e kontakt.Entry) Place {
	p := Place{
		ID: e.ID, Version: e.Version, State: e.State, Mode: e.Mode,
		Number: e.Number, Before: e.Before, Wait: e.Wait, JoinedAt: e.JoinedAt,
		Notice: noticeOf(e), Clinic: e.Clinic, Call: e.Call, PlannedAt: e.PlannedAt, DrawnBy: e.Helper.Name,
		rooms: e.Cursor, startedAt: e.StartedAt, endedAt: e.EndedAt, endedBy: e.EndedBy, endReason: e.EndReason, endWords: e.EndWords,
	}
	for _, m := range e.Messages {
		p.Messages = append(p.Messages, Message{
			ID: m.ID, Text: m.Text, Sender: m.Sender.Name, Title: m.Sender.Title, At: m.At, Read: !m.ReadAt.IsZero(),
		})
	}
	if e.State == kontakt.EntryInCall || e.State == kontakt.EntryInterrupted {
		p.Elsewhere = e.Call == nil || e.Notice == kontakt.MsgAnswered
	}
	if p.Elsewhere {
		p.rooms = maps.Clone(e.Cursor)
		maps.DeleteFunc(p.rooms, func(r kontakt.Room, _ kontakt.Seq) bool { kind, _ := r.Split(); return kind == "call" })
	}
	if e.Citizen.ID != "" {
		c := citizenOf(e.Citizen)
		p.Citizen = &c
	}
	return p
}

// noticeOf fills the sentence of what last happened to a place.
func noticeOf(e kontakt.Entry) Sentence {
	s := Sentence{Key: e.Notice}
	switch e.Notice {
	case kontakt.MsgHandedOver:
		if e.HandedTo == nil {
			return Sentence{}
		}
		s.Params = map[string]string{"navn": e.HandedTo.Name}
	case kontakt.MsgRemoved, kontakt.MsgClosedOnYou:
		s.Params = map[string]string{"klinik": e.Clinic.Name, "tlf": e.Clinic.Phone}
	}
	if e.Notice == "" && e.HandedTo != nil && e.State == kontakt.EntryWaiting {
		return Sentence{Key: kontakt.MsgHandedOver, Params: map[string]string{"navn": e.HandedTo.Name}}
	}
	return s
}

func citizenOf(c kontakt.Citizen) Citizen {
	out := Citizen{ID: c.ID, Name: c.Name, Born: c.Born, Age: c.Age, Masked: c.Masked, Clinic: c.Clinic, Cover: c.Cover, Unchecked: c.Unchecked}
	for _, w := range c.Warnings {
		s := Sentence{Key: w}
		if w == kontakt.MsgCPRAge {
			s.Params = number(c.Age)
		}
		out.Warnings = append(out.Warnings, s)
	}
	return out
}

// heldBy gives the place as it may be shown while nobody is signed in.
func heldBy(p *Place) *Place {
	if p == nil {
		return nil
	}
	held := *p
	held.Citizen, held.DrawnBy = nil, ""
	held.Messages = slices.Clone(p.Messages)
	for i := range held.Messages {
		held.Messages[i].Text = ""
	}
	return &held
}

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
	if e := mostUrgent(held); e != nil {
		return showPlace(s, *e, at)
	}
	return home(s, Sentence{}), nil
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
	}
	if !s.Employee.SignedIn() {
		p = *heldBy(&p)
	}
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

// after keeps what is known of a place where an answer does not tell: the citizen, and what was read here a moment ago.
func (p Place) after(known Place) Place {
	if p.Citizen == nil {
		p.Citizen = known.Citizen
	}
	if p.DrawnBy == "" {
		p.DrawnBy = known.DrawnBy
	}
	for i, m := range p.Messages {
		p.Messages[i].Read = m.Read || slices.ContainsFunc(known.Messages, func(k Message) bool { return k.ID == m.ID && k.Read })
	}
	return p
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
			screen.Leaving, screen.Wrong = false, false // there is nothing to ask about
		}
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

// firstControls are those of a call's beginning.
var firstControls = Controls{Cameras: 1, Volume: 0.8, Zoom: 1}

// showOver leaves a place that holds no longer: after a conversation with its summary, else with the reason.
func showOver(s State, p Place, shown *Place) (State, []Effect) {
	if screen, ok := s.Screen.(InCall); ok {
		p.Call, p.Citizen = screen.Place.Call, screen.Place.Citizen
		s.Screen = Ended{Summary: summaryOf(p), place: p.ID}
		return s, nil
	}
	if screen, ok := s.Screen.(Waiting); ok && screen.Busy {
		return home(s, Sentence{}), nil // the nurse has given it up
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

// stepRemoved shows a place again that its clinic has given back, whatever the nurse has begun meanwhile, but for another
// place.
func stepRemoved(s State, e Event) (State, []Effect, bool) {
	id := s.removed.ID
	switch e := e.(type) {
	case PlaceChanged:
		if e.ID == id && e.State != kontakt.EntryLeft {
			return s, []Effect{FetchPlace{id}}, true
		}
	case PlaceFetched:
		back := !e.Failure.Failed() && e.Entry.State.Open() && e.Entry.Version > s.removed.Version
		if e.ID != id || !back || s.place() != nil || joining(s) {
			return s, nil, false
		}
		s.removed = nil
		next, effects := showPlace(s, e.Entry, e.At)
		return next, effects, true
	case RemovalOver:
		if e.ID == id {
			s.removed = nil
		}
		return s, nil, true
	case RoomsRefused:
		s.removed = nil
		next, effects := step(s, e)
		return next, effects, true
	}
	return s, nil, false
}

// stepCorrecting watches the place that is being corrected. While it only waits, the search for the right citizen goes
// on; while the right one is given a number, it is the backend that ends the wrong one's.
func stepCorrecting(s State, e Event) (State, []Effect, bool) {
	switch e := e.(type) {
	case PlaceFetched:
		if e.ID == s.Correcting.ID && !e.Failure.Failed() && (e.Entry.State == kontakt.EntryWaiting || joining(s)) {
			if p := placeOf(e.Entry).after(*s.Correcting); p.Version >= s.Correcting.Version && p.State == kontakt.EntryWaiting {
				s.Correcting = &p
			}
			return s, nil, true
		}
	case PlaceChanged, MessageCame, LineChanged, RoomsRefused, CallEnded:
	default:
		return s, nil, false
	}
	if joining(s) {
		return s, nil, true
	}
	next, effects := stepPlace(s, e)
	return next, effects, true
}

// joining says whether a number is being drawn.
func joining(s State) bool {
	switch screen := s.Screen.(type) {
	case Check:
		return screen.Joining
	case Refused:
		return screen.Busy
	}
	return false
}

// chimes says whether the clinic has written something that was not there before. A ring and a conversation are not
// talked into.
func chimes(before, after State) bool {
	p, was := after.place(), before.place()
	if _, talks := after.Screen.(InCall); p == nil || talks || p.State == kontakt.EntryCalled {
		return false
	}
	for _, m := range p.Unread() {
		known := was != nil && was.ID == p.ID && slices.ContainsFunc(was.Messages, func(k Message) bool { return k.ID == m.ID })
		if !known {
			return true
		}
	}
	return false
}

// placeGone forgets a place; a sign-in that is under way goes on, and a conversation has its summary.
func placeGone(s State, why Sentence) State {
	s.Correcting = nil
	switch screen := s.Screen.(type) {
	case InCall:
		s.Screen = Ended{Summary: summaryOf(screen.Place), place: screen.Place.ID}
		return s
	case SigningIn:
		screen.Held, screen.answer, screen.lost = nil, false, why
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
		sum.Clinician, sum.Title = p.Call.Clinician.Name, p.Call.Clinician.Title
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
	case MessageCame:
		if e.ID == p.ID {
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
