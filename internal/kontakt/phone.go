package kontakt

import (
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"unicode"
	"unique"
)

// Phone is a Danish telephone number that may receive an SMS. It can only be made by ParsePhone, compares with ==, and
// masks itself wherever it is printed; only E164 gives the number. The zero Phone is none.
//
// The Danish plan does not tell a mobile from a landline by its number, so an ordinary one is never refused on a guess
// (domain.md §3): that it can't receive an SMS is then the gateway's to say. What is refused is what no mobile has.
type Phone struct{ h unique.Handle[string] }

const (
	danishCode   = "+45"
	danishDigits = 8
)

// notMobile are the series that the Danish plan gives to other uses: universal access, freephone and premium rate.
var notMobile = []string{"70", "80", "90"}

// ParsePhone accepts what a person types or pastes: eight digits, of any script, with +45 or 0045 in front or not, and
// spaces, hyphens and full stops anywhere between.
//
// Errors are *Error of kind Invalid with one of MsgPhoneEmpty, MsgPhoneChars, MsgPhoneForeign, MsgPhoneLength ({n} is
// what was counted), MsgPhoneNoSMS; the value is then zero.
func ParsePhone(s string) (Phone, error) {
	var b strings.Builder
	for _, r := range s {
		switch p := plainChar(r); {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Pd, r), r == '.':
		case p >= '0' && p <= '9', p == '+' && b.Len() == 0:
			b.WriteRune(p)
		default:
			return Phone{}, phoneError(MsgPhoneChars)
		}
	}
	digits := b.String()
	if international, ok := strings.CutPrefix(digits, "00"); ok {
		digits = "+" + international
	}
	if strings.HasPrefix(digits, "+") {
		var danish bool
		if digits, danish = strings.CutPrefix(digits, danishCode); !danish {
			return Phone{}, phoneError(MsgPhoneForeign)
		}
	}
	if digits == "" {
		return Phone{}, phoneError(MsgPhoneEmpty)
	}
	if len(digits) != danishDigits {
		return Phone{}, &Error{Op: "kontakt.ParsePhone", Kind: Invalid, Msg: MsgPhoneLength, Params: map[string]string{"n": strconv.Itoa(len(digits))}}
	}
	if digits[0] < '2' {
		return Phone{}, phoneError(MsgPhoneNoSMS)
	}
	for _, series := range notMobile {
		if strings.HasPrefix(digits, series) {
			return Phone{}, phoneError(MsgPhoneNoSMS)
		}
	}
	return Phone{unique.Make(digits)}, nil
}

func phoneError(msg MsgKey) error {
	return &Error{Op: "kontakt.ParsePhone", Kind: Invalid, Msg: msg}
}

const maskedPhone = "+45 ••••••••"

// String masks the number.
func (Phone) String() string { return maskedPhone }

// GoString masks the number under %#v.
func (Phone) GoString() string { return maskedPhone }

// LogValue masks the number in logs.
func (Phone) LogValue() slog.Value { return slog.StringValue(maskedPhone) }

// MarshalJSON refuses: who sends a number on says so with E164.
func (Phone) MarshalJSON() ([]byte, error) { return nil, errors.New("kontakt: a Phone needs E164") }

// E164 gives "+4520123456", and "" for none.
func (p Phone) E164() string {
	if p == (Phone{}) {
		return ""
	}
	return danishCode + p.h.Value()
}
