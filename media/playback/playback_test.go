package playback

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/wav"
)

// sine fills pieces with a tone of half of full scale.
func sine(hz float64) func(pcm []int16) {
	n := 0
	return func(pcm []int16) {
		for i := range pcm {
			pcm[i] = int16(math.MaxInt16 / 2 * math.Sin(2*math.Pi*math.Mod(hz*float64(n)/media.SampleRate, 1)))
			n++
		}
	}
}

// hear reads a microphone until what it hears is as wanted for a tenth of a second.
func hear(t *testing.T, m media.AudioSource, hz float64, want func(level float64) bool) {
	t.Helper()
	for right := 0; right < 5; {
		p, err := m.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if want(capture.ToneLevel(p.PCM, hz)) {
			right++
		} else {
			right = 0
		}
	}
}

func loud(level float64) bool   { return level > 0.4 }
func silent(level float64) bool { return level < 0.001 }

// What the loudspeaker plays, the microphone hears: both real, on a sound server without hardware.
func TestSound_whatIsPlayedIsHeard(t *testing.T) {
	testkit.Guard(t, time.Minute)
	testkit.StartSound(t)
	l, err := OpenLoudspeaker(t.Context(), "default", sine(440))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m, err := capture.OpenMicrophone(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	hear(t, m, 440, loud)
	l.SetVolume(0.5)
	hear(t, m, 440, func(level float64) bool { return math.Abs(level-0.25) < 0.03 })
	l.SetVolume(0)
	hear(t, m, 440, silent)
	l.SetVolume(1)
	hear(t, m, 440, loud)
	hear(t, m, 740, func(level float64) bool { return level < 0.05 }) // six whole turns of 20 ms from 440: a clean tone leaks nothing there

	var last time.Duration
	for n := range 25 {
		p, err := m.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if p.Time > media.Now() || n > 0 && p.Time <= last {
			t.Errorf("a piece from %v after one from %v, at %v", p.Time, last, media.Now())
		}
		last = p.Time
	}
}

// The sound server dies and comes back: microphone and loudspeaker say so, and work again once they are opened anew.
func TestSound_theServerIsStartedAnew(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	server := testkit.StartSound(t)
	l, err := OpenLoudspeaker(t.Context(), "default", sine(600))
	if err != nil {
		t.Fatal(err)
	}
	m, err := capture.OpenMicrophone(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	hear(t, m, 600, loud)
	server.Stop()
	for {
		_, err := m.Read(t.Context())
		if err == nil {
			continue
		}
		if e, ok := errors.AsType[*media.DeviceError](err); !ok || e.Problem != media.DeviceLost {
			t.Errorf("after the server's death: %v, want lost", err)
		}
		break
	}
	<-l.Lost()
	if err := errors.Join(m.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	server.Start()
	if l, err = OpenLoudspeaker(t.Context(), "default", sine(600)); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if m, err = capture.OpenMicrophone(t.Context(), "default"); err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	hear(t, m, 600, loud)
}

// A headset is plugged in and pulled out again: what is open goes over to it and back by itself, and nothing is lost.
func TestSound_aHeadsetIsPluggedInAndOut(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	server := testkit.StartSound(t)
	l, err := OpenLoudspeaker(t.Context(), "default", sine(440))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m, err := capture.OpenMicrophone(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	hear(t, m, 440, loud)
	for range 2 {
		unplug := server.Plug()
		hearOn(t, server, m, "headset")
		unplug()
		hearOn(t, server, m, "loudspeaker")
	}
	select {
	case <-l.Lost():
		t.Error("the loudspeaker was lost over a headset")
	default:
	}
}

// hearOn reads until the tone is played by a sink, and then heard.
func hearOn(t *testing.T, server *testkit.Sound, m media.AudioSource, sink string) {
	t.Helper()
	for server.Streams(sink) != 1 {
		if _, err := m.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	hear(t, m, 440, loud)
}

// A ring goes on when the sound server is started anew under it.
func TestRinger_outlivesTheSoundServer(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	server := testkit.StartSound(t)
	r := NewRinger("default")
	defer r.Close()
	clip := make(Clip, media.SampleRate)
	sine(600)(clip)
	if err := r.Play(t.Context(), clip, Options{Loop: true}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		m, err := capture.OpenMicrophone(t.Context(), "default")
		if err != nil {
			t.Fatal(err)
		}
		hear(t, m, 600, loud)
		m.Close()
		server.Stop()
		server.Start()
	}
}

func TestSound_aMachineWithoutItSaysSo(t *testing.T) {
	testkit.Guard(t, time.Minute)
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(t.TempDir(), "nobody"))
	t.Setenv("ALSA_CONFIG_PATH", filepath.Join(t.TempDir(), "nothing"))
	_, err := OpenLoudspeaker(t.Context(), "default", func([]int16) {})
	if e, ok := errors.AsType[*media.DeviceError](err); !ok || e.Device != "loudspeaker" || e.Problem != media.DeviceNone {
		t.Errorf("loudspeaker: %v", err)
	}
	_, err = capture.OpenMicrophone(t.Context(), "default")
	if e, ok := errors.AsType[*media.DeviceError](err); !ok || e.Device != "microphone" || e.Problem != media.DeviceNone {
		t.Errorf("microphone: %v", err)
	}
}

func TestLoudspeaker_writesWhatWouldBeHeardToAFile(t *testing.T) {
	testkit.Guard(t, time.Minute)
	path := filepath.Join(t.TempDir(), "out.wav")
	var pieces atomic.Int64
	enough := make(chan struct{})
	tone := sine(500)
	l, err := OpenLoudspeaker(t.Context(), "wav:"+path, func(pcm []int16) {
		for _, v := range pcm {
			if v != 0 {
				t.Error("fill got a piece that was not silent")
				break
			}
		}
		tone(pcm)
		if pieces.Add(1) == 12 {
			close(enough)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	<-enough
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	pcm, err := wav.Read(file)
	if err != nil || int64(len(pcm)) != pieces.Load()*media.SamplesPerPiece {
		t.Fatalf("%d samples of %d pieces, %v", len(pcm), pieces.Load(), err)
	}
	if level := capture.ToneLevel(pcm, 500); math.Abs(level-0.5) > 0.01 {
		t.Errorf("level %.3f, want 0.5", level)
	}
}

func TestOpenLoudspeaker_saysWhyNot(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for _, spec := range []string{"", "wav:", "null", "default:1"} {
		if _, err := OpenLoudspeaker(t.Context(), spec, nil); err == nil || CheckLoudspeakerSpec(spec) == nil {
			t.Errorf("loudspeaker %q was opened", spec)
		}
	}
	_, err := OpenLoudspeaker(t.Context(), "wav:/nowhere/at/all.wav", nil)
	if _, ok := errors.AsType[*media.DeviceError](err); !ok {
		t.Errorf("a file that cannot be: %v", err)
	}
}

// The device asks for whatever it likes; volume never jumps, and the thread allocates nothing.
func TestFeed_givesAnyLengthWithoutAClick(t *testing.T) {
	f := &feed{fill: func(pcm []int16) {
		for i := range pcm {
			pcm[i] = 10_000
		}
	}, gain: 1}
	set := func(v float32) { f.volume.Store(math.Float32bits(v)) }
	set(1)
	last := int16(10_000)
	for n, length := range []int{1, 480, 441, 1024, 960, 7, 4096} {
		set(float32(n%3) / 2)
		out := make([]int16, length)
		f.pull(out)
		for i, v := range out {
			if d := int(v) - int(last); d > 25 || d < -25 {
				t.Fatalf("after %d samples of %d the sound jumps from %d to %d", i, length, last, v)
			}
			last = v
		}
	}
	out := make([]int16, 441)
	if n := testing.AllocsPerRun(100, func() { f.pull(out) }); n != 0 {
		t.Errorf("%v allocations on the device's thread", n)
	}
}

func TestRinger_playsOnceOrUntilStopped(t *testing.T) {
	testkit.Guard(t, time.Minute)
	path := filepath.Join(t.TempDir(), "ring.wav")
	r := NewRinger("wav:" + path)
	defer r.Close()
	clip := RingTone()[:4800]
	if err := r.Play(t.Context(), clip, Options{}); err != nil {
		t.Fatal(err)
	}
	<-r.now.done // it ends by itself
	if got := played(t, path); len(got) < len(clip) || !same(got[:len(clip)], clip) {
		t.Errorf("%d samples were played, and not the %d of the clip", len(got), len(clip))
	}
	loop := make(Clip, 100)
	for i := range loop {
		loop[i] = int16(10 * i)
	}
	if err := r.Play(t.Context(), loop, Options{Loop: true}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-r.now.done:
		t.Error("a loop ended by itself")
	case <-time.After(200 * time.Millisecond):
	}
	r.Stop()
	r.Stop()
	got := played(t, path)
	for i, v := range got {
		if v != loop[i%100] {
			t.Fatalf("sample %d of the loop is %d", i, v)
		}
	}
	if len(got) < 2*media.SamplesPerPiece {
		t.Errorf("the loop played %d samples", len(got))
	}
	if err := r.Play(t.Context(), nil, Options{Loop: true}); err != nil {
		t.Fatal(err)
	}
	<-r.now.done // nothing, over and over, is nothing
	r.Close()
	if err := r.Play(context.Background(), clip, Options{}); !errors.Is(err, media.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestRinger_growsFromSoftToLoud(t *testing.T) {
	s := &sounding{Options: Options{Loop: true, Growing: true}, clip: Clip{10_000}}
	pcm := make([]int16, media.SamplesPerPiece)
	var first, last int16
	for n := range 15 * 50 {
		s.fill(pcm)
		if n == 0 {
			first = pcm[0]
		}
		if pcm[0] < last {
			t.Fatalf("softer after %d pieces", n)
		}
		last = pcm[len(pcm)-1]
	}
	if first < 1000 || first > 2000 || last != 10_000 {
		t.Errorf("from %d to %d, want from 1500 to 10000", first, last)
	}
	if n := testing.AllocsPerRun(100, func() { s.fill(pcm) }); n != 0 {
		t.Errorf("%v allocations on the device's thread", n)
	}
}

func TestRingTone_isTwoRisingTones(t *testing.T) {
	c := RingTone()
	if len(c) != 2*media.SampleRate {
		t.Fatalf("%d samples, want two seconds", len(c))
	}
	early, late := c[2400:12000], c[20000:29600]
	if low, high := capture.ToneLevel(early, 659.26), capture.ToneLevel(early, 987.77); low < 0.15 || high > low/5 {
		t.Errorf("first tone: %.2f of the low one, %.2f of the high one", low, high)
	}
	if low, high := capture.ToneLevel(late, 659.26), capture.ToneLevel(late, 987.77); high < 0.1 || low > high/5 {
		t.Errorf("second tone: %.2f of the low one, %.2f of the high one", low, high)
	}
	for _, v := range c[len(c)-media.SampleRate/2:] {
		if v != 0 {
			t.Fatal("no pause at the end")
		}
	}
	for _, v := range append(RingTone(), Notice()...) {
		if v == math.MaxInt16 || v == math.MinInt16 {
			t.Fatal("a clip is cut off at full scale")
		}
	}
}

func played(t *testing.T, path string) []int16 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	pcm, err := wav.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return pcm
}

func same(a, b []int16) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
