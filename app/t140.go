package app

import (
	"slices"
	"strings"
	"unicode"

	"kontaktlaege/internal/kontakt"
)

// What T.140 says besides what is written.
const (
	erase   = '\u0008' // takes the last character of the sender's own line back
	newLine = '\u2028'
	anew    = "\ufeff" // at the beginning: this is all that its sender has written, in place of what is here of it
)

const (
	maxLine = 500 // characters of a line; a longer one goes on as the next
	maxSaid = 100 // finished lines that are kept
)

// plainText gives T.140 with only what a line can show: writing, erase and newLine. Control codes, and marks that would
// turn the direction of the words around, are left out.
func plainText(t140 string) string {
	t140 = strings.NewReplacer("\r\n", string(newLine), "\n", string(newLine), "\r", string(newLine), "\u2029", string(newLine)).Replace(t140)
	return strings.Map(func(r rune) rune {
		switch {
		case r == erase, r == newLine, r == '\u200d', r == '\u200c', r == '\u200e', r == '\u200f': // joiners and plain marks belong to writing
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, t140)
}

// erased takes the last character off a line, with the marks that stand on it.
func erased(line string) string {
	runes := []rune(line)
	for len(runes) > 0 {
		last := runes[len(runes)-1]
		runes = runes[:len(runes)-1]
		if !unicode.Is(unicode.M, last) {
			break
		}
	}
	return string(runes)
}

// writing is a line that grows and the lines that it has become.
type writing struct {
	line string
	done []string
	sent strings.Builder // what has to be sent so that the other side has the same
}

// add edits as T.140 says. A line that is full is ended.
func (w *writing) add(t140 string) {
	for _, r := range plainText(t140) {
		switch {
		case r == erase:
			if w.line == "" {
				continue // not over the beginning of the line
			}
			w.line = erased(w.line)
		case r == newLine:
			if w.line == "" {
				continue
			}
			w.end()
		default:
			if len([]rune(w.line)) >= maxLine {
				w.end()
				w.sent.WriteRune(newLine)
			}
			w.line += string(r)
		}
		w.sent.WriteRune(r)
	}
}

func (w *writing) end() {
	w.done = append(w.done, w.line)
	w.line = ""
}

// write adds what is typed here and gives what is to be sent.
func (t Typing) write(t140, name string) (Typing, string) {
	w := writing{line: t.Mine}
	w.add(t140)
	t.Mine = w.line
	return t.say(kontakt.ParticipantTablet, name, w.done), w.sent.String()
}

// hear adds what another participant writes. A line that begins opens the text, so that nothing is missed.
func (t Typing) hear(from, name, t140 string) Typing {
	all, again := strings.CutPrefix(t140, anew)
	was := t.theirs(from)
	w := writing{line: was.Text}
	if again {
		w.line = ""
	}
	w.add(all)
	began := len(w.done) > 0 || was.Text == "" && w.line != ""
	if again {
		t, w.done = t.again(from, w.done)
		began = len(w.done) > 0 || was.Text == "" && w.line != ""
	}
	if began {
		t.Open = true
	}
	if !t.Open && w.line != was.Text {
		t.Unread = true
	}
	return t.writes(TextLine{From: from, Name: name, Text: w.line}).say(from, name, w.done)
}

// theirs gives the line that a participant is writing.
func (t Typing) theirs(from string) TextLine {
	for _, l := range t.Theirs {
		if l.From == from {
			return l
		}
	}
	return TextLine{}
}

// writes sets the line that a participant is writing; an empty one is none.
func (t Typing) writes(line TextLine) Typing {
	theirs := make([]TextLine, 0, len(t.Theirs)+1)
	found := false
	for _, l := range t.Theirs {
		if l.From == line.From {
			l, found = line, true
		}
		if l.Text != "" {
			theirs = append(theirs, l)
		}
	}
	if !found && line.Text != "" {
		theirs = append(theirs, line)
	}
	t.Theirs = theirs
	return t
}

// again takes all finished lines of a participant in place of those that are here, where they stand, and gives those that
// were not here yet.
func (t Typing) again(from string, lines []string) (Typing, []string) {
	said := make([]TextLine, 0, len(t.Said))
	for _, l := range t.Said {
		if l.From != from {
			said = append(said, l)
			continue
		}
		if l.nth < len(lines) {
			l.Text = lines[l.nth]
			said = append(said, l)
		}
	}
	t.Said = said
	return t, lines[min(t.nextOf(from), len(lines)):]
}

// nextOf counts the lines that a participant has finished, those that were let go too.
func (t Typing) nextOf(from string) int {
	for _, e := range t.ended {
		if e.from == from {
			return e.lines
		}
	}
	return 0
}

func (t Typing) say(from, name string, lines []string) Typing {
	if len(lines) == 0 {
		return t
	}
	nth := t.nextOf(from)
	said := make([]TextLine, 0, len(t.Said)+len(lines))
	said = append(said, t.Said...)
	for i, l := range lines {
		said = append(said, TextLine{From: from, Name: name, Text: l, nth: nth + i})
	}
	t.Said = said[max(len(said)-maxSaid, 0):]
	ended := slices.DeleteFunc(slices.Clone(t.ended), func(e endedLines) bool { return e.from == from })
	t.ended = append(ended, endedLines{from, nth + len(lines)})
	return t
}

// end finishes the line of somebody who has gone.
func (t Typing) end(from string) Typing {
	for _, l := range t.Theirs {
		if l.From == from {
			return t.hear(from, l.Name, string(newLine))
		}
	}
	return t
}
