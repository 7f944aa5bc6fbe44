package call

import (
	"math"
	"testing"

	"kontaktlaege/media"
)

// playing is a line whose sound lies ready.
func playing(value int16) *line {
	s := &soundIn{wake: make(chan struct{}, 1)}
	for range 4 * media.SamplesPerPiece {
		s.ready = append(s.ready, value)
	}
	return &line{sounds: s}
}

func TestMixer(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []int16
		want  int16
	}{
		{"nobody is silence", nil, 0},
		{"one as it is", []int16{-123}, -123},
		{"the sum of several", []int16{1000, -300, 50}, 750},
		{"too loud together stays loud", []int16{30000, 20000, 10000}, math.MaxInt16},
		{"and below, too", []int16{-30000, -20000}, math.MinInt16},
	} {
		var lines []*line
		for _, v := range c.lines {
			lines = append(lines, playing(v))
		}
		var m mixer
		pcm := make([]int16, media.SamplesPerPiece)
		pcm[0] = 99 // of the piece before
		m.fill(pcm, lines)
		for i, v := range pcm {
			if v != c.want {
				t.Errorf("%s: sample %d is %d, want %d", c.name, i, v, c.want)
				break
			}
		}
		for i, l := range lines {
			if level := math.Float64frombits(l.level.Load()); (level > 0.5) != (c.lines[i] > 1000 || c.lines[i] < -1000) {
				t.Errorf("%s: level %d is %v", c.name, i, level)
			}
		}
	}
}

func BenchmarkMixer(b *testing.B) {
	lines := []*line{playing(1), playing(2), playing(3)}
	var m mixer
	pcm := make([]int16, media.SamplesPerPiece)
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range lines {
			l.sounds.ready = l.sounds.ready[:4*media.SamplesPerPiece]
		}
		m.fill(pcm, lines)
	}
}
