package httpapi

import (
	"net/http"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// identify finds out who asks and whether the route is for them. A tablet shows a bearer token and a browser a cookie;
// neither is taken for the other, since only the cookie needs the guard against other origins.
func (a *API) identify(who access, r *request) error {
	if who == anyone {
		return nil
	}
	secret, cookie := bearer(r.Request), false
	if secret == "" && who&clinic != 0 {
		if c, err := r.Cookie(a.cfg.Cookie); err == nil {
			secret, cookie = c.Value, true
		}
	}
	if secret == "" {
		return ended("httpapi.identify")
	}
	address := a.address(r.Request)
	actor, err := a.Sessions.Actor(r.Context(), secret)
	if kontakt.KindOf(err) == kontakt.Unauthenticated {
		if tooSoon := a.pace(perBadSecret, address); tooSoon != nil {
			return tooSoon
		}
	}
	if err != nil {
		return err
	}
	is := accessOf(actor.Role)
	if cookie != (is == clinic) {
		return ended("httpapi.identify")
	}
	r.ctx, r.secret = kontakt.WithActor(r.ctx, actor), secret
	if is&who == 0 {
		return &kontakt.Error{Op: "httpapi.identify", Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed}
	}
	return nil
}

func accessOf(role kontakt.Role) access {
	switch role {
	case kontakt.RoleDevice:
		return device
	case kontakt.RoleNurse:
		return nurse
	case kontakt.RoleClinician, kontakt.RoleSecretary:
		return clinic
	default:
		return 0
	}
}

func bearer(r *http.Request) string {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return secret
}

func ended(op string) error {
	return &kontakt.Error{Op: op, Kind: kontakt.Unauthenticated, Msg: kontakt.MsgSessionEnded}
}
