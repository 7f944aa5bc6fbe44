package call

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWritten(t *testing.T) {
	for _, c := range []struct{ before, t140, want string }{
		{"", "Hej", "Hej"},
		{"Hej", "\b\bo", "Ho"},
		{"", "\b\b", ""},
		{"en\u2028to", "\b\b\b\btre", "en\u2028tre"}, // a finished line is not taken back
		{"🩺", "\b", ""},
	} {
		if got := string(written([]rune(c.before), c.t140)); got != c.want {
			t.Errorf("%q and then %q: %q, want %q", c.before, c.t140, got, c.want)
		}
	}
	if n := len(written(nil, strings.Repeat("x", 3*maxWritten))); n != maxWritten {
		t.Errorf("%d characters kept, want %d", n, maxWritten)
	}
}

func TestTextIn(t *testing.T) {
	for _, c := range []struct {
		name     string
		messages []string
		want     string // of the last one
	}{
		{"goes on", []string{"Hej", " du"}, " du"},
		{"controls are left out", []string{"\a\x1b[1mA\u202E\uFEFFB\u200D"}, "[1mAB\u200D"},
		{"line ends have one form", []string{"a\r\nb\nc\u2029"}, "a\u2028b\u2028c\u2028"},
		{"broken UTF-8", []string{"a\xff"}, "a\uFFFD"},
		{"the whole again is nothing new", []string{"Hej", "\uFEFFHej"}, ""},
		{"the whole with more", []string{"Hej", "\uFEFFHej du"}, " du"},
		{"the whole with less", []string{"Hej", "\uFEFFHe"}, "\b"},
		{"the whole with another end", []string{"en\u2028to", "\uFEFFen\u2028tre"}, "\bre"},
		{"another whole", []string{"en\u2028to", "\uFEFFtre"}, "\u2028tre"},
		{"the whole with fewer lines", []string{"en\u2028to\u2028tre", "\uFEFFen\u2028t"}, "\u2028t"},
		{"the whole that parts within a line", []string{"en\u2028to\u2028tre", "\uFEFFen\u2028ti"}, "\u2028ti"},
		{"the whole first", []string{"\uFEFFHej"}, "Hej"},
		{"and then goes on", []string{"a", "\uFEFFab", "c", "\uFEFFabcd"}, "d"},
	} {
		var in textIn
		got := ""
		for _, m := range c.messages {
			got = in.take([]byte(m))
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzTextIn has somebody send anything: what is handed on is text that leads to what the sender wrote, and no more is
// kept than is meant to be.
func FuzzTextIn(f *testing.F) {
	f.Add([]byte("Hej\b\bo"), []byte("\uFEFFHo ja"))
	f.Add([]byte("\xff\u2028\b"), []byte("\uFEFF"))
	f.Add([]byte("\uFEFF0"), []byte("0@0\rNr+")) // the whole with fewer lines
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var in textIn
		var reader []rune
		for _, m := range [][]byte{a, b, a} {
			s := in.take(m)
			if !utf8.ValidString(s) || cleaned(s) != s {
				t.Fatalf("%q is not clean", s)
			}
			reader = written(reader, s)
		}
		if len(in.all) > maxWritten {
			t.Errorf("%d characters kept", len(in.all))
		}
		if want := string(in.all); !strings.HasSuffix(string(reader), lastLine(want)) {
			t.Errorf("a reader has %q, the sender %q", string(reader), want)
		}
	})
}

func lastLine(s string) string { return s[strings.LastIndex(s, string(lineBreak))+1:] }
