package call

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"kontaktlaege/media"
)

// station is what is warm: devices and encoders, with or without a call. Its lines are where their output goes and what
// the loudspeaker plays.
type station struct {
	cfg *Config

	camera, microphone, loudspeaker *device
	pictures                        *pictureOut

	joined atomic.Pointer[[]*line] // never written to; another one with each change
	joint  sync.Mutex              // among those who change it
	mixer  mixer                   // the loudspeaker's
	muted  atomic.Bool
	index  atomic.Int64 // of the camera
	lens   lens
	volume atomic.Uint64 // float bits
	level  atomic.Uint64 // float bits: of the microphone's last piece
	dead   deadAir       // the microphone's
	clean  media.Voice   // of its sound; nil: as it was heard
	sink   atomic.Pointer[media.AudioSink]

	changed chan struct{} // a device's state has

	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func newStation(cfg *Config, c Controls) (*station, error) {
	s := &station{cfg: cfg, changed: make(chan struct{}, 1)}
	s.joined.Store(&[]*line{})
	encoder, err := cfg.NewVideoEncoder(cfg.VideoStartRate)
	if err != nil {
		return nil, err
	}
	s.pictures = newPictureOut(cfg, encoder, s.lines)
	if cfg.NewVoice != nil {
		s.clean = cfg.NewVoice()
	}
	report := func() { signal(s.changed) }
	s.camera = newDevice("camera", !c.CameraOff, s.useCamera, report)
	s.microphone = newDevice("microphone", true, s.useMicrophone, report)
	s.loudspeaker = newDevice("loudspeaker", true, s.useLoudspeaker, report)
	s.index.Store(int64(c.Camera))
	s.set(c)
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	for _, run := range []func(context.Context){s.camera.run, s.microphone.run, s.loudspeaker.run, s.pictures.run} {
		s.wg.Go(func() { run(ctx) })
	}
	return s, nil
}

// set applies the nurse's controls.
func (s *station) set(c Controls) {
	s.muted.Store(c.Muted)
	s.lens.set(c)
	s.volume.Store(math.Float64bits(min(max(c.Volume, 0), 1)))
	if sink := s.sink.Load(); sink != nil {
		(*sink).SetVolume(math.Float64frombits(s.volume.Load()))
	}
	if s.index.Swap(int64(c.Camera)) != int64(c.Camera) {
		s.camera.reopen()
	}
	s.camera.want(!c.CameraOff)
}

// lines gives those that belong to the call now. The slice is a snapshot and not to be written to.
func (s *station) lines() []*line { return *s.joined.Load() }

// connect adds next to the lines that everything goes through, in the place of old; either may be nil.
func (s *station) connect(old, next *line) {
	s.joint.Lock()
	lines := slices.DeleteFunc(slices.Clone(s.lines()), func(l *line) bool { return l == old })
	if next != nil {
		lines = append(lines, next)
	}
	s.joined.Store(&lines)
	s.joint.Unlock()
	if old != nil {
		old.pictures.shown.Store(false)
	}
	if next != nil {
		next.pictures.shown.Store(true)
	}
	s.pictures.nudge()
}

func (s *station) useCamera(ctx context.Context, works func()) error {
	index := int(s.index.Load())
	if n := s.cfg.Cameras(); n > 0 {
		index %= n // the chosen one may have been unplugged
	}
	camera, err := s.cfg.OpenCamera(ctx, index)
	if err != nil {
		return err
	}
	defer camera.Close()
	defer s.pictures.clear() // nobody who comes later sees a picture of before
	fitted := s.lens.fit(camera, s.cfg.Log)
	defer fitted.remove()
	for first := true; ; first = false {
		fitted.follow()
		f, err := camera.Read(ctx)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			f.Release()
			return ctx.Err()
		}
		if first {
			works()
		}
		s.pictures.put(f)
	}
}

var silence [media.SamplesPerPiece]int16

func (s *station) useMicrophone(ctx context.Context, works func()) error {
	microphone, err := s.cfg.OpenMicrophone(ctx)
	if err != nil {
		return err
	}
	defer microphone.Close()
	defer s.level.Store(0)
	defer s.dead.reset()
	out := newSoundOut(s.cfg)
	defer out.close()
	for first := true; ; first = false {
		sound, err := microphone.Read(ctx)
		if err != nil {
			return err
		}
		if first {
			works()
		}
		s.dead.hear(sound.PCM)
		if s.clean != nil {
			sound = s.clean.Process(sound)
		}
		s.level.Store(math.Float64bits(loudness(sound.PCM)))
		lines := s.lines()
		if !slices.ContainsFunc(lines, (*line).connected) {
			continue
		}
		pcm := sound.PCM
		if s.muted.Load() {
			pcm = silence[:] // the stream stays alive: no path closes, no jitter buffer runs dry
		}
		if err := out.send(ctx, lines, pcm, sound.Time); err != nil {
			return err
		}
	}
}

// loudness gives 0–1 for −60…0 dBFS, as a level meter shows it.
func loudness(pcm []int16) float64 {
	if len(pcm) == 0 {
		return 0
	}
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	rms := math.Sqrt(sum/float64(len(pcm))) / math.MaxInt16
	if rms <= 0.001 {
		return 0
	}
	return min(1+20*math.Log10(rms)/60, 1)
}

func (s *station) useLoudspeaker(ctx context.Context, works func()) error {
	sink, err := s.cfg.OpenLoudspeaker(ctx, s.fill)
	if err != nil {
		return err
	}
	defer sink.Close()
	s.sink.Store(&sink)
	defer s.sink.Store(nil)
	sink.SetVolume(math.Float64frombits(s.volume.Load()))
	works()
	select {
	case <-sink.Lost():
		return &media.DeviceError{Device: s.loudspeaker.name, Problem: media.DeviceLost}
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *station) fill(pcm []int16) {
	s.mixer.fill(pcm, s.lines())
	if s.clean != nil {
		s.clean.Played(pcm, math.Float64frombits(s.volume.Load()), media.Now())
	}
}

func (s *station) microphoneLevel() float64 { return math.Float64frombits(s.level.Load()) }

func (s *station) close() {
	s.cancel()
	s.wg.Wait()
	s.pictures.close()
}
