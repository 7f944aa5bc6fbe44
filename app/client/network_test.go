package client

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// TestStream_networkChanged: a stream whose network is gone hears nothing any more; it is not waited for.
func TestStream_networkChanged(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	c.limits.silence = time.Hour // only the change of network helps
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		greet(w)
		pour(w, changed(after(r, entryRoom)+1))
		<-r.Context().Done()
	}))
	_, events := follow(t, c, kontakt.Cursor{entryRoom: 0})
	versions(t, events, 1)
	c.NetworkChanged()
	versions(t, events, 2)
	c.NetworkChanged()
	versions(t, events, 3)
}

func TestWatch(t *testing.T) {
	for _, test := range []struct {
		name string
		own  []string
		want int // changes
	}{
		{"nothing happens", []string{"a", "a", "a"}, 0},
		{"another network", []string{"a", "b", "b"}, 1},
		{"there and back", []string{"a", "b", "a"}, 2},
		{"gone and back as it was", []string{"a", "", "", "a"}, 0},
		{"gone and back as another", []string{"a", "", "b"}, 1},
		{"none at first", []string{"", "", "a"}, 0},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		left, changes := slices.Clone(test.own), 0
		own := func() string {
			now := left[0]
			if left = left[1:]; len(left) == 0 {
				cancel()
				left = []string{now}
			}
			return now
		}
		tick := make(chan time.Time)
		done := make(chan struct{})
		go func() { defer close(done); watch(ctx, tick, own, func() { changes++ }) }()
		for ended := false; !ended; {
			select {
			case tick <- time.Time{}:
			case <-done:
				ended = true
			}
		}
		if changes != test.want {
			t.Errorf("%s: %d changes, want %d", test.name, changes, test.want)
		}
		cancel()
	}
}
