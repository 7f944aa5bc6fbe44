package voice

import "math"

// gain brings speech to about the loudness that people are used to, slowly, and keeps it from clipping.
type gain struct {
	speech float64 // mean level of speech here, dBFS
	db     float64 // what it gets
	last   float32 // factor at the end of the block before
}

const (
	wantedSpeech     = -20.0 // dBFS, mean of its loud half
	maxGain, minGain = 12.0, -9.0
	gainSpeed        = 0.03  // dB a block: 3 dB a second
	faintest         = -50.0 // dBFS of what counts as speech
	ceiling          = 0.95  // of full scale
)

func newGain() *gain { return &gain{speech: wantedSpeech, last: 1} }

// apply writes a block out. speech says that somebody speaks here.
func (g *gain) apply(block []float32, speech bool, out []int16) {
	var sum, peak float32
	for _, v := range block {
		sum += v * v
		peak = max(peak, v, -v)
	}
	if level := 10 * math.Log10(float64(sum)/float64(len(block))+1e-12); speech && level > faintest {
		g.follow(level)
	}
	to := float32(math.Pow(10, g.db/20))
	if peak*to > ceiling {
		to = ceiling / peak
	}
	step := (to - g.last) / float32(len(block))
	for i, v := range block {
		g.last += step
		out[i] = int16(min(max(v*g.last, -ceiling), ceiling) * (1<<15 - 1))
	}
	g.last = to
}

// follow learns from a block of speech how loud somebody speaks: its loud parts count more than its faint ones.
func (g *gain) follow(level float64) {
	if level > g.speech {
		g.speech += 0.02 * (level - g.speech)
	} else {
		g.speech += 0.005 * (level - g.speech)
	}
	wanted := min(max(wantedSpeech-g.speech, minGain), maxGain)
	g.db += min(max(wanted-g.db, -gainSpeed), gainSpeed)
}

// rumble is a high-pass filter of second order (Butterworth, 80 Hz): steps, trolleys and the hum of direct current.
type rumble struct{ x1, x2, y1, y2 float64 }

var rumbleB, rumbleA = func() (b, a [3]float64) {
	w := math.Tan(math.Pi * 80 / 48_000)
	n := 1 / (1 + math.Sqrt2*w + w*w)
	return [3]float64{n, -2 * n, n}, [3]float64{1, 2 * n * (w*w - 1), n * (1 - math.Sqrt2*w + w*w)}
}()

func (r *rumble) cut(block []float32) {
	for i, v := range block {
		x := float64(v)
		y := rumbleB[0]*x + rumbleB[1]*r.x1 + rumbleB[2]*r.x2 - rumbleA[1]*r.y1 - rumbleA[2]*r.y2
		r.x1, r.x2, r.y1, r.y2 = x, r.x1, y, r.y1
		block[i] = float32(y)
	}
}
