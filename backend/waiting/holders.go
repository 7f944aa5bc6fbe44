package waiting

import (
	"cmp"
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// hold changes who holds the place, with which presence, and who stands by the citizen, as the move says.
func (p *place) hold(a act) {
	e := &p.entry
	h, _ := p.holder(a.device)
	rest := slices.DeleteFunc(slices.Clone(p.holders), func(h store.Holder) bool { return h.Device == a.device })
	switch a.move {
	case kontakt.MoveHere, kontakt.MoveAway:
		h.Away = a.move == kontakt.MoveAway
	case moveSilent, moveSeen:
		h.NoContact = a.move == moveSilent
	case moveHandOver:
		h.NextDevice, h.NextHelper = a.toDevice, a.to
	case kontakt.MoveAnswer:
		e.Device, e.Helper = a.device, a.who
		return
	case moveLetGo:
		p.holders = rest
		if e.Device == a.device { // who stands by the citizen now is not known till somebody answers or takes over
			e.Device, e.Helper = "", ""
			if len(rest) > 0 {
				e.Device = rest[len(rest)-1].Device
			}
		}
		return
	case moveTakeOver:
		if a.by == citizen {
			return
		}
		if e.Municipality != a.municipality {
			rest = nil
		}
		if h.Device == "" {
			h = store.Holder{Entry: e.ID, Device: a.device, Since: a.now}
		}
		h.Reason, h.NoContact, h.NextDevice, h.NextHelper = a.reason, false, "", ""
		e.Device, e.Helper, e.Municipality = a.device, a.who, a.municipality
		switch {
		case p.call == nil:
		case e.State == kontakt.EntryCalled:
			p.call.Device = "" // rings at all of them
		default:
			p.call.Device = a.device
		}
	default:
		return
	}
	p.holders = append(rest, h)
	slices.SortFunc(p.holders, bySince)
}

// goOver lets the holds that were handed over go to their next tablets while the citizen waits: a conversation, and a ring,
// stay where they are until they end. It gives those that went.
func (p *place) goOver(now time.Time) (went []store.Holder) {
	if p.entry.State != kontakt.EntryWaiting {
		return nil
	}
	for _, h := range slices.Clone(p.holders) {
		if h.NextDevice == "" {
			continue
		}
		went = append(went, h)
		next, holds := p.holder(h.NextDevice)
		if !holds {
			next = store.Holder{Entry: h.Entry, Device: h.NextDevice, Since: now}
		}
		next.NoContact, next.NextDevice, next.NextHelper = false, "", ""
		p.holders = slices.DeleteFunc(slices.Clone(p.holders), func(o store.Holder) bool { return o.Device == h.Device || o.Device == next.Device })
		p.holders = append(p.holders, next)
		if p.entry.Device == h.Device || p.entry.Device == "" {
			p.entry.Device, p.entry.Helper = h.NextDevice, h.NextHelper
		}
	}
	slices.SortFunc(p.holders, bySince)
	return went
}

// meant is what a request for a move comes to. The tablet that joined, took over or answered last is the one beside the
// citizen: who leaves there gives the place up. Who leaves at another that still holds it gives up that hold alone, so
// that nobody who has gone home ends the place of a citizen who waits elsewhere. A place that others hold too, or that
// the citizen drew with a phone of their own, is not the mistake of a tablet that has the wrong citizen: it lets go.
func (p place) meant(a act) kontakt.Move {
	others := len(p.holders) > 1
	switch {
	case a.move == kontakt.MoveWithdraw && slices.Contains(talking, p.entry.State):
		return moveWithdrawCall
	case a.move == kontakt.MoveLeave && a.by == tablet && a.device != p.entry.Device && others,
		a.move == moveCorrect && (others || p.entry.Source == kontakt.SourceApp):
		return moveLetGo
	}
	return a.move
}

// holder gives what a tablet that holds the place is to it.
func (p place) holder(id kontakt.DeviceID) (store.Holder, bool) {
	for _, h := range p.holders {
		if h.Device == id {
			return h, true
		}
	}
	return store.Holder{}, false
}

// silent says whether a tablet is out of contact, or holds the place no longer.
func (p place) silent(id kontakt.DeviceID) bool {
	h, holds := p.holder(id)
	return !holds || h.NoContact
}

// presence is the best of the tablets that hold an entry. Where none does, as for a citizen who waits with a phone of
// their own that has no stream here, a ring reaches nobody.
func presence(holders []store.Holder) kontakt.Presence {
	best := kontakt.PresenceNoContact
	for _, h := range holders {
		switch {
		case h.NoContact:
		case h.Away:
			best = kontakt.PresenceAway
		default:
			return kontakt.PresenceHere
		}
	}
	return best
}

func bySince(a, b store.Holder) int {
	return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Device, b.Device))
}
