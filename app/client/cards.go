package client

import (
	"context"
	"net/http"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
	"kontaktlaege/internal/wire"
)

var _ app.Cards = (*Client)(nil)

// TOBS implements app.Cards.
func (c *Client) TOBS(ctx context.Context) (table tobs.Table, on bool, err error) {
	var out wire.TOBS
	err = c.do(ctx, call{op: "client.TOBS", as: asNurse, method: http.MethodGet, path: "tobs", out: &out})
	if err != nil || out.Table == nil {
		return tobs.Table{}, false, err
	}
	table, err = parsed(tobs.Parse(out.Table))
	return table, err == nil, err
}

// Card implements app.Cards.
func (c *Client) Card(ctx context.Context, id kontakt.EntryID) (kontakt.Card, error) {
	return c.card(ctx, call{op: "client.Card", method: http.MethodGet, path: cardOf(id)})
}

// SaveCard implements app.Cards.
func (c *Client) SaveCard(ctx context.Context, id kontakt.EntryID, card kontakt.Card, key string) (kontakt.Card, error) {
	return c.saveCard(ctx, id, call{op: "client.SaveCard", path: cardOf(id), key: key, in: wire.FromCardChange(card)})
}

// SaveTold implements app.Cards.
func (c *Client) SaveTold(ctx context.Context, id kontakt.EntryID, version int, told kontakt.Told, key string) (kontakt.Card, error) {
	return c.saveCard(ctx, id, call{
		op: "client.SaveTold", path: "entries/" + string(id) + "/told", key: key, in: wire.ToldRequest{Version: version, Told: told},
	})
}

// saveCard fetches the card that stands there where a change was refused because it is another: a refusal itself carries
// nothing of a citizen.
func (c *Client) saveCard(ctx context.Context, id kontakt.EntryID, r call) (kontakt.Card, error) {
	r.method = http.MethodPut
	saved, err := c.card(ctx, r)
	if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgCardChanged {
		return saved, err
	}
	stands, fetchErr := c.Card(ctx, id)
	if fetchErr != nil {
		return kontakt.Card{}, fetchErr
	}
	return stands, err
}

// card sends a request that a card answers.
func (c *Client) card(ctx context.Context, r call) (kontakt.Card, error) {
	var out wire.Card
	r.as, r.out = asNurse, &out
	if err := c.do(ctx, r); err != nil {
		return kontakt.Card{}, err
	}
	return parsed(wire.ToCard(out))
}

func cardOf(id kontakt.EntryID) string { return "entries/" + string(id) + "/card" }
