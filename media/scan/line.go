package scan

import (
	"math"

	"github.com/makiuchi-d/gozxing"

	"kontaktlaege/media"
)

// Region is a part of a picture, in parts of its width and height. The zero Region is all of it.
type Region struct{ Left, Top, Right, Bottom float64 }

// area is a region in pixels, with a margin to the picture's edge that lines are averaged over.
type area struct{ left, top, right, bottom float64 }

// margin is for what is read beside a line, and between two pixels.
const margin = 4

func (r Region) of(f *media.Frame) area {
	if r == (Region{}) {
		r = Region{Right: 1, Bottom: 1}
	}
	side := func(part float64, all int) float64 {
		if !(part > 0) { // which a number that is none is not
			part = 0
		}
		return min(max(part*float64(all), margin), float64(all-1-margin))
	}
	return area{side(r.Left, f.Width), side(r.Top, f.Height), side(r.Right, f.Width), side(r.Bottom, f.Height)}
}

const (
	perPixel   = 2    // samples along a line: a narrow bar may be less than two pixels wide
	mostOnLine = 4096 // samples; of larger pictures there are fewer for a pixel
)

// line is what lies along one straight line over the picture, from white to black.
type line struct {
	n       int
	grey    [mostOnLine]uint8
	sharp   [mostOnLine]int16
	blocks  [mostOnLine / block]int16 // where black begins, by block
	changes int                       // from black to white and back
}

func (l *line) wipe() {
	clear(l.grey[:])
	clear(l.sharp[:])
	clear(l.blocks[:])
	l.n, l.changes = 0, 0
}

// across lays a line at an angle through the point that is offset beside the middle of a. It is false where hardly any of
// that line is in a.
func (l *line) across(f *media.Frame, a area, sin, cos, offset float64) bool {
	x, y := (a.left+a.right)/2-offset*sin, (a.top+a.bottom)/2+offset*cos
	from, to := math.Inf(-1), math.Inf(1)
	clip := func(at, step, low, high float64) {
		if math.Abs(step) < 1e-9 {
			if at < low || at > high {
				from, to = 1, 0
			}
			return
		}
		t0, t1 := (low-at)/step, (high-at)/step
		from, to = max(from, min(t0, t1)), min(to, max(t0, t1))
	}
	clip(x, cos, a.left, a.right)
	clip(y, sin, a.top, a.bottom)
	if !(to-from > shortest) {
		return false
	}
	step := max(1.0/perPixel, (to-from)/(mostOnLine-1))
	l.n = int((to - from) / step)
	l.sample(f, x+from*cos, y+from*sin, step*cos, step*sin, sin, cos)
	return true
}

// shortest is the length in pixels below which there is no barcode on a line: it has more than fifty bars.
const shortest = 90

const one = 1 << 16 // of fixed point

// sample averages five points at each place, one on the line and two to either side, since bars are long and noise is not.
func (l *line) sample(f *media.Frame, x, y, dx, dy, sin, cos float64) {
	fixed := func(v float64) int { return int(v * one) }
	px, py, stepX, stepY := fixed(x), fixed(y), fixed(dx), fixed(dy)
	besideX, besideY := fixed(-sin), fixed(cos)
	for i := range l.n {
		sum := 0
		for k := -2; k <= 2; k++ {
			sum += between(f, px+k*besideX, py+k*besideY)
		}
		l.grey[i] = uint8(sum / 5)
		px += stepX
		py += stepY
	}
}

// between gives the brightness between four pixels.
func between(f *media.Frame, x, y int) int {
	at := y>>16*f.Width + x>>16
	fx, fy := x&(one-1)>>8, y&(one-1)>>8
	above := int(f.Y[at])*(256-fx) + int(f.Y[at+1])*fx
	below := int(f.Y[at+f.Width])*(256-fx) + int(f.Y[at+f.Width+1])*fx
	return (above*(256-fy) + below*fy) >> 16
}

const (
	block    = 32 // samples that have a limit between black and white of their own
	reach    = 2  // blocks to either side that have a say in it: light falls unevenly on a card
	contrast = 20 // of print, at least: less is paper
)

// blacken tells black from white on the line: what the lens has blurred is sharpened first.
func (l *line) blacken(sharpen int) *gozxing.BitArray {
	l.sharpen(sharpen)
	l.findLimits()
	row := gozxing.NewBitArray(l.n)
	l.changes = 0
	last := false
	for i := range l.n {
		black := l.sharp[i] < l.limit(i)
		if black {
			row.Set(i)
		}
		if black != last {
			l.changes++
			last = black
		}
	}
	return row
}

// sharpen takes away from each sample what those beside it have of its brightness.
func (l *line) sharpen(strength int) {
	const away = 3
	for i := range l.n {
		v := int(l.grey[i])
		if strength > 0 {
			beside := int(l.grey[max(i-away, 0)]) + int(l.grey[min(i+away, l.n-1)])
			v += strength * (2*v - beside) / 8
		}
		l.sharp[i] = int16(v)
	}
}

// findLimits puts the limit of each block in the middle between the darkest and the lightest around it. Where they are close
// together beside the rest of the line there is paper, and noise on it.
func (l *line) findLimits() {
	blocks := (l.n + block - 1) / block
	most := int16(0)
	for b := range blocks {
		low, high := l.around(b)
		most = max(most, high-low)
	}
	for b := range blocks {
		low, high := l.around(b)
		l.blocks[b] = math.MinInt16
		if high-low >= max(contrast, most/4) {
			l.blocks[b] = (high + low) / 2
		}
	}
}

// around gives the darkest and the lightest around a block.
func (l *line) around(b int) (low, high int16) {
	low, high = math.MaxInt16, math.MinInt16
	for _, v := range l.sharp[max(b-reach, 0)*block : min((b+reach+1)*block, l.n)] {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// limit is a block's in its middle, and goes over into its neighbour's between them.
func (l *line) limit(i int) int16 {
	b, within := i/block, i%block
	next := b + 1
	if within < block/2 {
		next = b - 1
	}
	if next < 0 || next*block >= l.n || l.blocks[next] == math.MinInt16 || l.blocks[b] == math.MinInt16 {
		return l.blocks[b]
	}
	far := max(within-block/2, block/2-within)
	return int16((int(l.blocks[b])*(block-far) + int(l.blocks[next])*far) / block)
}
