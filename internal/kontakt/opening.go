package kontakt

import "time"

// Opening says when a clinic's waiting room takes citizens in: by fixed hours in Danish time, and by the clinic's own
// word, which goes before them. With neither it is open.
type Opening struct {
	Hours [7]Span `json:"hours"` // by time.Weekday; all empty: no fixed hours
	// Closed is the clinic's own word until it takes it back, with the reason it gave.
	Closed bool   `json:"closed,omitempty"`
	Reason string `json:"reason,omitempty"`
	// OpenOn is the day on which the clinic opened outside its hours.
	OpenOn Date `json:"open_on"`
}

// Span is a stretch of a day in minutes after midnight by the wall clock, To not included; From == To is none.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// At tells how the room stands at a time: whether it is open, why it was closed, and when it opens or closes next
// (zero where that is not known).
func (o Opening) At(t time.Time) (open bool, reason string, opensAt, closesAt time.Time) {
	if o.Closed {
		return false, o.Reason, time.Time{}, time.Time{}
	}
	if o.Hours == ([7]Span{}) {
		return true, "", time.Time{}, time.Time{}
	}
	local := t.In(Denmark)
	span := o.Hours[local.Weekday()]
	if minute := local.Hour()*60 + local.Minute(); span.From <= minute && minute < span.To {
		return true, "", time.Time{}, wallClock(local, 0, span.To)
	}
	if DateOf(t) == o.OpenOn {
		return true, "", time.Time{}, wallClock(local, 1, 0)
	}
	for days := range 8 {
		span := o.Hours[wallClock(local, days, 12*60).Weekday()]
		if from := wallClock(local, days, span.From); span.From < span.To && from.After(t) {
			return false, "", from, time.Time{}
		}
	}
	return false, "", time.Time{}, time.Time{}
}

// wallClock gives a minute of the day some days after local's. A minute that the spring change of clocks leaves out is
// the first one after it.
func wallClock(local time.Time, days, minute int) time.Time {
	y, m, d := local.Date()
	t := time.Date(y, m, d+days, 0, minute, 0, 0, Denmark)
	if got := t.Hour()*60 + t.Minute(); got != minute%(24*60) {
		before, after := t.ZoneBounds()
		if got < minute {
			return after.UTC()
		}
		return before.UTC()
	}
	return t.UTC()
}

// Set opens or closes by the clinic's word at a time. Opening within the fixed hours just takes an earlier closing
// back; outside them it holds until the Danish day ends.
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
