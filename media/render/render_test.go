package render

import (
	"image"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

func TestMailbox_newestWinsAndTheRestIsGivenBack(t *testing.T) {
	var pool media.FramePool
	var m Mailbox
	wakes := 0
	m.OnNew(func() { wakes++ })
	if m.Take() != nil {
		t.Error("an empty mailbox gave a picture")
	}
	first, second := pool.Get(4, 4), pool.Get(4, 4)
	m.Put(first)
	m.Put(second)
	if wakes != 1 {
		t.Errorf("woken %d times for two pictures without a Take, want 1", wakes)
	}
	if got := pool.Get(4, 4); got != first {
		t.Error("the replaced picture did not return to its pool")
	}
	if got := m.Take(); got != second {
		t.Error("Take gave another picture than the newest")
	}
	m.Put(second)
	m.Clear()
	if wakes != 2 || m.Take() != nil {
		t.Errorf("after Clear: woken %d times, want 2, and nothing inside", wakes)
	}
	if put, dropped := m.Counts(); put != 3 || dropped != 1 {
		t.Errorf("put %d, dropped %d; want 3, 1", put, dropped)
	}
}

func TestMailbox_noPictureIsLostOrShownTwiceUnderLoad(t *testing.T) {
	testkit.Guard(t, time.Minute)
	var pool media.FramePool
	var m Mailbox
	const pictures = 20_000
	seen := 0
	last := -1
	var both sync.WaitGroup
	stop := make(chan struct{})
	both.Go(func() {
		for n := range pictures {
			f := pool.Get(2, 2)
			f.Y[0], f.Y[1], f.Y[2] = byte(n), byte(n>>8), byte(n>>16)
			m.Put(f)
		}
		close(stop)
	})
	both.Go(func() {
		for {
			f := m.Take()
			if f == nil {
				select {
				case <-stop:
					if f = m.Take(); f == nil {
						return
					}
				default:
					continue
				}
			}
			n := int(f.Y[0]) | int(f.Y[1])<<8 | int(f.Y[2])<<16
			if n <= last {
				t.Errorf("picture %d after %d", n, last)
			}
			last = n
			seen++
			f.Release()
		}
	})
	both.Wait()
	put, dropped := m.Counts()
	if last != pictures-1 || put != pictures || int(dropped)+seen != pictures {
		t.Errorf("last %d, put %d, dropped %d, seen %d", last, put, dropped, seen)
	}
}

// noise fills a picture with all values there are.
func noise(pool *media.FramePool, width, height int) *media.Frame {
	f := pool.Get(width, height)
	dice := rand.New(rand.NewPCG(7, 7))
	for _, plane := range [][]byte{f.Y, f.U, f.V} {
		for i := range plane {
			plane[i] = byte(dice.Uint32())
		}
	}
	return f
}

func TestPlanes_wrapWithoutACopyWhenRowsFillTheirTexels(t *testing.T) {
	var pool media.FramePool
	var p Planes
	f := noise(&pool, 640, 360)
	textures := p.Show(f)
	for name, plane := range map[string][]byte{TextureY: f.Y, TextureU: f.U, TextureV: f.V} {
		img := textures[name].(*image.RGBA)
		if &img.Pix[0] != &plane[0] || len(img.Pix) != len(plane) {
			t.Errorf("%s is a copy", name)
		}
	}
}

// What the shader reads at a column and row is what stands in the plane, whatever the size.
func TestPlanes_eachSampleIsWhereTheShaderLooks(t *testing.T) {
	var pool media.FramePool
	for _, size := range [][2]int{{640, 360}, {642, 362}, {636, 358}, {2, 2}, {1280, 720}, {426, 240}} {
		var p Planes
		f := noise(&pool, size[0], size[1])
		textures := p.Show(f)
		for _, row := range []struct {
			name          string
			plane         []byte
			width, height int
		}{{TextureY, f.Y, f.Width, f.Height}, {TextureU, f.U, f.Width / 2, f.Height / 2}, {TextureV, f.V, f.Width / 2, f.Height / 2}} {
			img := textures[row.name].(*image.RGBA)
			texels := (row.width + 3) / 4
			if img.Rect != image.Rect(0, 0, texels, row.height) || img.Stride != 4*texels || len(img.Pix) != 4*texels*row.height {
				t.Fatalf("%v %s: %v, stride %d, %d bytes", size, row.name, img.Rect, img.Stride, len(img.Pix))
			}
			for y := range row.height {
				for x := range row.width {
					texel := img.RGBAAt(x/4, y)
					got := [4]byte{texel.R, texel.G, texel.B, texel.A}[x%4]
					if want := row.plane[y*row.width+x]; got != want {
						t.Fatalf("%v %s (%d, %d) = %d, want %d", size, row.name, x, y, got, want)
					}
				}
			}
		}
	}
}

// The painter compares pointers with whichever picture it painted last, so no two pictures may share one.
func TestPlanes_eachPictureHasImagesOfItsOwn(t *testing.T) {
	var pool media.FramePool
	var p Planes
	seen := map[image.Image]bool{}
	for range 20 {
		for _, img := range p.Show(pool.Get(64, 64)) {
			if seen[img] {
				t.Fatal("an image came back: the painter would take it for the one it has")
			}
			seen[img] = true
		}
	}
}

func TestPlanes_holdOnePictureUntilTheNext(t *testing.T) {
	var pool media.FramePool
	var p Planes
	first, second := pool.Get(64, 64), pool.Get(64, 64)
	p.Show(first)
	if p.Frame() != first {
		t.Error("the picture shown is not the one it has")
	}
	p.Show(second)
	if got := pool.Get(64, 64); got != first {
		t.Error("the first picture did not return when the second was shown")
	}
	p.Clear()
	p.Clear()
	if got := pool.Get(64, 64); got != second {
		t.Error("the second picture did not return at Clear")
	}
	if p.Frame() != nil {
		t.Error("a picture after Clear")
	}
}

func TestToRGBA_isBT601(t *testing.T) {
	var pool media.FramePool
	f := noise(&pool, 258, 130)
	img := ToRGBA(f, nil)
	clamp := func(v float64) float64 { return math.Min(math.Max(v, 0), 255) }
	for y := range f.Height {
		for x := range f.Width {
			l := 255.0 / 219 * (float64(f.Y[y*f.Width+x]) - 16)
			u := float64(f.U[y/2*f.Width/2+x/2]) - 128
			v := float64(f.V[y/2*f.Width/2+x/2]) - 128
			want := [3]float64{clamp(l + 1.596027*v), clamp(l - 0.391762*u - 0.812968*v), clamp(l + 2.017232*u)}
			c := img.RGBAAt(x, y)
			for i, got := range [3]byte{c.R, c.G, c.B} {
				if math.Abs(float64(got)-want[i]) > 0.51 || c.A != 255 {
					t.Fatalf("(%d, %d): %v, want %v", x, y, c, want)
				}
			}
		}
	}
}

func TestToRGBA_usesTheImageItIsGiven(t *testing.T) {
	var pool media.FramePool
	f := noise(&pool, 64, 64)
	img := ToRGBA(f, nil)
	if n := testing.AllocsPerRun(10, func() {
		if ToRGBA(f, img) != img {
			t.Fatal("a new image for the same size")
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
	if other := ToRGBA(noise(&pool, 32, 64), img); other == img || other.Rect.Dx() != 32 {
		t.Error("another size was drawn into the same image")
	}
}

func TestUniforms_nameWhatTheShaderAsksFor(t *testing.T) {
	var pool media.FramePool
	set := map[string]float32{}
	Uniforms(set, pool.Get(640, 360), Look{Mirror: true, Radius: 8, Alpha: 1})
	want := map[string]float32{"pictureWidth": 640, "pictureHeight": 360, "cover": 0, "mirror": 1, "radius": 8, "alpha": 1}
	if len(set) != len(want) {
		t.Errorf("%v, want %v", set, want)
	}
	for name, value := range want {
		if set[name] != value {
			t.Errorf("%s = %v, want %v", name, set[name], value)
		}
		line := "uniform float " + name + ";"
		if !strings.Contains(ShaderDesktop, line) || !strings.Contains(ShaderES, line) {
			t.Errorf("the shader has no uniform float %s", name)
		}
	}
}

func BenchmarkToRGBA_720p(b *testing.B) {
	var pool media.FramePool
	f := noise(&pool, 1280, 720)
	img := ToRGBA(f, nil)
	b.ReportAllocs()
	for b.Loop() {
		ToRGBA(f, img)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/frame")
}

func BenchmarkPlanes_720p(b *testing.B) {
	var pool media.FramePool
	var p Planes
	f := noise(&pool, 1280, 720)
	bytes := 0
	b.ReportAllocs()
	for b.Loop() {
		bytes = 0
		for _, img := range p.Show(f.Retain()) {
			bytes += len(img.(*image.RGBA).Pix)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "µs/frame")
	b.ReportMetric(float64(bytes)/1e6, "MB/frame")
}

func TestMailboxes_eachParticipantHasOneAndNobodysPicturesAreKept(t *testing.T) {
	var pool media.FramePool
	var m Mailboxes
	watched := m.Of("clinic")
	watched.OnNew(func() {})
	first, second := pool.Get(4, 4), pool.Get(4, 4)
	m.Put("clinic", first)
	m.Put("gst_1", second)
	if m.Of("clinic") != watched || watched.Take() != first {
		t.Error("the clinic's picture is not in the clinic's mailbox")
	}
	if m.Of("gst_1").Take() != nil || pool.Get(4, 4) != second {
		t.Error("a picture that nobody watches is kept")
	}
	for i := range 100 {
		m.Of("gst_" + strconv.Itoa(i))
	}
	if m.Of("clinic") != watched {
		t.Error("the tile that shows the clinic lost its mailbox")
	}
	if n := len(m.boxes); n > manyBoxes {
		t.Errorf("%d mailboxes for guests that have gone", n)
	}
}
