package call

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"kontaktlaege/media"
	"kontaktlaege/media/call/packet"
)

// maxUndecoded is how many pictures may wait for the decoder. One more and the machine is too slow: all of them go, and
// the picture comes back with a key frame.
const maxUndecoded = 6

// unit is one picture on its way to the decoder.
type unit struct {
	data      []byte
	timestamp uint32
	key       bool
}

// pictureIn takes the other side's pictures from RTP to frames: one goroutine reads, which must not wait since the
// feedback to the sender tells when packets were read, and one decodes.
type pictureIn struct {
	decoder media.VideoDecoder
	show    func(*media.Frame) // takes over the reference
	trace   func(step string)
	ask     func(ssrc uint32)
	shown   atomic.Bool // this line is the current one

	broken atomic.Bool // decoder to reader: a key frame is needed
	stats  pictureStats

	mu      sync.Mutex
	waiting []unit
	free    []unit
	wake    chan struct{}

	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// pictureStats are counted up as long as a line lives.
type pictureStats struct {
	octets, packets, lost, decoded, dropped, keyRequests atomic.Uint64
	size                                                 atomic.Uint64 // width<<32 | height
}

func newPictureIn(cfg *Config, from string, ask func(ssrc uint32)) (*pictureIn, error) {
	d, err := cfg.NewVideoDecoder()
	if err != nil {
		return nil, err
	}
	show := func(f *media.Frame) { cfg.Remote(from, f) }
	p := &pictureIn{decoder: d, show: show, trace: cfg.Trace, ask: ask, wake: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.wg.Go(func() { p.decode(ctx) })
	return p, nil
}

// receive reads the track until it ends.
func (p *pictureIn) receive(t *webrtc.TrackRemote) {
	a := packet.NewAssembler()
	whole := 0
	buf := make([]byte, 2048)
	var in rtp.Packet
	for {
		n, _, err := t.Read(buf)
		if err != nil {
			return
		}
		if in.Unmarshal(buf[:n]) != nil {
			continue
		}
		p.stats.octets.Add(uint64(n))
		if p.stats.packets.Add(1) == 1 {
			p.trace("first packet of the picture")
		}
		if p.broken.Swap(false) {
			a.Broken()
		}
		a.Push(&in.Header, in.Payload, media.Now())
		for {
			data, timestamp, key, ok := a.Pull()
			if !ok {
				break
			}
			if whole == 0 {
				p.trace("first picture whole")
			}
			whole++
			if !p.enqueue(data, timestamp, key) {
				a.Broken()
			}
		}
		p.stats.lost.Store(a.Lost())
		if a.WantsKey() {
			p.stats.keyRequests.Add(1)
			p.ask(uint32(t.SSRC()))
		}
	}
}

// enqueue copies the picture for the decoder; false: it can't keep up and a key frame is needed.
func (p *pictureIn) enqueue(data []byte, timestamp uint32, key bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	fits := len(p.waiting) < maxUndecoded
	if !fits {
		p.stats.dropped.Add(uint64(len(p.waiting)))
		p.free = append(p.free, p.waiting...)
		p.waiting = p.waiting[:0]
		if !key {
			p.stats.dropped.Add(1)
			return false
		}
	}
	var u unit
	if n := len(p.free); n > 0 {
		u, p.free = p.free[n-1], p.free[:n-1]
	}
	u.data, u.timestamp, u.key = append(u.data[:0], data...), timestamp, key
	p.waiting = append(p.waiting, u)
	signal(p.wake)
	return true
}

func (p *pictureIn) dequeue() (unit, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		return unit{}, false
	}
	u := p.waiting[0]
	copy(p.waiting, p.waiting[1:])
	p.waiting = p.waiting[:len(p.waiting)-1]
	return u, true
}

func (p *pictureIn) decode(ctx context.Context) {
	var clock rtpClock
	for {
		u, ok := p.dequeue()
		if !ok {
			select {
			case <-ctx.Done():
				return
			case <-p.wake:
			}
			continue
		}
		at := clock.time(u.timestamp, media.Now())
		f, err := p.decoder.Decode(ctx, media.AccessUnit{Data: u.data, Key: u.key, Time: at})
		p.mu.Lock()
		p.free = append(p.free, u)
		p.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			if f != nil {
				f.Release()
			}
			return
		case err != nil:
			p.broken.Store(true)
		case f != nil:
			if p.stats.decoded.Add(1) == 1 {
				p.trace("first picture decoded")
			}
			if size := uint64(f.Width)<<32 | uint64(uint32(f.Height)); p.stats.size.Swap(size) != size {
				p.trace("a picture of " + strconv.Itoa(f.Height) + " lines")
			}
			f.Time = at
			if p.shown.Load() {
				p.show(f)
			} else {
				f.Release()
			}
		}
	}
}

func (p *pictureIn) close() {
	p.cancel()
	p.wg.Wait()
	_ = p.decoder.Close()
}

// rtpClock puts RTP timestamps of 90 kHz onto the media clock: as if the fastest packet lately had needed no time. Its
// zero value is ready.
type rtpClock struct {
	started bool
	last    uint32
	ticks   int64
	offset  time.Duration // media time of tick 0
}

func (c *rtpClock) time(timestamp uint32, now time.Duration) time.Duration {
	if !c.started {
		c.started, c.last = true, timestamp
		c.offset = now
	}
	c.ticks += int64(int32(timestamp - c.last))
	c.last = timestamp
	at := time.Duration(c.ticks) * time.Second / videoClock
	c.offset = min(c.offset+50*time.Microsecond, now-at) // slowly up, for a clock that runs slower than ours
	return at + c.offset
}
