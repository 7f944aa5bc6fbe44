package congestion

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"kontaktlaege/media/call/packet"
)

// path is a simulated link: a queue before a bottleneck, then a delay, then loss.
type path struct {
	rate   func(now time.Duration) float64 // bit/s on the wire
	queue  time.Duration                   // at most, at the rate
	delay  time.Duration
	jitter time.Duration
	loss   func(now time.Duration) float64
	stalls time.Duration // a mean second apart the path stands still for up to so long, as a busy cell, or machine, does
	bucket float64       // bytes that a token bucket lets through at once, as tbf does
	random *rand.Rand

	stallAt, stallTo time.Duration

	free    time.Duration // when the bottleneck has sent what it has
	tokens  float64
	tokenAt time.Duration
	longest time.Duration // queue, since it was last read
}

func steady(rate float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return rate }
}

// pass gives when a packet comes, or that it is lost.
func (p *path) pass(size int, now time.Duration) (time.Duration, bool) {
	if p.loss != nil && p.random.Float64() < p.loss(now) {
		return 0, false
	}
	rate := p.rate(now)
	if rate <= 0 {
		return 0, false
	}
	wait := max(p.free-now, 0)
	if wait > p.queue {
		return 0, false
	}
	p.longest = max(p.longest, wait)
	p.tokens = min(p.tokens+(now-p.tokenAt).Seconds()*rate/8, p.bucket)
	p.tokenAt = now
	if wait == 0 && p.tokens >= float64(size) {
		p.tokens -= float64(size)
		p.free = now
	} else {
		p.free = max(p.free, now) + time.Duration(float64(size)*8/rate*float64(time.Second))
	}
	came := p.free + p.delay
	if p.stalls > 0 {
		for came > p.stallTo {
			p.stallAt = p.stallTo + time.Duration(p.random.ExpFloat64()*float64(time.Second))
			p.stallTo = p.stallAt + time.Duration(p.random.Float64()*float64(p.stalls))
		}
		if came > p.stallAt {
			came = p.stallTo
		}
	}
	if p.jitter > 0 {
		came += time.Duration(p.random.Float64() * float64(p.jitter))
	}
	return came, true
}

// patience is the backlog at which pictures are left out at their source.
const patience = 200 * time.Millisecond

// sender is one line that sends sound and pictures over a path, and gets feedback.
type sender struct {
	c        *Controller
	path     *path
	back     time.Duration // of the feedback
	backLoss float64
	interval time.Duration
	content  float64 // the most that the picture needs, bit/s
	from     time.Duration

	recorder          *twcc.Recorder
	coming            []coming
	feedbacks         []coming
	next              time.Duration // feedback
	nextSound, nextAt time.Duration
	random            *rand.Rand
	key               bool
	number            uint16

	// What came of it.
	carried            int // bytes since they were last read
	sounds, soundsCame int
	waits              []time.Duration // of the sound
	pads               int
}

type coming struct {
	at, sent time.Duration
	number   uint16
	size     int
	sound    bool
	packets  []rtcp.Packet
}

func newSender(p *path, start int) *sender {
	s := &sender{
		c:    &Controller{estimator: newEstimator(float64(start), 2_500_000), pacer: pacer{streams: map[uint32]*pacedStream{}}, wake: make(chan struct{}, 1)},
		path: p, back: p.delay, interval: 50 * time.Millisecond, content: 2_500_000,
		recorder: twcc.NewRecorder(7), random: rand.New(rand.NewPCG(1, 2)), key: true,
	}
	s.c.add(pictureSSRC, &pacedStream{twcc: 5, playout: 6, writer: &discard{}})
	s.c.add(soundSSRC, &pacedStream{twcc: 5, sound: true, writer: &discard{}})
	return s
}

