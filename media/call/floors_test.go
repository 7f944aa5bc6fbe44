package call

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"kontaktlaege/media"
	"kontaktlaege/media/codec"
)

// BenchmarkFloors says what a picture of each height is worth at a rate: encoded as in a call, shown at the camera's own
// size, and compared with what the camera saw. The floors of the ladder stand where the larger one stops being the worse.
// It measures no time.
func BenchmarkFloors(b *testing.B) {
	for _, held := range []bool{false, true} {
		name := "stands"
		if held {
			name = "held"
		}
		face := face{held: held}
		frames := face.record(120)
		for _, s := range []struct {
			heights [2]int
			rates   []int
		}{
			{[2]int{180, 270}, []int{60, 90, 120}},
			{[2]int{270, 360}, []int{90, 130, 170}},
			{[2]int{360, 540}, []int{250, 300, 350, 400}},
			{[2]int{540, 720}, []int{350, 500, 650}},
		} {
			for _, rate := range s.rates {
				for _, height := range s.heights {
					b.Run(fmt.Sprintf("%s/%dk/%dp", name, rate, height), func(b *testing.B) {
						var q quality
						for range b.N {
							q = seen(b, &face, frames, height, rate*1000)
						}
						b.ReportMetric(q.psnr, "dB")
						b.ReportMetric(q.ssim, "ssim")
						b.ReportMetric(q.fps, "fps")
						b.ReportMetric(q.rate/1000, "kbit/s")
						b.ReportMetric(0, "ns/op")
					})
				}
			}
		}
	}
}

// quality is what a stretch of pictures was like.
type quality struct{ psnr, ssim, fps, rate float64 }

// seen has the pictures go through the codec, and judges those after the first second.
func seen(b *testing.B, source *face, frames []*media.Frame, height, rate int) quality {
	const fps, begin = 30, 30
	encoder, err := codec.NewVP8Encoder(codec.VP8Config{Rate: rate, FPS: fps})
	if err != nil {
		b.Fatal(err)
	}
	defer encoder.Close()
	var pool media.FramePool
	decoder, err := codec.NewVP8Decoder(&pool)
	if err != nil {
		b.Fatal(err)
	}
	defer decoder.Close()
	var down, up scaler
	var shown *media.Frame
	var q quality
	for n, f := range frames {
		noisy := source.grainy(f)
		small := down.fit(noisy, f.Width, height)
		noisy.Release()
		unit, err := encoder.Encode(b.Context(), small)
		small.Release()
		if err != nil {
			b.Fatal(err)
		}
		if len(unit.Data) > 0 {
			if shown != nil {
				shown.Release()
			}
			if shown, err = decoder.Decode(b.Context(), unit); err != nil {
				b.Fatal(err)
			}
		}
		if n >= begin {
			if len(unit.Data) > 0 {
				q.fps++
				q.rate += float64(len(unit.Data)) * 8
			}
			large := shown.Retain()
			if large.Height != f.Height {
				large = up.replace(large, up.small.Get(f.Width, f.Height), up.resize)
			}
			p, s := compare(f, large)
			q.psnr += p
			q.ssim += s
			large.Release()
		}
	}
	shown.Release()
	judged := float64(len(frames) - begin)
	return quality{q.psnr / judged, q.ssim / judged, q.fps * fps / judged, q.rate * fps / judged}
}

// compare gives PSNR in dB, and SSIM (Wang and others 2004, over blocks of 8 by 8), of the luma.
func compare(a, b *media.Frame) (psnr, ssim float64) {
	const side, c1, c2 = 8, 6.5025, 58.5225
	var squares float64
	blocks := 0
	for y := 0; y+side <= a.Height; y += side {
		for x := 0; x+side <= a.Width; x += side {
			var sa, sb, saa, sbb, sab float64
			for j := range side {
				ra, rb := a.Y[(y+j)*a.Width+x:][:side], b.Y[(y+j)*b.Width+x:][:side]
				for i := range ra {
					p, q := float64(ra[i]), float64(rb[i])
					sa, sb, saa, sbb, sab = sa+p, sb+q, saa+p*p, sbb+q*q, sab+p*q
				}
			}
			const n = side * side
			ma, mb := sa/n, sb/n
			va, vb, cov := saa/n-ma*ma, sbb/n-mb*mb, sab/n-ma*mb
			ssim += (2*ma*mb + c1) * (2*cov + c2) / ((ma*ma + mb*mb + c1) * (va + vb + c2))
			squares += saa + sbb - 2*sab
			blocks++
		}
	}
	return 10 * math.Log10(255*255/(squares/float64(blocks*side*side)+1e-9)), ssim / float64(blocks)
}

// face is what a tablet on a table sees: somebody who talks and moves, before a wall with things on it, in a picture with
// a camera's noise. Wall and skin are textures with as much detail at each scale as natural pictures have.
type face struct {
	held       bool // in hands, and not standing on a table
	pool       media.FramePool
	wall, skin []float64 // textureSide squared, around 0
	books      []float64 // by column: edges
	noise      []float64
	chance     *rand.Rand
}

