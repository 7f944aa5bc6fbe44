package capture

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/audio"

	"kontaktlaege/media"
	"kontaktlaege/media/device"
)

// kept is how many pieces there are in all: 200 ms for a reader that is late, one in its hands and one being written.
// Channels have room for all of them, so that nobody waits to put one down.
const kept = 12

// audioSource reads a driver on a goroutine of its own.
type audioSource struct {
	driver driver.Driver
	full   chan media.Sound
	free   chan []int16
	done   chan struct{} // closed when the reader has ended
	err    error         // why, set before done
	forget func()

	reading sync.Mutex
	lent    []int16 // to the reader, guarded by reading

	closing atomic.Bool
	once    sync.Once
}

func newAudioSource(d driver.Driver, r audio.Reader, forget func()) *audioSource {
	s := &audioSource{
		driver: d, full: make(chan media.Sound, kept), free: make(chan []int16, kept), done: make(chan struct{}), forget: forget,
	}
	for range kept {
		s.free <- make([]int16, media.SamplesPerPiece)
	}
	go s.read(r)
	return s
}

// Read waits for the next piece.
func (s *audioSource) Read(ctx context.Context) (media.Sound, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	if s.lent != nil {
		s.free <- s.lent
		s.lent = nil
	}
	if s.closing.Load() {
		return media.Sound{}, media.ErrClosed
	}
	select {
	case p := <-s.full:
		s.lent = p.PCM
		return p, nil
	case <-ctx.Done():
		return media.Sound{}, ctx.Err()
	case <-s.done:
		return media.Sound{}, s.err
	}
}

func (s *audioSource) read(r audio.Reader) {
	defer close(s.done)
	for {
		got, _, err := r.Read()
		if s.closing.Load() {
			s.err = media.ErrClosed
			return
		}
		c, ok := got.(*chunk)
		if err == nil && !ok {
			err = fmt.Errorf("capture: the microphone gives sound as %T", got)
		}
		if err != nil {
			s.err = &media.DeviceError{Device: device.Microphone, Problem: media.DeviceLost, Err: err}
			return
		}
		var pcm []int16
		select {
		case pcm = <-s.free:
		default: // the reader is late: the oldest goes
			select {
			case old := <-s.full:
				pcm = old.PCM
			case pcm = <-s.free:
			}
		}
		copy(pcm, c.Data)
		s.full <- media.Sound{PCM: pcm, Time: c.at}
	}
}

// Close stops the device.
func (s *audioSource) Close() error {
	var err error
	s.once.Do(func() {
		s.closing.Store(true)
		err = s.driver.Close()
		<-s.done
		s.forget()
	})
	return err
}
