package client

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// message is one of a server-sent event stream (WHATWG HTML §9.2).
type message struct {
	event string // empty: "message"
	data  string
	id    string // the last one seen
}

// Bounds of a stream: above the largest signal that a backend lets through, below what hurts.
const (
	maxLine = 256 << 10
	maxData = 512 << 10
)

var errTooLong = errors.New("client: a stream without an end of line")

// reader takes a stream apart. Lines end in LF, CR or CRLF; what it does not know it passes over.
type reader struct {
	in     *bufio.Reader
	retry  time.Duration // what the backend asks for before coming back; 0: nothing
	id     string
	first  bool // no line has been read
	skipLF bool // the last line ended in CR
	line   []byte
}

func newReader(r io.Reader) *reader { return &reader{in: bufio.NewReaderSize(r, 8<<10), first: true} }

// next waits for a message that has data. A message that is cut off is none.
func (r *reader) next() (message, error) {
	var m message
	var data strings.Builder
	has := false
	for {
		line, err := r.readLine()
		if err != nil {
			return message{}, err
		}
		if line == "" {
			if has {
				m.data, m.id = strings.TrimSuffix(data.String(), "\n"), r.id
				return m, nil
			}
			m = message{}
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			m.event = value
		case "data":
			if data.Len()+len(value) > maxData {
				return message{}, errTooLong
			}
			has = true
			data.WriteString(value)
			data.WriteByte('\n')
		case "id":
			if !strings.ContainsRune(value, 0) {
				r.id = value
			}
		case "retry":
			if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
				r.retry = time.Duration(ms) * time.Millisecond
			}
		}
	}
}

// readLine gives a line without its end; one that the stream's end cuts off is none. Data that stands in the buffer with
// a CR at its end is a line already: the LF that may follow must not be waited for.
func (r *reader) readLine() (string, error) {
	r.line = r.line[:0]
	for {
		b, err := r.in.ReadByte()
		if err != nil {
			return "", err
		}
		if b == '\n' && r.skipLF {
			r.skipLF = false
			continue
		}
		r.skipLF = b == '\r'
		if b == '\n' || b == '\r' {
			break
		}
		if len(r.line) == maxLine {
			return "", errTooLong
		}
		r.line = append(r.line, b)
	}
	line := string(r.line)
	if r.first {
		line = strings.TrimPrefix(line, "\ufeff")
		r.first = false
	}
	return line, nil
}
