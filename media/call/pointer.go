package call

import (
	"encoding/json"
	"time"
)

// Pointer is where somebody points at a still picture: X and Y from 0 to 1, from its upper left corner.
type Pointer struct {
	ID   string // of the picture
	X, Y float64
	On   bool // false: not any more
}

const (
	// pointPause is the least time between two messages, and pointRepeats how often the last one is said again: the channel
	// loses what the network loses.
	pointPause   = 50 * time.Millisecond
	pointRepeats = 3
	// maxPointWaiting keeps a slow network from hearing where somebody pointed long ago.
	maxPointWaiting = 512
)

type pointerMessage struct {
	ID string   `json:"id"`
	X  *float64 `json:"x,omitempty"`
	Y  *float64 `json:"y,omitempty"`
}

// parsePointer reads a message; false: it is none.
func parsePointer(data []byte) (Pointer, bool) {
	var m pointerMessage
	if len(data) > maxControl || json.Unmarshal(data, &m) != nil {
		return Pointer{}, false
	}
	if _, ok := parseStillID(m.ID); !ok || (m.X == nil) != (m.Y == nil) {
		return Pointer{}, false
	}
	if m.X == nil {
		return Pointer{ID: m.ID}, true
	}
	p := Pointer{ID: m.ID, X: *m.X, Y: *m.Y, On: true}
	return p, within(p.X) && within(p.Y)
}

// within says whether v lies in a picture; not a number does not.
func within(v float64) bool { return v >= 0 && v <= 1 }

func (p Pointer) message() string {
	m := pointerMessage{ID: p.ID}
	if p.On {
		m.X, m.Y = &p.X, &p.Y
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "" // not a number; Point has refused it
	}
	return string(text)
}

// pointerOut is where the nurse points, for one participant: the newest only.
type pointerOut struct {
	at      Pointer
	repeats int // times that it is to be said still
	next    time.Time
}

func (p *pointerOut) set(at Pointer) { p.at, p.repeats = at, pointRepeats }

// flush sends what is due; false: there is more to send later.
func (p *pointerOut) flush(l *line, now time.Time) bool {
	if !l.beside.open(pointerChannel) {
		return true
	}
	if p.repeats > 0 && !now.Before(p.next) && l.beside.waiting(pointerChannel) < maxPointWaiting {
		l.beside.say(pointerChannel, p.at.message())
		p.next = now.Add(pointPause)
		p.repeats--
	}
	return p.repeats == 0
}
