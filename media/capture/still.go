package capture

import (
	"context"
	"errors"
	"io"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"kontaktlaege/media"
)

var _ media.StillSource = (*videoSource)(nil)

const (
	maxStillPixels = 20_000_000
	worthwhile     = 1.2 // a picture has to be so much larger than those of the call that they are interrupted for it
	settling       = 3   // pictures until a camera that was opened anew has found its light
)

// stillRequest is somebody who waits for a still.
type stillRequest struct {
	ctx context.Context
	got chan *media.Frame // holds one
}

// Still implements media.StillSource. A camera that has larger pictures than those of the call is opened anew for one and
// back again, which interrupts them for a moment; another one gives the next picture.
func (s *videoSource) Still(ctx context.Context) (*media.Frame, error) {
	if s.closing.Load() {
		return nil, media.ErrClosed
	}
	ask := &stillRequest{ctx: ctx, got: make(chan *media.Frame, 1)}
	select {
	case s.stills <- ask:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.done:
		return nil, s.err
	}
	select {
	case f := <-ask.got:
		return f, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.done:
		return nil, s.err
	}
}

// serveStill gives the picture to who waits for a still, or a larger one, and says where the pictures come from now.
func (s *videoSource) serveStill(r video.Reader, f *media.Frame) (video.Reader, error) {
	var ask *stillRequest
	select {
	case ask = <-s.stills:
	default:
		return r, nil
	}
	if ask.ctx.Err() != nil {
		return r, nil // nobody waits any more
	}
	p, larger := s.largest(f)
	if !larger {
		ask.got <- f.Retain()
		return r, nil
	}
	still, err := s.fullPicture(ask.ctx, p)
	if err != nil {
		still = f.Retain() // better a small one than none
	}
	ask.got <- still
	back, _, err := s.reopen(func(all []prop.Media) (prop.Media, bool) { return best(all, s.wanted) })
	return back, err
}

// largest gives the format of a still, if it is worth an interruption.
func (s *videoSource) largest(f *media.Frame) (prop.Media, bool) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if !s.kind.hardware || s.closing.Load() {
		return prop.Media{}, false
	}
	return largest(s.driver.Properties(), float64(f.Width*f.Height)*worthwhile)
}

// fullPicture takes one picture in another format.
func (s *videoSource) fullPicture(ctx context.Context, p prop.Media) (*media.Frame, error) {
	r, p, err := s.reopen(func([]prop.Media) (prop.Media, bool) { return p, true })
	if err != nil {
		return nil, err
	}
	var pool media.FramePool
	began := media.Now()
	for good := 0; ; {
		img, release, err := r.Read()
		var f *media.Frame
		if err == nil {
			f, err = s.frame(&pool, img, p.FrameFormat == frame.FormatMJPEG)
			release()
		}
		switch {
		case err != nil && (isGone(err) || media.Now()-began > patience):
			return nil, err
		case err != nil:
			continue
		case ctx.Err() != nil || s.closing.Load():
			f.Release()
			return nil, errors.Join(ctx.Err(), media.ErrClosed)
		}
		if good++; good > settling {
			return f, nil
		}
		f.Release()
	}
}

// reopen has the camera give pictures in another format. One that is being closed stays closed.
func (s *videoSource) reopen(choose func([]prop.Media) (prop.Media, bool)) (video.Reader, prop.Media, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.closing.Load() {
		return nil, prop.Media{}, io.EOF
	}
	if err := s.shut(); err != nil {
		return nil, prop.Media{}, err
	}
	p, r, err := record(s.driver, choose)
	return r, p, err
}

// shut closes the driver, once: the second time it might close what another has opened since.
func (s *videoSource) shut() error {
	if s.driver.Status() == driver.StateClosed {
		return nil
	}
	return s.driver.Close()
}

// largest picks the format with most pixels, of two the cheaper one; false where none has at least that many.
func largest(all []prop.Media, least float64) (prop.Media, bool) {
	var found prop.Media
	for _, p := range all {
		cost, known := costs[p.FrameFormat]
		pixels := p.Width * p.Height
		if !known || pixels > maxStillPixels || float64(pixels) < least {
			continue
		}
		if most := found.Width * found.Height; pixels > most || pixels == most && cost < costs[found.FrameFormat] {
			found = p
		}
	}
	return found, found.Width > 0
}
