package client

import (
	"context"
	"net/http"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var _ app.Summaries = (*Client)(nil)

// Summaries implements app.Summaries.
func (c *Client) Summaries(ctx context.Context) ([]kontakt.Summary, error) {
	var out wire.Summaries
	if err := c.do(ctx, call{op: "client.Summaries", as: asNurse, method: http.MethodGet, path: "summaries", out: &out}); err != nil {
		return nil, err
	}
	return parsed(wire.ToSummaries(out))
}

// Summary implements app.Summaries.
func (c *Client) Summary(ctx context.Context, id kontakt.SummaryID) (kontakt.Summary, error) {
	var out wire.Summary
	r := call{op: "client.Summary", as: asNurse, method: http.MethodGet, path: "summaries/" + string(id), out: &out}
	if err := c.do(ctx, r); err != nil {
		return kontakt.Summary{}, err
	}
	s, err := wire.ToSummary(out)
	if err == nil {
		err = openable(s.URL)
	}
	return parsed(s, err)
}

// WriteSummary implements app.Summaries.
func (c *Client) WriteSummary(ctx context.Context, id kontakt.SummaryID, version int, n kontakt.Note, key string) (int, error) {
	var out wire.NoteReply
	err := c.do(ctx, call{
		op: "client.WriteSummary", as: asNurse, method: http.MethodPut, path: "summaries/" + string(id), key: key,
		in: wire.FromNote(version, n), out: &out,
	})
	return out.Version, err
}

// SummaryDone implements app.Summaries.
func (c *Client) SummaryDone(ctx context.Context, id kontakt.SummaryID, key string) error {
	return c.do(ctx, call{op: "client.SummaryDone", as: asNurse, method: http.MethodPost, path: "summaries/" + string(id) + "/done", key: key})
}
