package e2e

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/capture"
)

// One call through a real sound server: the tablet's microphone is malgo's capture of a null sink that somebody plays a
// tone into, and its loudspeaker is malgo's playback into the same, where the clinic's tone is looked for.
func TestSound_throughTheSystemsMicrophoneAndLoudspeaker(t *testing.T) {
	testkit.StartSound(t)
	ctx, l := newTestLab(t, "sound", LabOptions{Microphone: "default", Loudspeaker: "default"})
	playTone(ctx, t, tabletTone)
	enrolAndSignIn(ctx, t, l)
	queue(ctx, t, l)
	page, err := l.ClinicSignIn(ctx, UserDoctor, "")
	must(t, err)
	must(t, l.StartFirst(ctx, page))
	must(t, l.Answer(ctx, page))
	var share float64
	talk, err := l.watchBothWays(ctx, page, 15*time.Second, func(ctx context.Context) error {
		var err error
		share, err = toneOnSink(ctx, clinicTone, 8*time.Second)
		return err
	})
	must(t, err)
	t.Logf("the clinic heard the tone before the tablet's microphone in %.0f %% of the time", 100*talk.toneShare)
	t.Logf("the tablet's loudspeaker played the clinic's tone in %.0f %% of the time", 100*share)
	if talk.toneShare < toneHeard || share < toneHeard {
		t.Errorf("want %.0f %% of the time in both", 100*toneHeard)
	}
	must(t, l.EndFromTablet(ctx, page))
}

// playTone plays a tone into the default sink for as long as the test runs.
func playTone(ctx context.Context, t *testing.T, hz float64) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tone.wav")
	f, err := os.Create(path)
	must(t, err)
	must(t, capture.WriteToneWAV(f, hz, 180))
	must(t, f.Close())
	ctx, stop := context.WithCancel(ctx)
	play := exec.CommandContext(ctx, "paplay", path)
	must(t, play.Start())
	t.Cleanup(func() {
		stop()
		play.Wait()
	})
}

// toneOnSink records what the default sink plays and gives the share of tenths of a second in which the tone is there.
func toneOnSink(ctx context.Context, hz float64, d time.Duration) (float64, error) {
	ctx, stop := context.WithCancel(ctx)
	rec := exec.CommandContext(ctx, "parec", "--device=loudspeaker.monitor", "--format=s16le", "--rate=48000", "--channels=1", "--raw")
	out, err := rec.StdoutPipe()
	if err != nil {
		stop()
		return 0, err
	}
	if err := rec.Start(); err != nil {
		stop()
		return 0, fmt.Errorf("e2e: parec: %w", err)
	}
	defer func() {
		stop()
		rec.Wait()
	}()
	const tenth = media.SampleRate / 10
	heard, total := 0, int(d/(100*time.Millisecond))
	buf, pcm := make([]byte, 2*tenth), make([]int16, tenth)
	for range total {
		if _, err := io.ReadFull(out, buf); err != nil {
			return 0, fmt.Errorf("e2e: parec: %w", err)
		}
		for i := range pcm {
			pcm[i] = int16(binary.LittleEndian.Uint16(buf[2*i:]))
		}
		if hears(pcm, hz) {
			heard++
		}
	}
	return float64(heard) / float64(total), nil
}
