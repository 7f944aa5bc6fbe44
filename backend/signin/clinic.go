package signin

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// ClinicCookie holds a clinic's session.
const ClinicCookie = "__Host-klinik"

const clinicPage = "/klinik/"

// clinicLogin sends a clinic's browser to the provider.
func (s *Service) clinicLogin(w http.ResponseWriter, r *http.Request) {
	walk, address, err := s.cfg.Provider.Begin(r.Context())
	if err == nil {
		err = s.cfg.DB.Update(r.Context(), func(tx *store.Tx) error {
			if err := tx.ForgetSignins(tx.Now().Add(-forgetAfter)); err != nil {
				return err
			}
			return tx.AddSignin(store.Signin{
				ID: kontakt.NewSigninID(), State: store.SigninStarted, Nonce: walk.Nonce,
				Verifier: walk.Verifier, ExpiresAt: tx.Now().Add(walkLife),
			}, "", walk.State)
		})
	}
	if err != nil {
		s.backToClinic(w, r, err)
		return
	}
	setStateCookie(w, walk.State)
	redirect(w, r, http.StatusFound, address)
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
		clinic, err := clinicOf(tx, id)
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
			return cmp.Or(err, problem(op, kontakt.Gone, kontakt.MsgLoginUsed))
		}
		session := store.Session{
			ID: kontakt.NewSessionID(), Role: employee.Role, Employee: employee.ID, Clinic: clinic.ID,
			Issuer: id.Issuer, IDSession: id.ProviderSession, ExpiresAt: tx.Now().Add(s.cfg.Clinic),
		}
		if err := tx.AddSession(session, secret); err != nil {
			return err
		}
		by := session.Actor()
		return tx.Audit(store.Audit{By: &by, Action: "session.open", Clinic: clinic.ID})
	})
}

// clinicOf gives the clinic to which the person was appointed, else the one that the provider names.
func clinicOf(tx *store.Tx, id oidc.Identity) (store.Clinic, error) {
	e, err := tx.EmployeeBySubject(id.Issuer, id.Subject)
	if err == nil && e.Appointed {
		return tx.Clinic(e.Clinic)
	}
	if err != nil && !notFound(err) {
		return store.Clinic{}, err
	}
	return tx.ClinicByYdernummer(id.Ydernummer)
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
