// Package text is real-time text (RFC 4103's T.140, over a data channel as in RFC 8865) with one other participant, for as
// long as that one is in the call.
//
// Invariants: characters come in order, each once, whatever the channel loses or reorders, and over new connections too: on
// each of them all that was written goes first. What came is text and nothing else, as T.140 that goes on from what was handed
// on before. Of what somebody writes only the end is kept, and of what waits no more than that; nothing is stored. The time is
// handed in; one goroutine uses a Conversation.
package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
)

const (
	erase     = '\b'     // takes the last character back
	lineBreak = '\u2028' // begins a new line
	// Between whole and wholeEnd stands all that their sender has written to the receiver in the call.
	whole    = '\uFEFF'
	wholeEnd = '\u0003'

	// maxTyped bounds what is typed at once, and maxWritten what is kept of what somebody wrote, in characters.
	maxTyped   = 4096
	maxWritten = 12_000
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

// Typed gives what was typed, as it is sent.
func Typed(t140 string) (string, error) {
	if t140 == "" || !utf8.ValidString(t140) || utf8.RuneCountInString(t140) > maxTyped {
		return "", &kontakt.Error{Op: "text.Typed", Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	return cleaned(t140), nil
}
