package app

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestT140_rows(t *testing.T) {
	for _, row := range []struct {
		name, was, text string
		mine            string
		said            []string
		sent            string
	}{
		{"letters", "ho", "fte", "hofte", nil, "fte"},
		{"erase", "hofte", "\b\b", "hof", nil, "\b\b"},
		{"not over the beginning of the line", "a", "\b\b\bb", "b", nil, "\bb"},
		{"an emoji is one", "ja🙂", "\b", "ja", nil, "\b"},
		{"new line", "ja", "\u2028nej", "nej", []string{"ja"}, "\u2028nej"},
		{"an empty line is none", "", "\u2028\u2028", "", nil, ""},
		{"what other programs end a line with", "", "a\r\nb\nc\r", "", []string{"a", "b", "c"}, "a\u2028b\u2028c\u2028"},
		{"control codes", "", "a\x07\x1b\x00\x7fb\tc", "ab c", nil, "ab c"},
		{"words are not turned around", "", "a\u202egnp.exe\u2066", "agnp.exe", nil, "agnp.exe"},
		{"what was lost on the way is seen", "", "a\ufffdb", "a\ufffdb", nil, "a\ufffdb"},
		{"letters of other people", "", "كيف حالك 你好 🙂", "كيف حالك 你好 🙂", nil, "كيف حالك 你好 🙂"},
	} {
		t.Run(row.name, func(t *testing.T) {
			typing, sent := Typing{Mine: row.was}.write(row.text, "")
			var said []string
			for _, l := range typing.Said {
				said = append(said, l.Text)
			}
			if typing.Mine != row.mine || !slices.Equal(said, row.said) || sent != row.sent {
				t.Errorf("line %q, said %q, sent %q; want %q, %q, %q", typing.Mine, said, sent, row.mine, row.said, row.sent)
			}
		})
	}
}

// A line that is full goes on as the next on both sides, since the one who writes says so.
func TestT140_aLongLineIsTheSameOnBothSides(t *testing.T) {
	long := strings.Repeat("ørefigen ", 200)
	mine, sent := Typing{}.write(long, "")
	theirs := Typing{}.hear("tablet", "", sent)
	if mine.Mine != theirs.theirs("tablet").Text || len(mine.Said) != len(theirs.Said) || len(mine.Said) == 0 {
		t.Fatalf("%d lines and %q here, %d lines and %q there", len(mine.Said), mine.Mine, len(theirs.Said), theirs.theirs("tablet").Text)
	}
	for i := range mine.Said {
		if mine.Said[i].Text != theirs.Said[i].Text {
			t.Errorf("line %d: %q here, %q there", i, mine.Said[i].Text, theirs.Said[i].Text)
		}
	}
}

// What is pasted has an end: no more than one message of the call takes.
func TestT140_whatIsPastedHasAnEnd(t *testing.T) {
	_, sent := Typing{}.write(strings.Repeat("å", 3*maxTyped), "")
	if n := utf8.RuneCountInString(sent); n < maxTyped || n > maxTyped+maxTyped/maxLine {
		t.Errorf("%d characters are sent", n)
	}
}

func FuzzT140(f *testing.F) {
	for _, s := range []string{"hej\u2028", "\b\b", "\ufeffhej", "a\u0301\u0301\b", "\xff\xfe", strings.Repeat("x", 2*maxLine), "\u202e\r\n"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		heard := Typing{}.hear("clinic", "", first).hear("clinic", "", second).hear("gst_a", "", second)
		lines := append(slices.Clone(heard.Said), heard.Theirs...)
		if len(heard.Said) > maxSaid || len(heard.Theirs) > 2 {
			t.Fatalf("%d lines, %d being written", len(heard.Said), len(heard.Theirs))
		}
		for _, l := range lines {
			if utf8.RuneCountInString(l.Text) > maxLine || !utf8.ValidString(l.Text) || l.Text == "" {
				t.Fatalf("a line %q", l.Text)
			}
			if strings.ContainsFunc(l.Text, unicode.IsControl) || strings.ContainsAny(l.Text, "\u2028\u2029\u202a\u202b\u202c\u202d\u202e") {
				t.Fatalf("a line with codes: %q", l.Text)
			}
		}
		mine, sent := Typing{}.write(first, "")
		there := Typing{}.hear("tablet", "", sent)
		if there.theirs("tablet").Text != mine.Mine || len(there.Said) != len(mine.Said) {
			t.Fatalf("%q here, %q there", mine.Mine, there.theirs("tablet").Text)
		}
	})
}
