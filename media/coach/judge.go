package coach

// The limits, on a brightness of 16 to 235. Of two, the first is for a hint that is not shown yet and the second for one that
// is: it stays a little longer, so that nobody is told one thing and the other in turn.
type limits struct{ begin, stay float32 }

func (l limits) of(shown bool) float32 {
	if shown {
		return l.stay
	}
	return l.begin
}

var (
	blank = limits{0.006, 0.012} // part of the places that have an edge: fewer, and there is nothing to be seen
	dim   = limits{88, 98}       // brightness that a quarter of the picture exceeds: less is too dark, whoever sits in it
	glare = limits{0.2, 0.12}    // part of what is around the head that is as white as can be: more is light from behind
	shade = limits{130, 145}     // brightness of the face in such light that is enough whatever is behind it
)

// unsettled is how much surer a good place must be while another one is told.
const unsettled = 0.05

// white is what the camera can't tell from white.
const white = 220

// judge says what is the matter with the picture, while shown is what is told already. Looking: nothing that can be told.
func (c *Coach) judge(shown Hint) Hint {
	t := &c.thumbs[0]
	if float32(t.rough) < blank.of(shown == Covered)*float32(t.w*t.h) {
		return Covered
	}
	whole := t.part(0, 0, 1, 1)
	if float32(whole.above(0.25)) < dim.of(shown == Dark) {
		return Dark
	}
	head, where := c.find(!shown.place())
	if c.againstLight(head, shown == Backlight) {
		return Backlight
	}
	return where
}

// againstLight says whether it is white around the head and dark in it. How dark a face is by itself does not make it so.
func (c *Coach) againstLight(head figure, shown bool) bool {
	if head.sure == 0 { // none that could be seen
		head = figure{x: 0.5, y: 0.4, size: 0.4}
	}
	t := &c.thumbs[0]
	size := head.size * float32(min(t.w, t.h))
	across, down := size/float32(t.w), size/float32(t.h)
	around := t.part(head.x-1.5*across, head.y-1.2*down, head.x+1.5*across, head.y+0.5*down)
	if around.whiter() < glare.of(shown) {
		return false
	}
	face := t.part(head.x-0.35*across, head.y-0.35*down, head.x+0.35*across, head.y+0.5*down)
	return float32(face.above(0.5)) < shade.of(shown)
}

// histogram counts the places of each brightness.
type histogram struct {
	places [256]int
	all    int
}

// part counts those of a part of the picture.
func (t *thumb) part(x0, y0, x1, y1 float32) (h histogram) {
	left, right := max(int(x0*float32(t.w)), 0), min(int(x1*float32(t.w)), t.w)
	for y := max(int(y0*float32(t.h)), 0); y < min(int(y1*float32(t.h)), t.h) && left < right; y++ {
		for _, v := range t.luma[y*t.w+left : y*t.w+right] {
			h.places[v]++
		}
		h.all += right - left
	}
	return h
}

// above gives the brightness that such a part of the places exceeds.
func (h *histogram) above(part float32) int {
	left := int(part * float32(h.all))
	for v := 255; v > 0; v-- {
		if left -= h.places[v]; left < 0 {
			return v
		}
	}
	return 0
}

// whiter gives the part of the places that are white.
func (h *histogram) whiter() float32 {
	n := 0
	for _, places := range h.places[white:] {
		n += places
	}
	return float32(n) / float32(max(h.all, 1))
}
