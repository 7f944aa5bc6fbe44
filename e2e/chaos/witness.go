package main

import (
	"bufio"
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

// liar is a fault of the product put on the wire, so that the product needs no switch for it: each lie is told once, at
// a moment drawn from the seed. It shows that the checker can fail.
type liar struct {
	next http.RoundTripper
	lie  *lie
}

// lie is shared by all clients of a run.
type lie struct {
	kind  string
	after int // occasions that pass before it is told

	mu  chan struct{} // a lock that is held over a request
	won map[string][]byte
}

// lies are the bugs that can be put on the wire, and as what they must be found.
var lies = map[string]history.Class{
	"drop-event":   history.IsOutOfOrder,
	"double-event": history.IsOutOfOrder,
	"lose-join":    history.IsLost,
	"two-claims":   history.IsDoubled,
	"lose-key":     history.IsDoubled,
}

func newLie(kind string, after int) *lie {
	return &lie{kind: kind, after: after, mu: make(chan struct{}, 1), won: map[string][]byte{}}
}

// now says whether this is the moment.
func (l *lie) now(kind string) bool {
	if l.kind != kind {
		return false
	}
	l.mu <- struct{}{}
	defer func() { <-l.mu }()
	l.after--
	return l.after == 0
}

// RoundTrip implements http.RoundTripper.
func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	join := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/entries")
	start := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/start")
	if join && l.lie.kind == "lose-key" { // the backend forgets every key
		r = r.Clone(r.Context())
		r.Header.Set(wire.IdempotencyHeader, kontakt.NewSecret())
	}
	resp, err := l.next.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/stream") && resp.Header.Get("Content-Type") == "text/event-stream":
		resp.Body = l.events(resp.Body)
	case join && resp.StatusCode == http.StatusCreated && l.lie.now("lose-join"):
		return l.forge(resp, func(e map[string]any) { e["id"] = string(kontakt.NewEntryID()) })
	case start && l.lie.kind == "two-claims":
		return l.claim(r, resp)
	}
	return resp, nil
}

// forge changes an answer.
func (l *liar) forge(resp *http.Response, change func(map[string]any)) (*http.Response, error) {
	text, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	var body map[string]any
	if err := json.Unmarshal(text, &body); err != nil {
		return nil, err
	}
	change(body)
	if text, err = json.Marshal(body); err != nil {
		return nil, err
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return resp, nil
}

// claim gives one loser of a race the winner's answer.
func (l *liar) claim(r *http.Request, resp *http.Response) (*http.Response, error) {
	text, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	l.lie.mu <- struct{}{}
	defer func() { <-l.lie.mu }()
	if resp.StatusCode == http.StatusOK {
		l.lie.won[r.URL.Path] = text
	} else if won := l.lie.won[r.URL.Path]; won != nil && bytes.Contains(text, []byte(kontakt.MsgAlreadyClaimed)) && l.lie.after > 0 {
		l.lie.after = 0
		text, resp.StatusCode = won, http.StatusOK
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return resp, nil
}

// events passes on a stream, but for the one event that the lie is about.
func (l *liar) events(body io.ReadCloser) io.ReadCloser {
	if l.lie.kind != "drop-event" && l.lie.kind != "double-event" {
		return body
	}
	out, in := io.Pipe()
	go func() {
		lines := bufio.NewReader(body)
		for {
			line, err := lines.ReadString('\n')
			if strings.HasPrefix(line, "data: {\"room\"") {
				if l.lie.now("drop-event") {
					line = ""
				} else if l.lie.now("double-event") {
					line += "\n" + line
				}
			}
			if _, writeErr := in.Write([]byte(line)); writeErr != nil || err != nil {
				in.CloseWithError(err)
				return
			}
		}
	}()
	return struct {
		io.Reader
		io.Closer
	}{out, closers{out, body}}
}

type closers []io.Closer

// Close implements io.Closer.
func (all closers) Close() error {
	for _, c := range all {
		c.Close()
	}
	return nil
}
