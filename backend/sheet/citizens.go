package sheet

import (
	"io"

	"kontaktlaege/internal/kontakt"
)

var citizenColumns = synonyms(map[Column]string{
	ColumnCPR:        cprNames,
	ColumnName:       "navn fuldenavn fuldtnavn borgernavn borgerensnavn borger patient patientnavn name fullname citizen patientname",
	ColumnGiven:      "fornavn fornavne givenname givennames firstname firstnames",
	ColumnMiddle:     "mellemnavn mellemnavne middlename middlenames",
	ColumnFamily:     "efternavn efternavne familyname lastname surname",
	ColumnYdernummer: yderNames,
})

// Citizen is one row: who, and whose patient.
type Citizen struct {
	Subject
	Name string
}

// Citizens reads a table of citizens.
type Citizens struct{ subjects }

// OpenCitizens finds out how f is written. today is the Danish day.
func OpenCitizens(f io.ReadSeeker, today kontakt.Date) (*Citizens, error) {
	s, err := openSubjects(f, today, citizenColumns)
	if err != nil {
		return nil, err
	}
	if _, given := s.table.at[ColumnGiven]; !given {
		if err := s.table.need(ColumnName); err != nil {
			return nil, err
		}
	}
	return &Citizens{s}, nil
}

// Next reads a row. A *Fault is about one row, and the next can be read; io.EOF ends the table.
func (r *Citizens) Next() (Citizen, error) {
	about, err := r.next()
	if err != nil {
		return Citizen{}, err
	}
	name := r.name()
	if name == "" {
		return Citizen{}, &Fault{about.Line, ColumnName, "there is no name: fill it in"}
	}
	return Citizen{about, name}, nil
}

func (r *Citizens) name() string {
	if name := kontakt.PlainName(r.table.cell(ColumnName)); name != "" {
		return name
	}
	return kontakt.PlainName(r.table.cell(ColumnGiven) + " " + r.table.cell(ColumnMiddle) + " " + r.table.cell(ColumnFamily))
}
