package kontakt

import "time"

// Opening says when a clinic's waiting room takes citizens in: by its own dates, by fixed hours in Danish time on days
// that are no public holiday, and by the clinic's word, which goes before them all. Without any it is open.
type Opening struct {
	Hours [7]Span `json:"hours"` // by time.Weekday; all empty: no fixed hours, open all day
	// Days go before the week's hours and before holidays; of two with one date the first counts.
	Days []Day `json:"days,omitempty"`
	// Holidays keeps the fixed hours on public holidays too. What was stored before there was this field reads as false,
	// which is what a Danish clinic means by its hours. Without fixed hours there are none to suspend: such a room is
	// the clinic's word alone, on holidays as on other days.
	Holidays bool `json:"holidays,omitempty"`
	// Closed is the clinic's own word until it takes it back, with the reason it gave.
	Closed bool   `json:"closed,omitempty"`
	Reason string `json:"reason,omitempty"`
	// OpenOn is the day on which the clinic opened outside its hours.
	OpenOn Date `json:"open_on"`
}

// Span is a stretch of a day in minutes after midnight by the wall clock, To not included; From >= To is none. What
// lies outside the day does not count: hours over midnight are two spans that meet there.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Day is a date with hours of its own; closed where Hours is none. Reason is what a citizen reads outside those hours:
// "ferie", "kursus".
type Day struct {
	Date   Date   `json:"date"`
	Hours  Span   `json:"hours"`
	Reason string `json:"reason,omitempty"`
}

const (
	midnight = 24 * 60
	// opensWithin is how many days ahead the next opening is looked for; beyond them it is not known.
	opensWithin = 400
	// closesWithin is how many stretches that meet are followed to a closing; a room that is open for longer has none
	// that is worth telling.
	closesWithin = 8
)

// Fixed says whether the room opens and closes by the clock, with nobody's word.
func (o Opening) Fixed() bool { return o.Hours != [7]Span{} || len(o.Days) > 0 }

// At tells how the room stands at a time: whether it is open, why it was closed, and when it opens or closes next
// (zero where that is not known).
func (o Opening) At(t time.Time) (open bool, reason string, opensAt, closesAt time.Time) {
	if o.Closed {
		return false, o.Reason, time.Time{}, time.Time{}
	}
	if !o.Fixed() {
		return true, "", time.Time{}, time.Time{}
	}
	if end, open := o.stretch(t); open {
		return true, "", time.Time{}, o.closing(end)
	}
	today := DateOf(t)
	_, reason = o.day(today)
	for days := range opensWithin {
		span, _ := o.day(today.plus(days))
		if from, to := today.plus(days).span(span); from.Before(to) && from.After(t) {
			return false, reason, from, time.Time{}
		}
	}
	return false, reason, time.Time{}, time.Time{}
}

// day gives a date's hours, and the reason for their being other than the week's.
func (o Opening) day(d Date) (Span, string) {
	for _, own := range o.Days {
		if own.Date == d {
			return own.Hours, own.Reason
		}
	}
	if o.Hours == ([7]Span{}) {
		return Span{0, midnight}, ""
	}
	if h, ok := HolidayOn(d); ok && h.Public && !o.Holidays {
		return Span{}, h.Name
	}
	return o.Hours[d.weekday()], ""
}

// stretch gives the end of the open stretch that a time lies in; false where the room is closed then.
func (o Opening) stretch(t time.Time) (end time.Time, open bool) {
	today := DateOf(t)
	span, _ := o.day(today)
	if from, to := today.span(span); !t.Before(from) && t.Before(to) {
		return to, true
	}
	return today.clock(midnight), today == o.OpenOn
}

// closing follows the stretches that meet, over midnight too, from the end of the first to the closing.
func (o Opening) closing(end time.Time) time.Time {
	for range closesWithin {
		next, open := o.stretch(end)
		if !open {
			return end
		}
		end = next
	}
	return time.Time{}
}

// span gives the times at which a stretch of the day begins and ends. Where a change of clocks swallows it whole they
// are the same.
func (d Date) span(s Span) (from, to time.Time) {
	return d.clock(max(s.From, 0)), d.clock(min(s.To, midnight))
}

// clock gives the time of a minute of the day. A minute that the spring change of clocks leaves out is the first one
// after it; of one that the autumn change repeats, the first counts.
func (d Date) clock(minute int) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, Denmark)
	start, end := t.ZoneBounds()
	if t.Hour()*60+t.Minute() != minute%midnight { // beside the hour that is left out, on whichever side
		if end.IsZero() || t.Sub(start) < end.Sub(t) {
			return start.UTC()
		}
		return end.UTC()
	}
	if start.IsZero() {
		return t.UTC()
	}
	_, now := t.Zone()
	_, before := start.Add(-time.Second).Zone()
	if repeated := time.Duration(before-now) * time.Second; repeated > 0 && t.Sub(start) < repeated {
		return t.Add(-repeated).UTC()
	}
	return t.UTC()
}

// Set opens or closes by the clinic's word at a time. Opening within the hours just takes an earlier closing back;
// outside them it holds until the Danish day ends.
func (o Opening) Set(open bool, reason string, t time.Time) Opening {
	o.Closed, o.Reason, o.OpenOn = !open, "", Date{}
	if !open {
		o.Reason = reason
		return o
	}
	if now, _, _, _ := o.At(t); !now {
		o.OpenOn = DateOf(t)
	}
	return o
}
