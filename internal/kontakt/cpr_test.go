package kontakt_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// The clocks of domain.md §3.3.
var (
	clockT = kontakt.Date{Year: 2026, Month: time.November, Day: 23}
	clockL = kontakt.Date{Year: 2041, Month: time.June, Day: 1}
)

// Every row of domain.md §3.3, by its number.
var cprRows = []struct {
	row, in  string
	today    kontakt.Date
	block    kontakt.MsgKey // "": accepted
	kind     kontakt.CPRKind
	born     string // "": the number does not tell
	age      int
	warnings []kontakt.MsgKey
}{
	{row: "C01 empty", in: "", today: clockT, block: kontakt.MsgCPREmpty},
	{row: "C02 spaces", in: "   ", today: clockT, block: kontakt.MsgCPREmpty},
	{row: "C03 nine digits", in: "290200410", today: clockT, block: kontakt.MsgCPRLength},
	{row: "C04 eleven digits", in: "29020041001", today: clockT, block: kontakt.MsgCPRLength},
	{row: "C05 no hyphen", in: "2902004100", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C06 hyphen", in: "290200-4100", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C07 space", in: "290200 4100", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C08 en dash", in: "290200–4100", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C09 minus sign", in: "290200\u22124100", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C10 pasted with space and newline", in: "  290200-4100\n", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C11 pasted with direction marks", in: "\u200f290200-4100\u200e", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C12 hyphen in the wrong place", in: "2902-004100", today: clockT, block: kontakt.MsgCPRFormat},
	{row: "C13 two hyphens", in: "29-0200-4100", today: clockT, block: kontakt.MsgCPRFormat},
	{row: "C14 Arabic-Indic digits", in: "٢٩٠٢٠٠٤١٠٠", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C15 full-width digits", in: "２９０２００４１００", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C16 letter O for zero", in: "29O2O04100", today: clockT, block: kontakt.MsgCPRChars},
	{row: "C17 29 February 1900", in: "2902002100", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C18 digit 7 is 9", in: "2902009101", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C19 digit 7 is 5", in: "2902005100", today: clockT, born: "2000-02-29", age: 26, warnings: mod11},
	{row: "C20 29 February 1858", in: "2902585101", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C21 29 February 1860", in: "2902605102", today: clockT, born: "1860-02-29", age: 166, warnings: tooOld},
	{row: "C22 31 April", in: "3104994100", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C23 30 June", in: "3006014100", today: clockT, born: "2001-06-30", age: 25, warnings: mod11},
	{row: "C24 day 00", in: "0001994100", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C25 month 00", in: "0100994101", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C26 month 13", in: "0113994100", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C27 all zeros", in: "0000000000", today: clockT, block: kontakt.MsgCPRDate},
	{
		row: "C28 all the same digit", in: "1111111111", today: clockT, born: "1911-11-11", age: 115,
		warnings: []kontakt.MsgKey{kontakt.MsgCPRMod11, kontakt.MsgCPRAge, kontakt.MsgCPRSame},
	},
	{row: "C29 month 34", in: "1234567890", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C30 digit 7 is 0, year 99", in: "1507990100", today: clockT, born: "1999-07-15", age: 27, warnings: mod11},
	{row: "C31 digit 7 is 3, year 99", in: "1507993100", today: clockT, born: "1999-07-15", age: 27, warnings: mod11},
	{row: "C32 digit 7 is 0, year 36", in: "1507360100", today: clockT, born: "1936-07-15", age: 90, warnings: mod11},
	{row: "C33 born 2036, today", in: "1507364108", today: clockT, block: kontakt.MsgCPRFuture},
	{row: "C34 born 2036, later", in: "1507364108", today: clockL, born: "2036-07-15", age: 4},
	{row: "C35 digit 7 is 4, year 37", in: "1507374100", today: clockT, born: "1937-07-15", age: 89, warnings: mod11},
	{row: "C36 digit 7 is 9, year 36", in: "1507369118", today: clockL, born: "2036-07-15", age: 4},
	{row: "C37 digit 7 is 9, year 37", in: "1507379100", today: clockT, born: "1937-07-15", age: 89, warnings: mod11},
	{row: "C38 digit 7 is 5, year 57", in: "1507575109", today: clockT, block: kontakt.MsgCPRFuture},
	{row: "C39 digit 7 is 5, year 58", in: "1507585104", today: clockT, born: "1858-07-15", age: 168, warnings: tooOld},
	{row: "C40 digit 7 is 8, year 57", in: "1507578108", today: clockL, block: kontakt.MsgCPRFuture},
	{row: "C41 digit 7 is 8, year 58", in: "1507588103", today: clockT, born: "1858-07-15", age: 168, warnings: tooOld},
	{row: "C42 born today", in: "2311264100", today: clockT, born: "2026-11-23", age: 0, warnings: mod11},
	{row: "C43 born tomorrow", in: "2411264100", today: clockT, block: kontakt.MsgCPRFuture},
	{row: "C44 turns 100 tomorrow", in: "2411263100", today: clockT, born: "1926-11-24", age: 99, warnings: mod11},
	{row: "C45 100 years today", in: "2311263100", today: clockT, born: "1926-11-23", age: 100, warnings: mod11},
	{row: "C46 1 January without check digit", in: "0101633100", today: clockT, born: "1963-01-01", age: 63},
	{row: "C47 day 67", in: "6702703105", today: clockT, kind: kontakt.CPRDayPlus60, born: "1970-02-07", age: 56},
	{row: "C48 day 61", in: "6102004106", today: clockT, kind: kontakt.CPRDayPlus60, born: "2000-02-01", age: 26},
	{row: "C49 day 91", in: "9101704103", today: clockT, kind: kontakt.CPRDayPlus60, born: "1970-01-31", age: 56},
	{row: "C50 day 60", in: "6002004109", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C51 day 92", in: "9201704100", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C52 day 89 is 29 February 1900", in: "8902002104", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C53 X-eCPR", in: "1204701AB3", today: clockT, kind: kontakt.CPRXECPR},
	{row: "C54 X-eCPR, lower case and hyphen", in: "120470-7ab4", today: clockT, kind: kontakt.CPRXECPR},
	{row: "C55 D-eCPR, digit 7 is 0", in: "1204700AB1", today: clockT, kind: kontakt.CPRDECPR},
	{row: "C56 D-eCPR, digit 7 is 5", in: "1204705AB2", today: clockT, kind: kontakt.CPRDECPR},
	{row: "C57 D-eCPR, digit 7 is 6", in: "1204706AB2", today: clockT, kind: kontakt.CPRDECPR},
	{row: "C58 letters with no format's digit 7", in: "1204702AB2", today: clockT, block: kontakt.MsgCPRECPR},
	{row: "C59 X-eCPR with an impossible date", in: "3102707AB2", today: clockT, block: kontakt.MsgCPRDate},
	{row: "C60 X-eCPR on 29 February", in: "2902007AB2", today: clockT, kind: kontakt.CPRXECPR},
	{row: "C61 Æ and Ø", in: "1204707ÆØ2", today: clockT, block: kontakt.MsgCPRChars},
	{row: "C62 one letter", in: "1204707A12", today: clockT, block: kontakt.MsgCPRChars},
	{row: "C63 scanner prefix", in: "CPR2902004100", today: clockT, block: kontakt.MsgCPRLength},
}

var (
	mod11  = []kontakt.MsgKey{kontakt.MsgCPRMod11}
	tooOld = []kontakt.MsgKey{kontakt.MsgCPRAge}
)

func TestParseCPR_everyRowOfTheTable(t *testing.T) {
	if len(cprRows) != 63 {
		t.Fatalf("%d rows, want C01 to C63", len(cprRows))
	}
	for i, r := range cprRows {
		t.Run(r.row, func(t *testing.T) {
			if !strings.HasPrefix(r.row, fmt.Sprintf("C%02d ", i+1)) {
				t.Fatal("out of order")
			}
			c, err := kontakt.ParseCPR(r.in, r.today)
			if r.block != "" {
				msg, _ := kontakt.MsgOf(err)
				if kontakt.KindOf(err) != kontakt.Invalid || msg != r.block || c != (kontakt.CPR{}) {
					t.Errorf("error = %v, want %s and no value", err, r.block)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.Kind() != r.kind || c.Replacement() != (r.kind != kontakt.CPROrdinary) {
				t.Errorf("kind = %d, want %d", c.Kind(), r.kind)
			}
			born, known := c.Born()
			if known != (r.born != "") || known && (born.String() != r.born || born.AgeOn(r.today) != r.age) {
				t.Errorf("born %v (%v), age %d; want %q, %d", born, known, born.AgeOn(r.today), r.born, r.age)
			}
			if got := c.Warnings(r.today); !slices.Equal(got, r.warnings) {
				t.Errorf("warnings = %v, want %v", got, r.warnings)
			}
		})
	}
}

func TestParseCPR_lengthTellsWhatWasCounted(t *testing.T) {
	_, err := kontakt.ParseCPR("290200-410", clockT)
	if _, params := kontakt.MsgOf(err); params["n"] != "9" {
		t.Errorf("params = %v, want n = 9", params)
	}
}

func TestParseCPR_allWaysOfWritingGiveTheSameNumber(t *testing.T) {
	want, err := kontakt.ParseCPR("2902004100", clockT)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range cprRows[4:11] {
		if got, err := kontakt.ParseCPR(r.in, clockT); err != nil || got != want || got.Reveal() != "2902004100" {
			t.Errorf("%s: not the same number (%v)", r.row, err)
		}
	}
}

// Further check (a) of domain.md §3.3.
func TestDate_bornOn29FebruaryTurnsOlderOn1March(t *testing.T) {
	born := kontakt.Date{Year: 2000, Month: time.February, Day: 29}
	for _, row := range []struct {
		today kontakt.Date
		age   int
	}{
		{kontakt.Date{Year: 2026, Month: time.February, Day: 28}, 25},
		{kontakt.Date{Year: 2026, Month: time.March, Day: 1}, 26},
		{kontakt.Date{Year: 2028, Month: time.February, Day: 28}, 27},
		{kontakt.Date{Year: 2028, Month: time.February, Day: 29}, 28},
	} {
		if got := born.AgeOn(row.today); got != row.age {
			t.Errorf("on %s: %d, want %d", row.today, got, row.age)
		}
	}
}

// Further check (b): the day of the future turns at Danish midnight, in winter and in summer.
func TestParseCPR_theDayTurnsAtDanishMidnight(t *testing.T) {
	for _, row := range []struct {
		at     time.Time
		number string
		future bool
	}{
		{time.Date(2026, 11, 23, 22, 59, 59, 0, time.UTC), "2411264100", true},
		{time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC), "2411264100", false},
		{time.Date(2026, 7, 14, 21, 59, 59, 0, time.UTC), "1507264100", true},
		{time.Date(2026, 7, 14, 22, 0, 0, 0, time.UTC), "1507264100", false},
	} {
		_, err := kontakt.ParseCPR(row.number, kontakt.DateOf(row.at))
		if msg, _ := kontakt.MsgOf(err); (msg == kontakt.MsgCPRFuture) != row.future || err != nil && !row.future {
			t.Errorf("at %v: %v, want future %v", row.at, err, row.future)
		}
	}
}

func TestCPR_masksItselfHoweverItIsPrinted(t *testing.T) {
	c, err := kontakt.ParseCPR("290200-4100", clockT)
	if err != nil {
		t.Fatal(err)
	}
	type inner struct {
		hidden kontakt.CPR
		many   []kontakt.CPR
		byKey  map[string]kontakt.CPR
		far    *kontakt.CPR
	}
	nested := struct {
		Open  kontakt.CPR
		inner inner
	}{c, inner{c, []kontakt.CPR{c}, map[string]kontakt.CPR{"a": c}, &c}}
	printed := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for name, v := range map[string]any{"number": c, "pointer": &c, "nested": nested, "slice": []kontakt.CPR{c}} {
			printed[verb+" "+name] = fmt.Sprintf(verb, v)
		}
	}
	var logs bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&logs, nil), slog.NewJSONHandler(&logs, nil)} {
		slog.New(h).Info("found", "cpr", c, "nested", nested, "pointer", &c, slog.Group("g", "cpr", c))
	}
	printed["slog"] = logs.String()
	printed["error"] = fmt.Errorf("look up %v: %w", c, &kontakt.Error{Op: "x", Kind: kontakt.NotFound}).Error()
	printed["masked"] = c.Masked()
	for name, text := range printed {
		for _, secret := range []string{"4100", fmt.Sprintf("%x", "4100"), "[50 57"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells the number: %s", name, text)
			}
		}
	}
	for name, want := range map[string]string{"%v number": "******-****", "%#v number": "******-****", "masked": "290200-••••"} {
		if printed[name] != want {
			t.Errorf("%s = %q, want %q", name, printed[name], want)
		}
	}
	for name, v := range map[string]any{"number": c, "field": struct{ C kontakt.CPR }{c}, "slice": []kontakt.CPR{c}, "zero": kontakt.CPR{}} {
		if out, err := json.Marshal(v); err == nil {
			t.Errorf("JSON of %s = %s, want a refusal", name, out)
		}
	}
}

func TestCPR_theZeroOneIsHarmless(t *testing.T) {
	var c kontakt.CPR
	born, known := c.Born()
	if c.String() != "******-****" || c.Reveal() != "" || c.Masked() != "" || known || born != (kontakt.Date{}) || c.Kind() != kontakt.CPROrdinary || c.Warnings(clockT) != nil {
		t.Error("the zero CPR says something")
	}
}

func FuzzParseCPR(f *testing.F) {
	testkit.Seeds(f, "testdata/cpr/*.txt")
	for _, r := range cprRows {
		f.Add(r.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := kontakt.ParseCPR(s, clockT)
		if err != nil {
			if c != (kontakt.CPR{}) || kontakt.KindOf(err) != kontakt.Invalid {
				t.Fatalf("value with error, or not Invalid: %v", err)
			}
			return
		}
		text := c.Reveal()
		if len(text) != 10 || strings.Contains(fmt.Sprintf("%#v %v", c, c), text[6:]) {
			t.Fatal("not ten characters, or not masked")
		}
		if d, err := kontakt.ParseCPR(text, clockT); err != nil || d != c {
			t.Fatalf("not canonical: %v", err)
		}
		if born, ok := c.Born(); ok && (clockT.Before(born) || born.AgeOn(clockT) > 169) {
			t.Fatalf("born %v", born)
		}
		c.Warnings(clockT)
		_ = c.Masked()
	})
}
