package call

import (
	"sync/atomic"

	"kontaktlaege/media"
)

const (
	// faintest is the loudest that still counts as digital silence: −80 dBFS. No room is so quiet, nor its microphone.
	faintest = 3
	// silentSamples is how many such samples tell that a microphone is switched off, or not plugged in.
	silentSamples = 10 * media.SampleRate
)

// deadAir finds out that a microphone gives nothing: samples below −80 dBFS, or the same one over and over, for ten
// seconds. One goroutine hears; any may ask.
type deadAir struct {
	last    int16
	samples atomic.Int64 // of silence, in a row
}

func (d *deadAir) hear(pcm []int16) {
	quiet, same := true, true
	for _, v := range pcm {
		quiet = quiet && v <= faintest && v >= -faintest
		same = same && v == d.last
		d.last = v
	}
	if !quiet && !same {
		d.samples.Store(0)
		return
	}
	d.samples.Add(int64(len(pcm)))
}

func (d *deadAir) reset() { d.samples.Store(0) }

func (d *deadAir) silent() bool { return d.samples.Load() >= silentSamples }
