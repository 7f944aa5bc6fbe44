package client

import (
	"context"
	"net/http"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var (
	_ app.Rounds    = (*Client)(nil)
	_ app.Handovers = (*Client)(nil)
)

// Round implements app.Rounds.
func (c *Client) Round(ctx context.Context) (kontakt.Round, error) {
	return c.round(ctx, call{op: "client.Round", method: http.MethodGet, path: "round"})
}

// round sends a nurse's request that her round answers.
func (c *Client) round(ctx context.Context, r call) (kontakt.Round, error) {
	var out wire.Round
	r.as, r.out = asNurse, &out
	if err := c.do(ctx, r); err != nil {
		return kontakt.Round{}, err
	}
	return parsed(wire.ToRound(out))
}

// AddVisit implements app.Rounds.
func (c *Client) AddVisit(ctx context.Context, p kontakt.VisitPlan, key string) (kontakt.Round, error) {
	return c.round(ctx, call{op: "client.AddVisit", method: http.MethodPost, path: "round/visits", key: key, in: wire.FromVisitPlan(p)})
}

// MoveVisit implements app.Rounds.
func (c *Client) MoveVisit(ctx context.Context, id kontakt.VisitID, to int, key string) (kontakt.Round, error) {
	return c.round(ctx, call{
		op: "client.MoveVisit", method: http.MethodPost, path: "round/visits/" + string(id) + "/move", key: key, in: wire.VisitMoveRequest{To: to},
	})
}

// EndVisit implements app.Rounds.
func (c *Client) EndVisit(ctx context.Context, id kontakt.VisitID, as kontakt.VisitState, key string) (kontakt.Round, error) {
	verb, known := map[kontakt.VisitState]string{
		kontakt.VisitDone: "done", kontakt.VisitMissed: "missed", kontakt.VisitDropped: "drop",
	}[as]
	if !known {
		return kontakt.Round{}, &kontakt.Error{Op: "client.EndVisit", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return c.round(ctx, call{op: "client.EndVisit", method: http.MethodPost, path: "round/visits/" + string(id) + "/" + verb, key: key})
}

// ImportRound implements app.Rounds. The list's CPR numbers leave the tablet here, as Lookup's does.
func (c *Client) ImportRound(ctx context.Context, list []byte) (kontakt.Round, []kontakt.RowFault, error) {
	var out wire.RoundImportReply
	r := call{op: "client.ImportRound", as: asNurse, method: http.MethodPost, path: "round/import", in: wire.RoundImportRequest{List: list}, out: &out}
	if err := c.do(ctx, r); err != nil || out.Round == nil {
		return kontakt.Round{}, wire.ToRowFaults(out.Faults), err
	}
	round, err := parsed(wire.ToRound(*out.Round))
	return round, nil, err
}

// MissedVisits implements app.Rounds.
func (c *Client) MissedVisits(ctx context.Context) ([]kontakt.RoundVisit, error) {
	var out wire.MissedVisits
	if err := c.do(ctx, call{op: "client.MissedVisits", as: asNurse, method: http.MethodGet, path: "round/missed", out: &out}); err != nil {
		return nil, err
	}
	return parsed(wire.ToRoundVisits(out.Visits))
}

// TakeVisit implements app.Rounds.
func (c *Client) TakeVisit(ctx context.Context, id kontakt.VisitID, key string) (kontakt.Round, error) {
	return c.round(ctx, call{op: "client.TakeVisit", method: http.MethodPost, path: "round/missed/" + string(id) + "/take", key: key})
}

// HandOver implements app.Handovers. The code is a secret: it is in no error and no log.
func (c *Client) HandOver(ctx context.Context, key string) (kontakt.Handover, string, error) {
	var out wire.HandoverReply
	if err := c.do(ctx, call{op: "client.HandOver", as: asNurse, method: http.MethodPost, path: "handovers", key: key, out: &out}); err != nil {
		return kontakt.Handover{}, "", err
	}
	h, err := parsed(wire.ToHandover(out.Handover, c.wall()))
	if err != nil {
		return kontakt.Handover{}, "", err
	}
	return h, out.Code, nil
}

// Handover implements app.Handovers.
func (c *Client) Handover(ctx context.Context, id kontakt.HandoverID) (kontakt.Handover, error) {
	var out wire.Handover
	if err := c.do(ctx, call{op: "client.Handover", as: asNurse, method: http.MethodGet, path: "handovers/" + string(id), out: &out}); err != nil {
		return kontakt.Handover{}, err
	}
	return parsed(wire.ToHandover(out, c.wall()))
}

// WithdrawHandover implements app.Handovers.
func (c *Client) WithdrawHandover(ctx context.Context, id kontakt.HandoverID, key string) error {
	return c.do(ctx, call{op: "client.WithdrawHandover", as: asNurse, method: http.MethodPost, path: "handovers/" + string(id) + "/withdraw", key: key})
}

// AcceptHandover implements app.Handovers.
func (c *Client) AcceptHandover(ctx context.Context, code, key string) (kontakt.Accepted, error) {
	var out wire.AcceptReply
	r := call{op: "client.AcceptHandover", as: asNurse, method: http.MethodPost, path: "handovers/accept", key: key, in: wire.AcceptRequest{Code: code}, out: &out}
	if err := c.do(ctx, r); err != nil {
		return kontakt.Accepted{}, err
	}
	return parsed(wire.ToAccepted(out, c.wall()))
}
