package still

import (
	"slices"
	"time"
)

const (
	// maxOwn is how many own pictures are kept for the others: one more, and the oldest is forgotten.
	maxOwn = 3
	// maxGone is how many forgotten ones are remembered by name.
	maxGone = 16
	// A picture gets share of what the path is believed to carry, in per cent, and leastRate bits a second at least; what
	// goes in span may be on its way and not said to have come, so that sound never waits behind it.
	share      = 40
	leastRate  = 24_000
	span       = 400 * time.Millisecond
	leastPiece = 1024

	fully = 100 // per cent
)

// departure is one own picture on its way.
type departure struct {
	Offer
	on        Channel // that it was offered on
	asked     bool    // the other side said where from, on that channel
	at        int     // of the next piece
	done      bool    // the other side has it, or doesn't want it
	told      int     // progress in per cent
	delivered bool    // that it has it was told, on this channel or on one before
}

// outgoing are our own, the oldest first.
type outgoing struct {
	all      []*departure
	gone     []string // that the other side is to forget; said on each channel, as nobody says that it has heard
	declines bool     // what the other side asked for
	on       Channel  // that all of it was said on
	budget   float64  // bytes that may leave
	last     time.Time
	buf      []byte
}

func (s *outgoing) find(id string) *departure {
	for _, o := range s.all {
		if o.message.ID == id {
			return o
		}
	}
	return nil
}

// add keeps a picture for sending, and gives those that had to make room for it.
func (s *outgoing) add(o Offer) (forgotten []*departure) {
	s.remove(o.message.ID)
	s.all = append(s.all, &departure{Offer: o, told: -1})
	if n := len(s.all) - maxOwn; n > 0 {
		forgotten = slices.Clone(s.all[:n])
		s.all = slices.Delete(s.all, 0, n)
	}
	return forgotten
}

func (s *outgoing) remove(id string) bool {
	n := len(s.all)
	s.all = slices.DeleteFunc(s.all, func(o *departure) bool { return o.message.ID == id })
	return len(s.all) < n
}

// forget has the other side forget a picture.
func (s *outgoing) forget(id string) {
	if len(s.gone) == maxGone {
		s.gone = slices.Delete(s.gone, 0, 1)
	}
	s.gone = append(s.gone, id)
	s.on = nil
}

// sayAll says on a new channel what was said on another one. Who has an offered picture says so.
func (s *outgoing) sayAll(c Channel) {
	if s.declines {
		s.declines = false
		c.Say(message{Kind: sayDecline}.text())
	}
	if s.on != c {
		s.on = c
		for _, id := range s.gone {
			c.Say(message{Kind: sayDrop, ID: id}.text())
		}
	}
	for _, o := range s.all {
		if o.on != c {
			o.on, o.asked, o.done = c, false, false
			c.Say(o.message.text())
		}
	}
}

// from begins at an offset that the other side names.
func (s *outgoing) from(id string, offset int) {
	if o := s.find(id); o != nil && offset < len(o.data) {
		o.asked, o.at, o.done = true, offset, false
	}
}

// current is the one whose turn it is, or nil: one after the other.
func (s *outgoing) current(c Channel) *departure {
	for _, o := range s.all {
		if o.on == c && o.asked && !o.done && o.at < len(o.data) {
			return o
		}
	}
	return nil
}

// send sends what a path that carries so many bits a second has room for.
func (s *outgoing) send(c Channel, carries int, now time.Time) {
	s.sayAll(c)
	rate := float64(max(carries*share/100, leastRate)) / 8 // bytes a second
	ahead := max(int(rate*span.Seconds()), leastPiece)
	piece := min(max(ahead/4, leastPiece), maxPiece)
	s.budget = min(s.budget+rate*now.Sub(s.last).Seconds(), float64(piece))
	s.last = now
	for s.budget > 0 && c.Waiting() < ahead {
		o := s.current(c)
		if o == nil {
			break
		}
		next := o.data[o.at:min(o.at+piece, len(o.data))]
		s.buf = appendPiece(s.buf[:0], o.id, o.at, next)
		c.Send(s.buf)
		o.at += len(next)
		s.budget -= float64(len(s.buf))
	}
}

// progress tells how far each has come, where that is news; false: none is on its way.
func (s *outgoing) progress(c Channel, tell func(*departure, float64)) (busy bool) {
	for _, o := range s.all {
		if o.on != c || !o.asked || o.done {
			continue
		}
		busy = true
		come := max(o.at-c.Waiting(), 0) * fully / len(o.data)
		if come > o.told && !o.delivered {
			o.told = come
			tell(o, float64(come)/fully)
		}
	}
	return busy
}
