package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"kontaktlaege/e2e/cable"
)

// scale is how hard and how long the faults are.
type scale struct {
	between          time.Duration // two faults of one sort, on average
	freezeLo, freeze time.Duration // SIGSTOP
	dark             time.Duration // a black hole lasts up to this
	down             time.Duration // a killed node or a stopped database is away up to this
	forget           bool          // connections that are lost for good: 38 s until a stream notices
}

var (
	fullScale  = scale{6 * time.Second, 3 * time.Second, 20 * time.Second, 12 * time.Second, 4 * time.Second, true}
	shortScale = scale{2 * time.Second, 1 * time.Second, 3 * time.Second, 3 * time.Second, time.Second, false}
)

// fault is one that can happen again and again. do makes it, lasts as long as it stands, and takes it away.
type fault struct {
	name string
	do   func(ctx context.Context, rng *rand.Rand)
}

// trouble is everything that goes wrong, drawn from the seed.
type trouble struct {
	mu   sync.Mutex
	done map[string]int
}

// line lets one fault follow the other until ctx ends. What it draws depends on the seed and its name alone.
func (t *trouble) line(ctx context.Context, rng *rand.Rand, s scale, faults []fault) {
	for pause(ctx, s.between/4+time.Duration(rng.Int64N(int64(2*s.between)))) {
		f := faults[rng.IntN(len(faults))]
		own := rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64()))
		f.do(ctx, own)
		t.mu.Lock()
		t.done[f.name]++
		t.mu.Unlock()
	}
}

// String tells how often each happened.
func (t *trouble) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(t.done)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, t.done[name]))
	}
	return strings.Join(parts, ", ")
}

func between(rng *rand.Rand, lo, hi time.Duration) time.Duration {
	return lo + time.Duration(rng.Int64N(int64(hi-lo)+1))
}

// ofMachines are the faults of the machines that run the backend.
func (r *run) ofMachines() []fault {
	return []fault{
		{"kill -9", func(ctx context.Context, rng *rand.Rand) {
			n := r.nodes.any(rng)
			n.kill()
			pause(ctx, between(rng, 0, r.scale.down))
			if err := n.start(); err != nil {
				r.fail(err)
			}
		}},
		{"SIGSTOP", func(ctx context.Context, rng *rand.Rand) {
			n := r.nodes.any(rng)
			n.signal(syscall.SIGSTOP)
			pause(ctx, between(rng, r.scale.freezeLo, r.scale.freeze))
			n.signal(syscall.SIGCONT)
		}},
	}
}

// ofLinks are the faults of a stretch of network.
func (r *run) ofLinks(where string, any func(*rand.Rand) *cable.Link) []fault {
	faults := []fault{
		{where + " cut", func(_ context.Context, rng *rand.Rand) { any(rng).Cut() }},
		{where + " black hole", func(ctx context.Context, rng *rand.Rand) {
			k := any(rng)
			k.SetBlack(true)
			pause(ctx, between(rng, time.Second, r.scale.dark))
			k.SetBlack(false)
		}},
		{where + " slow", func(ctx context.Context, rng *rand.Rand) {
			k := any(rng)
			k.SetDelay(between(rng, 20*time.Millisecond, 400*time.Millisecond))
			pause(ctx, between(rng, time.Second, r.scale.dark))
			k.SetDelay(0)
		}},
		{where + " half-closed", func(_ context.Context, rng *rand.Rand) { any(rng).HalfClose(rng.IntN(2) == 0) }},
	}
	if r.scale.forget {
		faults = append(faults, fault{where + " forgotten", func(_ context.Context, rng *rand.Rand) { any(rng).Forget() }})
	}
	return faults
}

// ofClients are the faults of one client's own network: a tablet in a cellar.
func (r *run) ofClients() []fault {
	return r.ofLinks("client", func(rng *rand.Rand) *cable.Link {
		if i := rng.IntN(len(r.tablets) + len(r.clinicians)); i < len(r.tablets) {
			return r.tablets[i].net
		} else {
			return r.clinicians[i-len(r.tablets)].net
		}
	})
}

// ofDatabase are the faults of a database server, and of the nodes' way to it.
func (r *run) ofDatabase(ways []*cable.Link) []fault {
	restart := func(name string, kill bool) fault {
		return fault{name, func(ctx context.Context, rng *rand.Rand) {
			if err := r.database.halt(kill); err != nil {
				r.fail(err)
			}
			pause(ctx, between(rng, 0, r.scale.down))
			if err := r.database.resume(); err != nil {
				r.fail(err)
			}
		}}
	}
	faults := []fault{restart("database stopped at once", true), restart("database restarted", false)}
	return append(faults, r.ofLinks("database", func(rng *rand.Rand) *cable.Link { return ways[rng.IntN(len(ways))] })...)
}
