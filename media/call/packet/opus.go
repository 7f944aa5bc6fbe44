package packet

import (
	"time"

	"kontaktlaege/media"
)

// opusSpan is how long the sound in an Opus packet is (RFC 6716 §3.1), 20 ms for what is none.
func opusSpan(packet []byte) time.Duration {
	if len(packet) == 0 {
		return media.PieceDuration
	}
	config := packet[0] >> 3
	frame := 2500 * time.Microsecond
	switch {
	case config < 12: // SILK
		frame = [...]time.Duration{10, 20, 40, 60}[config&3] * time.Millisecond
	case config < 16: // hybrid
		frame = [...]time.Duration{10, 20}[config&1] * time.Millisecond
	default: // CELT
		frame <<= config & 3
	}
	frames := time.Duration(1)
	switch packet[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return media.PieceDuration
		}
		frames = time.Duration(packet[1] & 0x3f)
	}
	if span := frame * frames; span > 0 && span <= 120*time.Millisecond {
		return span
	}
	return media.PieceDuration
}

// opusRepeats says whether a packet repeats the one before it, by in-band FEC (RFC 6716 §4.2.4): its first frame is of
// SILK, whose first bits are a flag for each 20 ms of speech in it, and then the one for the repetition.
func opusRepeats(packet []byte) bool {
	if len(packet) < 2 || packet[0]&0x80 != 0 {
		return false
	}
	at := 1
	switch packet[0] & 3 {
	case 2: // two frames, the length of the first before it
		if at++; packet[1] >= 252 {
			at++
		}
	case 3:
		return false // nobody sends it with SILK
	}
	if at >= len(packet) {
		return false
	}
	speech := 1
	if config := packet[0] >> 3; config < 12 {
		speech = [...]int{1, 1, 2, 3}[config&3]
	}
	first := packet[at]
	if packet[0]&4 != 0 && first>>(6-2*speech)&1 != 0 { // stereo: those of the second channel follow
		return true
	}
	return first>>(7-speech)&1 != 0
}
