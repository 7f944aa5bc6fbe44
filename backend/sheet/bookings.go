package sheet

import (
	"io"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

var bookingColumns = synonyms(map[Column]string{
	ColumnCPR:        cprNames,
	ColumnYdernummer: yderNames,
	ColumnDate:       "dato aftaledato dag startdato tidspunkt starttidspunkt datotid start date appointmentdate startdate datetime",
	ColumnTime:       "tid tidspunktet kl klokken klokkeslæt starttid aftaletid time starttime appointmenttime",
	ColumnMinutes:    "minutter varighed varighedmin varighediminutter længde minutes duration durationminutes",
	ColumnClinician:  "behandler kliniker lægensnavn lægenavn medarbejder clinician doctor practitioner",
})

// Booking is one row: a time that a citizen has booked at a clinic.
type Booking struct {
	Subject
	At        time.Time
	Minutes   int    // 0: the table does not say
	Clinician string // or ""
}

// Bookings reads a table of booked times.
type Bookings struct{ subjects }

// OpenBookings finds out how f is written. today is the Danish day.
func OpenBookings(f io.ReadSeeker, today kontakt.Date) (*Bookings, error) {
	s, err := openSubjects(f, today, bookingColumns)
	if err != nil {
		return nil, err
	}
	if err := s.table.need(ColumnDate); err != nil {
		return nil, err
	}
	return &Bookings{s}, nil
}

// Next reads a row. A *Fault is about one row, and the next can be read; io.EOF ends the table.
func (r *Bookings) Next() (Booking, error) {
	about, err := r.next()
	if err != nil {
		return Booking{}, err
	}
	b, line := Booking{Subject: about, Clinician: kontakt.PlainName(r.table.cell(ColumnClinician))}, about.Line
	if b.Ydernummer == "" {
		return Booking{}, &Fault{line, ColumnYdernummer, "there is no ydernummer: fill in that of the clinic"}
	}
	var say string
	if b.Minutes, say = readMinutes(r.table.cell(ColumnMinutes)); say != "" {
		return Booking{}, &Fault{line, ColumnMinutes, say}
	}
	day, hour := r.when()
	date, say := readDate(day)
	if say != "" {
		return Booking{}, &Fault{line, ColumnDate, say}
	}
	if b.At, say = readTime(hour, date); say != "" {
		return Booking{}, &Fault{line, ColumnTime, say}
	}
	return b, nil
}

// when gives the cells of day and hour; they may stand in one column: "23-11-2026 09:30".
func (r *Bookings) when() (day, hour string) {
	day, hour = r.table.cell(ColumnDate), r.table.cell(ColumnTime)
	if i := strings.IndexAny(day, " T"); i > 0 && hour == "" {
		day, hour = day[:i], strings.TrimSpace(day[i+1:])
	}
	return day, hour
}
