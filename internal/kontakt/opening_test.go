package kontakt_test

import (
	"reflect"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// danish reads a wall clock time in Denmark; summer or winter time where it comes twice is the earlier.
func danish(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, kontakt.Denmark)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func weekdays(from, to int) kontakt.Opening {
	var o kontakt.Opening
	for day := time.Monday; day <= time.Friday; day++ {
		o.Hours[day] = kontakt.Span{From: from * 60, To: to * 60}
	}
	return o
}

func TestOpening_byTheHours(t *testing.T) {
	o := weekdays(8, 16)
	for _, row := range []struct {
		at     string
		open   bool
		opens  string
		closes string
	}{
		{"2026-11-23 07:59:59", false, "2026-11-23 08:00:00", ""},
		{"2026-11-23 08:00:00", true, "", "2026-11-23 16:00:00"},
		{"2026-11-23 15:59:59", true, "", "2026-11-23 16:00:00"},
		{"2026-11-23 16:00:00", false, "2026-11-24 08:00:00", ""},
		{"2026-11-27 16:00:01", false, "2026-11-30 08:00:00", ""}, // Friday to Monday
		{"2026-12-31 23:00:00", false, "2027-01-04 08:00:00", ""}, // the end of the year, E42, and nytårsdag
	} {
		open, reason, opens, closes := o.At(danish(t, row.at))
		if open != row.open || reason != "" {
			t.Errorf("%s: open %v, want %v", row.at, open, row.open)
		}
		for name, pair := range map[string][2]any{"opens": {opens, row.opens}, "closes": {closes, row.closes}} {
			got, want := pair[0].(time.Time), time.Time{}
			if s := pair[1].(string); s != "" {
				want = danish(t, s)
			}
			if !got.Equal(want) {
				t.Errorf("%s: %s at %v, want %v", row.at, name, got, want)
			}
		}
	}
}

func TestOpening_withoutHoursIsTheClinicsWordAlone(t *testing.T) {
	var o kontakt.Opening
	now := danish(t, "2026-11-22 03:00:00")
	if open, _, _, _ := o.At(now); !open {
		t.Error("closed without a word")
	}
	o = o.Set(false, "Ferie uge 48", now)
	if open, reason, opens, _ := o.At(now.AddDate(0, 0, 3)); open || reason != "Ferie uge 48" || !opens.IsZero() {
		t.Errorf("three days later: open %v, %q, opens %v", open, reason, opens)
	}
	if o = o.Set(true, "", now); !reflect.DeepEqual(o, kontakt.Opening{}) {
		t.Errorf("taken back = %+v", o)
	}
}

func TestOpening_theClinicsWordGoesBeforeItsHours(t *testing.T) {
	o := weekdays(8, 16)
	noon, evening := danish(t, "2026-11-23 12:00:00"), danish(t, "2026-11-23 18:00:00")
	if open, _, _, _ := o.Set(false, "syg", noon).At(noon); open {
		t.Error("open although closed by word")
	}
	if open, _, _, closes := o.Set(false, "syg", noon).Set(true, "", noon).At(noon); !open || !closes.Equal(danish(t, "2026-11-23 16:00:00")) {
		t.Errorf("the closing taken back: open %v, closes %v", open, closes)
	}
	late := o.Set(true, "", evening)
	if open, _, _, closes := late.At(evening); !open || !closes.Equal(danish(t, "2026-11-24 00:00:00")) {
		t.Errorf("opened in the evening: %v, closes %v", open, closes)
	}
	if open, _, opens, _ := late.At(danish(t, "2026-11-24 00:00:00")); open || !opens.Equal(danish(t, "2026-11-24 08:00:00")) {
		t.Errorf("after midnight: %v, opens %v", open, opens)
	}
}

// E38: the night when the clocks go forward has no 02.30.
func TestOpening_anHourThatTheSpringSkipsIsTheNextThatIs(t *testing.T) {
	o := kontakt.Opening{Holidays: true} // it is påskedag
	o.Hours[time.Sunday] = kontakt.Span{From: 2*60 + 30, To: 10 * 60}
	before := time.Date(2027, 3, 28, 0, 59, 59, 0, time.UTC) // 01.59.59 in winter time
	open, _, opens, _ := o.At(before)
	if want := before.Add(time.Second); open || !opens.Equal(want) {
		t.Errorf("open %v, opens %v; want %v, 03.00 in summer time", open, opens, want)
	}
	if open, _, _, closes := o.At(opens); !open || !closes.Equal(time.Date(2027, 3, 28, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("at 03.00: open %v, closes %v", open, closes)
	}
}

func TestOpening_neverSaysOpenAndOpensLater(t *testing.T) {
	o := weekdays(8, 16)
	for at := danish(t, "2027-03-26 00:00:00"); at.Before(danish(t, "2027-04-02 00:00:00")); at = at.Add(7 * time.Minute) {
		open, _, opens, closes := o.At(at)
		if open != opens.IsZero() || open == closes.IsZero() || open && !closes.After(at) || !open && !opens.After(at) {
			t.Fatalf("%v: open %v, opens %v, closes %v", at, open, opens, closes)
		}
	}
}
