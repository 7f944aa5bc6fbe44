package call_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
	"kontaktlaege/media/codec"
)

const (
	testWidth, testHeight = 320, 180
	toneHz                = 440
)

// tonesHz are those that a loudspeaker listens for: of the clinic and of two guests.
var tonesHz = [...]float64{toneHz, 1000, 1760}

// room is the tablet's surroundings: a camera that shows a moving picture, a microphone that hears a tone, and a
// loudspeaker that listens to what it plays. Devices can be broken.
type room struct {
	openCameras, openMicrophones atomic.Int32
	cameraBroken, microphoneGone atomic.Bool
	unplug                       atomic.Bool // the open camera goes away
	deaf                         atomic.Bool // the loudspeaker goes away
	zoom                         atomic.Uint64
	torch                        atomic.Bool
	self, remote                 atomic.Int64
	remoteLuma                   atomic.Int64  // mean brightness of the last remote picture
	tone                         atomic.Uint64 // of the clinic
	tones                        [len(tonesHz)]atomic.Uint64
	from                         sync.Map // pictures by participant: *atomic.Int64
}

// pictures counts those of one participant.
func (r *room) pictures(participant string) *atomic.Int64 {
	n, _ := r.from.LoadOrStore(participant, new(atomic.Int64))
	return n.(*atomic.Int64)
}

func (r *room) config(t testing.TB) call.Config {
	var decoded media.FramePool
	return call.Config{
		Log:             slog.New(slog.NewTextHandler(testLog{t}, nil)),
		Cameras:         func() int { return 2 },
		OpenCamera:      r.openCamera,
		OpenMicrophone:  r.openMicrophone,
		OpenLoudspeaker: r.openLoudspeaker,
		NewVideoEncoder: func(rate int) (media.VideoEncoder, error) { return codec.NewVP8Encoder(codec.VP8Config{Rate: rate}) },
		NewVideoDecoder: func() (media.VideoDecoder, error) { return codec.NewVP8Decoder(&decoded) },
		NewAudioEncoder: func(rate int) (media.AudioEncoder, error) { return codec.NewOpusEncoder(codec.OpusConfig{Rate: rate}) },
		NewAudioDecoder: codec.NewOpusDecoder,
		Self:            func(f *media.Frame) { r.self.Add(1); f.Release() },
		Remote: func(participant string, f *media.Frame) {
			r.pictures(participant).Add(1)
			r.remoteLuma.Store(int64(mean(f.Y)))
			r.remote.Add(1)
			f.Release()
		},
		IncludeLoopback: true,
	}
}

// testLog writes to the test's log as long as the test runs.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	if l.t.Context().Err() == nil {
		l.t.Log(string(p[:len(p)-1]))
	}
	return len(p), nil
}

func mean(plane []byte) int {
	sum := 0
	for _, v := range plane {
		sum += int(v)
	}
	return sum / max(len(plane), 1)
}

type camera struct {
	room  *room
	index int
	pool  media.FramePool
	tick  *time.Ticker
	n     int
}

func (r *room) openCamera(_ context.Context, index int) (media.VideoSource, error) {
	if r.cameraBroken.Load() {
		return nil, &media.DeviceError{Device: "camera", Problem: media.DeviceNone}
	}
	r.openCameras.Add(1)
	c := &camera{room: r, index: index, tick: time.NewTicker(time.Second / 30)}
	if index == 0 {
		return lensCamera{c}, nil
	}
	return c, nil
}

// lensCamera is the first one, which can zoom and has a lamp.
type lensCamera struct{ *camera }

func (c lensCamera) SetZoom(v float64) error { c.room.zoom.Store(math.Float64bits(v)); return nil }
func (c lensCamera) SetTorch(on bool) error  { c.room.torch.Store(on); return nil }

func (c lensCamera) Close() error {
	c.room.torch.Store(false)
	c.room.zoom.Store(math.Float64bits(1))
	return c.camera.Close()
}

func (c *camera) Read(ctx context.Context) (*media.Frame, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.tick.C:
	}
	if c.room.unplug.Load() {
		return nil, &media.DeviceError{Device: "camera", Problem: media.DeviceLost}
	}
	f := c.pool.Get(testWidth, testHeight)
	f.Time = media.Now()
	paint(f, c.n, c.index)
	c.n++
	return f, nil
}

// paint draws a moving pattern; the second camera's is darker.
func paint(f *media.Frame, n, index int) {
	for i := range f.Y {
		f.Y[i] = byte(180 - 100*index + (i+4*n)%32)
	}
	for i := range f.U {
		f.U[i], f.V[i] = 128, 128
	}
}

func (c *camera) Close() error { c.tick.Stop(); c.room.openCameras.Add(-1); return nil }

type microphone struct {
	room *room
	tick *time.Ticker
	pcm  [media.SamplesPerPiece]int16
	at   int
}

