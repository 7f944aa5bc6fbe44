package client

import (
	"context"
	"net/http"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var _ app.Records = (*Client)(nil)

// Record implements app.Records.
func (c *Client) Record(ctx context.Context, id kontakt.EntryID) (kontakt.Record, error) {
	return c.record(ctx, id, call{op: "client.Record", method: http.MethodGet})
}

// AddToRecord implements app.Records.
func (c *Client) AddToRecord(ctx context.Context, id kontakt.EntryID, line kontakt.Addition, key string) (kontakt.Record, error) {
	return c.record(ctx, id, call{op: "client.AddToRecord", method: http.MethodPost, key: key, in: wire.FromAddition(line)})
}

func (c *Client) record(ctx context.Context, id kontakt.EntryID, r call) (kontakt.Record, error) {
	var out wire.PlaceRecord
	r.as, r.path, r.out = asNurse, "entries/"+string(id)+"/record", &out
	if err := c.do(ctx, r); err != nil {
		return kontakt.Record{}, err
	}
	return wire.ToRecord(out), nil
}
