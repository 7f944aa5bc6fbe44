package scan

import (
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// cardNumber looks for a health card's number.
type cardNumber struct {
	region Region
	today  kontakt.Date
	found  func(kontakt.CPR)

	reader reader
	seen   twice
}

func (c *cardNumber) look(f *media.Frame) (found, other bool) {
	number, ok := c.reader.read(f, c.region, c.today)
	if !ok {
		return false, c.reader.other
	}
	return c.seen.again(number), false
}

func (c *cardNumber) tell() { c.found(c.seen.number) }

// twice is the number that was read last.
type twice struct{ number kontakt.CPR }

// again says whether that is the number that was read before. Pictures on which there is none are not between the two.
func (t *twice) again(number kontakt.CPR) bool {
	before := t.number
	t.number = number
	return number == before
}

// squares looks for a QR code. It has a checksum of its own that makes up for damage, so that one picture is enough.
type squares struct {
	region Region
	take   func(words string) bool

	reader reader
}

func (s *squares) look(f *media.Frame) (found, other bool) {
	if !readable(f) {
		return false, false
	}
	words, ok := s.reader.square(f, s.region.of(f))
	if !ok {
		return false, false
	}
	found = s.take(words)
	return found, !found
}

// tell has nothing more to say: take has the words.
func (s *squares) tell() {}

// darkest is how light a region is on average where it is too dark to hold a card there, on the scale of a picture from 16 to
// 235: most of a card is white.
const darkest = 48

// Dark says whether a region of a picture has too little light for a card to be read.
func Dark(f *media.Frame, region Region) bool {
	if !readable(f) {
		return true
	}
	a := region.of(f)
	sum, n := 0, 0
	for y := int(a.top); y < int(a.bottom); y += 8 {
		for x := int(a.left); x < int(a.right); x += 8 {
			sum += int(f.Y[y*f.Width+x])
			n++
		}
	}
	return n == 0 || sum < darkest*n
}
