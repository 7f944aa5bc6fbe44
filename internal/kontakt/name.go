package kontakt

import (
	"strings"
	"unicode"
)

// longestName is more than any name in the civil register, which holds 34 characters in its address name and more in
// the full one.
const longestName = 120

// PlainName makes one line of letters of what another system calls a name: nothing that steers a screen, a log or the
// direction of writing gets through.
func PlainName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	letters := []rune(strings.Join(strings.Fields(s), " "))
	return strings.TrimSpace(string(letters[:min(len(letters), longestName)]))
}
