// Package playback plays sound. Invariants: a loudspeaker pulls pieces of media.SamplesPerPiece samples from whoever
// fills them, on the device's own thread, which neither waits nor allocates; volume changes are ramped, so that none is
// heard as a click; a missing loudspeaker when one is opened is an error, and one that goes away later says so.
package playback

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"kontaktlaege/media"
	"kontaktlaege/media/device"
	"kontaktlaege/media/wav"
)

// CheckLoudspeakerSpec says whether OpenLoudspeaker understands spec.
func CheckLoudspeakerSpec(spec string) error {
	if path, ok := strings.CutPrefix(spec, "wav:"); spec == "default" || spec == "none" || ok && path != "" {
		return nil
	}
	return fmt.Errorf("playback: no loudspeaker %q: want default, none or wav:PATH", spec)
}

// OpenLoudspeaker opens the loudspeaker that spec names: default is the system's, none takes sound at its pace and
// drops it, wav:PATH writes it to a file. fill gets a silent piece each time.
func OpenLoudspeaker(ctx context.Context, spec string, fill func(pcm []int16)) (media.AudioSink, error) {
	if err := CheckLoudspeakerSpec(spec); err != nil {
		return nil, err
	}
	s := &loudspeaker{lost: make(chan struct{})}
	s.feed.fill = fill
	s.SetVolume(1)
	s.feed.gain = 1
	var err error
	switch path, _ := strings.CutPrefix(spec, "wav:"); spec {
	case "default":
		s.stop, err = device.Within(ctx, device.Loudspeaker, s.openDefault, func(stop func() error) { stop() })
	case "none":
		s.stop = s.run(func([]int16) error { return nil }, func() error { return nil })
	default:
		s.stop, err = s.openFile(path)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

type loudspeaker struct {
	feed feed
	lost chan struct{}
	stop func() error
	once sync.Once
	err  error
}

// SetVolume takes 0–1.
func (s *loudspeaker) SetVolume(v float64) {
	if !(v > 0) { // not a number is silence, too
		v = 0
	}
	s.feed.volume.Store(math.Float32bits(float32(min(v, 1))))
}

// Close stops pulling. It must not be called from fill.
func (s *loudspeaker) Close() error {
	s.once.Do(func() { s.err = s.stop() })
	return s.err
}

// Lost is closed when the device has gone away: a headset was unplugged, or the sound server has died.
func (s *loudspeaker) Lost() <-chan struct{} { return s.lost }

// openDefault opens the system's loudspeaker.
func (s *loudspeaker) openDefault() (stop func() error, err error) {
	d, err := device.OpenSound(device.Out, s.feed.pull, func() { close(s.lost) })
	if err != nil {
		return nil, err
	}
	return d.Close, nil
}

func (s *loudspeaker) openFile(path string) (func() error, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, device.Error(device.Loudspeaker, err)
	}
	w, err := wav.NewWriter(file)
	if err != nil {
		return nil, errors.Join(device.Error(device.Loudspeaker, err), file.Close())
	}
	n := 0
	return s.run(func(pcm []int16) error {
		err := w.Write(pcm)
		if n++; err == nil && n%50 == 0 { // each second: whoever kills us leaves a whole file
			err = w.Sync()
		}
		return err
	}, func() error { return errors.Join(w.Sync(), file.Close()) }), nil
}

// run pulls at the pace of sound until it is stopped.
func (s *loudspeaker) run(take func(pcm []int16) error, finish func() error) (stop func() error) {
	beat := device.NewBeat(media.PieceDuration)
	done := make(chan error, 1)
	go func() {
		pcm := make([]int16, media.SamplesPerPiece)
		var failed error
		for {
			if _, _, ok := beat.Wait(); !ok {
				done <- errors.Join(failed, finish())
				return
			}
			s.feed.pull(pcm)
			if failed == nil {
				failed = take(pcm)
			}
		}
	}()
	return func() error {
		beat.Stop()
		return <-done
	}
}

// feed cuts whole pieces to what the device asks for. All but volume belongs to the device's thread.
type feed struct {
	fill   func(pcm []int16)
	volume atomic.Uint32 // bits of a float32
	gain   float32       // on its way to volume
	piece  [media.SamplesPerPiece]int16
	left   int // samples of piece not played yet, at its end
}

// ramp is how far the gain goes in a sample: from silence to full in 10 ms.
const ramp = 1.0 / 480

func (f *feed) pull(out []int16) {
	for len(out) > 0 {
		if f.left == 0 {
			clear(f.piece[:])
			f.fill(f.piece[:])
			f.left = len(f.piece)
		}
		n := copy(out, f.piece[len(f.piece)-f.left:])
		f.scale(out[:n])
		f.left -= n
		out = out[n:]
	}
}

func (f *feed) scale(pcm []int16) {
	volume := math.Float32frombits(f.volume.Load())
	if volume == 1 && f.gain == 1 {
		return
	}
	for i, v := range pcm {
		f.gain += min(max(volume-f.gain, -ramp), ramp)
		pcm[i] = int16(float32(v) * f.gain)
	}
}
