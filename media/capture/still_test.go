package capture

import (
	"context"
	"errors"
	"image"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

// zooming is a webcam that gives pictures in the format that it is asked for.
func zooming(all ...prop.Media) *webcam {
	w := &webcam{formats: all}
	w.read = func() (image.Image, error) {
		p := w.asked.Load()
		return picture(p.Width, p.Height, image.YCbCrSubsampleRatio420), nil
	}
	return w
}

func readSize(t *testing.T, s media.VideoSource) (width, height int) {
	t.Helper()
	f, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Release()
	return f.Width, f.Height
}

// await reads until pictures have this width; the guard ends a test that waits in vain.
func await(t *testing.T, s media.VideoSource, width int) {
	t.Helper()
	for {
		if w, _ := readSize(t, s); w == width {
			return
		}
	}
}

func TestStill_isInTheSensorsFullResolution(t *testing.T) {
	testkit.Guard(t, time.Minute)
	plug(t, zooming(format(1280, 720, 30, frame.FormatYUYV), format(4000, 3000, 5, frame.FormatMJPEG), format(640, 480, 30, frame.FormatYUYV), format(8000, 6000, 1, frame.FormatMJPEG)))
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	await(t, s, 1280)
	f, err := s.(media.StillSource).Still(t.Context())
	if err != nil || f.Width != 4000 || f.Height != 3000 {
		t.Fatalf("a still of %v, %v", f, err)
	}
	f.Release()
	await(t, s, 1280) // and the call goes on as before
}

func TestStill_ofACameraWithNothingLargerIsTheNextPicture(t *testing.T) {
	testkit.Guard(t, time.Minute)
	w := zooming(format(1280, 720, 30, frame.FormatYUYV), format(640, 480, 30, frame.FormatYUYV))
	var opened atomic.Int32
	w.open = func() error { opened.Add(1); return nil }
	plug(t, w)
	for _, spec := range []string{"auto", "timecode:640x480@30"} {
		s, err := OpenCamera(t.Context(), spec, CameraOptions{})
		if err != nil {
			t.Fatal(err)
		}
		width, height := readSize(t, s)
		f, err := s.(media.StillSource).Still(t.Context())
		if err != nil || f.Width != width || f.Height != height {
			t.Fatalf("%s: a still of %v, %v", spec, f, err)
		}
		f.Release()
		s.Close()
		if _, err := s.(media.StillSource).Still(t.Context()); !errors.Is(err, media.ErrClosed) {
			t.Errorf("%s: after Close: %v", spec, err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("the camera was opened %d times", n)
	}
}

// A camera that refuses its large format gives what it has; one that is gone afterwards is lost, as ever.
func TestStill_fromACameraThatFails(t *testing.T) {
	testkit.Guard(t, time.Minute)
	w := zooming(format(1280, 720, 30, frame.FormatYUYV), format(4000, 3000, 5, frame.FormatMJPEG))
	good := w.read
	w.read = func() (image.Image, error) {
		if w.asked.Load().Width == 4000 {
			return nil, syscall.EIO
		}
		return good()
	}
	plug(t, w)
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	await(t, s, 1280)
	f, err := s.(media.StillSource).Still(t.Context())
	if err != nil || f.Width != 1280 {
		t.Fatalf("a still of %v, %v", f, err)
	}
	f.Release()
	await(t, s, 1280)
	s.Close()

	opened := 0
	w.open = func() error {
		if opened++; opened > 1 {
			return syscall.ENODEV
		}
		return nil
	}
	s, err = OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if f, err := s.(media.StillSource).Still(t.Context()); err == nil {
		f.Release()
	}
	for {
		f, err := s.Read(t.Context())
		if err != nil {
			wantProblem(t, err, media.DeviceLost)
			return
		}
		f.Release()
	}
}

// The call ends while a still is taken: the camera is closed, and stays so.
func TestStill_closedInTheMiddle(t *testing.T) {
	testkit.Guard(t, time.Minute)
	w := zooming(format(1280, 720, 30, frame.FormatYUYV), format(4000, 3000, 5, frame.FormatMJPEG))
	large := make(chan struct{}, 1)
	good := w.read
	w.read = func() (image.Image, error) {
		if w.asked.Load().Width == 4000 {
			select {
			case large <- struct{}{}:
			default:
			}
			return nil, errors.New("invalid JPEG format")
		}
		return good()
	}
	plug(t, w)
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	go func() {
		f, err := s.(media.StillSource).Still(context.Background())
		if err == nil {
			f.Release()
		}
		got <- err
	}()
	<-large
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-got
	select {
	case <-w.closed:
	default:
		t.Error("the camera is still open")
	}
}
