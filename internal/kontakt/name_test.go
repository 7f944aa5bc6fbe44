package kontakt_test

import (
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestPlainName_isOneLineOfLetters(t *testing.T) {
	for in, want := range map[string]string{
		"  Karen \t Marie\r\nMadsen ":      "Karen Marie Madsen",
		"Åse\u00a0Ærøskøbing-Østergård":    "Åse Ærøskøbing-Østergård",
		"Karen\u202e nesdaM\u200b\x1b[31m": "Karen nesdaM[31m",
		"محمد علي":                         "محمد علي",
		"\ufffd":                           "",
		strings.Repeat("x", 119) + " y":    strings.Repeat("x", 119),
	} {
		if got := kontakt.PlainName(in); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
}
