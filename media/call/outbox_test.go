package call

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// A try that hangs on a network that was left is ended, and made again at once.
func TestOutbox_kick(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	hangs := make(chan struct{})
	tries := 0
	var sent []kontakt.Signal
	done := make(chan struct{})
	o := newOutbox(slog.New(slog.DiscardHandler), func(ctx context.Context, all []kontakt.Signal) error {
		if tries++; tries == 1 {
			close(hangs)
			<-ctx.Done()
			if !errors.Is(ctx.Err(), context.Canceled) {
				t.Errorf("the try ended by %v: nobody ended it", ctx.Err())
			}
			return ctx.Err()
		}
		sent = append(sent, all...)
		close(done)
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { o.run(ctx) })
	if !o.idle() {
		t.Error("busy with nothing")
	}
	o.put(kontakt.Signal{Kind: kontakt.SignalState})
	<-hangs
	if o.idle() {
		t.Error("idle while something is on its way")
	}
	o.kick()
	<-done
	<-o.through
	for !o.idle() {
		<-time.After(time.Millisecond)
	}
	cancel()
	wg.Wait()
	if len(sent) != 1 || tries != 2 {
		t.Errorf("%d signals in %d tries, want 1 in 2: a try that was ended is no refusal", len(sent), tries)
	}
}

// What waits still for a line that is over goes nowhere; all else does.
func TestOutbox_forget(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	sent := make(chan kontakt.Signal, 8)
	o := newOutbox(slog.New(slog.DiscardHandler), func(_ context.Context, all []kontakt.Signal) error {
		for _, s := range all {
			sent <- s
		}
		return nil
	})
	o.put(kontakt.Signal{Kind: kontakt.SignalOffer, Peer: "over"}, kontakt.Signal{Kind: kontakt.SignalState}, kontakt.Signal{Kind: kontakt.SignalOffer, Peer: "new"})
	o.forget("over")
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { o.run(ctx) })
	for _, want := range []kontakt.Signal{{Kind: kontakt.SignalState}, {Kind: kontakt.SignalOffer, Peer: "new"}} {
		if got := <-sent; got.Kind != want.Kind || got.Peer != want.Peer {
			t.Errorf("%s of %q was sent, want %s of %q", got.Kind, got.Peer, want.Kind, want.Peer)
		}
	}
	cancel()
	wg.Wait()
}

// What is refused for good is not tried again, and counts as done.
func TestOutbox_refused(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	refused := make(chan struct{}, 8)
	o := newOutbox(slog.New(slog.DiscardHandler), func(context.Context, []kontakt.Signal) error {
		refused <- struct{}{}
		return &kontakt.Error{Op: "test", Kind: kontakt.Invalid, Err: errors.New("no")}
	})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { o.run(ctx) })
	o.put(kontakt.Signal{Kind: kontakt.SignalState})
	<-refused
	for !o.idle() {
		<-time.After(time.Millisecond)
	}
	cancel()
	wg.Wait()
	if len(refused) != 0 {
		t.Error("tried again")
	}
}
