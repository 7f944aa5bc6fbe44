package loadtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"kontaktlaege/app/client"
	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// patience is how long anybody waits for what must come.
const patience = 2 * time.Minute

// tablet is the app's own client with its stream.
type tablet struct {
	client *client.Client
	stream *client.Stream
	http   *http.Client
	follow kontakt.Cursor
	events chan kontakt.Event
	stop   context.CancelFunc
	off    chan struct{}
}

// visitor gives a client that comes from an address of its own, as tablets do: limits that count by address see many
// places. Where the system has only one loopback address, all come from that.
func visitor(n int) *http.Client {
	own := &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n))}
	dialer := &net.Dialer{Timeout: 10 * time.Second, LocalAddr: own}
	if l, err := net.ListenTCP("tcp", own); err != nil {
		dialer.LocalAddr = nil
	} else {
		l.Close()
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy, t.DialContext, t.IdleConnTimeout = nil, dialer.DialContext, patience
	return &http.Client{Transport: t}
}

// newTablet switches the nth tablet on. Each event's way is noted in delivered.
func newTablet(ctx context.Context, base string, n int, who crowd.Tablet, delivered *series) (*tablet, error) {
	identity, err := who.Identity()
	if err != nil {
		return nil, err
	}
	t := &tablet{http: visitor(n), events: make(chan kontakt.Event, 256), off: make(chan struct{})}
	t.client, err = client.New(client.Options{Base: base, Identity: identity, App: "loadtest", HTTP: t.http, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); ; {
		if _, t.follow, err = t.client.Open(ctx); err == nil {
			break
		}
		if !kontakt.KindOf(err).Transient() || time.Now().After(deadline) || !pause(ctx, 500*time.Millisecond) {
			return nil, err
		}
	}
	t.stream = client.NewStream(t.client)
	t.stream.Follow(t.follow)
	life, stop := context.WithCancel(ctx)
	t.stop = stop
	var reached atomic.Bool
	stands := make(chan struct{})
	go func() {
		defer close(t.off)
		t.stream.Events(life, func(e kontakt.Event) {
			delivered.note(time.Since(e.At), nil)
			select {
			case t.events <- e:
			case <-life.Done():
			}
		}, func(err error) {
			if err == nil && reached.CompareAndSwap(false, true) {
				close(stands)
			}
		})
	}()
	select {
	case <-stands:
		return t, nil
	case <-time.After(patience):
		t.close()
		return nil, errors.New("a tablet's stream never stood")
	case <-ctx.Done():
		t.close()
		return nil, ctx.Err()
	}
}

func (t *tablet) close() {
	t.stop()
	<-t.off
	t.http.CloseIdleConnections()
}

// also follows more rooms.
func (t *tablet) also(at kontakt.Cursor) {
	t.follow = maps.Clone(t.follow)
	maps.Copy(t.follow, at)
	t.stream.Follow(t.follow)
}

// only follows the tablet's own room again.
func (t *tablet) only() {
	for room := range t.follow {
		if kind, _ := room.Split(); kind != "device" {
			delete(t.follow, room)
		}
	}
	t.stream.Follow(t.follow)
}

// until waits for an event that fits.
func (t *tablet) until(ctx context.Context, what string, fits func(kontakt.Event) bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case e := <-t.events:
			if fits(e) {
				return nil
			}
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		}
	}
}

// change reads what an entry's event says.
func change(e kontakt.Event) (c wire.EntryChanged) {
	if e.Type == kontakt.EventEntryChanged || e.Type == kontakt.EventEntryCalled {
		json.Unmarshal(e.Data, &c) // one that cannot be read fits nothing and is missed
	}
	return c
}

// pause waits; false when it is time to stop.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
