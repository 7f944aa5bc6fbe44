package i18n_test

import (
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/ui/i18n"
)

// plain replaces spaces that do not break, so that rows can be read.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestTimes_areSaidAsPeopleSayThem(t *testing.T) {
	da, en := i18n.For("da"), i18n.For("en")
	utc := time.Date(2026, time.July, 1, 12, 5, 0, 0, time.UTC) // 14.05 in Denmark: summer time
	leap := kontakt.Date{Year: 2000, Month: time.February, Day: 29}
	monday := kontakt.Date{Year: 2026, Month: time.November, Day: 23}
	day := func(n int) kontakt.Date { return kontakt.Date{Year: 2026, Month: time.November, Day: 23 + n} }
	rows := []struct{ name, got, want string }{
		{"a clock is Danish wherever the machine is", da.Clock(utc), "kl. 14.05"},
		{"in English", en.Clock(utc), "at 14:05"},
		{"a clock in winter", da.Time(time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)), "10.00"},
		{"a leap day", da.Date(leap), "29. februar 2000"},
		{"in English", en.Date(leap), "29 February 2000"},
		{"today", da.Day(monday, monday), "i dag"},
		{"tomorrow", da.Day(day(1), monday), "i morgen"},
		{"this week", da.Day(day(3), monday), "torsdag"},
		{"in English", en.Day(day(3), monday), "Thursday"},
		{"in a week it is the date", da.Day(day(7), monday), "30. november 2026"},
		{"yesterday is the date", da.Day(day(-1), monday), "22. november 2026"},
		{"seconds", da.Minutes(59 * time.Second), "under 1 minut"},
		{"one minute", da.Minutes(119 * time.Second), "1 minut"},
		{"minutes", da.Minutes(14 * time.Minute), "14 minutter"},
	}
	for _, r := range rows {
		if got := plain(r.got); got != r.want {
			t.Errorf("%s: %q, want %q", r.name, got, r.want)
		}
	}
}

func TestWait_isARangeOrSaysThatItIsNotKnown(t *testing.T) {
	da := i18n.For("da")
	rows := []struct {
		name string
		wait kontakt.Wait
		want string
	}{
		{"nothing known", kontakt.Wait{From: time.Minute, To: time.Hour}, "Vi kender ikke ventetiden endnu"},
		{"a range, rounded outwards", kontakt.Wait{Known: true, From: 10*time.Minute + 50*time.Second, To: 19*time.Minute + time.Second}, "Ventetid ca. 10–20 min."},
		{"it may be any moment", kontakt.Wait{Known: true, From: 20 * time.Second, To: 5 * time.Minute}, "Ventetid under 5 min."},
		{"never a single false minute", kontakt.Wait{Known: true, From: 4 * time.Minute, To: 4 * time.Minute}, "Ventetid under 4 min."},
		{"nothing in between", kontakt.Wait{Known: true}, "Ventetid under 1 min."},
	}
	for _, r := range rows {
		if got := plain(da.Wait(r.wait)); got != r.want {
			t.Errorf("%s: %q, want %q", r.name, got, r.want)
		}
	}
}

func TestElapsed_countsUp(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0:00", 0: "0:00", 7 * time.Second: "0:07", 247 * time.Second: "4:07", 3723 * time.Second: "1:02:03",
	} {
		if got := i18n.Elapsed(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
