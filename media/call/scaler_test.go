package call

import (
	"testing"
	"time"

	"kontaktlaege/media"
)

func TestScaler_keepsShapeAndBrightness(t *testing.T) {
	var pool media.FramePool
	var s scaler
	for _, tt := range []struct{ w, h, maxW, maxH, wantW, wantH int }{
		{1280, 720, 1280, 720, 1280, 720},
		{1280, 720, 1280, 540, 960, 540},
		{1280, 720, 1280, 360, 640, 360},
		{1280, 720, 1280, 270, 480, 270},
		{1280, 720, 1280, 180, 320, 180},
		{640, 480, 1280, 720, 640, 480},
		{720, 1280, 1280, 720, 404, 720},
		{1920, 1080, 1280, 720, 1280, 720},
		{6, 2, 2, 2, 2, 2},
	} {
		f := pool.Get(tt.w, tt.h)
		f.Time = time.Second
		for y := range f.Height { // brighter to the right
			for x := range f.Width {
				f.Y[y*f.Width+x] = byte(x * 255 / f.Width)
			}
		}
		for i := range f.U {
			f.U[i], f.V[i] = 100, 200
		}
		g := s.fit(f, tt.maxW, tt.maxH)
		if g.Width != tt.wantW || g.Height != tt.wantH || g.Time != f.Time {
			t.Errorf("%d×%d within %d×%d: %d×%d, want %d×%d", tt.w, tt.h, tt.maxW, tt.maxH, g.Width, g.Height, tt.wantW, tt.wantH)
		}
		for y := 0; y < g.Height && g.Width > 16; y += max(g.Height-1, 1) {
			for x := range g.Width {
				if got, want := int(g.Y[y*g.Width+x]), (2*x+1)*255/(2*g.Width); got < want-3 || got > want+3 {
					t.Fatalf("%d×%d → %d×%d: brightness at (%d, %d) = %d, want about %d", tt.w, tt.h, g.Width, g.Height, x, y, got, want)
				}
			}
		}
		if last := len(g.U) - 1; g.U[0] != 100 || g.U[last] != 100 || g.V[0] != 200 || g.V[last] != 200 {
			t.Errorf("colours (%d %d), (%d %d): want (100 200)", g.U[0], g.V[0], g.U[last], g.V[last])
		}
		g.Release()
		f.Release()
	}
}

func BenchmarkScaler720to540(b *testing.B) {
	var pool media.FramePool
	var s scaler
	f := pool.Get(1280, 720)
	b.ReportAllocs()
	for range b.N {
		s.fit(f, 1280, 540).Release()
	}
}
