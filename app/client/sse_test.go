package client

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"kontaktlaege/internal/testkit"
)

// readAll gives every message of a text and how it ended.
func readAll(in io.Reader) (all []message, retry time.Duration, err error) {
	r := newReader(in)
	for {
		m, err := r.next()
		if err != nil {
			return all, r.retry, err
		}
		all = append(all, m)
	}
}

func TestReader_lines(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []message
	}{
		{"one event", "id: a=1\ndata: x\n\n", []message{{data: "x", id: "a=1"}}},
		{"the id stays until there is another", "id: a=1\ndata: x\n\ndata: y\n\n", []message{{data: "x", id: "a=1"}, {data: "y", id: "a=1"}}},
		{"several lines of data", "data: a\ndata: b\n\n", []message{{data: "a\nb"}}},
		{"CR LF, CR and LF", "data: a\r\n\r\ndata: b\r\rdata: c\n\n", []message{{data: "a"}, {data: "b"}, {data: "c"}}},
		{"a name of its own", "event: heartbeat\ndata: {}\n\ndata: x\n\n", []message{{event: "heartbeat", data: "{}"}, {data: "x"}}},
		{"a name without data is none", "event: heartbeat\n\ndata: x\n\n", []message{{data: "x"}}},
		{"comments and unknown fields", ": hello\nfoo: bar\ndata: x\n\n", []message{{data: "x"}}},
		{"only the first space goes", "data:  x\n\ndata:y\n\n", []message{{data: " x"}, {data: "y"}}},
		{"empty data is data", "data\n\n", []message{{}}},
		{"a byte order mark", "\ufeffdata: x\n\n", []message{{data: "x"}}},
		{"cut off", "data: x\n", nil},
		{"an id with NUL is none", "id: a\x00\ndata: x\n\n", []message{{data: "x"}}},
	} {
		got, _, err := readAll(strings.NewReader(row.text))
		if !errors.Is(err, io.EOF) || !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, %v; want %+v", row.name, got, err, row.want)
		}
	}
}

func TestReader_bounds(t *testing.T) {
	for name, text := range map[string]string{
		"a line without end": "data: " + strings.Repeat("x", maxLine+1),
		"data without end":   strings.Repeat("data: "+strings.Repeat("x", 1000)+"\n", maxData/1000+1),
	} {
		if _, _, err := readAll(strings.NewReader(text)); !errors.Is(err, errTooLong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReader_retry(t *testing.T) {
	if _, retry, _ := readAll(strings.NewReader("retry: 700\nretry: soon\nretry: -5\n\n")); retry != 700*time.Millisecond {
		t.Errorf("retry %v", retry)
	}
}

// FuzzReader: no input hurts, and neither the size of the pieces nor the kind of line end changes what is read.
func FuzzReader(f *testing.F) {
	testkit.Seeds(f, "testdata/sse/*.txt")
	f.Fuzz(func(t *testing.T, text string) {
		want, _, wantErr := readAll(strings.NewReader(text))
		for name, in := range map[string]io.Reader{
			"byte by byte": iotest.OneByteReader(strings.NewReader(text)),
			"in halves":    iotest.HalfReader(strings.NewReader(text)),
			"as CR LF":     strings.NewReader(strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n", "\r\n")),
		} {
			got, _, err := readAll(in)
			if name == "as CR LF" && (errors.Is(err, errTooLong) || errors.Is(wantErr, errTooLong)) {
				continue
			}
			if !reflect.DeepEqual(got, want) || !errors.Is(err, wantErr) {
				t.Fatalf("%s: %+v, %v; want %+v, %v", name, got, err, want, wantErr)
			}
		}
		for _, m := range want {
			if len(m.data) > maxData || strings.ContainsAny(m.id+m.event, "\r\n\x00") && strings.ContainsRune(m.id, 0) {
				t.Fatalf("message %+v", m)
			}
		}
	})
}
