package media

import (
	"image"
	"image/color"
)

// A Frame is an image.Image, so that a driver may give it where pictures of the standard library are expected.
var _ image.Image = (*Frame)(nil)

// ColorModel says full-range YCbCr, as the standard library has no other.
func (f *Frame) ColorModel() color.Model { return color.YCbCrModel }

// Bounds gives the picture's size.
func (f *Frame) Bounds() image.Rectangle { return image.Rect(0, 0, f.Width, f.Height) }

// At gives one pixel, widened from limited to full range.
func (f *Frame) At(x, y int) color.Color {
	if !(image.Point{X: x, Y: y}.In(f.Bounds())) {
		return color.YCbCr{Cb: 128, Cr: 128}
	}
	c := y/2*(f.Width/2) + x/2
	return color.YCbCr{Y: widen(f.Y[y*f.Width+x], 16, 0, 219), Cb: widen(f.U[c], 128, 128, 224), Cr: widen(f.V[c], 128, 128, 224)}
}

// widen moves zero to base and makes span steps 255.
func widen(v byte, zero, base, span int) byte {
	return byte(min(max((int(v)-zero)*255/span+base, 0), 255))
}
