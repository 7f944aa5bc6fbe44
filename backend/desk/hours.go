package desk

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

// weekdays by what people write, Danish and English, short and long.
var weekdays = map[string]time.Weekday{
	"man": time.Monday, "mandag": time.Monday, "mon": time.Monday, "monday": time.Monday,
	"tir": time.Tuesday, "tirsdag": time.Tuesday, "tue": time.Tuesday, "tuesday": time.Tuesday,
	"ons": time.Wednesday, "onsdag": time.Wednesday, "wed": time.Wednesday, "wednesday": time.Wednesday,
	"tor": time.Thursday, "torsdag": time.Thursday, "thu": time.Thursday, "thursday": time.Thursday,
	"fre": time.Friday, "fredag": time.Friday, "fri": time.Friday, "friday": time.Friday,
	"lør": time.Saturday, "lørdag": time.Saturday, "sat": time.Saturday, "saturday": time.Saturday,
	"søn": time.Sunday, "søndag": time.Sunday, "sun": time.Sunday, "sunday": time.Sunday,
}

// always is the word for a room without fixed hours.
const always = "altid"

// closedWord is the word for a date without hours.
const closedWord = "lukket"

// ParseHours reads a week: "man-tor 8:00-15:30, fre 8-13". Days that are not named are closed; "altid" alone is a room
// without fixed hours, which the clinic opens and closes itself.
func ParseHours(s string) (week [7]kontakt.Span, err error) {
	if strings.TrimSpace(s) == always {
		return week, nil
	}
	named := [7]bool{}
	for part := range strings.SplitSeq(s, ",") {
		fields := strings.Fields(strings.ToLower(part))
		if len(fields) != 2 {
			return week, fmt.Errorf("hours %q: days and a stretch, such as \"man-tor 8:00-15:30\"", strings.TrimSpace(part))
		}
		days, err := parseDays(fields[0])
		if err != nil {
			return week, err
		}
		span, err := parseSpan(fields[1])
		if err != nil {
			return week, err
		}
		for _, d := range days {
			if named[d] {
				return week, fmt.Errorf("hours: %s stands there twice", fields[0])
			}
			named[d], week[d] = true, span
		}
	}
	return week, nil
}

func parseDays(s string) ([]time.Weekday, error) {
	first, last, isRange := strings.Cut(s, "-")
	from, ok := weekdays[first]
	to, also := weekdays[last]
	if !isRange {
		to, also = from, true
	}
	if !ok || !also {
		return nil, fmt.Errorf("hours %q: man, tir, ons, tor, fre, lør, søn, or from-to", s)
	}
	days := []time.Weekday{from}
	for d := from; d != to; {
		d = (d + 1) % 7
		days = append(days, d)
	}
	return days, nil
}

func parseSpan(s string) (kontakt.Span, error) {
	from, to, ok := strings.Cut(s, "-")
	a, err := parseClock(from)
	b, err2 := parseClock(to)
	if !ok || err != nil || err2 != nil || a >= b {
		return kontakt.Span{}, fmt.Errorf("hours %q: from and to within one day, such as 8:00-15:30", s)
	}
	return kontakt.Span{From: a, To: b}, nil
}

// parseClock reads "8", "8:30" and "08.30", to 24:00.
func parseClock(s string) (int, error) {
	hour, minute, hasMinute := strings.Cut(strings.ReplaceAll(s, ".", ":"), ":")
	h, err := strconv.ParseUint(hour, 10, 8)
	m := uint64(0)
	if err == nil && hasMinute {
		m, err = strconv.ParseUint(minute, 10, 8)
	}
	if err != nil || m > 59 || h*60+m > 24*60 {
		return 0, fmt.Errorf("%q is no time of day", s)
	}
	return int(h*60 + m), nil
}

// ParseDay reads a date with its own hours: "2026-12-24 8-11", or "2026-12-24 lukket ferie", where what follows lukket is
// what citizens read.
func ParseDay(s string) (kontakt.Day, error) {
	date, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	d, err := kontakt.ParseDate(date)
	if err != nil {
		return kontakt.Day{}, fmt.Errorf("day %q: begins with a date, such as 2026-12-24", s)
	}
	hours, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	day := kontakt.Day{Date: d, Reason: strings.TrimSpace(reason)}
	if hours != closedWord {
		if day.Hours, err = parseSpan(hours); err != nil {
			return kontakt.Day{}, fmt.Errorf("day %q: then \"8:00-11:00\" or %q with a reason", s, closedWord)
		}
	}
	if day.Reason != "" {
		if err := words("reason", day.Reason); err != nil {
			return kontakt.Day{}, fmt.Errorf("day %s: %w", d, err)
		}
	}
	return day, nil
}

// HoursText writes a week as ParseHours reads it.
func HoursText(week [7]kontakt.Span) string {
	if week == ([7]kontakt.Span{}) {
		return always
	}
	short := [7]string{"søn", "man", "tir", "ons", "tor", "fre", "lør"}
	var parts []string
	for i := range 7 {
		day := (i + 1) % 7 // from Monday on
		if span := week[day]; span.From < span.To {
			parts = append(parts, short[day]+" "+clock(span.From)+"-"+clock(span.To))
		}
	}
	return strings.Join(parts, ", ")
}

func clock(minute int) string { return fmt.Sprintf("%d:%02d", minute/60, minute%60) }

// DayText writes a date as ParseDay reads it.
func DayText(d kontakt.Day) string {
	hours := closedWord
	if d.Hours.From < d.Hours.To {
		hours = clock(d.Hours.From) + "-" + clock(d.Hours.To)
	}
	return strings.TrimSpace(d.Date.String() + " " + hours + " " + d.Reason)
}
