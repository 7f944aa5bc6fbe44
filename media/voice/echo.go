package voice

import (
	"time"

	"kontaktlaege/media"
)

const (
	hop  = 480  // samples a block: 10 ms
	size = 1024 // of the transform: a block and a partition of the path fit into it
	bins = size/2 + 1

	// filtered is where the linear filter ends, at 12 kHz: above, speech is so faint that the suppressor is enough.
	filtered = 256
	// partitions of 10 ms are how long an echo may take and ring.
	partitions = 40
	// constrained is how many partitions a block are held to their length.
	constrained = 4
)

type spectrum = [bins]complex64

// canceller estimates the way from loudspeaker to microphone and takes away what came along it: a Kalman filter in the
// frequency domain, in partitions (Enzner and Vary 2006; Kuech, Mabande and Enzner 2014). It knows how sure it is of
// each of its values, so it learns fast where it knows little and holds still while somebody speaks here.
type canceller struct {
	fft *fft

	far     [size]float32 // the last samples
	history [partitions]spectrum
	newest  int // in history
	path    [partitions][filtered]complex64
	unsure  [partitions][filtered]float32 // variance of path
	next    int                           // partition to constrain
	own     [filtered]float32             // power of what is not echo

	time        [size]float32
	echo        spectrum      // what is taken away
	residual    spectrum      // what is left
	doubt       [bins]float32 // variance of the echo left, by unsure
	like, taken float32       // energy in a block of what is taken away: found in what is heard, and in all; over half a second
}

const (
	firstDoubt = 0.2
	keeps      = 0.999 // of the path, in a block: people move, doors open
	ownDecay   = 0.8
	blockShare = float32(hop) / size
	tiny       = 1e-9
)

func newCanceller(f *fft) *canceller {
	c := &canceller{fft: f}
	c.reset()
	return c
}

func (c *canceller) reset() {
	for p := range c.path {
		clear(c.path[p][:])
		for k := range c.unsure[p] {
			c.unsure[p][k] = firstDoubt
		}
	}
	c.like, c.taken = 0, 0
}

// shake makes it unsure of a path that may have jumped: until it is learned again, what could be echo is held back.
func (c *canceller) shake() {
	for p := range c.unsure {
		for k := range c.unsure[p] {
			c.unsure[p][k] = max(c.unsure[p][k], firstDoubt/4)
		}
	}
}

func power(v complex64) float32 { return real(v)*real(v) + imag(v)*imag(v) }

// cancel takes the echo of far out of mic, in place. Both are a block.
func (c *canceller) cancel(far, mic []float32) {
	copy(c.far[:], c.far[hop:])
	copy(c.far[size-hop:], far)
	c.newest = (c.newest + partitions - 1) % partitions
	c.fft.forward(&c.far, &c.history[c.newest])

	clear(c.echo[:])
	clear(c.doubt[:])
	for p := range partitions {
		x := (*[filtered]complex64)(c.history[(c.newest+p)%partitions][:])
		w, v := &c.path[p], &c.unsure[p]
		for k := range filtered {
			a, b := x[k], w[k]
			c.echo[k] += complex(real(a)*real(b)-imag(a)*imag(b), real(a)*imag(b)+imag(a)*real(b))
			c.doubt[k] += v[k] * (real(a)*real(a) + imag(a)*imag(a))
		}
	}
	c.fft.inverse(&c.echo, &c.time)
	var like, taken float32
	for i, v := range c.time[size-hop:] {
		like += v * mic[i]
		taken += v * v
		mic[i] -= v
	}
	c.spectrumOf(mic, &c.residual)
	c.learn()
	c.constrain()
	c.watch(like, taken)
}

// spectrumOf transforms a block behind silence.
func (c *canceller) spectrumOf(block []float32, to *spectrum) {
	clear(c.time[:size-hop])
	copy(c.time[size-hop:], block)
	c.fft.forward(&c.time, to)
}

func (c *canceller) learn() {
	for k := range filtered {
		e := power(c.residual[k])
		// What is spoken here is believed at once and forgotten within some blocks.
		c.own[k] = max(ownDecay*c.own[k]+(1-ownDecay)*e, e)
		c.doubt[k] = max(c.doubt[k], tiny)
	}
	const noise = 1 - keeps*keeps
	for p := range partitions {
		x := (*[filtered]complex64)(c.history[(c.newest+p)%partitions][:])
		w, v := &c.path[p], &c.unsure[p]
		for k := range filtered {
			a, e := x[k], c.residual[k]
			g := v[k] / (blockShare*c.doubt[k] + c.own[k] + tiny)
			w[k] += complex(g*(real(a)*real(e)+imag(a)*imag(e)), g*(real(a)*imag(e)-imag(a)*real(e)))
			v[k] = keeps*keeps*v[k]*(1-blockShare*g*power(a)) + noise*(power(w[k])+1e-6)
		}
	}
}

// constrain holds some partitions to their length: the transform is circular, the room is not.
func (c *canceller) constrain() {
	var s spectrum
	for range constrained {
		w := &c.path[c.next]
		clear(s[filtered:])
		copy(s[:filtered], w[:])
		c.fft.inverse(&s, &c.time)
		clear(c.time[hop:])
		c.fft.forward(&c.time, &s)
		copy(w[:], s[:filtered])
		c.next = (c.next + 1) % partitions
	}
}

// watch begins anew when the path has changed: what is taken away is not in what is heard any more. Speech here does not
// look like that, as it adds to what is heard, and what is taken away is still in it.
func (c *canceller) watch(like, taken float32) {
	c.like += 0.02 * (like - c.like)
	c.taken += 0.02 * (taken - c.taken)
	if c.like < 0.3*c.taken && c.taken > 1e-4 {
		c.reset()
	}
}

// strength is how much of the path lies in a partition.
func (c *canceller) strength(p int) float32 {
	var s float32
	for k := 4; k < filtered/2; k++ {
		s += power(c.path[p][k])
	}
	return s
}

// delay is where the path begins to be strong.
func (c *canceller) delay() time.Duration {
	best, at := float32(0), 0
	for p := range partitions {
		if s := c.strength(p); s > best {
			best, at = s, p
		}
	}
	return time.Duration(at) * hop * time.Second / media.SampleRate
}
