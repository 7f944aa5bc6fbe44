package kontakt

import "time"

// Holiday is a day on which Danish doctors' clinics are closed.
type Holiday struct {
	Date Date
	Name string // in Danish, as it stands within a sentence: "langfredag"
	// Public is a holiday by law (helligdag). The other days are only usually closed: a clinic decides by its own dates.
	Public bool
}

// movable holidays lie a number of days after Easter Sunday.
var movable = []struct {
	after int
	name  string
	until int // the last year; 0: still
}{
	{-3, "skærtorsdag", 0},
	{-2, "langfredag", 0},
	{0, "påskedag", 0},
	{1, "2. påskedag", 0},
	{26, "store bededag", 2023},
	{39, "Kristi himmelfartsdag", 0},
	{49, "pinsedag", 0},
	{50, "2. pinsedag", 0},
}

// fixed holidays have the same date every year.
var fixed = []struct {
	month  time.Month
	day    int
	name   string
	public bool
}{
	{time.January, 1, "nytårsdag", true},
	{time.June, 5, "grundlovsdag", false},
	{time.December, 24, "juleaftensdag", false},
	{time.December, 25, "juledag", true},
	{time.December, 26, "2. juledag", true},
	{time.December, 31, "nytårsaftensdag", false},
}

// Holidays gives a year's holidays in the order of their dates, by the rules of our time. Two may share a date:
// grundlovsdag and pinsedag in 2022; the public one comes first.
func Holidays(year int) []Holiday {
	var all []Holiday
	for d := (Date{year, time.January, 1}); d.Year == year; d = d.plus(1) {
		all = append(all, holidaysOn(d)...)
	}
	return all
}

// HolidayOn gives the holiday of a day, the public one where two meet; false where it has none.
func HolidayOn(d Date) (Holiday, bool) {
	if all := holidaysOn(d); len(all) > 0 {
		return all[0], true
	}
	return Holiday{}, false
}

// holidaysOn gives those of one day, the public first.
func holidaysOn(d Date) []Holiday {
	var all []Holiday
	after := easter(d.Year).daysTo(d)
	for _, h := range movable {
		if h.after == after && (h.until == 0 || d.Year <= h.until) {
			all = append(all, Holiday{Date: d, Name: h.name, Public: true})
		}
	}
	for _, h := range fixed {
		if h.month == d.Month && h.day == d.Day {
			all = append(all, Holiday{Date: d, Name: h.name, Public: h.public})
		}
	}
	return all
}

// easter gives Easter Sunday by the Gregorian computus, in the form of Meeus, Jones and Butcher.
func easter(year int) Date {
	golden, century, ofCentury := year%19, year/100, year%100
	moonShift := (century - (century+8)/25 + 1) / 3
	epact := (19*golden + century - century/4 - moonShift + 15) % 30
	weekday := (32 + 2*(century%4) + 2*(ofCentury/4) - epact - ofCentury%4) % 7
	late := (golden + 11*epact + 22*weekday) / 451
	n := epact + weekday - 7*late + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}
