package client

import (
	"context"
	"net/http"

	"kontaktlaege/app"
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
