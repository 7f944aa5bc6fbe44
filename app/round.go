package app

import (
	"cmp"
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// The round: a nurse's citizens wait at several clinics at once. One place is on the screen and the others stand aside;
// none is in both. A call of one that stands aside takes the screen from everything but another call.

// aside gives a place that stands aside; nil: it does not.
func (s State) aside(id kontakt.EntryID) *Place {
	for i := range s.Aside {
		if s.Aside[i].ID == id {
			return &s.Aside[i]
		}
	}
	return nil
}

// keep has a place stand aside, in the order in which the numbers were drawn.
func (s State) keep(p Place) State {
	s = s.without(p.ID)
	s.Aside = append(s.Aside, p)
	slices.SortFunc(s.Aside, func(a, b Place) int { return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.ID, b.ID)) })
	return s
}

// without has a place stand aside no longer.
func (s State) without(id kontakt.EntryID) State {
	var rest []Place
	for _, p := range s.Aside {
		if p.ID != id {
			rest = append(rest, p)
		}
	}
	s.Aside = rest
	return s
}

// putAside makes room on the screen: the place that is shown stands aside, and a summary that has not been read is shown
// later.
func putAside(s State) State {
	if s.Correcting != nil {
		s = s.keep(*s.Correcting)
		s.Correcting = nil
	}
	switch screen := s.Screen.(type) {
	case Waiting:
		return s.keep(screen.Place)
	case Tell:
		return s.keep(screen.Place)
	case SignedOut:
		if screen.Held != nil {
			return s.keep(*screen.Held)
		}
	case SigningIn:
		if held := screen.Held; held != nil {
			screen.Held = nil
			s.Screen = screen
			return s.keep(*held)
		}
	case Ended:
		if !screen.Listed || screen.Unsaved() {
			s.later = append(slices.Clone(s.later), screen)
		}
	}
	return s
}

// yields says whether what is shown makes way for a call.
func yields(s State) bool {
	switch screen := s.Screen.(type) {
	case Called, InCall:
		return false
	case SigningIn:
		return screen.Held == nil || screen.Held.State != kontakt.EntryCalled
	}
	return true
}

// calling says whether a place wants the screen.
func (p Place) calling() bool {
	return !p.Elsewhere && p.State.Open() && p.State != kontakt.EntryWaiting
}

// stepAside takes in the answers about a place that stands aside.
func stepAside(s State, e Event) (State, []Effect, bool) {
	switch e := e.(type) {
	case PlaceFetched:
		was := s.aside(e.ID)
		switch {
		case was == nil:
			return s, nil, false
		case gone(e.Failure):
			lost := *was
			lost.State, lost.Notice, lost.rooms = kontakt.EntryLeft, Sentence{Key: kontakt.MsgPlaceLost}, nil
			return s.keep(lost), nil, true
		case e.Failure.Failed():
			return s, nil, true
		}
		next, effects := newsAside(s, e.Entry, e.At)
		return next, effects, true
	case Moved:
		switch {
		case s.aside(e.ID) == nil:
			return s, nil, false
		case e.Failure.Failed():
			return s, []Effect{FetchPlace{e.ID}}, true
		}
		next, effects := newsAside(s, e.Entry, e.At)
		return next, effects, true
	}
	return s, nil, false
}

// newsAside takes in how a place aside stands now.
func newsAside(s State, e kontakt.Entry, at time.Time) (State, []Effect) {
	p := placeOf(e)
	if p.Call != nil && p.Call.ID == s.hungUp {
		return s, nil // that it has ended is still on its way
	}
	if was := s.aside(p.ID); was != nil {
		if p.Version < was.Version {
			return s, nil
		}
		p = p.after(*was)
	}
	if !s.Employee.SignedIn() {
		p = *heldBy(&p)
	}
	if p.calling() && yields(s) {
		return show(putAside(s), p, at)
	}
	return s.keep(p), nil
}

