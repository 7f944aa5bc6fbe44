package estimate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// sample is lengths of time seen, newest first, to draw likely ones from.
type sample struct {
	seen   []float64
	sorted []float64
	blur   [256]float64 // each one stands for those about it, by these factors: the fewer were seen, the wider
	usual  float64      // while none was seen
}

// shortest keeps the logarithm of a length finite.
const shortest = 1.0

func newSample(seen []float64, usual float64) sample {
	s := sample{seen: seen, usual: usual}
	for i := range seen {
		seen[i] = max(seen[i], shortest)
	}
	s.sorted = slices.Sorted(slices.Values(seen))
	deviation := 0.7
	if n := float64(len(seen)); n > 0 {
		at := func(q float64) float64 { return math.Log(s.sorted[int(q*(n-1))]) }
		spread := (at(0.75) - at(0.25)) / 1.35
		deviation = (spread*n + 0.7*3) / (n + 3) // three as if seen before any
		deviation = min(0.9*deviation*math.Pow(n, -0.2), 0.6)
	}
	for i, x := range normal {
		s.blur[i] = math.Exp(deviation * x)
	}
	return s
}

// normal is the normal distribution in equal parts.
var normal = func() (q [256]float64) {
	for i := range q {
		q[i] = math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/float64(len(q))-1)
	}
	return q
}()

// draw gives one, newer ones rather than older ones.
func (s *sample) draw(r *rand.Rand) float64 {
	x := s.usual
	if n := len(s.seen); n > 0 {
		u := r.Float64()
		x = s.seen[int(float64(n)*u*(0.6+0.4*u))]
	}
	return x * s.blur[uint8(r.Uint32())]
}

// rest gives how much longer one goes on that has gone on for so long.
func (s *sample) rest(r *rand.Rand, factor, gone float64) float64 {
	for range 8 {
		if x := s.draw(r)*factor - gone; x > 0 {
			return x
		}
	}
	// Longer than nearly all seen: what has lasted so long may last as long again.
	return (0.25*gone + 60) * r.ExpFloat64()
}

// beyond is the share of those seen that went on for longer.
func (s *sample) beyond(gone float64) float64 {
	i, _ := slices.BinarySearch(s.sorted, gone)
	n := float64(len(s.sorted))
	return (n - float64(i) + 0.5) / (n + 1)
}
