package capture

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/wav"
)

func TestTone_isHeardAtItsPitchAndBeepsOnTheSecond(t *testing.T) {
	start := time.Unix(1_800_000_003, int64(500*time.Millisecond))
	fill := tone(440, start)
	pcm := make([]int16, media.SamplesPerPiece)
	for n := range int64(100) { // two seconds
		fill(n, pcm)
		at := start.Add(time.Duration(n) * media.PieceDuration)
		inBeep := at.Nanosecond() < int(beepDuration)
		beep, steady := ToneLevel(pcm, BeepHz(at.Unix())), ToneLevel(pcm, 440)
		switch {
		case inBeep && (beep < 0.45 || steady > 0.05):
			t.Errorf("%v: beep %.2f, tone %.2f", at, beep, steady)
		case !inBeep && (beep > 0.05 || math.Abs(steady-toneAmplitude) > 0.03):
			t.Errorf("%v: beep %.2f, tone %.2f", at, beep, steady)
		}
	}
}

func TestOpenMicrophone_toneComesInPiecesThatFollowEachOther(t *testing.T) {
	testkit.Guard(t, time.Minute)
	s, err := OpenMicrophone(t.Context(), "tone:1000")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var last time.Duration
	heard := 0
	for n := range 12 {
		p, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(p.PCM) != media.SamplesPerPiece {
			t.Fatalf("%d samples", len(p.PCM))
		}
		if n > 0 && (p.Time-last)%media.PieceDuration != 0 {
			t.Errorf("piece %d comes %v after the last", n, p.Time-last)
		}
		if now := media.Now(); p.Time > now {
			t.Errorf("piece %d was captured in the future", n)
		}
		last = p.Time
		if ToneLevel(p.PCM, 1000) > 0.2 {
			heard++
		}
	}
	if heard < 6 {
		t.Errorf("the tone was heard in %d of 12 pieces", heard)
	}
	s.Close()
	if _, err := s.Read(t.Context()); !errors.Is(err, media.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestOpenMicrophone_playsAFileOverAndOver(t *testing.T) {
	testkit.Guard(t, time.Minute)
	pcm := make([]int16, 1500) // no whole number of pieces
	for i := range pcm {
		pcm[i] = int16(i)
	}
	path := writeFile(t, "x.wav", func(b *bytes.Buffer) error { return wav.Write(b, pcm) })
	s, err := OpenMicrophone(t.Context(), "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want := int16(0)
	for n := range 5 {
		p, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			want = p.PCM[0] // a machine that was busy may have skipped
		}
		for i, v := range p.PCM {
			if v != want {
				t.Fatalf("piece %d, sample %d: %d, want %d", n, i, v, want)
			}
			if want++; want == 1500 {
				want = 0
			}
		}
	}
}

func TestOpenMicrophone_saysWhyThereIsNoSound(t *testing.T) {
	testkit.Guard(t, time.Minute)
	bad := filepath.Join(t.TempDir(), "bad.wav")
	if err := os.WriteFile(bad, []byte("RIFF____WAVEdata"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, spec := range []string{"none", "file:" + bad, "file:/nowhere/at/all.wav"} {
		_, err := OpenMicrophone(t.Context(), spec)
		e, ok := errors.AsType[*media.DeviceError](err)
		if !ok || e.Device != "microphone" || e.Problem != media.DeviceNone {
			t.Errorf("%s: %v", spec, err)
		}
	}
}

// The device's thread wakes up unevenly and brings pieces of its own length; nobody may notice.
func TestCutter_smoothsTheTimesAndKeepsTheOrder(t *testing.T) {
	testkit.Guard(t, 20*time.Second)
	c := cutter{full: make(chan *chunk, kept), free: make(chan *chunk, kept)}
	for range kept {
		c.free <- newChunk()
	}
	next := int16(0)
	pcm := make([]int16, 0, 1000)
	heard := time.Second
	take := func(n, late int) {
		pcm = pcm[:0]
		for range n {
			pcm = append(pcm, next)
			next++
		}
		heard += time.Duration(n) * time.Second / media.SampleRate
		c.takeAt(pcm, heard+time.Duration(late)*time.Millisecond)
	}
	for i, n := range []int{480, 1, 479, 1000, 7, 953, 500, 500} {
		take(n, []int{0, 8, 2, 5, 0, 9, 3, 1}[i])
	}
	want := int16(0)
	var last time.Duration
	for n := range 4 {
		p := <-c.full
		for i, v := range p.Data {
			if v != want {
				t.Fatalf("piece %d, sample %d is %d, want %d", n, i, v, want)
			}
			want++
		}
		if step := p.at - last; n > 0 && (step < 15*time.Millisecond || step > 25*time.Millisecond) {
			t.Errorf("piece %d is %v after the one before", n, step)
		}
		last = p.at
		c.free <- p
	}
	if n := testing.AllocsPerRun(100, func() { c.take(pcm) }); n != 0 { // and nobody reads: it never waits
		t.Errorf("%v allocations on the device's thread", n)
	}
}

func TestLevel_isAMeter(t *testing.T) {
	sine := func(amplitude float64) []int16 {
		pcm := make([]int16, 4800)
		for i := range pcm {
			pcm[i] = int16(amplitude * math.MaxInt16 * math.Sin(2*math.Pi*1000*float64(i)/media.SampleRate))
		}
		return pcm
	}
	for _, row := range []struct{ amplitude, want float64 }{{1, 1}, {0.1, 2.0 / 3}, {0.01, 1.0 / 3}, {0.0005, 0}, {0, 0}} {
		if got := Level(sine(row.amplitude)); math.Abs(got-row.want) > 0.02 {
			t.Errorf("amplitude %v: level %.3f, want %.3f", row.amplitude, got, row.want)
		}
	}
	if Level(nil) != 0 || ToneLevel(nil, 440) != 0 {
		t.Error("nothing has a level")
	}
}

func TestWriteToneWAV_givesWhatIsAskedFor(t *testing.T) {
	var b bytes.Buffer
	if err := WriteToneWAV(&b, 600, 2); err != nil {
		t.Fatal(err)
	}
	pcm, err := wav.Read(&b)
	if err != nil || len(pcm) != 2*media.SampleRate {
		t.Fatalf("%d samples, %v", len(pcm), err)
	}
	if l := ToneLevel(pcm[9600:14400], 600); math.Abs(l-toneAmplitude) > 0.01 {
		t.Errorf("level %.3f", l)
	}
	if WriteToneWAV(&b, math.NaN(), 1) == nil || WriteToneWAV(&b, 440, 0) == nil {
		t.Error("wrote a tone of no pitch or length")
	}
}
