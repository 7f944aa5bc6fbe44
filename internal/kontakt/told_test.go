package kontakt_test

import (
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestTold_isOneShortLineEach(t *testing.T) {
	long := strings.Repeat("æ", kontakt.MaxReason)
	for reason, want := range map[string]string{"": "", "  sår på benet\t": "sår på benet", long: long} {
		if got, ok := (kontakt.Told{Reason: reason}).Trimmed(); !ok || got.Reason != want {
			t.Errorf("%q: %q, %v", reason, got.Reason, ok)
		}
	}
	for _, reason := range []string{long + "æ", "sår\nfeber", "sår\x00"} {
		if got, ok := (kontakt.Told{Reason: reason}).Trimmed(); ok {
			t.Errorf("%q passes as %q", reason, got.Reason)
		}
	}
}

// What is kept stays what it is when a line is added: a place outlives an upgrade, and the way back.
func TestTold_isReadAsItWasKept(t *testing.T) {
	told := kontakt.Told{Reason: "sår på benet"}
	if text := told.Text(); text != "sår på benet" || kontakt.ParseTold(text) != told {
		t.Errorf("kept as %q, read as %+v", text, kontakt.ParseTold(text))
	}
	if got := kontakt.ParseTold("sår på benet\nof a line more"); got != told {
		t.Errorf("with a line more: %+v", got)
	}
	if got := kontakt.ParseTold(""); got != (kontakt.Told{}) {
		t.Errorf("nothing: %+v", got)
	}
}
