package congestion

import (
	"errors"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"

	"kontaktlaege/media/call/packet"
)

const (
	// Pictures leave faster than their mean rate, so that a key frame does not take long; at low rates hardly faster,
	// since sound waits behind them in the path's own queue.
	paceLeast   = 1.2
	paceMost    = 2.5
	paceLeastAt = 300_000
	paceMostAt  = 1_000_000
	paceBurst   = 10 * time.Millisecond
	// paceLate is how late a busy machine may wake the pacer without the rate suffering.
	paceLate = 100 * time.Millisecond
	// staleAfter is how long pictures may wait here: nobody needs them then.
	staleAfter = 3 * time.Second
	// maxQueued bounds what waits, in packets; the encoder stops long before it.
	maxQueued = 1024
	// maxPlayoutDelay is in the extension's unit, 10 ms: the page shows a picture at once, and smooths at most 100 ms.
	maxPlayoutDelay = 10
	// fullPause is how long pictures wait when too much is on its way, if no feedback comes before.
	fullPause = 20 * time.Millisecond
)

var (
	errPacerFull     = errors.New("congestion: pacer is full")
	errUnknownStream = errors.New("congestion: no such stream, or not any more")
)

// paceFactor is by how much pictures may leave faster than at rate.
func paceFactor(rate float64) float64 {
	return min(max(paceLeast+(paceMost-paceLeast)*(rate-paceLeastAt)/(paceMostAt-paceLeastAt), paceLeast), paceMost)
}

// pacedStream is one outgoing stream.
type pacedStream struct {
	sound         bool
	twcc, playout uint8 // negotiated extension ids, 0: none
	writer        interceptor.RTPWriter
	attributes    interceptor.Attributes
	newest        uint16 // sequence number, once it has begun
	begun         bool
	key           uint16 // first of the newest key frame, if that is known
	keyed         bool
}

// repeats notes a packet's number and says whether one of that number, or a later one, has come before.
func (s *pacedStream) repeats(number uint16) bool {
	if s.begun && int16(number-s.newest) <= 0 {
		return true
	}
	s.newest, s.begun = number, true
	s.keyed = s.keyed && number-s.key < nackSpan
	return false
}

// pacedPacket is a copy of what is to be sent: the caller's buffers are its own again when Write returns.
type pacedPacket struct {
	stream  *pacedStream
	header  rtp.Header
	payload []byte
	at      time.Duration // of its coming
	again   bool          // the other side has asked for it
	number  uint16        // transport-wide
	twcc    [2]byte
	playout [3]byte
}

// wire is the packet's size on the wire.
func (c *pacedPacket) wire() int {
	return c.header.MarshalSize() + len(c.payload) + int(c.header.PaddingSize) + packet.Overhead
}

func (c *pacedPacket) send() {
	// An extension that can't be set is one that the packet goes without; a path that is gone is ICE's to notice.
	if id := c.stream.playout; id != 0 {
		c.playout = [3]byte{0, 0, maxPlayoutDelay} // 12 bits least, 12 bits most
		_ = c.header.SetExtension(id, c.playout[:])
	}
	if id := c.stream.twcc; id != 0 {
		c.twcc = [2]byte{byte(c.number >> 8), byte(c.number)}
		_ = c.header.SetExtension(id, c.twcc[:])
	}
	_, _ = c.stream.writer.Write(&c.header, c.payload, c.stream.attributes)
}

// pacer keeps what waits to be sent: sound goes at once, pictures as the rate allows. Times are handed in; it belongs to
// whoever holds the lock of its congestion.
type pacer struct {
	streams        map[uint32]*pacedStream
	sound, picture packetQueue
	blind          bool // no pictures are sent
	queued         int  // bytes of pictures
	free           []*pacedPacket
	budget         float64 // bytes that may leave now; negative: as many too many have left
	owed           bool    // a packet waits for nothing but its time
	last           time.Duration
}

