package voice

import "math"

// drift sees by the path that was learned how two sound cards' clocks differ: the echo comes later and later, or
// sooner and sooner.
type drift struct {
	before [partitions][driftBins]complex64
	blocks int
	known  bool
}

const (
	driftBins  = 96 // to 4.5 kHz: above, a drift turns the phase too far to be told
	driftEvery = 40 // blocks
	driftGain  = 0.4
)

// look is called for each block in which the path was learned, and gives now and then by how much the delay grows, in
// samples a sample.
func (d *drift) look(c *canceller) (grows float64, ok bool) {
	d.blocks++
	if d.blocks < driftEvery {
		return 0, false
	}
	var up, down float64
	strongest := float32(0)
	for p := range partitions {
		strongest = max(strongest, c.strength(p))
	}
	for k := 2; k < driftBins; k++ {
		var re, im float64
		for p := range partitions {
			if c.strength(p) < strongest/10 {
				continue
			}
			a, b := c.path[p][k], d.before[p][k]
			re += float64(real(a)*real(b) + imag(a)*imag(b))
			im += float64(imag(a)*real(b) - real(a)*imag(b))
		}
		weight := math.Hypot(re, im) * float64(k)
		up -= weight * math.Atan2(im, re)
		down += weight * float64(k)
	}
	known := d.known
	for p := range partitions {
		copy(d.before[p][:], c.path[p][:])
	}
	d.blocks, d.known = 0, true
	if !known || down == 0 {
		return 0, false
	}
	return up / down * size / (2 * math.Pi) / (driftEvery * hop), true
}

// forget is called when the path jumps.
func (d *drift) forget() { d.blocks, d.known = 0, false }
