package app

import (
	"cmp"
	"slices"
	"time"

	"kontaktlaege/internal/kontakt"
)

// newsShown is how long it stands what has happened with a guest, and why a tap came to nothing.
const newsShown = 10 * time.Second

func stepGuests(screen InCall, _ bool, e Event) (InCall, []Effect, bool) {
	switch e := e.(type) {
	case GuestsFetched:
		if e.Place != screen.Place.ID || e.Failure.Failed() {
			return screen, nil, true
		}
		next, effects := screen.guestsFetched(e.Guests)
		return next, effects, true
	case GuestChanged:
		if e.Place != screen.Place.ID {
			return screen, nil, true
		}
		next, effects := screen.guestChanged(e)
		return next, append(effects, FetchGuests{e.Place}), true
	case TapRemoveGuest:
		at := screen.guest(e.ID)
		if at < 0 || !screen.Guests[at].Ours || screen.Guests[at].Going {
			return screen, nil, true
		}
		screen.Guests = slices.Clone(screen.Guests)
		screen.Guests[at].Going = true
		return screen, []Effect{RemoveGuest{Place: screen.Place.ID, Guest: e.ID}}, true
	case GuestRemoved:
		if at := screen.guest(e.Guest); at >= 0 && e.Failure.Failed() {
			screen.Guests = slices.Clone(screen.Guests)
			screen.Guests[at].Going = false
			next, effects := screen.complain(e.Failure.Say)
			return next, append(effects, FetchGuests{screen.Place.ID}), true
		}
		return screen, []Effect{FetchGuests{screen.Place.ID}}, true
	case NewsRead:
		if e.Call == screen.Place.Call.ID && e.Told == screen.told {
			screen.Problem, screen.News = Sentence{}, screen.standing()
		}
		return screen, nil, true
	}
	return screen, nil, false
}

func (c InCall) guest(id kontakt.GuestID) int {
	return slices.IndexFunc(c.Guests, func(g Guest) bool { return g.ID == id })
}

// guestsFetched takes the list in and tells what is new in it. What is there when the call comes up is no news, but for
// who stands outside.
func (c InCall) guestsFetched(all []kontakt.Guest) (InCall, []Effect) {
	was, first := c.Guests, !c.asked
	c.Guests, c.asked = nil, true
	news := GuestNews{}
	for _, k := range all {
		if !k.State.Open() {
			continue
		}
		g := Guest{
			ID: k.ID, Name: k.Name, Kind: k.Kind, State: k.State, Ours: k.By == kontakt.ParticipantTablet, admittedAt: k.AdmittedAt,
		}
		at := slices.IndexFunc(was, func(w Guest) bool { return w.ID == k.ID })
		if at >= 0 {
			g.Going = was[at].Going
		}
		changed := at < 0 || was[at].State != g.State
		if g.State == kontakt.GuestAdmitted && changed && !first {
			news = newsOf(g, g.State)
		}
		c.Guests = append(c.Guests, g)
	}
	for _, w := range was {
		if c.guest(w.ID) < 0 && w.State != kontakt.GuestInvited {
			news = newsOf(w, kontakt.GuestLeft)
			if w.Going {
				news.State = kontakt.GuestRemoved
			}
			c.Typing = c.Typing.end(string(w.ID))
		}
	}
	c.Others = c.others(nil)
	c.Inviting = c.Inviting.after(c)
	return c.announce(news)
}

// guestChanged: that somebody has gone is told at once, also when the list can't be fetched.
func (c InCall) guestChanged(e GuestChanged) (InCall, []Effect) {
	at := c.guest(e.Guest)
	if at < 0 || e.State.Open() || e.State == "" {
		return c, nil
	}
	gone := c.Guests[at]
	c.Guests = slices.Delete(slices.Clone(c.Guests), at, at+1)
	c.Others = c.others(nil)
	c.Typing = c.Typing.end(string(gone.ID))
	c.Inviting = c.Inviting.after(c)
	if gone.State == kontakt.GuestInvited {
		return c.announce(GuestNews{})
	}
	return c.announce(newsOf(gone, e.State))
}

func newsOf(g Guest, state kontakt.GuestState) GuestNews {
	return GuestNews{Guest: g.ID, Name: g.Name, Kind: g.Kind, State: state}
}

// standing gives who stands outside: both sides know it for as long as it lasts (E48).
func (c InCall) standing() GuestNews {
	for _, g := range c.Guests {
		if g.State == kontakt.GuestLobby {
			return newsOf(g, g.State)
		}
	}
	return GuestNews{}
}

// announce shows news for a while, and who stands outside when there is nothing newer to tell.
func (c InCall) announce(news GuestNews) (InCall, []Effect) {
	switch {
	case !news.None():
		c.News = news
	case c.News.None() || c.News.State == kontakt.GuestLobby:
		c.News = c.standing()
		return c, nil
	default:
		return c, nil // it is still being read
	}
	return c.tell()
}

// complain says why a tap came to nothing.
func (c InCall) complain(why Sentence) (InCall, []Effect) {
	c.Problem = why
	return c.tell()
}

func (c InCall) tell() (InCall, []Effect) {
	c.told++
	return c, []Effect{After{newsShown, NewsRead{Call: c.Place.Call.ID, Told: c.told}}}
}

// other finds another participant.
func (c InCall) other(id string) (Participant, bool) {
	for _, p := range c.Others {
		if p.ID == id {
			return p, true
		}
	}
	return Participant{}, false
}

// others gives the clinic and the guests that were let in, in the order of offering, with how they fare: as reported, or as
// it was known where the report has nothing on them.
func (c InCall) others(report []OtherStatus) []Participant {
	var inside []Guest
	for _, g := range c.Guests {
		if g.State == kontakt.GuestAdmitted {
			inside = append(inside, g)
		}
	}
	slices.SortFunc(inside, func(a, b Guest) int {
		return cmp.Or(a.admittedAt.Compare(b.admittedAt), cmp.Compare(a.ID, b.ID))
	})
	all := []Participant{{ID: kontakt.ParticipantClinic, Name: c.Place.Call.Clinician.Name, Title: c.Place.Call.Clinician.Title}}
	for _, g := range inside {
		all = append(all, Participant{ID: string(g.ID), Name: g.Name, Kind: g.Kind})
	}
	for i, p := range all {
		known, _ := c.other(p.ID)
		all[i].Media, all[i].Remote = known.Media, known.Remote
		for _, r := range report {
			if r.ID == p.ID {
				all[i].Media, all[i].Remote = r.Media, r.Remote
			}
		}
	}
	return all
}

func idsOf(all []Participant) []string {
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.ID
	}
	return ids
}
