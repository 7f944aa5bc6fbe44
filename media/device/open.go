// Package device is what all cameras, microphones and loudspeakers have in common. Invariants: opening one takes at
// most Limit, whatever the hardware does, and a failure is a *media.DeviceError that says why; a device that opens too
// late is closed again; sound is mono, 48 kHz, 16 bit, whatever the hardware wants; the device's own thread is never
// made to wait; silence from a machine without sound hardware is an error, not a device.
package device

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/gen2brain/malgo"

	"kontaktlaege/media"
)

// Limit is how long a device may take to open.
const Limit = time.Second

// Names of devices in a media.DeviceError.
const (
	Camera      = "camera"
	Microphone  = "microphone"
	Loudspeaker = "loudspeaker"
)

// ErrTaken says that this process holds the device already.
var ErrTaken = errors.New("device: already open")

// Within runs open and gives its result, or an error when ctx ends or the time is up. What open gives too late goes to
// discard.
func Within[T any](ctx context.Context, name string, open func() (T, error), discard func(T)) (T, error) {
	type result struct {
		device T
		err    error
	}
	var none T
	done := make(chan result)
	gone := make(chan struct{})
	go func() {
		d, err := open()
		select {
		case done <- result{d, err}:
		case <-gone:
			if err == nil {
				discard(d)
			}
		}
	}()
	timer := time.NewTimer(Limit)
	defer timer.Stop()
	select {
	case r := <-done:
		if r.err != nil {
			return none, Error(name, r.err)
		}
		return r.device, nil
	case <-timer.C:
		close(gone)
		return none, &media.DeviceError{Device: name, Problem: media.DeviceSlow}
	case <-ctx.Done():
		close(gone)
		return none, ctx.Err()
	}
}

// Error says plainly why a device did not open. Errors that are *media.DeviceError already stay as they are.
func Error(name string, err error) error {
	if _, ok := errors.AsType[*media.DeviceError](err); ok {
		return err
	}
	return &media.DeviceError{Device: name, Problem: problem(err), Err: err}
}

func problem(err error) media.DeviceProblem {
	switch {
	case errors.Is(err, ErrTaken), errors.Is(err, syscall.EBUSY), errors.Is(err, malgo.ErrBusy), errors.Is(err, malgo.ErrAlreadyInUse):
		return media.DeviceBusy
	case errors.Is(err, os.ErrPermission), errors.Is(err, malgo.ErrAccessDenied):
		return media.DeviceRefused
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, malgo.ErrTimeout):
		return media.DeviceSlow
	default:
		return media.DeviceNone
	}
}
