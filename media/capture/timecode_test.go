package capture

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/codec"
	"kontaktlaege/media/render"
)

func drawn(width, height int, n int64, ms uint32) *media.Frame {
	f := (&media.FramePool{}).Get(width, height)
	newTestPicture(width, height).draw(f, n, ms, time.UnixMilli(int64(ms)).UTC())
	f.Time = time.Duration(ms) * time.Millisecond
	return f
}

func read(f *media.Frame) (uint32, bool) { return ReadTimecode(f.Y, f.Width, f.Width, f.Height) }

func TestTimecode_isReadAtAnySize(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	for _, size := range [][2]int{{64, 48}, {160, 90}, {320, 180}, {480, 270}, {640, 360}, {640, 480}, {960, 540}, {1280, 720}, {1920, 1080}, {360, 640}, {720, 1280}} {
		for n := range int64(20) {
			want := dice.Uint32()
			got, ok := read(drawn(size[0], size[1], n, want))
			if size[0] == 64 { // cells of two pixels are for the eye only
				if ok && got != want {
					t.Errorf("%v: guessed %d for %d", size, got, want)
				}
				continue
			}
			if !ok || got != want {
				t.Errorf("%v: %d, %v; want %d", size, got, ok, want)
			}
		}
	}
}

// The picture goes over a poor line: VP8 at 640×360 and 30 fps in 150 kbit/s.
func TestTimecode_survivesVP8(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for _, rate := range []int{150_000, 400_000} {
		e, err := codec.NewVP8Encoder(codec.VP8Config{Width: 640, Height: 360, FPS: 30, Rate: rate})
		if err != nil {
			t.Fatal(err)
		}
		d, err := codec.NewVP8Decoder(&media.FramePool{})
		if err != nil {
			t.Fatal(err)
		}
		shown, wrong, unread, bytes := 0, 0, 0, 0
		const pictures = 240
		for n := range int64(pictures) {
			ms := uint32(1_700_000_000_000 + n*1000/30)
			f := drawn(640, 360, n, ms)
			f.Time = time.Duration(n) * time.Second / 30
			au, err := e.Encode(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			bytes += len(au.Data)
			if len(au.Data) == 0 {
				continue
			}
			got, err := d.Decode(t.Context(), au)
			if err != nil {
				t.Fatal(err)
			}
			shown++
			switch read, ok := read(got); {
			case !ok:
				unread++
			case read != ms:
				wrong++
			}
			got.Release()
		}
		t.Logf("%d bit/s: %d of %d pictures shown, %d unread, %d kbit/s", rate, shown, pictures, unread, bytes*8/8/1000)
		if wrong > 0 {
			t.Errorf("%d bit/s: %d timecodes were read wrongly", rate, wrong)
		}
		if shown < 100 || unread > shown/20 {
			t.Errorf("%d bit/s: %d pictures shown, %d of them unread", rate, shown, unread)
		}
		e.Close()
		d.Close()
	}
}

// scaled draws src into dst's rectangle with linear interpolation, as a GPU or a page does.
func scaled(dst *image.RGBA, at image.Rectangle, src *image.RGBA, mirror bool) {
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			u := (float64(x-at.Min.X)+0.5)/float64(at.Dx())*float64(src.Rect.Dx()) - 0.5
			v := (float64(y-at.Min.Y)+0.5)/float64(at.Dy())*float64(src.Rect.Dy()) - 0.5
			if mirror {
				u = float64(src.Rect.Dx()-1) - u
			}
			u, v = min(max(u, 0), float64(src.Rect.Dx()-1)), min(max(v, 0), float64(src.Rect.Dy()-1))
			x0, y0 := int(u), int(v)
			x1, y1 := min(x0+1, src.Rect.Dx()-1), min(y0+1, src.Rect.Dy()-1)
			fx, fy := u-float64(x0), v-float64(y0)
			mix := func(i int) byte {
				p := func(x, y int) float64 { return float64(src.Pix[src.PixOffset(x, y)+i]) }
				return byte((p(x0, y0)*(1-fx)+p(x1, y0)*fx)*(1-fy) + (p(x0, y1)*(1-fx)+p(x1, y1)*fx)*fy + 0.5)
			}
			dst.SetRGBA(x, y, color.RGBA{mix(0), mix(1), mix(2), 255})
		}
	}
}

// The picture stands somewhere in a screenshot: scaled, with bars around it, mirrored or not.
func TestTimecode_isFoundOnAScreen(t *testing.T) {
	src := render.ToRGBA(drawn(640, 360, 9, 0xcafe1234), nil)
	for _, scale := range []float64{0.5, 0.63, 0.75, 1, 1.31, 1.5, 2} {
		for _, mirror := range []bool{false, true} {
			screen := image.NewRGBA(image.Rect(0, 0, 1500, 900))
			w, h := int(640*scale), int(360*scale)
			scaled(screen, image.Rect(101, 57, 101+w, 57+h), src, mirror)
			if got, ok := ReadTimecodeImage(screen); !ok || got != 0xcafe1234 {
				t.Errorf("scale %v, mirror %v: %x, %v", scale, mirror, got, ok)
			}
			crop := screen.SubImage(image.Rect(80, 50, 110+w, 60+h))
			if got, ok := ReadTimecodeImage(crop); !ok || got != 0xcafe1234 {
				t.Errorf("scale %v, mirror %v, cropped: %x, %v", scale, mirror, got, ok)
			}
		}
	}
}

