package call

import (
	"testing"

	"kontaktlaege/media"
)

func TestDeadAir_isTenSecondsOfNothing(t *testing.T) {
	level := func(v int16) func(int) int16 { return func(int) int16 { return v } }
	for _, row := range []struct {
		name    string
		sample  func(i int) int16
		seconds int
		silent  bool
	}{
		{"zeros", level(0), 11, true},
		{"zeros, not yet long enough", level(0), 9, false},
		{"a constant", level(-500), 11, true},
		{"dither", func(i int) int16 { return int16(i % 3) }, 11, true},
		{"a very quiet room", func(i int) int16 { return int16(i%11) - 5 }, 11, false},
		{"one sound at the end", func(i int) int16 {
			if i == 11*media.SampleRate-500 {
				return 900
			}
			return 0
		}, 11, false},
	} {
		var d deadAir
		pcm := make([]int16, media.SamplesPerPiece)
		for at := 0; at < row.seconds*media.SampleRate; at += len(pcm) {
			for i := range pcm {
				pcm[i] = row.sample(at + i)
			}
			d.hear(pcm)
		}
		if d.silent() != row.silent {
			t.Errorf("%s: silent = %t", row.name, d.silent())
		}
	}
}
