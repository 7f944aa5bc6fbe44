package still

import (
	"encoding/json"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Pointer is where somebody points at a still picture: X and Y from 0 to 1, from its upper left corner.
type Pointer struct {
	ID   string // of the picture
	X, Y float64
	On   bool // false: not any more
}

// NewPointer says whether that is a place to point at.
func NewPointer(id string, x, y float64, on bool) (Pointer, error) {
	if _, ok := parseID(id); !ok || on && !(within(x) && within(y)) {
		return Pointer{}, &kontakt.Error{Op: "still.NewPointer", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return Pointer{ID: id, X: x, Y: y, On: on}, nil
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

// ParsePointer reads a message; false: it is none.
func ParsePointer(data []byte) (Pointer, bool) {
	var m pointerMessage
	if len(data) > maxControl || json.Unmarshal(data, &m) != nil {
		return Pointer{}, false
	}
	if _, ok := parseID(m.ID); !ok || (m.X == nil) != (m.Y == nil) {
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
		return "" // not a number; NewPointer has refused it
	}
	return string(text)
}

// Pointing says where the nurse points, to one participant: the newest only. Its zero value is ready.
type Pointing struct {
	at      Pointer
	repeats int // times that it is to be said still
	next    time.Time
}

// Set takes another place.
func (p *Pointing) Set(at Pointer) { p.at, p.repeats = at, pointRepeats }

// Flush sends what is due; false: there is more to send later.
func (p *Pointing) Flush(c Channel, now time.Time) bool {
	if !c.Open() {
		return true
	}
	if p.repeats > 0 && !now.Before(p.next) && c.Waiting() < maxPointWaiting {
		c.Say(p.at.message())
		p.next = now.Add(pointPause)
		p.repeats--
	}
	return p.repeats == 0
}
