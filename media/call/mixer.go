package call

import (
	"math"
	"slices"
)

// mixer plays several lines on one loudspeaker. It is the loudspeaker's: one goroutine uses it.
type mixer struct {
	sum   []int32
	piece []int16
}

// fill takes the next piece of each line, notes how loud it is, and gives their sum. What is too loud together is
// clipped and does not wrap around.
func (m *mixer) fill(pcm []int16, lines []*line) {
	if len(lines) == 1 { // as nearly always
		take(lines[0], pcm)
		return
	}
	m.sum = slices.Grow(m.sum[:0], len(pcm))[:len(pcm)]
	m.piece = slices.Grow(m.piece[:0], len(pcm))[:len(pcm)]
	clear(m.sum)
	for _, l := range lines {
		take(l, m.piece)
		for i, v := range m.piece {
			m.sum[i] += int32(v)
		}
	}
	for i, v := range m.sum {
		pcm[i] = int16(min(max(v, math.MinInt16), math.MaxInt16))
	}
}

func take(l *line, pcm []int16) {
	l.sounds.fill(pcm)
	l.level.Store(math.Float64bits(loudness(pcm)))
}
