package sheet_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"kontaktlaege/backend/sheet"
	"kontaktlaege/internal/kontakt"
)

var today = kontakt.Date{Year: 2026, Month: time.November, Day: 23}

// read gives a table's rows and faults as text, without a number.
func read(t testing.TB, text string) (rows []string, eaten sheet.Eaten, unused []int, err error) {
	t.Helper()
	r, err := sheet.OpenCitizens(strings.NewReader(text), today)
	if err != nil {
		return nil, sheet.Eaten{}, nil, err
	}
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, r.Eaten(), r.Unused(), nil
		}
		if fault, ok := errors.AsType[*sheet.Fault](err); ok {
			rows = append(rows, fmt.Sprintf("%d! %s", fault.Line, fault.Column))
			continue
		}
		if err != nil {
			return rows, r.Eaten(), r.Unused(), err
		}
		rows = append(rows, fmt.Sprintf("%d %s %s %s", c.Line, c.CPR.Masked()[:6], c.Name, c.Ydernummer))
	}
}

func TestCitizens_asDanishProgramsWriteThem(t *testing.T) {
	want := []string{"2 290200 Åse Ærø 012345", "3 140345 Ole Brandt "}
	const excel = "CPR-nr.;Navn;Ydernummer\r\n290200-4100;Åse Ærø;012345\r\n1403450101;Ole Brandt;\r\n"
	encoded := func(s string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, text := range map[string]string{
		"UTF-8":                    excel,
		"UTF-8 with a mark":        "\ufeff" + excel,
		"Windows-1252":             encoded(charmap.Windows1252.NewEncoder().String(excel)),
		"UTF-16":                   encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(excel)),
		"commas":                   strings.ReplaceAll(excel, ";", ","),
		"tabs":                     strings.ReplaceAll(excel, ";", "\t"),
		"Unix lines":               strings.ReplaceAll(excel, "\r", ""),
		"no line end at the end":   strings.TrimSuffix(excel, "\r\n"),
		"in quotation marks":       "\"CPR\";\"Navn\";\"Læge\"\n\"290200-4100\";\"Åse Ærø\";\"012345\"\n\"1403450101\";\"Ole Brandt\";\"\"\n",
		"against Excel's eating":   "cpr;navn;yder\n=\"2902004100\";Åse Ærø;=\"012345\"\n1403450101;Ole Brandt;\n",
		"English":                  "Practice,Full name,Personnummer\n012345,Åse Ærø,2902004100\n,Ole Brandt,1403450101\n",
		"given and family names":   "Fornavn;Efternavn;CPR;Egen læge\nÅse;Ærø;2902004100;12345\nOle;Brandt;1403450101;\n",
		"other columns and spaces": "CPR ; By ; Navn ; Ydernr. ; \n 2902004100 ; x ;  Åse   Ærø ; 012345 ;;;\n1403450101;;Ole Brandt;;\n",
		"empty lines and rows":     "cpr;navn;ydernummer\n2902004100;Åse Ærø;012345\n1403450101;Ole Brandt;\n\n;;\n \n",
		"a letter cut by a piece":  "cpr;navn;ydernummer;x\n2902004100;Åse Ærø;012345;" + strings.Repeat("æ", 64<<10) + "\n1403450101;Ole Brandt;;\n",
		"a quoted separator":       "cpr;bem;navn;ydernummer\n2902004100;\"a;b\";Åse Ærø;012345\n1403450101;\"\"\"x\"\"\";Ole Brandt;\n",
	} {
		got, _, _, err := read(t, text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	named, _, _, err := read(t, "sep=;\r\n"+excel)
	if err != nil || !slices.Equal(named, []string{"3 290200 Åse Ærø 012345", "4 140345 Ole Brandt "}) {
		t.Errorf("the separator in a line of its own: %q, %v", named, err)
	}
	lines, _, _, err := read(t, "cpr;bem;navn;ydernummer\n2902004100;\"to\nlinjer\";Åse Ærø;012345\n1403450101;;Ole Brandt;\n")
	if err != nil || !slices.Equal(lines, []string{"2 290200 Åse Ærø 012345", "4 140345 Ole Brandt "}) {
		t.Errorf("a cell of two lines: %q, %v", lines, err)
	}
}

func TestCitizens_whatIsWrongNamesLineAndColumnAndNoNumber(t *testing.T) {
	const text = "cpr;navn;ydernummer\n" +
		"2902004100;Karen;099001\n" + // 2
		"290200410;Karen;099001\n" + // 3: nine digits, and 02-90 is no date
		"2902002100;Karen;099001\n" + // 4: no such day
		"29O2004100;Karen;099001\n" + // 5: a letter
		"2,9E+09;Karen;099001\n" + // 6: rounded
		"6702703105;Karen;099001\n" + // 7: a replacement
		";Karen;099001\n" + // 8
		"2411264100;Karen;099001\n" + // 9: born tomorrow
		"2902004100;;099001\n" + // 10
		"2902004100;Karen;0990011\n" + // 11
		"2902004100;Karen;Y99001\n" + // 12
		"2902004100;Karen;000000\n" + // 13
		"2902004100;Karen \"Karla\" M;099001\n" + // 14
		"2902004100;Karen;099001;Vej 1; 2. tv\n" + // 15
		"2902004100\n" + // 16: no name
		"1403450101;Ole;\n" // 17
	got, _, _, err := read(t, text)
	want := []string{"2 290200 Karen 099001", "3! cpr", "4! cpr", "5! cpr", "6! cpr", "7! cpr", "8! cpr", "9! cpr", "10! navn", "11! ydernummer", "12! ydernummer", "13! ydernummer", "14! ", "15! ", "16! navn", "17 140345 Ole "}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q\n%q, %v", got, want, err)
	}
	r, err := sheet.OpenCitizens(strings.NewReader(text), today)
	if err != nil {
		t.Fatal(err)
	}
	for {
		_, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			continue
		}
		for _, secret := range []string{"2902", "Karen", "2411", "9001", "670"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%q repeats what stands there", err)
			}
		}
	}
}

