package call

import (
	"slices"
	"time"
)

const (
	// maxOwn is how many own pictures are kept for the others: one more, and the oldest is forgotten.
	maxOwn = 3
	// maxGone is how many forgotten ones are remembered by name.
	maxGone = 16
	// A picture gets stillShare of what the path is believed to carry, in per cent, and stillLeast bits a second at least;
	// stillAhead of that may be on its way and not said to have come, so that sound never waits behind it.
	stillShare = 40
	stillLeast = 24_000
	stillAhead = 400 * time.Millisecond
	leastPiece = 1024

	fully = 100 // per cent
)

// stillOut is one own picture on its way to one participant.
type stillOut struct {
	offer stillMessage
	id    [idSize]byte
	data  []byte
	line  *line // that it was offered on
	asked bool  // the other side said where from, on that line
	at    int   // of the next piece
	done  bool  // the other side has it, or doesn't want it
	told  int   // progress in per cent
}

// stillsOut are those of one participant, the oldest first.
type stillsOut struct {
	all      []*stillOut
	gone     []string // that the other side is to forget; said on each line, as nobody says that it has heard
	asks     bool     // for one
	declines bool     // what the other side asked for
	line     *line    // that all of it was said on
	budget   float64  // bytes that may leave
	last     time.Time
	buf      []byte
}

func (s *stillsOut) find(id string) *stillOut {
	for _, o := range s.all {
		if o.offer.ID == id {
			return o
		}
	}
	return nil
}

// add keeps a picture for sending, and gives those that had to make room for it.
func (s *stillsOut) add(offer stillMessage, data []byte) (forgotten []*stillOut) {
	id, _ := parseStillID(offer.ID)
	s.remove(offer.ID)
	s.all = append(s.all, &stillOut{offer: offer, id: id, data: data, told: -1})
	if n := len(s.all) - maxOwn; n > 0 {
		forgotten = slices.Clone(s.all[:n])
		s.all = slices.Delete(s.all, 0, n)
	}
	return forgotten
}

func (s *stillsOut) remove(id string) bool {
	n := len(s.all)
	s.all = slices.DeleteFunc(s.all, func(o *stillOut) bool { return o.offer.ID == id })
	return len(s.all) < n
}

// forget has the other side forget a picture.
func (s *stillsOut) forget(id string) {
	if len(s.gone) == maxGone {
		s.gone = slices.Delete(s.gone, 0, 1)
	}
	s.gone = append(s.gone, id)
	s.line = nil
}

// sayAll says on a new line what was said on another one. Who has an offered picture says so.
func (s *stillsOut) sayAll(l *line) {
	if s.asks {
		s.asks = false
		l.beside.say(stillChannel, stillMessage{Kind: stillAsk}.text())
	}
	if s.declines {
		s.declines = false
		l.beside.say(stillChannel, stillMessage{Kind: stillDecline}.text())
	}
	if s.line != l {
		s.line = l
		for _, id := range s.gone {
			l.beside.say(stillChannel, stillMessage{Kind: stillDrop, ID: id}.text())
		}
	}
	for _, o := range s.all {
		if o.line != l {
			o.line, o.asked, o.done = l, false, false
			l.beside.say(stillChannel, o.offer.text())
		}
	}
}

// from begins at an offset that the other side names.
func (s *stillsOut) from(id string, offset int) {
	if o := s.find(id); o != nil && offset < len(o.data) {
		o.asked, o.at, o.done = true, offset, false
	}
}

// current is the one whose turn it is, or nil: one after the other.
func (s *stillsOut) current(l *line) *stillOut {
	for _, o := range s.all {
		if o.line == l && o.asked && !o.done && o.at < len(o.data) {
			return o
		}
	}
	return nil
}

// flush sends what the rate allows; false: there is more to send later. progress hears how far each has come.
func (s *stillsOut) flush(l *line, now time.Time, progress func(*stillOut, float64)) bool {
	if !l.beside.open(stillChannel) {
		return true // its opening is told
	}
	s.sayAll(l)
	rate := float64(max(l.bwe.GetTargetBitrate()*stillShare/100, stillLeast)) / 8 // bytes a second
	piece := min(max(int(rate*stillAhead.Seconds()/4), leastPiece), maxPiece)
	s.budget = min(s.budget+rate*now.Sub(s.last).Seconds(), float64(piece))
	s.last = now
	ahead := max(int(rate*stillAhead.Seconds()), leastPiece)
	for s.budget > 0 && l.beside.waiting(stillChannel) < ahead {
		o := s.current(l)
		if o == nil {
			break
		}
		next := o.data[o.at:min(o.at+piece, len(o.data))]
		s.buf = appendPiece(s.buf[:0], o.id, o.at, next)
		l.beside.send(stillChannel, s.buf)
		o.at += len(next)
		s.budget -= float64(len(s.buf))
	}
	busy := false
	for _, o := range s.all {
		if o.line != l || !o.asked || o.done {
			continue
		}
		busy = true
		come := max(o.at-l.beside.waiting(stillChannel), 0) * fully / len(o.data)
		if come > o.told {
			o.told = come
			progress(o, float64(come)/fully)
		}
	}
	return !busy
}
