package coach

import "kontaktlaege/media"

// side is the longest side of the small picture that everything is measured on.
const side = 160

// levels is how many times it is made, each half as large as the one before: a near head is looked for on a coarse one, on
// which what is small behind it has blurred away.
const levels = 3

// thumb is a picture's brightness made small, and the directions of its edges.
type thumb struct {
	w, h   int
	luma   [side * side]uint8
	edges  [side * side]uint8 // a bit for each direction of an edge, of directions
	spread [side * side]uint8 // edges, and those of the places around
	rough  int                // how many places have an edge
}

// take makes f small. It is false for a picture that is too small to say anything of.
func (c *Coach) take(f *media.Frame) bool {
	block := (max(f.Width, f.Height) + side - 1) / side
	if block == 0 || min(f.Width, f.Height)/block < side/4 || len(f.Y) < f.Width*f.Height {
		return false
	}
	c.thumbs[0].shrink(f, block)
	for i := 1; i < levels; i++ {
		c.thumbs[i].halve(&c.thumbs[i-1])
	}
	for i := range c.thumbs {
		c.thumbs[i].findEdges()
	}
	return true
}

// shrink averages blocks of the picture's brightness. Of large blocks some lines are enough.
func (t *thumb) shrink(f *media.Frame, block int) {
	t.w, t.h = f.Width/block, f.Height/block
	apart := 1 + block/8
	var sums [side]uint32
	for y := range t.h {
		clear(sums[:])
		rows := uint32(0)
		for row := y * block; row < (y+1)*block; row += apart {
			line := f.Y[row*f.Width : row*f.Width+t.w*block]
			for x := range t.w {
				sum := uint32(0)
				for _, v := range line[x*block : (x+1)*block] {
					sum += uint32(v)
				}
				sums[x] += sum
			}
			rows++
		}
		for x, sum := range sums[:t.w] {
			t.luma[y*t.w+x] = uint8(sum / (rows * uint32(block)))
		}
	}
}

// halve averages two by two places of a larger thumb.
func (t *thumb) halve(of *thumb) {
	t.w, t.h = of.w/2, of.h/2
	for y := range t.h {
		above, below := of.luma[2*y*of.w:(2*y+1)*of.w], of.luma[(2*y+1)*of.w:(2*y+2)*of.w]
		for x := range t.w {
			t.luma[y*t.w+x] = uint8((int(above[2*x]) + int(above[2*x+1]) + int(below[2*x]) + int(below[2*x+1]) + 2) / 4)
		}
	}
}

// directions is how many of them an edge may have; that of a step in brightness and of its opposite is the same one.
const directions = 8

// faint is the step in brightness, over two places and three lines, below which there is no edge but noise.
const faint = 26

func (t *thumb) findEdges() {
	t.rough = 0
	clear(t.edges[:t.w*t.h])
	for y := 1; y < t.h-1; y++ {
		above, at, below := t.luma[(y-1)*t.w:y*t.w], t.luma[y*t.w:(y+1)*t.w], t.luma[(y+1)*t.w:(y+2)*t.w]
		edges := t.edges[y*t.w : (y+1)*t.w]
		for x := 1; x < t.w-1; x++ {
			dx := int(above[x+1]) + 2*int(at[x+1]) + int(below[x+1]) - int(above[x-1]) - 2*int(at[x-1]) - int(below[x-1])
			dy := int(below[x-1]) + 2*int(below[x]) + int(below[x+1]) - int(above[x-1]) - 2*int(above[x]) - int(above[x+1])
			if abs(dx)+abs(dy) > faint {
				edges[x] = 1 << direction(dx, dy)
				t.rough++
			}
		}
	}
	t.spreadEdges()
}

// direction sorts a gradient into eighths of a half turn: 0 lies along x, 4 along y.
func direction(dx, dy int) int {
	ax, ay := abs(dx), abs(dy)
	d := 0
	switch { // tangents of 11.25°, 33.75°, 56.25° and 78.75°, in 256ths
	case ay*256 < ax*51:
	case ay*256 < ax*171:
		d = 1
	case ay*256 < ax*383:
		d = 2
	case ay*256 < ax*1287:
		d = 3
	default:
		d = 4
	}
	if (dx < 0) != (dy < 0) {
		d = (directions - d) % directions
	}
	return d
}

// spreadEdges lets each place know the edges around it, so that a shape is found that is not quite the one looked for.
func (t *thumb) spreadEdges() {
	clear(t.spread[:t.w*t.h])
	for y := 1; y < t.h-1; y++ {
		for x := 1; x < t.w-1; x++ {
			if e := t.edges[y*t.w+x]; e != 0 {
				for row := y - 1; row <= y+1; row++ {
					t.spread[row*t.w+x-1] |= e
					t.spread[row*t.w+x] |= e
					t.spread[row*t.w+x+1] |= e
				}
			}
		}
	}
}

func abs(x int) int { return max(x, -x) }
