package capture

import (
	"image"

	"kontaktlaege/media"
)

// Full range to limited.
var narrowLuma, narrowChroma [256]byte

func init() {
	for i := range 256 {
		narrowLuma[i] = byte(16 + (i*219+127)/255)
		narrowChroma[i] = byte(128 + ((i-128)*224)/255)
	}
}

// toI420 brings a driver's picture into f, whatever its chroma is sampled like; f is the picture's size, made even.
func toI420(f *media.Frame, img *image.YCbCr, wide bool) {
	for y := range f.Height {
		copy(f.Y[y*f.Width:(y+1)*f.Width], img.Y[img.YOffset(img.Rect.Min.X, img.Rect.Min.Y+y):])
	}
	w, h := f.Width/2, f.Height/2
	// Where the chroma of the two columns and rows of a block lies, seen from its first sample.
	origin := img.COffset(img.Rect.Min.X, img.Rect.Min.Y)
	right := img.COffset(img.Rect.Min.X+1, img.Rect.Min.Y) - origin
	below := img.COffset(img.Rect.Min.X, img.Rect.Min.Y+1) - origin
	step := img.COffset(img.Rect.Min.X+2, img.Rect.Min.Y) - origin
	for y := range h {
		from := img.COffset(img.Rect.Min.X, img.Rect.Min.Y+2*y)
		for plane, src := range [2][]byte{img.Cb, img.Cr} {
			dst := [2][]byte{f.U, f.V}[plane][y*w : (y+1)*w]
			if right == 0 && below == 0 {
				copy(dst, src[from:])
				continue
			}
			at := from
			for x := range dst {
				dst[x] = byte((int(src[at]) + int(src[at+right]) + int(src[at+below]) + int(src[at+right+below]) + 2) / 4)
				at += step
			}
		}
	}
	if wide {
		narrow(f.Y, &narrowLuma)
		narrow(f.U, &narrowChroma)
		narrow(f.V, &narrowChroma)
	}
}

func narrow(plane []byte, table *[256]byte) {
	for i, v := range plane {
		plane[i] = table[v]
	}
}
