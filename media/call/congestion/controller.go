// Package congestion says what the path of one connection carries, and lets no more leave than that (RFC 8836): Google's
// congestion control (draft-ietf-rmcat-gcc-02) by delay and by loss, with probes of its own, behind a pacer in which sound
// overtakes pictures.
//
// Invariants: rates are bits a second on the wire. Estimator and pacer are told the time and never look at a clock, start
// no goroutine and hold no lock, so that a test runs minutes of a bad network in milliseconds; a Controller owns them under
// its one lock, and has the one goroutine that sends. Who writes never waits: what does not fit in the pacer is refused.
// What a page says is feedback to be read and not to be believed: it may lower the rate to what sound needs, and no further.
package congestion

import (
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/cc"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"

	"kontaktlaege/media"
)

// PlayoutDelayURI names the header extension by which a page learns how long it may hold a picture back.
const PlayoutDelayURI = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"

// Controller is the sending side of one connection: what its path carries, and the pacer that obeys. It is pion's
// cc.BandwidthEstimator.
type Controller struct {
	mu        sync.Mutex
	estimator *estimator
	pacer     pacer
	changed   func(rate int)
	closed    bool
	key       bool // the other side wants a key frame

	wake, ended chan struct{}
}

// New makes one that begins at start, and never goes beyond most.
func New(start, most int) *Controller {
	c := &Controller{
		estimator: newEstimator(float64(start), float64(most)), pacer: pacer{streams: map[uint32]*pacedStream{}},
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	go c.run()
	return c
}

// Register puts it into the way of a connection's packets, and with it the requests for lost ones, ours and the other
// side's: they take from what the path carries. It comes before all others, nearest to the network.
func (c *Controller) Register(r *interceptor.Registry) error {
	sending, err := cc.NewInterceptor(func() (cc.BandwidthEstimator, error) { return c, nil })
	if err != nil {
		return err
	}
	responder, err := nack.NewResponderInterceptor()
	if err != nil {
		return err
	}
	generator, err := nack.NewGeneratorInterceptor(nack.GeneratorInterval(nackInterval), nack.GeneratorMaxNacksPerPacket(nackLooks))
	if err != nil {
		return err
	}
	for _, f := range []interceptor.Factory{sending, responder, &nackLimit{path: c.Read}, generator} {
		r.Add(f)
	}
	return nil
}

// AddStream gives the writer of a stream. pion calls it when the stream is bound.
func (c *Controller) AddStream(info *interceptor.StreamInfo, w interceptor.RTPWriter) interceptor.RTPWriter {
	s := &pacedStream{sound: info.ClockRate == media.SampleRate, attributes: interceptor.Attributes{}, writer: w}
	for _, x := range info.RTPHeaderExtensions {
		switch x.URI {
		case sdp.TransportCCURI:
			s.twcc = uint8(x.ID)
		case PlayoutDelayURI:
			s.playout = uint8(x.ID)
		}
	}
	c.add(info.SSRC, s)
	return interceptor.RTPWriterFunc(c.write)
}

func (c *Controller) add(ssrc uint32, s *pacedStream) {
	c.mu.Lock()
	c.pacer.streams[ssrc] = s
	c.mu.Unlock()
}

// write queues a copy.
func (c *Controller) write(h *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
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

func (c *Controller) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *Controller) run() {
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
func (c *Controller) WriteRTCP(packets []rtcp.Packet, _ interceptor.Attributes) error {
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
func (c *Controller) reported(reports []rtcp.ReceptionReport) {
	for _, r := range reports {
		if s := c.pacer.streams[r.SSRC]; s != nil && s.twcc == 0 && !s.sound {
			c.estimator.reported(float64(r.FractionLost) / 256)
		}
	}
}

// GetTargetBitrate gives what to send now, in bits a second on the wire.
func (c *Controller) GetTargetBitrate() int { return int(c.Read(media.Now()).Target) }

// OnTargetBitrateChange has f hear of each change.
func (c *Controller) OnTargetBitrateChange(f func(bitrate int)) {
	c.mu.Lock()
	c.changed = f
	c.mu.Unlock()
}

// GetStats gives figures for a look inside.
func (c *Controller) GetStats() map[string]any {
	r := c.Read(media.Now())
	return map[string]any{"carries": int(r.Carries), "target": int(r.Target), "loss": r.Loss, "rtt": r.RTT}
}

// Reading is how a path stands.
type Reading struct {
	Carries, Target float64       // bit/s on the wire: what it is believed to carry, and what to send now
	Loss, SoundLoss float64       // 0–1
	Silence         time.Duration // since when nothing was heard of what was sent
	RTT             time.Duration
	Backlog         time.Duration // of pictures, before they leave
	Full            bool          // enough is on its way: what is made now would only wait
	Proven          bool          // the first probe is answered
	Probing         bool          // one is not
}

// Read gives how the path stands, and lets the estimator see the clock.
func (c *Controller) Read(now time.Duration) Reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.estimator
	e.tick(now)
	if e.silent {
		c.pacer.drop(now) // when something gets through again, a key frame does
	}
	target := e.target()
	return Reading{
		Carries: e.carries(), Target: target, Loss: e.loss.recent, SoundLoss: e.loss.sound,
		Silence: e.silence(now), RTT: e.rtt, Backlog: c.pacer.backlog(target),
		Full: !e.room(), Proven: !e.probe.first, Probing: e.probe.asked,
	}
}

// TakeKey says whether the other side has asked for a key frame since the last time.
func (c *Controller) TakeKey() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := c.key
	c.key = false
	return asked
}

// Show says whether pictures are sent; where they are not any more, those that wait go, and none is sent again.
func (c *Controller) Show(pictures bool, now time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pacer.blind == pictures {
		c.pacer.blind = !pictures
		c.pacer.drop(now)
	}
}

// Begin sets the rate to start from, before anything was sent.
func (c *Controller) Begin(rate int) {
	c.mu.Lock()
	c.estimator.begin(float64(rate))
	c.mu.Unlock()
}

// Moved is for when packets go another way. A path of which nothing was told yet is as new as it can be.
func (c *Controller) Moved(now time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.estimator.told {
		c.estimator.moved(now)
	}
}

// Probe begins a probe if it is time for one, with the picture of that many bytes which is about to be written, and
// gives the bytes of padding to write after it.
func (c *Controller) Probe(picture int, now time.Duration) (padding int, begun bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.estimator.probeDue(now) {
		return 0, false
	}
	return c.estimator.beginProbe(picture, now), true
}

// KeyFrom notes the number of the first packet of a key frame, before it is written.
func (c *Controller) KeyFrom(number uint16) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.pacer.streams {
		if !s.sound {
			s.keyed, s.key = true, number
		}
	}
}

// trim takes out of the other side's request what lies before the newest key frame, which needs none of it: after a break
// that is seconds of pictures, and all that is new would wait behind them. pion's responder reads the same packet.
func (c *Controller) trim(request *rtcp.TransportLayerNack) {
	s := c.pacer.streams[request.MediaSSRC]
	if s == nil || !s.keyed {
		return
	}
	var numbers []uint16
	for _, pair := range request.Nacks {
		pair.Range(func(number uint16) bool {
			if number-s.key < nackSpan {
				numbers = append(numbers, number)
			}
			return true
		})
	}
	request.Nacks = rtcp.NackPairsFromSequenceNumbers(numbers)
}

// Close ends the sending goroutine and drops what waits.
func (c *Controller) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.nudge()
	<-c.ended
	return nil
}