// push queues a copy. What is asked for again of pictures when there are none any more is left out, as if it were lost.
func (p *pacer) push(h *rtp.Header, payload []byte, now time.Duration) error {
	s := p.streams[h.SSRC]
	if s == nil || s.writer == nil {
		return errUnknownStream
	}
	again := s.repeats(h.SequenceNumber)
	switch {
	case p.blind && !s.sound && !h.Padding:
		return nil
	case p.picture.len()+p.sound.len() >= maxQueued:
		return errPacerFull
	}
	var c *pacedPacket
	if n := len(p.free); n > 0 {
		c, p.free = p.free[n-1], p.free[:n-1]
	} else {
		c = &pacedPacket{}
	}
	extensions := append(c.header.Extensions[:0], h.Extensions...)
	c.stream, c.header, c.payload, c.at, c.again = s, *h, append(c.payload[:0], payload...), now, again
	c.header.Extensions = extensions
	if s.sound {
		p.sound.push(c)
	} else {
		p.picture.push(c)
		p.queued += c.wire()
	}
	return nil
}

// next gives the packet whose turn it is, numbered for the feedback in the order of leaving, or how long to wait for it
// (0: until somebody writes).
func (p *pacer) next(e *estimator, now time.Duration) (*pacedPacket, time.Duration) {
	rate := e.target()
	rate *= paceFactor(rate)
	if e.probe.open {
		rate = e.probe.rate
	}
	rate /= 8
	most := paceBurst
	if p.owed {
		most = paceLate
	}
	p.budget = max(p.budget, min(p.budget+(now-p.last).Seconds()*rate, most.Seconds()*rate))
	p.last, p.owed = now, false
	p.drop(now - staleAfter)
	c := p.sound.pop()
	if c == nil {
		switch {
		case p.picture.len() == 0:
			p.budget = min(p.budget, paceBurst.Seconds()*rate)
			return nil, 0
		case p.budget < 0:
			p.owed = true
			return nil, max(time.Duration(-p.budget/rate*float64(time.Second)), 500*time.Microsecond)
		case !e.room():
			return nil, fullPause
		}
		c = p.picture.pop()
		p.queued -= c.wire()
	}
	size := c.wire()
	p.budget -= float64(size)
	if c.stream.twcc != 0 {
		c.number = e.leaves(size, c.stream.sound, c.again, now)
	}
	return c, 0
}

// drop lets go of waiting pictures that came before a time.
func (p *pacer) drop(before time.Duration) {
	for p.picture.len() > 0 && p.picture.ring[p.picture.first].at < before {
		c := p.picture.pop()
		p.queued -= c.wire()
		p.done(c)
	}
}

// backlog says how long the waiting pictures need at the present rate.
func (p *pacer) backlog(rate float64) time.Duration {
	return time.Duration(float64(p.queued) * 8 / (rate * paceFactor(rate)) * float64(time.Second))
}

// done takes a packet that was sent back.
func (p *pacer) done(c *pacedPacket) {
	c.stream = nil
	p.free = append(p.free, c)
}

// packetQueue is a ring that grows to what it once needed.
type packetQueue struct {
	ring        []*pacedPacket
	first, size int
}

func (q *packetQueue) len() int { return q.size }

func (q *packetQueue) push(c *pacedPacket) {
	if q.size == len(q.ring) {
		ring := make([]*pacedPacket, max(16, 2*len(q.ring)))
		for i := range q.size {
			ring[i] = q.ring[(q.first+i)%len(q.ring)]
		}
		q.ring, q.first = ring, 0
	}
	q.ring[(q.first+q.size)%len(q.ring)] = c
	q.size++
}

func (q *packetQueue) pop() *pacedPacket {
	if q.size == 0 {
		return nil
	}
	c := q.ring[q.first]
	q.ring[q.first] = nil
	q.first = (q.first + 1) % len(q.ring)
	q.size--
	return c
}
