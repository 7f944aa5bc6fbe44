package client

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"kontaktlaege/internal/wire"
)

// Two heartbeats may be lost on the way; a stream that misses three is dead, and a ring must not wait for it.
func TestLimits_aDeadStreamIsLeftBeforeTheThirdHeartbeat(t *testing.T) {
	if silence := defaultLimits().silence; silence <= 2*wire.HeartbeatEvery || silence >= 3*wire.HeartbeatEvery {
		t.Errorf("given up after %v, with a heartbeat every %v", silence, wire.HeartbeatEvery)
	}
}

func TestPaced_theBackendsPauseIsInSeconds(t *testing.T) {
	for said, want := range map[string]time.Duration{"2": 2 * time.Second, "3600": time.Minute, "": 0, "-1": 0, "soon": 0} {
		resp := &http.Response{Header: http.Header{"Retry-After": {said}}}
		if got := retryAfter(paced(resp, errors.New("busy"))); got != want {
			t.Errorf("%q: %v, want %v", said, got, want)
		}
	}
}
