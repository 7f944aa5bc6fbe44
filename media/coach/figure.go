package coach

import (
	"math"
	"math/bits"
	"slices"
)

// figure is where a head above shoulders seems to be, in parts of the picture's width and height; size is chin to crown, in
// parts of its shorter side.
type figure struct {
	x, y, size float32
	sure       float32 // how much of the outline there is, 0–1, and how likely one is there
}

// point is one of an outline: where it lies from the middle of the head, and which way its edge looks.
type point struct {
	x, y, dir int
	offset    int // in the thumb that it was laid on
}

// outline is the line around head and shoulders in one size, in places of one of the thumbs.
type outline struct {
	level     int
	half      float32 // height of half a head
	bonus     float32
	head      [3][]point // the left side, the crown, the right side
	shoulders []point
	scouts    []point // some of the head's
	reach     struct{ left, right, up, down int }
}

// scouts are how many points of a head tell most places that are none.
const scouts = 6

// halves are the heights of half a head that are looked for, in places of the first thumb. bonuses is how much the likelier a
// head of that size is the citizen's, and not one on a picture, a clock or a shape in the room: who sits before the camera is
// near. They and likely are the best over a few hundred made pictures, which are others than those of the tests.
var (
	halves  = [...]float64{4.5, 6, 7.5, 9.5, 12, 15, 19, 24, 30}
	bonuses = [len(halves)]float32{-0.02, 0.10, 0.04, 0.06, 0.20, 0.26, 0.26, 0.14, 0.15}
	likely  = [hints]float32{Good: 0.10, Left: -0.01, Right: -0.01, Low: -0.05, High: 0.02, TooFar: 0.10}
)

func newOutlines() (all [len(halves)]outline) {
	for i, half := range halves {
		level := 0
		for ; half > 10 && level < levels-1; level++ {
			half /= 2
		}
		all[i] = newOutline(half)
		all[i].level, all[i].bonus = level, bonuses[i]
	}
	return all
}

func newOutline(half float64) outline {
	o := outline{half: float32(half)}
	wide := half * 0.82
	n := len(o.head) * min(4+int(half/4), 8)
	for i := range n { // from below one ear over the crown to below the other
		sin, cos := math.Sincos((float64(i)/float64(n-1)*2 - 1) * 125 * math.Pi / 180)
		p := newPoint(wide*sin, -half*cos, sin/wide, -cos/half)
		o.head[i*len(o.head)/n] = append(o.head[i*len(o.head)/n], p)
		if i%(n/scouts) == n/scouts/2 {
			o.scouts = append(o.scouts, p)
		}
	}
	for _, side := range []float64{-1, 1} {
		for i := range 4 {
			u := 0.9 + 0.3*float64(i)
			o.shoulders = append(o.shoulders, newPoint(side*u*wide, (1.25+0.3*(u-0.6))*half, side*0.4, -1))
		}
	}
	for _, p := range slices.Concat(o.head[0], o.head[1], o.head[2], o.shoulders) {
		r := &o.reach
		r.left, r.right, r.up, r.down = max(r.left, -p.x), max(r.right, p.x), max(r.up, -p.y), max(r.down, p.y)
	}
	return o
}

func newPoint(x, y, nx, ny float64) point {
	const scale = 1000
	return point{x: int(math.Round(x)), y: int(math.Round(y)), dir: direction(int(nx*scale), int(ny*scale))}
}

// lay finds the points' places in a thumb of that width.
func (o *outline) lay(width int) {
	for _, points := range [][]point{o.head[0], o.head[1], o.head[2], o.shoulders, o.scouts} {
		for i := range points {
			points[i].offset = points[i].y*width + points[i].x
		}
	}
}

// matches says how well edges found, as bits, go with one that is looked for. Where edges go all ways, as on a bookcase,
// each of them says little.
var matches = func() (table [directions][256]uint8) {
	for dir := range table {
		for mask := range table[dir] {
			found := uint8(mask)
			near := bits.RotateLeft8(1<<dir, 1) | bits.RotateLeft8(1<<dir, -1)
			score := 0
			switch {
			case found&(1<<dir) != 0:
				score = 16
			case found&near != 0:
				score = 10
			}
			if many := bits.OnesCount8(found); many > 3 {
				score = score * 3 / many
			}
			table[dir][mask] = uint8(score)
		}
	}
	return table
}()

const perfect = 16

// The limits of where a head is as a clinician wants it. They are wide: a picture that is good enough is left alone.
const (
	nearEnough        = 0.2 // its size: a face can be read
	highest, lowest   = 0.2, 0.62
	leftest, rightest = 0.28, 0.72
)

