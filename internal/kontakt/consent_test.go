package kontakt

import (
	"strings"
	"testing"
)

func TestParseConsent_saysHowOrIsNone(t *testing.T) {
	for name, row := range map[string]struct {
		give, want Consent
		msg        MsgKey
	}{
		"in words":              {give: Consent{Kind: ConsentOral}, want: Consent{Kind: ConsentOral}},
		"tacit":                 {give: Consent{Kind: ConsentTacit}, want: Consent{Kind: ConsentTacit}},
		"guardian":              {give: Consent{Kind: ConsentGuardian}, want: Consent{Kind: ConsentGuardian}},
		"cannot, and why":       {give: Consent{Kind: ConsentCannot, Reason: " Ved ikke, hvor hun er. "}, want: Consent{Kind: ConsentCannot, Reason: "Ved ikke, hvor hun er."}},
		"nothing was said":      {give: Consent{}, msg: MsgConsentMissing},
		"a kind that is none":   {give: Consent{Kind: "yes"}, msg: MsgConsentMissing},
		"cannot without reason": {give: Consent{Kind: ConsentCannot, Reason: "  "}, msg: MsgConsentReason},
		"a reason for a yes":    {give: Consent{Kind: ConsentOral, Reason: "fordi"}, msg: MsgBadRequest},
		"two lines":             {give: Consent{Kind: ConsentCannot, Reason: "en\nto"}, msg: MsgBadRequest},
		"as long as may be":     {give: Consent{Kind: ConsentCannot, Reason: strings.Repeat("æ", MaxReason)}, want: Consent{Kind: ConsentCannot, Reason: strings.Repeat("æ", MaxReason)}},
		"too long":              {give: Consent{Kind: ConsentCannot, Reason: strings.Repeat("æ", MaxReason+1)}, msg: MsgConsentReason},
	} {
		got, err := ParseConsent(row.give)
		msg, _ := MsgOf(err)
		if err == nil {
			msg = ""
		}
		if got != row.want || msg != row.msg {
			t.Errorf("%s: %+v, %q; want %+v, %q", name, got, msg, row.want, row.msg)
		}
	}
}

func FuzzParseConsent(f *testing.F) {
	f.Add("cannot", " hun er bevidstløs ")
	f.Add("oral", "")
	f.Add("", "x\x00")
	f.Fuzz(func(t *testing.T, kind, reason string) {
		c, err := ParseConsent(Consent{Kind: ConsentKind(kind), Reason: reason})
		if err != nil {
			if c != (Consent{}) {
				t.Fatal("a consent with an error")
			}
			return
		}
		if again, err := ParseConsent(c); err != nil || again != c {
			t.Fatalf("%+v is not as it will be read again: %+v, %v", c, again, err)
		}
	})
}
