package device

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/gen2brain/malgo"

	"kontaktlaege/media"
)

// Direction is the way of the sound.
type Direction int

// In is a microphone, Out a loudspeaker.
const (
	In Direction = iota
	Out
)

// Sound is the system's microphone or loudspeaker.
type Sound struct {
	ctx    *malgo.AllocatedContext
	device *malgo.Device
	lost   func() // calls the owner once
	calls  atomic.Uint64
	quit   chan struct{}
	watch  sync.WaitGroup
	once   sync.Once
}

// ErrNoSound says that the machine has no such device.
var ErrNoSound = errors.New("device: no sound hardware")

// OpenSound opens the default device and starts it. data is called on the device's thread with what was heard, or with
// what is to be filled; lost is called once if the device goes away by itself. Neither may wait, nor data allocate.
func OpenSound(dir Direction, data func(pcm []int16), lost func()) (*Sound, error) {
	ctx, err := malgo.InitContext(backends(), malgo.ContextConfig{}, nil)
	if err != nil {
		if errors.Is(err, malgo.ErrNoBackend) || errors.Is(err, malgo.ErrFailedToInitBackend) {
			err = fmt.Errorf("%w: %w", ErrNoSound, err)
		}
		return nil, err
	}
	s := &Sound{ctx: ctx, quit: make(chan struct{})}
	s.lost = sync.OnceFunc(func() {
		select {
		case <-s.quit: // we stop it ourselves
		default:
			lost()
		}
	})
	kind := malgo.Capture
	if dir == Out {
		kind = malgo.Playback
	}
	c := malgo.DefaultDeviceConfig(kind)
	c.SampleRate = media.SampleRate
	c.PeriodSizeInFrames = media.SamplesPerPiece / 2
	c.Periods = 3
	c.Capture.Format, c.Capture.Channels = malgo.FormatS16, 1
	c.Playback.Format, c.Playback.Channels = malgo.FormatS16, 1
	c.Pulse.StreamNameCapture, c.Pulse.StreamNamePlayback = "Kontakt Læge", "Kontakt Læge"
	// Android cancels echo only on streams that say they are a conversation.
	c.AAudio.InputPreset = malgo.AAudioInputPresetVoiceCommunication
	c.AAudio.Usage = malgo.AAudioUsageVoiceCommunication
	c.AAudio.ContentType = malgo.AAudioContentTypeSpeech
	c.PerformanceProfile = malgo.LowLatency
	if runtime.GOOS == "android" {
		c.PerformanceProfile = malgo.Conservative
	}
	s.device, err = malgo.InitDevice(ctx.Context, c, malgo.DeviceCallbacks{
		Data: func(out, in []byte, _ uint32) {
			s.calls.Add(1)
			b := in
			if dir == Out {
				b = out
			}
			if len(b) >= 2 {
				data(unsafe.Slice((*int16)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/2))
			}
		},
		Stop: s.lost,
	})
	if err == nil {
		err = s.device.Start()
	}
	if err != nil {
		return nil, errors.Join(s.explain(kind, err), s.Close())
	}
	s.watch.Go(s.watchdog)
	return s, nil
}

// silence is how long a device may ask for nothing. Some backends go away without a word: a PulseAudio server that dies
// leaves its devices waiting for ever.
const silence = 2500 * time.Millisecond

func (s *Sound) watchdog() {
	const looks = 3
	tick := time.NewTicker(silence / looks)
	defer tick.Stop()
	last, same := s.calls.Load(), 0
	for same < looks {
		select {
		case <-tick.C:
		case <-s.quit:
			return
		}
		if now := s.calls.Load(); now == last {
			same++
		} else {
			last, same = now, 0
		}
	}
	s.lost()
}

// backends are those with hardware behind them; left to itself, miniaudio would end with a null device.
func backends() []malgo.Backend {
	if runtime.GOOS == "android" {
		return []malgo.Backend{malgo.BackendAaudio, malgo.BackendOpensl}
	}
	return []malgo.Backend{malgo.BackendWasapi, malgo.BackendCoreaudio, malgo.BackendPulseaudio, malgo.BackendAlsa}
}

// explain tells a machine without sound from one whose sound is taken: the backends' errors do not.
func (s *Sound) explain(kind malgo.DeviceType, err error) error {
	all, listErr := s.ctx.Devices(kind)
	if listErr != nil || len(all) == 0 {
		return fmt.Errorf("%w: %w", ErrNoSound, err)
	}
	if errors.Is(err, malgo.ErrFailedToOpenBackendDevice) {
		return fmt.Errorf("%w: %w", malgo.ErrBusy, err)
	}
	return err
}

// Close stops the device and waits for its thread. After it neither data nor lost is called.
func (s *Sound) Close() error {
	var err error
	s.once.Do(func() {
		close(s.quit)
		s.watch.Wait()
		if s.device != nil {
			// Uninit alone does not wake the device's thread, which waits for ever when its PulseAudio server has died.
			s.device.Stop()
			s.device.Uninit()
		}
		err = s.ctx.Uninit()
		s.ctx.Free()
	})
	return err
}
