package app

import (
	"context"
	"sync"

	"kontaktlaege/internal/kontakt"
)

// lanes are queues of jobs: those of one lane run one after another, in the order in which they were added.
type lanes struct {
	mu    sync.Mutex
	queue map[string][]func() // a lane that somebody works on has a key, however empty
}

// add puts a job into a lane, in place of all that wait there if it replaces them, and says whether somebody has to
// begin to work on it.
func (l *lanes) add(name string, replaces bool, job func()) (begin bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue == nil {
		l.queue = map[string][]func(){}
	}
	waiting, busy := l.queue[name]
	if replaces {
		waiting = nil
	}
	l.queue[name] = append(waiting, job)
	return !busy
}

// work runs a lane's jobs until there are none.
func (l *lanes) work(name string) {
	for {
		l.mu.Lock()
		waiting := l.queue[name]
		if len(waiting) == 0 {
			delete(l.queue, name)
			l.mu.Unlock()
			return
		}
		l.queue[name] = waiting[1:]
		l.mu.Unlock()
		waiting[0]()
	}
}

// maxSignals bounds what the other side may send ahead of what the call takes in.
const maxSignals = 1024

// signalQueue stands between the stream, which never waits, and one call, which takes its time.
type signalQueue struct {
	call kontakt.CallID
	more chan struct{}

	mu   sync.Mutex
	list []kontakt.Signal
}

func newSignalQueue(call kontakt.CallID) *signalQueue {
	return &signalQueue{call: call, more: make(chan struct{}, 1)}
}

// put adds a signal and says false when there is no room.
func (q *signalQueue) put(s kontakt.Signal) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.list) >= maxSignals {
		return false
	}
	q.list = append(q.list, s)
	select {
	case q.more <- struct{}{}:
	default:
	}
	return true
}

// pump hands the signals on until ctx ends.
func (q *signalQueue) pump(ctx context.Context, to chan<- kontakt.Signal) {
	for {
		select {
		case <-q.more:
		case <-ctx.Done():
			return
		}
		q.mu.Lock()
		list := q.list
		q.list = nil
		q.mu.Unlock()
		for _, s := range list {
			select {
			case to <- s:
			case <-ctx.Done():
				return
			}
		}
	}
}

// pickup is whether one call has been answered here.
type pickup struct {
	call  kontakt.CallID
	once  sync.Once
	given chan struct{} // closed when it has
}

func newPickup(call kontakt.CallID) *pickup { return &pickup{call: call, given: make(chan struct{})} }

func (p *pickup) give(first func()) {
	p.once.Do(func() {
		first()
		close(p.given)
	})
}

// answered lets the call that is held through, with all who take part. One that begins after its answer reads the state.
func (m *Machine) answered(call kontakt.CallID) {
	m.mu.Lock()
	held := m.pickup
	m.mu.Unlock()
	if held.call == call {
		held.give(func() { m.setOthers(call) })
	}
}
