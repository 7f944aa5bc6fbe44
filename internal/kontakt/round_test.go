package kontakt_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

func TestParseRoundPlace_oneShortLineWithoutANumberOfSomebody(t *testing.T) {
	for in, want := range map[string]string{
		"  stue 4 ": "stue 4", "": "", "Solvej 12,\n2. tv": "Solvej 12, 2. tv", "ring på 20 12 34 56": "ring på 20 12 34 56",
		strings.Repeat("å", kontakt.MaxPlace): strings.Repeat("å", kontakt.MaxPlace),
	} {
		if got, err := kontakt.ParseRoundPlace(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]kontakt.MsgKey{
		strings.Repeat("å", kontakt.MaxPlace+1): kontakt.MsgVisitPlace, "290200-4100": kontakt.MsgVisitPlaceCPR, "stue 4, 290200 4100": kontakt.MsgVisitPlaceCPR,
		"110580101": kontakt.MsgVisitPlaceCPR,
	} {
		got, err := kontakt.ParseRoundPlace(in)
		if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Invalid || msg != want || got != "" {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func FuzzParseRoundPlace(f *testing.F) {
	testkit.Seeds(f, "testdata/place/*.txt")
	f.Fuzz(func(t *testing.T, s string) {
		place, err := kontakt.ParseRoundPlace(s)
		if err != nil {
			if place != "" {
				t.Fatal("value with error")
			}
			return
		}
		if again, err := kontakt.ParseRoundPlace(place); err != nil || again != place || utf8.RuneCountInString(place) > kontakt.MaxPlace {
			t.Fatalf("%q is not canonical: %q, %v", place, again, err)
		}
	})
}

func TestVisitState_openIsToComeOrGoesOn(t *testing.T) {
	for state, want := range map[kontakt.VisitState]bool{
		kontakt.VisitPlanned: true, kontakt.VisitUnderWay: true, kontakt.VisitDone: false, kontakt.VisitMissed: false, kontakt.VisitDropped: false, "": false,
	} {
		if state.Open() != want {
			t.Errorf("%s", state)
		}
	}
}
