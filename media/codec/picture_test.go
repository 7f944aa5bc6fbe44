package codec

import (
	"math"
	"time"

	"kontaktlaege/media"
)

// scene is a moving picture: a wall with a pattern that a camera pans over, and a face-sized disc that moves on it.
type scene struct {
	pool          *media.FramePool
	width, height int
	fps           int
	n             int
}

func newScene(width, height int) *scene {
	return &scene{pool: &media.FramePool{}, width: width, height: height, fps: 30}
}

func (s *scene) next() *media.Frame {
	f := s.pool.Get(s.width, s.height)
	cx := float64(f.Width) * (0.5 + 0.3*math.Sin(float64(s.n)/20))
	cy := float64(f.Height) * (0.5 + 0.2*math.Cos(float64(s.n)/15))
	r2 := float64(f.Height*f.Height) / 16
	for y := range f.Height {
		row := f.Y[y*f.Width : (y+1)*f.Width]
		for x := range row {
			px := x + s.n
			row[x] = byte(60 + 80*(px/24%2^y/24%2) + (px*7+y*13)%16)
			if dx, dy := float64(x)-cx, float64(y)-cy; dx*dx+dy*dy < r2 {
				row[x] = byte(150 + (x^y)%32)
			}
		}
	}
	for i := range f.U {
		f.U[i] = byte(100 + (i%(f.Width/2)+s.n)%40)
		f.V[i] = byte(150 - (i%(f.Width/2)+s.n)%30)
	}
	f.Time = time.Duration(s.n) * time.Second / time.Duration(s.fps)
	s.n++
	return f
}

// frames makes a loop of pictures ahead, so that a benchmark measures the codec alone.
func (s *scene) frames(n int) []*media.Frame {
	all := make([]*media.Frame, n)
	for i := range all {
		all[i] = s.next()
	}
	return all
}

// psnr compares luma, in dB.
func psnr(a, b *media.Frame) float64 {
	var sum float64
	for i := range a.Y {
		d := float64(a.Y[i]) - float64(b.Y[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255/(sum/float64(len(a.Y))+1e-9))
}