func (s *sender) step(now time.Duration) {
	if now < s.from {
		return
	}
	s.produce(now)
	for {
		p, _ := s.c.pacer.next(s.c.estimator, now)
		if p == nil {
			break
		}
		if p.stream.sound {
			s.sounds++
		}
		if came, ok := s.path.pass(p.wire(), now); ok {
			s.coming = append(s.coming, coming{at: came, sent: now, number: p.number, size: p.wire(), sound: p.stream.sound})
		}
		s.c.pacer.done(p)
	}
	s.coming = slices.DeleteFunc(s.coming, func(c coming) bool {
		if c.at > now {
			return false
		}
		s.recorder.Record(pictureSSRC, c.number, (time.Hour + c.at).Microseconds()) // its clock is another one
		s.carried += c.size
		if c.sound {
			s.soundsCame++
			s.waits = append(s.waits, c.at-c.sent-s.path.delay)
		}
		return true
	})
	if now >= s.next {
		s.next = now + s.interval
		if packets := s.recorder.BuildFeedbackPacket(); len(packets) > 0 && s.random.Float64() >= s.backLoss && s.path.rate(now) > 0 {
			s.feedbacks = append(s.feedbacks, coming{at: now + s.back, packets: packets})
		}
	}
	s.feedbacks = slices.DeleteFunc(s.feedbacks, func(f coming) bool {
		if f.at > now {
			return false
		}
		for _, p := range f.packets {
			if fb, ok := p.(*rtcp.TransportLayerCC); ok {
				s.c.estimator.feedback(fb, now)
			}
		}
		return true
	})
}

func (s *sender) header(ssrc uint32) *rtp.Header {
	s.number++
	return &rtp.Header{SSRC: ssrc, SequenceNumber: s.number}
}

// produce writes sound and pictures as the encoders do: pictures of about the size that was asked for.
func (s *sender) produce(now time.Duration) {
	r := s.c.Read(now)
	soundRate := 32_000.0
	if r.Carries < 150_000 {
		soundRate = 12_000
	}
	payload := make([]byte, packet.Size)
	if now >= s.nextSound {
		s.nextSound = max(s.nextSound, now) + 20*time.Millisecond
		s.c.pacer.push(s.header(soundSSRC), payload[:int(soundRate/50/8)], now)
	}
	if now < s.nextAt || r.Backlog > patience || r.Full {
		return
	}
	s.nextAt = max(s.nextAt, now) + time.Second/30
	rate := min((r.Target-soundRate-50*62*8)*0.93, s.content)
	if rate < 20_000 {
		return
	}
	size := int(rate / 30 / 8 * (0.8 + 0.4*s.random.Float64()))
	if s.key {
		size, s.key = min(3*size, 6000), false
	}
	pad, _ := s.c.Probe(size, now)
	for size > 0 {
		n := min(size, packet.Size)
		s.c.pacer.push(s.header(pictureSSRC), payload[:n], now)
		size -= n
	}
	for pad > 0 {
		s.pads++
		h := s.header(pictureSSRC)
		h.Padding, h.PaddingSize = true, packet.MaxPadding
		s.c.pacer.push(h, nil, now)
		pad -= packet.MaxPadding
	}
}

// simulate runs the senders from one time to another; each half second look is called, if it is not nil.
func simulate(senders []*sender, from, to time.Duration, look func(now time.Duration)) {
	for now := from + simulated; now <= to; now += simulated {
		for _, s := range senders {
			s.step(now)
		}
		if look != nil && now%(500*time.Millisecond) == 0 {
			look(now)
		}
	}
}

// simulated is the step of simulated time.
const simulated = 500 * time.Microsecond

func newPath(rate func(time.Duration) float64) *path {
	return &path{rate: rate, queue: time.Second, delay: 20 * time.Millisecond, random: rand.New(rand.NewPCG(3, 4))}
}

// measure runs one or more senders over the same path from one time to another, and gives what came through then.
func measure(from, to time.Duration, senders ...*sender) figures {
	p := senders[0].path
	p.longest = 0
	for _, s := range senders {
		s.carried, s.sounds, s.soundsCame, s.waits = 0, 0, 0, nil
	}
	simulate(senders, from, to, nil)
	var f figures
	f.queue = p.longest
	f.least = 1e9
	seconds := (to - from).Seconds()
	for _, s := range senders {
		rate := float64(s.carried) * 8 / seconds
		f.rate += rate
		f.least = min(f.least, rate)
		f.soundLoss = max(f.soundLoss, 1-float64(s.soundsCame)/float64(max(s.sounds, 1)))
		if len(s.waits) > 0 {
			slices.Sort(s.waits)
			f.soundWait = max(f.soundWait, s.waits[len(s.waits)*95/100])
		}
	}
	return f
}

// figures are what came through, all senders together; least is of the one with the least.
type figures struct {
	rate, least      float64
	queue, soundWait time.Duration // longest, and the 95th percentile of the worst
	soundLoss        float64       // of the worst
}
