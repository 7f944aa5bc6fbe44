package waiting

import (
	"cmp"
	"context"
	"errors"
	"time"

	"kontaktlaege/backend/rights"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// visitLives is how long a guest's browser is known: a clinic's day.
const visitLives = 12 * time.Hour

// The audit's words for what a guest does.
const (
	actionGuestOpens rights.Action = "guest.open"
	actionGuestGoes  rights.Action = "guest.leave"
)

// OpenLink opens a link, once, and gives the secret of the session that stands for it from then on. The same request
// again, with its key, gives the same: an answer that was lost costs nobody the link.
func (s *Service) OpenLink(ctx context.Context, token, key, name string) (seen kontakt.Visit, secret string, err error) {
	secret = s.db.GuestSecret(token, key)
	var at kontakt.EntryID
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		g, err := tx.GuestByLink(token)
		if kontakt.KindOf(err) == kontakt.NotFound {
			return &kontakt.Error{Op: "waiting.OpenLink", Kind: kontakt.NotFound, Msg: kontakt.MsgGuestLinkUnknown}
		}
		if err != nil {
			return err
		}
		at = g.Entry
		p, err := load(tx, g.Entry)
		if err != nil {
			return err
		}
		if g, err = openLink(tx, p, g, secret, cmp.Or(name, g.Name)); err != nil {
			return err
		}
		seen, err = s.visit(tx, g, p)
		return err
	})
	if kontakt.KindOf(err) == kontakt.Gone {
		msg, _ := kontakt.MsgOf(err)
		row := store.Audit{By: &kontakt.Actor{Role: kontakt.RoleGuest}, Action: string(actionGuestOpens), Outcome: store.OutcomeRefused, Entry: at, Reason: string(msg)}
		if auditErr := s.db.Refused(ctx, row); auditErr != nil {
			err = errors.Join(auditErr, err)
		}
	}
	if err != nil {
		return kontakt.Visit{}, "", err
	}
	return seen, secret, nil
}

// openLink lets a guest into the lobby and opens the session, unless this very request did so before.
func openLink(tx *store.Tx, p place, g store.Guest, secret, name string) (store.Guest, error) {
	session, err := tx.GuestSession(secret)
	if err == nil && session.Guest == g.ID {
		return g, nil
	}
	if err != nil && kontakt.KindOf(err) != kontakt.NotFound {
		return g, err
	}
	next, _, err := moveGuest(g, guestAct{move: guestOpens, by: guest, now: tx.Now(), name: name})
	if msg, _ := kontakt.MsgOf(err); msg == kontakt.MsgGuestLinkExpired {
		c, err := tx.Clinic(p.entry.Clinic)
		if err != nil {
			return g, err
		}
		return g, &kontakt.Error{Op: "waiting.OpenLink", Kind: kontakt.Gone, Msg: msg, Params: map[string]string{"klinik": c.Name, "tlf": c.Phone}}
	}
	if err != nil {
		return g, err
	}
	session = store.GuestSession{ID: kontakt.NewSessionID(), Guest: g.ID, ExpiresAt: tx.Now().Add(visitLives)}
	if err := tx.SaveGuest(next, g.State); err != nil {
		return g, err
	}
	if err := tx.AddGuestSession(session, secret); err != nil {
		return g, err
	}
	by := session.Actor()
	return next, tellGuest(tx, p, next, store.Audit{By: &by, Action: string(actionGuestOpens)})
}

// Visit gives what the actor, a guest, sees; also once it has gone.
func (s *Service) Visit(ctx context.Context) (kontakt.Visit, error) {
	var seen kontakt.Visit
	err := s.asGuest(ctx, s.db.View, func(tx *store.Tx, p place, g store.Guest) (err error) {
		seen, err = s.visit(tx, g, p)
		return err
	})
	return seen, err
}

// LeaveCall lets the actor, a guest, go.
func (s *Service) LeaveCall(ctx context.Context) error {
	return s.asGuest(ctx, s.db.Update, func(tx *store.Tx, p place, g store.Guest) error {
		_, err := applyGuest(tx, p, g, guestAct{move: guestGoes, by: guest, now: tx.Now()}, actionGuestGoes)
		return err
	})
}

// LetIn says whether the actor, a guest, is in a call that runs: Hidden where not.
func (s *Service) LetIn(ctx context.Context) error {
	return s.asGuest(ctx, s.db.View, func(tx *store.Tx, p place, g store.Guest) error {
		if p.call == nil {
			return &kontakt.Error{Op: "waiting.LetIn", Kind: kontakt.Hidden, Msg: kontakt.MsgNotFound}
		}
		a, _ := kontakt.ActorFrom(tx.Context())
		return rights.Check(a, rights.Signal, callOf(*p.call, g))
	})
}

// asGuest finds the actor's own place.
func (s *Service) asGuest(ctx context.Context, run func(context.Context, func(*store.Tx) error) error, fn func(tx *store.Tx, p place, g store.Guest) error) error {
	a, err := actor(ctx)
	if err != nil {
		return err
	}
	if err := rights.Check(a, rights.BeGuest, rights.Target{Guests: []kontakt.GuestID{a.Guest}}); err != nil {
		return err
	}
	return run(ctx, func(tx *store.Tx) error {
		g, err := tx.Guest(a.Guest)
		if err != nil {
			return err
		}
		p, err := load(tx, g.Entry)
		if err != nil {
			return err
		}
		return fn(tx, p, g)
	})
}

// visit is what a guest sees: of the call nothing before it was let in, and of the citizen nothing ever.
func (s *Service) visit(tx *store.Tx, g store.Guest, p place) (kontakt.Visit, error) {
	c, err := tx.Clinic(p.entry.Clinic)
	if err != nil {
		return kontakt.Visit{}, err
	}
	seen := kontakt.Visit{Guest: g.Guest, Clinic: c.Name, Phone: c.Phone, Mode: p.entry.Mode}
	rooms := []kontakt.Room{kontakt.GuestRoom(g.ID)}
	if g.State == kontakt.GuestAdmitted && p.call != nil {
		rooms = append(rooms, kontakt.CallRoom(p.call.ID))
		seen.Call = p.call.ID
		if seen.Participants, err = s.others(tx, g, p); err != nil {
			return kontakt.Visit{}, err
		}
	}
	seen.Cursor, err = tx.Cursor(rooms...)
	return seen, err
}

// others are those in the call but the guest, in the order of offering. Who helps the citizen has a title and no name.
func (s *Service) others(tx *store.Tx, me store.Guest, p place) ([]kontakt.Participant, error) {
	v := s.viewer(tx, kontakt.Actor{Role: kontakt.RoleGuest, Guest: me.ID})
	helper, err := v.helperOf(p.entry)
	if err != nil {
		return nil, err
	}
	doctor, err := v.person(p.call.Clinician)
	if err != nil {
		return nil, err
	}
	all, err := tx.Guests(p.entry.ID)
	if err != nil {
		return nil, err
	}
	in := []kontakt.Participant{
		{As: kontakt.ParticipantTablet, Title: helper.Title},
		{As: kontakt.ParticipantClinic, Name: doctor.Name, Title: doctor.Title},
	}
	for _, g := range admitted(all) {
		if g.ID != me.ID {
			in = append(in, kontakt.Participant{As: string(g.ID), Name: g.Name, Kind: g.Kind, AdmittedAt: g.AdmittedAt})
		}
	}
	return in, nil
}
