package voice

import (
	"math"
	"sync"
	"time"

	"kontaktlaege/media"
)

// reference keeps what the loudspeaker was given and reads it at the pace of the microphone, whose clock may be another.
// It reads as late in it as can be: whatever is heard was given before, so no echo comes before what it is the echo of.
// The loudspeaker's thread writes; it waits for no more than a copy.
type reference struct {
	mu      sync.Mutex
	ring    [ringSize]float32
	written int64 // samples, ever
	last    time.Duration

	// The rest belongs to the reader.
	position float64 // in samples written, of the next one to read
	reading  bool
	expected time.Duration // capture of the next block
	drift    float64       // samples of the loudspeaker in one of the microphone, less one
	spare    float64       // the least that was ahead of reading, of late
	blocks   int           // for spare
	near     [hop + 2*reach + 4]float32
}

const (
	ringSize = 1 << 16 // 1.4 s, a power of two
	// reach is how many samples to each side an interpolated one is made of, and phases how finely.
	reach  = 12
	phases = 128
	// maxPause is how long the loudspeaker may take nothing before it counts as stopped.
	maxPause = 200 * time.Millisecond
	// maxSlip is by how much the times of two blocks may be off without sound missing between them.
	maxSlip = 15 * time.Millisecond
	// backOff is how much earlier than the latest possible reading begins, so that clocks that differ do not move it.
	backOff = 64
	// Where more than maxSpare samples lay ahead all the time for spareBlocks, they need not.
	maxSpare    = 40 * media.SampleRate / 1000
	spareBlocks = 300
	// maxDrift is more than two sound cards differ.
	maxDrift = 300e-6
)

// sinc are windowed sincs for phases positions between two samples, and one more.
var sinc = func() (table [phases + 1][2 * reach]float32) {
	for p := range table {
		var sum float64
		var row [2 * reach]float64
		for i := range row {
			d := float64(i-reach+1) - float64(p)/phases
			v := 1.0
			if d != 0 {
				v = math.Sin(math.Pi*d) / (math.Pi * d)
			}
			row[i] = v * (0.5 + 0.5*math.Cos(math.Pi*d/reach))
			sum += row[i]
		}
		for i, v := range row {
			table[p][i] = float32(v / sum)
		}
	}
	return table
}()

// write takes what was given to the loudspeaker at the media time now, and how loud it plays.
func (r *reference) write(pcm []int16, gain float64, now time.Duration) {
	g := float32(gain / (1 << 15))
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, v := range pcm {
		r.ring[(r.written+int64(i))&(ringSize-1)] = float32(v) * g
	}
	r.written += int64(len(pcm))
	r.last = now
}

// read gives what the loudspeaker was given while a block was heard whose first sample is from the media time at, and
// whether it goes on where the last block ended.
func (r *reference) read(at time.Duration, to []float32) (steady bool) {
	steady, first := r.window(at)
	for i := range to {
		p := r.position + float64(i)*(1+r.drift)
		whole := math.Floor(p)
		phase := (p - whole) * phases
		row := &sinc[int(phase)]
		from := r.near[int(int64(whole)-first)-reach+1:][:2*reach]
		var s float32
		for k, v := range from {
			s += v * row[k]
		}
		to[i] = s
	}
	r.position += float64(len(to)) * (1 + r.drift)
	return steady
}

// window copies the samples around the next block, and gives the number of the first of them.
func (r *reference) window(at time.Duration) (steady bool, first int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at-r.last > maxPause || r.written == 0 {
		r.reading = false
		clear(r.near[:])
		return false, int64(math.Floor(r.position)) - reach
	}
	steady = r.seek(at)
	first = int64(math.Floor(r.position)) - reach
	for i := range r.near {
		n := first + int64(i)
		r.near[i] = 0
		if n >= 0 && n < r.written && n >= r.written-ringSize {
			r.near[i] = r.ring[n&(ringSize-1)]
		}
	}
	return steady, first
}

// seek finds where to read on, and says whether that is where the last block ended.
func (r *reference) seek(at time.Duration) (steady bool) {
	const need = hop + reach + 2
	latest := float64(r.written - need)
	was := r.position
	if slip := at - r.expected; r.reading && (slip > maxSlip || slip < -maxSlip) {
		r.position += math.Round(slip.Seconds() * media.SampleRate) // pieces that nobody read in time
	}
	r.expected = at + hop*time.Second/media.SampleRate
	ahead := latest - r.position
	r.spare = min(r.spare, ahead)
	r.blocks++
	switch {
	case !r.reading || ahead > ringSize/2 || ahead < -ringSize/2:
		r.position = latest - backOff
		r.spare, r.blocks = backOff, 0
	case ahead < 0:
		r.position = latest - backOff
		r.spare = backOff
	case r.blocks >= spareBlocks:
		if r.spare > maxSpare {
			r.position += math.Floor(r.spare)
		}
		r.spare, r.blocks = ringSize, 0
	}
	steady = r.reading && r.position == was
	r.reading = true
	return steady
}

// bend has the reader follow a drift that is still seen in the echo, in samples a sample.
func (r *reference) bend(by float64) {
	r.drift = min(max(r.drift+by, -maxDrift), maxDrift)
}
