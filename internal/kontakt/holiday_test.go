package kontakt_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

// calendar is written from printed Danish calendars, month.day in the order of movableNames; the others have fixed dates.
var calendar = map[int][]string{
	2023: {"04-06", "04-07", "04-09", "04-10", "05-05", "05-18", "05-28", "05-29"},
	2024: {"03-28", "03-29", "03-31", "04-01", "", "05-09", "05-19", "05-20"},
	2025: {"04-17", "04-18", "04-20", "04-21", "", "05-29", "06-08", "06-09"},
	2026: {"04-02", "04-03", "04-05", "04-06", "", "05-14", "05-24", "05-25"},
	2027: {"03-25", "03-26", "03-28", "03-29", "", "05-06", "05-16", "05-17"},
	2028: {"04-13", "04-14", "04-16", "04-17", "", "05-25", "06-04", "06-05"},
	2029: {"03-29", "03-30", "04-01", "04-02", "", "05-10", "05-20", "05-21"},
	2030: {"04-18", "04-19", "04-21", "04-22", "", "05-30", "06-09", "06-10"},
}

var movableNames = []string{
	"skærtorsdag", "langfredag", "påskedag", "2. påskedag", "store bededag", "Kristi himmelfartsdag", "pinsedag", "2. pinsedag",
}

// printed gives a year's public holidays from the calendar, name by date.
func printed(year int) map[string]string {
	days := map[string]string{}
	for i, day := range calendar[year] {
		if day != "" {
			days[fmt.Sprintf("%d-%s", year, day)] = movableNames[i]
		}
	}
	for day, name := range map[string]string{"01-01": "nytårsdag", "12-25": "juledag", "12-26": "2. juledag"} {
		days[fmt.Sprintf("%d-%s", year, day)] = name
	}
	return days
}

func TestHolidays_areThoseOfThePrintedCalendars(t *testing.T) {
	for year := range calendar {
		want, usual := printed(year), []string{}
		for _, h := range kontakt.Holidays(year) {
			if !h.Public {
				usual = append(usual, h.Date.String()[5:]+" "+h.Name)
				continue
			}
			if want[h.Date.String()] != h.Name {
				t.Errorf("%s is %q, want %q", h.Date, h.Name, want[h.Date.String()])
			}
			delete(want, h.Date.String())
		}
		for day, name := range want {
			t.Errorf("%s, %s, is missing", day, name)
		}
		if got := fmt.Sprint(usual); got != "[06-05 grundlovsdag 12-24 juleaftensdag 12-31 nytårsaftensdag]" {
			t.Errorf("%d: usually closed on %s", year, got)
		}
	}
}

// The rare Easters: the earliest and the latest there are, and the two that the plain rule of the moon gets wrong.
func TestHolidays_theRareEasters(t *testing.T) {
	for _, want := range []string{"1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22"} {
		d, err := kontakt.ParseDate(want)
		if err != nil {
			t.Fatal(err)
		}
		if h, ok := kontakt.HolidayOn(d); !ok || h.Name != "påskedag" {
			t.Errorf("%s is %q, want påskedag", want, h.Name)
		}
	}
}

func TestHolidays_thePublicOneComesFirstWhereTwoMeet(t *testing.T) {
	meet := kontakt.Date{Year: 2022, Month: time.June, Day: 5}
	if h, _ := kontakt.HolidayOn(meet); h.Name != "pinsedag" || !h.Public {
		t.Errorf("%s is %q", meet, h.Name)
	}
	all := kontakt.Holidays(2022)
	i := slices.IndexFunc(all, func(h kontakt.Holiday) bool { return h.Date == meet })
	if all[i].Name != "pinsedag" || all[i+1].Name != "grundlovsdag" {
		t.Errorf("%v", all)
	}
	if _, ok := kontakt.HolidayOn(kontakt.Date{Year: 2022, Month: time.June, Day: 6}); !ok {
		t.Error("2. pinsedag 2022 is missing")
	}
}

// A whole calendar, day by day: a clinic with weekday hours is closed on Saturdays, Sundays and every public holiday,
// says which, and names the next day that is open.
func TestOpening_sevenYearsOfHolidaysDayByDay(t *testing.T) {
	o := weekdays(8, 16)
	for year := 2024; year <= 2030; year++ {
		closed := printed(year)
		nextYear := fmt.Sprintf("%d-01-01", year+1)
		closed[nextYear] = "nytårsdag"
		working := func(day time.Time) bool {
			weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
			return !weekend && closed[day.Format(time.DateOnly)] == ""
		}
		for noon := time.Date(year, 1, 1, 12, 0, 0, 0, kontakt.Denmark); noon.Year() == year; noon = noon.AddDate(0, 0, 1) {
			open, reason, opens, closes := o.At(noon)
			if open != working(noon) || reason != closed[noon.Format(time.DateOnly)] {
				t.Errorf("%s: open %v, reason %q", noon.Format(time.DateOnly), open, reason)
			}
			if open && !closes.Equal(noon.Add(4*time.Hour)) {
				t.Errorf("%s: closes at %v", noon.Format(time.DateOnly), closes)
			}
			if open {
				continue
			}
			next := noon.AddDate(0, 0, 1)
			for !working(next) {
				next = next.AddDate(0, 0, 1)
			}
			if want := time.Date(next.Year(), next.Month(), next.Day(), 8, 0, 0, 0, kontakt.Denmark); !opens.Equal(want) {
				t.Errorf("%s: opens at %v, want %v", noon.Format(time.DateOnly), opens, want)
			}
		}
	}
}
