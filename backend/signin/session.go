package signin

import (
	"context"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Actor gives who a bearer token, a clinic's cookie or a guest's belongs to.
func (s *Service) Actor(ctx context.Context, secret string) (kontakt.Actor, error) {
	const op = "signin.Actor"
	var who kontakt.Actor
	err := s.cfg.DB.View(ctx, func(tx *store.Tx) error {
		session, err := tx.SessionBySecret(secret)
		who = session.Actor()
		switch {
		case notFound(err):
			who, err = guestActor(tx, secret)
			return err
		case err != nil:
			return err
		case !live(session, tx.Now()):
			return problem(op, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
		case session.Device == "":
			return nil
		}
		d, err := tx.Device(session.Device)
		if err == nil && !d.RevokedAt.IsZero() {
			return problem(op, kontakt.Forbidden, kontakt.MsgDeviceRevoked)
		}
		return err
	})
	if err != nil {
		return kontakt.Actor{}, err
	}
	return who, nil
}

// guestActor gives the guest whose cookie it is.
func guestActor(tx *store.Tx, secret string) (kontakt.Actor, error) {
	session, err := tx.GuestSession(secret)
	if notFound(err) {
		err = problem("signin.Actor", kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	}
	if err != nil {
		return kontakt.Actor{}, err
	}
	return session.Actor(), nil
}

func live(session store.Session, now time.Time) bool {
	return session.EndedAt.IsZero() && now.Before(session.ExpiresAt)
}

// TTL gives what is left of the actor's session.
func (s *Service) TTL(ctx context.Context) (time.Duration, error) {
	const op = "signin.TTL"
	actor, _ := kontakt.ActorFrom(ctx)
	var left time.Duration
	err := s.cfg.DB.View(ctx, func(tx *store.Tx) error {
		session, err := tx.Session(actor.Session)
		if notFound(err) || err == nil && !live(session, tx.Now()) {
			return problem(op, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
		}
		left = session.ExpiresAt.Sub(tx.Now())
		return err
	})
	return max(left, 0), err
}

// SignOut ends the actor's session. A citizen who waits keeps the place.
func (s *Service) SignOut(ctx context.Context) error {
	const op = "signin.SignOut"
	actor, ok := kontakt.ActorFrom(ctx)
	if !ok || actor.Session == "" {
		return problem(op, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	}
	if actor.Role == kontakt.RoleDevice { // nobody is signed in; the tablet itself stays known
		return problem(op, kontakt.Forbidden, kontakt.MsgNotAllowed)
	}
	return s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		ended, err := tx.EndSession(actor.Session)
		if err != nil || !ended {
			return err
		}
		return tx.Audit(store.Audit{By: &actor, Action: "session.end"})
	})
}
