package assets_test

import (
	"fmt"
	"io/fs"
	"testing"

	"kontaktlaege/assets"
	"kontaktlaege/media"
	"kontaktlaege/media/wav"
)

// A recording that someone has put in place of another must be one that the tablet can play, can be heard, and is short
// enough not to be talked over.
func TestVoice_eachSentenceCanBeHeard(t *testing.T) {
	const longest, audible = 6 * media.SampleRate, 3000
	for _, language := range []string{"da", "en"} {
		for _, figure := range []string{"", "-5", "-10", "-15", "-30", "-45", "-60"} {
			if _, err := fs.Stat(assets.Voice, fmt.Sprintf("voice/%s/late%s.wav", language, figure)); err != nil {
				t.Error(err)
			}
		}
	}
	all, err := fs.Glob(assets.Voice, "voice/*/*.wav")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		file, err := assets.Voice.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		pcm, err := wav.Read(file)
		file.Close()
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		loudest := 0
		for _, v := range pcm {
			loudest = max(loudest, int(v), -int(v))
		}
		if len(pcm) > longest || loudest < audible {
			t.Errorf("%s: %d samples, the loudest %d", path, len(pcm), loudest)
		}
	}
}