// asksAside gives what to ask for places aside of which something new was heard, or that may take the screen now.
func asksAside(before, after State, e Event) []Effect {
	var ask []Effect
	for _, p := range after.Aside {
		free := p.calling() && yields(after) && !yields(before)
		if free || p.concerned(e) && before.aside(p.ID) != nil {
			ask = append(ask, FetchPlace{p.ID})
		}
	}
	return ask
}

// concerned says whether a word from the stream may have changed how the place stands.
func (p Place) concerned(e Event) bool {
	switch e := e.(type) {
	case PlaceChanged:
		return e.ID == p.ID && e.Version > p.Version
	case LineChanged:
		return e.Clinic == p.Clinic.ID
	case MessageCame:
		return e.ID == p.ID
	case RoomsRefused:
		return p.State.Open()
	case CallEnded:
		return p.Call != nil && e.Call == p.Call.ID
	}
	return false
}

// stepRound is the nurse's day.
func stepRound(s State, screen Round, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapGo:
		if e.Place != "" {
			return stepRound(s, screen, TapPlace{e.Place})
		}
		return goTo(s, e.Visit)
	case TapVisit:
		return goTo(s, e.ID)
	case TapVisitMore:
		if v, there := s.Plan.Visit(e.ID); there && v.State.Open() {
			s.Screen = AboutVisit{ID: e.ID}
		}
	case TapMissed:
		s.Screen = MissedVisits{}
		return s, []Effect{FetchMissed{s.Employee.ID}}
	case TapImport:
		if !screen.Importing {
			s.Screen = Round{Importing: true}
			return s, []Effect{ImportRound{By: s.Employee.ID, List: e.List}, saySoon}
		}
	case TapImportUnread:
		s.Screen = Round{Importing: screen.Importing, Problem: Sentence{Key: kontakt.MsgListUnreadable}}
	case StillTrying:
		if screen.Importing {
			s.Screen = Round{Importing: true, Problem: stillTrying}
		}
	case TapPlace:
		p := s.aside(e.ID)
		switch {
		case p == nil:
		case p.State.Open():
			return showWaiting(s.without(p.ID), *p), []Effect{FetchPlace{p.ID}}
		case p.State == kontakt.EntryEnded: // another tablet talked
			return home(s.without(p.ID), Sentence{Key: kontakt.MsgCallEnded}), nil
		default:
			return showOver(s.without(p.ID), *p, nil)
		}
	case TapNew:
		s.Screen = FindCitizen{}
	case TapHandOver:
		return handOver(s, e.Key)
	case TapScanOffer:
		return scan(s, ScanOffer, 0)
	case TapJournal:
		return showJournal(s)
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		if !e.Failure.Failed() {
			return heldInRound(s, e)
		}
	}
	return s, nil
}

// heldInRound takes in how all of them stand. One that is not among them any more is asked for: it has ended, or it is
// another tablet's.
func heldInRound(s State, e HeldFetched) (State, []Effect) {
	var ask []Effect
	for _, p := range s.Aside {
		if p.State.Open() && !slices.ContainsFunc(e.Held, func(h kontakt.Entry) bool { return h.ID == p.ID }) {
			ask = append(ask, FetchPlace{p.ID})
		}
	}
	for _, h := range e.Held {
		next, effects := newsAside(s, h, e.At)
		s, ask = next, append(ask, effects...)
	}
	return s, ask
}

// putAllAside has places stand aside of which it is not known whether they do already.
func (s State) putAllAside(held []kontakt.Entry) State {
	for _, h := range held {
		p := placeOf(h)
		if !s.Employee.SignedIn() {
			p = *heldBy(&p)
		}
		s = s.keep(p)
	}
	return s
}

// nextHeld gives the place that a tablet with nobody signed in tells of, when the one before is no more: it stands aside no
// longer.
func (s State) nextHeld() (State, *Place) {
	for _, p := range s.Aside {
		if p.State.Open() {
			return s.without(p.ID), heldBy(&p)
		}
	}
	return s, nil
}

// signedOutAside takes what nobody may know who is not signed in from the places aside.
func (s State) signedOutAside() State {
	aside := slices.Clone(s.Aside)
	for i := range aside {
		aside[i] = *heldBy(&aside[i])
	}
	s.Aside = aside
	return s
}
