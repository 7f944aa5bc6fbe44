package call

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	maxBatch   = 16 // signals a message; the backend takes 64 signals and 64 KiB
	maxText    = 40 << 10
	firstPause = 200 * time.Millisecond
	longPause  = time.Second
)

// sendLimits are how long one try may take, in turn: a connection that hangs since before a cut is left soon, and a very
// slow network gets its time.
var sendLimits = [...]time.Duration{3 * time.Second, 3 * time.Second, 8 * time.Second}

// outbox sends signals in the order in which they were put, from one goroutine, each batch again until it is through
// or refused for good.
type outbox struct {
	send func(context.Context, []kontakt.Signal) error
	log  *slog.Logger

	mu    sync.Mutex
	queue []kontakt.Signal
	busy  bool               // what was taken from the queue is not through
	abort context.CancelFunc // the try that runs
	wake  chan struct{}
	again chan struct{} // no pause now

	refused atomic.Bool   // one was refused for good
	through chan struct{} // signals went through after some did not: the network is back
}

func newOutbox(log *slog.Logger, send func(context.Context, []kontakt.Signal) error) *outbox {
	return &outbox{send: send, log: log, wake: make(chan struct{}, 1), again: make(chan struct{}, 1), through: make(chan struct{}, 1)}
}

// put queues signals behind the others.
func (o *outbox) put(signals ...kontakt.Signal) {
	o.mu.Lock()
	o.queue = append(o.queue, signals...)
	o.mu.Unlock()
	signal(o.wake)
}

// idle says that all that was put is through.
func (o *outbox) idle() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.queue) == 0 && !o.busy
}

// kick begins a try that runs or waits anew, as on another network.
func (o *outbox) kick() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.abort != nil {
		o.abort()
	}
	if o.busy {
		signal(o.again)
	}
}

// forget drops what is still queued for a line that has been replaced.
func (o *outbox) forget(peer string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept := o.queue[:0]
	for _, s := range o.queue {
		if s.Peer != peer {
			kept = append(kept, s)
		}
	}
	o.queue = kept
}

func (o *outbox) batch() []kontakt.Signal {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, text := 0, 0
	for n < len(o.queue) && n < maxBatch {
		text += len(o.queue[n].SDP)
		for _, c := range o.queue[n].Candidates {
			text += len(c.Candidate) + 64
		}
		if n > 0 && text > maxText {
			break
		}
		n++
	}
	b := append([]kontakt.Signal(nil), o.queue[:n]...)
	o.queue = o.queue[n:]
	o.busy = n > 0
	return b
}

func (o *outbox) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		}
		for b := o.batch(); len(b) > 0 && ctx.Err() == nil; b = o.batch() {
			o.deliver(ctx, b)
		}
	}
}

// deliver sends a batch until it is through. Of a batch that is refused for good each signal goes alone, so that only
// the bad one is lost and nobody behind it waits.
func (o *outbox) deliver(ctx context.Context, b []kontakt.Signal) {
	pause := firstPause
	for n := 0; ; n++ {
		err := o.try(ctx, b, sendLimits[n%len(sendLimits)])
		switch {
		case err == nil:
			if n > 0 {
				signal(o.through)
			}
			return
		case ctx.Err() != nil:
			return
		case !kontakt.KindOf(err).Transient() && len(b) == 1:
			o.log.Warn("call: signal refused", "kind", b[0].Kind, "err", err)
			o.refused.Store(true)
			return
		case !kontakt.KindOf(err).Transient():
			for i := range b {
				o.deliver(ctx, b[i:i+1])
			}
			return
		}
		o.log.Info("call: signals not sent, trying again", "signals", len(b), "err", err)
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-o.again:
		case <-t.C:
		}
		t.Stop()
		pause = min(2*pause, longPause)
	}
}

func (o *outbox) try(ctx context.Context, b []kontakt.Signal, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	o.mu.Lock()
	o.abort = cancel
	o.mu.Unlock()
	err := o.send(ctx, b)
	o.mu.Lock()
	o.abort = nil
	o.mu.Unlock()
	if err != nil && ctx.Err() != nil { // it was not refused
		return &kontakt.Error{Op: "call.send", Kind: kontakt.Unavailable, Err: err}
	}
	return err
}
