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

const (
	cprNames  = "cpr cprnr cprnummer personnummer personnr borgercpr borgerenscpr patientcpr patientenscpr civilregistrationnumber ssn"
	yderNames = "ydernummer ydernr yder yderid læge lægenummer lægensydernummer egenlæge egenlægeydernummer praksis klinik kliniknummer providernumber provider clinic practice gp"
)

var citizenColumns = synonyms(map[Column]string{
	ColumnCPR:        cprNames,
	ColumnName:       "navn fuldenavn fuldtnavn borgernavn borgerensnavn borger patient patientnavn name fullname citizen patientname",
	ColumnGiven:      "fornavn fornavne givenname givennames firstname firstnames",
	ColumnMiddle:     "mellemnavn mellemnavne middlename middlenames",
	ColumnFamily:     "efternavn efternavne familyname lastname surname",
	ColumnYdernummer: yderNames,
})

// Eaten counts what Excel ate and the reader put back.
type Eaten struct {
	CPR        int // leading zeros of CPR numbers
	Ydernummer int
	ZerosKept  int // CPR numbers that begin with their zero: a table has these or eaten ones, not both
}

// Citizen is one row: who, and whose patient.
type Citizen struct {
	Line       int
	CPR        kontakt.CPR
	Name       string
	Ydernummer kontakt.Ydernummer // "": none
	EatenCPR   bool               // its leading zero was missing
}

// Citizens reads a table of citizens.
type Citizens struct {
	table *table
	today kontakt.Date
	eaten Eaten
}

// OpenCitizens finds out how f is written. today is the Danish day.
func OpenCitizens(f io.ReadSeeker, today kontakt.Date) (*Citizens, error) {
	t, err := open(f, citizenColumns)
	if err != nil {
		return nil, err
	}
	if err := t.need(ColumnCPR, ColumnYdernummer); err != nil {
		return nil, err
	}
	if _, given := t.at[ColumnGiven]; !given {
		if err := t.need(ColumnName); err != nil {
			return nil, err
		}
	}
	return &Citizens{table: t, today: today}, nil
}

// Next reads a row. A *Fault is about one row, and the next can be read; io.EOF ends the table.
func (r *Citizens) Next() (Citizen, error) {
	line, err := r.table.next()
	if err != nil {
		return Citizen{}, err
	}
	c := Citizen{Line: line}
	var say string
	if c.CPR, c.EatenCPR, say = r.eaten.readCPR(r.table.cell(ColumnCPR), r.today); say != "" {
		return Citizen{}, &Fault{line, ColumnCPR, say}
	}
	if c.Ydernummer, say = r.eaten.readYdernummer(r.table.cell(ColumnYdernummer)); say != "" {
		return Citizen{}, &Fault{line, ColumnYdernummer, say}
	}
	if c.Name = r.name(); c.Name == "" {
		return Citizen{}, &Fault{line, ColumnName, "there is no name: fill it in"}
	}
	return c, nil
}

func (r *Citizens) name() string {
	if name := kontakt.PlainName(r.table.cell(ColumnName)); name != "" {
		return name
	}
	return kontakt.PlainName(r.table.cell(ColumnGiven) + " " + r.table.cell(ColumnMiddle) + " " + r.table.cell(ColumnFamily))
}

// Eaten gives what was put back up to here.
func (r *Citizens) Eaten() Eaten { return r.eaten }

// Unused gives the columns that are not read, from 1. They have no names here: where the header is missing, that would
// be somebody's.
func (r *Citizens) Unused() []int { return r.table.unused }

func (e *Eaten) readCPR(cell string, today kontakt.Date) (kontakt.CPR, bool, string) {
	cpr, eaten, say := readCPR(cell, today)
	switch {
	case say != "":
	case eaten:
		e.CPR++
	case strings.HasPrefix(cell, "0") && !strings.ContainsFunc(cell, func(r rune) bool { return r < '0' || r > '9' }):
		e.ZerosKept++
	}
	return cpr, eaten, say
}

func (e *Eaten) readYdernummer(cell string) (kontakt.Ydernummer, string) {
	yder, eaten, say := readYdernummer(cell)
	if eaten {
		e.Ydernummer++
	}
	return yder, say
}
