package signin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// start sends a tablet's browser to the provider, once.
func (s *Service) start(w http.ResponseWriter, r *http.Request) {
	attempt, err := s.startable(r.Context(), r.PathValue("secret"))
	if err != nil {
		s.page(w, r, err)
		return
	}
	walk, address, err := s.cfg.Provider.Begin(r.Context())
	if err != nil {
		s.page(w, r, s.fail(r.Context(), attempt, store.SigninOpen, err))
		return
	}
	err = s.cfg.DB.Update(r.Context(), func(tx *store.Tx) error {
		attempt.State, attempt.Nonce, attempt.Verifier = store.SigninStarted, walk.Nonce, walk.Verifier
		attempt.ExpiresAt = tx.Now().Add(walkLife)
		if first, err := tx.SaveSignin(attempt, store.SigninOpen); err != nil || !first {
			return cmp.Or(err, problem("signin.start", kontakt.Gone, kontakt.MsgLoginUsed))
		}
		return tx.SetSigninState(attempt.ID, walk.State)
	})
	if err != nil {
		s.page(w, r, err)
		return
	}
	setStateCookie(w, walk.State)
	redirect(w, r, http.StatusFound, address)
}

// startable gives the attempt behind a one-time address that may be used now.
func (s *Service) startable(ctx context.Context, secret string) (store.Signin, error) {
	const op = "signin.start"
	var attempt store.Signin
	err := s.cfg.DB.View(ctx, func(tx *store.Tx) (err error) {
		attempt, err = tx.SigninByStart(secret)
		switch {
		case notFound(err):
			return problem(op, kontakt.NotFound, kontakt.MsgLoginExpired)
		case err != nil:
			return err
		case attempt.State == store.SigninCancelled:
			return problem(op, kontakt.Gone, kontakt.MsgLoginCancelled)
		case attempt.State != store.SigninOpen:
			return problem(op, kontakt.Gone, kontakt.MsgLoginUsed)
		case !tx.Now().Before(attempt.ExpiresAt):
			return problem(op, kontakt.Gone, kontakt.MsgLoginExpired)
		}
		return nil
	})
	return attempt, err
}

// finishTablet checks the answer and hands the tablet a code through its room.
func (s *Service) finishTablet(ctx context.Context, attempt store.Signin, state string, answer url.Values) error {
	const op = "signin.callback"
	var device store.Device
	var employer store.Municipality
	if err := s.cfg.DB.View(ctx, func(tx *store.Tx) (err error) {
		if device, err = tx.Device(attempt.Device); err != nil {
			return err
		}
		employer, err = tx.Municipality(device.Municipality)
		return err
	}); err != nil {
		return err
	}
	if !device.RevokedAt.IsZero() {
		return s.fail(ctx, attempt, store.SigninAnswered, problem(op, kontakt.Forbidden, kontakt.MsgDeviceRevoked))
	}
	id, err := s.cfg.Provider.Finish(ctx, s.walk(attempt, state), answer, oidc.Need{
		Assurance: oidc.Substantial, Professional: true, CVR: employer.CVR, Roles: []kontakt.Role{kontakt.RoleNurse},
	})
	if err != nil {
		return s.fail(ctx, attempt, store.SigninAnswered, err)
	}
	err = s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		employee, err := saveEmployee(tx, id, store.Employee{Role: kontakt.RoleNurse, Municipality: device.Municipality})
		if err != nil {
			return err
		}
		if fresh, err := tx.FreshSignin(attempt.ID, device.ID, employee.ID, id.AuthTime); err != nil || !fresh {
			return cmp.Or(err, problem(op, kontakt.Unauthenticated, kontakt.MsgLoginNotFresh))
		}
		code := kontakt.NewSecret()
		attempt.State, attempt.Employee, attempt.IDSession = store.SigninCompleted, employee.ID, id.ProviderSession
		attempt.CodeExpires = tx.Now().Add(codeLife)
		if still, err := tx.SaveSignin(attempt, store.SigninAnswered); err != nil || !still {
			return cmp.Or(err, problem(op, kontakt.Gone, kontakt.MsgLoginCancelled))
		}
		if err := tx.SetSigninCode(attempt.ID, code); err != nil {
			return err
		}
		// The log keeps the code as it is, since a tablet whose stream was cut must still find it. Whoever reads the log
		// gains nothing: it is good for a minute, once, in a session of this tablet and with a proof of its key.
		if _, err := tx.Append(kontakt.DeviceRoom(attempt.Device), kontakt.EventSigninCompleted,
			map[string]string{"signin": string(attempt.ID), "code": code}); err != nil {
			return err
		}
		by := deviceActor(device)
		by.Employee = employee.ID
		return tx.Audit(store.Audit{By: &by, Action: "signin.complete"})
	})
	if err != nil {
		return s.fail(ctx, attempt, store.SigninAnswered, err)
	}
	return nil
}

// saveEmployee keeps who signed in, as the provider tells it today.
func saveEmployee(tx *store.Tx, id oidc.Identity, e store.Employee) (store.Employee, error) {
	e.ID, e.Issuer, e.Subject, e.Name, e.Title = kontakt.NewEmployeeID(), id.Issuer, id.Subject, id.Name, id.Title
	return tx.SaveEmployee(e)
}

// fail ends a tablet's attempt that stood in state from, tells the tablet why, and gives the reason on. An attempt that
// meanwhile ended otherwise stays as it is.
func (s *Service) fail(ctx context.Context, attempt store.Signin, from store.SigninState, reason error) error {
	msg, _ := kontakt.MsgOf(reason)
	s.cfg.Log.WarnContext(ctx, "sign-in failed", "signin", attempt.ID, "device", attempt.Device, "kind", kontakt.KindOf(reason), "err", reason)
	// The browser may have gone away; the tablet still waits for an answer.
	err := s.cfg.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		attempt.State, attempt.Msg = store.SigninFailed, msg
		if still, err := tx.SaveSignin(attempt, from); err != nil || !still {
			return err
		}
		if _, err := tx.Append(kontakt.DeviceRoom(attempt.Device), kontakt.EventSigninFailed,
			map[string]string{"signin": string(attempt.ID), "msg": string(msg)}); err != nil {
			return err
		}
		by := kontakt.Actor{Role: kontakt.RoleDevice, Device: attempt.Device}
		return tx.Audit(store.Audit{By: &by, Action: "signin.complete", Outcome: store.OutcomeRefused, Reason: string(msg)})
	})
	return errors.Join(reason, err)
}
