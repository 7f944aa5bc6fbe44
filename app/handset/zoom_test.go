package handset

import (
	"log/slog"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/render"
)

// A call offers the zoom of the camera in use, what the nurse then sees of herself is what is sent, nearer, and a photo is
// whole all the same.
func TestCall_zoomsAndTakesPhotosWhole(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	near := make(chan bool, 1)
	h := New(Config{
		Camera: "timecode:640x480@30", Microphone: "none", Loudspeaker: "none", Album: &render.Album{},
		Self: func(f *media.Frame) {
			if f.Width == 512 && f.Height == 384 {
				_, read := capture.ReadTimecode(f.Y, f.Width, f.Width, f.Height)
				select {
				case near <- read:
				default:
				}
			}
			f.Release()
		},
		Remote:          func(_ string, f *media.Frame) { f.Release() },
		IncludeLoopback: true, Log: slog.New(slog.DiscardHandler),
	})
	defer h.Close()
	p := newPage(t)
	told := make(chan app.StillChange, 1000)
	reports, end := p.call(h, app.CallSetup{
		Text: func(string, string) {}, Still: func(c app.StillChange) { told <- c }, Point: func(string, string, float64, float64, bool) {},
	})
	for s := range reports {
		if s.Media == app.MediaLive && s.Zooms {
			if s.Torches {
				t.Error("a test picture has a lamp")
			}
			break
		}
	}
	h.Set(app.Controls{Volume: 1, Zoom: 1.25})
	if read := <-near; !read {
		t.Error("what is seen nearer is another picture")
	}
	h.TakeStill(t.Context())
	if c := next(told, app.StillTaken); c.Width != 640 || c.Height != 480 {
		t.Errorf("the photo is %d×%d", c.Width, c.Height)
	}
	end()
	h.HangUp()
}
