package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// retry calls f until it succeeds, fails for good, or time is up; then it gives the last failure. The pauses double and
// differ from tablet to tablet, so that a backend that comes back is not met by all of them at once; when the stream
// is back, everybody who waits tries at once.
func (c *Client) retry(ctx context.Context, op string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.limits.retries)
	defer cancel()
	pause := c.limits.firstWait
	for {
		online := c.online.wait()
		err := f(ctx)
		if err == nil || !worthwhile(err) {
			return err
		}
		if ctx.Err() != nil {
			return err
		}
		c.log.Debug("retry", "op", op, "kind", kontakt.KindOf(err))
		t := time.NewTimer(max(jitter(pause), retryAfter(err)))
		select {
		case <-t.C:
		case <-online:
		case <-ctx.Done():
			t.Stop()
			return err
		}
		t.Stop()
		pause = min(2*pause, c.limits.longWait)
	}
}

// worthwhile says whether the same request may succeed in a while. A register that does not answer the backend is for the
// nurse to decide on: the backend has waited for it already.
func worthwhile(err error) bool {
	msg, _ := kontakt.MsgOf(err)
	return kontakt.KindOf(err).Transient() && msg != kontakt.MsgRegistryDown
}

// jitter gives between half of d and all of it.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// pacedError is an error with the pause that the backend asks for.
type pacedError struct {
	error
	after time.Duration
}

func (e *pacedError) Unwrap() error { return e.error }

// longestAfter is how long a backend may make a tablet wait.
const longestAfter = time.Minute

func paced(resp *http.Response, err error) error {
	s, convErr := strconv.Atoi(resp.Header.Get("Retry-After"))
	if convErr != nil || s <= 0 {
		return err
	}
	return &pacedError{err, min(time.Duration(s)*time.Second, longestAfter)}
}

func retryAfter(err error) time.Duration {
	if p, ok := errors.AsType[*pacedError](err); ok {
		return p.after
	}
	return 0
}

// wakeup tells everyone who waits.
type wakeup struct {
	mu sync.Mutex
	ch chan struct{}
}

// wait gives what is closed at the next call.
func (w *wakeup) wait() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ch == nil {
		w.ch = make(chan struct{})
	}
	return w.ch
}

func (w *wakeup) call() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ch != nil {
		close(w.ch)
		w.ch = nil
	}
}
