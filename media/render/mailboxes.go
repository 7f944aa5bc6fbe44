package render

import (
	"maps"
	"sync"

	"kontaktlaege/media"
)

// Mailboxes are those of the participants of a call, by name. A picture that nobody watches is given back at once, so
// that none outlives what shows it. The zero Mailboxes is ready.
type Mailboxes struct {
	mu    sync.Mutex
	boxes map[string]*Mailbox
}

// manyBoxes is how many there may be before those that nobody watches are forgotten: guests come and go.
const manyBoxes = 8

// Of gives a participant's mailbox, the same one as long as it is watched.
func (m *Mailboxes) Of(participant string) *Mailbox {
	m.mu.Lock()
	defer m.mu.Unlock()
	if box := m.boxes[participant]; box != nil {
		return box
	}
	if len(m.boxes) >= manyBoxes {
		maps.DeleteFunc(m.boxes, func(_ string, box *Mailbox) bool { return !box.watched() })
	}
	if m.boxes == nil {
		m.boxes = map[string]*Mailbox{}
	}
	box := &Mailbox{}
	m.boxes[participant] = box
	return box
}

// Put gives a participant's picture; it takes over the caller's reference.
func (m *Mailboxes) Put(participant string, f *media.Frame) { m.Of(participant).deliver(f, true) }
