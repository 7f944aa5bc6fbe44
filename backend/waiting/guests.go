package waiting

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

const (
	// linkLives is how long a link may be opened.
	linkLives = time.Hour
	// A place may have maxInvites within an hour: enough for every mistyped number, too few to send strangers messages.
	maxInvites = 12
)

// Letter is what a guest is to be sent.
type Letter struct {
	To     kontakt.Phone
	Clinic string // its name
	Link   string
	Until  time.Time // after that the link opens nothing
}

// Invite makes a one-time link to the call of a place, and gives its address, which is told here and never again. With a
// telephone number the link goes there too, once this has committed.
func (s *Service) Invite(ctx context.Context, id kontakt.EntryID, i kontakt.Invite) (made kontakt.Guest, address string, sent bool, err error) {
	err = s.change(ctx, rights.Invite, store.Audit{Entry: id}, func(tx *store.Tx, a kontakt.Actor) error {
		p, all, err := s.placeOfGuests(tx, a, id, rights.Invite)
		if err != nil {
			return err
		}
		if err := mayInvite(p, all, a, tx.Now()); err != nil {
			return err
		}
		g := store.Guest{
			Guest: kontakt.Guest{
				ID: kontakt.NewGuestID(), Entry: id, Name: i.Name, Kind: i.Kind, State: kontakt.GuestInvited, By: participant(a),
				InvitedAt: tx.Now(), ExpiresAt: tx.Now().Add(linkLives),
			},
			Employee: a.Employee,
		}
		token := kontakt.NewSecret()
		if err := tx.AddGuest(g, token); err != nil {
			return err
		}
		made, address, sent = g.Guest, s.opt.GuestPage+token, i.Phone != kontakt.Phone{}
		if sent {
			if err := s.sendLink(tx, p, i.Phone, address, g.ExpiresAt); err != nil {
				return err
			}
		}
		return tellGuest(tx, p, g, store.Audit{Action: string(rights.Invite)})
	})
	if err != nil {
		return kontakt.Guest{}, "", false, err
	}
	return made, address, sent, nil
}

// mayInvite says why a place can have no further guest.
func mayInvite(p place, all []store.Guest, a kontakt.Actor, now time.Time) error {
	const op = "waiting.Invite"
	lately := slices.DeleteFunc(slices.Clone(all), func(g store.Guest) bool { return now.Sub(g.InvitedAt) > time.Hour })
	switch {
	case !p.entry.State.Open():
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgWrongState}
	case p.elsewhere(sideOf(a), a.Device):
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgAnswered}
	case len(openGuests(all)) >= kontakt.MaxGuests:
		return &kontakt.Error{Op: op, Kind: kontakt.Conflict, Msg: kontakt.MsgGuestFull, Params: map[string]string{"n": strconv.Itoa(kontakt.MaxGuests)}}
	case len(lately) >= maxInvites:
		return &kontakt.Error{Op: op, Kind: kontakt.TooMany, Msg: kontakt.MsgTooMany}
	}
	return nil
}

// sendLink leaves the link in the outbox.
func (s *Service) sendLink(tx *store.Tx, p place, to kontakt.Phone, link string, until time.Time) error {
	c, err := tx.Clinic(p.entry.Clinic)
	if err != nil {
		return err
	}
	if s.opt.Letter == nil {
		return &kontakt.Error{Op: "waiting.Invite", Kind: kontakt.Conflict, Msg: kontakt.MsgNoSender}
	}
	kind, payload, err := s.opt.Letter(Letter{To: to, Clinic: c.Name, Link: link, Until: until})
	if err != nil {
		return err
	}
	_, err = tx.Enqueue(kind, payload)
	return err
}

// placeOfGuests gives a place with all its guests to who may act so there.
func (s *Service) placeOfGuests(tx *store.Tx, a kontakt.Actor, id kontakt.EntryID, do rights.Action) (place, []store.Guest, error) {
	p, err := load(tx, id)
	if err != nil {
		return p, nil, err
	}
	if err := rights.Check(a, do, target(p)); err != nil {
		return p, nil, err
	}
	all, err := tx.Guests(id)
	return p, all, err
}

// Guests gives those of a place that have not ended, in the order in which they were invited. A tablet with nobody signed
// in sees that there are some, and no name.
func (s *Service) Guests(ctx context.Context, id kontakt.EntryID) ([]kontakt.Guest, error) {
	a, err := actor(ctx)
	if err != nil {
		return nil, err
	}
	found := []kontakt.Guest{}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		p, all, err := s.placeOfGuests(tx, a, id, rights.SeeGuests)
		if err != nil {
			return err
		}
		mayName := rights.Check(a, rights.SeeCitizen, target(p)) == nil
		for _, g := range openGuests(all) {
			if !mayName {
				g.Name = ""
			}
			found = append(found, g.Guest)
		}
		return nil
	})
	return found, err
}

// Admit lets a guest in who stands outside. Who is in the call does it, and nobody else.
func (s *Service) Admit(ctx context.Context, id kontakt.EntryID, which kontakt.GuestID) (kontakt.Guest, error) {
	return s.guestOf(ctx, id, which, rights.Admit, guestAdmit)
}

