package sheet

import (
	"errors"
	"io"
	"time"

	"kontaktlaege/internal/kontakt"
)

var visitColumns = synonyms(map[Column]string{
	ColumnCPR:   cprNames,
	ColumnTime:  "tid tidspunkt kl klokken klokkeslæt besøgstid planlagt time plannedtime starttid starttime",
	ColumnPlace: "sted stue bolig lejlighed adresse værelse rum place room",
})

// Visits reads a table of the visits of a nurse's round. Its faults have the keys of sentences that she can read.
type Visits struct {
	table *table
	now   time.Time
}

// OpenVisits finds out how f is written.
func OpenVisits(f io.ReadSeeker, now time.Time) (*Visits, error) {
	t, err := open(f, visitColumns)
	if err == nil {
		err = t.need(ColumnCPR)
	}
	return &Visits{t, now}, err
}

// Next reads a row. A fault is about one row, and the next can be read; io.EOF ends the table.
func (r *Visits) Next() (kontakt.RoundRow, *kontakt.RowFault, error) {
	line, err := r.table.next()
	if broken, ok := errors.AsType[*Fault](err); ok {
		return kontakt.RoundRow{}, &kontakt.RowFault{Line: broken.Line, Msg: kontakt.MsgRowBroken}, nil
	}
	if err != nil {
		return kontakt.RoundRow{}, nil, err
	}
	row, msg, params := r.read()
	if msg != "" {
		return kontakt.RoundRow{}, &kontakt.RowFault{Line: line, Msg: msg, Params: params}, nil
	}
	row.Line = line
	return row, nil, nil
}

// read reads the cells of a row, or says what a nurse may do about one.
func (r *Visits) read() (row kontakt.RoundRow, msg kontakt.MsgKey, params map[string]string) {
	today, cell, say := kontakt.DateOf(r.now), r.table.cell(ColumnCPR), ""
	if row.CPR, _, say = readCPR(cell, today); say != "" {
		msg, params = whyNoCPR(cell, today)
		return row, msg, params
	}
	if row.PlannedAt, say = r.readHour(today); say != "" {
		return row, kontakt.MsgRowTime, nil
	}
	var err error
	if row.Place, err = kontakt.ParseRoundPlace(r.table.cell(ColumnPlace)); err != nil {
		msg, params = kontakt.MsgOf(err)
	}
	return row, msg, params
}

// whyNoCPR is the nurse's sentence for a number that readCPR refuses.
func whyNoCPR(cell string, today kontakt.Date) (kontakt.MsgKey, map[string]string) {
	if rounded.MatchString(cell) {
		return kontakt.MsgRowRounded, nil
	}
	if _, err := kontakt.ParseCPR(cell, today); err != nil {
		return kontakt.MsgOf(err)
	}
	return kontakt.MsgCPRReplacement, nil
}

// readHour reads the hour of a visit, none where nothing stands there. One that was more than half a day ago is
// tomorrow's: a night's round is planned in the evening.
func (r *Visits) readHour(today kontakt.Date) (time.Time, string) {
	cell := r.table.cell(ColumnTime)
	if cell == "" {
		return time.Time{}, ""
	}
	at, say := readTime(cell, today)
	if say != "" || r.now.Sub(at) <= 12*time.Hour {
		return at, say
	}
	return readTime(cell, kontakt.DateOf(r.now.Add(24*time.Hour)))
}