const (
	textureSide = 2048 // a power of two
	bookMargin  = 64   // columns to either side of what a steady tablet sees
)

// record draws so many pictures.
func (f *face) record(n int) (frames []*media.Frame) {
	f.chance = rand.New(rand.NewPCG(1, 2))
	f.wall, f.skin = f.texture(), f.texture()
	f.noise = make([]float64, 1<<16)
	for i := range f.noise {
		f.noise[i] = f.chance.NormFloat64()
	}
	for len(f.books) < textureSide {
		back := f.chance.NormFloat64() * 25
		for range 8 + f.chance.IntN(30) {
			f.books = append(f.books, back)
		}
	}
	for i := range n {
		frames = append(frames, f.next(i))
	}
	return frames
}

// texture sums smooth noise of each scale, weaker the finer it is.
func (f *face) texture() []float64 {
	t := make([]float64, textureSide*textureSide)
	for cell := 256; cell >= 2; cell /= 2 {
		n := textureSide / cell
		grid := make([]float64, n*n)
		for i := range grid {
			grid[i] = f.chance.NormFloat64() * math.Sqrt(float64(cell)/256)
		}
		for y := range textureSide {
			gy, fy := y/cell, float64(y%cell)/float64(cell)
			above, below := grid[gy*n:][:n], grid[(gy+1)%n*n:][:n]
			for x := range textureSide {
				gx, fx := x/cell, float64(x%cell)/float64(cell)
				next := (gx + 1) % n
				t[y*textureSide+x] += (above[gx]*(1-fx)+above[next]*fx)*(1-fy) + (below[gx]*(1-fx)+below[next]*fx)*fy
			}
		}
	}
	return t
}

// next draws picture n.
func (f *face) next(n int) *media.Frame {
	const (
		width, height    = 1280, 720
		contrast         = 18
		tall, wide       = 0.38 * height, 0.28 * height // of the head, from its middle
		mouthX, mouthY   = 70, 14
		belowTheMiddle   = 140
		nods, sways      = 14, 30 // pixels
		talks, breathes  = 5, 0.25
		skinDim, wallDim = 150, 110
	)
	out := f.pool.Get(width, height)
	at := float64(n) / 30
	// Hands that hold the tablet move all of the picture.
	var shakeX, shakeY int
	if f.held {
		shakeX = int(40*math.Sin(2*math.Pi*0.2*at) + 6*math.Sin(2*math.Pi*0.9*at) + 2*math.Sin(2*math.Pi*2.3*at))
		shakeY = int(20*math.Sin(2*math.Pi*0.13*at) + 4*math.Sin(2*math.Pi*1.1*at) + 2*math.Sin(2*math.Pi*2.9*at))
	}
	cx := width/2 + float64(shakeX) + sways*math.Sin(2*math.Pi*0.35*at) + 4*math.Sin(2*math.Pi*1.7*at)
	cy := height/2 + float64(shakeY) + nods*math.Sin(2*math.Pi*0.6*at)
	open := mouthY * (1 + math.Sin(2*math.Pi*talks*at)*math.Sin(2*math.Pi*breathes*at))
	dx, dy := int(cx), int(cy)
	for y := range height {
		row := out.Y[y*width:][:width]
		ey := (float64(y) - cy) / tall
		my := (float64(y) - cy - belowTheMiddle) / max(open, 1)
		for x := range row {
			ex := (float64(x) - cx) / wide
			mx := (float64(x) - cx) / mouthX
			var v float64
			switch {
			case mx*mx+my*my < 1:
				v = 45
			case ex*ex+ey*ey < 1 || y > height*3/4 && math.Abs(float64(x)-cx) < 320:
				v = skinDim + contrast*f.skin[(y-dy+textureSide)%textureSide*textureSide+(x-dx+textureSide)%textureSide]
			default:
				v = wallDim + contrast*f.wall[(y-shakeY+textureSide)%textureSide*textureSide+(x-shakeX+textureSide)%textureSide] + f.books[x-shakeX+bookMargin]
			}
			row[x] = byte(min(max(v, 16), 235))
		}
	}
	for i := range out.U {
		out.U[i], out.V[i] = 118, 138
	}
	out.Time = time.Duration(n) * time.Second / 30
	return out
}

// grainy gives the picture with a camera's noise, which is nothing that anybody wants to see again.
func (f *face) grainy(clean *media.Frame) *media.Frame {
	const grain = 2
	out := f.pool.Get(clean.Width, clean.Height)
	copy(out.U, clean.U)
	copy(out.V, clean.V)
	out.Time = clean.Time
	at := f.chance.IntN(len(f.noise))
	for i, v := range clean.Y {
		if at++; i%1021 == 0 || at == len(f.noise) {
			at = f.chance.IntN(len(f.noise))
		}
		out.Y[i] = byte(min(max(float64(v)+grain*f.noise[at], 16), 235))
	}
	return out
}
