package voice

import (
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/playback"
)

// On a real sound server, whose microphone hears nothing but its loudspeaker, as loud as it plays: what is left of the
// clinician's speech is soon a thirtieth of it.
func TestVoice_onASoundServer(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	testkit.StartSound(t)
	far, _ := speak(t)
	v := New(Config{})
	var at atomic.Int64
	l, err := playback.OpenLoudspeaker(t.Context(), "default", func(pcm []int16) {
		from := int(at.Add(int64(len(pcm)))) - len(pcm)
		for i := range pcm {
			pcm[i] = int16(far[(from+i)%len(far)] * (1<<15 - 1))
		}
		v.Played(pcm, 1, media.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m, err := capture.OpenMicrophone(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for {
		var heard, left float64
		for range rate / media.SamplesPerPiece {
			p, err := m.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			heard += loudOf(p.PCM)
			left += loudOf(v.Process(p).PCM)
		}
		t.Logf("heard %.0f, left %.0f, %+v", heard, left, v.State())
		if heard > 1e9 && left < heard/1000 {
			return
		}
	}
}

func loudOf(pcm []int16) (sum float64) {
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return sum
}
