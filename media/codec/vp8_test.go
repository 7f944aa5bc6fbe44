package codec

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

func openVP8(t testing.TB, c VP8Config) (media.VideoEncoder, media.VideoDecoder) {
	t.Helper()
	e, err := NewVP8Encoder(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	d, err := NewVP8Decoder(&media.FramePool{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return e, d
}

func encode(t testing.TB, e media.VideoEncoder, f *media.Frame) media.AccessUnit {
	t.Helper()
	au, err := e.Encode(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	return au
}

func TestVP8_whatIsDecodedLooksLikeWhatWasEncoded(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for _, size := range [][2]int{{1280, 720}, {640, 360}, {322, 182}, {360, 640}} {
		e, d := openVP8(t, VP8Config{Width: size[0], Height: size[1], FPS: 30, Rate: 4_000_000})
		s := newScene(size[0], size[1])
		var worst, shown float64 = 100, 0
		for range 30 {
			f := s.next()
			au := encode(t, e, f)
			if len(au.Data) == 0 {
				f.Release()
				continue
			}
			got, err := d.Decode(t.Context(), au)
			if err != nil {
				t.Fatal(err)
			}
			if got.Width != size[0] || got.Height != size[1] || got.Time != f.Time {
				t.Fatalf("decoded %d×%d at %v, want %v at %v", got.Width, got.Height, got.Time, size, f.Time)
			}
			if p := psnr(f, got); p < worst && shown > 2 {
				worst = p
			}
			shown++
			got.Release()
			f.Release()
		}
		if worst < 30 || shown < 20 {
			t.Errorf("%v: worst PSNR %.1f dB of %.0f pictures, want ≥ 30 of ≥ 20", size, worst, shown)
		}
		e.Close()
		d.Close()
	}
}

func TestVP8_keyFrameComesWhenAskedForAndOnlyThen(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, _ := openVP8(t, VP8Config{Width: 640, Height: 360, FPS: 30, Rate: 800_000})
	s := newScene(640, 360)
	for n := range 90 {
		if n == 45 {
			e.RequestKey()
		}
		f := s.next()
		au := encode(t, e, f)
		f.Release()
		if want := n == 0 || n == 45; len(au.Data) > 0 && au.Key != want {
			t.Errorf("picture %d: key = %v, want %v", n, au.Key, want)
		}
	}
}

// The rate that was asked for holds over some seconds, and a new one from the next picture on.
func TestVP8_rateIsKept(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, _ := openVP8(t, VP8Config{Width: 640, Height: 360, FPS: 30, Rate: 1_500_000})
	s := newScene(640, 360)
	pictures := s.frames(60)
	for _, want := range []int{1_500_000, 500_000, 1_000_000} {
		e.SetRate(want)
		var bytes int
		const seconds = 4
		for n := range (seconds + 1) * 30 {
			f := pictures[n%len(pictures)]
			f.Time = time.Duration(s.n) * time.Second / 30
			s.n++
			au := encode(t, e, f)
			if n >= 30 { // the first second still pays for what was before
				bytes += len(au.Data)
			}
		}
		got := float64(bytes) * 8 / seconds
		if ratio := got / float64(want); ratio < 0.75 || ratio > 1.2 {
			t.Errorf("asked for %d bit/s, got %.0f", want, got)
		}
	}
}

func TestVP8_firstKeyFrameIsBounded(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, _ := openVP8(t, VP8Config{Width: 1280, Height: 720, FPS: 30, Rate: 1_200_000})
	s := newScene(1280, 720)
	f := s.next()
	au := encode(t, e, f)
	if limit := 60_000; len(au.Data) == 0 || len(au.Data) > limit {
		t.Errorf("the first key frame has %d bytes, want 1 to %d", len(au.Data), limit)
	}
}

func TestVP8_anotherSizeReopensWithAKeyFrame(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, d := openVP8(t, VP8Config{FPS: 30, Rate: 600_000})
	for _, size := range [][2]int{{640, 360}, {320, 180}, {1280, 720}, {720, 1280}, {640, 360}} {
		s := newScene(size[0], size[1])
		for n := range 3 {
			f := s.next()
			au := encode(t, e, f)
			if n == 0 && !au.Key {
				t.Errorf("%v: the first picture is no key frame", size)
			}
			if len(au.Data) == 0 {
				continue
			}
			got, err := d.Decode(t.Context(), au)
			if err != nil {
				t.Fatalf("%v: %v", size, err)
			}
			if got.Width != size[0] || got.Height != size[1] {
				t.Errorf("decoded %d×%d, want %v", got.Width, got.Height, size)
			}
			got.Release()
		}
	}
}

func TestVP8_refusesAPictureOfNoSize(t *testing.T) {
	testkit.Guard(t, time.Minute)
	if _, err := NewVP8Encoder(VP8Config{Width: 8, Height: 100_000, Rate: 1}); err == nil {
		t.Error("opened an encoder for 8×100000")
	}
	e, _ := openVP8(t, VP8Config{Rate: 300_000})
	if _, err := e.Encode(t.Context(), (&media.FramePool{}).Get(2, 2)); err == nil {
		t.Error("encoded a picture of 2×2")
	}
	encode(t, e, newScene(320, 180).next()) // and goes on
}

func TestVP8_afterABrokenPictureNothingIsShownUntilAKeyFrame(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, d := openVP8(t, VP8Config{Width: 320, Height: 180, FPS: 30, Rate: 500_000})
	s := newScene(320, 180)
	unit := func() media.AccessUnit {
		for {
			f := s.next()
			au := encode(t, e, f)
			f.Release()
			if len(au.Data) > 0 {
				return au
			}
		}
	}
	first := unit()
	delta := unit()
	if _, err := d.Decode(t.Context(), delta); !errors.Is(err, errNeedKey) {
		t.Errorf("a delta frame first: %v, want errNeedKey", err)
	}
	_ = first // its bytes are gone: valid until the next call
	e.RequestKey()
	key := unit()
	f, err := d.Decode(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	f.Release()
	broken := unit()
	broken.Data = broken.Data[:3]
	if _, err := d.Decode(t.Context(), broken); err == nil {
		t.Error("a picture of three bytes was decoded")
	}
	if _, err := d.Decode(t.Context(), unit()); !errors.Is(err, errNeedKey) {
		t.Errorf("the picture after a broken one: %v, want errNeedKey", err)
	}
	e.RequestKey()
	f, err = d.Decode(t.Context(), unit())
	if err != nil {
		t.Fatalf("the key frame after a broken picture: %v", err)
	}
	f.Release()
}

func TestVP8_closeWhileEncodingEndsAllCalls(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for range 10 {
		e, d := openVP8(t, VP8Config{Width: 320, Height: 180, FPS: 30, Rate: 500_000})
		f := newScene(320, 180).next()
		var callers sync.WaitGroup
		begun := make(chan struct{}, 64)
		for range 4 {
			callers.Go(func() {
				for {
					if _, err := e.Encode(t.Context(), f); err != nil {
						if !errors.Is(err, media.ErrClosed) {
							t.Error(err)
						}
						return
					}
					select {
					case begun <- struct{}{}:
					default:
					}
					e.RequestKey()
					e.SetRate(400_000)
				}
			})
		}
		<-begun
		callers.Go(func() { e.Close() })
		e.Close()
		callers.Wait()
		e.RequestKey()
		e.SetRate(1)
		if _, err := e.Encode(t.Context(), f); !errors.Is(err, media.ErrClosed) {
			t.Errorf("after Close: %v, want ErrClosed", err)
		}
		d.Close()
		d.Close()
		if _, err := d.Decode(t.Context(), media.AccessUnit{}); !errors.Is(err, media.ErrClosed) {
			t.Errorf("after Close: %v, want ErrClosed", err)
		}
	}
}

func TestVP8_callerMayLeaveBeforeItsTurn(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, _ := openVP8(t, VP8Config{Width: 320, Height: 180, FPS: 30, Rate: 500_000})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := newScene(320, 180).next()
	if _, err := e.Encode(ctx, f); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
	encode(t, e, f)
}

func TestVP8_runningCallAllocatesNothing(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, d := openVP8(t, VP8Config{Width: 640, Height: 360, FPS: 30, Rate: 1_000_000})
	s := newScene(640, 360)
	pictures := s.frames(8)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	one := func() {
		f := pictures[s.n%len(pictures)]
		f.Time = time.Duration(s.n) * time.Second / 30
		s.n++
		if s.n%10 == 0 {
			e.RequestKey()
			e.SetRate(900_000 + s.n)
		}
		au, err := e.Encode(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(au.Data) == 0 {
			return
		}
		got, err := d.Decode(ctx, au)
		if err != nil {
			t.Fatal(err)
		}
		got.Release()
	}
	for range 30 {
		one()
	}
	if n := testing.AllocsPerRun(60, one); n != 0 {
		t.Errorf("%v allocations a picture, want 0", n)
	}
}

func FuzzVP8Decoder(f *testing.F) {
	e, _ := openVP8(f, VP8Config{Width: 64, Height: 48, FPS: 30, Rate: 200_000})
	s := newScene(64, 48)
	for range 4 {
		au := encode(f, e, s.next())
		f.Add(string(au.Data))
	}
	testkit.Seeds(f, "testdata/vp8/*")
	d, err := NewVP8Decoder(&media.FramePool{})
	if err != nil {
		f.Fatal(err)
	}
	e.RequestKey()
	key := encode(f, e, s.next())
	key.Data = append([]byte(nil), key.Data...)
	f.Fuzz(func(t *testing.T, data string) {
		for _, au := range []media.AccessUnit{key, {Data: []byte(data)}} {
			frame, err := d.Decode(t.Context(), au)
			if err != nil && frame != nil {
				t.Fatal("a picture with an error")
			}
			if frame != nil {
				frame.Release()
			}
		}
	})
}

func BenchmarkVP8_encode720p(b *testing.B) {
	e, _ := openVP8(b, VP8Config{Width: 1280, Height: 720, FPS: 30, Rate: 1_500_000})
	s := newScene(1280, 720)
	pictures := s.frames(30)
	var bytes int
	b.ReportAllocs()
	for b.Loop() {
		f := pictures[s.n%len(pictures)]
		f.Time = time.Duration(s.n) * time.Second / 30
		s.n++
		bytes += len(encode(b, e, f).Data)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/frame")
	b.ReportMetric(float64(bytes)*8*30/float64(b.N)/1000, "kbit/s")
}

func BenchmarkVP8_decode720p(b *testing.B) {
	e, d := openVP8(b, VP8Config{Width: 1280, Height: 720, FPS: 30, Rate: 1_500_000})
	var units []media.AccessUnit
	for _, f := range newScene(1280, 720).frames(60) {
		if au := encode(b, e, f); len(au.Data) > 0 {
			au.Data = append([]byte(nil), au.Data...)
			units = append(units, au)
		}
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		f, err := d.Decode(b.Context(), units[n%len(units)])
		if err != nil {
			b.Fatal(err)
		}
		f.Release()
		n++
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/frame")
}

func BenchmarkVP8_firstPicture720p(b *testing.B) {
	f := newScene(1280, 720).next()
	b.ReportAllocs()
	for b.Loop() {
		e, err := NewVP8Encoder(VP8Config{Width: 1280, Height: 720, FPS: 30, Rate: 1_500_000})
		if err != nil {
			b.Fatal(err)
		}
		encode(b, e, f)
		e.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/open")
}