func (r *room) openMicrophone(context.Context) (media.AudioSource, error) {
	if r.microphoneGone.Load() {
		return nil, &media.DeviceError{Device: "microphone", Problem: media.DeviceRefused}
	}
	r.openMicrophones.Add(1)
	return &microphone{room: r, tick: time.NewTicker(media.PieceDuration)}, nil
}

func (m *microphone) Read(ctx context.Context) (media.Sound, error) {
	select {
	case <-ctx.Done():
		return media.Sound{}, ctx.Err()
	case <-m.tick.C:
	}
	m.at = tone(m.pcm[:], m.at, toneHz)
	return media.Sound{PCM: m.pcm[:], Time: media.Now() - media.PieceDuration}, nil
}

func (m *microphone) Close() error { m.tick.Stop(); m.room.openMicrophones.Add(-1); return nil }

// tone writes a sine from sample number at on.
func tone(pcm []int16, at int, hz float64) int {
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(at+i)/media.SampleRate))
	}
	return at + len(pcm)
}

// toneLevel gives the amplitude of the tone, 0–1 (Goertzel).
func toneLevel(pcm []int16, hz float64) float64 {
	var re, im float64
	for i, v := range pcm {
		a := 2 * math.Pi * hz * float64(i) / media.SampleRate
		re += float64(v) * math.Cos(a)
		im += float64(v) * math.Sin(a)
	}
	return 2 * math.Hypot(re, im) / float64(len(pcm)) / 32768
}

type loudspeaker struct {
	stop, done, lost chan struct{}
}

func (r *room) openLoudspeaker(_ context.Context, fill func([]int16)) (media.AudioSink, error) {
	if r.deaf.Load() {
		return nil, &media.DeviceError{Device: "loudspeaker", Problem: media.DeviceNone}
	}
	l := &loudspeaker{stop: make(chan struct{}), done: make(chan struct{}), lost: make(chan struct{})}
	go func() {
		defer close(l.done)
		tick := time.NewTicker(media.PieceDuration)
		defer tick.Stop()
		pcm := make([]int16, media.SamplesPerPiece)
		for {
			select {
			case <-l.stop:
				return
			case <-tick.C:
			}
			if r.deaf.Load() {
				close(l.lost)
				return
			}
			fill(pcm)
			for i, hz := range tonesHz {
				r.tones[i].Store(math.Float64bits(toneLevel(pcm, hz)))
			}
			r.tone.Store(r.tones[0].Load())
		}
	}()
	return l, nil
}

func (l *loudspeaker) SetVolume(float64) {}

func (l *loudspeaker) Lost() <-chan struct{} { return l.lost }

func (l *loudspeaker) Close() error { close(l.stop); <-l.done; return nil }

// tablet is a phone in a room, with what it reports.
type tablet struct {
	t     testing.TB
	room  *room
	phone *call.Phone

	mu     sync.Mutex
	status call.Status
	moved  chan struct{}
}

func newTablet(t testing.TB, change ...func(*call.Config)) *tablet {
	r := &room{}
	cfg := r.config(t)
	for _, c := range change {
		c(&cfg)
	}
	tab := &tablet{t: t, room: r, phone: call.New(cfg), moved: make(chan struct{}, 1)}
	t.Cleanup(func() {
		if err := tab.phone.Close(); err != nil {
			t.Error(err)
		}
		if n := r.openCameras.Load() + r.openMicrophones.Load(); n != 0 {
			t.Errorf("%d devices left open", n)
		}
	})
	return tab
}

func (tab *tablet) report(s call.Status) {
	tab.mu.Lock()
	tab.status = s
	tab.mu.Unlock()
	select {
	case tab.moved <- struct{}{}:
	default:
	}
}

func (tab *tablet) last() call.Status {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return tab.status
}

// call runs a call with the clinic in the background; the returned func hangs up and waits for the end.
func (tab *tablet) call(c *clinic, relay kontakt.Relay) (end func()) {
	tab.t.Helper()
	return tab.ring(c, relay, nil)
}

// ring is call, with the answer still to come.
func (tab *tablet) ring(c *clinic, relay kontakt.Relay, answered <-chan struct{}) (end func()) {
	tab.t.Helper()
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{
			Relay: relay, Send: c.take, Incoming: c.toTablet, Report: tab.report, Answered: answered,
		})
	}()
	var once sync.Once
	end = func() {
		once.Do(func() {
			tab.phone.HangUp()
			if err := <-done; err != nil {
				tab.t.Errorf("Call = %v, want nil after HangUp", err)
			}
		})
	}
	tab.t.Cleanup(end)
	return end
}

// patience is how long anything may take on a machine that is busy with much else. A path that seems to carry little
// because nobody serves it in time gets its pictures back after a quarter of a minute of calm.
const patience = 2 * time.Minute

// until waits for ok.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	began := time.Now()
	for !ok() {
		select {
		case <-t.Context().Done():
			t.Fatalf("%s did not happen", what)
		case <-tick.C:
		}
		if time.Since(began) > patience {
			t.Fatalf("%s did not happen in %v", what, patience)
		}
	}
}

var errDown = errors.New("backend is down")
