package call

import (
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"

	"kontaktlaege/media"
)

// congestion is the sending side of one line: what its path carries, and the pacer that obeys. It is pion's
// cc.BandwidthEstimator. One goroutine sends.
type congestion struct {
	mu        sync.Mutex
	estimator *estimator
	pacer     pacer
	changed   func(rate int)
	closed    bool
	key       bool // the other side wants a key frame

	wake, ended chan struct{}
}

func newCongestion(start, most int) *congestion {
	c := &congestion{
		estimator: newEstimator(float64(start), float64(most)), pacer: pacer{streams: map[uint32]*pacedStream{}},
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	go c.run()
	return c
}

// AddStream gives the writer of a stream. pion calls it when the stream is bound.
func (c *congestion) AddStream(info *interceptor.StreamInfo, w interceptor.RTPWriter) interceptor.RTPWriter {
	s := &pacedStream{sound: info.ClockRate == audioClock, attributes: interceptor.Attributes{}, writer: w}
	for _, x := range info.RTPHeaderExtensions {
		switch x.URI {
		case sdp.TransportCCURI:
			s.twcc = uint8(x.ID)
		case playoutDelayURI:
			s.playout = uint8(x.ID)
		}
	}
	c.add(info.SSRC, s)
	return interceptor.RTPWriterFunc(c.write)
}

func (c *congestion) add(ssrc uint32, s *pacedStream) {
	c.mu.Lock()
	c.pacer.streams[ssrc] = s
	c.mu.Unlock()
}

// write queues a copy.
func (c *congestion) write(h *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
	c.mu.Lock()
	err := errUnknownStream
	if !c.closed {
		err = c.pacer.push(h, payload, media.Now())
	}
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	c.nudge()
	return len(payload), nil
}

func (c *congestion) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *congestion) run() {
	defer close(c.ended)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return
		}
		p, wait := c.pacer.next(c.estimator, media.Now())
		c.mu.Unlock()
		if p == nil {
			if wait == 0 {
				wait = time.Hour
			}
			timer.Reset(wait)
			select {
			case <-c.wake:
			case <-timer.C:
			}
			continue
		}
		p.send()
		c.mu.Lock()
		c.pacer.done(p)
		c.mu.Unlock()
	}
}

// WriteRTCP takes what the other side reports.
func (c *congestion) WriteRTCP(packets []rtcp.Packet, _ interceptor.Attributes) error {
	now := media.Now()
	c.mu.Lock()
	before := c.estimator.target()
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.TransportLayerCC:
			c.estimator.feedback(p, now)
		case *rtcp.TransportLayerNack:
			c.trim(p)
		case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
			c.key = true
		case *rtcp.ReceiverReport:
			c.reported(p.Reports)
		case *rtcp.SenderReport:
			c.reported(p.Reports)
		}
	}
	after, changed := c.estimator.target(), c.changed
	c.mu.Unlock()
	c.nudge()
	if changed != nil && after != before {
		changed(int(after))
	}
	return nil
}

// reported is all there is from somebody who gives no transport-wide feedback.
func (c *congestion) reported(reports []rtcp.ReceptionReport) {
	for _, r := range reports {
		if s := c.pacer.streams[r.SSRC]; s != nil && s.twcc == 0 && !s.sound {
			c.estimator.reported(float64(r.FractionLost) / 256)
		}
	}
}

// GetTargetBitrate gives what to send now, in bits a second on the wire.
func (c *congestion) GetTargetBitrate() int { return int(c.read(media.Now()).target) }

// OnTargetBitrateChange has f hear of each change.
func (c *congestion) OnTargetBitrateChange(f func(bitrate int)) {
	c.mu.Lock()
	c.changed = f
	c.mu.Unlock()
}

// GetStats gives figures for a look inside.
func (c *congestion) GetStats() map[string]any {
	r := c.read(media.Now())
	return map[string]any{"carries": int(r.carries), "target": int(r.target), "loss": r.loss, "rtt": r.rtt}
}

// reading is how a path stands.
type reading struct {
	carries, target float64 // bit/s on the wire: what it is believed to carry, and what to send now
	loss, soundLoss float64
	silence, rtt    time.Duration
	backlog         time.Duration // of pictures, before they leave
	overused        time.Duration // when its queue last grew
	full            bool          // enough is on its way: what is made now would only wait
	proven          bool          // the first probe is answered
	probing         bool          // one is not
}

// read gives how the path stands, and lets the estimator see the clock.
func (c *congestion) read(now time.Duration) reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.estimator
	e.tick(now)
	if e.silent {
		c.pacer.drop(now) // when something gets through again, a key frame does
	}
	r := reading{
		carries: e.carries(), target: e.target(), loss: e.loss.recent, soundLoss: e.loss.sound,
		silence: e.silence(now), rtt: e.rtt, overused: e.overused,
		full: !e.room(), proven: !e.probe.first, probing: e.probe.asked,
	}
	r.backlog = c.pacer.backlog(r.target)
	return r
}

// takeKey says whether the other side has asked for a key frame since the last time.
func (c *congestion) takeKey() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := c.key
	c.key = false
	return asked
}

// show says whether pictures are sent; where they are not any more, those that wait go, and none is sent again.
func (c *congestion) show(pictures bool, now time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pacer.blind == pictures {
		c.pacer.blind = !pictures
		c.pacer.drop(now)
	}
}

// begin sets the rate to start from, before anything was sent.
func (c *congestion) begin(rate int) {
	c.mu.Lock()
	c.estimator.begin(float64(rate))
	c.mu.Unlock()
}

// moved is for when packets go another way. A path of which nothing was told yet is as new as it can be.
func (c *congestion) moved(now time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.estimator.told {
		c.estimator.moved(now)
	}
}

// probe begins a probe if it is time for one, with the picture of that many bytes which is about to be written, and
// gives the bytes of padding to write after it.
func (c *congestion) probe(picture int, now time.Duration) (padding int, begun bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.estimator.probeDue(now) {
		return 0, false
	}
	return c.estimator.beginProbe(picture, now), true
}

// Close ends the sending goroutine and drops what waits.
func (c *congestion) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.nudge()
	<-c.ended
	return nil
}
