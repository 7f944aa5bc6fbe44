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
	Line       int
	CPR        kontakt.CPR
	Ydernummer kontakt.Ydernummer
	At         time.Time
	Minutes    int    // 0: the table does not say
	Clinician  string // or ""
	EatenCPR   bool
}

// Bookings reads a table of booked times.
type Bookings struct {
	table *table
	today kontakt.Date
	eaten Eaten
}

// OpenBookings finds out how f is written. today is the Danish day.
func OpenBookings(f io.ReadSeeker, today kontakt.Date) (*Bookings, error) {
	t, err := open(f, bookingColumns)
	if err != nil {
		return nil, err
	}
	if err := t.need(ColumnCPR, ColumnYdernummer, ColumnDate); err != nil {
		return nil, err
	}
	return &Bookings{table: t, today: today}, nil
}

// Next reads a row. A *Fault is about one row, and the next can be read; io.EOF ends the table.
func (r *Bookings) Next() (Booking, error) {
	line, err := r.table.next()
	if err != nil {
		return Booking{}, err
	}
	b := Booking{Line: line, Clinician: kontakt.PlainName(r.table.cell(ColumnClinician))}
	var say string
	if b.CPR, b.EatenCPR, say = r.eaten.readCPR(r.table.cell(ColumnCPR), r.today); say != "" {
		return Booking{}, &Fault{line, ColumnCPR, say}
	}
	if b.Ydernummer, say = r.eaten.readYdernummer(r.table.cell(ColumnYdernummer)); say == "" && b.Ydernummer == "" {
		say = "there is no ydernummer: fill in that of the clinic"
	}
	if say != "" {
		return Booking{}, &Fault{line, ColumnYdernummer, say}
	}
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

// Eaten gives what was put back up to here.
func (r *Bookings) Eaten() Eaten { return r.eaten }

// Unused gives the columns that are not read, from 1.
func (r *Bookings) Unused() []int { return r.table.unused }
