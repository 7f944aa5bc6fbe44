package capture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/video"

	"kontaktlaege/media"
	"kontaktlaege/media/device"
)

// videoSource reads a driver on a goroutine of its own and keeps the newest picture.
type videoSource struct {
	driver driver.Driver
	wanted CameraOptions
	frames chan *media.Frame // holds one
	stills chan *stillRequest
	done   chan struct{} // closed when the reader has ended
	err    error         // why, set before done
	pool   media.FramePool
	cut    media.FramePool // of the pictures that a part was cut out of
	kind   videoKind
	free   func()

	setting  sync.Mutex // guards controls
	controls controls
	crop     crop

	turn    sync.Mutex // while the driver is opened or closed
	closing atomic.Bool
	once    sync.Once
	dropped atomic.Uint64 // pictures replaced unread
}

// videoKind is what to know of a driver beyond its pictures.
type videoKind struct {
	wide     bool // full range, as JPEG's
	hardware bool // a damaged picture now and then is no reason to give it up
}

func newVideoSource(d driver.Driver, r video.Reader, o CameraOptions, kind videoKind, free func()) *videoSource {
	s := &videoSource{
		driver: d, wanted: o, controls: openControls(d), frames: make(chan *media.Frame, 1), stills: make(chan *stillRequest), done: make(chan struct{}),
		kind: kind, free: free,
	}
	go s.read(r)
	return s
}

// Read waits for a picture that nobody has read yet.
func (s *videoSource) Read(ctx context.Context) (*media.Frame, error) {
	if s.closing.Load() {
		return nil, media.ErrClosed
	}
	select {
	case f := <-s.frames:
		return f, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.done:
		return nil, s.err
	}
}

func (s *videoSource) read(r video.Reader) {
	defer close(s.done)
	lastGood := media.Now()
	for {
		img, release, err := r.Read()
		var f *media.Frame
		if err == nil {
			f, err = s.frame(&s.pool, img, s.kind.wide)
			release()
		}
		if err == nil {
			r, err = s.serveStill(r, f)
			if err != nil {
				f.Release()
				f = nil
			}
		}
		if s.closing.Load() {
			if f != nil {
				f.Release()
			}
			s.err = media.ErrClosed
			return
		}
		if err != nil {
			if s.kind.hardware && !isGone(err) && media.Now()-lastGood < patience {
				time.Sleep(patience / 100)
				continue
			}
			s.err = &media.DeviceError{Device: device.Camera, Problem: media.DeviceLost, Err: err}
			return
		}
		lastGood = media.Now()
		f = s.crop.cut(&s.cut, f)
		select {
		case old := <-s.frames:
			old.Release()
			s.dropped.Add(1)
		default:
		}
		s.frames <- f // the only writer, into a place just made free
	}
}

// patience is how long a camera may give nothing but damaged pictures.
const patience = 2 * time.Second

// isGone tells a camera that was unplugged from one that hiccups: the system call fails, not the picture.
func isGone(err error) bool {
	_, ok := errors.AsType[syscall.Errno](err)
	return ok || errors.Is(err, io.EOF)
}

// frame takes a picture over from the driver. Drivers of ours give frames with a reference and their own capture time.
func (s *videoSource) frame(pool *media.FramePool, img image.Image, wide bool) (*media.Frame, error) {
	switch img := img.(type) {
	case *media.Frame:
		return img, nil
	case *image.YCbCr:
		f := pool.Get(img.Rect.Dx(), img.Rect.Dy())
		f.Time = media.Now()
		toI420(f, img, wide)
		return f, nil
	default:
		return nil, fmt.Errorf("capture: the camera gives pictures as %T", img)
	}
}

// closeLimit is how long Close waits for a driver that hangs in a read; it goes on to close behind our back.
const closeLimit = time.Second

// Close stops the device.
func (s *videoSource) Close() error {
	var err error
	s.once.Do(func() {
		s.closing.Store(true)
		closed := make(chan error, 1)
		go func() {
			s.turn.Lock()
			err := s.shut()
			s.turn.Unlock()
			<-s.done
			select {
			case f := <-s.frames:
				f.Release()
			default:
			}
			s.setting.Lock()
			s.controls.close()
			s.controls = noControls{}
			s.setting.Unlock()
			s.free()
			closed <- err
		}()
		timer := time.NewTimer(closeLimit)
		defer timer.Stop()
		select {
		case err = <-closed:
		case <-timer.C:
			err = &media.DeviceError{Device: device.Camera, Problem: media.DeviceSlow}
		}
	})
	return err
}
