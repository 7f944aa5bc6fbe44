package handset

import (
	"context"
	"errors"
	"sync"

	"kontaktlaege/media"
)

// lens knows the camera that the call has open.
type lens struct {
	open func(ctx context.Context, index int) (media.VideoSource, error)

	mu  sync.Mutex
	now media.VideoSource // may be closed already; nil before the first
}

// camera opens one for the call.
func (l *lens) camera(ctx context.Context, index int) (media.VideoSource, error) {
	source, err := l.open(ctx, index)
	if err == nil {
		l.mu.Lock()
		l.now = source
		l.mu.Unlock()
	}
	return source, err
}

// take gives a still. A camera that is off in the call is opened for it alone.
func (l *lens) take(ctx context.Context, index int) (*media.Frame, error) {
	l.mu.Lock()
	source := l.now
	l.mu.Unlock()
	if source != nil {
		f, err := shoot(ctx, source)
		if !errors.Is(err, media.ErrClosed) {
			return f, err
		}
	}
	source, err := l.open(ctx, index)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	return shoot(ctx, source)
}
