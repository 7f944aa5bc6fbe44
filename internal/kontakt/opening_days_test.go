package kontakt_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

func date(t *testing.T, s string) kontakt.Date {
	t.Helper()
	d, err := kontakt.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOpening_aClinicsOwnDatesGoBeforeWeekAndHolidays(t *testing.T) {
	o := weekdays(8, 16)
	o.Days = []kontakt.Day{
		{Date: date(t, "2026-11-24"), Reason: "kursus"},
		{Date: date(t, "2026-11-25"), Hours: kontakt.Span{From: 8 * 60, To: 11 * 60}, Reason: "kursus om eftermiddagen"},
		{Date: date(t, "2026-11-28"), Hours: kontakt.Span{From: 10 * 60, To: 12 * 60}}, // a Saturday
		{Date: date(t, "2026-12-24"), Reason: "juleaftensdag"},
		{Date: date(t, "2026-12-25"), Hours: kontakt.Span{From: 9 * 60, To: 10 * 60}}, // on duty at Christmas
	}
	for _, row := range []struct {
		at     string
		open   bool
		reason string
		next   string // opening while closed, closing while open
	}{
		{"2026-11-23 17:00:00", false, "", "2026-11-25 08:00:00"},
		{"2026-11-24 10:00:00", false, "kursus", "2026-11-25 08:00:00"},
		{"2026-11-25 10:00:00", true, "", "2026-11-25 11:00:00"},
		{"2026-11-25 11:00:00", false, "kursus om eftermiddagen", "2026-11-26 08:00:00"},
		{"2026-11-28 10:00:00", true, "", "2026-11-28 12:00:00"},
		{"2026-12-24 10:00:00", false, "juleaftensdag", "2026-12-25 09:00:00"},
		{"2026-12-25 09:30:00", true, "", "2026-12-25 10:00:00"},
		{"2026-12-25 10:00:00", false, "", "2026-12-28 08:00:00"}, // Friday; 26 December is a Saturday
		{"2026-12-31 10:00:00", true, "", "2026-12-31 16:00:00"},  // nytårsaftensdag: this clinic works
	} {
		open, reason, opens, closes := o.At(danish(t, row.at))
		next := opens
		if open {
			next = closes
		}
		if open != row.open || reason != row.reason || !next.Equal(danish(t, row.next)) {
			t.Errorf("%s: open %v, %q, next %v; want %v, %q, %s", row.at, open, reason, next, row.open, row.reason, row.next)
		}
	}
}

func TestOpening_aClinicMayKeepItsHoursOnHolidays(t *testing.T) {
	o := weekdays(8, 16)
	goodFriday := danish(t, "2027-03-26 10:00:00")
	if open, reason, opens, _ := o.At(goodFriday); open || reason != "langfredag" || !opens.Equal(danish(t, "2027-03-30 08:00:00")) {
		t.Errorf("open %v, %q, opens %v; want closed for langfredag till Tuesday", open, reason, opens)
	}
	o.Holidays = true
	if open, _, _, _ := o.At(goodFriday); !open {
		t.Error("closed although the clinic keeps its hours on holidays")
	}
	var word kontakt.Opening
	if open, _, _, _ := word.At(goodFriday); !open {
		t.Error("a room without hours is closed by no holiday")
	}
	if open, _, _, closes := weekdays(8, 16).Set(true, "", goodFriday).At(goodFriday); !open || !closes.Equal(danish(t, "2027-03-27 00:00:00")) {
		t.Errorf("opened by word on langfredag: %v, closes %v", open, closes)
	}
}

// A long closure: the opening after it is found, and one that lies too far ahead is not known.
func TestOpening_acrossALongClosure(t *testing.T) {
	for _, row := range []struct {
		days  int
		opens string
	}{
		{21, "2027-07-26 08:00:00"},  // three weeks of summer
		{365, "2028-07-04 08:00:00"}, // a year, with a leap day in it
		{500, ""},
	} {
		o := weekdays(8, 16)
		first := time.Date(2027, 7, 5, 12, 0, 0, 0, time.UTC) // a Monday
		for day := range row.days {
			o.Days = append(o.Days, kontakt.Day{Date: kontakt.DateOf(first.AddDate(0, 0, day)), Reason: "ferie"})
		}
		want := time.Time{}
		if row.opens != "" {
			want = danish(t, row.opens)
		}
		if open, reason, opens, _ := o.At(first); open || reason != "ferie" || !opens.Equal(want) {
			t.Errorf("%d days: open %v, %q, opens %v; want %v", row.days, open, reason, opens, want)
		}
	}
	var word kontakt.Opening // without hours, closed for a day: opens again at midnight
	word.Days = []kontakt.Day{{Date: date(t, "2026-11-24"), Reason: "ferie"}}
	if open, _, _, closes := word.At(danish(t, "2026-11-23 12:00:00")); !open || !closes.Equal(danish(t, "2026-11-24 00:00:00")) {
		t.Errorf("the day before: open %v, closes %v", open, closes)
	}
	if open, reason, opens, _ := word.At(danish(t, "2026-11-24 12:00:00")); open || reason != "ferie" || !opens.Equal(danish(t, "2026-11-25 00:00:00")) {
		t.Errorf("that day: open %v, %q, opens %v", open, reason, opens)
	}
}

// What an older backend stored reads as it was meant: the same hours, closed on public holidays.
func TestOpening_whatAnOlderBackendStored(t *testing.T) {
	const stored = `{"hours":[{"from":0,"to":0},{"from":480,"to":960},{"from":480,"to":960},{"from":480,"to":960},{"from":480,"to":960},{"from":480,"to":960},{"from":0,"to":0}],"open_on":{"Year":2026,"Month":11,"Day":22}}`
	var o kontakt.Opening
	if err := json.Unmarshal([]byte(stored), &o); err != nil {
		t.Fatal(err)
	}
	if open, _, _, closes := o.At(danish(t, "2026-11-23 09:00:00")); !open || !closes.Equal(danish(t, "2026-11-23 16:00:00")) {
		t.Errorf("open %v, closes %v", open, closes)
	}
	if open, reason, _, _ := o.At(danish(t, "2026-12-25 09:00:00")); open || reason != "juledag" {
		t.Errorf("juledag: open %v, %q", open, reason)
	}
	if back, err := json.Marshal(o); err != nil || string(back) != stored {
		t.Errorf("stored again as %s, %v", back, err)
	}
	o.Holidays, o.Days = true, []kontakt.Day{{Date: date(t, "2026-11-24"), Reason: "kursus"}}
	back, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var again kontakt.Opening
	if err := json.Unmarshal(back, &again); err != nil || !reflect.DeepEqual(again, o) {
		t.Errorf("read again as %+v, %v", again, err)
	}
}

// Hours that go on over midnight close where they end, not at midnight (E40).
func TestOpening_closesAcrossMidnight(t *testing.T) {
	var o kontakt.Opening
	o.Hours[time.Monday] = kontakt.Span{From: 20 * 60, To: 24 * 60}
	o.Hours[time.Tuesday] = kontakt.Span{From: 0, To: 2 * 60}
	for _, at := range []string{"2026-11-23 20:00:00", "2026-11-23 23:59:59", "2026-11-24 00:00:00", "2026-11-24 01:59:59"} {
		if open, _, _, closes := o.At(danish(t, at)); !open || !closes.Equal(danish(t, "2026-11-24 02:00:00")) {
			t.Errorf("%s: open %v, closes %v", at, open, closes)
		}
	}
	if open, _, opens, _ := o.At(danish(t, "2026-11-24 02:00:00")); open || !opens.Equal(danish(t, "2026-11-30 20:00:00")) {
		t.Errorf("after: open %v, opens %v", open, opens)
	}
	morning := weekdays(8, 16).Set(true, "", danish(t, "2026-11-23 07:00:00")) // opened early, so till the day ends
	if open, _, _, closes := morning.At(danish(t, "2026-11-23 12:00:00")); !open || !closes.Equal(danish(t, "2026-11-24 00:00:00")) {
		t.Errorf("opened at 7: open %v, closes %v", open, closes)
	}
	var always kontakt.Opening
	for day := range always.Hours {
		always.Hours[day] = kontakt.Span{From: 0, To: 24 * 60}
	}
	always.Holidays = true
	if open, _, opens, closes := always.At(danish(t, "2026-11-23 12:00:00")); !open || !opens.IsZero() || !closes.IsZero() {
		t.Errorf("day and night: open %v, opens %v, closes %v; want no closing", open, opens, closes)
	}
}

// E38, E39: on both nights of the year the hours are those of the wall clock, an hour that comes twice counts the first
// time, and the time to the next opening runs down second by second.
func TestOpening_bothNightsWhenTheClocksChange(t *testing.T) {
	autumn := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC) // 02.00 in summer time; 02.00 again an hour later
	var o kontakt.Opening
	o.Hours[time.Sunday] = kontakt.Span{From: 2*60 + 30, To: 3 * 60}
	for _, row := range []struct {
		after time.Duration
		open  bool
	}{{29 * time.Minute, false}, {30 * time.Minute, true}, {time.Hour, true}, {90 * time.Minute, true}, {2*time.Hour - time.Second, true}, {2 * time.Hour, false}} {
		if open, _, _, _ := o.At(autumn.Add(row.after)); open != row.open {
			t.Errorf("02.00 summer time and %v: open %v, want %v", row.after, open, row.open)
		}
	}
	for _, night := range []string{"2026-10-24 20:00:00", "2026-03-28 20:00:00"} {
		o.Hours[time.Sunday] = kontakt.Span{From: 2*60 + 30, To: 10 * 60}
		from := danish(t, night)
		_, _, first, _ := o.At(from)
		last := first.Sub(from)
		if first.Sub(from) > 8*time.Hour {
			t.Fatalf("%s: opens at %v, want that night", night, first)
		}
		for at := from.Add(time.Minute); at.Before(first); at = at.Add(time.Minute) {
			_, _, opens, _ := o.At(at)
			if left := opens.Sub(at); left != last-time.Minute {
				t.Fatalf("%v: %v left, a minute ago %v", at.In(kontakt.Denmark), left, last)
			}
			last -= time.Minute
		}
		if open, _, _, closes := o.At(first); !open || kontakt.DateOf(closes) != kontakt.DateOf(first) || closes.In(kontakt.Denmark).Hour() != 10 {
			t.Errorf("%s: opens at %v: %v, closes %v", night, first, open, closes)
		}
	}
	spring := kontakt.Opening{}
	spring.Hours[time.Sunday] = kontakt.Span{From: 2*60 + 10, To: 2*60 + 50} // all of it is left out on 29 March
	if open, _, opens, _ := spring.At(danish(t, "2026-03-29 01:00:00")); open || !opens.Equal(danish(t, "2026-04-12 02:10:00")) {
		t.Errorf("hours that the night leaves out: open %v, opens %v", open, opens)
	}
}

