package signin

import (
	"cmp"
	"crypto/subtle"
	"net/http"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// stateCookie, and the beginning of the state, name the cookie that ties an attempt to the browser that began it. Each
// attempt has its own, so that two open tabs do not spoil each other's.
const stateCookie = "__Host-signin-"

// Browser is the half of a sign-in that a browser walks: /signin/…, and login and logout of each portal.
func (s *Service) Browser() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /signin/start/{secret}", get(s.start))
	mux.HandleFunc("GET "+CallbackPath, get(s.callback))
	mux.HandleFunc("GET /signin/page.css", s.style)
	for _, p := range portals {
		mux.HandleFunc("GET "+p.page+"login", get(func(w http.ResponseWriter, r *http.Request) { s.login(p, w, r) }))
		mux.HandleFunc("POST "+p.page+"logout", func(w http.ResponseWriter, r *http.Request) { s.logout(p, w, r) })
	}
	return http.NewCrossOriginProtection().Handler(mux)
}

// get refuses HEAD, which the mux lets through: a look must not spend what is good once.
func get(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		h(w, r)
	}
}

// callback takes the provider's answer to one attempt, once, in the browser that began it.
func (s *Service) callback(w http.ResponseWriter, r *http.Request) {
	state := r.URL.Query().Get("state")
	attempt, err := s.answered(r, state)
	if err != nil && attempt.ID != "" && attempt.Device == "" {
		back(portalOf(attempt), w, r, err)
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
	s.finishPortal(portalOf(attempt), w, r, attempt, state)
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
			return cmp.Or(err, problem(op, kontakt.Gone, kontakt.MsgLoginUsed))
		}
		return nil
	})
	return attempt, err
}

func (s *Service) walk(attempt store.Signin, state string) oidc.Attempt {
	return oidc.Attempt{State: state, Nonce: attempt.Nonce, Verifier: attempt.Verifier, Began: attempt.CreatedAt}
}

func redirect(w http.ResponseWriter, r *http.Request, status int, address string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, address, status)
}

func stateCookieName(state string) string { return stateCookie + state[:min(8, len(state))] }

func setStateCookie(w http.ResponseWriter, state string) {
	http.SetCookie(w, &http.Cookie{
		Name: stateCookieName(state), Value: state, Path: "/", MaxAge: int(walkLife.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
}

func dropStateCookie(w http.ResponseWriter, state string) {
	http.SetCookie(w, &http.Cookie{Name: stateCookieName(state), Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
}

// hasStateCookie says whether this browser began the attempt. The state is the browser's to choose: a name that cookies
// can't have just finds none.
func hasStateCookie(r *http.Request, state string) bool {
	c, err := r.Cookie(stateCookieName(state))
	return state != "" && err == nil && subtle.ConstantTimeCompare([]byte(c.Value), []byte(state)) == 1
}
