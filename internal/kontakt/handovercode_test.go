package kontakt_test

import (
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

const handCode = "abcdefghijklmnopqrstuvwx2a"

// M9: what is shown is what is scanned, and what is read aloud is what is keyed.
func TestHandoverCode_shownIsScannedAndSpokenIsKeyed(t *testing.T) {
	for range 50 {
		code := kontakt.NewSecret()
		if got, ok := kontakt.ScannedHandoverCode(kontakt.HandoverText(code)); !ok || got != code {
			t.Errorf("scanned %q of %q", got, code)
		}
		if got, err := kontakt.ParseHandoverCode(kontakt.SpokenHandoverCode(code)); err != nil || got != code {
			t.Errorf("keyed %q of %q: %v", got, code, err)
		}
	}
}

func TestParseHandoverCode(t *testing.T) {
	for _, r := range []struct {
		in, want string
		msg      kontakt.MsgKey
	}{
		{in: "ABCD EFGH-IJKL mnop QRST UVWX 2A", want: handCode},
		{in: strings.ReplaceAll(strings.ToUpper(handCode), "O", "0"), want: handCode},
		{in: strings.NewReplacer("i", "1", "b", "8").Replace(handCode), want: handCode},
		{in: "abcd", msg: kontakt.MsgHandoverLength},
		{in: "", msg: kontakt.MsgHandoverLength},
		{in: handCode + "a", msg: kontakt.MsgHandoverLength},
		{in: strings.Repeat("å", 26), msg: kontakt.MsgHandoverUnknown},
		{in: strings.Repeat("a", 25) + "b", msg: kontakt.MsgHandoverUnknown}, // no 128 bits
	} {
		got, err := kontakt.ParseHandoverCode(r.in)
		if msg, _ := kontakt.MsgOf(err); got != r.want || err != nil && msg != r.msg || err == nil && r.msg != "" {
			t.Errorf("%q: %q, %v", r.in, got, err)
		}
	}
	for _, words := range []string{"", "https://example.dk/#" + handCode, "KL-OVERGIV:", "KL-OVERGIV:2902004100", handCode} {
		if got, ok := kontakt.ScannedHandoverCode(words); ok {
			t.Errorf("%q scanned as %q", words, got)
		}
	}
}

func FuzzParseHandoverCode(f *testing.F) {
	for _, s := range []string{handCode, "ABCD EFGH", "0189", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, err := kontakt.ParseHandoverCode(s)
		if err != nil {
			return
		}
		if again, err := kontakt.ParseHandoverCode(kontakt.SpokenHandoverCode(code)); err != nil || again != code {
			t.Errorf("%q of %q: %v", again, code, err)
		}
	})
}