// E42.
func TestOpening_leapDayAndTheEndOfTheYear(t *testing.T) {
	o := weekdays(8, 16)
	for _, row := range []struct{ at, opens string }{
		{"2028-02-28 20:00:00", "2028-02-29 08:00:00"}, // a Tuesday that comes every fourth year
		{"2028-02-29 20:00:00", "2028-03-01 08:00:00"},
		{"2026-12-31 23:59:59", "2027-01-04 08:00:00"}, // Friday is nytårsdag
		{"2029-12-31 23:00:00", "2030-01-02 08:00:00"},
	} {
		if open, _, opens, _ := o.At(danish(t, row.at)); open || !opens.Equal(danish(t, row.opens)) {
			t.Errorf("%s: open %v, opens %v, want %s", row.at, open, opens, row.opens)
		}
	}
	o.Days = []kontakt.Day{{Date: date(t, "2028-02-29"), Reason: "skuddag"}}
	if _, reason, opens, _ := o.At(danish(t, "2028-02-29 10:00:00")); reason != "skuddag" || !opens.Equal(danish(t, "2028-03-01 08:00:00")) {
		t.Errorf("closed on the leap day: %q, opens %v", reason, opens)
	}
}

// Whatever was stored and whenever it is asked: no panic, an opening lies ahead and is one, a closing lies ahead and is
// one.
func FuzzOpening_At(f *testing.F) {
	f.Add([]byte(`{"hours":[{"from":150,"to":600},{"from":480,"to":960}]}`), int64(1_806_195_599))
	f.Add([]byte(`{"hours":[{},{"from":1200,"to":1440},{"from":0,"to":120}],"holidays":true}`), int64(1_795_000_000))
	f.Add([]byte(`{"days":[{"date":{"Year":2026,"Month":11,"Day":24},"reason":"ferie"}],"open_on":{"Year":2026,"Month":11,"Day":24}}`), int64(1_795_514_400))
	f.Add([]byte(`{"hours":[{"from":-9,"to":99999}],"closed":true,"reason":"syg"}`), int64(0))
	f.Add([]byte(`{"hours":[{"from":0,"to":1440},{"from":0,"to":1440},{"from":0,"to":1440},{"from":0,"to":1440},{"from":0,"to":1440},{"from":0,"to":1440},{"from":0,"to":1440}]}`), int64(-935_200_000))
	f.Fuzz(func(t *testing.T, stored []byte, unix int64) {
		var o kontakt.Opening
		if json.Unmarshal(stored, &o) != nil {
			return
		}
		const farthest = 1 << 40 // some 34,000 years either way
		at := time.Unix(unix%farthest, 0)
		open, _, opens, closes := o.At(at)
		if !opens.IsZero() {
			if again, _, _, _ := o.At(opens); open || !opens.After(at) || !again {
				t.Errorf("%v: open %v, opens %v, and then open %v", at, open, opens, again)
			}
		}
		if !closes.IsZero() {
			if again, _, _, _ := o.At(closes); !open || !closes.After(at) || again {
				t.Errorf("%v: open %v, closes %v, and then open %v", at, open, closes, again)
			}
		}
		for _, word := range []bool{true, false} {
			if got, _, _, _ := o.Set(word, "x", at).At(at); got != word {
				t.Errorf("%v: set to %v, is %v", at, word, got)
			}
		}
	})
}
