package signin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// ClinicCookie holds a clinic's session.
const ClinicCookie = "__Host-klinik"

// stateCookie, and the beginning of the state, name the cookie that ties an attempt to the browser that began it. Each
// attempt has its own, so that two open tabs do not spoil each other's.
const stateCookie = "__Host-signin-"

const clinicPage = "/klinik/"

// Browser is the half of a sign-in that a browser walks: /signin/…, /klinik/login and /klinik/logout.
func (s *Service) Browser() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /signin/start/{secret}", s.start)
	mux.HandleFunc("GET "+CallbackPath, s.callback)
	mux.HandleFunc("GET /signin/page.css", s.style)
	mux.HandleFunc("GET /klinik/login", s.clinicLogin)
	mux.HandleFunc("POST /klinik/logout", s.clinicLogout)
	return http.NewCrossOriginProtection().Handler(mux)
}

// start sends a tablet's browser to the provider, once.
func (s *Service) start(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet { // the mux lets HEAD through, and a look must not spend the link
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
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
			return orElse(err, problem("signin.start", kontakt.Gone, kontakt.MsgLoginUsed))
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

// clinicLogin sends a clinic's browser to the provider.
func (s *Service) clinicLogin(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	walk, address, err := s.cfg.Provider.Begin(r.Context())
	if err == nil {
		err = s.cfg.DB.Update(r.Context(), func(tx *store.Tx) error {
			if err := tx.ForgetSignins(tx.Now().Add(-forgetAfter)); err != nil {
				return err
			}
			return tx.AddSignin(store.Signin{ID: kontakt.NewSigninID(), State: store.SigninStarted, Nonce: walk.Nonce,
				Verifier: walk.Verifier, ExpiresAt: tx.Now().Add(walkLife)}, "", walk.State)
		})
	}
	if err != nil {
		s.backToClinic(w, r, err)
		return
	}
	setStateCookie(w, walk.State)
	redirect(w, r, http.StatusFound, address)
}

// callback takes the provider's answer to one attempt, once, in the browser that began it.
func (s *Service) callback(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	state := r.URL.Query().Get("state")
	attempt, err := s.answered(r, state)
	if err != nil && attempt.ID != "" && attempt.Device == "" {
		s.backToClinic(w, r, err)
		return
	}
	if err != nil {
		s.page(w, r, err)
		return
	}
	dropStateCookie(w, state)
	if attempt.Device != "" {
		s.page(w, r, s.finishTablet(r.Context(), attempt, state, r.URL.Query()))
		return
	}
	secret, err := s.finishClinic(r, attempt, state)
	if err != nil {
		s.backToClinic(w, r, err)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: ClinicCookie, Value: secret, Path: "/", MaxAge: int(s.cfg.Clinic.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
	redirect(w, r, http.StatusFound, clinicPage)
}

// answered claims the attempt with this state for this request: a state is good once. An attempt comes with an error
// too where there is one.
func (s *Service) answered(r *http.Request, state string) (attempt store.Signin, err error) {
	const op = "signin.callback"
	err = s.cfg.DB.Update(r.Context(), func(tx *store.Tx) (err error) {
		attempt, err = tx.SigninByState(state)
		switch {
		case notFound(err):
			return problem(op, kontakt.Gone, kontakt.MsgLoginExpired)
		case err != nil:
			return err
		case !hasStateCookie(r, state): // another browser began it
			return problem(op, kontakt.Gone, kontakt.MsgLoginExpired)
		case attempt.State == store.SigninCancelled:
			return problem(op, kontakt.Gone, kontakt.MsgLoginCancelled)
		case attempt.State == store.SigninStarted && !tx.Now().Before(attempt.ExpiresAt):
			return problem(op, kontakt.Gone, kontakt.MsgLoginExpired)
		}
		attempt.State = store.SigninAnswered
		if first, err := tx.SaveSignin(attempt, store.SigninStarted); err != nil || !first {
			return orElse(err, problem(op, kontakt.Gone, kontakt.MsgLoginUsed))
		}
		return nil
	})
	return attempt, err
}

func (s *Service) walk(attempt store.Signin, state string) oidc.Attempt {
	return oidc.Attempt{State: state, Nonce: attempt.Nonce, Verifier: attempt.Verifier, Began: attempt.CreatedAt}
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
			return orElse(err, problem(op, kontakt.Unauthenticated, kontakt.MsgLoginNotFresh))
		}
		code := kontakt.NewSecret()
		attempt.State, attempt.Employee, attempt.IDSession = store.SigninCompleted, employee.ID, id.ProviderSession
		attempt.CodeExpires = tx.Now().Add(codeLife)
		if still, err := tx.SaveSignin(attempt, store.SigninAnswered); err != nil || !still {
			return orElse(err, problem(op, kontakt.Gone, kontakt.MsgLoginCancelled))
		}
		if err := tx.SetSigninCode(attempt.ID, code); err != nil {
			return err
		}
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

// finishClinic checks the answer and opens the session of a clinic's staff, ending the one that the browser had.
func (s *Service) finishClinic(r *http.Request, attempt store.Signin, state string) (secret string, err error) {
	ctx := r.Context()
	id, err := s.cfg.Provider.Finish(ctx, s.walk(attempt, state), r.URL.Query(), oidc.Need{
		Assurance: oidc.Substantial, Professional: true, Roles: clinicRoles,
	})
	if err == nil {
		secret, err = s.openClinic(ctx, attempt, id)
	}
	if err != nil {
		s.cfg.Log.WarnContext(ctx, "sign-in failed", "signin", attempt.ID, "kind", kontakt.KindOf(err), "err", err)
		return "", s.refuse(ctx, kontakt.Actor{Role: kontakt.RoleSystem}, "session.open", err)
	}
	if old, cookieErr := r.Cookie(ClinicCookie); cookieErr == nil {
		s.endClinic(ctx, old.Value)
	}
	return secret, nil
}

// clinicRoles are who may open the clinic module.
var clinicRoles = []kontakt.Role{kontakt.RoleClinician, kontakt.RoleSecretary}

func (s *Service) openClinic(ctx context.Context, attempt store.Signin, id oidc.Identity) (secret string, err error) {
	const op = "signin.callback"
	role := kontakt.RoleSecretary // a role that the provider does not tell is the lesser one
	if id.Is(kontakt.RoleClinician) {
		role = kontakt.RoleClinician
	}
	secret = kontakt.NewSecret()
	return secret, s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		clinic, err := tx.ClinicByYdernummer(id.Ydernummer)
		switch {
		case notFound(err):
			return problem(op, kontakt.Forbidden, kontakt.MsgLoginNoAccess)
		case err != nil:
			return err
		case clinic.CVR != id.CVR: // whoever may write a ydernummer into a token may not enter another's clinic
			return problem(op, kontakt.Forbidden, kontakt.MsgLoginNoAccess)
		}
		employee, err := saveEmployee(tx, id, store.Employee{Role: role, Clinic: clinic.ID})
		if err != nil {
			return err
		}
		attempt.State, attempt.Employee, attempt.IDSession = store.SigninRedeemed, employee.ID, id.ProviderSession
		if still, err := tx.SaveSignin(attempt, store.SigninAnswered); err != nil || !still {
			return orElse(err, problem(op, kontakt.Gone, kontakt.MsgLoginUsed))
		}
		session := store.Session{ID: kontakt.NewSessionID(), Role: role, Employee: employee.ID, Clinic: clinic.ID,
			Issuer: id.Issuer, IDSession: id.ProviderSession, ExpiresAt: tx.Now().Add(s.cfg.Clinic)}
		if err := tx.AddSession(session, secret); err != nil {
			return err
		}
		by := session.Actor()
		return tx.Audit(store.Audit{By: &by, Action: "session.open", Clinic: clinic.ID})
	})
}

// clinicLogout ends the clinic's session, and the browser's at the provider if it has an address for that.
func (s *Service) clinicLogout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(ClinicCookie); err == nil {
		s.endClinic(r.Context(), c.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: ClinicCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
	address := s.cfg.Provider.LogoutURL(r.Context())
	if address == "" {
		address = clinicPage
	}
	redirect(w, r, http.StatusSeeOther, address)
}

// endClinic ends the session of a cookie. A cookie that opens nothing is left alone.
func (s *Service) endClinic(ctx context.Context, secret string) {
	actor, err := s.Actor(ctx, secret)
	if err == nil && !slices.Contains(clinicRoles, actor.Role) {
		return
	}
	if err == nil {
		err = s.SignOut(kontakt.WithActor(ctx, actor))
	}
	if err != nil && kontakt.KindOf(err) != kontakt.Unauthenticated {
		s.cfg.Log.ErrorContext(ctx, "session was not ended", "session", actor.Session, "kind", kontakt.KindOf(err), "err", err)
	}
}

// backToClinic shows the reason in the clinic module, which says the sentence and offers to try again.
func (s *Service) backToClinic(w http.ResponseWriter, r *http.Request, err error) {
	msg, _ := kontakt.MsgOf(err)
	redirect(w, r, http.StatusFound, clinicPage+"?login="+url.QueryEscape(string(msg)))
}

func redirect(w http.ResponseWriter, r *http.Request, status int, address string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, address, status)
}
