package app

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
)

// What T.140 says besides what is written.
const (
	erase   = '\u0008' // takes the last character of the sender's own line back
	newLine = '\u2028'
)

const (
	maxTyped = 2000 // characters that come with one tap, such as what is pasted
	maxLine  = 500  // characters of a line; a longer one goes on as the next
	maxSaid  = 100  // finished lines that are kept
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
			_, last := utf8.DecodeLastRuneInString(w.line) // a character, as all ends count them
			w.line = w.line[:len(w.line)-last]
		case r == newLine:
			if w.line == "" {
				continue
			}
			w.end()
		default:
			if utf8.RuneCountInString(w.line) >= maxLine {
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
	if typed := []rune(t140); len(typed) > maxTyped {
		t140 = string(typed[:maxTyped])
	}
	w.add(t140)
	t.Mine = w.line
	return t.say(kontakt.ParticipantTablet, name, w.done), w.sent.String()
}

// hear adds what another participant writes. A line that begins opens the text, so that nothing is missed.
func (t Typing) hear(from, name, t140 string) Typing {
	was := t.theirs(from)
	w := writing{line: was.Text}
	w.add(t140)
	switch {
	case was.Text == "" && (w.line != "" || len(w.done) > 0):
		t.Open = true
	case !t.Open:
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

func (t Typing) say(from, name string, lines []string) Typing {
	if len(lines) == 0 {
		return t
	}
	said := make([]TextLine, 0, len(t.Said)+len(lines))
	said = append(said, t.Said...)
	for _, l := range lines {
		said = append(said, TextLine{From: from, Name: name, Text: l})
	}
	t.Said = said[max(len(said)-maxSaid, 0):]
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