func TestCitizens_whatExcelAteIsCounted(t *testing.T) {
	rows, eaten, unused, err := read(t, "cpr;by;navn;ydernummer\n110580101;x;Yusuf;99002\n2902004100;y;Karen;099001\n706320100;z;Ane;\n")
	if err != nil || eaten != (sheet.Eaten{CPR: 2, Ydernummer: 1}) || !slices.Equal(unused, []int{2}) {
		t.Errorf("%q, %+v, %v, %v", rows, eaten, unused, err)
	}
	if _, eaten, _, _ := read(t, "cpr;navn;ydernummer\n0706320100;Ane;\n"); eaten != (sheet.Eaten{ZerosKept: 1}) {
		t.Errorf("%+v", eaten)
	}
}

func TestCitizens_whatIsNoTable(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "space": " \n", "a workbook": "PK\x03\x04...", "an old workbook": "\xd0\xcf\x11\xe0...", "bytes": "cpr;navn;ydernummer\n\x00",
		"no header": "2902004100;Karen;099001\n", "no number": "navn;ydernummer\nKaren;099001\n", "no doctor": "cpr;navn\n2902004100;Karen\n",
		"no name": "cpr;ydernummer\n2902004100;099001\n", "a column twice": "cpr;personnummer;navn;ydernummer\n1;2;3;4\n",
		"an open quotation mark": "cpr;navn;ydernummer\n2902004100;\"Karen;099001\n" + strings.Repeat("1403450101;Ole;\n", 100_000),
	} {
		if rows, _, _, err := read(t, text); err == nil || strings.Contains(err.Error(), "2902") || strings.Contains(err.Error(), "Karen") {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

func TestBookings_byTheDanishClock(t *testing.T) {
	for in, want := range map[string]string{
		"23-11-2026;9:30;15":           "2026-11-23T08:30:00Z 15",
		"23.11.2026;09.30;15 min.":     "2026-11-23T08:30:00Z 15",
		"23/11/26;0930;":               "2026-11-23T08:30:00Z 0",
		"2026-11-23;kl. 9.30;15":       "2026-11-23T08:30:00Z 15",
		"2026-11-23 09:30:00;;15":      "2026-11-23T08:30:00Z 15",
		"2026-11-23T09:30;;15":         "2026-11-23T08:30:00Z 15",
		"23-11-2026 930;;15":           "2026-11-23T08:30:00Z 15",
		"1-7-2026;9:30;15":             "2026-07-01T07:30:00Z 15",
		"29-3-2026;1:59;15":            "2026-03-29T00:59:00Z 15",
		"29-3-2026;2:00;15":            "! tid", // the clocks go forward
		"29-3-2026;2:59;15":            "! tid",
		"29-3-2026;3:00;15":            "2026-03-29T01:00:00Z 15",
		"25-10-2026;2:30;15":           "2026-10-25T00:30:00Z 15", // comes twice: the first
		"25-10-2026;3:00;15":           "2026-10-25T02:00:00Z 15",
		"30-2-2026;9:30;15":            "! dato",
		"11-23-2026;9:30;15":           "! dato",
		"23112026;9:30;15":             "! dato",
		"46349;0,395833;15":            "! dato", // Excel's own count of days
		"23-11-2026;0,395833;15":       "! tid",
		"23-11-2026;24:00;15":          "! tid",
		"23-11-2026;9:60;15":           "! tid",
		"23-11-2026;;15":               "! tid",
		"2026-11-23T09:30:00+02:00;;1": "! tid",
		"23-11-2026;9:30;lang":         "! minutter",
		"23-11-2026;9:30;999":          "! minutter",
	} {
		r, err := sheet.OpenBookings(strings.NewReader("yder;cpr;dato;kl;varighed;behandler\n99001;2902004100;"+in+";Lars Holm\n"), today)
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Next()
		got := fmt.Sprintf("%s %d", b.At.Format(time.RFC3339), b.Minutes)
		if fault, ok := errors.AsType[*sheet.Fault](err); ok {
			got = "! " + string(fault.Column)
		} else if err != nil || b.Ydernummer != "099001" || b.Clinician != "Lars Holm" || b.CPR.Masked() != "290200-••••" {
			t.Errorf("%s: %+v, %v", in, b, err)
		}
		if got != want {
			t.Errorf("%s = %s, want %s", in, got, want)
		}
	}
}

// Whatever a file holds, the reader ends, names lines that are there, and gives rows that hold.
func FuzzCitizens(f *testing.F) {
	f.Add("cpr;navn;ydernummer\r\n290200-4100;Karen;099001\r\n")
	f.Add("sep=,\ncpr,navn,yder\n110580101,\"Yusuf \"\"Y\"\" Demir\",99002\n")
	f.Add("\xff\xfec\x00p\x00r\x00;\x00n\x00a\x00v\x00n\x00;\x00y\x00d\x00e\x00r\x00\n\x00")
	f.Add("cpr\tnavn\tyder\n2902004100\t\xc5se\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := sheet.OpenCitizens(strings.NewReader(text), today)
		if err != nil {
			return
		}
		last := 0
		for range strings.Count(text, "\n") + strings.Count(text, "\x0a\x00") + 2 {
			c, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if fault, ok := errors.AsType[*sheet.Fault](err); ok {
				if fault.Line < last || fault.Say == "" || c != (sheet.Citizen{}) {
					t.Fatalf("%+v after line %d", fault, last)
				}
				last = fault.Line
				continue
			}
			if err != nil {
				return
			}
			if c.Line <= last || c.CPR == (kontakt.CPR{}) || c.CPR.Replacement() || c.Name == "" || kontakt.PlainName(c.Name) != c.Name {
				t.Fatalf("%+v after line %d", c, last)
			}
			if _, err := kontakt.ParseYdernummer(string(c.Ydernummer)); c.Ydernummer != "" && err != nil {
				t.Fatalf("ydernummer %q", c.Ydernummer)
			}
			last = c.Line
		}
		t.Fatal("more rows than lines")
	})
}

func FuzzBookings(f *testing.F) {
	f.Add("yder;cpr;dato;kl;varighed;behandler\n99001;2902004100;23-11-2026;9:30;15;Lars\n")
	f.Add("yder,cpr,dato\n99001,2902004100,2026-10-25 02:30\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := sheet.OpenBookings(strings.NewReader(text), today)
		if err != nil {
			return
		}
		for {
			b, err := r.Next()
			if _, fault := errors.AsType[*sheet.Fault](err); fault {
				continue
			}
			if err != nil {
				return
			}
			if day := kontakt.DateOf(b.At); day.Year < 2000 || day.Year > 2100 || b.Minutes < 0 || b.Minutes > 480 || b.Ydernummer == "" {
				t.Fatalf("%+v", b)
			}
		}
	})
}

