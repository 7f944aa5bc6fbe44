package voice

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

// The worst of the room: a long way, a loudspeaker that distorts, and two sound cards whose clocks differ.
func TestVoice_theEchoGoesAndTheCitizenStays(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	c := setting{seconds: 10, delay: 250 * time.Millisecond, drift: 50e-6, echo: -26, near: -22, nearFrom: 10, noise: -70}
	alone := stage(t, c)
	v := New(Config{})
	out := alone.play(v)
	if got := decibels(alone.echo[3*rate:], out[3*rate:]); got < 30 {
		t.Errorf("the echo comes back %.1f dB fainter after 3 s, want 30", got)
	}
	if st := v.State(); st.Echo < 240*time.Millisecond || st.Echo > 260*time.Millisecond || math.Abs(st.Drift-50e-6) > 10e-6 {
		t.Errorf("echo after %v, drift %.0f ppm; want 250 ms, 50 ppm", st.Echo, st.Drift*1e6)
	}
	c.nearFrom = 3
	both := stage(t, c)
	out = both.play(New(Config{}))
	if got := lost(both.near[3*rate:], out[3*rate:]); got > 3 {
		t.Errorf("%.1f dB of the citizen's voice are lost while the clinician speaks, want 3 at most", got)
	}
}

func TestVoice_anEchoThatMovesIsFoundAgain(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	s := stage(t, setting{seconds: 14, delay: 40 * time.Millisecond, moves: 70 * time.Millisecond, echo: -26, near: -22, nearFrom: 14, noise: -70})
	out := s.play(New(Config{}))
	if got := decibels(s.echo[11*rate:], out[11*rate:]); got < 25 {
		t.Errorf("4 s after the echo moved it is %.1f dB fainter, want 25", got)
	}
}

func TestVoice_speechAlonePassesWhole(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	s := stage(t, setting{seconds: 6, echo: -200, near: -22, noise: -60})
	out := s.play(New(Config{}))
	if got := lost(s.near, out); got > 1 {
		t.Errorf("%.1f dB of the voice are lost where nobody else speaks", got)
	}
}

func hiss(db float64, seconds int) []int16 {
	r := rand.New(rand.NewPCG(1, 1))
	pcm := make([]int16, seconds*rate)
	for i := range pcm {
		pcm[i] = int16(math.Pow(10, db/20) * (1 << 15) * r.NormFloat64())
	}
	return pcm
}

// through gives what comes out for pcm.
func through(v *Voice, pcm []int16) []float64 {
	var out []float64
	for at := 0; at+media.SamplesPerPiece <= len(pcm); at += media.SamplesPerPiece {
		p := v.Process(media.Sound{PCM: pcm[at : at+media.SamplesPerPiece], Time: time.Hour + time.Duration(at)*time.Second/rate})
		for _, x := range p.PCM {
			out = append(out, float64(x)/(1<<15))
		}
	}
	return out
}

func rms(x []float64) float64 { return 10 * math.Log10(energy(x)/float64(len(x))+1e-12) }

func TestVoice_noiseFallsAndSilenceIsNeverRaised(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for _, db := range []float64{-40, -60, -75} {
		v := New(Config{})
		out := through(v, hiss(db, 8))
		if got := rms(out[5*rate:]); got > db-8 {
			t.Errorf("noise of %.0f dBFS comes out at %.1f, want 8 dB less", db, got)
		}
		if g := v.State().Gain; g != 1 {
			t.Errorf("noise of %.0f dBFS got the gain %.2f", db, g)
		}
	}
}

func TestVoice_faintSpeechIsRaisedAndLoudSpeechDoesNotClip(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	for _, c := range []struct{ near, least, most float64 }{{-38, 6, 12}, {-22, -4, 4}, {-8, -9.1, -3}} {
		s := stage(t, setting{seconds: 16, echo: -200, near: c.near, noise: -75})
		v := New(Config{})
		var pcm [media.SamplesPerPiece]int16
		for at := 0; at+len(pcm) <= len(s.mic); at += len(pcm) {
			integers(pcm[:], s.mic[at:])
			for _, x := range v.Process(media.Sound{PCM: pcm[:], Time: time.Duration(at) * time.Second / rate}).PCM {
				if x > 32_000 || x < -32_000 {
					t.Fatalf("speech of %.0f dBFS is clipped", c.near)
				}
			}
		}
		if g := 20 * math.Log10(v.State().Gain); g < c.least || g > c.most {
			t.Errorf("speech of %.0f dBFS got %.1f dB, want %.0f–%.0f", c.near, g, c.least, c.most)
		}
	}
}

