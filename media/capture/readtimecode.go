package capture

import (
	"image"
)

// ReadTimecode finds the timecode in luma of a picture, wherever it lies there, scaled (down to cells of four pixels)
// or mirrored. False means that none is there, or that it is damaged: it is never guessed.
func ReadTimecode(luma []byte, stride, width, height int) (ms uint32, ok bool) {
	p := greyPicture{luma, stride, width, height}
	if width < 0 || height < 0 || stride < width || len(luma) < stride*(height-1)+width {
		return 0, false
	}
	for y := 0; y < height; y += 2 {
		if ms, ok = p.searchRow(y); ok {
			return ms, true
		}
	}
	return 0, false
}

// ReadTimecodeImage does so in a picture of a screen.
func ReadTimecodeImage(img image.Image) (ms uint32, ok bool) {
	b := img.Bounds()
	luma := make([]byte, b.Dx()*b.Dy())
	for y := range b.Dy() {
		row := luma[y*b.Dx() : (y+1)*b.Dx()]
		switch img := img.(type) {
		case *image.RGBA:
			lumaOfRGBA(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.NRGBA: // of a screen: nothing shines through
			lumaOfRGBA(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.Gray:
			copy(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):])
		default:
			for x := range row {
				red, green, blue, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
				row[x] = byte((299*red + 587*green + 114*blue) / 1000 >> 8)
			}
		}
	}
	return ReadTimecode(luma, b.Dx(), b.Dx(), b.Dy())
}

func lumaOfRGBA(row, pix []byte) {
	for x := range row {
		row[x] = byte((299*int(pix[4*x]) + 587*int(pix[4*x+1]) + 114*int(pix[4*x+2])) / 1000)
	}
}

// threshold lies between black and white in limited and in full range.
const threshold = 126

type greyPicture struct {
	luma                  []byte
	stride, width, height int
}

func (p greyPicture) dark(x, y int) bool { return p.luma[y*p.stride+x] < threshold }

// searchRow looks for a row of stripCells runs of equal length, dark ones at both ends, with light around them.
func (p greyPicture) searchRow(y int) (ms uint32, ok bool) {
	const kept = stripCells + 2
	var ends [kept + 1]int // where the last runs ended, the newest last
	runs := 0
	for x := 1; x <= p.width; x++ {
		if x < p.width && p.dark(x, y) == p.dark(x-1, y) {
			continue
		}
		copy(ends[:], ends[1:])
		ends[kept] = x
		// The run that ended here is the light one behind the strip.
		if runs++; runs >= kept && !p.dark(x-1, y) && even(ends) {
			if ms, ok = p.readStrip(float64(ends[1]), float64(ends[kept-1]), y); ok {
				return ms, true
			}
		}
	}
	return 0, false
}

// even says whether the runs between the outer two are of one length, and the outer ones not shorter.
func even(ends [stripCells + 3]int) bool {
	cell := float64(ends[stripCells+1]-ends[1]) / stripCells
	if cell < 3 {
		return false
	}
	for i := range stripCells + 2 {
		run := float64(ends[i+1] - ends[i])
		outer := i == 0 || i == stripCells+1
		if run < 0.5*cell-1 || !outer && run > 1.5*cell+1 {
			return false
		}
	}
	return true
}

// readStrip reads the cells below the alternating row that goes from left to right at y.
func (p greyPicture) readStrip(left, right float64, y int) (ms uint32, ok bool) {
	cell := (right - left) / stripCells
	top, bottom := y, y
	for top > 0 && p.alternates(left, cell, top-1) {
		top--
	}
	for bottom+1 < p.height && p.alternates(left, cell, bottom+1) {
		bottom++
	}
	middle := float64(top+bottom+1) / 2
	if ms, ok = p.readCells(left, cell, middle, cell); !ok {
		ms, ok = p.readCells(left, cell, middle, float64(bottom-top+1)) // stretched
	}
	return ms, ok
}

// alternates says whether nearly all cells of a line are dark and light in turn.
func (p greyPicture) alternates(left, cell float64, y int) bool {
	wrong := 0
	for i := range stripCells {
		if p.dark(int(left+(float64(i)+0.5)*cell), y) != (i%2 == 0) {
			wrong++
		}
	}
	return wrong <= 2
}

func (p greyPicture) readCells(left, cell, middle, pitch float64) (ms uint32, ok bool) {
	var bits, mirrored uint64
	for row := 1; row < stripRows; row++ {
		for i := range stripCells {
			one, inside := p.cell(left+(float64(i)+0.5)*cell, middle+float64(row)*pitch, cell/4)
			if !inside {
				return 0, false
			}
			bits <<= 1
			if one {
				bits |= 1
				mirrored |= 1 << ((stripRows-1-row)*stripCells + i)
			}
		}
	}
	for _, b := range [2]uint64{bits, mirrored} {
		if ms := uint32(b >> 16); stripBits(ms) == b {
			return ms, true
		}
	}
	return 0, false
}

// cell gives whether the middle of a cell is dark.
func (p greyPicture) cell(x, y, reach float64) (dark, inside bool) {
	x0, x1, y0, y1 := int(x-reach), int(x+reach), int(y-reach), int(y+reach)
	if x0 < 0 || y0 < 0 || x1 >= p.width || y1 >= p.height {
		return false, false
	}
	sum, n := 0, 0
	for j := y0; j <= y1; j++ {
		for i := x0; i <= x1; i++ {
			sum += int(p.luma[j*p.stride+i])
			n++
		}
	}
	return sum < threshold*n, true
}
