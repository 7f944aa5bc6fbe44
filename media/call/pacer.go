package call

import (
	"errors"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
)

const (
	// minRate keeps the estimate above what a quiet picture measured by mistake would make of it.
	minRate = 150_000
	// paceFactor lets a key frame leave faster than the mean rate (draft-ietf-rmcat-gcc-02 §3 allows bursts this size).
	paceFactor = 2.5
	paceBurst  = 10 * time.Millisecond
	// maxQueued bounds what waits, in packets; the encoder stops long before it.
	maxQueued = 1024
	// maxPlayoutDelay is in the extension's unit, 10 ms: the page shows a picture at once, and smooths at most 100 ms.
	maxPlayoutDelay = 10
)

var errPacerFull = errors.New("call: pacer is full")

// congestion estimates the path (GCC, by transport-wide feedback) and owns the pacer that obeys the estimate.
type congestion struct {
	*gcc.SendSideBWE
	pacer *pacer
}

func newCongestion(start, maximum int) (*congestion, error) {
	p := newPacer(start)
	e, err := gcc.NewSendSideBWE(gcc.SendSideBWEInitialBitrate(start), gcc.SendSideBWEMaxBitrate(maximum),
		gcc.SendSideBWEMinBitrate(minRate), gcc.SendSideBWEPacer(p))
	if err != nil {
		p.Close()
		return nil, err
	}
	return &congestion{SendSideBWE: e, pacer: p}, nil
}

// AddStream tells the pacer about the stream before the estimator wraps its writer.
func (c *congestion) AddStream(info *interceptor.StreamInfo, w interceptor.RTPWriter) interceptor.RTPWriter {
	s := &pacedStream{sound: info.ClockRate == audioClock, attributes: interceptor.Attributes{}}
	for _, x := range info.RTPHeaderExtensions {
		switch x.URI {
		case sdp.TransportCCURI:
			s.twcc = uint8(x.ID)
		case playoutDelayURI:
			s.playout = uint8(x.ID)
		}
	}
	c.pacer.describe(info.SSRC, s)
	return c.SendSideBWE.AddStream(info, w)
}

// pacedStream is one outgoing stream.
type pacedStream struct {
	sound         bool
	twcc, playout uint8 // negotiated extension ids, 0: none
	writer        interceptor.RTPWriter
	attributes    interceptor.Attributes
}

// pacedPacket is a copy of what is to be sent: the caller's buffers are its own again when Write returns.
type pacedPacket struct {
	stream  *pacedStream
	header  rtp.Header
	payload []byte
	twcc    [2]byte
	playout [3]byte
}

// pacer sends from one goroutine: sound at once, pictures as the rate allows. It numbers packets for the transport-wide
// feedback in the order in which they leave.
type pacer struct {
	mu             sync.Mutex
	streams        map[uint32]*pacedStream
	sound, picture packetQueue
	queued         int // bytes of pictures
	free           []*pacedPacket
	rate           float64 // bytes a second
	closed         bool

	wake, ended chan struct{}
}

func newPacer(rate int) *pacer {
	p := &pacer{streams: map[uint32]*pacedStream{}, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	p.SetTargetBitrate(rate)
	go p.run()
	return p
}

func (p *pacer) describe(ssrc uint32, s *pacedStream) {
	p.mu.Lock()
	p.streams[ssrc] = s
	p.mu.Unlock()
}

// AddStream gives the writer of a stream that was described.
func (p *pacer) AddStream(ssrc uint32, w interceptor.RTPWriter) {
	p.mu.Lock()
	p.streams[ssrc].writer = w
	p.mu.Unlock()
}

// SetTargetBitrate takes the estimate, bits a second.
func (p *pacer) SetTargetBitrate(bps int) {
	p.mu.Lock()
	p.rate = paceFactor * float64(bps) / 8
	p.mu.Unlock()
}

// backlog says how long the waiting pictures need at the present rate.
func (p *pacer) backlog() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Duration(float64(p.queued) / p.rate * float64(time.Second))
}

// Write queues a copy.
func (p *pacer) Write(h *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.streams[h.SSRC]
	switch {
	case p.closed || s == nil || s.writer == nil:
		return 0, gcc.ErrUnknownStream
	case p.picture.len()+p.sound.len() >= maxQueued:
		return 0, errPacerFull
	}
	var c *pacedPacket
	if n := len(p.free); n > 0 {
		c, p.free = p.free[n-1], p.free[:n-1]
	} else {
		c = &pacedPacket{}
	}
	extensions := append(c.header.Extensions[:0], h.Extensions...)
	c.stream, c.header, c.payload = s, *h, append(c.payload[:0], payload...)
	c.header.Extensions = extensions
	if s.sound {
		p.sound.push(c)
	} else {
		p.picture.push(c)
		p.queued += len(payload)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return len(payload), nil
}

// next gives the packet whose turn it is, or how long to wait for it (0: until somebody writes).
func (p *pacer) next(budget float64) (*pacedPacket, time.Duration) {
	if c := p.sound.pop(); c != nil {
		return c, 0
	}
	if p.picture.len() == 0 {
		return nil, 0
	}
	if budget < 0 {
		return nil, max(time.Duration(-budget/p.rate*float64(time.Second)), 500*time.Microsecond)
	}
	c := p.picture.pop()
	p.queued -= len(c.payload)
	return c, 0
}

func (p *pacer) run() {
	defer close(p.ended)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var (
		budget float64 // bytes that may leave now; negative: owed
		number uint16
		last   = time.Now()
	)
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return
		}
		now := time.Now()
		budget = min(budget+now.Sub(last).Seconds()*p.rate, paceBurst.Seconds()*p.rate)
		last = now
		c, wait := p.next(budget)
		p.mu.Unlock()

		if c == nil {
			if wait == 0 {
				wait = time.Hour
			}
			timer.Reset(wait)
			select {
			case <-p.wake:
			case <-timer.C:
			}
			continue
		}
		budget -= float64(c.header.MarshalSize() + len(c.payload))
		c.send(number)
		if c.stream.twcc != 0 {
			number++
		}
		p.mu.Lock()
		c.stream = nil
		p.free = append(p.free, c)
		p.mu.Unlock()
	}
}

func (c *pacedPacket) send(number uint16) {
	// An extension that can't be set is one that the packet goes without; a path that is gone is ICE's to notice.
	if id := c.stream.playout; id != 0 {
		c.playout = [3]byte{0, 0, maxPlayoutDelay} // 12 bits least, 12 bits most
		_ = c.header.SetExtension(id, c.playout[:])
	}
	if id := c.stream.twcc; id != 0 {
		c.twcc = [2]byte{byte(number >> 8), byte(number)}
		_ = c.header.SetExtension(id, c.twcc[:])
	}
	_, _ = c.stream.writer.Write(&c.header, c.payload, c.stream.attributes)
}

// Close ends the sending goroutine and drops what waits.
func (p *pacer) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
	<-p.ended
	return nil
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
