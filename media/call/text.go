package call

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
)

// Real-time text (RFC 8865): the T.140 of what is written, as it is written.
const (
	erase     = '\b'     // takes the last character back
	lineBreak = '\u2028' // begins a new line
	// Between whole and wholeEnd stands all that their sender has written to the receiver in the call.
	whole    = '\uFEFF'
	wholeEnd = '\u0003'

	// maxTyped bounds one call of Type, and maxWritten what is kept of what somebody wrote, in characters.
	maxTyped   = 4096
	maxWritten = 12_000
	// maxTextWaiting is how much may be on its way before more is gathered, in bytes.
	maxTextWaiting = 4096
)

// cleaned gives what of a text is text: line ends in one form, none of the other controls, and no marks that would turn
// the text around them. It is how both ends read what is written.
func cleaned(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", string(lineBreak))
	return strings.Map(func(r rune) rune {
		switch {
		case r == erase || r == lineBreak:
			return r
		case r == '\n' || r == '\r' || r == '\u2029':
			return lineBreak
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200D' && r != '\u200C':
			return -1
		}
		return r
	}, s)
}

// written gives what stands there after more T.140: only what is in the last line can be taken back.
func written(before []rune, t140 string) []rune {
	for _, r := range t140 {
		switch n := len(before); {
		case r != erase:
			before = append(before, r)
		case n > 0 && before[n-1] != lineBreak:
			before = before[:n-1]
		}
	}
	if n := len(before) - maxWritten; n > 0 {
		before = slices.Delete(before, 0, n)
	}
	return before
}

// checkTyped says whether a text may be sent.
func checkTyped(t140 string) error {
	if t140 == "" || !utf8.ValidString(t140) || utf8.RuneCountInString(t140) > maxTyped {
		return &kontakt.Error{Op: "call.Type", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return nil
}

// texting is what goes to one participant and comes from it. On each new line all that was written goes first, so that it
// does not matter what of it the old line still delivered.
type texting struct {
	all   []rune // that the other side should have
	wrote bool   // something, maybe erased since
	came  textIn

	line *line // that these are of
	out  outflow
	in   inflow
}

func (t *texting) add(t140 string) {
	t.all = written(t.all, t140)
	t.wrote = true
	t.out.put(t140)
	if t.out.unsent() > 2*maxWritten {
		t.out.retract()
		t.bring()
	}
}

// bring has all that was written go in the place of what the other side has.
func (t *texting) bring() {
	t.out.put(string(whole) + string(t.all) + string(wholeEnd))
}

// use begins on another line.
func (t *texting) use(l *line) {
	if t.line == l {
		return
	}
	t.line, t.out, t.in = l, outflow{}, inflow{}
	t.came.again, t.came.coming = false, nil // that line is not heard to its end
	if t.wrote {
		t.bring()
	}
}

// flush sends what is due, and says when to come again; 0: when something was added or heard. That a channel opens is told.
func (t *texting) flush(l *line, now time.Time) time.Duration {
	t.use(l)
	if !l.beside.open(textChannel) {
		return 0
	}
	for l.beside.waiting(textChannel) <= maxTextWaiting {
		from, text, ok := t.out.next(now)
		if !ok && !t.in.answers(now) {
			return t.pause(now)
		}
		l.beside.say(textChannel, textMessage{have: t.in.say(now), from: from, text: text}.String())
	}
	return gather
}

// pause is how long there is nothing to send; 0: no end of it is known.
func (t *texting) pause(now time.Time) (d time.Duration) {
	if at, _, _, ok := t.out.plan(); ok {
		d = max(at.Sub(now), time.Millisecond)
	}
	if answer := max(t.in.told.Add(answerPause).Sub(now), time.Millisecond); t.in.owed && (d == 0 || answer < d) {
		d = answer
	}
	return d
}

// hear gives what is new in a message that came on a line, as T.140 that goes on from what was given before.
func (t *texting) hear(l *line, data []byte) string {
	t.use(l)
	m, ok := parseTextMessage(data)
	if !ok {
		return ""
	}
	t.out.heard(m.have)
	return t.came.take(t.in.take(m.from, m.text))
}

// textIn is what one participant has written.
type textIn struct {
	all    []rune
	again  bool   // all of it is on the way once more
	coming []rune // what has come of that
}

// take gives what is new in what goes on, as T.140 that goes on from what was given before.
func (t *textIn) take(s string) string {
	var news strings.Builder
	for {
		at := strings.IndexFunc(s, func(r rune) bool { return r == whole || r == wholeEnd })
		text := s
		if at >= 0 {
			text = s[:at]
		}
		text = cleaned(text)
		if t.again {
			t.coming = written(t.coming, text)
		} else {
			t.all = written(t.all, text)
			news.WriteString(text)
		}
		if at < 0 {
			return news.String()
		}
		mark, size := utf8.DecodeRuneInString(s[at:])
		s = s[at+size:]
		switch {
		case mark == whole:
			t.again, t.coming = true, nil
		case t.again:
			news.WriteString(t.replace(t.coming))
			t.again, t.coming = false, nil
		}
	}
}

// replace puts another text in the place of what is there.
func (t *textIn) replace(now []rune) string {
	before := t.all
	t.all = now
	same := 0
	for same < min(len(before), len(now)) && before[same] == now[same] {
		same++
	}
	gone := before[same:]
	if slices.Contains(gone, lineBreak) { // lines that are finished are not taken back: the one that they part in comes anew
		line := same
		for line > 0 && now[line-1] != lineBreak {
			line--
		}
		return string(lineBreak) + string(now[line:])
	}
	return strings.Repeat(string(erase), len(gone)) + string(now[same:])
}
