package render

import (
	"encoding/binary"
	"image"
	"math"

	"kontaktlaege/media"
)

// The parts of BT.601's limited range, times 1<<fraction.
const fraction = 16

var (
	lumaPart          [256]int32
	redOfV, greenOfV  [256]int32
	greenOfU, blueOfU [256]int32
	clamped           [1024]byte // of -clampedZero … 1023-clampedZero
	clampedZero       int32      = 384
)

func init() {
	part := func(factor float64, sample int) int32 {
		return int32(math.Round(factor * float64(sample) * (1 << fraction)))
	}
	for i := range 256 {
		lumaPart[i] = part(255.0/219, i-16) + clampedZero<<fraction + 1<<(fraction-1)
		redOfV[i] = part(1.596027, i-128)
		greenOfV[i] = part(-0.812968, i-128)
		greenOfU[i] = part(-0.391762, i-128)
		blueOfU[i] = part(2.017232, i-128)
	}
	for i := range clamped {
		clamped[i] = byte(min(max(int32(i)-clampedZero, 0), 255))
	}
}

// ToRGBA draws f into an image of its size: into, when that has it, else a new one. It is the way for a screen without
// a usable GPU, and does not scale.
func ToRGBA(f *media.Frame, into *image.RGBA) *image.RGBA {
	if into == nil || into.Rect != image.Rect(0, 0, f.Width, f.Height) {
		into = image.NewRGBA(image.Rect(0, 0, f.Width, f.Height))
	}
	half := f.Width / 2
	for y := range f.Height {
		luma := f.Y[y*f.Width : (y+1)*f.Width]
		us := f.U[y/2*half : (y/2+1)*half]
		vs := f.V[y/2*half : (y/2+1)*half][:len(us)]
		out := into.Pix[y*into.Stride : y*into.Stride+4*f.Width]
		for x, u := range us {
			v := vs[x]
			red, green, blue := redOfV[v], greenOfU[u]+greenOfV[v], blueOfU[u]
			pair, two := luma[2*x:2*x+2:2*x+2], out[8*x:8*x+8:8*x+8]
			left, right := lumaPart[pair[0]], lumaPart[pair[1]]
			binary.LittleEndian.PutUint64(two, uint64(pixel(left+red, left+green, left+blue))|
				uint64(pixel(right+red, right+green, right+blue))<<32)
		}
	}
	return into
}

func pixel(red, green, blue int32) uint32 {
	return uint32(clamped[red>>fraction&1023]) | uint32(clamped[green>>fraction&1023])<<8 |
		uint32(clamped[blue>>fraction&1023])<<16 | 0xff<<24
}
