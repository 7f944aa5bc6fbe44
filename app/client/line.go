package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var (
	_ app.Tablet  = (*Client)(nil)
	_ app.Signins = (*Client)(nil)
	_ app.Line    = (*Client)(nil)
)

// unreadable is what could not be read in an answer: the backend's failure, since nothing that the person at the tablet
// did was wrong.
func unreadable(err error) error {
	return &kontakt.Error{Op: "client.parse", Kind: kontakt.Internal, Msg: kontakt.MsgUnknown, Params: map[string]string{"kode": "svar"}, Err: err}
}

// parsed gives what was read of an answer, or says that it is unreadable.
func parsed[T any](v T, err error) (T, error) {
	if err != nil {
		var none T
		return none, unreadable(err)
	}
	return v, nil
}

// openable refuses to hand the system anything but a page.
func openable(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("not the address of a page")
	}
	return nil
}

// Lookup implements app.Line. It is the one place where a CPR number leaves the tablet.
func (c *Client) Lookup(ctx context.Context, cpr kontakt.CPR, own kontakt.ClinicID) (kontakt.Citizen, error) {
	var out wire.Citizen
	in := wire.LookupRequest{CPR: cpr.Reveal(), Clinic: string(own)}
	err := c.do(ctx, call{op: "client.Lookup", as: asNurse, method: http.MethodPost, path: "citizens/lookup", in: in, out: &out})
	if err != nil {
		return kontakt.Citizen{}, err
	}
	return parsed(wire.ToCitizen(out))
}

// Clinics implements app.Line.
func (c *Client) Clinics(ctx context.Context) ([]kontakt.Clinic, error) {
	var out wire.Clinics
	err := c.do(ctx, call{op: "client.Clinics", as: asNurse, method: http.MethodGet, path: "clinics", out: &out})
	if err != nil {
		return nil, err
	}
	all := make([]kontakt.Clinic, len(out.Clinics))
	for i, w := range out.Clinics {
		if all[i], err = parsed(wire.ToClinic(w)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Read implements app.Line.
func (c *Client) Read(ctx context.Context, id kontakt.EntryID, messages []kontakt.MessageID, key string) (kontakt.Entry, error) {
	in := wire.ReadRequest{Messages: make([]string, len(messages))}
	for i, m := range messages {
		in.Messages[i] = string(m)
	}
	return c.entry(ctx, call{
		op: "client.Read", as: asEither, method: http.MethodPost, path: "entries/" + string(id) + "/read", key: key, in: in,
	})
}

// ExplainWrong implements app.Line.
func (c *Client) ExplainWrong(ctx context.Context, id kontakt.EntryID, why kontakt.WrongWhy, key string) error {
	return c.do(ctx, call{
		op: "client.ExplainWrong", as: asNurse, method: http.MethodPost, path: "entries/" + string(id) + "/wrong-patient", key: key,
		in: wire.WrongRequest{Why: string(why)},
	})
}

// Join implements app.Line.
func (c *Client) Join(ctx context.Context, j kontakt.Join, key string) (kontakt.Entry, error) {
	return c.entry(ctx, call{op: "client.Join", as: asNurse, method: http.MethodPost, path: "entries", key: key, in: wire.FromJoin(j)})
}

// Entry implements app.Line.
func (c *Client) Entry(ctx context.Context, id kontakt.EntryID) (kontakt.Entry, error) {
	return c.entry(ctx, call{op: "client.Entry", as: asEither, method: http.MethodGet, path: "entries/" + string(id)})
}

// entry sends a request that an entry answers.
func (c *Client) entry(ctx context.Context, r call) (kontakt.Entry, error) {
	var out wire.Entry
	r.out = &out
	if err := c.do(ctx, r); err != nil {
		return kontakt.Entry{}, err
	}
	return parsed(wire.ToEntry(out, c.wall()))
}

// Held implements app.Line.
func (c *Client) Held(ctx context.Context) ([]kontakt.Entry, error) {
	var out wire.Entries
	err := c.do(ctx, call{op: "client.Held", as: asEither, method: http.MethodGet, path: "device/entries", out: &out})
	if err != nil {
		return nil, err
	}
	received := c.wall()
	held := make([]kontakt.Entry, 0, len(out.Entries))
	for _, w := range out.Entries {
		e, err := parsed(wire.ToEntry(w, received))
		if err != nil {
			return nil, err
		}
		held = append(held, e)
	}
	return held, nil
}

// Move implements app.Line.
func (c *Client) Move(ctx context.Context, id kontakt.EntryID, m kontakt.Move, reason, key string) (kontakt.Entry, error) {
	r := call{op: "client.Move " + string(m), as: asEither, method: http.MethodPost, key: key}
	verb := ""
	switch m {
	case kontakt.MoveLeave:
		verb, r.as, r.in = "leave", asNurse, wire.LeaveRequest{Reason: reason}
	case kontakt.MoveAnswer:
		verb, r.as = "answer", asNurse
	case kontakt.MoveNotNow:
		verb = "not-now"
	case kontakt.MoveWait:
		verb = "wait"
	case kontakt.MoveEnd:
		verb, r.in = "end", wire.EndRequest{Reason: reason}
	case kontakt.MoveWithdraw:
		verb = "consent/withdraw"
	case kontakt.MoveEmergency:
		verb = "emergency"
	case kontakt.MoveHere, kontakt.MoveAway:
		verb, r.in = "presence", wire.PresenceRequest{Presence: string(m)}
	default:
		return kontakt.Entry{}, &kontakt.Error{Op: r.op, Kind: kontakt.Invalid, Msg: kontakt.MsgWrongState}
	}
	r.path = "entries/" + string(id) + "/" + verb
	return c.entry(ctx, r)
}
