package sheet

import (
	"io"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// The columns.
const (
	ColumnCPR        Column = "cpr"
	ColumnName       Column = "navn"
	ColumnGiven      Column = "fornavn"
	ColumnMiddle     Column = "mellemnavn"
	ColumnFamily     Column = "efternavn"
	ColumnYdernummer Column = "ydernummer"
	ColumnDate       Column = "dato"
	ColumnTime       Column = "tid"
	ColumnMinutes    Column = "minutter"
	ColumnClinician  Column = "behandler"
	ColumnPlace      Column = "sted"
)

const (
	cprNames  = "cpr cprnr cprnummer personnummer personnr borgercpr borgerenscpr patientcpr patientenscpr civilregistrationnumber ssn"
	yderNames = "ydernummer ydernr yder yderid læge lægenummer lægensydernummer egenlæge egenlægeydernummer praksis klinik kliniknummer providernumber provider clinic practice gp"
)

// synonyms gives a column its names, as plainHeader leaves them.
func synonyms(columns map[Column]string) map[string]Column {
	all := map[string]Column{}
	for column, names := range columns {
		for _, name := range strings.Fields(names) {
			all[name] = column
		}
	}
	return all
}

// Subject is whom a row of either kind is about, and where it stands.
type Subject struct {
	Line       int
	CPR        kontakt.CPR
	Ydernummer kontakt.Ydernummer // of the citizen's doctor, "": none; or of the clinic where a time is booked
	EatenCPR   bool               // the number's leading zero was missing
}

// About gives it of either kind of row.
func (s Subject) About() Subject { return s }

// Eaten counts what Excel ate and the reader put back.
type Eaten struct {
	CPR        int // leading zeros of CPR numbers
	Ydernummer int
	ZerosKept  int // CPR numbers that begin with their zero: a table has these or eaten ones, not both
}

// subjects reads of a table whom its rows are about; Citizens and Bookings read the rest.
type subjects struct {
	table *table
	today kontakt.Date
	eaten Eaten
}

// openSubjects finds out how f is written.
func openSubjects(f io.ReadSeeker, today kontakt.Date, columns map[string]Column) (subjects, error) {
	t, err := open(f, columns)
	if err == nil {
		err = t.need(ColumnCPR, ColumnYdernummer)
	}
	return subjects{table: t, today: today}, err
}

// next goes on to the next row. A *Fault is about one row, and the next can be read; io.EOF ends the table.
func (r *subjects) next() (Subject, error) {
	line, err := r.table.next()
	if err != nil {
		return Subject{}, err
	}
	s := Subject{Line: line}
	var say string
	if s.CPR, s.EatenCPR, say = r.readCPR(); say != "" {
		return Subject{}, &Fault{line, ColumnCPR, say}
	}
	if s.Ydernummer, say = r.readYdernummer(); say != "" {
		return Subject{}, &Fault{line, ColumnYdernummer, say}
	}
	return s, nil
}

// Eaten gives what was put back up to here.
func (r *subjects) Eaten() Eaten { return r.eaten }

// Unused gives the columns that are not read, from 1. They have no names here: where the header is missing, that would
// be somebody's.
func (r *subjects) Unused() []int { return r.table.unused }

func (r *subjects) readCPR() (kontakt.CPR, bool, string) {
	cell := r.table.cell(ColumnCPR)
	cpr, eaten, say := readCPR(cell, r.today)
	switch {
	case say != "":
	case eaten:
		r.eaten.CPR++
	case strings.HasPrefix(cell, "0") && !strings.ContainsFunc(cell, func(r rune) bool { return r < '0' || r > '9' }):
		r.eaten.ZerosKept++
	}
	return cpr, eaten, say
}

func (r *subjects) readYdernummer() (kontakt.Ydernummer, string) {
	yder, eaten, say := readYdernummer(r.table.cell(ColumnYdernummer))
	if eaten {
		r.eaten.Ydernummer++
	}
	return yder, say
}
