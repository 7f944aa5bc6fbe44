package client

import (
	"context"
	"net/http"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var _ app.Guests = (*Client)(nil)

// Invite implements app.Guests. The link is a secret: it is in no error and no log.
func (c *Client) Invite(ctx context.Context, id kontakt.EntryID, i kontakt.Invite, key string) (kontakt.Guest, string, bool, error) {
	var out wire.InviteReply
	r := call{
		op: "client.Invite", as: asNurse, method: http.MethodPost, path: guestsOf(id), key: key, in: wire.FromInvite(i), out: &out,
	}
	if err := c.do(ctx, r); err != nil {
		return kontakt.Guest{}, "", false, err
	}
	guest, err := wire.ToGuest(out.Guest)
	if err == nil {
		err = openable(out.URL)
	}
	if guest, err = parsed(guest, err); err != nil {
		return kontakt.Guest{}, "", false, err
	}
	guest.Entry = id
	return guest, out.URL, out.Sent, nil
}

// Guests implements app.Guests.
func (c *Client) Guests(ctx context.Context, id kontakt.EntryID) ([]kontakt.Guest, error) {
	var out wire.Guests
	err := c.do(ctx, call{op: "client.Guests", as: asEither, method: http.MethodGet, path: guestsOf(id), out: &out})
	if err != nil {
		return nil, err
	}
	all, err := parsed(wire.ToGuests(out))
	for i := range all {
		all[i].Entry = id
	}
	return all, err
}

// RemoveGuest implements app.Guests.
func (c *Client) RemoveGuest(ctx context.Context, id kontakt.EntryID, guest kontakt.GuestID, key string) error {
	return c.do(ctx, call{
		op: "client.RemoveGuest", as: asNurse, method: http.MethodPost,
		path: guestsOf(id) + "/" + string(guest) + "/remove", key: key,
	})
}

// SetMode implements app.Guests.
func (c *Client) SetMode(ctx context.Context, id kontakt.EntryID, mode kontakt.Mode, key string) (kontakt.Entry, error) {
	return c.entry(ctx, call{
		op: "client.SetMode", as: asNurse, method: http.MethodPost, path: "entries/" + string(id) + "/mode", key: key,
		in: wire.ModeRequest{Mode: string(mode)},
	})
}

func guestsOf(id kontakt.EntryID) string { return "entries/" + string(id) + "/guests" }
