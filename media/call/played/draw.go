package played

import (
	"kontaktlaege/media"
)

// Size of the picture.
const (
	width  = 640
	height = 360
)

// colour is Y, U, V.
type colour [3]byte

var (
	wall  = colour{150, 136, 112}
	skin  = colour{182, 110, 148}
	hair  = colour{60, 122, 134}
	coat  = colour{228, 128, 128}
	shirt = colour{96, 150, 104}
	lips  = colour{70, 116, 160}
	eyes  = colour{40, 128, 128}
	amber = colour{190, 32, 150}
	ink   = colour{30, 134, 122}
)

// draw paints a doctor who nobody takes for one: a head, a coat, a mouth that is open while the voice speaks, eyes that
// blink, and stripes that move, as around everything of a drill.
func draw(f *media.Frame, n int, speaks bool) {
	x := width/2 + 4*(n/perSecond%2)
	everywhere := func(int, int) bool { return true }
	fill(f, 0, 0, width, height, wall, everywhere)
	ellipse(f, x, 400, 190, 170, coat)
	ellipse(f, x, 300, 40, 70, shirt)
	ellipse(f, x, 128, 78, 88, hair)
	ellipse(f, x, 150, 66, 84, skin)
	if n%(4*perSecond) > 2 {
		ellipse(f, x-26, 136, 7, 8, eyes)
		ellipse(f, x+26, 136, 7, 8, eyes)
	}
	open := 4
	if speaks {
		open = 8 + n%3*4
	}
	ellipse(f, x, 194, 22, open, lips)
	for _, y := range []int{0, height - stripes} {
		fill(f, 0, y, width, y+stripes, amber, everywhere)
		fill(f, 0, y, width, y+stripes, ink, func(x, y int) bool { return (x+y+2*n)/stripes%2 == 0 })
	}
}

// stripes are so high, and so wide.
const stripes = 24

func ellipse(f *media.Frame, cx, cy, rx, ry int, c colour) {
	fill(f, cx-rx, cy-ry, cx+rx, cy+ry, c, func(x, y int) bool {
		dx, dy := (x-cx)*ry, (y-cy)*rx
		return dx*dx+dy*dy <= rx*rx*ry*ry
	})
}

// fill paints what of a rectangle is inside.
func fill(f *media.Frame, left, top, right, bottom int, c colour, inside func(x, y int) bool) {
	half := f.Width / 2
	for y := max(top, 0); y < min(bottom, f.Height); y++ {
		for x := max(left, 0); x < min(right, f.Width); x++ {
			if !inside(x, y) {
				continue
			}
			f.Y[y*f.Width+x] = c[0]
			if x&1 == 0 && y&1 == 0 {
				f.U[y/2*half+x/2], f.V[y/2*half+x/2] = c[1], c[2]
			}
		}
	}
}
