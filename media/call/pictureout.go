package call

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp/codecs"

	"kontaktlaege/media"
)

const (
	// packetSize leaves room for SRTP, extensions, TURN and IP within 1,280 bytes.
	packetSize = 1100
	// keyPause is the least time between two key frames that the other side asks for.
	keyPause = 300 * time.Millisecond
	// maxBacklog is how much may wait in the pacer before pictures are left out at their source.
	maxBacklog = 200 * time.Millisecond
)

// pictureOut takes the camera's pictures to RTP. The newest picture wins; the last one is kept so that a line that
// has just come up need not wait for the next.
type pictureOut struct {
	cfg     *Config
	encoder media.VideoEncoder
	lines   func() []*line // those of the call
	stats   pictureOutStats

	mu    sync.Mutex
	frame *media.Frame // newest
	fresh bool         // not encoded yet

	key   atomic.Bool
	wake  chan struct{}
	keyAt time.Time
	rate  int
	form  codecs.VP8Payloader

	ladder ladder
	scaler scaler
	sentAt time.Duration // capture time of the last picture
}

type pictureOutStats struct {
	encoded, dropped atomic.Uint64
	target           atomic.Int64
}

func newPictureOut(cfg *Config, e media.VideoEncoder, lines func() []*line) *pictureOut {
	return &pictureOut{
		cfg: cfg, encoder: e, lines: lines, wake: make(chan struct{}, 1), rate: cfg.VideoStartRate,
		form: codecs.VP8Payloader{EnablePictureID: true},
	}
}

// put takes over the reference.
func (p *pictureOut) put(f *media.Frame) {
	p.cfg.Self(f.Retain())
	p.mu.Lock()
	if p.frame != nil {
		if p.fresh && len(p.lines()) > 0 {
			p.stats.dropped.Add(1)
		}
		p.frame.Release()
	}
	p.frame, p.fresh = f, true
	p.mu.Unlock()
	p.nudge()
}

func (p *pictureOut) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pictureOut) requestKey() {
	p.key.Store(true)
	p.nudge()
}

// clear forgets the picture: its camera is closed.
func (p *pictureOut) clear() {
	p.mu.Lock()
	if p.frame != nil {
		p.frame.Release()
		p.frame = nil
	}
	p.mu.Unlock()
}

// take gives the picture to encode, with a reference, or nil.
func (p *pictureOut) take(again bool) *media.Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frame == nil || !(p.fresh || again) {
		return nil
	}
	p.fresh = false
	return p.frame.Retain()
}

func (p *pictureOut) run(ctx context.Context) {
	var current, before []*line // connected
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		before, current = current, before[:0]
		for _, l := range p.lines() {
			if l.connected() {
				current = append(current, l)
			}
		}
		if len(current) == 0 {
			continue
		}
		begins := slices.ContainsFunc(current, func(l *line) bool { return !slices.Contains(before, l) })
		if begins {
			p.key.Store(true)
			p.keyAt = time.Time{}
		}
		f := p.take(begins)
		if f == nil {
			continue
		}
		p.send(ctx, current, f)
		f.Release()
	}
}

// send gives one encoding, as good as the worst of the lines bears, to all of them.
func (p *pictureOut) send(ctx context.Context, lines []*line, f *media.Frame) {
	if slices.ContainsFunc(lines, func(l *line) bool { return l.bwe.read(media.Now()).backlog > maxBacklog }) {
		p.stats.dropped.Add(1)
		return
	}
	if f.Time > p.sentAt && f.Time-p.sentAt < time.Second*3/4/time.Duration(p.cfg.FPS) {
		return // the camera is faster than it should be
	}
	p.sentAt = f.Time
	p.adapt(lines)
	fitted := p.scaler.fit(f, p.cfg.MaxWidth, min(p.ladder.height(p.rate, media.Now()), p.cfg.MaxHeight))
	defer fitted.Release()
	if p.key.Load() && time.Since(p.keyAt) >= keyPause {
		p.key.Store(false)
		p.keyAt = time.Now()
		p.encoder.RequestKey()
	}
	unit, err := p.encoder.Encode(ctx, fitted)
	if err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.Warn("call: picture not encoded", "err", err)
			p.key.Store(true)
		}
		return
	}
	if len(unit.Data) == 0 {
		p.stats.dropped.Add(1)
		return
	}
	p.stats.encoded.Add(1)
	payloads := p.form.Payload(packetSize, unit.Data)
	for _, l := range lines {
		for i, payload := range payloads {
			if l.video.write(payload, f.Time, i == len(payloads)-1) != nil {
				p.key.Store(true) // part of it is missing over there
				break
			}
		}
	}
}

// adapt follows the lowest estimate of the paths, in steps that are worth the encoder's while.
func (p *pictureOut) adapt(lines []*line) {
	rate := p.cfg.VideoMaxRate
	for _, l := range lines {
		rate = min(rate, l.bwe.GetTargetBitrate()-p.cfg.AudioRate)
	}
	p.stats.target.Store(int64(rate))
	if rate > p.rate*97/100 && rate < p.rate*103/100 {
		return
	}
	p.rate = rate
	p.encoder.SetRate(rate)
}

func (p *pictureOut) close() {
	p.clear()
	_ = p.encoder.Close()
}
