package voice

import (
	"math"
	"sync"
	"time"

	"kontaktlaege/media"
)

// reference keeps what the loudspeaker was given, by the time it was given, and reads it at the pace of the
// microphone, whose clock may be another. The loudspeaker's thread writes; it waits for no more than a copy.
type reference struct {
	mu      sync.Mutex
	ring    [ringSize]float32
	written int64         // samples, ever
	next    time.Duration // when sample number written is due
	begun   bool

	// The rest belongs to the reader.
	position float64 // in samples written, of the next one to read
	reading  bool
	drift    float64 // samples of the loudspeaker in one of the microphone, less one
	near     [hop + 2*reach + 4]float32
}

const (
	ringSize = 1 << 16 // 1.4 s, a power of two
	// reach is how many samples to each side an interpolated one is made of, and phases how finely.
	reach  = 12
	phases = 128
	// maxGap is where a pause of the loudspeaker begins; maxSlip how far reading may be from the time before it jumps.
	maxGap  = 60 * time.Millisecond
	maxSlip = media.SampleRate / 50
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
	// The thread wakes up late and never early.
	if off := now - r.next; !r.begun || off < 0 || off > maxGap {
		r.next, r.begun = now, true
	} else {
		r.next += off / 64
	}
	for i, v := range pcm {
		r.ring[(r.written+int64(i))&(ringSize-1)] = float32(v) * g
	}
	r.written += int64(len(pcm))
	r.next += time.Duration(len(pcm)) * time.Second / media.SampleRate
}

// read gives what the loudspeaker was given while a block was heard whose first sample is from the media time at, and
// whether it goes on where the last block ended.
func (r *reference) read(at time.Duration, to []float32) (steady bool) {
	due, first := r.window(at)
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
	return due
}

// window copies the samples around the next block, and gives the number of the first of them.
func (r *reference) window(at time.Duration) (steady bool, first int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	due := float64(r.written) - (r.next-at).Seconds()*media.SampleRate
	steady = r.reading && math.Abs(due-r.position) < maxSlip
	if !steady {
		r.position, r.reading = math.Floor(due), true
	}
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

// bend has the reader follow a drift that is still seen in the echo, in samples a sample.
func (r *reference) bend(by float64) {
	r.drift = min(max(r.drift+by, -maxDrift), maxDrift)
}
