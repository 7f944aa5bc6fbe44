package voice

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

// scene is a conversation beside a loudspeaker: what it plays, and what the microphone hears of it and of the people.
type scene struct {
	far, mic, echo, near []float64
	drift                float64 // of the loudspeaker's clock against the microphone's
}

// setting is what a scene is made of. Levels are dBFS.
type setting struct {
	seconds          int
	delay            time.Duration
	moves            time.Duration // the delay's change at half time
	drift            float64
	echo, near       float64 // −200: none
	nearFrom         int     // second
	noise            float64
	cleanLoudspeaker bool // else it distorts as a tablet's does
}

const rate = media.SampleRate

// voices are the clinician's and the citizen's. They are made once.
var voices struct {
	once      sync.Once
	far, near []float64
}

func speak(tb testing.TB) (far, near []float64) {
	voices.once.Do(func() {
		voices.far = testkit.Speech(tb, "da", "Goddag, mit navn er Anders, og jeg er læge i regionen. Kan du fortælle mig, hvad der er sket i dag? "+
			"Hvor længe har du haft ondt, og er der noget, der gør det bedre eller værre? Jeg vil gerne se på benet om lidt.")
		voices.near = testkit.Speech(tb, "da+f3", "Det begyndte i går aftes, da jeg gik op ad trappen. Først troede jeg ikke, at det var noget, "+
			"men i nat kunne jeg slet ikke sove. Sygeplejersken siger, at mit blodtryk er lidt højt.")
	})
	if len(voices.near) == 0 {
		tb.Fatal("no speech to test with: install espeak-ng")
	}
	return voices.far, voices.near
}

// tap is one way from the loudspeaker to the microphone.
type tap struct {
	at     int
	factor float64
}

// room is a living room of 0.3 s reverberation: the direct way, and as many reflections a second as make a room.
func room() []tap {
	r := rand.New(rand.NewPCG(7, 1))
	taps := []tap{{0, 1}, {62, 0.4}, {139, -0.3}, {197, 0.35}, {370, -0.2}}
	for at := 400; at < rate*3/10; at += 10 + r.IntN(30) {
		taps = append(taps, tap{at, 0.12 * r.NormFloat64() * math.Exp(-6.9*float64(at)/(rate*3/10))})
	}
	return taps
}

func reflect(x []float64, taps []tap) []float64 {
	y := make([]float64, len(x))
	for _, t := range taps {
		for i := t.at; i < len(x); i++ {
			y[i] += t.factor * x[i-t.at]
		}
	}
	return y
}

// level brings the loud parts of x to so many dBFS.
func level(x []float64, db float64) []float64 {
	sum, n := 0.0, 0
	for _, v := range x {
		if math.Abs(v) > 1e-3 {
			sum += v * v
			n++
		}
	}
	g := math.Pow(10, db/20) / math.Sqrt(sum/float64(max(n, 1)))
	y := make([]float64, len(x))
	for i := range x {
		y[i] = x[i] * g
	}
	return y
}

func repeat(x []float64, n int) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = x[i%len(x)]
	}
	return y
}

// stage plays a setting.
func stage(tb testing.TB, c setting) scene {
	tb.Helper()
	if testing.Short() {
		tb.Skip("what is asked here is a number, and the race detector would take a minute over it")
	}
	far, near := speak(tb)
	n := c.seconds * rate
	s := scene{far: repeat(level(far, -20), n), near: repeat(level(near, c.near), n), drift: c.drift}
	clear(s.near[:c.nearFrom*rate])
	played := s.far
	if !c.cleanLoudspeaker {
		played = make([]float64, n)
		for i, v := range s.far {
			played[i] = math.Tanh(1.2*v)/1.2 + 0.02*v*v
		}
	}
	if c.drift != 0 {
		played = append(testkit.Resample(played, 1+c.drift), make([]float64, rate)...)[:n]
	}
	heard := level(reflect(played, room()), c.echo)
	s.echo, s.mic = make([]float64, n), make([]float64, n)
	r := rand.New(rand.NewPCG(3, 3))
	for i := range n {
		delay := c.delay
		if i > n/2 {
			delay += c.moves
		}
		if from := i - int(delay.Seconds()*rate); from >= 0 {
			s.echo[i] = heard[from]
		}
		s.mic[i] = s.echo[i] + s.near[i] + math.Pow(10, c.noise/20)*r.NormFloat64()
	}
	if c.echo < -150 {
		clear(s.far)
	}
	return s
}

// play has v hear the scene as the devices' threads would bring it, and gives what comes out, without its gain.
func (s scene) play(v *Voice) []float64 {
	out := make([]float64, 0, len(s.far))
	var pcm [media.SamplesPerPiece]int16
	const start = time.Second
	given := 0
	for at := 0; at+len(pcm) <= len(s.mic); at += len(pcm) {
		now := start + time.Duration(at)*time.Second/rate
		for ; given+len(pcm) <= len(s.far); given += len(pcm) {
			due := start + time.Duration(float64(given)/(1+s.drift)*float64(time.Second)/rate)
			if due > now+media.PieceDuration {
				break
			}
			integers(pcm[:], s.far[given:])
			v.Played(pcm[:], 1, due)
		}
		integers(pcm[:], s.mic[at:])
		gain := v.State().Gain
		for _, x := range v.Process(media.Sound{PCM: pcm[:], Time: now}).PCM {
			out = append(out, float64(x)/(1<<15-1)/gain)
		}
	}
	return out
}

func integers(to []int16, x []float64) {
	for i := range to {
		to[i] = int16(min(max(x[i], -1), 1) * (1<<15 - 1))
	}
}

func energy(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return sum
}

// decibels is by how much b is fainter than a.
func decibels(a, b []float64) float64 { return 10 * math.Log10(energy(a)/(energy(b)+1e-12)) }

// lost is how many decibels of the speech x are missing in y, which is a block later: in each moment and each part of
// the spectrum only what is like x counts as kept, so that echo can't pass for speech.
func lost(x, y []float64) float64 {
	x, y = x[:len(x)-hop], y[hop:]
	f := newFFT()
	var a, b [size]float32
	var xs, ys spectrum
	var all, kept float64
	for at := 0; at+size <= min(len(x), len(y)); at += size / 2 {
		for i := range size {
			w := math.Sin(math.Pi * (float64(i) + 0.5) / size)
			a[i], b[i] = float32(w*x[at+i]), float32(w*y[at+i])
		}
		f.forward(&a, &xs)
		f.forward(&b, &ys)
		for low := 2; low < size/2; low = low*5/4 + 1 {
			var xx, xy float64
			for k := low; k < min(low*5/4+1, size/2); k++ {
				xx += float64(power(xs[k]))
				xy += float64(real(xs[k])*real(ys[k]) + imag(xs[k])*imag(ys[k]))
			}
			if share := max(xy, 0) / (xx + 1e-12); xx > 1e-6 {
				all += xx
				kept += share * share * xx
			}
		}
	}
	return 10 * math.Log10(all/(kept+1e-12))
}
