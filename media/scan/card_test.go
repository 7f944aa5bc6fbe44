package scan

import (
	"flag"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kontaktlaege/media"
)

// code is a barcode on a card: where it is, in millimetres.
type code struct {
	format        gozxing.BarcodeFormat
	text          string
	x, y, w, h    float64
	matrix        *gozxing.BitMatrix
	across, along int // of the matrix
}

// card is a health card as a camera sees it. Its size is that of all cards, 85.6 by 54 mm.
type card struct {
	codes []code

	width    float64 // of the card in pixels
	turn     float64 // degrees
	lean     float64 // perspective: how much farther away its right side is, in parts
	leanDown float64
	blur     int     // passes of a lens that is not sharp
	light    float64 // 1: ordinary
	slope    float64 // of the light over the picture
	thumb    bool    // over the lower part of the first code
	shine    bool    // of a lamp, beside it
}

const cardWidth, cardHeight = 85.6, 54.0

var writers = map[gozxing.BarcodeFormat]func() gozxing.Writer{
	gozxing.BarcodeFormat_CODE_39: oned.NewCode39Writer, gozxing.BarcodeFormat_CODE_128: oned.NewCode128Writer,
	gozxing.BarcodeFormat_ITF:     oned.NewITFWriter,
	gozxing.BarcodeFormat_QR_CODE: func() gozxing.Writer { return qrcode.NewQRCodeWriter() },
}

// print draws a code with gozxing's own writer.
func (c *code) print(t testing.TB) {
	t.Helper()
	matrix, err := writers[c.format]().Encode(c.text, c.format, 0, 0, map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 0})
	if err != nil {
		t.Fatal(err)
	}
	c.matrix, c.across, c.along = matrix, matrix.GetWidth(), matrix.GetHeight()
}

// perMM is how finely a card is drawn before it is pictured.
const perMM = 14

// drawn is a card from straight above: how light it is, row by row.
func (c *card) drawn() (grey []float32, width, height int) {
	width, height = int(math.Floor(cardWidth*perMM)), int(math.Floor(cardHeight*perMM))
	grey = make([]float32, width*height)
	for y := range height {
		for x := range width {
			grey[y*width+x] = c.paper((float64(x)+0.5)/perMM, (float64(y)+0.5)/perMM)
		}
	}
	return grey, width, height
}

// paper is how light the card is at a place: a coat of arms, lines of text, the codes, and what lies on it.
func (c *card) paper(x, y float64) float32 {
	first := c.codes[0]
	switch {
	case c.thumb && math.Hypot((x-first.x-first.w/2)/14, (y-first.y-first.h*1.15)/7) < 1:
		return 0.45
	case c.shine && math.Hypot(x-70, y-14) < 9:
		return 1.2
	}
	for i := range c.codes {
		k := &c.codes[i]
		u, v := (x-k.x)/k.w, (y-k.y)/k.h
		if u >= 0 && u < 1 && v >= 0 && v < 1 {
			if k.matrix.Get(int(u*float64(k.across)), int(v*float64(k.along))) {
				return 0.07
			}
			return 0.68
		}
	}
	switch {
	case math.Hypot(x-74, y-9) < 6:
		return float32(0.5 + 0.15*math.Sin(x*5))
	case y > 5 && y < 22 && x > 5 && x < 45 && math.Mod(y, 4.5) < 2.2 && math.Sin(x*4.1)+math.Sin(x*9.7+y) > 0.3:
		return 0.18
	}
	return 0.63
}

const width, height = 1280, 720

// shot is what a lens makes of a card, before the sensor's noise.
type shot []float32

// shoot takes a picture of a card that lies on a table.
func (c *card) shoot() shot {
	grey := make(shot, width*height)
	paper, across, along := c.drawn()
	sin, cos := math.Sincos(c.turn * math.Pi / 180)
	mm := cardWidth / c.width
	at := func(px, py float64) float32 {
		u, v := (px*cos+py*sin)*mm, (py*cos-px*sin)*mm
		far := 1 + c.lean*u/cardWidth + c.leanDown*v/cardHeight
		x, y := int((u*far+cardWidth/2)*perMM), int((v*far+cardHeight/2)*perMM)
		if uint(x) >= uint(across) || uint(y) >= uint(along) {
			return 0.28 + 0.06*float32((int(py)+int(px)/40)%23)/23 // wood
		}
		return paper[y*across+x]
	}
	for y := range height {
		for x := range width {
			px, py := float64(x-width/2), float64(y-height/2)
			grey[y*width+x] = (at(px+0.25, py+0.3) + at(px+0.75, py+0.7)) / 2
		}
	}
	for range c.blur {
		grey = blurred(grey)
	}
	for i := range grey {
		grey[i] *= float32(c.light * (1 + c.slope*(float64(i%width)/width-0.5)))
	}
	return grey
}

// frame is one picture, with noise of so many steps of brightness.
func (s shot) frame(rng *rand.Rand, noise float64) *media.Frame {
	f := new(media.FramePool).Get(width, height)
	for i, v := range s {
		f.Y[i] = byte(min(max(16+float64(v)*219+rng.NormFloat64()*noise, 0), 255))
	}
	return f
}

func blurred(grey shot) shot {
	out := make(shot, len(grey))
	for y := range height {
		up, down := max(y-1, 0)*width, min(y+1, height-1)*width
		for x := range width {
			l, r := max(x-1, 0), min(x+1, width-1)
			out[y*width+x] = (4*grey[y*width+x] + 2*(grey[y*width+l]+grey[y*width+r]+grey[up+x]+grey[down+x]) +
				grey[up+l] + grey[up+r] + grey[down+l] + grey[down+r]) / 16
		}
	}
	return out
}

var sheets = flag.Bool("sheet", false, "write pictures of cards to out/, for a person to look at")

// look writes a picture that a person may look at.
func look(t *testing.T, name string, f *media.Frame) {
	t.Helper()
	if !*sheets {
		return
	}
	dir := filepath.Join("..", "..", "out")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, &image.Gray{Pix: f.Y, Stride: width, Rect: f.Bounds()}); err != nil {
		t.Fatal(err)
	}
}
