package kontakt

import (
	"crypto/rand"
	"strings"
	"unicode"
)

// EnrolCode makes one tablet known, once. Canonical: eight letters and digits, upper-case, no hyphen.
type EnrolCode string

const (
	enrolCodeLen = 8
	// enrolAlphabet has no I, O, 0 or 1, which look alike on paper: 32 signs, so that a code holds 40 bits.
	enrolAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
)

// NewEnrolCode draws a fresh one.
func NewEnrolCode() EnrolCode {
	var b [enrolCodeLen]byte
	rand.Read(b[:]) // never fails, as of Go 1.24
	for i := range b {
		b[i] = enrolAlphabet[b[i]%byte(len(enrolAlphabet))] // 256 is a multiple of 32: no sign is likelier
	}
	return EnrolCode(b[:])
}

// ParseEnrolCode reads what a person types: case, hyphens and space do not matter. What can be no code is answered like
// one that nobody made.
func ParseEnrolCode(s string) (EnrolCode, error) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r):
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			return "", badEnrolCode()
		}
		if b.Len() > enrolCodeLen {
			return "", badEnrolCode()
		}
	}
	if b.Len() != enrolCodeLen {
		return "", badEnrolCode()
	}
	return EnrolCode(b.String()), nil
}

func badEnrolCode() error {
	return &Error{Op: "kontakt.ParseEnrolCode", Kind: NotFound, Msg: MsgEnrolCodeUnknown}
}

// Text gives "ABCD-EFGH", for a person to type. The zero code gives "".
func (c EnrolCode) Text() string {
	if c == "" {
		return ""
	}
	return string(c[:enrolCodeLen/2]) + "-" + string(c[enrolCodeLen/2:])
}
