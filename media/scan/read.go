package scan

import (
	"math"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/detector"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// reader reads one picture. The zero reader is ready; it is large and to be used again.
type reader struct {
	line  line
	votes votes
	today kontakt.Date
	other bool // a code that says no number was on the last picture
}

// tilts are the angles of the lines, in degrees, the likeliest first: a card lies along or across the picture, upside down or
// not, and nobody holds it quite straight. A barcode is read by a line that leaves it only at its ends.
var tilts = []float64{0, 90, 7, 83, -7, 97, 14, 76, -14, 104}

// apart is how many lines there are at one angle: so close that two at least go through any barcode.
const apart = 40

// least and most are the sides in pixels of a picture that is read; a camera has no others.
const least, most = 64, 8192

// read gives the number that is on the picture; false where there is none, or more than one.
func (r *reader) read(f *media.Frame, region Region, today kontakt.Date) (kontakt.CPR, bool) {
	r.today, r.other = today, false
	if !readable(f) {
		return kontakt.CPR{}, false
	}
	defer r.wipe()
	a := region.of(f)
	if a.right-a.left < least || a.bottom-a.top < least/2 {
		return kontakt.CPR{}, false
	}
	codes := newRowDecoders()
	for _, degrees := range tilts {
		r.readLines(f, a, degrees*math.Pi/180, codes)
		if r.votes.any() {
			return r.votes.only()
		}
	}
	if words, ok := r.square(f, a); ok {
		r.other = !r.votes.add(words, enough, r.today) || r.other
	}
	return r.votes.only()
}

// readable says whether a frame is a picture that can be read at all.
func readable(f *media.Frame) bool {
	return min(f.Width, f.Height) >= least && max(f.Width, f.Height) <= most && len(f.Y) >= f.Width*f.Height
}

func (r *reader) wipe() {
	r.line.wipe()
	r.votes = votes{}
}

// readLines reads along the lines of one angle. All of them: another number may be on the same picture.
func (r *reader) readLines(f *media.Frame, a area, angle float64, codes []rowDecoder) {
	sin, cos := math.Sincos(angle)
	half := (math.Abs((a.right-a.left)*sin) + math.Abs((a.bottom-a.top)*cos)) / 2
	step := max(min(a.right-a.left, a.bottom-a.top)/apart, 4)
	for offset := -half + step/2; offset < half; offset += step {
		if r.line.across(f, a, sin, cos, offset) {
			r.readLine(codes)
		}
	}
}

// sharpening is how strongly a line is sharpened, one after the other until it can be read.
var sharpening = []int{0, 6}

func (r *reader) readLine(codes []rowDecoder) {
	for _, strength := range sharpening {
		row := r.line.blacken(strength)
		if r.line.changes < fewestChanges {
			return
		}
		if r.readRow(row, codes) {
			return
		}
	}
}

// fewestChanges between black and white are on a line through ten digits: Code 128's, which is the shortest.
const fewestChanges = 48

// rowDecoder is one kind of barcode, and how much it says that a line reads as one: some have a checksum. Goods have one that
// is never a number: 0.
type rowDecoder struct {
	oned.RowDecoder
	weight int
}

// newRowDecoders makes them anew for each picture, as they keep what they have read.
func newRowDecoders() []rowDecoder {
	var all []rowDecoder
	for _, d := range []struct {
		reader gozxing.Reader
		weight int
	}{{oned.NewCode39Reader(), 1}, {oned.NewCode128Reader(), 2}, {oned.NewITFReader(), 1}, {oned.NewEAN13Reader(), 0}} {
		all = append(all, rowDecoder{d.reader.(oned.RowDecoder), d.weight})
	}
	return all
}

// tenDigits has ITF read short codes of that length alone: it has no checksum, and others are easily made up.
var tenDigits = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_ALLOWED_LENGTHS: []int{10}}

// readRow tries each kind of barcode both ways, and says whether one of them was a number.
func (r *reader) readRow(row *gozxing.BitArray, codes []rowDecoder) (found bool) {
	for range 2 {
		for _, code := range codes {
			result, err := code.DecodeRow(0, row, tenDigits)
			switch {
			case err != nil:
			case code.weight > 0 && r.votes.add(result.GetText(), code.weight, r.today):
				found = true
			case code.weight != 1: // which one without a checksum is now and then where there is none
				r.other = true
			}
		}
		row.Reverse()
	}
	row.Clear()
	return found
}

// square reads a QR code.
func (r *reader) square(f *media.Frame, a area) (words string, ok bool) {
	left, top := int(a.left), int(a.top)
	source, err := gozxing.NewPlanarYUVLuminanceSource(f.Y, f.Width, f.Height, left, top, int(a.right)-left, int(a.bottom)-top, false)
	if err != nil || source.GetWidth() < least || source.GetHeight() < least {
		return "", false
	}
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(source))
	if err != nil {
		return "", false
	}
	black, err := bitmap.GetBlackMatrix()
	if err != nil {
		return "", false
	}
	defer black.Clear()
	if corners(black) > mostCorners {
		return "", false
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// mostCorners are how many places of a picture may look like a corner of a QR code. It has three, each on a few dozen lines;
// the decoder tries every three of them, and a picture full of them would keep it busy for hours.
const mostCorners = 300

// corners counts them on every third line, as the decoder does: a bar thrice as wide between gaps and bars of one width.
func corners(black *gozxing.BitMatrix) (n int) {
	runs := make([]int, 5)
	for y := 2; y < black.GetHeight(); y += 3 {
		clear(runs)
		last := false
		for x := range black.GetWidth() {
			now := black.Get(x, y)
			if now != last {
				if last && detector.FinderPatternFinder_foundPatternCross(runs) {
					n++
				}
				copy(runs, runs[1:])
				runs[4], last = 0, now
			}
			runs[4]++
		}
	}
	return n
}
