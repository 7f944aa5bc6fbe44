package call

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/media"
	"kontaktlaege/media/call/ladder"
)

const (
	// lookPause is how often the paths are looked at when no picture comes.
	lookPause = 50 * time.Millisecond
	// smallKept is how long the small encoding is kept when nobody needs it.
	smallKept = 30 * time.Second
	// stillRate is how much lower the rate must be for key frames two seconds apart to take it up, and no more.
	stillRate = 3
)

// pictureOut takes the camera's pictures to RTP, in at most two encodings: a large one, and a small one for the lines
// that carry much less than the best, for still pictures, and for a path that is not proven yet. The newest picture wins;
// the last one is kept so that a line that has just come up need not wait for the next.
type pictureOut struct {
	cfg   *Config
	lines func() []*line // those of the call
	stats pictureOutStats
	wake  chan struct{}

	mu    sync.Mutex
	frame *media.Frame // newest
	fresh bool         // not encoded yet

	// The rest belongs to run.
	large, small *encoding                // small is nil while nobody needs it
	single       bool                     // there is no second encoder to be had
	outlets      []*outlet                // of the lines that stand
	members      []*outlet                // scratch
	past         map[string]ladder.Ladder // of the lines that were there before, by participant
	warm         bool
	source       int           // height of the camera's pictures
	sentAt       time.Duration // capture time of the last picture
	probedAt     time.Duration
}

type pictureOutStats struct {
	encoded, dropped atomic.Uint64
	target           atomic.Int64
}

func newPictureOut(cfg *Config, e media.VideoEncoder, lines func() []*line) *pictureOut {
	return &pictureOut{
		cfg: cfg, lines: lines, wake: make(chan struct{}, 1),
		past: map[string]ladder.Ladder{}, large: &encoding{encoder: e, rate: cfg.VideoStartRate},
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

// nudge has the lines and what they ask for looked at.
func (p *pictureOut) nudge() {
	signal(p.wake)
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
	tick := time.NewTicker(lookPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-tick.C:
		}
		now := media.Now()
		p.follow()
		for _, o := range p.outlets {
			o.look(p.source, p.cfg.VideoMaxRate, now)
		}
		if f := p.take(slices.ContainsFunc(p.outlets, (*outlet).begins)); f != nil {
			p.source = min(f.Height, p.cfg.MaxHeight)
			p.use(ctx, f, now)
			f.Release()
		}
		p.rest(now)
	}
}

// follow keeps an outlet for each line that stands, or has stood. A line that takes another one's place goes on from its
// step of the ladder.
func (p *pictureOut) follow() {
	lines := p.lines()
	before := len(p.outlets)
	for _, l := range lines {
		if !l.connected() || slices.ContainsFunc(p.outlets, func(o *outlet) bool { return o.line == l }) {
			continue
		}
		o := newOutlet(l)
		if old, ok := p.past[l.to]; ok {
			o.ladder = old
		}
		p.outlets = append(p.outlets, o)
	}
	p.share(p.outlets[:before], p.outlets[before:])
	p.outlets = slices.DeleteFunc(p.outlets, func(o *outlet) bool {
		if slices.Contains(lines, o.line) {
			return false
		}
		p.past[o.line.to] = o.ladder
		return true
	})
}

// share gives lines that begin together, or beside others, a part each of what one alone would start with: they may
// have an uplink in common.
func (p *pictureOut) share(old, fresh []*outlet) {
	if len(fresh) == 0 || len(fresh)+len(old) == 1 {
		return
	}
	start := float64(p.cfg.VideoStartRate + p.cfg.AudioRate)
	for _, o := range old {
		if o.carries < p.cfg.VideoMaxRate {
			start = min(start, o.path.Carries)
		}
	}
	for _, o := range fresh {
		o.line.bwe.Begin(int(start) / (len(fresh) + min(len(old), 1)))
	}
}

// use does with a picture what there is to be done.
func (p *pictureOut) use(ctx context.Context, f *media.Frame, now time.Duration) {
	if len(p.outlets) == 0 {
		p.warmUp(ctx, f, now)
		return
	}
	if f.Time > p.sentAt && f.Time-p.sentAt < time.Second*3/4/time.Duration(p.cfg.FPS) {
		return // the camera is faster than it should be
	}
	p.sentAt = f.Time
	p.choose(now)
	sent := p.send(ctx, f, false, now)
	sent = p.send(ctx, f, true, now) || sent
	if sent {
		p.stats.encoded.Add(1)
	} else {
		p.stats.dropped.Add(1)
	}
	p.stats.target.Store(int64(p.outlets[0].carries))
}

// warmUp has the encoders make one picture for nobody, since their first one takes longest.
func (p *pictureOut) warmUp(ctx context.Context, f *media.Frame, now time.Duration) {
	if p.warm {
		return
	}
	p.warm = true
	for _, e := range []*encoding{p.large, p.encoding(true)} {
		height := p.cfg.MaxHeight
		if e != p.large {
			height = min(height, firstHeight)
		}
		if _, err := e.encode(ctx, f, p.cfg.MaxWidth, height, true, now); err != nil && ctx.Err() == nil {
			p.cfg.Log.Warn("call: encoder not warm", "err", err)
		}
	}
}

// encoding gives the large or the small one, which is made when it is needed.
func (p *pictureOut) encoding(small bool) *encoding {
	if !small || p.single {
		return p.large
	}
	if p.small == nil {
		e, err := newEncoding(p.cfg, firstRate)
		if err != nil {
			p.cfg.Log.Warn("call: no second encoder, all get the same picture", "err", err)
			p.single = true
			return p.large
		}
		p.small = e
	}
	return p.small
}

func (p *pictureOut) choose(now time.Duration) {
	most := 0
	for _, o := range p.outlets {
		if o.moves() && o.path.Proven {
			most = max(most, o.carries)
		}
	}
	for _, o := range p.outlets {
		o.choose(most, now)
	}
}

// send makes one of the encodings, if a line is there for it, and says whether it did.
func (p *pictureOut) send(ctx context.Context, frame *media.Frame, small bool, now time.Duration) bool {
	if p.single && small {
		return false
	}
	rate, height, key, urgent, moving := p.gather(small, now)
	if len(p.members) == 0 {
		return false
	}
	e := p.encoding(small)
	if !moving {
		rate /= stillRate
	}
	e.setRate(rate)
	e.key = e.key || key
	unit, err := e.encode(ctx, frame, p.cfg.MaxWidth, min(height, p.cfg.MaxHeight), urgent, now)
	if err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.Warn("call: picture not encoded", "err", err)
		}
		return false
	}
	if len(unit.Data) == 0 {
		return false
	}
	for _, o := range p.members {
		switch {
		case o.needKey && !unit.Key:
			continue
		case !o.moves():
			o.stillAt = now
		}
		if o.send(unit, p.mayProbe(o, now), now) {
			p.probedAt = now
		}
	}
	return true
}

