package playback

import (
	"context"
	"math"
	"sync"
	"time"

	"kontaktlaege/media"
)

// Clip is a short piece of sound: mono, 48 kHz.
type Clip []int16

// RingTone is two rising tones and a pause, two seconds in all: it is the citizen's turn.
func RingTone() Clip {
	c := make(Clip, 2*media.SampleRate)
	c.note(0, 0.35, 659.26)
	c.note(0.28, 0.7, 987.77)
	return c
}

// Notice is one soft tone: something was said, nothing is urgent.
func Notice() Clip {
	c := make(Clip, media.SampleRate/2)
	c.note(0, 0.45, 783.99)
	return c
}

// note adds a struck tone.
func (c Clip) note(at, seconds, hz float64) {
	begin, length := int(at*media.SampleRate), int(seconds*media.SampleRate)
	for i := range length {
		t := float64(i) / media.SampleRate
		attack := min(t/0.008, 1)
		release := min((seconds-t)/0.03, 1)
		wave := math.Sin(2*math.Pi*hz*t) + 0.3*math.Sin(4*math.Pi*hz*t)*math.Exp(-6*t) + 0.1*math.Sin(6*math.Pi*hz*t)*math.Exp(-9*t)
		sum := float64(c[begin+i]) + math.MaxInt16*0.45*attack*release*math.Exp(-3*t)*wave
		c[begin+i] = int16(min(max(sum, math.MinInt16), math.MaxInt16))
	}
}

// Options say how a clip is played.
type Options struct {
	Loop    bool // until Stop
	Growing bool // softly at first, full after growth seconds
}

const (
	growth     = 12 * media.SampleRate // samples until a growing clip is at its loudest
	softest    = 0.15
	pieceCount = 4 // pieces of silence after a clip, so that the device has played it before it closes
)

// Ringer plays clips on a loudspeaker of its own, one at a time.
type Ringer struct {
	spec string

	mu     sync.Mutex
	now    *sounding
	closed bool
}

// NewRinger takes the spec of OpenLoudspeaker and opens nothing yet.
func NewRinger(spec string) *Ringer { return &Ringer{spec: spec} }

// Play begins to play clip in place of what sounds now. ctx is for the opening only.
func (r *Ringer) Play(ctx context.Context, clip Clip, o Options) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return media.ErrClosed
	}
	r.stop()
	s := &sounding{clip: clip, Options: o, over: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	sink, err := OpenLoudspeaker(ctx, r.spec, s.fill)
	if err != nil {
		return err
	}
	r.now = s
	go s.run(r.spec, sink)
	return nil
}

// Stop ends what sounds, and waits until it has.
func (r *Ringer) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop()
}

// Idle is closed when what sounds now has ended; at once where nothing does.
func (r *Ringer) Idle() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now != nil {
		return r.now.done
	}
	idle := make(chan struct{})
	close(idle)
	return idle
}

// Close stops, for good.
func (r *Ringer) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.stop()
	return nil
}

func (r *Ringer) stop() {
	if r.now != nil {
		close(r.now.quit)
		<-r.now.done
		r.now = nil
	}
}

// sounding is one clip being played.
type sounding struct {
	Options
	clip Clip
	at   int // next sample; of the device's thread, as is played
	tail int // pieces after the end
	over chan struct{}
	quit chan struct{}
	done chan struct{}

	played int
}

// run keeps a loudspeaker open until the clip is over or stopped: a ring is not lost with a headset.
func (s *sounding) run(spec string, sink media.AudioSink) {
	defer close(s.done)
	for sink != nil {
		select {
		case <-s.over:
			sink.Close()
			return
		case <-s.quit:
			sink.Close()
			return
		case <-sink.Lost():
			sink.Close()
			sink = s.reopen(spec)
		}
	}
}

// retry is how long after the loudspeaker went away it is looked for again.
const retry = time.Second

// reopen tries until there is a loudspeaker, or gives nil once it is stopped.
func (s *sounding) reopen(spec string) media.AudioSink {
	for {
		timer := time.NewTimer(retry)
		select {
		case <-s.quit:
			timer.Stop()
			return nil
		case <-timer.C:
		}
		if sink, err := OpenLoudspeaker(context.Background(), spec, s.fill); err == nil {
			return sink
		}
	}
}

func (s *sounding) fill(pcm []int16) {
	for i := range pcm {
		if s.at == len(s.clip) {
			if !s.Loop || len(s.clip) == 0 {
				break
			}
			s.at = 0
		}
		gain := 1.0
		if s.Growing {
			gain = min(softest+(1-softest)*float64(s.played)/growth, 1)
		}
		pcm[i] = int16(float64(s.clip[s.at]) * gain)
		s.at++
		s.played++
	}
	if s.at == len(s.clip) && (!s.Loop || len(s.clip) == 0) {
		if s.tail++; s.tail >= pieceCount {
			select {
			case s.over <- struct{}{}:
			default:
			}
		}
	}
}
