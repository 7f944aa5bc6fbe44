package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Column is what stands in a column.
type Column string

// Fault is what is wrong with one row. Say tells what to do, and nothing of what stands there.
type Fault struct {
	Line   int
	Column Column // "": the row as a whole
	Say    string
}

func (f *Fault) Error() string {
	if f.Column == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.Say)
	}
	return fmt.Sprintf("line %d, column %s: %s", f.Line, f.Column, f.Say)
}

const (
	headerBytes = 64 << 10
	longestRow  = 256 << 10
)

// table reads rows of wanted columns.
type table struct {
	csv      *csv.Reader
	feed     *feed
	at       map[Column]int // where a column stands
	cells    int            // in the header
	unused   []int          // columns that nobody asked for, from 1
	lastRow  []string
	lastLine int
}

// open finds out how f is written and reads its header. want has the columns' names, without signs and in lower case.
func open(f io.ReadSeeker, want map[string]Column) (*table, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	is, err := findEncoding(f)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	text, err := is.decode(f)
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewReaderSize(text, headerBytes)
	begin, err := buffered.Peek(headerBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	separator, skip, err := findSeparator(string(begin), want)
	if err != nil {
		return nil, err
	}
	t := &table{feed: &feed{from: buffered, separator: byte(separator)}}
	t.csv = csv.NewReader(t.feed)
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = separator, -1, true
	t.feed.until = headerBytes
	for range skip {
		if _, err := t.csv.Read(); err != nil {
			return nil, errors.New("the first line can't be read")
		}
	}
	return t, t.readHeader(want)
}

// findSeparator looks at how a file begins and gives the sign between cells that makes most columns known, and how many
// records stand before the header: Excel may name the sign in a line of its own.
func findSeparator(begin string, want map[string]Column) (separator rune, skip int, err error) {
	lines := strings.FieldsFunc(begin, func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) > 0 && len(lines[0]) == 5 && strings.EqualFold(lines[0][:4], "sep=") {
		if !strings.Contains(";,|\t", lines[0][4:]) {
			return 0, 0, errors.New("the first line names a sign between cells that is none of ; , | or a tab")
		}
		return rune(lines[0][4]), 1, nil
	}
	if len(lines) == 0 {
		return 0, 0, errors.New("the file is empty")
	}
	most := 0
	for _, sign := range []rune{';', ',', '\t'} {
		known := 0
		for _, cell := range strings.Split(lines[0], string(sign)) {
			if _, ok := want[plainHeader(cell)]; ok {
				known++
			}
		}
		if known > most {
			separator, most = sign, known
		}
	}
	if most == 0 {
		return 0, 0, errors.New("the first line must name the columns, such as cpr;navn;ydernummer, with ; or , or a tab between")
	}
	return separator, 0, nil
}

// plainHeader leaves letters and digits of a column's name: "CPR-nr." is cprnr.
func plainHeader(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func (t *table) readHeader(want map[string]Column) error {
	header, err := t.csv.Read()
	if err != nil {
		return errors.New("the line with the columns' names can't be read")
	}
	t.at, t.cells = map[Column]int{}, len(header)
	for i, cell := range header {
		column, ok := want[plainHeader(cell)]
		if !ok {
			if strings.TrimSpace(cell) != "" {
				t.unused = append(t.unused, i+1)
			}
			continue
		}
		if before, twice := t.at[column]; twice {
			return fmt.Errorf("columns %d and %d both say %s: leave one out", before+1, i+1, column)
		}
		t.at[column] = i
	}
	return nil
}

// need says which columns the header must have.
func (t *table) need(columns ...Column) error {
	for _, c := range columns {
		if _, ok := t.at[c]; !ok {
			return fmt.Errorf("no column is called %s: the first line must name the columns", c)
		}
	}
	return nil
}

// next reads a row that has something in it. A Fault is about one row, and the next can be read; io.EOF ends the table.
func (t *table) next() (line int, err error) {
	for {
		t.feed.until = t.feed.given + longestRow
		row, err := t.csv.Read()
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return 0, &Fault{parse.StartLine, "", "the quotation marks do not fit: one that is opened is closed, and one within a text is doubled"}
		}
		if errors.Is(err, errTooLong) {
			return 0, fmt.Errorf("the row after line %d is longer than 256 KB: a quotation mark is opened and never closed", t.lastLine)
		}
		if err != nil {
			return 0, err
		}
		line, _ = t.csv.FieldPos(0)
		t.lastRow, t.lastLine = row, line
		for i, cell := range row {
			if i >= t.cells && strings.TrimSpace(cell) != "" {
				return 0, &Fault{line, "", fmt.Sprintf("%d cells, and the header has %d: a text with %q in it stands in quotation marks", len(row), t.cells, t.csv.Comma)}
			}
		}
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			return line, nil
		}
	}
}

// cell gives what stands in a column of the row; "" where there is no such column.
func (t *table) cell(c Column) string {
	i, ok := t.at[c]
	if !ok || i >= len(t.lastRow) {
		return ""
	}
	return strings.TrimSpace(t.lastRow[i])
}

var errTooLong = errors.New("a row is too long")

// feed bounds what one row may take, since the reader above would keep all that follows an open quotation mark, and
// takes away how some programs keep Excel from eating zeros: ="012345" is "012345".
type feed struct {
	from         *bufio.Reader
	separator    byte
	given, until int64
	last         byte
	quoted       bool
}

func (f *feed) Read(p []byte) (n int, err error) {
	if f.given > f.until {
		return 0, errTooLong
	}
	for n < len(p) {
		c, err := f.from.ReadByte()
		if err != nil {
			f.given += int64(n)
			return n, err
		}
		if c == '=' && !f.quoted && (f.last == f.separator || f.last == '\n' || f.last == 0) {
			if next, err := f.from.Peek(1); err == nil && next[0] == '"' {
				continue
			}
		}
		if c == '"' {
			f.quoted = !f.quoted
		}
		p[n], f.last = c, c
		n++
		if f.from.Buffered() == 0 {
			break // what is there goes up before more is waited for
		}
	}
	f.given += int64(n)
	return n, nil
}