// RemoveGuest shows a guest out, or takes a link back that was not opened yet.
func (s *Service) RemoveGuest(ctx context.Context, id kontakt.EntryID, which kontakt.GuestID) (kontakt.Guest, error) {
	return s.guestOf(ctx, id, which, rights.RemoveGuest, guestRemove)
}

// guestOf moves a guest of a place from the side of tablet or clinic.
func (s *Service) guestOf(ctx context.Context, id kontakt.EntryID, which kontakt.GuestID, do rights.Action, move guestMove) (kontakt.Guest, error) {
	var moved kontakt.Guest
	err := s.change(ctx, do, store.Audit{Entry: id, Reason: string(which)}, func(tx *store.Tx, a kontakt.Actor) error {
		p, all, err := s.placeOfGuests(tx, a, id, rights.SeeGuests)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(g store.Guest) bool { return g.ID == which })
		if at < 0 {
			return &kontakt.Error{Op: "waiting.guestOf", Kind: kontakt.NotFound, Msg: kontakt.MsgNotFound}
		}
		running := slices.Contains(talking, p.entry.State)
		if running || do != rights.Admit { // while no call runs nobody is in it, and the clinic is told so
			if err := rights.Check(a, do, target(p)); err != nil {
				return err
			}
		}
		act := guestAct{move: move, by: sideOf(a), now: tx.Now(), who: a.Employee, running: running}
		if in := admitted(all); move == guestAdmit && len(in) > 0 && !act.now.After(in[len(in)-1].AdmittedAt) {
			act.now = in[len(in)-1].AdmittedAt.Add(time.Nanosecond) // the clocks of several nodes do not decide who offers
		}
		g, err := applyGuest(tx, p, all[at], act, do)
		moved = g.Guest
		return err
	})
	return moved, err
}

// applyGuest makes a move, stores it, tells the rooms and writes the audit row.
func applyGuest(tx *store.Tx, p place, g store.Guest, a guestAct, do rights.Action) (store.Guest, error) {
	next, changed, err := moveGuest(g, a)
	if err != nil || !changed {
		return next, err
	}
	if err := tx.SaveGuest(next, g.State); err != nil {
		return g, err
	}
	if err := tx.AddRecord(g.Entry, recordedGuest(g, next, a)...); err != nil {
		return g, err
	}
	return next, tellGuest(tx, p, next, store.Audit{Action: string(do)})
}

// tellGuest writes one event to each room that a guest concerns, and the audit row, in which the guest is its id.
func tellGuest(tx *store.Tx, p place, g store.Guest, row store.Audit) error {
	rooms := []kontakt.Room{kontakt.EntryRoom(p.entry.ID), kontakt.ClinicRoom(p.entry.Clinic), kontakt.GuestRoom(g.ID)}
	if p.call != nil && p.call.EndedAt.IsZero() {
		rooms = append(rooms, kontakt.CallRoom(p.call.ID))
	}
	if err := tellRooms(tx, kontakt.EventGuestChanged, guestChanged{Guest: g.ID, Entry: g.Entry, State: g.State}, rooms...); err != nil {
		return err
	}
	of := audit(rights.Action(row.Action), p)
	of.By, of.Reason = row.By, string(g.ID)
	return tx.Audit(of)
}

// The audit's words for what happens to a guest by itself.
const (
	actionGuestLate     rights.Action = "guest.expire"
	actionGuestCallOver rights.Action = "guest.call_over"
	actionGuestOver     rights.Action = "guest.place_over"
)

// guestsFollow does to the guests what follows from a move of their place: with its end all go, with the end of a call
// those in it stand outside again.
func guestsFollow(tx *store.Tx, p place, callOver bool) error {
	move, do := guestCallOver, actionGuestCallOver
	switch {
	case !p.entry.State.Open():
		move, do = guestOver, actionGuestOver
	case !callOver:
		return nil
	}
	all, err := tx.Guests(p.entry.ID)
	if err != nil {
		return err
	}
	for _, g := range all {
		if !slices.Contains(guestRules[move].from, g.State) {
			continue
		}
		if _, err := applyGuest(tx, p, g, guestAct{move: move, by: system, now: tx.Now()}, do); err != nil {
			return err
		}
	}
	return nil
}

// expireLinks ends those that nobody opened in time.
func (s *Service) expireLinks(ctx context.Context, now time.Time) error {
	var late []store.Guest
	if err := s.db.View(ctx, func(tx *store.Tx) (err error) { late, err = tx.LateGuests(now); return err }); err != nil {
		return err
	}
	var errs []error
	for _, g := range late {
		errs = append(errs, s.db.Update(ctx, func(tx *store.Tx) error {
			g, err := tx.Guest(g.ID)
			if err != nil || g.State != kontakt.GuestInvited {
				return err
			}
			p, err := load(tx, g.Entry)
			if err != nil {
				return err
			}
			_, err = applyGuest(tx, p, g, guestAct{move: guestLate, by: system, now: tx.Now()}, actionGuestLate)
			return err
		}))
	}
	return errors.Join(errs...)
}
