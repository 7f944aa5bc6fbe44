package capture

import (
	"errors"
	"image"
	"math"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

// seen waits for a picture of a size.
func seen(t *testing.T, s media.VideoSource, width, height int) *media.Frame {
	t.Helper()
	for {
		f, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if f.Width == width && f.Height == height {
			t.Cleanup(f.Release)
			return f
		}
		f.Release()
	}
}

// slope is a picture whose pixels tell where they are from: brightness the column, colour the column and the row.
func slope(width, height int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for y := range height {
		for x := range width {
			img.Y[img.YOffset(x, y)] = byte(x / 4)
			img.Cb[img.COffset(x, y)], img.Cr[img.COffset(x, y)] = byte(x/4), byte(y/4)
		}
	}
	return img
}

// Any camera comes closer: what is seen then is the middle, in the pixels that the camera has of it, and at no zoom the
// very pictures of the driver.
func TestZoom_showsTheMiddleOfThePicture(t *testing.T) {
	testkit.Guard(t, time.Minute)
	plug(t, &webcam{
		formats: []prop.Media{format(640, 480, 30, frame.FormatYUYV)},
		read:    func() (image.Image, error) { return slope(640, 480), nil },
	})
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	zoomer := s.(media.Zoomer)
	for _, row := range []struct {
		factor        float64
		width, height int
	}{{2, 320, 240}, {1, 640, 480}, {4, 160, 120}, {1.5, 426, 320}, {100, 96, 96}, {math.NaN(), 640, 480}, {-3, 640, 480}} {
		if err := zoomer.SetZoom(row.factor); err != nil {
			t.Fatal(err)
		}
		f := seen(t, s, row.width, row.height)
		x, y := (640-row.width)/4*2, (480-row.height)/4*2
		for _, p := range []image.Point{{0, 0}, {row.width - 1, 0}, {0, row.height - 1}, {row.width / 2, row.height / 2}, {row.width - 1, row.height - 1}} {
			c := p.Y/2*(row.width/2) + p.X/2
			got := [3]byte{f.Y[p.Y*row.width+p.X], f.U[c], f.V[c]}
			// toI420 keeps the colour of the block's last pixel, as slope writes it.
			want := [3]byte{byte((x + p.X) / 4), byte((x + p.X | 1) / 4), byte((y + p.Y | 1) / 4)}
			if got != want {
				t.Errorf("zoom %v: pixel %v is %v, want %v", row.factor, p, got, want)
			}
		}
	}
}

// The test picture's strip lies in its middle: it is still there, as large in the picture as the zoom makes it.
func TestZoom_timecodeIsStillRead(t *testing.T) {
	testkit.Guard(t, time.Minute)
	s, err := OpenCamera(t.Context(), "timecode:1280x720@30", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.(media.Zoomer).SetZoom(1.25); err != nil {
		t.Fatal(err)
	}
	f := seen(t, s, 1024, 576)
	if _, ok := ReadTimecode(f.Y, f.Width, f.Width, f.Height); !ok {
		t.Error("no time code in the middle")
	}
	if _, lit := s.(media.Torch); lit {
		t.Error("a lamp on a test picture")
	}
	whole, err := s.(media.StillSource).Still(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Release()
	if whole.Width != 1280 {
		t.Errorf("a photo is %d wide, want all of it: who looks at it comes closer by itself", whole.Width)
	}
}

// lensAndLamp is a camera with both.
type lensAndLamp struct {
	most   float64
	err    error
	at     float64
	lit    bool
	closed bool
}

func (c *lensAndLamp) zoom(factor float64) (float64, error) {
	c.at = min(factor, c.most)
	return c.at, c.err
}
func (c *lensAndLamp) hasTorch() bool      { return true }
func (c *lensAndLamp) torch(on bool) error { c.lit = on; return c.err }
func (c *lensAndLamp) close()              { c.closed = true }

// The lens goes as far as it can, the rest is cut out; one that does not follow is made up for.
func TestZoom_theLensComesFirst(t *testing.T) {
	testkit.Guard(t, time.Minute)
	plug(t, &webcam{
		formats: []prop.Media{format(640, 480, 30, frame.FormatYUYV)},
		read:    func() (image.Image, error) { return slope(640, 480), nil },
	})
	opened, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	s, c := opened.(*videoSource), &lensAndLamp{most: 2}
	s.controls = c
	s.SetZoom(2)
	seen(t, s, 640, 480)
	s.SetZoom(4)
	seen(t, s, 320, 240)
	if c.at != 2 {
		t.Errorf("the lens is at %v", c.at)
	}
	c.err = errors.New("it is stuck")
	s.SetZoom(2)
	seen(t, s, 320, 240)
	c.err = nil
	lamp, ok := withTorch(s).(media.Torch)
	if !ok {
		t.Fatal("a camera with a lamp does not say so")
	}
	if err := lamp.SetTorch(true); err != nil || !c.lit {
		t.Errorf("the lamp: %v, lit %v", err, c.lit)
	}
	s.Close()
	if !c.closed {
		t.Error("the lens and the lamp stay as they are")
	}
	if err := lamp.SetTorch(true); err != nil {
		t.Errorf("after the camera was closed: %v", err)
	}
}
