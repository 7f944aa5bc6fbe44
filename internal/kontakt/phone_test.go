package kontakt_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// E33: what can't receive an SMS is refused in words of its own, and nothing is guessed.
func TestParsePhone(t *testing.T) {
	for name, row := range map[string]struct {
		in, want string
		msg      kontakt.MsgKey
		n        string
	}{
		"eight digits":                      {in: "20123456", want: "+4520123456"},
		"in pairs":                          {in: "20 12 34 56", want: "+4520123456"},
		"with the country's code":           {in: "+45 20 12 34 56", want: "+4520123456"},
		"with the code as it is dialled":    {in: "0045-2012-3456", want: "+4520123456"},
		"no-break spaces and full stops":    {in: "20\u00a012.34.56", want: "+4520123456"},
		"pasted with a mark of direction":   {in: "\u202a+45 20123456\u202c\n", want: "+4520123456"},
		"Arabic-Indic digits":               {in: "٢٠١٢٣٤٥٦", want: "+4520123456"},
		"a landline, as far as one can see": {in: "33 12 34 56", want: "+4533123456"},

		"nothing":                    {in: " \n", msg: kontakt.MsgPhoneEmpty},
		"only the country's code":    {in: "+45", msg: kontakt.MsgPhoneEmpty},
		"a letter":                   {in: "2O123456", msg: kontakt.MsgPhoneChars},
		"a second plus":              {in: "++4520123456", msg: kontakt.MsgPhoneChars},
		"Swedish":                    {in: "+46 70 123 45 67", msg: kontakt.MsgPhoneForeign},
		"German, as it is dialled":   {in: "0049 151 12345678", msg: kontakt.MsgPhoneForeign},
		"seven digits":               {in: "2012345", msg: kontakt.MsgPhoneLength, n: "7"},
		"nine digits":                {in: "201234567", msg: kontakt.MsgPhoneLength, n: "9"},
		"a CPR number":               {in: "290200-4100", msg: kontakt.MsgPhoneLength, n: "10"},
		"emergency":                  {in: "112", msg: kontakt.MsgPhoneLength, n: "3"},
		"the regions' urgent line":   {in: "1813", msg: kontakt.MsgPhoneLength, n: "4"},
		"no number begins so":        {in: "10123456", msg: kontakt.MsgPhoneNoSMS},
		"universal access":           {in: "+45 70 12 34 56", msg: kontakt.MsgPhoneNoSMS},
		"freephone":                  {in: "80 12 34 56", msg: kontakt.MsgPhoneNoSMS},
		"premium rate":               {in: "90 12 34 56", msg: kontakt.MsgPhoneNoSMS},
		"an endless one is no panic": {in: strings.Repeat("2", 1<<16), msg: kontakt.MsgPhoneLength, n: "65536"},
	} {
		p, err := kontakt.ParsePhone(row.in)
		if msg, params := kontakt.MsgOf(err); err != nil && (kontakt.KindOf(err) != kontakt.Invalid || msg != row.msg || params["n"] != row.n) {
			t.Errorf("%s: %v, want %q %s", name, err, row.msg, row.n)
		}
		if got := p.E164(); got != row.want || (err == nil) != (row.msg == "") {
			t.Errorf("%s: %q and %v, want %q", name, got, err, row.want)
		}
	}
}

func TestPhone_masksItself(t *testing.T) {
	p, err := kontakt.ParsePhone("20123456")
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("sent", "to", p, "in", struct{ To kontakt.Phone }{p})
	for _, s := range []string{fmt.Sprint(p), fmt.Sprintf("%+v %#v %s %q", p, p, p, p), fmt.Sprintf("%+v", struct{ p kontakt.Phone }{p}), log.String()} {
		if strings.Contains(s, "2012") {
			t.Errorf("%s shows the number", s)
		}
	}
	if text, err := json.Marshal(p); err == nil {
		t.Errorf("JSON = %s, want a refusal", text)
	}
}

func FuzzParsePhone(f *testing.F) {
	testkit.Seeds(f, "testdata/phone/*.txt")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := kontakt.ParsePhone(s)
		if err != nil {
			if p != (kontakt.Phone{}) {
				t.Fatal("a value with an error")
			}
			return
		}
		if again, err := kontakt.ParsePhone(p.E164()); err != nil || again != p || len(p.E164()) != 11 {
			t.Fatalf("%q is not canonical: %v", p.E164(), err)
		}
	})
}
