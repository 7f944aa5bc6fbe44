package kontakt

import (
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unique"
)

// CPR is a Danish civil registration number or a replacement for one, in canonical form: ten characters, no hyphen,
// letters upper-case. It can only be made by ParseCPR, compares with ==, and masks itself wherever it is printed; only
// Reveal gives the number, and a test lists who may call that. The zero CPR is no number.
//
// Source: the CPR office's "Personnummeret i CPR-systemet" and the MedCom patterns for eCPR (domain.md §3).
type CPR struct{ h unique.Handle[string] }

// CPRKind tells an ordinary number from the replacements (erstatnings-CPR), which no register can look up.
type CPRKind int

// The kinds of number.
const (
	CPROrdinary  CPRKind = iota
	CPRDayPlus60         // the day raised by 60; local systems make these
	CPRXECPR             // national replacement: digit 7 is 1 or 7, then two letters
	CPRDECPR             // regional replacement: digit 7 is 0, 5 or 6, then two letters; not unique nationally
)

// oldestPlausible is the age above which a number is accepted with the question whether it is right.
const oldestPlausible = 110

// ParseCPR accepts what a person types, pastes or scans: ten characters with at most one hyphen (or dash, minus,
// space) after the sixth, digits of any script, invisible marks and surrounding space. today is the Danish day, since
// a birthday in the future is far likelier a slip than a person. A modulus 11 failure is never an error: see Warnings.
//
// Errors are *Error of kind Invalid with one of MsgCPREmpty, MsgCPRLength ({n} is what was counted), MsgCPRChars,
// MsgCPRFormat, MsgCPRDate, MsgCPRFuture, MsgCPRECPR; the value is then zero.
func ParseCPR(s string, today Date) (CPR, error) {
	text, err := cprText(s)
	if err != nil {
		return CPR{}, err
	}
	if !isPlainCPR(text) && !lettersExactlyAt(text, 7, 9) {
		return CPR{}, cprError(MsgCPRChars)
	}
	kind := cprKind(text)
	if (kind == CPROrdinary || kind == CPRDayPlus60) && !isPlainCPR(text) {
		return CPR{}, cprError(MsgCPRECPR)
	}
	born, ok := cprBorn(text, kind)
	if !ok {
		return CPR{}, cprError(MsgCPRDate)
	}
	if (kind == CPROrdinary || kind == CPRDayPlus60) && today.Before(born) {
		return CPR{}, cprError(MsgCPRFuture)
	}
	return CPR{unique.Make(text)}, nil
}

// cprText takes away what typing and pasting add and checks length and the one allowed separator.
func cprText(s string) (string, error) {
	var chars []rune
	separators, separatorAt := 0, 0
	for _, r := range strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) {
		switch {
		case unicode.Is(unicode.Cf, r): // right-to-left marks and their like
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '−':
			separators++
			separatorAt = len(chars)
		default:
			chars = append(chars, plainChar(r))
		}
	}
	if len(chars) == 0 {
		return "", cprError(MsgCPREmpty)
	}
	if len(chars) != 10 {
		return "", &Error{Op: "kontakt.ParseCPR", Kind: Invalid, Msg: MsgCPRLength, Params: map[string]string{"n": strconv.Itoa(len(chars))}}
	}
	for _, r := range chars {
		if r >= 0x80 {
			return "", cprError(MsgCPRChars)
		}
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') {
			return "", cprError(MsgCPRChars)
		}
	}
	if separators > 1 || separators == 1 && separatorAt != 6 {
		return "", cprError(MsgCPRFormat)
	}
	return string(chars), nil
}

// plainChar turns a decimal digit of any script into 0–9 and a Latin letter into upper case.
func plainChar(r rune) rune {
	if r < 0x80 {
		return unicode.ToUpper(r)
	}
	if unicode.Is(unicode.Nd, r) {
		return '0' + (r - digitZero(r))
	}
	return r
}

// digitZero finds the zero of r's script: Unicode keeps each script's ten digits together and in order.
func digitZero(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if lo, hi := rune(t.Lo), rune(t.Hi); lo <= r && r <= hi {
			return r - (r-lo)%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if lo, hi := rune(t.Lo), rune(t.Hi); lo <= r && r <= hi {
			return r - (r-lo)%10
		}
	}
	return r
}

// lettersExactlyAt says whether text has letters from from up to to, and digits everywhere else.
func lettersExactlyAt(text string, from, to int) bool {
	for i := range len(text) {
		if letter := text[i] >= 'A'; letter != (from <= i && i < to) {
			return false
		}
	}
	return true
}

