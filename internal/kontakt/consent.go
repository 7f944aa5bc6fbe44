package kontakt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ConsentKind is how a citizen has agreed to be put into a clinic's queue, as the nurse states it (Sundhedsloven § 15: in
// words, or tacitly by the circumstances; § 41(2) no. 1: none, and it is needed now).
type ConsentKind string

// The kinds. There is no default: who has said nothing has not agreed.
const (
	ConsentOral     ConsentKind = "oral"
	ConsentTacit    ConsentKind = "tacit"
	ConsentGuardian ConsentKind = "guardian" // værge eller fuldmagt
	ConsentCannot   ConsentKind = "cannot"   // can't give any, and the treatment is needed now: takes a reason
)

// Consent goes with a Join from a tablet.
type Consent struct {
	Kind   ConsentKind
	Reason string // at most MaxReason characters, one line; with ConsentCannot alone
}

// ParseConsent accepts a kind with what belongs to it, without space around the reason.
func ParseConsent(c Consent) (Consent, error) {
	const op = "kontakt.ParseConsent"
	c.Reason = strings.TrimSpace(c.Reason)
	switch c.Kind {
	case ConsentOral, ConsentTacit, ConsentGuardian:
		if c.Reason != "" {
			return Consent{}, &Error{Op: op, Kind: Invalid, Msg: MsgBadRequest}
		}
	case ConsentCannot:
		if c.Reason == "" || utf8.RuneCountInString(c.Reason) > MaxReason {
			return Consent{}, &Error{Op: op, Kind: Invalid, Msg: MsgConsentReason}
		}
	default:
		return Consent{}, &Error{Op: op, Kind: Invalid, Msg: MsgConsentMissing}
	}
	if strings.ContainsFunc(c.Reason, unicode.IsControl) {
		return Consent{}, &Error{Op: op, Kind: Invalid, Msg: MsgBadRequest}
	}
	return c, nil
}
