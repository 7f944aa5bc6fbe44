package signin

import (
	"cmp"
	"context"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Begin makes a one-time address for the system browser of the actor's tablet. A tablet has one open sign-in: a new one
// ends the old.
func (s *Service) Begin(ctx context.Context) (id kontakt.SigninID, address string, ttl time.Duration, err error) {
	const op = "signin.Begin"
	actor, _ := kontakt.ActorFrom(ctx)
	if actor.Device == "" {
		return "", "", 0, problem(op, kontakt.Forbidden, kontakt.MsgNotAllowed)
	}
	id, secret := kontakt.NewSigninID(), kontakt.NewSecret()
	err = s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetSignins(tx.Now().Add(-forgetAfter)); err != nil {
			return err
		}
		if err := tx.CancelSignins(actor.Device); err != nil {
			return err
		}
		attempt := store.Signin{ID: id, State: store.SigninOpen, Device: actor.Device, ExpiresAt: tx.Now().Add(startLife)}
		if err := tx.AddSignin(attempt, secret, ""); err != nil {
			return err
		}
		return tx.Audit(store.Audit{By: &actor, Action: "signin.begin"})
	})
	if err != nil {
		return "", "", 0, err
	}
	return id, s.cfg.BaseURL + "/signin/start/" + secret, startLife, nil
}

// Cancel gives up a sign-in of the actor's tablet. One that is over stays as it is.
func (s *Service) Cancel(ctx context.Context, id kontakt.SigninID) error {
	const op = "signin.Cancel"
	actor, _ := kontakt.ActorFrom(ctx)
	return s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		attempt, err := tx.Signin(id)
		if err != nil {
			return err
		}
		if actor.Device == "" || attempt.Device != actor.Device {
			return problem(op, kontakt.Hidden, kontakt.MsgNotFound)
		}
		switch from := attempt.State; from {
		case store.SigninRedeemed, store.SigninFailed, store.SigninCancelled:
			return nil
		default:
			attempt.State = store.SigninCancelled
			if _, err := tx.SaveSignin(attempt, from); err != nil {
				return err
			}
			return tx.Audit(store.Audit{By: &actor, Action: "signin.cancel"})
		}
	})
}

// Redeem exchanges the code of a completed sign-in for the employee's session on the actor's tablet, which proves its
// key. Whoever was signed in there before is not any more.
func (s *Service) Redeem(ctx context.Context, id kontakt.SigninID, code string, p kontakt.DeviceProof) (token string, ttl time.Duration, who kontakt.Person, err error) {
	const op = "signin.Redeem"
	actor, _ := kontakt.ActorFrom(ctx)
	fail := func(err error) (string, time.Duration, kontakt.Person, error) {
		return "", 0, kontakt.Person{}, s.refuse(ctx, actor, "session.open", err)
	}
	if actor.Device == "" || p.Device != actor.Device {
		return fail(problem(op, kontakt.Forbidden, kontakt.MsgNotAllowed))
	}
	d, err := s.prove(ctx, kontakt.PurposeSession, p)
	if err != nil {
		return fail(err)
	}
	token = kontakt.NewSecret()
	err = s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		attempt, err := redeemable(tx, id, d.ID, code)
		if err != nil {
			return err
		}
		employee, err := tx.Employee(attempt.Employee)
		if err != nil {
			return err
		}
		attempt.State = store.SigninRedeemed
		if spent, err := tx.SaveSignin(attempt, store.SigninCompleted); err != nil || !spent {
			return cmp.Or(err, problem(op, kontakt.Gone, kontakt.MsgLoginUsed))
		}
		if err := tx.EndDeviceSessions(d.ID, kontakt.RoleNurse); err != nil {
			return err
		}
		session := store.Session{
			ID: kontakt.NewSessionID(), Role: kontakt.RoleNurse, Device: d.ID, Employee: employee.ID, Municipality: d.Municipality,
			Issuer: employee.Issuer, IDSession: attempt.IDSession, ExpiresAt: tx.Now().Add(s.cfg.Shift),
		}
		if err := tx.AddSession(session, token); err != nil {
			return err
		}
		who = kontakt.Person{ID: employee.ID, Name: employee.Name, Title: employee.Title}
		by := session.Actor()
		return tx.Audit(store.Audit{By: &by, Action: "session.open"})
	})
	if err != nil {
		return fail(err)
	}
	return token, s.cfg.Shift, who, nil
}

// redeemable gives the attempt if this device may exchange this code now.
func redeemable(tx *store.Tx, id kontakt.SigninID, device kontakt.DeviceID, code string) (store.Signin, error) {
	const op = "signin.Redeem"
	attempt, err := tx.Signin(id)
	if err != nil {
		return store.Signin{}, err
	}
	if attempt.Device != device {
		return store.Signin{}, problem(op, kontakt.Hidden, kontakt.MsgNotFound)
	}
	if right, err := tx.SigninCode(id, code); err != nil || !right {
		return store.Signin{}, cmp.Or(err, problem(op, kontakt.Unauthenticated, kontakt.MsgLoginFailed))
	}
	switch {
	case attempt.State == store.SigninRedeemed:
		return store.Signin{}, problem(op, kontakt.Gone, kontakt.MsgLoginUsed)
	case attempt.State != store.SigninCompleted:
		return store.Signin{}, problem(op, kontakt.Gone, kontakt.MsgLoginCancelled)
	case !tx.Now().Before(attempt.CodeExpires):
		return store.Signin{}, problem(op, kontakt.Gone, kontakt.MsgLoginExpired)
	}
	return attempt, nil
}
