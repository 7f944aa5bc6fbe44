package widget

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// Marks that nobody sees: what stands beside one runs its way.
const (
	markLeft  = "\u200e" // to right
	markRight = "\u200f" // to left
)

// rightToLeft says whether a text is written from the right, as Arabic is: what its first letter says.
func rightToLeft(s string) bool {
	for _, r := range s {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// run is a part of a line that runs one way.
type run struct {
	text string
	left bool // runs to the left
}

// visual gives the lines of a text with their parts in the order in which they stand from left to right, each marked with
// the way it runs. Fyne shapes each part as its script wants it, but draws them in the order in which they were written.
func visual(lines []string) []string {
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.ContainsFunc(l, leftward) }) {
		return lines
	}
	rtl := rightToLeft(strings.Join(lines, " "))
	before := mark(rtl)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = visualLine(l, rtl, before)
		before = lastWay(l, before)
	}
	return out
}

// mark is the one that a text from the right, or from the left, begins with.
func mark(rtl bool) string {
	if rtl {
		return markRight
	}
	return markLeft
}

// lastWay is the way that the last letter runs: of the number that begins the next line it decides where that stands.
func lastWay(line, before string) string {
	for _, r := range line {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			before = markLeft
		case bidi.R, bidi.AL:
			before = markRight
		}
	}
	return before
}

func visualLine(line string, rtl bool, before string) string {
	runs := runsOf(line, rtl, before)
	for i := 0; i < len(runs); {
		// From the right all of it turns around; from the left, what runs to the left with the numbers in it.
		end := i
		for end < len(runs) && (rtl || runs[end].left || end > i && isNumber(runs[end].text)) {
			end++
		}
		for a, b := i, end-1; a < b; a, b = a+1, b-1 {
			runs[a], runs[b] = runs[b], runs[a]
		}
		i = max(end, i+1)
	}
	var out strings.Builder
	for _, r := range runs {
		out.WriteString(mark(r.left) + r.text + mark(r.left))
	}
	return out.String()
}

// leftward says whether a rune makes a line one that does not just run to the right.
func leftward(r rune) bool {
	if r < 0x590 {
		return false
	}
	p, _ := bidi.LookupRune(r)
	c := p.Class()
	return c == bidi.R || c == bidi.AL || c == bidi.AN
}

// unmarked takes the marks off: they have done their work.
var unmarked = strings.NewReplacer(markLeft, "", markRight, "")

// runsOf parts a line by the Unicode bidirectional algorithm.
func runsOf(line string, rtl bool, before string) []run {
	// The algorithm asks the first letter which way the line belongs, and a number the letter before it: the marks are they.
	var p bidi.Paragraph
	if _, err := p.SetString(mark(rtl) + before + line); err != nil {
		return []run{{text: line}}
	}
	order, err := p.Order()
	if err != nil {
		return []run{{text: line}}
	}
	var runs []run
	for i := range order.NumRuns() {
		r := order.Run(i)
		text, left := unmarked.Replace(r.String()), r.Direction() == bidi.RightToLeft
		if number := leadingNumber(text); i > 0 && !rtl && !left && number != "" && number != text {
			runs, text = append(runs, run{text: number}), text[len(number):] // it belongs to what stands before it
		}
		if text != "" {
			runs = append(runs, run{text, left})
		}
	}
	return runs
}

// leadingNumber is what stands before the first letter, up to the last figure of it.
func leadingNumber(s string) string {
	end := 0
	for i, r := range s {
		p, size := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.L:
			return s[:end]
		case bidi.EN, bidi.AN:
			end = i + size
		}
	}
	return s[:end]
}

func isNumber(s string) bool {
	number := leadingNumber(s)
	return number != "" && number == s
}
