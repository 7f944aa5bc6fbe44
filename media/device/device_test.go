package device

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"
	"time"

	"github.com/gen2brain/malgo"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

func TestWithin_whatOpensTooLateIsClosedAgain(t *testing.T) {
	testkit.Guard(t, time.Minute)
	hang, closed := make(chan struct{}), make(chan int, 1)
	_, err := Within(t.Context(), Camera, func() (int, error) { <-hang; return 7, nil }, func(d int) { closed <- d })
	if e, ok := errors.AsType[*media.DeviceError](err); !ok || e.Problem != media.DeviceSlow || e.Device != Camera {
		t.Errorf("%v, want slow", err)
	}
	close(hang)
	if d := <-closed; d != 7 {
		t.Errorf("device %d was closed", d)
	}
}

func TestWithin_theCallerMayLeave(t *testing.T) {
	testkit.Guard(t, time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	hang, closed := make(chan struct{}), make(chan int, 1)
	began := make(chan struct{})
	go func() { <-began; cancel() }()
	_, err := Within(ctx, Camera, func() (int, error) { close(began); <-hang; return 7, nil }, func(d int) { closed <- d })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want cancelled", err)
	}
	close(hang)
	<-closed
}

func TestError_saysWhyInPlainWords(t *testing.T) {
	for _, row := range []struct {
		err  error
		want media.DeviceProblem
	}{
		{syscall.EBUSY, media.DeviceBusy},
		{fmt.Errorf("open: %w", &fs.PathError{Err: syscall.EACCES}), media.DeviceRefused},
		{syscall.ENODEV, media.DeviceNone},
		{ErrTaken, media.DeviceBusy},
		{ErrNoSound, media.DeviceNone},
		{malgo.ErrAccessDenied, media.DeviceRefused},
		{malgo.ErrBusy, media.DeviceBusy},
		{malgo.ErrTimeout, media.DeviceSlow},
		{&media.DeviceError{Device: Camera, Problem: media.DeviceLost}, media.DeviceLost},
	} {
		e, ok := errors.AsType[*media.DeviceError](Error(Camera, row.err))
		if !ok || e.Problem != row.want {
			t.Errorf("%v: %v, want %s", row.err, e, row.want)
		}
	}
}

func TestBeat_keepsItsTimetable(t *testing.T) {
	testkit.Guard(t, time.Minute)
	b := NewBeat(10 * time.Millisecond)
	last := int64(-1)
	for range 10 {
		n, begin, ok := b.Wait()
		if !ok || n <= last || begin != b.begun+time.Duration(n)*b.period || media.Now() < begin+b.period {
			t.Errorf("beat %d after %d, from %v, at %v", n, last, begin, media.Now())
		}
		last = n
	}
	b.begun -= time.Hour // the machine slept
	if n, _, _ := b.Wait(); n < 3600*100 {
		t.Errorf("beat %d after an hour: the backlog is played", n)
	}
	b.Stop()
	b.Stop()
	if _, _, ok := b.Wait(); ok {
		t.Error("a beat after Stop")
	}
}
