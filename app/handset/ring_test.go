package handset

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/playback"
	"kontaktlaege/media/wav"
)

// What comes out of the loudspeaker is the recording of that figure in that language, whole.
func TestSayLate_isHeardInTheLanguageOfTheTablet(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for _, row := range []struct {
		language string
		by       time.Duration
		file     string
	}{
		{"da", 15 * time.Minute, "da/late-15.wav"},
		{"en", time.Hour, "en/late-60.wav"},
		{"da", 25 * time.Minute, "da/late.wav"},
		{"en", 7 * time.Minute, "en/late.wav"},
	} {
		t.Run(row.file, func(t *testing.T) {
			want := recording(t, filepath.Join("../../assets/voice", row.file))
			heard := filepath.Join(t.TempDir(), "heard.wav")
			r := NewRinger("wav:"+heard, nil, slog.New(slog.DiscardHandler))
			r.SayLate(row.language, row.by)
			for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				if pcm := partOf(heard); len(pcm) >= len(want) {
					break
				} else if time.Now().After(deadline) {
					t.Fatalf("%d of %d samples were played", len(pcm), len(want))
				}
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if got := recording(t, heard); !slices.Equal(got[:len(want)], want) {
				t.Error("something else was played")
			}
		})
	}
}

func recording(t *testing.T, path string) playback.Clip {
	t.Helper()
	pcm := partOf(path)
	if pcm == nil {
		t.Fatalf("%s is no recording", path)
	}
	return pcm
}

// partOf gives what a file holds by now.
func partOf(path string) playback.Clip {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	pcm, err := wav.Read(file)
	if err != nil {
		return nil
	}
	return pcm
}
