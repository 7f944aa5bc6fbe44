// Package voice makes of what the microphone hears what the other side should hear: the nurse and the citizen, without
// the echo of the loudspeaker and the room's noise, and about as loud as people usually are.
//
// Invariants: Process has one caller at a time, which owns all but the reference; Played is the loudspeaker's thread's,
// which waits for no more than a copy. Nothing allocates after New. What comes out is as long as what went in, and later
// by Delay. Silence is never made louder: the gain moves only while somebody speaks here, and within narrow limits.
// Where the platform cancels echo itself (Android's VoiceCommunication), sound passes untouched.
package voice

import (
	"math"
	"sync"
	"time"

	"kontaktlaege/media"
)

// Delay is by how much sound comes out later than it went in.
const Delay = hop * time.Second / media.SampleRate

// Config says what is to be done.
type Config struct {
	Platform bool // the platform does it already
}

// State is what is known of the room.
type State struct {
	Echo  time.Duration // how long after it was given to the loudspeaker sound is heard again; 0: it is not
	Drift float64       // of the loudspeaker's clock against the microphone's, 1e-6 is one in a million
	Gain  float64       // that speech here gets, 1: none
}

// Voice is the path between a microphone and its encoder.
type Voice struct {
	platform   bool
	reference  reference
	canceller  *canceller
	suppressor *suppressor
	drift      drift
	rumble     rumble
	gain       *gain

	mu    sync.Mutex
	state State

	far, mic, echo [hop]float32
	quiet          int // blocks since the loudspeaker played anything
	out            [media.SamplesPerPiece]int16
}

// New makes a path that knows nothing of its room.
func New(c Config) *Voice {
	f := newFFT()
	return &Voice{
		platform: c.Platform, canceller: newCanceller(f), suppressor: newSuppressor(f), gain: newGain(), quiet: pause,
		state: State{Gain: 1},
	}
}

// Played says what was given to the loudspeaker at the media time at, and how loud it plays it.
func (v *Voice) Played(pcm []int16, volume float64, at time.Duration) {
	if !v.platform {
		v.reference.write(pcm, volume, at)
	}
}

// State tells what is known of the room. Any goroutine may ask.
func (v *Voice) State() State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.state
}

// Process gives the voice in a piece of sound. It is valid until the next call.
func (v *Voice) Process(s media.Sound) media.Sound {
	if v.platform {
		return s
	}
	for at := 0; at+hop <= len(s.PCM) && at+hop <= len(v.out); at += hop {
		v.block(s.PCM[at:at+hop], s.Time+time.Duration(at)*time.Second/media.SampleRate, v.out[at:at+hop])
	}
	return media.Sound{PCM: v.out[:min(len(s.PCM)/hop*hop, len(v.out))], Time: s.Time - Delay}
}

// pause is after how many blocks of silence from the loudspeaker no echo of it can be heard any more.
const pause = partitions + 10

func (v *Voice) block(in []int16, at time.Duration, out []int16) {
	for i, s := range in {
		v.mic[i] = float32(s) / (1 << 15)
	}
	v.rumble.cut(v.mic[:])
	steady := v.reference.read(at, v.far[:])
	if audible(v.far[:]) {
		v.quiet = 0
	} else {
		v.quiet++
	}
	v.echo = v.mic
	if v.quiet < pause {
		v.canceller.cancel(v.far[:], v.mic[:])
		v.follow(steady)
	}
	for i := range v.echo {
		v.echo[i] -= v.mic[i]
	}
	v.suppressor.suppress(v.mic[:], v.echo[:], &v.canceller.doubt)
	v.gain.apply(v.mic[:], v.suppressor.speech(), out)
	v.mu.Lock()
	v.state.Gain = math.Pow(10, v.gain.db/20)
	v.mu.Unlock()
}

// follow has the reference keep step with the microphone's clock, and notes what is known of the room.
func (v *Voice) follow(steady bool) {
	if !steady {
		v.drift.forget()
		v.canceller.shake()
		return
	}
	if v.quiet != 0 {
		return
	}
	grows, known := v.drift.look(v.canceller)
	if !known {
		return
	}
	v.reference.bend(-driftGain * grows)
	v.mu.Lock()
	v.state.Echo, v.state.Drift = v.canceller.delay(), v.reference.drift
	v.mu.Unlock()
}

// audible says whether a block of the loudspeaker's can give an echo at all: −70 dBFS.
func audible(block []float32) bool {
	for _, s := range block {
		if s > 3e-4 || s < -3e-4 {
			return true
		}
	}
	return false
}
