package capture

import (
	"math"
	"sync/atomic"

	"kontaktlaege/media"
)

// controls are what a camera can do besides pictures. Its methods are called one at a time.
type controls interface {
	// zoom comes as close as the lens can, at most by factor, and says how close that is; 1: it can't.
	zoom(factor float64) (float64, error)
	hasTorch() bool
	torch(on bool) error
	close()
}

// noControls is a camera that gives pictures and no more.
type noControls struct{}

func (noControls) zoom(float64) (float64, error) { return 1, nil }
func (noControls) hasTorch() bool                { return false }
func (noControls) torch(bool) error              { return nil }
func (noControls) close()                        {}

var (
	_ media.Zoomer = (*videoSource)(nil)
	_ media.Torch  = litSource{}
)

// litSource is a camera with a lamp.
type litSource struct{ *videoSource }

// SetTorch implements media.Torch.
func (s litSource) SetTorch(on bool) error {
	s.setting.Lock()
	defer s.setting.Unlock()
	return s.controls.torch(on)
}

// withTorch has the lamp of a camera that has one among its methods.
func withTorch(s *videoSource) media.VideoSource {
	if s.controls.hasTorch() {
		return litSource{s}
	}
	return s
}

// mostCrop is how much is cut out of a picture at most: of less than a hundred pixels nobody sees anything.
const (
	mostCrop  = 8
	leastSide = 96
)

// SetZoom implements media.Zoomer: by the lens as far as it goes, and the rest by cutting out the middle, whose pixels then
// are the whole picture. None are made up, so that what is sent is no larger than what was seen.
func (s *videoSource) SetZoom(factor float64) error {
	if !(factor > 1) { // which a number that is none is not
		factor = 1
	}
	s.setting.Lock()
	optical, err := s.controls.zoom(factor)
	s.setting.Unlock()
	if err != nil { // the lens does not follow: then all of it is cut
		optical = 1
	}
	s.crop.set(min(max(factor/max(optical, 1), 1), mostCrop))
	return nil
}

// crop is how much is cut out; the zero crop is nothing.
type crop struct{ bits atomic.Uint64 }

func (c *crop) set(factor float64) { c.bits.Store(math.Float64bits(factor)) }

// cut gives f itself where nothing is cut, else the middle of it, and takes f's reference.
func (c *crop) cut(pool *media.FramePool, f *media.Frame) *media.Frame {
	factor := math.Float64frombits(c.bits.Load())
	if factor <= 1 {
		return f
	}
	side := func(whole int) int { return min(max(int(float64(whole)/factor), leastSide)&^1, whole) }
	g := pool.Get(side(f.Width), side(f.Height))
	g.Time = f.Time
	x, y := (f.Width-g.Width)/4, (f.Height-g.Height)/4 // of the chroma, so that both have the same middle
	part(g.Y, g.Width, g.Height, f.Y, f.Width, 2*x, 2*y)
	part(g.U, g.Width/2, g.Height/2, f.U, f.Width/2, x, y)
	part(g.V, g.Width/2, g.Height/2, f.V, f.Width/2, x, y)
	f.Release()
	return g
}

func part(dst []byte, width, height int, src []byte, stride, x, y int) {
	for row := range height {
		copy(dst[row*width:(row+1)*width], src[(y+row)*stride+x:])
	}
}
