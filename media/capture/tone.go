package capture

import (
	"fmt"
	"io"
	"math"
	"time"

	"kontaktlaege/media"
	"kontaktlaege/media/wav"
)

// Loudness of the tone and of its beep, of full scale.
const (
	toneAmplitude = 0.25
	beepAmplitude = 0.5
)

// beepDuration is how long the tone gives way to the beep, from the begin of each second.
const beepDuration = 60 * time.Millisecond

// BeepHz is the pitch of the beep at the begin of a second of Unix time: eight pitches in turn, so that a listener on
// the same machine can tell how late it is, up to eight seconds.
func BeepHz(second int64) float64 { return 1000 + 250*float64(second&7) }

// tone gives pieces of a steady tone with a beep at each full second; piece 0 began at start.
func tone(hz float64, start time.Time) func(n int64, pcm []int16) {
	zero := start.UnixMicro()
	return func(n int64, pcm []int16) {
		for i := range pcm {
			sample := n*media.SamplesPerPiece + int64(i)
			seconds := float64(sample) / media.SampleRate
			now := zero + sample*1e6/media.SampleRate
			pitch, amplitude := hz, toneAmplitude
			if now%1e6 < beepDuration.Microseconds() {
				pitch, amplitude = BeepHz(now/1e6), beepAmplitude
			}
			pcm[i] = int16(math.MaxInt16 * amplitude * math.Sin(2*math.Pi*math.Mod(pitch*seconds, 1)))
		}
	}
}

// WriteToneWAV writes the tone with its beeps as a WAVE file; second 0 is the file's begin.
func WriteToneWAV(w io.Writer, hz float64, seconds int) error {
	if seconds < 1 || seconds > 3600 || !(hz >= 20 && hz <= 20_000) {
		return fmt.Errorf("capture: no tone of %v Hz for %d s", hz, seconds)
	}
	pcm := make([]int16, seconds*media.SampleRate)
	fill := tone(hz, time.Unix(0, 0))
	for n := range len(pcm) / media.SamplesPerPiece {
		fill(int64(n), pcm[n*media.SamplesPerPiece:(n+1)*media.SamplesPerPiece])
	}
	return wav.Write(w, pcm)
}

// ToneLevel is the amplitude of one pitch in pcm, of full scale (Goertzel's algorithm). It takes 20 ms or more to tell
// pitches 50 Hz apart.
func ToneLevel(pcm []int16, hz float64) float64 {
	if len(pcm) == 0 {
		return 0
	}
	turn := 2 * math.Pi * hz / media.SampleRate
	factor := 2 * math.Cos(turn)
	var s1, s2 float64
	for _, v := range pcm {
		s1, s2 = float64(v)/math.MaxInt16+factor*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - factor*s1*s2
	return 2 * math.Sqrt(max(power, 0)) / float64(len(pcm))
}

// Level is how loud pcm is, for a meter: 0 at -60 dB of full scale and below, 1 at full scale.
func Level(pcm []int16) float64 {
	if len(pcm) == 0 {
		return 0
	}
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	rms := math.Sqrt(sum/float64(len(pcm))) / math.MaxInt16 * math.Sqrt2
	return min(max(1+20*math.Log10(rms+1e-9)/60, 0), 1)
}
