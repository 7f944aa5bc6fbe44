package kontakt_test

import (
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestParseEnrolCode_whatPeopleType(t *testing.T) {
	for typed, want := range map[string]kontakt.EnrolCode{
		"ABCD-EFGH": "ABCDEFGH", "abcd-efgh": "ABCDEFGH", " ab cd – efgh\n": "ABCDEFGH", "demo0001": "DEMO0001",
		"": "", "ABCD-EFG": "", "ABCD-EFGHJ": "", "ÆBCD-EFGH": "", "ABCD_EFGH": "", "----": "",
	} {
		got, err := kontakt.ParseEnrolCode(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
	}
}

func FuzzParseEnrolCode(f *testing.F) {
	for _, seed := range []string{"ABCD-EFGH", "demo-0001", "", "\xff", "ABCD\u200eEFGH", "ſſſſſſſſ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, err := kontakt.ParseEnrolCode(s)
		if err != nil {
			if code != "" {
				t.Fatal("value with error")
			}
			return
		}
		if again, err := kontakt.ParseEnrolCode(code.Text()); err != nil || again != code {
			t.Fatalf("%q gives %q, which gives %q (%v)", s, code, again, err)
		}
	})
}

func TestNewEnrolCode_isUnambiguousAndReadsBack(t *testing.T) {
	seen := map[kontakt.EnrolCode]bool{}
	for range 1000 {
		code := kontakt.NewEnrolCode()
		if again, err := kontakt.ParseEnrolCode(code.Text()); err != nil || again != code {
			t.Fatalf("%q reads back as %q (%v)", code, again, err)
		}
		for _, r := range code {
			if r == 'I' || r == 'O' || r == '0' || r == '1' {
				t.Fatalf("%q holds a sign that looks like another", code)
			}
		}
		seen[code] = true
	}
	if len(seen) != 1000 {
		t.Errorf("%d codes of 1000 are different", len(seen))
	}
}
