package app

import (
	"context"
	"sync"

	"kontaktlaege/internal/kontakt"
)

// heldCall is the way from the state into the call that the phone holds. It is there before the phone is asked: what the
// stream and the nurse have for the call meanwhile waits in it. What comes for another call is of no use any more.
type heldCall struct {
	id      kontakt.CallID
	signals *signalQueue
	others  othersFeed
	pickup  pickup
}

func newHeldCall(id kontakt.CallID) *heldCall {
	return &heldCall{
		id: id, signals: newSignalQueue(), others: othersFeed{list: make(chan []string, 1)}, pickup: pickup{given: make(chan struct{})},
	}
}

// hold begins a call. One that is answered already finds that out here.
func (m *Machine) hold(id kontakt.CallID) *heldCall {
	call := newHeldCall(id)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held = call
	if talks(m.state) == id {
		call.pickup.give(func() {})
	}
	return call
}

// holding gives the call that is held; nil where it is another.
func (m *Machine) holding(id kontakt.CallID) *heldCall {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held.id != id {
		return nil
	}
	return m.held
}

// tellOthers tells the call who takes part by now.
func (m *Machine) tellOthers(call *heldCall) {
	call.others.put(func() []string { return idsOf(othersOf(m.State())) })
}

// maxSignals bounds what the other side may send ahead of what the call takes in.
const maxSignals = 1024

// signalQueue stands between the stream, which never waits, and the call, which takes its time.
type signalQueue struct {
	more chan struct{}

	mu   sync.Mutex
	list []kontakt.Signal
}

func newSignalQueue() *signalQueue { return &signalQueue{more: make(chan struct{}, 1)} }

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

// othersFeed tells who else takes part: the newest list, which whoever has not taken yet gets instead of an older one.
type othersFeed struct {
	mu   sync.Mutex
	list chan []string
}

// put asks for the list while nobody else puts one, so that the last that is put is the newest.
func (f *othersFeed) put(newest func() []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.list:
	default:
	}
	f.list <- newest()
}

// pickup is whether the call has been answered here.
type pickup struct {
	once  sync.Once
	given chan struct{} // closed when it has
}

func (p *pickup) give(first func()) {
	p.once.Do(func() {
		first()
		close(p.given)
	})
}
