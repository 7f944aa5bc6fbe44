package packet

import (
	"testing"
	"time"
)

func TestOpus_spanAndRepetitionAreRead(t *testing.T) {
	for _, row := range []struct {
		packet  []byte
		span    time.Duration
		repeats bool
	}{
		{nil, 20 * time.Millisecond, false},
		{[]byte{9 << 3}, 20 * time.Millisecond, false},
		{[]byte{9 << 3, 0x80}, 20 * time.Millisecond, false},       // speech, nothing repeated
		{[]byte{9 << 3, 0x40}, 20 * time.Millisecond, true},        // SILK of 20 ms
		{[]byte{10 << 3, 0x20}, 40 * time.Millisecond, true},       // of 40
		{[]byte{11 << 3, 0x10}, 60 * time.Millisecond, true},       // of 60
		{[]byte{9<<3 | 4, 0x10}, 20 * time.Millisecond, true},      // stereo, the second channel
		{[]byte{13<<3 | 1, 0x40, 0}, 40 * time.Millisecond, true},  // hybrid, two frames
		{[]byte{9<<3 | 2, 1, 0x40}, 40 * time.Millisecond, true},   // two of different length
		{[]byte{9<<3 | 2, 255}, 40 * time.Millisecond, false},      // cut off
		{[]byte{31 << 3, 0xff}, 20 * time.Millisecond, false},      // CELT repeats nothing
		{[]byte{16 << 3, 0xff}, 2500 * time.Microsecond, false},    // the shortest
		{[]byte{9<<3 | 3, 63, 0xff}, 20 * time.Millisecond, false}, // longer than any may be
		{[]byte{9<<3 | 3}, 20 * time.Millisecond, false},
		{[]byte{9<<3 | 3, 0}, 20 * time.Millisecond, false},
	} {
		if got := opusSpan(row.packet); got != row.span {
			t.Errorf("% x: %v, want %v", row.packet, got, row.span)
		}
		if got := opusRepeats(row.packet); got != row.repeats {
			t.Errorf("% x repeats: %t", row.packet, got)
		}
	}
}