func isPlainCPR(text string) bool { return strings.IndexFunc(text, unicode.IsLetter) < 0 }

// cprKind reads the kind off a text of ten digits, or of seven digits, two letters and a digit.
func cprKind(text string) CPRKind {
	if !isPlainCPR(text) {
		switch text[6] {
		case '1', '7':
			return CPRXECPR
		case '0', '5', '6':
			return CPRDECPR
		}
		return CPROrdinary // ParseCPR refuses: no format uses this digit with letters
	}
	if text[0] >= '6' {
		return CPRDayPlus60
	}
	return CPROrdinary
}

// cprBorn gives the day of birth. For the kinds with letters the century is not known: it only checks that the day
// exists in some century.
func cprBorn(text string, kind CPRKind) (Date, bool) {
	number := func(from, to int) int { n, _ := strconv.Atoi(text[from:to]); return n }
	day, month, yy := number(0, 2), time.Month(number(2, 4)), number(4, 6)
	if kind == CPRXECPR || kind == CPRDECPR {
		return NewDate(2000+yy, month, day) // of 1900 and 2000, 2000 has all the days
	}
	if kind == CPRDayPlus60 {
		day -= 60
	}
	return NewDate(cprCentury(text[6], yy)+yy, month, day)
}

// cprCentury is the CPR office's table of digit 7 and the year's last two digits.
func cprCentury(digit7 byte, yy int) int {
	switch {
	case digit7 <= '3':
		return 1900
	case digit7 == '4' || digit7 == '9':
		if yy <= 36 {
			return 2000
		}
		return 1900
	case yy <= 57:
		return 2000
	default:
		return 1800
	}
}

func cprError(msg MsgKey) error { return &Error{Op: "kontakt.ParseCPR", Kind: Invalid, Msg: msg} }

// Kind tells an ordinary number from a replacement.
func (c CPR) Kind() CPRKind {
	if c == (CPR{}) {
		return CPROrdinary
	}
	return cprKind(c.h.Value())
}

// Replacement says whether this is an erstatnings-CPR, which no register can look up.
func (c CPR) Replacement() bool { return c.Kind() != CPROrdinary }

// Born gives the day of birth; false where the number does not tell the century (X-eCPR, D-eCPR) and for the zero CPR.
func (c CPR) Born() (Date, bool) {
	kind := c.Kind()
	if c == (CPR{}) || kind == CPRXECPR || kind == CPRDECPR {
		return Date{}, false
	}
	return cprBorn(c.h.Value(), kind)
}

// Warnings are sentences that ask for a second look and never block: MsgCPRMod11 (not for 1 January, where such
// numbers are known to be issued, nor for replacements), MsgCPRAge and MsgCPRSame.
func (c CPR) Warnings(today Date) []MsgKey {
	born, ok := c.Born()
	if !ok {
		return nil
	}
	var w []MsgKey
	text := c.h.Value()
	if !c.Replacement() && !mod11(text) && !(born.Month == time.January && born.Day == 1) {
		w = append(w, MsgCPRMod11)
	}
	if born.AgeOn(today) > oldestPlausible {
		w = append(w, MsgCPRAge)
	}
	if strings.Count(text, text[:1]) == len(text) {
		w = append(w, MsgCPRSame)
	}
	return w
}

func mod11(text string) bool {
	sum := 0
	for i, weight := range []int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += weight * int(text[i]-'0')
	}
	return sum%11 == 0
}

const maskedCPR = "******-****"

// String masks the number, as every other way of printing does.
func (CPR) String() string { return maskedCPR }

// GoString masks the number under %#v.
func (CPR) GoString() string { return maskedCPR }

// LogValue masks the number in logs.
func (CPR) LogValue() slog.Value { return slog.StringValue(maskedCPR) }

// MarshalJSON refuses: who sends a CPR number on says so with Reveal.
func (CPR) MarshalJSON() ([]byte, error) { return nil, errors.New("kontakt: a CPR needs Reveal") }

// Masked gives "290200-••••", for a screen once the citizen is confirmed.
func (c CPR) Masked() string {
	if c == (CPR{}) {
		return ""
	}
	return c.h.Value()[:6] + "-••••"
}

// Reveal gives the ten characters. The zero CPR gives "".
func (c CPR) Reveal() string {
	if c == (CPR{}) {
		return ""
	}
	return c.h.Value()
}
