package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// witness notes what a client's stream brings over the wire, before the client sorts out what it knows already. Each
// connection is judged from its own cursor on.
type witness struct {
	next   http.RoundTripper
	reader *history.Reader
}

// RoundTrip implements http.RoundTripper.
func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/stream") || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	at, err := kontakt.ParseCursor(r.URL.Query().Get("at"))
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	see := &connection{reader: w.reader, at: at}
	if resp.Header.Get("Content-Type") == "text/event-stream" {
		resp.Body = &overheard{resp.Body, see.line, nil}
		return resp, nil
	}
	text, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(text))
	var polled wire.Events
	if err == nil && json.Unmarshal(text, &polled) == nil {
		for _, e := range polled.Events {
			see.event(e)
		}
	}
	return resp, err
}

// connection is one stream as it comes over the wire. Connections of one client may overlap, so each counts for itself:
// only what does not follow is noted.
type connection struct {
	reader *history.Reader
	at     kontakt.Cursor
}

func (c *connection) line(text string) {
	data, is := strings.CutPrefix(text, "data: {\"room\"")
	if !is {
		return // ids, blank lines and heartbeats
	}
	var e wire.Event
	if json.Unmarshal([]byte("{\"room\""+data), &e) == nil {
		c.event(e)
	}
}

func (c *connection) event(e wire.Event) {
	room, seq := kontakt.Room(e.Room), kontakt.Seq(e.Seq)
	last, asked := c.at[room]
	if !asked || seq != last+1 {
		marks := []history.Saw{{Room: room, Seq: seq, Type: kontakt.EventType(e.Type)}}
		if asked {
			marks = append([]history.Saw{{Room: room, Seq: last, Type: history.From}}, marks...)
		}
		c.reader.Note(marks...)
	}
	c.at[room] = seq
}

// overheard passes on what is read and tells each line of it.
type overheard struct {
	io.ReadCloser
	tell func(string)
	rest []byte
}

func (o *overheard) Read(p []byte) (int, error) {
	n, err := o.ReadCloser.Read(p)
	o.rest = append(o.rest, p[:n]...)
	for {
		i := bytes.IndexByte(o.rest, '\n')
		if i < 0 {
			return n, err
		}
		o.tell(string(o.rest[:i]))
		o.rest = o.rest[i+1:]
	}
}
