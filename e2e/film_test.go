package e2e

import (
	"strings"
	"testing"
	"time"
)

// The captions stand as long as their scenes do in the film that is cut, not in the recording.
func TestFilm_captionsFollowTheCut(t *testing.T) {
	f := &Film{rate: filmRate, scenes: []scene{
		{"Log ind.", 4 * time.Second, 7 * time.Second},
		{"Find borgeren.", 61 * time.Second, 65500 * time.Millisecond},
	}}
	got, lasts := f.captions()
	want := "WEBVTT\n\n00:00:00.000 --> 00:00:02.950\nLog ind.\n\n00:00:03.000 --> 00:00:07.450\nFind borgeren.\n"
	if got != want || lasts != 7500*time.Millisecond {
		t.Errorf("%v:\n%s", lasts, got)
	}
	if kept := f.kept(); kept != "between(t,4.000,7.000)+between(t,61.000,65.500)" {
		t.Errorf("keeps %s", kept)
	}
}

// A sentence stands for as long as it takes to read it, and none of the script's is longer than two lines.
func TestIntro_isReadInAMinuteAndAHalf(t *testing.T) {
	var total time.Duration
	for _, s := range (&Lab{}).intro(t.Context(), nil) {
		total += reading(s.says)
		if len(s.says) > 80 || strings.Contains(s.says, "!") {
			t.Errorf("%q is not said briefly and calmly", s.says)
		}
	}
	if total > filmMost {
		t.Errorf("reading alone takes %v", total)
	}
}
