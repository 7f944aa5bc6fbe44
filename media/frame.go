package media

import (
	"sync"
	"sync/atomic"
	"time"
)

// Frame is an I420 picture (ITU-T H.264 table 6-1's 4:2:0 planar) with BT.601 limited range. Planes are tight: the
// stride equals the width of the plane. A frame belongs to a pool: whoever holds a reference may read it, nobody may
// write it once a second reference exists, and each Retain (and NewFrame itself) owes one Release.
type Frame struct {
	Width, Height int           // pixels, even
	Y, U, V       []byte        // Width×Height, and twice Width/2×Height/2
	Time          time.Duration // of capture, on the media clock

	refs atomic.Int32
	pool *FramePool
}

// Retain adds a reference.
func (f *Frame) Retain() *Frame {
	f.refs.Add(1)
	return f
}

// Release gives a reference back; the last one returns the frame to its pool.
func (f *Frame) Release() {
	switch n := f.refs.Add(-1); {
	case n == 0:
		if f.pool != nil {
			f.pool.put(f)
		}
	case n < 0:
		panic("media: frame released more often than retained")
	}
}

// FramePool recycles frames so that a running call allocates none. The zero pool is ready.
type FramePool struct {
	mu   sync.Mutex
	free []*Frame
}

// maxFree bounds what a pool keeps of a burst.
const maxFree = 16

// Get gives a frame of this size with one reference; its planes hold whatever they held. Odd sizes are rounded down to
// even ones.
func (p *FramePool) Get(width, height int) *Frame {
	width, height = width&^1, height&^1
	p.mu.Lock()
	for i := len(p.free) - 1; i >= 0; i-- {
		if f := p.free[i]; f.Width == width && f.Height == height {
			p.free = append(p.free[:i], p.free[i+1:]...)
			p.mu.Unlock()
			f.refs.Store(1)
			return f
		}
	}
	p.free = p.free[:0] // the size has changed: the rest is of no use any more
	p.mu.Unlock()
	luma, chroma := width*height, width*height/4
	planes := make([]byte, luma+2*chroma)
	f := &Frame{
		Width: width, Height: height,
		Y: planes[:luma:luma], U: planes[luma : luma+chroma : luma+chroma], V: planes[luma+chroma:],
		pool: p,
	}
	f.refs.Store(1)
	return f
}

func (p *FramePool) put(f *Frame) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) < maxFree {
		p.free = append(p.free, f)
	}
}