// gather puts into members who takes part in an encoding now, and gives what they can bear.
func (p *pictureOut) gather(small bool, now time.Duration) (rate, height int, key, urgent, moving bool) {
	p.members = p.members[:0]
	rate, height = p.cfg.VideoMaxRate, p.cfg.MaxHeight
	if small && !p.single {
		rate, height = min(rate, firstRate), min(height, firstHeight)
	}
	several := 0
	for _, o := range p.outlets {
		if o.moves() && (o.small == small || p.single) {
			several++
		}
	}
	for _, o := range p.outlets {
		switch {
		case o.small != small && !p.single:
			continue
		case o.moves() && o.blocked():
			if several > 1 {
				o.needKey = true // the others go on without it
				o.setSmall(true)
			}
			continue
		case o.moves():
		case o.wantsStill(now):
			o.needKey = true
			urgent = true
		default:
			continue
		}
		p.members = append(p.members, o)
		if o.moves() || several == 0 { // a still among those that move is one of their key frames: their size is theirs
			rate, height = min(rate, o.rate), min(height, o.ladder.Height())
		}
		key, moving = key || o.needKey, moving || o.moves()
		urgent = urgent || o.sentAt == 0
	}
	return rate, height, key, urgent, moving
}

// mayProbe says whether the line may probe now: one at a time.
func (p *pictureOut) mayProbe(o *outlet, now time.Duration) bool {
	if now-p.probedAt < probeApart && p.probedAt != 0 && len(p.outlets) > 1 {
		return false
	}
	for _, other := range p.outlets {
		if other != o && other.path.Probing && other.path.Proven {
			return false
		}
	}
	return true
}

// rest does what there is to do between pictures.
func (p *pictureOut) rest(now time.Duration) {
	for _, o := range p.outlets {
		if p.mayProbe(o, now) && o.idle(now) {
			p.probedAt = now
		}
	}
	if p.small != nil && len(p.outlets) > 0 && now-p.small.used > smallKept {
		p.small.close()
		p.small = nil
	}
}

func (p *pictureOut) close() {
	p.clear()
	p.large.close()
	if p.small != nil {
		p.small.close()
	}
}
