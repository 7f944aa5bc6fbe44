package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

// sentences on numbers, by what ParseCPR says of them.
var cprSentences = map[kontakt.MsgKey]string{
	kontakt.MsgCPREmpty:  "there is no CPR number: fill it in, or leave the row out",
	kontakt.MsgCPRLength: "a CPR number has ten digits: correct it",
	kontakt.MsgCPRChars:  "a CPR number has digits only: correct it",
	kontakt.MsgCPRFormat: "the hyphen of a CPR number stands after six digits: correct it",
	kontakt.MsgCPRDate:   "the first six digits are no date: correct the number",
	kontakt.MsgCPRFuture: "the first six digits are a date to come: correct the number",
	kontakt.MsgCPRECPR:   "this is neither a CPR number nor a replacement for one: correct it",
}

var (
	nineDigits = regexp.MustCompile(`^[0-9]{9}$`)
	rounded    = regexp.MustCompile(`^[0-9][.,][0-9]+[eE]\+?[0-9]+$`)
)

// readCPR reads a number. eaten: its leading zero was missing, and nothing else can have been meant in this row; whether
// the whole table lacks them is for who has read it to the end.
func readCPR(cell string, today kontakt.Date) (cpr kontakt.CPR, eaten bool, say string) {
	if rounded.MatchString(cell) {
		return cpr, false, "Excel has rounded the number: format the column as text, and fill it in anew"
	}
	if nineDigits.MatchString(cell) {
		if cpr, err := kontakt.ParseCPR("0"+cell, today); err == nil && !cpr.Replacement() {
			return cpr, true, ""
		}
	}
	cpr, err := kontakt.ParseCPR(cell, today)
	if err != nil {
		msg, _ := kontakt.MsgOf(err)
		return kontakt.CPR{}, false, cprSentences[msg]
	}
	if cpr.Replacement() {
		return kontakt.CPR{}, false, "this is a replacement number (erstatnings-CPR), which no register holds: leave the row out"
	}
	return cpr, false, ""
}

// readYdernummer reads a provider number; "" for none. Excel eats its leading zeros: six digits are meant, always.
func readYdernummer(cell string) (yder kontakt.Ydernummer, eaten bool, say string) {
	if cell == "" {
		return "", false, ""
	}
	if len(cell) > 6 || strings.Trim(cell, "0123456789") != "" || strings.Trim(cell, "0") == "" {
		return "", false, "a ydernummer has six digits: correct it, or leave the cell empty"
	}
	return kontakt.Ydernummer(strings.Repeat("0", 6-len(cell)) + cell), len(cell) < 6, ""
}

var (
	dayFirst  = regexp.MustCompile(`^([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4}|[0-9]{2})$`)
	yearFirst = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$`)
	clock     = regexp.MustCompile(`^(?i:kl\.? *)?([0-9]{1,2})[:.]([0-9]{2})(?:[:.]00)?$`)
	bareClock = regexp.MustCompile(`^([0-9]{1,2})([0-9]{2})$`)
	minutes   = regexp.MustCompile(`^([0-9]{1,3})(?i: *(?:m|min|min\.|minutter|minutes))?$`)
)

// readDate reads a day as Danish programs write it, day first, or as ISO does.
func readDate(cell string) (kontakt.Date, string) {
	const say = "a date is written 23-11-2026 or 2026-11-23: correct it"
	f := dayFirst.FindStringSubmatch(cell)
	if f == nil {
		if f = yearFirst.FindStringSubmatch(cell); f == nil {
			return kontakt.Date{}, say
		}
		f[1], f[3] = f[3], f[1]
	}
	day, _ := strconv.Atoi(f[1])
	month, _ := strconv.Atoi(f[2])
	year, _ := strconv.Atoi(f[3])
	if len(f[3]) == 2 {
		year += 2000
	}
	date, ok := kontakt.NewDate(year, time.Month(month), day)
	switch {
	case !ok:
		return kontakt.Date{}, "there is no such day: correct the date"
	case year < 2000 || year > 2100:
		return kontakt.Date{}, say
	}
	return date, ""
}

// readTime reads a time on a day by the Danish wall clock. An hour that comes twice is its first; one that is left out
// is none.
func readTime(cell string, day kontakt.Date) (time.Time, string) {
	f := clock.FindStringSubmatch(cell)
	if f == nil {
		if f = bareClock.FindStringSubmatch(cell); f == nil {
			return time.Time{}, "a time is written 9:30 or 09.30: correct it"
		}
	}
	hour, _ := strconv.Atoi(f[1])
	minute, _ := strconv.Atoi(f[2])
	if hour > 23 || minute > 59 {
		return time.Time{}, "there is no such time: correct it"
	}
	t := time.Date(day.Year, day.Month, day.Day, hour, minute, 0, 0, kontakt.Denmark)
	if t.Hour() != hour || t.Minute() != minute {
		return time.Time{}, "the clocks are put forward that night, and there is no such time: correct it"
	}
	if earlier := t.Add(-time.Hour); earlier.Hour() == hour {
		t = earlier
	}
	return t.UTC(), ""
}

// readMinutes reads how long a booked time lasts; 0 where the table does not say.
func readMinutes(cell string) (int, string) {
	if cell == "" {
		return 0, ""
	}
	f := minutes.FindStringSubmatch(cell)
	if f == nil {
		return 0, "a length is written in minutes, such as 15: correct it, or leave the cell empty"
	}
	n, _ := strconv.Atoi(f[1])
	if n > 480 {
		return 0, "a booked time lasts 480 minutes at most: correct it"
	}
	return n, ""
}
