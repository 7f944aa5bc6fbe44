package capture

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"

	"kontaktlaege/media"
	"kontaktlaege/media/device"
	"kontaktlaege/media/wav"
)

// OpenMicrophone opens the microphone that spec names: tone[:HZ], file:PATH, default or none.
func OpenMicrophone(ctx context.Context, spec string) (media.AudioSource, error) {
	m, err := parseMicrophone(spec)
	if err != nil {
		return nil, err
	}
	var a driver.Adapter
	switch m.kind {
	case specTone:
		a = &pieces{make: func() (func(int64, []int16), error) { return tone(m.hz, time.Now()), nil }}
	case specFile:
		a = &pieces{make: func() (func(int64, []int16), error) { return loop(m.path) }}
	case specDefault:
		a = &microphone{}
	default:
		return nil, &media.DeviceError{Device: device.Microphone, Problem: media.DeviceNone}
	}
	d, err := register(a, spec, driver.Microphone)
	if err != nil {
		return nil, device.Error(device.Microphone, err)
	}
	s, err := device.Within(ctx, device.Microphone, func() (*audioSource, error) {
		if err := d.Open(); err != nil {
			return nil, err
		}
		r, err := d.(driver.AudioRecorder).AudioRecord(d.Properties()[0])
		if err != nil {
			d.Close()
			return nil, err
		}
		return newAudioSource(d, r, func() { forget(d) }), nil
	}, func(s *audioSource) { s.Close() })
	if err != nil {
		forget(d)
		return nil, err
	}
	return s, nil
}

// sound is the one form of sound, in the words of mediadevices.
func sound() []prop.Media {
	return []prop.Media{{Audio: prop.Audio{
		ChannelCount: 1, SampleRate: media.SampleRate, SampleSize: 2, Latency: media.PieceDuration, IsInterleaved: true,
	}}}
}

// chunk is a piece of sound as our drivers give it: with the time of its capture, and valid until the next.
type chunk struct {
	wave.Int16Interleaved
	at time.Duration
}

func newChunk() *chunk {
	return &chunk{Int16Interleaved: *wave.NewInt16Interleaved(wave.ChunkInfo{
		Len: media.SamplesPerPiece, Channels: 1, SamplingRate: media.SampleRate,
	})}
}

// pieces is the driver of sound without hardware: a function fills piece after piece.
type pieces struct {
	make func() (fill func(n int64, pcm []int16), err error)
	fill func(n int64, pcm []int16)
	beat *device.Beat
}

func (p *pieces) Open() (err error) {
	if p.fill, err = p.make(); err == nil {
		p.beat = device.NewBeat(media.PieceDuration)
	}
	return err
}

func (p *pieces) Close() error {
	if p.beat != nil {
		p.beat.Stop()
	}
	return nil
}

func (p *pieces) Properties() []prop.Media { return sound() }

func (p *pieces) AudioRecord(prop.Media) (audio.Reader, error) {
	c, beat, fill := newChunk(), p.beat, p.fill
	return audio.ReaderFunc(func() (wave.Audio, func(), error) {
		n, begin, ok := beat.Wait()
		if !ok {
			return nil, released, io.EOF
		}
		fill(n, c.Data)
		c.at = begin
		return c, released, nil
	}), nil
}

// loop plays a WAVE file over and over.
func loop(path string) (func(n int64, pcm []int16), error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, err := wav.Read(file)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("capture: a WAVE file without sound")
	}
	return func(n int64, pcm []int16) {
		at := int(n * media.SamplesPerPiece % int64(len(all)))
		for i := range pcm {
			pcm[i] = all[at]
			if at++; at == len(all) {
				at = 0
			}
		}
	}, nil
}

// microphone is the driver of the system's microphone.
type microphone struct {
	device *device.Sound
	cutter cutter
	lost   chan struct{}
	quit   chan struct{}
	once   sync.Once
}

func (m *microphone) Open() error {
	m.lost, m.quit = make(chan struct{}), make(chan struct{})
	m.cutter.full, m.cutter.free = make(chan *chunk, kept), make(chan *chunk, kept)
	for range kept {
		m.cutter.free <- newChunk()
	}
	var err error
	m.device, err = device.OpenSound(device.In, m.cutter.take, func() { close(m.lost) })
	return err
}

func (m *microphone) Close() error {
	var err error
	if m.device != nil {
		m.once.Do(func() {
			close(m.quit)
			err = m.device.Close()
		})
	}
	return err
}

func (m *microphone) Properties() []prop.Media { return sound() }

var errLost = errors.New("capture: the microphone went away")

func (m *microphone) AudioRecord(prop.Media) (audio.Reader, error) {
	var last *chunk
	return audio.ReaderFunc(func() (wave.Audio, func(), error) {
		if last != nil {
			m.cutter.free <- last
			last = nil
		}
		select {
		case last = <-m.cutter.full:
			return last, released, nil
		case <-m.lost:
			return nil, released, errLost
		case <-m.quit:
			return nil, released, io.EOF
		}
	}), nil
}

// cutter cuts what the device's thread brings into pieces, and smooths their times: the thread wakes up unevenly, always
// too late and never too early, and after a stall brings much at once. No piece has a time that is not past, and none
// one before that of the piece before it.
type cutter struct {
	full, free chan *chunk
	piece      *chunk
	have       int
	next       time.Duration // when the next sample was heard, by the samples before it
	last       time.Duration // of the last piece
}

// maxDrift is where a gap begins.
const maxDrift = 60 * time.Millisecond

func (c *cutter) take(pcm []int16) { c.takeAt(pcm, media.Now()) }

func (c *cutter) takeAt(pcm []int16, now time.Duration) {
	heard := now - time.Duration(len(pcm))*time.Second/media.SampleRate // at the latest
	if off := heard - c.next; off < 0 || off > maxDrift {
		c.next = heard
	} else {
		c.next += off / 64
	}
	for len(pcm) > 0 {
		if c.piece == nil {
			select {
			case c.piece = <-c.free:
			default: // nobody reads: the oldest goes
				select {
				case c.piece = <-c.full:
				case c.piece = <-c.free:
				}
			}
			c.have, c.piece.at = 0, max(c.next, c.last+1)
			c.last = c.piece.at
		}
		n := copy(c.piece.Data[c.have:], pcm)
		pcm = pcm[n:]
		c.have += n
		c.next += time.Duration(n) * time.Second / media.SampleRate
		if c.have == media.SamplesPerPiece {
			c.full <- c.piece
			c.piece = nil
		}
	}
}
