package client

import (
	"context"
	"net/http"
	"strconv"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

var _ app.Calls = (*Client)(nil)

// Relay implements app.Calls.
func (c *Client) Relay(ctx context.Context) (kontakt.Relay, error) {
	var out wire.Relay
	if err := c.do(ctx, call{op: "client.Relay", as: asDevice, method: http.MethodGet, path: "relay", out: &out}); err != nil {
		return kontakt.Relay{}, err
	}
	return wire.ToRelay(out), nil
}

// maxSignalBytes keeps a request below the 64 KiB that the backend takes.
const maxSignalBytes = 48 << 10

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
		if last < 0 || len(out[last]) == kontakt.MaxSignals || size+n > maxSignalBytes {
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