func FuzzVisits(f *testing.F) {
	f.Add("cpr;tid;sted\n290200-4100;9:30;stue 4\n110580101;;\n")
	f.Add("sep=,\nCPR-nr.,Kl,Bolig\n2902004100,0.15,\"2. \"\"tv\"\"\"\n2,9E+09,25:00,290200-4100\n")
	now := time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := sheet.OpenVisits(strings.NewReader(text), now)
		if err != nil {
			return
		}
		for range strings.Count(text, "\n") + 2 {
			row, fault, err := r.Next()
			switch {
			case err != nil:
				return
			case fault != nil && (fault.Msg == "" || row != (kontakt.RoundRow{})):
				t.Fatalf("%+v with %+v", row, fault)
			case fault != nil:
				continue
			}
			place, err := kontakt.ParseRoundPlace(row.Place)
			if err != nil || place != row.Place || row.CPR == (kontakt.CPR{}) || row.CPR.Replacement() || row.Line == 0 {
				t.Fatalf("%+v", row)
			}
			if at := row.PlannedAt; !at.IsZero() && (now.Sub(at) > 13*time.Hour || at.Sub(now) > 13*time.Hour) {
				t.Fatalf("planned at %v", at)
			}
		}
		t.Fatal("more rows than lines")
	})
}

