package signin

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// portal is a page that people sign in to in a browser of their own, without a tablet.
type portal struct {
	name   string // in store.Signin
	page   string // its address
	cookie string // that holds its sessions
	need   oidc.Need
	roles  []kontakt.Role // of its sessions
	life   func(Config) time.Duration
	// open says whose session an attempt is to open.
	open func(tx *store.Tx, attempt kontakt.SigninID, id oidc.Identity) (store.Session, error)
	// farewell: signing out ends the browser's session at the provider too, if it has an address for that.
	farewell bool
}

// portals by name.
var portals = map[string]portal{clinicPortal.name: clinicPortal, nursePortal.name: nursePortal}

// portalOf gives the one at which an attempt began; the clinic module, which lets nobody else in, for a name that is not known.
func portalOf(attempt store.Signin) portal {
	if p, known := portals[attempt.Portal]; known {
		return p
	}
	return clinicPortal
}

// login sends a browser to the provider.
func (s *Service) login(p portal, w http.ResponseWriter, r *http.Request) {
	walk, address, err := s.cfg.Provider.Begin(r.Context())
	if err == nil {
		err = s.cfg.DB.Update(r.Context(), func(tx *store.Tx) error {
			if err := tx.ForgetSignins(tx.Now().Add(-forgetAfter)); err != nil {
				return err
			}
			return tx.AddSignin(store.Signin{
				ID: kontakt.NewSigninID(), State: store.SigninStarted, Portal: p.name, Nonce: walk.Nonce,
				Verifier: walk.Verifier, ExpiresAt: tx.Now().Add(walkLife),
			}, "", walk.State)
		})
	}
	if err != nil {
		back(p, w, r, err)
		return
	}
	setStateCookie(w, walk.State)
	redirect(w, r, http.StatusFound, address)
}

// finishPortal checks the answer and opens the session, ending the one that the browser had.
func (s *Service) finishPortal(p portal, w http.ResponseWriter, r *http.Request, attempt store.Signin, state string) {
	ctx := r.Context()
	var secret string
	id, err := s.cfg.Provider.Finish(ctx, s.walk(attempt, state), r.URL.Query(), p.need)
	if err == nil {
		secret, err = s.openPortal(ctx, p, attempt, id)
	}
	if err != nil {
		s.cfg.Log.WarnContext(ctx, "sign-in failed", "signin", attempt.ID, "kind", kontakt.KindOf(err), "err", err)
		back(p, w, r, s.refuse(ctx, kontakt.Actor{Role: kontakt.RoleSystem}, "session.open", err))
		return
	}
	if old, err := r.Cookie(p.cookie); err == nil {
		s.endPortal(ctx, p, old.Value)
	}
	http.SetCookie(w, &http.Cookie{
		Name: p.cookie, Value: secret, Path: "/", MaxAge: int(p.life(s.cfg).Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
	redirect(w, r, http.StatusFound, p.page)
}

func (s *Service) openPortal(ctx context.Context, p portal, attempt store.Signin, id oidc.Identity) (secret string, err error) {
	secret = kontakt.NewSecret()
	return secret, s.cfg.DB.Update(ctx, func(tx *store.Tx) error {
		done := attempt
		session, err := p.open(tx, attempt.ID, id)
		if err != nil {
			return err
		}
		done.State, done.Employee, done.IDSession = store.SigninRedeemed, session.Employee, id.ProviderSession
		if still, err := tx.SaveSignin(done, store.SigninAnswered); err != nil || !still {
			return cmp.Or(err, problem("signin.callback", kontakt.Gone, kontakt.MsgLoginUsed))
		}
		session.ID, session.Issuer, session.IDSession = kontakt.NewSessionID(), id.Issuer, id.ProviderSession
		session.ExpiresAt = tx.Now().Add(p.life(s.cfg))
		if err := tx.AddSession(session, secret); err != nil {
			return err
		}
		by := session.Actor()
		return tx.Audit(store.Audit{By: &by, Action: "session.open", Clinic: session.Clinic})
	})
}

// logout ends the portal's session.
func (s *Service) logout(p portal, w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(p.cookie); err == nil {
		s.endPortal(r.Context(), p, c.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: p.cookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
	address := p.page
	if p.farewell {
		address = cmp.Or(s.cfg.Provider.LogoutURL(r.Context()), address)
	}
	redirect(w, r, http.StatusSeeOther, address)
}

// endPortal ends the session of a cookie. A cookie that opens nothing, or a session of another portal's, is left alone.
func (s *Service) endPortal(ctx context.Context, p portal, secret string) {
	actor, err := s.Actor(ctx, secret)
	if err == nil && !slices.Contains(p.roles, actor.Role) {
		return
	}
	if err == nil {
		err = s.SignOut(kontakt.WithActor(ctx, actor))
	}
	if err != nil && kontakt.KindOf(err) != kontakt.Unauthenticated {
		s.cfg.Log.ErrorContext(ctx, "session was not ended", "session", actor.Session, "kind", kontakt.KindOf(err), "err", err)
	}
}

// back shows the reason in the portal's page, which says the sentence and offers to try again.
func back(p portal, w http.ResponseWriter, r *http.Request, err error) {
	msg, _ := kontakt.MsgOf(err)
	redirect(w, r, http.StatusFound, p.page+"?login="+url.QueryEscape(string(msg)))
}
