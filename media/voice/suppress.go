package voice

import "math"

// suppressor takes away what the linear filter leaves of the echo, and steady noise, by a gain for each part of the
// spectrum (Ephraim and Malah 1984, decision-directed). Where it takes away nearly all, it leaves noise as faint as that of the
// room, so that the line does not sound dead. It delays by one block.
type suppressor struct {
	fft    *fft
	window [2 * hop]float32

	lastSound, lastEcho [hop]float32 // the blocks before
	tail                [hop]float32 // of the block before, to add

	time        [size]float32
	sound, echo spectrum
	left        [bins]float32 // power of the echo in sound
	clean       [bins]float32 // power of what was let through, for the decision
	gain        [bins]float32

	leak            [bandCount]float32 // how much of the echo that is taken away stays, by band
	soundIn, echoIn [bandCount]float32 // power, smoothed
	noise           noise
	alone           float32 // 0–1: the sound is nothing but echo
	dice            uint32
}

// bands are where each part of the spectrum ends, in bins; narrow below, wide above, as one hears.
var bands = [...]int{4, 6, 8, 10, 12, 15, 18, 22, 26, 31, 37, 44, 53, 64, 77, 93, 112, 136, 165, 205, filtered}

const bandCount = len(bands)

const (
	overEstimate = 5    // echo that fluctuates is heard where it is more than its mean
	noiseFloor   = 0.05 // power that is left of noise: −13 dB
	echoFloor    = 1e-6
	speechDecay  = 0.92 // of the decision before
	leakDown     = 0.05
	leakUp       = 0.02
)

func newSuppressor(f *fft) *suppressor {
	s := &suppressor{fft: f, dice: 1}
	for i := range s.window {
		s.window[i] = float32(math.Sin(math.Pi * (float64(i) + 0.5) / float64(len(s.window))))
	}
	s.reset()
	return s
}

func (s *suppressor) reset() {
	for b := range s.leak {
		s.leak[b] = 1
	}
}

// suppress works on a block in place, which comes out a block later. echo is what was taken away from it before, and
// doubt the variance of that, by bin of a whole transform.
func (s *suppressor) suppress(block, echo []float32, doubt *[bins]float32) {
	s.windowed(&s.lastSound, block, &s.sound)
	s.windowed(&s.lastEcho, echo, &s.echo)
	s.noise.learn(&s.sound)
	s.estimate(doubt)
	s.decide()
	s.apply()
	s.fft.inverse(&s.sound, &s.time)
	for i := range block {
		block[i] = s.tail[i] + s.time[i]*s.window[i]
		s.tail[i] = s.time[hop+i] * s.window[hop+i]
	}
}

func (s *suppressor) windowed(last *[hop]float32, block []float32, to *spectrum) {
	for i := range hop {
		s.time[i] = last[i] * s.window[i]
		s.time[hop+i] = block[i] * s.window[hop+i]
	}
	clear(s.time[2*hop:])
	copy(last[:], block)
	s.fft.forward(&s.time, to)
}

// estimate says how much echo is left: as much of what was taken away as usual, and as much as the filter is unsure of.
func (s *suppressor) estimate(doubt *[bins]float32) {
	const share = float32(hop) / size // of the window's power in that of a whole transform
	from := 0
	for b, to := range bands {
		var sound, echo float32
		for k := from; k < to; k++ {
			sound += power(s.sound[k])
			echo += power(s.echo[k])
		}
		s.soundIn[b] += 0.5 * (sound - s.soundIn[b])
		s.echoIn[b] += 0.5 * (echo - s.echoIn[b])
		s.learnLeak(b, from, to)
		for k := from; k < to; k++ {
			now := s.leak[b]*power(s.echo[k]) + doubt[k]*share
			s.left[k] = max(now, 0.6*s.left[k])
		}
		from = to
	}
}

