package packet

import (
	"math"
	"testing"

	"kontaktlaege/media"
)

func TestStretch_aVoiceKeepsItsPitchAndNothingClicks(t *testing.T) {
	for _, p := range []Pace{PaceFaster, PaceSlower} {
		phase := 0
		var out []int16
		for range 50 {
			pcm := make([]int16, media.SamplesPerPiece, 2*media.SamplesPerPiece)
			phase = vowel(pcm, phase)
			got := p.Of(pcm)
			if by := len(got) - len(pcm); by == 0 || by > 0 != (p == PaceSlower) || by < -longPeriod || by > longPeriod {
				t.Fatalf("pace %d made %d samples of %d", p, len(got), len(pcm))
			}
			out = append(out, got...)
		}
		jump := 0
		for i, v := range out[1:] {
			jump = max(jump, int(v)-int(out[i]), int(out[i])-int(v))
		}
		if jump > 1100 { // the vowel itself moves by up to 1,000 a sample
			t.Errorf("pace %d jumps by %d", p, jump)
		}
		if level := toneOf(out, 150); level < 0.9*toneOf(vowelOf(len(out)), 150) {
			t.Errorf("pace %d: the pitch of 150 Hz is %.0f, want %.0f", p, level, toneOf(vowelOf(len(out)), 150))
		}
	}
}

func TestStretch_whatIsNotAlikeStaysWhole(t *testing.T) {
	pcm := make([]int16, media.SamplesPerPiece, 2*media.SamplesPerPiece)
	pcm[100] = 20_000 // a click
	for i := 500; i < 960; i++ {
		pcm[i] = int16(i * i * 7919 % 4001)
	}
	if got := shorten(pcm); len(got) != len(pcm) {
		t.Errorf("%d samples of a piece that repeats nothing", len(got))
	}
	for _, n := range []int{0, 1, 120, 480, 959} {
		if got := lengthen(make([]int16, n)); len(got) != n {
			t.Errorf("%d samples of %d", len(got), n)
		}
	}
	if got := shorten(make([]int16, 960)); len(got) != 480 {
		t.Errorf("silence of 960 samples became %d", len(got))
	}
}

// vowel is a voice of 150 Hz with some overtones.
func vowel(pcm []int16, at int) int {
	for i := range pcm {
		x := 2 * math.Pi * 150 * float64(at+i) / media.SampleRate
		pcm[i] = int16(5000*math.Sin(x) + 3000*math.Sin(2*x+1) + 1500*math.Sin(5*x+2))
	}
	return at + len(pcm)
}

func vowelOf(n int) []int16 {
	pcm := make([]int16, n)
	vowel(pcm, 0)
	return pcm
}

// toneOf is how strong a tone is within a second's blocks of 100 ms, whatever its phase.
func toneOf(pcm []int16, hz float64) float64 {
	const block = media.SampleRate / 10
	sum := 0.0
	for at := 0; at+block <= len(pcm); at += block {
		var re, im float64
		for i, v := range pcm[at : at+block] {
			sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / media.SampleRate)
			re += float64(v) * cos
			im += float64(v) * sin
		}
		sum += math.Hypot(re, im) / block
	}
	return sum / float64(len(pcm)/block)
}
