package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// liar is a fault of the product put on the wire, so that the product needs no switch for it. The first moment is drawn
// from the seed. It shows that the checker can fail.
type liar struct {
	next http.RoundTripper
	lie  *lie
}

// lie is shared by all clients of a run.
type lie struct {
	kind  string
	after int // occasions that pass before it is told

	mu  sync.Mutex
	won map[string][]byte // the winners' answers to a start, by address
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
	return &lie{kind: kind, after: after, won: map[string][]byte{}}
}

// everySo is how many occasions pass between two lies. One is not enough: a tablet that loses its connection right behind
// an event that was swallowed fetches it again, and nothing is lost.
const everySo = 25

// now says whether this is a moment.
func (l *lie) now(kind string) bool {
	if l.kind != kind {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.after--
	return l.after <= 0 && l.after%everySo == 0
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
	l.lie.mu.Lock()
	defer l.lie.mu.Unlock()
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
