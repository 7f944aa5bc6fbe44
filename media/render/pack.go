package render

import (
	"image"

	"kontaktlaege/media"
)

// Names of the textures in the shader.
const (
	TextureY = "planeY"
	TextureU = "planeU"
	TextureV = "planeV"
)

// Planes holds the picture that one tile shows, as textures for its shader: four samples of a plane are one RGBA texel,
// so that 1.38 MB go to the GPU for a 720p picture and nothing is converted on the way. Without a copy, too, when the
// planes' widths divide by four. Used on the UI thread only, where the painter reads the pixels; the zero Planes is
// ready.
type Planes struct {
	frame    *media.Frame // whose planes are lent to the images
	textures map[string]image.Image
	padded   [3][]byte
}

// Show takes over the caller's reference and gives the picture's textures, in the same map each time.
//
// The painter uploads an image again only when its pointer differs from the one it uploaded last, and nobody can tell
// which of the pictures shown that was: a hidden window paints none of them. Headers in rotation would therefore, once
// in a while, bring a stale picture back; so each picture has headers of its own, in one small allocation.
func (p *Planes) Show(f *media.Frame) map[string]image.Image {
	headers := &[3]image.RGBA{
		p.texels(0, f.Y, f.Width, f.Height),
		p.texels(1, f.U, f.Width/2, f.Height/2),
		p.texels(2, f.V, f.Width/2, f.Height/2),
	}
	if p.textures == nil {
		p.textures = make(map[string]image.Image, 3)
	}
	p.textures[TextureY], p.textures[TextureU], p.textures[TextureV] = &headers[0], &headers[1], &headers[2]
	if p.frame != nil {
		p.frame.Release()
	}
	p.frame = f
	return p.textures
}

// Clear gives the picture back. The textures must not be drawn any more.
func (p *Planes) Clear() {
	if p.frame != nil {
		p.frame.Release()
		p.frame = nil
	}
	clear(p.textures)
}

// Frame gives the picture shown, or nil; it stays Planes' own.
func (p *Planes) Frame() *media.Frame { return p.frame }

// texels wraps a plane; rows that do not fill their last texel are copied.
func (p *Planes) texels(i int, plane []byte, width, height int) image.RGBA {
	stride := (width + 3) &^ 3
	if stride != width {
		if need := stride * height; len(p.padded[i]) != need {
			p.padded[i] = make([]byte, need)
		}
		for y := range height {
			copy(p.padded[i][y*stride:], plane[y*width:(y+1)*width])
		}
		plane = p.padded[i]
	}
	return image.RGBA{Pix: plane, Stride: stride, Rect: image.Rect(0, 0, stride/4, height)}
}