// placed says what there is to say of where a head is; of several things, the gravest.
func (f figure) placed() Hint {
	switch {
	case f.size < nearEnough:
		return TooFar
	case f.y < highest:
		return High
	case f.y > lowest:
		return Low
	case f.x < leftest:
		return Left
	case f.x > rightest:
		return Right
	}
	return Good
}

// find looks for the head that is most likely the citizen's, and says what there is to say of where it is. Where the citizen
// was well placed until now (settled), another place must be a little surer.
func (c *Coach) find(settled bool) (best figure, where Hint) {
	likely := likely
	if !settled {
		likely[Good] -= unsettled
	}
	for i := range c.outlines {
		o := &c.outlines[i]
		t := &c.thumbs[o.level]
		o.lay(t.w)
		f, reach := figure{size: 2 * o.half / float32(min(t.w, t.h))}, int(o.half)
		for y := -reach / 4; y < t.h+reach/4; y++ {
			f.y = float32(y) / float32(t.h)
			for x := range t.w {
				match := t.match(o, x, y)
				if match < leastMatch {
					continue
				}
				f.x = float32(x) / float32(t.w)
				h := f.placed()
				if f.sure = match + o.bonus + likely[h]; f.sure > best.sure {
					best, where = f, h
				}
			}
		}
	}
	return best, where
}

// leastMatch is how much of an outline there must be for anything to be said of it.
const leastMatch = 0.6

// match says how much of an outline there is around a place, 0–1.
func (t *thumb) match(o *outline, x, y int) float32 {
	if r := o.reach; x >= r.left && x < t.w-r.right && y >= r.up && y < t.h-r.down {
		return t.matchInside(o, y*t.w+x)
	}
	return t.matchAtEdge(o, x, y)
}

// unlikely is the part of the scouts' sum below which the others are not looked at.
const unlikely = 0.5

func (t *thumb) matchInside(o *outline, at int) float32 {
	if t.inside(o.scouts[scouts/2-1:scouts/2+1], at) == 0 || t.inside(o.scouts, at) < unlikely { // no crown, or not much else
		return 0
	}
	sum, least := float32(0), float32(1)
	for _, section := range o.head {
		part := t.inside(section, at)
		sum, least = sum+part, min(least, part)
	}
	head := (1-weakest)*sum/float32(len(o.head)) + weakest*least
	return headPart*head + (1-headPart)*t.inside(o.shoulders, at)
}

// inside is how well points that are all in the picture go with its edges, 0–1.
func (t *thumb) inside(points []point, at int) float32 {
	sum := 0
	for _, p := range points {
		sum += int(matches[p.dir][t.spread[at+p.offset]])
	}
	return float32(sum) / float32(len(points)*perfect)
}

// headPart is how much the head counts beside the shoulders, and weakest its weakest section beside all of them: a corner of
// a cupboard has two.
const headPart, weakest = 0.7, 0.4

// leastSeen is how much of the outline must be in the picture.
const leastSeen = 0.4

// cutAbove and cutBelow are what is left of a match of which hardly anything is in the picture: shoulders alone are a person,
// a crown alone may be much.
const cutAbove, cutBelow = 0.9, 0.8

// matchAtEdge is match where a part of the outline is outside the picture. What is outside is neither for nor against it.
func (t *thumb) matchAtEdge(o *outline, x, y int) float32 {
	if scouts, there := t.along(o.scouts, x, y); there == 0 || scouts < unlikely {
		return 0
	}
	sum, seen, least := float32(0), float32(0), float32(1)
	for _, section := range o.head {
		part, there := t.along(section, x, y)
		if there == 0 {
			continue
		}
		sum, seen = sum+part*there, seen+there
		if there > 0.5 {
			least = min(least, part)
		}
	}
	head := (1-weakest)*sum/seen + weakest*min(least, sum/seen)
	seenHead := headPart * seen / float32(len(o.head))
	shoulders, there := t.along(o.shoulders, x, y)
	seenShoulders := (1 - headPart) * there
	all := seenHead + seenShoulders
	if all < leastSeen {
		return 0
	}
	k := float32(cutAbove)
	if y > t.h/2 {
		k = cutBelow
	}
	return (seenHead*head + seenShoulders*shoulders) / all * (k + (1-k)*all)
}

// along is how well the points that are in the picture go with its edges, and how many of them those are, each 0–1.
func (t *thumb) along(points []point, x, y int) (match, there float32) {
	sum, seen := 0, 0
	for _, p := range points {
		px, py := x+p.x, y+p.y
		if uint(px) >= uint(t.w) || uint(py) >= uint(t.h) {
			continue
		}
		sum += int(matches[p.dir][t.spread[py*t.w+px]])
		seen++
	}
	return float32(sum) / float32(max(seen, 1)*perfect), float32(seen) / float32(len(points))
}
