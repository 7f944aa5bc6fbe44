package render

import (
	"sync"

	"kontaktlaege/media"
)

// Mailboxes are those of the participants of a call, by name. The zero Mailboxes is ready.
type Mailboxes struct {
	mu    sync.Mutex
	boxes map[string]*Mailbox
}

// Of gives a participant's mailbox, the same one until Clear.
func (m *Mailboxes) Of(participant string) *Mailbox {
	m.mu.Lock()
	defer m.mu.Unlock()
	box := m.boxes[participant]
	if box == nil {
		if m.boxes == nil {
			m.boxes = map[string]*Mailbox{}
		}
		box = &Mailbox{}
		m.boxes[participant] = box
	}
	return box
}

// Put gives a participant's picture; it takes over the caller's reference.
func (m *Mailboxes) Put(participant string, f *media.Frame) { m.Of(participant).Put(f) }

// Clear throws away what lies in them and forgets the participants that nobody watches any more: the call is over.
func (m *Mailboxes) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for participant, box := range m.boxes {
		box.Clear()
		if !box.watched() {
			delete(m.boxes, participant)
		}
	}
}
