package text

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

func TestIncoming(t *testing.T) {
	for _, c := range []struct {
		name string
		came []string
		want string // of the last one
	}{
		{"goes on", []string{"Hej", " du"}, " du"},
		{"controls are left out", []string{"\a\x1b[1mA\u202E\u0003B\u200D"}, "[1mAB\u200D"},
		{"line ends have one form", []string{"a\r\nb\nc\u2029"}, "a\u2028b\u2028c\u2028"},
		{"the whole again is nothing new", []string{"Hej", "\uFEFFHej\u0003"}, ""},
		{"the whole with more", []string{"Hej", "\uFEFFHej du\u0003"}, " du"},
		{"the whole with less", []string{"Hej", "\uFEFFHe\u0003"}, "\b"},
		{"nothing is left", []string{"Hej", "\uFEFF\u0003"}, "\b\b\b"},
		{"the whole with another end", []string{"en\u2028to", "\uFEFFen\u2028tre\u0003"}, "\bre"},
		{"another whole", []string{"en\u2028to", "\uFEFFtre\u0003"}, "\u2028tre"},
		{"the whole with fewer lines", []string{"en\u2028to\u2028tre", "\uFEFFen\u2028t\u0003"}, "\u2028t"},
		{"the whole that parts within a line", []string{"en\u2028to\u2028tre", "\uFEFFen\u2028ti\u0003"}, "\u2028ti"},
		{"the whole first", []string{"\uFEFFHej\u0003"}, "Hej"},
		{"and then goes on", []string{"a", "\uFEFFab\u0003c", "\uFEFFabcd\u0003"}, "d"},
		{"a whole in pieces takes nothing away", []string{"Hej", "\uFEFFH"}, ""},
		{"and comes to its end", []string{"Hej", "\uFEFFH", "ej", " du\u0003!"}, " du!"},
		{"a whole that begins anew", []string{"a", "\uFEFFab", "\uFEFFac\u0003"}, "c"},
	} {
		var in incoming
		got := ""
		for _, s := range c.came {
			got = in.take(s)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzIncoming has somebody send anything: what is handed on is text that leads to what the sender wrote, and no more is
// kept than is meant to be.
func FuzzIncoming(f *testing.F) {
	f.Add("Hej\b\bo", "\uFEFFHo ja\u0003")
	f.Add("\u2028\b", "\uFEFF")
	f.Add("\uFEFF0\u0003", "0@0\rNr+") // the whole with fewer lines
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a + b) {
			return // parseMessage hands none on
		}
		var in incoming
		var reader []rune
		for _, m := range []string{a, b, a} {
			s := in.take(m)
			if !utf8.ValidString(s) || cleaned(s) != s {
				t.Fatalf("%q is not clean", s)
			}
			reader = written(reader, s)
		}
		if len(in.all) > maxWritten || len(in.coming) > maxWritten {
			t.Errorf("%d and %d characters kept", len(in.all), len(in.coming))
		}
		if want := string(in.all); !strings.HasSuffix(string(reader), lastLine(want)) {
			t.Errorf("a reader has %q, the sender %q", string(reader), want)
		}
	})
}

func lastLine(s string) string { return s[strings.LastIndex(s, string(lineBreak))+1:] }
