package registry

import (
	"sync"
	"time"
)

// How long a source that did not answer is left alone: longer each time, up to a minute.
const (
	firstRest   = 5 * time.Second
	longestRest = time.Minute
)

// breaker keeps people from waiting for a source that is known to be down. It is closed while the source answers. One
// question without an answer opens it; after a rest one question is let through as a probe, and its answer closes the
// breaker or makes the rest longer. The zero breaker is closed.
type breaker struct {
	mu      sync.Mutex
	rest    time.Duration // 0: closed
	until   time.Time     // of the rest
	probing bool
}

func (b *breaker) closed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rest == 0
}

// allow says whether a question may go out, and whether it is the probe.
func (b *breaker) allow(now time.Time) (allowed, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.rest == 0:
		return true, false
	case b.probing || now.Before(b.until):
		return false, false
	}
	b.probing = true
	return true, true
}

// report tells what became of a question that was allowed, and gives whether the breaker was closed and is now.
func (b *breaker) report(now time.Time, answered, probe bool) (was, is bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	was = b.rest == 0
	switch {
	case probe:
		b.probing = false
	case !was:
		return was, was // sent before it opened; the probe decides
	}
	switch {
	case answered:
		b.rest = 0
	case was:
		b.rest = firstRest
	default:
		b.rest = min(2*b.rest, longestRest)
	}
	b.until = now.Add(b.rest)
	return was, b.rest == 0
}