// A tile of another shape cuts the sides off.
func TestTimecode_survivesATileThatCutsTheSides(t *testing.T) {
	src := render.ToRGBA(drawn(640, 360, 9, 77), nil)
	for _, shape := range []image.Rectangle{image.Rect(80, 0, 560, 360), image.Rect(0, 60, 640, 300)} {
		if got, ok := ReadTimecodeImage(src.SubImage(shape)); !ok || got != 77 {
			t.Errorf("%v: %d, %v", shape, got, ok)
		}
	}
}

func TestTimecode_isNotSeenWhereNoneIs(t *testing.T) {
	f := drawn(640, 360, 1, 5)
	x, y, cell := strip(640, 360)
	fill(f, x+7*cell, y+2*cell, 2*cell, 2*cell, [3]byte{black, grey, grey})
	if ms, ok := read(f); ok {
		t.Errorf("a damaged strip was read as %d", ms)
	}
	dice := rand.New(rand.NewPCG(1, 1))
	for i := range f.Y {
		f.Y[i] = byte(dice.Uint32())
	}
	if ms, ok := read(f); ok {
		t.Errorf("noise was read as %d", ms)
	}
	for _, bad := range [][4]int{{0, 0, 0, 0}, {10, 10, 10, 10}, {1, 640, 640, 360}, {0, -1, -1, -1}, {100, 5, 10, 10}} {
		if _, ok := ReadTimecode(make([]byte, bad[0]), bad[1], bad[2], bad[3]); ok {
			t.Errorf("%v was read", bad)
		}
	}
}

func TestTimecode_ageCountsAcrossTheTurnOfTheNumber(t *testing.T) {
	now := time.Now()
	for _, age := range []time.Duration{0, 40 * time.Millisecond, 5 * time.Second, -time.Second} {
		if got := TimecodeAge(TimecodeAt(now.Add(-age)), now); got < age-2*time.Millisecond || got > age+2*time.Millisecond {
			t.Errorf("age %v, want %v", got, age)
		}
	}
	turn := time.UnixMilli(1 << 32)
	if got := TimecodeAge(TimecodeAt(turn.Add(-10*time.Millisecond)), turn); got != 10*time.Millisecond {
		t.Errorf("age %v over the turn, want 10ms", got)
	}
}

func TestOpenCamera_timecodeShowsTheTimeOfItsCapture(t *testing.T) {
	testkit.Guard(t, time.Minute)
	s, err := OpenCamera(t.Context(), "timecode:640x360@30", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var last uint32
	for n := range 10 {
		f, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		now, at := time.Now(), media.Now()
		ms, ok := read(f)
		if !ok || f.Width != 640 || f.Height != 360 {
			t.Fatalf("picture %d: %d×%d, readable: %v", n, f.Width, f.Height, ok)
		}
		drawnAgo, capturedAgo := TimecodeAge(ms, now), at-f.Time
		if off := drawnAgo - capturedAgo; off < -5*time.Millisecond || off > 5*time.Millisecond {
			t.Errorf("drawn %v ago, but captured %v ago", drawnAgo, capturedAgo)
		}
		if n > 0 && int32(ms-last) <= 0 {
			t.Errorf("timecode %d after %d", ms, last)
		}
		last = ms
		f.Release()
	}
}

func TestWriteTimecodeY4M_playsAsACameraAndLoops(t *testing.T) {
	testkit.Guard(t, time.Minute)
	path := writeFile(t, "code.y4m", func(b *bytes.Buffer) error { return WriteTimecodeY4M(b, 320, 180, 25, 1) })
	s, err := OpenCamera(t.Context(), "file:"+path, CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	seen := map[uint32]bool{}
	for loops, last := 0, -1; loops < 2; {
		f, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ms, ok := read(f)
		f.Release()
		if !ok || ms%40 != 0 || ms >= 1000 {
			t.Fatalf("timecode %d, %v; want multiples of 40 under 1000", ms, ok)
		}
		seen[ms] = true
		if int(ms) < last {
			loops++
		}
		last = int(ms)
	}
	if len(seen) < 20 {
		t.Errorf("%d different pictures of 25", len(seen))
	}
}

func FuzzReadTimecode(f *testing.F) {
	p := drawn(160, 90, 3, 123456)
	f.Add(string(p.Y), 160)
	f.Add("", 0)
	f.Fuzz(func(t *testing.T, luma string, width int) {
		if width <= 0 || width > 4096 {
			width = 64
		}
		ReadTimecode([]byte(luma), width, width, len(luma)/width)
	})
}

func BenchmarkTimecode_draw720p(b *testing.B) {
	p := newTestPicture(1280, 720)
	f := (&media.FramePool{}).Get(1280, 720)
	now := time.Now()
	var n int64
	b.ReportAllocs()
	for b.Loop() {
		p.draw(f, n, uint32(n), now)
		n++
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/frame")
}

func BenchmarkReadTimecode_720p(b *testing.B) {
	f := drawn(1280, 720, 3, 123456)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := read(f); !ok {
			b.Fatal("unread")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/frame")
}
