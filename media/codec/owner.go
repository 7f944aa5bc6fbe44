package codec

import (
	"context"
	"runtime"
	"sync"

	"kontaktlaege/media"
)

// owner runs jobs of type J one after another on a thread of its own.
type owner[J, R any] struct {
	jobs    chan J
	replies chan R
	turn    chan struct{} // holds one token: whoever takes it may hand over a job
	quit    chan struct{}
	done    chan struct{}
	close   sync.Once
}

// own starts the thread: open makes the native object there, work uses it, free frees it.
func own[J, R any](open func() error, work func(J) R, free func()) (*owner[J, R], error) {
	o := &owner[J, R]{
		jobs: make(chan J), replies: make(chan R), turn: make(chan struct{}, 1),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	o.turn <- struct{}{}
	opened := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(o.done)
		err := open()
		opened <- err
		if err != nil {
			return
		}
		defer free()
		for {
			select {
			case j := <-o.jobs:
				o.replies <- work(j)
			case <-o.quit:
				return
			}
		}
	}()
	return o, <-opened
}

// do hands over a job, waits for its reply, and gives it to use while no other job can begin.
func (o *owner[J, R]) do(ctx context.Context, j J) (R, error) {
	var none R
	if err := ctx.Err(); err != nil {
		return none, err
	}
	select {
	case <-o.turn:
		defer func() { o.turn <- struct{}{} }()
	case <-ctx.Done():
		return none, ctx.Err()
	case <-o.done:
		return none, media.ErrClosed
	}
	select {
	case <-o.quit:
		return none, media.ErrClosed
	default:
	}
	select {
	case o.jobs <- j:
		return <-o.replies, nil
	case <-ctx.Done():
		return none, ctx.Err()
	case <-o.done:
		return none, media.ErrClosed
	}
}

// Close frees the native object and waits until that has happened.
func (o *owner[J, R]) Close() error {
	o.close.Do(func() { close(o.quit) })
	<-o.done
	return nil
}
