package call

import "kontaktlaege/media"

// scaler makes pictures smaller. It keeps the shape, and its pools.
type scaler struct {
	half, small media.FramePool
	columns     []column
	row         []uint32
}

// column is where a pixel of a row comes from: between at and at+1, weighed by weight/256.
type column struct {
	at, weight uint32
}

// fit gives f with one more reference if it is within the limits, or else a smaller one.
func (s *scaler) fit(f *media.Frame, maxWidth, maxHeight int) *media.Frame {
	width, height := f.Width, f.Height
	if height > maxHeight {
		width, height = width*maxHeight/height, maxHeight
	}
	if width > maxWidth {
		width, height = maxWidth, height*maxWidth/width
	}
	width, height = max(width&^1, 2), max(height&^1, 2)
	f.Retain()
	if width >= f.Width && height >= f.Height {
		return f
	}
	for f.Width >= 2*width && f.Height >= 2*height && f.Width >= 4 && f.Height >= 4 { // so that no pixel is left out
		f = s.replace(f, s.half.Get(f.Width/2, f.Height/2), halve)
	}
	if f.Width == width && f.Height == height {
		return f
	}
	return s.replace(f, s.small.Get(width, height), s.resize)
}

// replace draws f into g, plane by plane, and gives f's reference back.
func (s *scaler) replace(f, g *media.Frame, draw func(dst []byte, dw, dh int, src []byte, sw, sh int)) *media.Frame {
	g.Time = f.Time
	draw(g.Y, g.Width, g.Height, f.Y, f.Width, f.Height)
	draw(g.U, g.Width/2, g.Height/2, f.U, f.Width/2, f.Height/2)
	draw(g.V, g.Width/2, g.Height/2, f.V, f.Width/2, f.Height/2)
	f.Release()
	return g
}

// halve takes the mean of each two by two pixels.
func halve(dst []byte, dw, dh int, src []byte, sw, _ int) {
	for y := range dh {
		row := dst[y*dw : (y+1)*dw]
		a := src[2*y*sw:][:2*dw]
		b := src[(2*y+1)*sw:][:2*dw]
		for x := range row {
			row[x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) / 4)
		}
	}
}

// resize is bilinear: two rows into one, then along it.
func (s *scaler) resize(dst []byte, dw, dh int, src []byte, sw, sh int) {
	s.columns = s.columns[:0]
	for x := range dw {
		at, weight := between(x, dw, sw)
		s.columns = append(s.columns, column{uint32(at), uint32(weight)})
	}
	if len(s.row) < sw+1 {
		s.row = make([]uint32, sw+1)
	}
	mixed := s.row[:sw+1]
	for y := range dh {
		at, weight := between(y, dh, sh)
		a, b := src[at*sw:][:sw], src[min(at+1, sh-1)*sw:][:sw]
		below := uint32(weight)
		above := 256 - below
		for x, v := range a {
			mixed[x] = uint32(v)*above + uint32(b[x])*below
		}
		mixed[sw] = mixed[sw-1]
		row := dst[y*dw:][:dw]
		for x, c := range s.columns {
			pair := mixed[c.at:][:2]
			row[x] = byte((pair[0]*(256-c.weight) + pair[1]*c.weight + 1<<15) >> 16)
		}
	}
}

// between gives where pixel i of n lies among m: its left neighbour and the weight of the right one, of 256.
func between(i, n, m int) (at, weight int) {
	position := max(((2*i+1)*m*128)/n-128, 0) // centre to centre, in 1/256
	return min(position>>8, m-1), position & 255
}