func TestVoice_whereThePlatformDoesItSoundIsUntouched(t *testing.T) {
	v := New(Config{Platform: true})
	pcm := hiss(-30, 1)[:media.SamplesPerPiece]
	v.Played(pcm, 1, time.Second)
	in := media.Sound{PCM: pcm, Time: time.Second}
	if out := v.Process(in); &out.PCM[0] != &pcm[0] || out.Time != in.Time {
		t.Errorf("the piece was replaced")
	}
}

// A loudspeaker that stops, starts, jumps in time and never was there; pieces of any length; extremes of sound.
func TestVoice_bearsWhatDevicesDo(t *testing.T) {
	testkit.Guard(t, time.Minute)
	r := rand.New(rand.NewPCG(5, 5))
	v := New(Config{})
	pcm := make([]int16, 2*media.SamplesPerPiece)
	now := time.Duration(0)
	for range 2000 {
		for i := range pcm {
			pcm[i] = int16([]int{0, math.MaxInt16, math.MinInt16, r.IntN(1 << 15)}[r.IntN(4)])
		}
		if r.IntN(3) > 0 {
			v.Played(pcm[:r.IntN(len(pcm))], r.Float64(), now-time.Duration(r.IntN(int(time.Second))))
		}
		n := r.IntN(len(pcm))
		if out := v.Process(media.Sound{PCM: pcm[:n], Time: now}); len(out.PCM) > n {
			t.Fatalf("%d samples for %d", len(out.PCM), n)
		}
		now += time.Duration(r.IntN(int(100 * time.Millisecond)))
	}
	out := through(v, hiss(-50, 12)) // it is well again
	if got := rms(out[10*rate:]); math.IsNaN(got) || got > -50 || got < -80 {
		t.Errorf("noise of −50 dBFS comes out at %.1f afterwards", got)
	}
}

func TestVoice_theLoudspeakersThreadIsAnother(t *testing.T) {
	testkit.Guard(t, time.Minute)
	v := New(Config{})
	var wg sync.WaitGroup
	wg.Go(func() {
		pcm := hiss(-20, 1)[:media.SamplesPerPiece]
		for n := range 200 {
			v.Played(pcm, 1, time.Duration(n)*media.PieceDuration)
			_ = v.State()
		}
	})
	through(v, hiss(-30, 2))
	wg.Wait()
}

func TestVoice_allocatesNothing(t *testing.T) {
	v := New(Config{})
	pcm := hiss(-30, 1)[:media.SamplesPerPiece]
	n := 0
	if a := testing.AllocsPerRun(100, func() {
		at := time.Duration(n) * media.PieceDuration
		n++
		v.Played(pcm, 1, at)
		v.Process(media.Sound{PCM: pcm, Time: at})
	}); a != 0 {
		t.Errorf("%v allocations a piece", a)
	}
}

func BenchmarkVoice(b *testing.B) {
	v := New(Config{})
	pcm := hiss(-30, 1)[:media.SamplesPerPiece]
	b.ReportAllocs()
	for n := range b.N {
		at := time.Duration(n) * media.PieceDuration
		v.Played(pcm, 1, at)
		v.Process(media.Sound{PCM: pcm, Time: at})
	}
	b.ReportMetric(100*b.Elapsed().Seconds()/float64(b.N)/media.PieceDuration.Seconds(), "%CPU")
}

// BenchmarkEcho says how much of the echo goes after three seconds, and how much of the citizen's voice with it while
// both speak. Goals: 30 dB or more, 3 dB or less.
func BenchmarkEcho(b *testing.B) {
	for _, drift := range []float64{0, 50e-6} {
		for _, delay := range []time.Duration{20, 100, 250} {
			for _, echo := range []float64{-26, -16} {
				b.Run(fmt.Sprintf("delay=%dms/drift=%.0fppm/echo=%.0fdBFS", delay, drift*1e6, echo), func(b *testing.B) {
					c := setting{seconds: 16, delay: delay * time.Millisecond, drift: drift, echo: echo, near: -22, nearFrom: 16, noise: -70}
					alone := stage(b, c)
					c.nearFrom = 4
					both := stage(b, c)
					for b.Loop() {
						a, out := alone.play(New(Config{})), both.play(New(Config{}))
						b.ReportMetric(decibels(alone.echo[3*rate:], a[3*rate:]), "dB-ERLE")
						b.ReportMetric(decibels(alone.echo[:3*rate], a[:3*rate]), "dB-ERLE-first-3s")
						b.ReportMetric(lost(both.near[4*rate:], out[4*rate:]), "dB-near-lost")
					}
				})
			}
		}
	}
}
