package handset

import (
	"log/slog"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/playback"
)

// reader is a ringer whose loudspeaker is a file.
func reader(t *testing.T) (*Ringer, string) {
	t.Helper()
	testkit.Guard(t, time.Minute)
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("this machine has no espeak-ng (make setup-test installs it)")
	}
	heard := filepath.Join(t.TempDir(), "heard.wav")
	r := NewRinger("wav:"+heard, func(language string, s app.Sentence) string { return s.Params["tekst"] }, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { r.Close() })
	return r, heard
}

func aloud(text string) app.Spoken {
	return app.Spoken{Language: "da", Words: []app.Sentence{{Key: "say.message", Params: map[string]string{"tekst": text}}}}
}

// until waits until what was heard is as wanted.
func until(t *testing.T, heard string, wanted func(playback.Clip) bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !wanted(partOf(heard)); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d samples were heard, and not what was wanted", len(partOf(heard)))
		}
	}
}

// loud says how much of a clip can be heard.
func loud(c playback.Clip) float64 {
	n := 0
	for _, v := range c {
		if v > 300 || v < -300 {
			n++
		}
	}
	return float64(n) / float64(max(len(c), 1))
}

// SD-19: a ring says in its pauses whose turn it is, and goes on ringing.
func TestSay_inThePausesOfTheRing(t *testing.T) {
	r, heard := reader(t)
	r.Ring(true)
	r.Say(aloud("Det er jeres tur: Lægerne Havnegade."))
	// The tones are over after one second of two; speech makes the pause that follows loud.
	until(t, heard, func(c playback.Clip) bool {
		for at := media.SampleRate; at+2*media.SampleRate < len(c); at += media.SampleRate / 4 {
			if loud(c[at:at+media.SampleRate*3/2]) > 0.25 {
				return true
			}
		}
		return false
	})
	said := len(partOf(heard))
	until(t, heard, func(c playback.Clip) bool { return len(c) > said+media.SampleRate }) // it rings on
	r.Ring(false)
}

// What is asked for while something is being read takes its place; what is asked for before a ring is not heard in it.
func TestSay_theLastWishIsHeard(t *testing.T) {
	r, heard := reader(t)
	r.Say(aloud("Vi er desværre blevet forsinkede af en akut patient."))
	r.Ring(true)
	r.Ring(false)
	r.Say(aloud("Hej."))
	r.reading.Wait()
	until(t, heard, func(c playback.Clip) bool { return loud(c) > 0 })
	<-r.ringer.Idle()
	if c := partOf(heard); len(c) > 3*media.SampleRate {
		t.Errorf("%.1f s were heard, want one short word", float64(len(c))/media.SampleRate)
	}
}

func TestHush_isSilentAtOnceAndLeavesARingAlone(t *testing.T) {
	r, heard := reader(t)
	r.Say(aloud("Vi er desværre blevet forsinkede af en akut patient. Mål gerne blodtryk og puls, og hav medicinlisten klar."))
	until(t, heard, func(c playback.Clip) bool { return loud(c) > 0 })
	r.Hush()
	select {
	case <-r.ringer.Idle():
	default:
		t.Error("it is read on")
	}
	r.Ring(true)
	r.Hush()
	select {
	case <-r.ringer.Idle():
		t.Error("the ring is hushed")
	default:
	}
}

// Without a voice nothing is said, nothing fails, and the setting can say so.
func TestSay_withoutAVoice(t *testing.T) {
	testkit.Guard(t, time.Minute)
	heard := filepath.Join(t.TempDir(), "heard.wav")
	r := NewRinger("wav:"+heard, func(string, app.Sentence) string { return "Hej." }, slog.New(slog.DiscardHandler))
	defer r.Close()
	r.speech = speech{}
	r.Say(aloud("Hej."))
	r.reading.Wait()
	if r.Speaks("da") || len(partOf(heard)) > 0 {
		t.Error("something is said without a voice")
	}
}

func TestResampled_keepsHowLongItLasts(t *testing.T) {
	pcm := make([]int16, 22050)
	for i := range pcm {
		pcm[i] = int16(i)
	}
	got := resampled(pcm, 22050)
	if len(got) != media.SampleRate || got[media.SampleRate/2] != 11025 {
		t.Errorf("%d samples, the middle one %d", len(got), got[len(got)/2])
	}
}
