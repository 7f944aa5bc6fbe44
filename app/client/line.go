package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var (
	_ app.Tablet  = (*Client)(nil)
	_ app.Signins = (*Client)(nil)
	_ app.Line    = (*Client)(nil)
	_ app.Calls   = (*Client)(nil)
)

// parsed turns what could not be read in an answer of the backend into the backend's failure: nothing that the person
// at the tablet did was wrong.
func parsed[T any](v T, err error) (T, error) {
	if err != nil {
		var none T
		return none, &kontakt.Error{Op: "client.parse", Kind: kontakt.Internal, Msg: kontakt.MsgUnknown, Params: map[string]string{"kode": "svar"}, Err: err}
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
	case kontakt.MoveHere, kontakt.MoveAway:
		verb, r.in = "presence", wire.PresenceRequest{Presence: string(m)}
	default:
		return kontakt.Entry{}, &kontakt.Error{Op: r.op, Kind: kontakt.Invalid, Msg: kontakt.MsgWrongState}
	}
	r.path = "entries/" + string(id) + "/" + verb
	return c.entry(ctx, r)
}

// Relay implements app.Calls.
func (c *Client) Relay(ctx context.Context) (kontakt.Relay, error) {
	var out wire.Relay
	if err := c.do(ctx, call{op: "client.Relay", as: asDevice, method: http.MethodGet, path: "relay", out: &out}); err != nil {
		return kontakt.Relay{}, err
	}
	return wire.ToRelay(out), nil
}

// Most that one request of signals carries; the backend takes 64 signals and 64 KiB.
const (
	maxSignals     = 64
	maxSignalBytes = 48 << 10
)

// Signal implements app.Calls. A call belongs to the device: it outlives the session of who began it.
func (c *Client) Signal(ctx context.Context, id kontakt.CallID, all []kontakt.Signal, key string) error {
	for part, signals := range parts(all) {
		r := call{
			op: "client.Signal", as: asDevice, method: http.MethodPost, path: "calls/" + string(id) + "/signals",
			key: key + "-" + strconv.Itoa(part), in: wire.SignalsRequest{Signals: signals},
		}
		if err := c.do(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// parts splits signals, in order, into what a request takes.
func parts(all []kontakt.Signal) [][]wire.Signal {
	var out [][]wire.Signal
	size := 0
	for _, s := range all {
		w := wire.FromSignal(s)
		n := len(w.SDP)
		for _, cand := range w.Candidates {
			n += len(cand.Candidate) + 64
		}
		last := len(out) - 1
		if last < 0 || len(out[last]) == maxSignals || size+n > maxSignalBytes {
			out, size, last = append(out, nil), 0, last+1
		}
		out[last] = append(out[last], w)
		size += n
	}
	return out
}

// TellMedia implements app.Calls.
func (c *Client) TellMedia(ctx context.Context, id kontakt.CallID, live bool) error {
	in := wire.MediaRequest{Media: "lost"}
	if live {
		in.Media = "live"
	}
	return c.do(ctx, call{
		op: "client.TellMedia", as: asDevice, method: http.MethodPost, path: "calls/" + string(id) + "/media",
		key: kontakt.NewSecret(), in: in,
	})
}
