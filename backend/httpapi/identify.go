package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// identify finds out who asks and whether the route is for them. A tablet shows a bearer token and a browser a cookie,
// a clinic's, a guest's or a PC's; none is taken for another, since only a cookie needs the guard against other origins, and a
// browser may hold both.
func (a *API) identify(who access, r *request) error {
	if who == anyone {
		return nil
	}
	secret, as := bearer(r.Request), device|nurse
	if secret == "" {
		secret, as = a.cookie(who, r.Request)
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
	const browser = clinic | guest | pc
	if as&browser != 0 && is != as || as&browser == 0 && is&browser != 0 {
		return ended("httpapi.identify")
	}
	r.ctx, r.secret = kontakt.WithActor(r.ctx, actor), secret
	if is&who == 0 {
		return &kontakt.Error{Op: "httpapi.identify", Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed}
	}
	return nil
}

// cookie gives the secret that a browser shows, and whose it has to be. Of two the clinic's counts, unless the page says
// that it is a guest's.
func (a *API) cookie(who access, r *http.Request) (string, access) {
	type jar struct {
		name string
		as   access
	}
	jars := []jar{{a.cfg.Cookie, clinic}, {a.cfg.GuestCookie, guest}, {a.cfg.PCCookie, pc}}
	if r.URL.Query().Has("guest") {
		slices.Reverse(jars)
	}
	for _, j := range jars {
		if who&j.as == 0 {
			continue
		}
		if c, err := r.Cookie(j.name); err == nil && c.Value != "" {
			return c.Value, j.as
		}
	}
	return "", 0
}

func accessOf(role kontakt.Role) access {
	switch role {
	case kontakt.RoleDevice:
		return device
	case kontakt.RoleNurse:
		return nurse
	case kontakt.RoleNursePC:
		return pc
	case kontakt.RoleClinician, kontakt.RoleSecretary:
		return clinic
	case kontakt.RoleGuest:
		return guest
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
