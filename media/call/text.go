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
	// whole begins a message that holds all that its sender has written to the receiver in the call.
	whole = '\uFEFF'

	// gather is how long characters are gathered into one message, after one that went at once.
	gather = 120 * time.Millisecond
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

// textOut is what goes to one participant. On each new line all that was written goes first, so that it does not matter
// what of it the old line still delivered.
type textOut struct {
	all    []rune // that the other side should have
	unsent string // that is in all and was not sent on the line
	line   *line  // that all but unsent was sent on
	next   time.Time
}

func (t *textOut) add(t140 string) {
	t.all = written(t.all, t140)
	t.unsent += t140
}

// flush sends what is due; false: there is more to send later. That a channel opens is told.
func (t *textOut) flush(l *line, now time.Time) bool {
	switch {
	case t.line != l && len(t.all) == 0 && t.unsent == "":
		t.line = l
	case !l.beside.open(textChannel):
	case t.line != l:
		t.line, t.unsent, t.next = l, "", now.Add(gather)
		l.beside.say(textChannel, string(whole)+string(t.all))
	case t.unsent == "":
	case now.Before(t.next) || l.beside.waiting(textChannel) > maxTextWaiting:
		return false
	default:
		l.beside.say(textChannel, t.unsent)
		t.unsent, t.next = "", now.Add(gather)
	}
	return true
}

// textIn is what came from one participant.
type textIn struct {
	all []rune
}

// take gives what is new in a message, as T.140 that goes on from what was given before.
func (t *textIn) take(data []byte) string {
	s, again := strings.CutPrefix(strings.ToValidUTF8(string(data), "\uFFFD"), string(whole))
	s = cleaned(s)
	if !again {
		t.all = written(t.all, s)
		return s
	}
	before, now := t.all, written(nil, s)
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
