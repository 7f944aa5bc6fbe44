// Package render takes pictures from the decoder to the screen. Invariants: the newest picture wins, an unread one is
// replaced and counted, and nobody waits; a picture's reference moves with it. A still is decoded once, off the screen's
// thread, never larger than a texture may be, and is gone when the call is.
package render

import (
	"sync"

	"kontaktlaege/media"
)

// Mailbox holds at most one picture: the newest. The zero Mailbox is ready.
type Mailbox struct {
	mu      sync.Mutex
	frame   *media.Frame
	wake    func()
	dropped uint64
	put     uint64
}

// OnNew has wake called after a Put into an empty mailbox, hence at most once between two Takes. It must not wait. nil:
// nobody watches any more.
func (m *Mailbox) OnNew(wake func()) {
	m.mu.Lock()
	m.wake = wake
	m.mu.Unlock()
}

// Put takes over the caller's reference.
func (m *Mailbox) Put(f *media.Frame) { m.deliver(f, false) }

// deliver gives the picture back where it is only for who watches, and nobody does.
func (m *Mailbox) deliver(f *media.Frame, onlyWatched bool) {
	m.mu.Lock()
	if onlyWatched && m.wake == nil {
		m.mu.Unlock()
		f.Release()
		return
	}
	old, wake := m.frame, m.wake
	m.frame = f
	m.put++
	if old != nil {
		m.dropped++
	}
	m.mu.Unlock()
	if old != nil {
		old.Release()
		return
	}
	if wake != nil {
		wake()
	}
}

// Take gives the newest picture, or nil; the caller owes it a Release.
func (m *Mailbox) Take() *media.Frame {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.frame
	m.frame = nil
	return f
}

// Clear throws away what lies there: the call is over.
func (m *Mailbox) Clear() {
	if f := m.Take(); f != nil {
		f.Release()
	}
}

func (m *Mailbox) watched() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wake != nil
}

// Counts gives how many pictures were put, and how many of them nobody saw.
func (m *Mailbox) Counts() (put, dropped uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.put, m.dropped
}
