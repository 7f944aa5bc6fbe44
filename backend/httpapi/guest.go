package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) invite(r *request, in wire.InviteRequest) (reply, error) {
	i, err := wire.ToInvite(in)
	if err != nil {
		return reply{}, err
	}
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	g, address, sent, err := a.Guests.Invite(r.Context(), id, i)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, wire.InviteReply{Guest: wire.FromGuest(g), URL: address, Sent: sent})
}

func (a *API) guests(r *request) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	all, err := a.Guests.Guests(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromGuests(all))
}

func (a *API) admitGuest(r *request) (reply, error)  { return a.moveGuest(r, a.Guests.Admit) }
func (a *API) removeGuest(r *request) (reply, error) { return a.moveGuest(r, a.Guests.RemoveGuest) }

func (a *API) moveGuest(r *request, move func(context.Context, kontakt.EntryID, kontakt.GuestID) (kontakt.Guest, error)) (reply, error) {
	id, err := r.entry()
	if err != nil {
		return reply{}, err
	}
	which, err := kontakt.ParseGuestID(r.PathValue("guest"))
	if err != nil {
		return reply{}, err
	}
	g, err := move(r.Context(), id, which)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromGuest(g))
}

func (a *API) mode(r *request, in wire.ModeRequest) (reply, error) {
	e, err := a.setMode(r, in)
	if err != nil {
		return reply{}, err
	}
	return ok(a.tabletEntry(r, e))
}

func (a *API) clinicMode(r *request, in wire.ModeRequest) (reply, error) {
	e, err := a.setMode(r, in)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromClinicEntry(e, a.now()))
}

func (a *API) setMode(r *request, in wire.ModeRequest) (kontakt.Entry, error) {
	m, err := wire.ToMode(in)
	if err != nil {
		return kontakt.Entry{}, err
	}
	id, err := r.entry()
	if err != nil {
		return kontakt.Entry{}, err
	}
	return a.Guests.SetMode(r.Context(), id, m)
}

// cookieLives is how long a browser keeps a guest's cookie; the session behind it ends by itself.
const cookieLives = 12 * time.Hour

// openLink is done once by what it does itself: the stored replies have no place for a cookie, and nobody is known yet.
func (a *API) openLink(r *request, in wire.GuestSessionRequest) (reply, error) {
	key := r.Header.Get(wire.IdempotencyHeader)
	if !goodKey(key) {
		return reply{}, badRequest("openLink", errors.New("no Idempotency-Key of 8 to 64 characters"))
	}
	v, secret, err := a.Guests.OpenLink(r.Context(), in.Token, key, kontakt.PlainName(in.Name))
	if err != nil {
		return reply{}, err
	}
	r.cookie = &http.Cookie{
		Name: a.cfg.GuestCookie, Value: secret, Path: "/", MaxAge: int(cookieLives / time.Second),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	}
	return answer(http.StatusCreated, wire.FromVisit(v, a.now()))
}

func (a *API) visit(r *request) (reply, error) {
	v, err := a.Guests.Visit(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(wire.FromVisit(v, a.now()))
}

func (a *API) leaveCall(r *request) (reply, error) {
	if err := a.Guests.LeaveCall(r.Context()); err != nil {
		return reply{}, err
	}
	return done()
}