// learnLeak follows the share of the echo that stays: down quickly, up slowly, so that speech, which is no echo and
// comes and goes, does not count.
func (s *suppressor) learnLeak(b, from, to int) {
	var noise float32
	for k := from; k < to; k++ {
		noise += s.noise.floor[k]
	}
	if s.echoIn[b] < 4*noise || s.echoIn[b] < tiny {
		return
	}
	ratio := max(s.soundIn[b]-noise, 0) / s.echoIn[b]
	if ratio < s.leak[b] {
		s.leak[b] += leakDown * (ratio - s.leak[b])
	} else {
		s.leak[b] += leakUp * (min(ratio, 2*s.leak[b]) - s.leak[b])
	}
	s.leak[b] = min(max(s.leak[b], 1e-5), 1)
}

func (s *suppressor) decide() {
	var all, echo float32
	for k := 2; k < filtered; k++ {
		p := power(s.sound[k])
		all += p
		echo += min(p, overEstimate*2*s.left[k]+s.noise.floor[k])
	}
	alone := float32(0)
	if echo > 0.9*all {
		alone = 1
	}
	if alone > s.alone {
		s.alone += 0.2 * (alone - s.alone)
	} else {
		s.alone = 0.3 * s.alone
	}
	for k := range filtered {
		left, noise := overEstimate*s.left[k], s.noise.floor[k]
		p, bad := power(s.sound[k]), left+noise+tiny
		before := speechDecay*s.clean[k]/bad + (1-speechDecay)*max(p/bad-1, 0)
		g := before / (1 + before)
		floor := (noiseFloor*noise + echoFloor*left) / bad
		g = max(g*g, floor)
		s.clean[k] = g * p
		s.gain[k] = sqrt(g)
	}
	var top float32
	for k := filtered * 2 / 3; k < filtered; k++ {
		top += s.gain[k]
	}
	top /= filtered - filtered*2/3
	for k := filtered; k < bins; k++ {
		s.gain[k] = top
	}
}

// speech says whether somebody speaks here: much more is let through than the room's noise, and it is no echo.
func (s *suppressor) speech() bool {
	var through, noise, echo float32
	for k := 4; k < filtered; k++ {
		through += s.clean[k]
		noise += s.noise.floor[k]
		echo += s.left[k]
	}
	return s.alone < 0.5 && through > 8*noise && through > 4*echo
}

// apply multiplies, and fills what was taken out of the noise with noise.
func (s *suppressor) apply() {
	quiet := 1 - 0.97*s.alone
	for k := range s.sound {
		g := s.gain[k] * quiet
		missing := noiseFloor - g*g
		v := s.sound[k]
		s.sound[k] = complex(g*real(v), g*imag(v))
		if missing > 0 {
			a := sqrt(1.5 * missing * s.noise.floor[k])
			s.sound[k] += complex(a*s.random(), a*s.random())
		}
	}
	s.sound[0], s.sound[bins-1] = 0, 0
}

// random gives −1…1.
func (s *suppressor) random() float32 {
	s.dice ^= s.dice << 13
	s.dice ^= s.dice >> 17
	s.dice ^= s.dice << 5
	return float32(int32(s.dice)) / (1 << 31)
}

func sqrt(v float32) float32 { return float32(math.Sqrt(float64(v))) }

// noise is the power of steady noise, by bin: the least of the last seconds.
type noise struct {
	smooth, least, coming, floor [bins]float32
	blocks                       int
}

const (
	noiseSpan = 75 // blocks; the least of one to two spans counts
	leastBias = 2  // by how much the mean of noise is above its least
)

func (n *noise) learn(s *spectrum) {
	if n.blocks == 0 {
		for k := range s {
			n.smooth[k] = power(s[k])
			n.least[k], n.coming[k] = n.smooth[k], n.smooth[k]
		}
	}
	n.blocks++
	turn := n.blocks%noiseSpan == 0
	for k := range s {
		n.smooth[k] += 0.15 * (power(s[k]) - n.smooth[k])
		n.coming[k] = min(n.coming[k], n.smooth[k])
		n.least[k] = min(n.least[k], n.smooth[k])
		n.floor[k] = leastBias * n.least[k]
		if turn {
			n.least[k], n.coming[k] = n.coming[k], n.smooth[k]
		}
	}
}
