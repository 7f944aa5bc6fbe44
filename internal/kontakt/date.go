package kontakt

import (
	"fmt"
	"time"
	_ "time/tzdata" // clinics live on Danish time whatever the machine knows
)

// Denmark is the time zone of every clinic, opening hour and birthday.
var Denmark = mustLoad("Europe/Copenhagen")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic("kontakt: embedded time zone data lacks " + name)
	}
	return loc
}

// Date is a day in the Danish calendar. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf gives the Danish day that t falls on.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Denmark).Date()
	return Date{y, m, d}
}

// NewDate gives the day, and false where the calendar has no such day.
func NewDate(year int, month time.Month, day int) (Date, bool) {
	y, m, d := time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Date()
	if y != year || m != month || d != day {
		return Date{}, false
	}
	return Date{year, month, day}, true
}

// ParseDate reads "2000-02-29".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, &Error{Op: "kontakt.ParseDate", Kind: Invalid, Msg: MsgBadRequest}
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// String gives "2000-02-29".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Before orders two days.
func (d Date) Before(o Date) bool {
	if d.Year != o.Year {
		return d.Year < o.Year
	}
	if d.Month != o.Month {
		return d.Month < o.Month
	}
	return d.Day < o.Day
}

// plus gives the day some days later.
func (d Date) plus(days int) Date {
	t := d.noon().AddDate(0, 0, days)
	return Date{t.Year(), t.Month(), t.Day()}
}

// daysTo counts the days from d to o.
func (d Date) daysTo(o Date) int { return int((o.noon().Unix() - d.noon().Unix()) / (24 * 60 * 60)) }

func (d Date) weekday() time.Weekday { return d.noon().Weekday() }

// noon is a time on the day that no change of clocks moves to another.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// AgeOn gives the whole years from d to today. Someone born on 29 February has the birthday on 1 March in other years.
func (d Date) AgeOn(today Date) int {
	age := today.Year - d.Year
	if today.Month < d.Month || today.Month == d.Month && today.Day < d.Day {
		age--
	}
	return age
}
