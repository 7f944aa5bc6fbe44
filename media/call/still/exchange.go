package still

import "time"

// Channel is a data channel in order, on which nothing is lost. Another one is another connection.
type Channel interface {
	Open() bool
	Waiting() int // bytes that are not known to have come
	Say(text string)
	Send(data []byte) // which is the caller's again
}

// Exchange is what goes to one participant and comes from it, for as long as that one is in the call.
type Exchange struct {
	with string
	tell func(Event)
	in   incoming
	out  outgoing
}

// NewExchange makes one with a participant. tell hears what becomes of each picture; it must not wait.
func NewExchange(with string, tell func(Event)) *Exchange { return &Exchange{with: with, tell: tell} }

// Send offers a picture, and sends it if it is taken.
func (x *Exchange) Send(offer Offer) {
	for _, o := range x.out.add(offer) {
		x.out.forget(o.message.ID)
		if !o.done {
			x.note(Dropped, o.message, 0, nil)
		}
	}
}

// Decline tells the other side, which asked for a picture: not now.
func (x *Exchange) Decline() { x.out.declines = true }

// Drop has the other side forget a picture, whoever sent it.
func (x *Exchange) Drop(id string) {
	if x.out.remove(id) || x.in.remove(id) {
		x.out.forget(id)
	}
}

// Flush sends what is due on a path that carries so many bits a second; false: there is more to send later.
func (x *Exchange) Flush(c Channel, carries int, now time.Time) bool {
	if !c.Open() {
		return true // its opening is told
	}
	x.out.send(c, carries, now)
	return !x.out.progress(c, func(o *departure, progress float64) { x.note(Going, o.message, progress, nil) })
}

// Hear takes what the other side says. What is no message is passed over.
func (x *Exchange) Hear(c Channel, data []byte) {
	m, ok := parseMessage(data)
	if !ok {
		return
	}
	switch own := x.out.find(m.ID); m.Kind {
	case sayAsk:
		x.note(Asked, m, 0, nil)
	case sayOffer:
		answer, abandoned := x.in.offered(m, c)
		for _, a := range abandoned {
			x.note(Dropped, a.offer, 0, nil)
		}
		c.Say(answer.text())
	case sayFrom:
		x.out.from(m.ID, m.Offset)
	case sayHave:
		if own != nil {
			own.done = true
			if !own.delivered {
				own.delivered = true
				x.note(Delivered, own.message, 1, nil)
			}
		}
	case sayBad, sayDrop:
		if own != nil {
			x.out.remove(m.ID)
			x.note(Dropped, own.message, 0, nil)
		} else if m.Kind == sayDrop && x.in.remove(m.ID) {
			x.note(Dropped, m, 0, nil)
		}
	}
}

// Take takes a piece of a picture. What is none is passed over.
func (x *Exchange) Take(c Channel, data []byte) {
	id, offset, piece, ok := parsePiece(data)
	if !ok {
		return
	}
	a, whole := x.in.piece(id, offset, piece)
	if a == nil {
		return
	}
	if !whole {
		if percent := len(a.data) * fully / a.offer.Size; percent > a.told {
			a.told = percent
			x.note(Coming, a.offer, float64(percent)/fully, nil)
		}
		return
	}
	answer, right := x.in.finish(a)
	c.Say(answer.text())
	if !right {
		x.note(Dropped, a.offer, 0, nil)
		return
	}
	x.note(Came, a.offer, 1, a.data)
}

// End is for when the participant goes: what was on its way from it does not come.
func (x *Exchange) End() {
	for _, a := range x.in.coming {
		x.note(Dropped, a.offer, 0, nil)
	}
	x.in.coming = nil
}

func (x *Exchange) note(kind Kind, m message, progress float64, data []byte) {
	x.tell(Event{Kind: kind, From: x.with, ID: m.ID, Type: m.Type, Width: m.Width, Height: m.Height, Progress: progress, Data: data})
}
