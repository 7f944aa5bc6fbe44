package kontakt

import (
	"strconv"
	"strings"
	"unicode"
)

// handoverMark begins what the QR code of a hand-over says, so that no other code is taken for one. In capitals a QR code is
// small, and its dots are large.
const handoverMark = "KL-OVERGIV:"

// HandoverText is what the QR code of an offer says.
func HandoverText(code string) string { return handoverMark + strings.ToUpper(code) }

// SpokenHandoverCode is an offer's code as it is read aloud, in groups.
func SpokenHandoverCode(code string) string {
	var b strings.Builder
	for i, r := range strings.ToUpper(code) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ScannedHandoverCode gives the code that a QR code says; false: it is another kind.
func ScannedHandoverCode(words string) (string, bool) {
	rest, marked := strings.CutPrefix(words, handoverMark)
	if !marked {
		return "", false
	}
	code, err := ParseHandoverCode(rest)
	return code, err == nil
}

// alike are the digits that no code has, for the letters that they are taken for.
var alike = map[rune]rune{'0': 'o', '1': 'i', '8': 'b'}

// ParseHandoverCode accepts what a person keys: the code in letters of any size, in groups or not.
func ParseHandoverCode(s string) (string, error) {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			continue
		}
		r = unicode.ToLower(r)
		if letter, ok := alike[r]; ok {
			r = letter
		}
		b.WriteRune(r)
		n++
	}
	const op = "kontakt.ParseHandoverCode"
	if n != idBody {
		return "", &Error{Op: op, Kind: Invalid, Msg: MsgHandoverLength, Params: map[string]string{"n": strconv.Itoa(idBody), "m": strconv.Itoa(n)}}
	}
	code := b.String()
	if _, err := parseID[string](code, ""); err != nil {
		return "", &Error{Op: op, Kind: Invalid, Msg: MsgHandoverUnknown}
	}
	return code, nil
}
