package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"kontaktlaege/e2e/cable"
	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

// dice gives an actor its own source of chance: what one actor draws does not depend on what others do.
func dice(seed uint64, actor string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(actor))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// actor is what tablets and clinicians have in common.
type actor struct {
	run  *run
	name string
	rng  *rand.Rand
	net  *cable.Link
	http *http.Client
	sent []request // the last changes, to be sent again
}

// request is a change that can be sent again as it was.
type request struct {
	op   history.Op
	send func(ctx context.Context, key string) (history.Reply, error)
}

func newActor(r *run, name string) (*actor, error) {
	way, err := cable.New(r.nodes.next)
	if err != nil {
		return nil, err
	}
	a := &actor{run: r, name: name, rng: dice(r.Seed, name), net: way}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.DialContext = (&net.Dialer{Timeout: 5 * time.Second}).DialContext
	transport.IdleConnTimeout = 30 * time.Second
	var trip http.RoundTripper = transport
	if r.lie != nil {
		trip = &liar{trip, r.lie}
	}
	a.http = &http.Client{Transport: &witness{trip, r.history.NewReader(name + " on the wire")}}
	return a, nil
}

func (a *actor) base() string { return "http://" + a.net.Address }

// chance says yes so many times of a hundred.
func (a *actor) chance(percent int) bool { return a.rng.IntN(100) < percent }

// pause waits; false when it is time to stop.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// change sends a change under a fresh key and keeps it in mind.
func (a *actor) change(ctx context.Context, op history.Op, send func(ctx context.Context, key string) (history.Reply, error)) history.Reply {
	op.Key = fmt.Sprintf("%016x%016x", a.rng.Uint64(), a.rng.Uint64())
	r := request{op, send}
	if a.sent = append(a.sent, r); len(a.sent) > 8 {
		a.sent = a.sent[1:]
	}
	return a.again(ctx, r)
}

// again sends a change under the key that it has.
func (a *actor) again(ctx context.Context, r request) history.Reply {
	return a.do(ctx, r.op, func(ctx context.Context) (history.Reply, error) { return r.send(ctx, r.op.Key) })
}

// do runs an operation and records it.
func (a *actor) do(ctx context.Context, op history.Op, send func(ctx context.Context) (history.Reply, error)) history.Reply {
	op.Client, op.Rest = a.name, a.run.resting.Load()
	op.Begun = time.Since(a.run.began)
	answer, err := send(ctx)
	op.Done = time.Since(a.run.began)
	op.Fail(err)
	if err == nil {
		op.Got, op.Saw = answer.Got, answer.Saw
	}
	a.run.history.Add(op)
	return answer
}

// repeat sends one of the last changes again, as a tablet does that never saw the answer.
func (a *actor) repeat(ctx context.Context) {
	if len(a.sent) > 0 {
		a.again(ctx, a.sent[a.rng.IntN(len(a.sent))])
	}
}

func callOf(c *kontakt.EntryCall) (id kontakt.CallID) {
	if c != nil {
		id = c.ID
	}
	return id
}
