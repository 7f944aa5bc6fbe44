package main

import (
	"slices"
	"time"
)

const sampleEvery = 200 * time.Millisecond

// sample is what one end has received so far, as counters of its own connection: they begin anew with another connection.
type sample struct {
	At               float64 // ms of Unix time
	Frames           float64 // pictures decoded
	Height           int     // of the last
	Frozen           float64 // seconds, as webrtc-stats' totalFreezesDuration
	Concealed, Sound float64 // pieces or samples of sound, all of them in Sound
	Path, Rung       string
	Rate, Target     float64 // bits a second: sent, and believed possible
}

func milliseconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

// figures are what was received in a stretch of time.
type figures struct {
	Height    int // that stood the longest; 0: no picture moved
	Pictures  float64
	FPS       float64 // of them a second
	Frozen    float64 // seconds without a moving picture
	Concealed float64 // of the sound, %
	Sound     bool    // some came
}

// stillAfter is how long the number of pictures may stand without counting as frozen, when no next picture ends the freeze.
const stillAfter = 500.0

// between measures the stretch from from to to (ms). Counters that go back are another connection's.
func between(all []sample, from, to float64) figures {
	var f figures
	var concealed, sound float64
	heights := map[int]float64{}
	moved := from // when a picture last came
	for i, s := range all {
		if s.At < from || s.At > to || i == 0 {
			continue
		}
		before := all[i-1]
		if s.Frames < before.Frames || s.Sound < before.Sound {
			before = sample{At: before.At}
		}
		if s.Frames > before.Frames {
			heights[s.Height] += s.At - before.At
			moved = s.At
		}
		f.Pictures += s.Frames - before.Frames
		concealed += max(s.Concealed-before.Concealed, 0)
		sound += s.Sound - before.Sound
		f.Frozen += max(s.Frozen-before.Frozen, 0)
	}
	if to-moved > stillAfter {
		f.Frozen += (to - moved) / 1000
	}
	for height, long := range heights {
		if long > heights[f.Height] || long == heights[f.Height] && height > f.Height {
			f.Height = height
		}
	}
	if to > from {
		f.FPS = f.Pictures * 1000 / (to - from)
	}
	if sound > 0 {
		f.Concealed, f.Sound = 100*concealed/sound, true
	}
	return f
}

// movesAgain is when pictures came again after at (ms), for good: three samples in a row with new ones. false: never.
func movesAgain(all []sample, at float64) (float64, bool) {
	run, first := 0, 0.0
	for i, s := range all {
		if i == 0 || s.At <= at {
			continue
		}
		if s.Frames == all[i-1].Frames {
			run = 0
			continue
		}
		if run++; run == 1 {
			first = s.At
		}
		if run == 3 {
			return first, true
		}
	}
	return 0, false
}

// letters compares what was typed with what came, character by character: how many are right, and how long 95 of 100 took.
func letters(sent, received []typed) (right int, p95 time.Duration) {
	type letter struct {
		r  rune
		at float64
	}
	var came []letter
	for _, m := range received {
		at := len(came)
		for _, r := range m.Text {
			switch {
			case r == '\ufeff': // all that was written, from its beginning: so does each new connection begin
				at = 0
				continue
			case at == len(came):
				came = append(came, letter{r, m.At})
			case came[at].r != r:
				came[at] = letter{r, m.At}
			}
			at++
		}
	}
	var took []time.Duration
	i := 0
	for _, m := range sent {
		for _, r := range m.Text {
			if i < len(came) && came[i].r == r {
				right++
				took = append(took, time.Duration((came[i].at-m.At)*float64(time.Millisecond)))
			}
			i++
		}
	}
	if len(took) == 0 {
		return 0, 0
	}
	slices.Sort(took)
	return right, took[(len(took)*95-1)/100]
}
