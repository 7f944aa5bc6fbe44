package app

import "kontaktlaege/internal/kontakt"

func stepHandOver(s State, screen HandOver, e Event) (State, []Effect) {
	switch e := e.(type) {
	case TapHandOver:
		if screen.Busy || screen.Code != "" || screen.Taken != "" {
			return s, nil
		}
		return offer(s, screen.from, e.Key)
	case Offered:
		if !screen.Busy {
			return s, nil
		}
		screen.Busy, screen.Problem = false, e.Failure.Say
		if e.Failure.Failed() {
			break
		}
		screen.offer, screen.Code, screen.Until = e.Handover.ID, e.Code, e.Handover.ExpiresAt
		s.Screen = screen
		return s, []Effect{After{screen.Until.Sub(e.At), OfferOver{screen.offer}}}
	case OfferOver:
		if e.ID != screen.offer || screen.Taken != "" {
			return s, nil
		}
		screen.Code, screen.Over = "", true
		s.Screen = screen
		return s, []Effect{FetchOffer{e.ID}} // it may have been taken in its last moment
	case StillTrying:
		if screen.Busy {
			screen.Problem = stillTrying
		}
	case TapBack, TapDone:
		if p := s.aside(screen.from); p != nil && p.State.Open() {
			return showWaiting(s.without(p.ID), *p), []Effect{FetchPlace{p.ID}}
		}
		return home(s, Sentence{}), nil
	case TapSignOut:
		return signOut(s)
	case HeldFetched:
		return foundHeld(s, e)
	default:
		return s, nil
	}
	s.Screen = screen
	return s, nil
}

// handOver goes to the offer from wherever a citizen waits.
func handOver(s State, key string) (State, []Effect) {
	var from kontakt.EntryID
	if p := s.place(); p != nil {
		from = p.ID
	}
	return offer(putAside(s), from, key)
}

func offer(s State, from kontakt.EntryID, key string) (State, []Effect) {
	s.Screen = HandOver{Busy: true, from: from}
	return s, []Effect{Offer{key}, saySoon}
}

// received has what a colleague handed over stand in the round, with what stood there before.
func received(s State, e OfferAccepted) (State, []Effect) {
	s = s.putAllAside(e.Got.Places)
	say := Sentence{Key: kontakt.MsgHandoverGot, Params: map[string]string{"navn": e.Got.Handover.From.Name}}
	if e.Got.Later > 0 {
		say.Key = kontakt.MsgHandoverLater
	}
	return home(s, say), nil
}

// stepHanded takes in, on every screen, what has gone over to a colleague, or has come from one when a call was over.
func stepHanded(s State, e Event) (State, []Effect, bool) {
	switch e := e.(type) {
	case OfferTaken:
		if s.Employee.SignedIn() {
			return s, []Effect{FetchOffer(e)}, true
		}
		return s, nil, true
	case PlaceHanded:
		return s, []Effect{FetchHanded(e)}, true
	case HandedFetched:
		next, effects := handed(s, e)
		return next, effects, true
	case OfferFetched:
		return offerTaken(s, e), nil, true
	}
	return s, nil, false
}

// handed takes a place off the tablet that holds it no more; one that is new stands aside.
func handed(s State, e HandedFetched) (State, []Effect) {
	p := s.place()
	shown := p != nil && p.ID == e.ID
	switch {
	case e.Failure.Failed() && !gone(e.Failure):
		return s, nil
	case !e.Failure.Failed() && shown:
		return showPlace(s, e.Entry, e.At)
	case !e.Failure.Failed() && e.Entry.State.Open():
		return newsAside(s, e.Entry, e.At)
	case shown:
		return placeGone(s, Sentence{Key: kontakt.MsgHandoverWent}), nil
	}
	return s.without(e.ID), nil
}

// offerTaken tells who has what was offered here, where the nurse is not in the middle of something else.
func offerTaken(s State, e OfferFetched) State {
	by := e.Handover.AcceptedBy
	if e.Failure.Failed() || by == nil || !s.Employee.SignedIn() {
		return s
	}
	s.Recent = nil // they are her colleague's now; of the round the backend tells by itself
	switch screen := s.Screen.(type) {
	case HandOver:
		if screen.offer != e.Handover.ID {
			return s
		}
	case FindCitizen:
		if screen.Busy || s.Correcting != nil {
			return s
		}
	case Round:
	default:
		return s
	}
	s.Screen = HandOver{Taken: by.Name, offer: e.Handover.ID}
	return s
}

// withdraws gives the offer whose code was shown and is not any more, whatever has taken its screen: nobody is to take it now.
func withdraws(before, after State) []Effect {
	was, offered := before.Screen.(HandOver)
	if !offered || was.Code == "" || !after.Employee.SignedIn() {
		return nil
	}
	if is, still := after.Screen.(HandOver); still && is.offer == was.offer {
		return nil
	}
	return []Effect{Withdraw{was.offer}}
}
