package client

import (
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
)

// The stream comes back while requests begin to wait: each is woken by a call that comes after it, under the race
// detector too.
func TestWakeup_wakesEverybodyWhileOthersCome(t *testing.T) {
	testkit.Guard(t, time.Minute)
	var w wakeup
	var all sync.WaitGroup
	waits := make(chan (<-chan struct{}), 8)
	for range cap(waits) {
		all.Go(func() { waits <- w.wait() })
		all.Go(w.call)
	}
	all.Wait()
	w.call()
	for range cap(waits) {
		<-<-waits
	}
}
