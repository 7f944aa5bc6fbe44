package loadtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"kontaktlaege/internal/kontakt"
)

const goalRatio = 1.15

// lean is the garbage collector's setting for both processes, unless the caller has one: it collects so often that what
// it last found in use is what is in use, and that no stack is larger than it must be.
const lean = "GOGC=2"

// used is what a process holds.
type used struct {
	live     float64 // heap, as the last collection left it, and stacks
	resident float64 // what the system has given it
}

// idle opens streams on which nothing happens, at our backend and at the bare handler, plain and over TLS with HTTP/2,
// each in a process of its own.
func (r *run) idle(ctx context.Context) error {
	cert, err := newCertificate(r.dir)
	if err != nil {
		return err
	}
	for _, way := range []struct {
		name string
		cert *certificate
	}{{"HTTP/1.1", nil}, {"TLS with HTTP/2", cert}} {
		var cost [2]used
		for i, start := range []func(context.Context, string, *certificate, ...string) (*node, error){r.bare, r.serve} {
			who := []string{"bare handler", "backend"}[i]
			r.say("idle: %d streams to the %s, %s", r.Idle, who, way.name)
			if cost[i], err = r.stand(ctx, fmt.Sprintf("idle-%d", i), way.cert, start, i == 1); err != nil {
				return fmt.Errorf("%s, %s: %w", who, way.name, err)
			}
		}
		bare, ours := cost[0], cost[1]
		ratio := ours.live / bare.live
		name := fmt.Sprintf("memory of an idle stream, %d of them, %s", r.Idle, way.name)
		r.figure(name, fmt.Sprintf("%.1f kB (bare: %.1f)", ours.live/1000, bare.live/1000))
		r.goals = append(r.goals, goal{name + ", to a bare handler's", fmt.Sprintf("%.2f", ratio), fmt.Sprintf("≤ %.2f", goalRatio), ratio <= goalRatio})
		r.figure(name+", resident", fmt.Sprintf("%.1f kB (bare: %.1f)", ours.resident/1000, bare.resident/1000))
	}
	return nil
}

// bare starts the bare handler.
func (r *run) bare(ctx context.Context, name string, cert *certificate, env ...string) (*node, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	scheme, args := "http://", append(append([]string{}, r.Bare...), "--listen", listen, "--metrics", metrics)
	if cert != nil {
		scheme, args = "https://", append(args, "--cert", cert.file, "--key", cert.key)
	}
	return launch(ctx, name, r.Program, args, env, r.dir, scheme+listen, "/metrics", "http://"+metrics)
}

// stand opens the streams at one process and gives what each costs it.
func (r *run) stand(ctx context.Context, name string, cert *certificate, start func(context.Context, string, *certificate, ...string) (*node, error), ours bool) (cost used, err error) {
	var env []string
	if os.Getenv("GOGC") == "" {
		env = append(env, lean)
	}
	n, err := start(ctx, name, cert, env...)
	if err != nil {
		return cost, err
	}
	defer func() { err = errors.Join(err, n.stop()) }()
	base, err := url.Parse(n.url)
	if err != nil {
		return cost, err
	}
	before, err := n.used(ctx)
	if err != nil {
		return cost, err
	}
	conns := make([]net.Conn, r.Idle)
	defer func() {
		for _, c := range conns {
			if c != nil {
				c.Close()
			}
		}
	}()
	var open atomic.Int64
	shown := r.during(func() string { return fmt.Sprintf("idle: %d of %d stand", open.Load(), r.Idle) })
	err = inParallel(ctx, hands, r.Idle, func(ctx context.Context, i int) (err error) {
		identity, err := r.line.Tablets[i].Identity()
		if err != nil {
			return err
		}
		room := kontakt.Cursor{kontakt.DeviceRoom(r.line.Tablets[i].Device): 0}
		ask := question{base.Host, "/api/v1/stream?at=" + url.QueryEscape(room.String()), identity.Session(), cert}
		if !ours {
			ask.token = ""
		}
		conns[i], err = ask.open(ctx)
		open.Add(1)
		return err
	})
	shown()
	if err != nil {
		return cost, err
	}
	if !pause(ctx, r.Settle) {
		return cost, ctx.Err()
	}
	after, err := n.used(ctx)
	if err != nil {
		return cost, err
	}
	each := float64(r.Idle)
	return used{(after.live - before.live) / each, (after.resident - before.resident) / each}, nil
}

// used asks a process what it holds: both kinds tell it by the same collectors.
func (n *node) used(ctx context.Context) (u used, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.metrics+"/metrics", nil)
	if err != nil {
		return u, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return u, err
	}
	defer resp.Body.Close()
	told := 0
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		name, text, _ := strings.Cut(lines.Text(), " ")
		to, wanted := map[string]*float64{
			"go_gc_heap_live_bytes": &u.live, "go_memstats_stack_inuse_bytes": &u.live, "process_resident_memory_bytes": &u.resident,
		}[name]
		if !wanted {
			continue
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return u, err
		}
		*to += value
		told++
	}
	if told < 2 { // how much is resident is not told everywhere
		return u, fmt.Errorf("%s does not tell what it holds", n.name)
	}
	return u, nil
}
