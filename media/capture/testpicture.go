package capture

import (
	"time"

	"kontaktlaege/media"
)

// A strip is the machine-readable part of the test picture: four rows of stripCells square cells on a white panel. The
// first row alternates, black first, so that a reader finds the strip and its scale; the others hold, from the upper
// left, stripVersion in 3 bits, the timecode in 32 and its checksum in 16, with black as one.
const (
	stripCells   = 17
	stripRows    = 4
	stripVersion = 0b101
)

const (
	black = 16
	white = 235
	grey  = 128 // no colour
)

// strip gives the place of the first cell in a picture, and the side of a cell.
func strip(width, height int) (x, y, cell int) {
	cell = max(min(width/26, height/10)&^1, 2)
	return (width - stripCells*cell) / 2 &^ 1, (height - stripRows*cell) / 2 &^ 1, cell
}

// stripBits lays out what the three lower rows say.
func stripBits(ms uint32) uint64 {
	return stripVersion<<48 | uint64(ms)<<16 | uint64(checksum(ms))
}

// checksum is CRC-16/CCITT-FALSE over the four bytes of ms, the highest first.
func checksum(ms uint32) uint16 {
	crc := uint16(0xffff)
	for shift := 24; shift >= 0; shift -= 8 {
		crc ^= uint16(byte(ms>>shift)) << 8
		for range 8 {
			carry := crc&0x8000 != 0
			crc <<= 1
			if carry {
				crc ^= 0x1021
			}
		}
	}
	return crc
}

// bars are the colour bars of 75 % (Y, U, V), in their usual order.
var bars = [8][3]byte{
	{180, 128, 128}, {162, 44, 142}, {131, 156, 44}, {112, 72, 58}, {84, 184, 198}, {65, 100, 212}, {35, 212, 114}, {black, grey, grey},
}

// testPicture draws colour bars, the strip, the time in digits and a square that runs along the lower edge.
type testPicture struct {
	still *media.Frame // all that does not move
	text  [len("15:04:05.000")]byte
}

func newTestPicture(width, height int) *testPicture {
	f := (&media.FramePool{}).Get(width, height)
	for i, bar := range bars {
		left, right := width*i/len(bars)&^1, width*(i+1)/len(bars)&^1
		fill(f, left, 0, right-left, height, bar)
	}
	x, y, cell := strip(width, height)
	fill(f, x-cell, y-cell, (stripCells+2)*cell, (stripRows+2)*cell, [3]byte{white, grey, grey})
	for i := 0; i < stripCells; i += 2 {
		fill(f, x+i*cell, y, cell, cell, [3]byte{black, grey, grey})
	}
	fill(f, 0, height*7/8&^1, width, height-height*7/8&^1, [3]byte{60, grey, grey})
	return &testPicture{still: f}
}

func (p *testPicture) draw(f *media.Frame, n int64, ms uint32, clock time.Time) {
	copy(f.Y, p.still.Y)
	copy(f.U, p.still.U)
	copy(f.V, p.still.V)

	x, y, cell := strip(f.Width, f.Height)
	bits := stripBits(ms)
	for i := range stripCells * (stripRows - 1) {
		if bits>>(stripCells*(stripRows-1)-1-i)&1 != 0 {
			fill(f, x+i%stripCells*cell, y+(1+i/stripCells)*cell, cell, cell, [3]byte{black, grey, grey})
		}
	}

	side := f.Height / 10 &^ 1
	way := max(f.Width-side, 1)
	at := int(n*int64(max(f.Width/160, 2))) % (2 * way)
	if at >= way {
		at = 2*way - at
	}
	fill(f, at&^1, f.Height*7/8+f.Height/80, side, side, [3]byte{200, 90, 180})

	p.tell(clock)
	writeDigits(f, p.text[:])
}

// tell writes the time of day; time.AppendFormat would allocate.
func (p *testPicture) tell(clock time.Time) {
	hour, minute, second := clock.Clock()
	copy(p.text[:], "00:00:00.000")
	for at, number := range [...]int{1: hour, 4: minute, 7: second, 11: clock.Nanosecond() / 1e6} {
		for ; number > 0; at-- {
			p.text[at] = byte('0' + number%10)
			number /= 10
		}
	}
}

// fill paints a rectangle; its sides are even, and it is cut to the picture.
func fill(f *media.Frame, x, y, width, height int, c [3]byte) {
	left, top := max(x, 0)&^1, max(y, 0)&^1
	right, bottom := min(x+width, f.Width)&^1, min(y+height, f.Height)&^1
	if left >= right {
		return
	}
	for row := top; row < bottom; row++ {
		line := f.Y[row*f.Width+left : row*f.Width+right]
		for i := range line {
			line[i] = c[0]
		}
	}
	half := f.Width / 2
	for row := top / 2; row < bottom/2; row++ {
		u, v := f.U[row*half+left/2:row*half+right/2], f.V[row*half+left/2:row*half+right/2]
		for i := range u {
			u[i], v[i] = c[1], c[2]
		}
	}
}

// digits are 3×5 dots each, a row an octal figure.
var digits = map[byte][5]byte{
	'0': {7, 5, 5, 5, 7}, '1': {2, 6, 2, 2, 7}, '2': {7, 1, 7, 4, 7}, '3': {7, 1, 7, 1, 7}, '4': {5, 5, 7, 1, 1},
	'5': {7, 4, 7, 1, 7}, '6': {7, 4, 7, 5, 7}, '7': {7, 1, 1, 1, 1}, '8': {7, 5, 7, 5, 7}, '9': {7, 5, 7, 1, 7},
	':': {0, 2, 0, 2, 0}, '.': {0, 0, 0, 0, 2},
}

func writeDigits(f *media.Frame, text []byte) {
	dot := max(min(f.Width/64, f.Height/50)&^1, 2)
	width := (4*len(text) + 1) * dot
	x, y := (f.Width-width)/2&^1, f.Height/20&^1
	fill(f, x, y, width, 7*dot, [3]byte{black, grey, grey})
	for i, c := range text {
		for row, dots := range digits[c] {
			for column := range 3 {
				if dots>>(2-column)&1 != 0 {
					fill(f, x+(4*i+1+column)*dot, y+(1+row)*dot, dot, dot, [3]byte{white, grey, grey})
				}
			}
		}
	}
}
