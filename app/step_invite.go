package app

import (
	"strconv"

	"kontaktlaege/internal/kontakt"
)

func stepInvite(screen InCall, signedIn bool, e Event) (InCall, []Effect, bool) {
	switch e := e.(type) {
	case TapInvite:
		if screen.Inviting == nil {
			screen.Inviting = &Invite{Full: screen.full()}
		}
	case TapInviteClose:
		screen.Inviting = nil // a link that is on its way stays in the list of guests, where it can be taken back
	case TapInviteAgain:
		if screen.Inviting != nil && !screen.Inviting.Busy {
			screen.Inviting = &Invite{Full: screen.full()}
		}
	case TapInviteKind:
		return screen.invite(e, signedIn)
	case StillTrying:
		if screen.Inviting != nil && screen.Inviting.Busy && screen.Inviting.Problem.None() {
			next := *screen.Inviting
			next.Problem = stillTrying
			screen.Inviting = &next
		}
	case Invited:
		return screen.invited(e), []Effect{FetchGuests{screen.Place.ID}}, true
	default:
		return screen, nil, false
	}
	return screen, nil, true
}

func (c InCall) full() bool { return len(c.Guests) >= kontakt.MaxGuests }

// invite asks for a link. What is asked again after a failure is the same request, and makes the same guest.
func (c InCall) invite(e TapInviteKind, signedIn bool) (InCall, []Effect, bool) {
	if c.Inviting == nil || c.Inviting.Busy || c.Inviting.Link != "" || !e.Kind.Valid() {
		return c, nil, true
	}
	next := Invite{Kind: e.Kind, Name: e.Name, Phone: e.Phone, Full: c.full(), key: e.Key}
	if was := c.Inviting; was.key != "" && was.Kind == next.Kind && was.Name == next.Name && was.Phone == next.Phone {
		next.key = was.key
	}
	c.Inviting = &next
	ask := kontakt.Invite{Kind: e.Kind, Name: kontakt.PlainName(e.Name)}
	var err error
	if e.Phone != "" {
		ask.Phone, err = kontakt.ParsePhone(e.Phone)
	}
	switch {
	case !signedIn:
		next.Problem = Sentence{Key: kontakt.MsgSessionEnded}
	case next.Full:
		next.Problem = Sentence{Key: kontakt.MsgGuestFull, Params: map[string]string{"n": strconv.Itoa(kontakt.MaxGuests)}}
	case err != nil:
		next.Problem = FailureOf(err).Say
	default:
		next.Busy = true
		return c, []Effect{InviteGuest{Place: c.Place.ID, Invite: ask, Key: next.key}, saySoon}, true
	}
	next.key = "" // nothing was asked
	return c, nil, true
}

func (c InCall) invited(e Invited) InCall {
	if c.Inviting == nil || !c.Inviting.Busy || c.Inviting.key != e.Key {
		return c
	}
	next := *c.Inviting
	next.Busy, next.Problem = false, e.Failure.Say
	if !e.Failure.Failed() {
		next.Link, next.Sent, next.guest = e.Link, e.Sent, e.Guest.ID
	} else if !e.Failure.Kind.Transient() {
		next.key = "" // that request is answered for good
	}
	c.Inviting = &next
	return c
}

// after keeps the sheet in step with the list: a link that was used, or taken back, needs no showing. A list that is older
// than the link says nothing of it.
func (i *Invite) after(c InCall) *Invite {
	if i == nil {
		return nil
	}
	next := *i
	next.Full = c.full()
	if next.Link == "" {
		return &next
	}
	at := c.guest(next.guest)
	if at < 0 && next.listed || at >= 0 && c.Guests[at].State != kontakt.GuestInvited {
		return nil
	}
	next.listed = at >= 0
	return &next
}