// many is a table of n rows that is made while it is read.
type many struct {
	row  []byte
	size int64
	at   int64
}

func newMany(n int) *many {
	row := []byte("290200-4100;Karen Marie Kirstine Bjerregaard-Madsen;099001\r\n")
	return &many{row, int64(n) * int64(len(row)), 0}
}

const manyHeader = "cpr;navn;ydernummer\r\n"

func (m *many) Read(p []byte) (n int, err error) {
	for n < len(p) && m.at < int64(len(manyHeader))+m.size {
		if m.at < int64(len(manyHeader)) {
			c := copy(p[n:], manyHeader[m.at:])
			n, m.at = n+c, m.at+int64(c)
			continue
		}
		c := copy(p[n:], m.row[(m.at-int64(len(manyHeader)))%int64(len(m.row)):])
		n, m.at = n+c, m.at+int64(c)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (m *many) Seek(at int64, _ int) (int64, error) {
	m.at = at
	return at, nil
}

func TestCitizens_manyRowsTakeTheMemoryOfOne(t *testing.T) {
	r, err := sheet.OpenCitizens(newMany(100_000), today)
	if err != nil {
		t.Fatal(err)
	}
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, n := live(), 0
	for {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if grown := int64(live()) - int64(before); n != 100_000 || grown > 1<<20 {
		t.Errorf("%d rows, %d bytes more", n, grown)
	}
	runtime.KeepAlive(r)
}

func BenchmarkCitizens(b *testing.B) {
	r, err := sheet.OpenCitizens(newMany(b.N), today)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for {
		if _, err := r.Next(); err != nil {
			break
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
