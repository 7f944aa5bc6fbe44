package desk_test

import (
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/desk"
	"kontaktlaege/internal/kontakt"
)

func TestParseHours_asPeopleWriteThem(t *testing.T) {
	day, short := kontakt.Span{From: 8 * 60, To: 15*60 + 30}, kontakt.Span{From: 8 * 60, To: 13 * 60}
	for in, want := range map[string][7]kontakt.Span{
		"altid": {},
		"man-tor 8:00-15:30, fre 8-13": {
			time.Monday: day, time.Tuesday: day, time.Wednesday: day, time.Thursday: day, time.Friday: short,
		},
		" Mandag 08.00-15.30 ,Fredag 8-13": {time.Monday: day, time.Friday: short},
		"fri-mon 8-13":                     {time.Friday: short, time.Saturday: short, time.Sunday: short, time.Monday: short},
		"søn 0-24":                         {time.Sunday: {From: 0, To: 24 * 60}},
	} {
		got, err := desk.ParseHours(in)
		if err != nil || got != want {
			t.Errorf("%q = %v, %v", in, got, err)
		}
		if again, err := desk.ParseHours(desk.HoursText(got)); err != nil || again != want {
			t.Errorf("%q is written as %q, which reads %v, %v", in, desk.HoursText(got), again, err)
		}
	}
	for in, names := range map[string]string{
		"":                        "hours",
		"man":                     `"man"`,
		"man 8-15 16-18":          `"man 8-15 16-18"`,
		"xyz 8-15":                `"xyz"`,
		"man-xyz 8-15":            `"man-xyz"`,
		"man 15-8":                `"15-8"`,
		"man 8-8":                 `"8-8"`,
		"man 8-25":                `"8-25"`,
		"man 8:60-9":              `"8:60-9"`,
		"man -8-9":                `"-8-9"`,
		"man 8-24:01":             `"8-24:01"`,
		"man-fre 8-15, tir 10-12": "tir",
		"man 8-15, altid":         "altid",
	} {
		if got, err := desk.ParseHours(in); err == nil || !strings.Contains(err.Error(), names) {
			t.Errorf("%q = %v, %v: want an error that names %s", in, got, err, names)
		}
	}
}

func TestParseDay(t *testing.T) {
	date := kontakt.Date{Year: 2026, Month: time.December, Day: 24}
	for in, want := range map[string]kontakt.Day{
		"2026-12-24 8:00-11":                {Date: date, Hours: kontakt.Span{From: 480, To: 660}},
		" 2026-12-24  8-11 kun telefonisk ": {Date: date, Hours: kontakt.Span{From: 480, To: 660}, Reason: "kun telefonisk"},
		"2026-12-24 lukket":                 {Date: date},
		"2026-12-24 lukket ferie til nytår": {Date: date, Reason: "ferie til nytår"},
	} {
		got, err := desk.ParseDay(in)
		if err != nil || got != want {
			t.Errorf("%q = %+v, %v", in, got, err)
		}
		if again, err := desk.ParseDay(desk.DayText(got)); err != nil || again != want {
			t.Errorf("%q is written as %q, which reads %+v, %v", in, desk.DayText(got), again, err)
		}
	}
	for _, in := range []string{"", "24-12-2026 lukket", "2026-02-30 lukket", "2026-12-24", "2026-12-24 ferie", "2026-12-24 11-8"} {
		if got, err := desk.ParseDay(in); err == nil {
			t.Errorf("%q = %+v", in, got)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"altid", "man-tor 8:00-15:30, fre 8-13", "søn 0-24", "man-man 8.00-9", "fre-man 1-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		week, err := desk.ParseHours(s)
		if err != nil {
			return
		}
		for _, span := range week {
			if span.From < 0 || span.To > 24*60 || span.From > span.To {
				t.Fatalf("%q gives %+v", s, span)
			}
		}
		if again, err := desk.ParseHours(desk.HoursText(week)); err != nil || again != week {
			t.Fatalf("%q is not read back: %v, %v", s, again, err)
		}
	})
}
