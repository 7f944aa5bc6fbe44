package i18n

import (
	"strconv"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Clock gives "kl. 14.05", in English "at 14:05".
func (l Lookup) Clock(t time.Time) string { return l.Say("time.clock", "tid", l.Time(t)) }

// Time gives "14.05", in English "14:05".
func (l Lookup) Time(t time.Time) string {
	if l.language == English {
		return t.In(kontakt.Denmark).Format("15:04")
	}
	return t.In(kontakt.Denmark).Format("15.04")
}

// Date gives "29. februar 2000", in English "29 February 2000".
func (l Lookup) Date(d kontakt.Date) string {
	return l.Say("time.date", "d", strconv.Itoa(d.Day), "måned", l.oneOf("time.months", int(d.Month)-1), "år", strconv.Itoa(d.Year))
}

// Day gives "i dag", "i morgen", the weekday within the coming week, or the date.
func (l Lookup) Day(d, today kontakt.Date) string {
	noon := func(d kontakt.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }
	switch days := int(noon(d).Sub(noon(today)).Hours() / 24); {
	case days == 0:
		return l.Say("time.today")
	case days == 1:
		return l.Say("time.tomorrow")
	case 1 < days && days < 7:
		return l.oneOf("time.weekdays", int(noon(d).Weekday()))
	}
	return l.Date(d)
}

// Minutes gives "14 minutter", "1 minut" or "under 1 minut".
func (l Lookup) Minutes(d time.Duration) string {
	if d < time.Minute {
		return l.Say("time.under_a_minute")
	}
	return l.Say("time.minutes", "n", strconv.Itoa(int(d/time.Minute)))
}

// Wait gives an honest range in whole minutes, or says that it is not known. A range that begins below a minute has
// only an end.
func (l Lookup) Wait(w kontakt.Wait) string {
	from, to := w.Minutes()
	switch {
	case to == 0:
		return l.Say("q.wait_unknown")
	case from == 0:
		return l.Say("q.wait_short", "b", strconv.Itoa(to))
	}
	return l.Say("q.wait_range", "a", strconv.Itoa(from), "b", strconv.Itoa(to))
}

// Elapsed gives "4:07", or "1:02:03" from an hour on.
func Elapsed(d time.Duration) string {
	two := func(n int) string {
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	s := int(max(d, 0) / time.Second)
	if s >= 3600 {
		return strconv.Itoa(s/3600) + ":" + two(s/60%60) + ":" + two(s%60)
	}
	return strconv.Itoa(s/60) + ":" + two(s%60)
}

func (l Lookup) oneOf(key kontakt.MsgKey, i int) string {
	if words := strings.Split(l.texts[key], ","); 0 <= i && i < len(words) {
		return words[i]
	}
	return "–"
}
