package kontakt_test

import (
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

func TestDateOf_isTheDanishDay(t *testing.T) {
	for _, row := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 12, 31, 22, 59, 59, 0, time.UTC), "2026-12-31"},
		{time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), "2027-01-01"},
		{time.Date(2026, 6, 30, 22, 0, 0, 0, time.UTC), "2026-07-01"},
		{time.Date(2028, 2, 28, 23, 0, 0, 0, time.UTC), "2028-02-29"},
	} {
		if got := kontakt.DateOf(row.at).String(); got != row.want {
			t.Errorf("%v is on %s, want %s", row.at, got, row.want)
		}
	}
}

func TestParseDate_acceptsWhatStringWrites(t *testing.T) {
	for _, good := range []string{"2000-02-29", "1858-07-15", "2026-11-23"} {
		if d, err := kontakt.ParseDate(good); err != nil || d.String() != good {
			t.Errorf("%s = %v, %v", good, d, err)
		}
	}
	for _, bad := range []string{"", "2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01T00:00:00Z", "23-11-2026"} {
		if d, err := kontakt.ParseDate(bad); kontakt.KindOf(err) != kontakt.Invalid || d != (kontakt.Date{}) {
			t.Errorf("%q = %v, %v", bad, d, err)
		}
	}
}

func TestDate_ordersByYearThenMonthThenDay(t *testing.T) {
	days := []string{"1999-12-31", "2000-01-01", "2000-01-31", "2000-02-01"}
	for i, a := range days {
		for j, b := range days {
			x, _ := kontakt.ParseDate(a)
			y, _ := kontakt.ParseDate(b)
			if got := x.Before(y); got != (i < j) {
				t.Errorf("%s before %s = %v", a, b, got)
			}
		}
	}
}
