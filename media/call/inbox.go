package call

import "sync"

// maxInbox bounds what waits in an inbox: far above what a participant says before it is read.
const maxInbox = 4096

// inbox holds what the owner of a leg, or of a session, is to do, in order.
type inbox struct {
	wake chan struct{}

	mu    sync.Mutex
	queue []func()
}

func newInbox() inbox { return inbox{wake: make(chan struct{}, 1)} }

// put never waits; false: it is full.
func (i *inbox) put(do func()) bool {
	i.mu.Lock()
	full := len(i.queue) >= maxInbox
	if !full {
		i.queue = append(i.queue, do)
	}
	i.mu.Unlock()
	signal(i.wake)
	return !full
}

// take empties it.
func (i *inbox) take() []func() {
	i.mu.Lock()
	defer i.mu.Unlock()
	q := i.queue
	i.queue = nil
	return q
}

// signal never waits: who is told twice looks once.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
