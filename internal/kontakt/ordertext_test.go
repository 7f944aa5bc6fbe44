package kontakt_test

import (
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

// M5: decimals as 0,5 and never ,5; units spelled out. What is refused shows the right way.
func TestOrderText_oneWayToReadIt(t *testing.T) {
	number, unit := kontakt.MsgOrderNumber, kontakt.MsgOrderUnit
	for written, want := range map[string]struct {
		msg   kontakt.MsgKey
		right string
	}{
		",5 tablet":               {number, "0,5"},
		"tablet ,5":               {number, "0,5"},
		"Digoxin,5":               {number, "0,5"},
		".5 mg":                   {number, "0,5"},
		"(.25 mg)":                {number, "0,25"},
		"5,0 mg":                  {number, "5"},
		"5,00 mg":                 {number, "5"},
		"0,50 mg":                 {number, "0,5"},
		"0.5 mg":                  {number, "0,5"},
		"2.5 mg":                  {number, "2,5"},
		"10.0 mg":                 {number, "10"},
		"1.000 mikrogram":         {number, "1000"},
		"1.000.000 enheder":       {number, "1000000"},
		"1.000,5 mg":              {number, "1000,5"},
		"1,2,3":                   {number, "1, 2, 3"},
		"8.30":                    {number, "8,3"}, // no time of day in what or dose, unless it says so
		"50 µg":                   {unit, "mikrogram"},
		"50μg":                    {unit, "mikrogram"}, // the Greek letter
		"50 ug":                   {unit, "mikrogram"},
		"50 UG/time":              {unit, "mikrogram"},
		"50 mcg":                  {unit, "mikrogram"},
		"50mcgr.":                 {unit, "mikrogram"},
		"10 IE":                   {unit, "enheder"},
		"10 I.E.":                 {unit, "enheder"},
		"10 iu":                   {unit, "enheder"},
		"10u":                     {unit, "enheder"},
		"10 U":                    {unit, "enheder"},
		"10 E insulin":            {unit, "enheder"},
		"5 cc":                    {unit, "milliliter"},
		"290200-0001":             {kontakt.MsgOrderCPR, ""},
		"til 2902000001":          {kontakt.MsgOrderCPR, ""},
		"til 290200 0001.":        {kontakt.MsgOrderCPR, ""},
		"to\nlinjer":              {kontakt.MsgBadRequest, ""},
		"\u202erettet":            {kontakt.MsgBadRequest, ""},
		strings.Repeat("å", 121):  {kontakt.MsgOrderLong, ""},
		"0,5 mg":                  {},
		"62,5 mikrogram":          {},
		"10 enheder":              {},
		"½ tablet":                {},
		"1/2 tablet":              {},
		"10,25 ml":                {},
		"1000 enheder":            {},
		"D-vitamin":               {},
		"E-vitamin":               {},
		"ca.5 ml":                 {}, // the dot is the word's
		"4.-6. time":              {},
		"kl. 8.00 og kl 14.30":    {},
		"12345678 er telefonen":   {},
		strings.Repeat("å", 120):  {},
		"20,05 mg":                {},
		"skift forbinding, 2 lag": {},
	} {
		for name, text := range map[string]kontakt.OrderText{"what": {What: written}, "dose": {What: "Digoxin", Dose: written}} {
			got, err := text.Checked()
			msg, params := kontakt.MsgOf(err)
			if err == nil {
				msg = ""
			}
			if msg != want.msg || params["rigtigt"] != want.right || want.msg != "" && got != (kontakt.OrderText{}) || want.msg == "" && got != text {
				t.Errorf("%s %q: %s %v, want %s %q", name, written, msg, params, want.msg, want.right)
			}
		}
	}
}

// Times of day stand in how often, dates in from and until too; what can be neither is a number there as well.
func TestOrderText_timesAndDatesStandWhereTheyBelong(t *testing.T) {
	for written, want := range map[string]struct{ often, from bool }{
		"8.00":                {true, true},
		"8.00-20.30 og 23.59": {true, true},
		"1.12":                {true, true}, // a time as well as a date
		"24.12.":              {false, true},
		"31.1":                {false, true},
		"23.11.2026":          {true, true},
		"0.5":                 {false, false},
		"2.5 timer":           {false, true}, // the second of May
		".5":                  {false, false},
		"5,0":                 {false, false},
		"1.234":               {false, false},
	} {
		_, often := kontakt.OrderText{What: "Pinex", HowOften: written}.Checked()
		_, from := kontakt.OrderText{What: "Pinex", From: written}.Checked()
		_, until := kontakt.OrderText{What: "Pinex", Until: written}.Checked()
		if (often == nil) != want.often || (from == nil) != want.from || (until == nil) != want.from {
			t.Errorf("%q: how often %v, from %v, until %v", written, often, from, until)
		}
	}
}

func TestOrderText_whatIsNeededAndSpaceIsNot(t *testing.T) {
	if _, err := (kontakt.OrderText{What: " ", Dose: "1 tablet"}).Checked(); kontakt.KindOf(err) != kontakt.Invalid {
		t.Errorf("an order of nothing: %v", err)
	}
	got, err := kontakt.OrderText{What: " Pinex ", Dose: "500\u00a0mg"}.Checked()
	if want := (kontakt.OrderText{What: "Pinex", Dose: "500 mg"}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func FuzzOrderText(f *testing.F) {
	for _, s := range []string{"0,5 mg", ",5", "1.000,5", "kl. 8.00", "50 µg", "290200-0001", "1,2,3", "..5,,"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, what, from string) {
		text, err := kontakt.OrderText{What: what, From: from}.Checked()
		if err != nil {
			if kontakt.KindOf(err) != kontakt.Invalid || text != (kontakt.OrderText{}) {
				t.Fatalf("%+v, %v", text, err)
			}
			return
		}
		if again, err := text.Checked(); err != nil || again != text {
			t.Fatalf("what was fit is %+v the second time, %v", again, err)
		}
		if kept := kontakt.ParseOrderText(text.Text()); kept != text {
			t.Fatalf("%+v is kept as %+v", text, kept)
		}
	})
}
