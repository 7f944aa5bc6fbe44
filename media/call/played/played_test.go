package played_test

import (
	"context"
	"log/slog"
	"math"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
	"kontaktlaege/media/call/played"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/codec"
)

const toneHz = 440

// tone is a voice that a test knows again.
func tone() []int16 {
	pcm := make([]int16, 4*media.SampleRate)
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*toneHz*float64(i)/media.SampleRate))
	}
	return pcm
}

// ear is a loudspeaker that a test listens to.
type ear struct {
	end  chan struct{}
	once sync.Once
}

func (e *ear) SetVolume(float64)     {}
func (e *ear) Lost() <-chan struct{} { return nil }
func (e *ear) Close() error          { e.once.Do(func() { close(e.end) }); return nil }

// tablet is a real phone, with a test picture before its camera.
type tablet struct {
	mu      sync.Mutex
	changed chan struct{}
	status  call.Status
	shown   int // pictures of the doctor
	moved   bool
	last    byte
	heard   bool
}

func (b *tablet) note(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *tablet) until(t *testing.T, what string, wanted func() bool) {
	t.Helper()
	t.Log(what)
	for {
		b.mu.Lock()
		met, changed := wanted(), b.changed
		b.mu.Unlock()
		if met {
			return
		}
		<-changed // the guard ends a test that waits in vain
	}
}

func (b *tablet) config() call.Config {
	var frames media.FramePool
	return call.Config{
		Log: slog.New(slog.DiscardHandler), Cameras: func() int { return 1 }, IncludeLoopback: true,
		OpenCamera: func(ctx context.Context, _ int) (media.VideoSource, error) {
			return capture.OpenCamera(ctx, "timecode:640x360@15", capture.CameraOptions{})
		},
		OpenMicrophone: func(ctx context.Context) (media.AudioSource, error) { return capture.OpenMicrophone(ctx, "tone") },
		OpenLoudspeaker: func(_ context.Context, fill func([]int16)) (media.AudioSink, error) {
			e := &ear{end: make(chan struct{})}
			go func() {
				tick := time.NewTicker(media.PieceDuration)
				defer tick.Stop()
				pcm := make([]int16, media.SamplesPerPiece)
				for {
					select {
					case <-e.end:
						return
					case <-tick.C:
					}
					fill(pcm)
					if capture.ToneLevel(pcm, toneHz) > 0.1 {
						b.note(func() { b.heard = true })
					}
				}
			}()
			return e, nil
		},
		NewVideoEncoder: func(rate int) (media.VideoEncoder, error) {
			return codec.NewVP8Encoder(codec.VP8Config{Width: 640, Height: 360, FPS: 15, Rate: rate})
		},
		NewVideoDecoder: func() (media.VideoDecoder, error) { return codec.NewVP8Decoder(&frames) },
		NewAudioEncoder: func(rate int) (media.AudioEncoder, error) {
			return codec.NewOpusEncoder(codec.OpusConfig{Rate: rate})
		},
		NewAudioDecoder: codec.NewOpusDecoder,
		Self:            func(f *media.Frame) { f.Release() },
		Remote: func(_ string, f *media.Frame) {
			b.note(func() {
				edge := f.Y[10*f.Width+100] // of the stripes
				b.moved = b.moved || b.shown > 0 && max(edge, b.last)-min(edge, b.last) > 60
				b.shown, b.last = b.shown+1, edge
			})
			f.Release()
		},
		MaxWidth: 640, MaxHeight: 360, FPS: 15,
	}
}

// talk begins a call between a real phone and the played clinician, with no server at all.
func talk(t *testing.T) (*tablet, chan int) {
	testkit.Guard(t, 3*time.Minute)
	b := &tablet{changed: make(chan struct{})}
	phone := call.New(b.config())
	ctx, cancel := context.WithCancel(context.Background())
	in, out, rate := make(chan kontakt.Signal, 256), make(chan kontakt.Signal, 256), make(chan int, 4)
	answered, others := make(chan struct{}), make(chan []string, 1)
	others <- []string{kontakt.ParticipantClinic}
	close(answered)
	var work sync.WaitGroup
	work.Go(func() {
		played.New(tone, slog.New(slog.DiscardHandler)).Talk(ctx, in, func(s kontakt.Signal) {
			s.From, s.To = kontakt.ParticipantClinic, kontakt.ParticipantTablet
			select {
			case out <- s:
			case <-ctx.Done():
			}
		}, rate)
	})
	work.Go(func() {
		err := phone.Call(ctx, call.Setup{
			Send: func(_ context.Context, signals []kontakt.Signal) error {
				for _, s := range signals {
					in <- s
				}
				return nil
			},
			Incoming: out, Answered: answered, Others: others,
			Report: func(s call.Status) { b.note(func() { b.status = s }) },
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		work.Wait()
		if err := phone.Close(); err != nil {
			t.Error(err)
		}
	})
	return b, rate
}

func (b *tablet) remote() call.Remote {
	if len(b.status.Remotes) == 0 {
		return call.Remote{}
	}
	return b.status.Remotes[0]
}

// M14: through the real codecs, over loopback alone.
func TestTalk_aDoctorIsSeenToMoveAndHeard(t *testing.T) {
	b, _ := talk(t)
	b.until(t, "live", func() bool { return b.status.State == call.Live })
	b.until(t, "thirty pictures that move", func() bool { return b.shown >= 30 && b.moved })
	b.until(t, "the voice", func() bool { return b.heard })
}

// M6, M14: a path that hardly carries sound takes the tablet down the ladder, and one that carries all again takes it up.
func TestTalk_aBadNetworkIsClimbedDownAndUp(t *testing.T) {
	b, rate := talk(t)
	b.until(t, "ten pictures", func() bool { return b.shown >= 10 && b.status.Rung == kontakt.RungFull })
	rate <- 48_000
	b.until(t, "no moving picture from here, and none from there", func() bool {
		return b.status.Rung.Depth() >= kontakt.RungStill.Depth() && b.remote().Rung == kontakt.RungSound
	})
	rate <- 0
	b.until(t, "a better rung, and the doctor again", func() bool {
		return b.status.Rung.Depth() < kontakt.RungStill.Depth() && b.remote().Rung == kontakt.RungFull
	})
	if b.status.State != call.Live {
		t.Errorf("after it the call is %v", b.status.State)
	}
}
