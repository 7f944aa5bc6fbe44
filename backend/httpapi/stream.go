package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// writeWithin is how long one write to a reader may take: who takes in less is cut and resumes from the log.
const writeWithin = 10 * time.Second

// maxWait is the longest long poll, in seconds.
const maxWait = 30

// stream answers GET /stream: server-sent events, or with wait a long poll.
func (a *API) stream(w http.ResponseWriter, r *request) error {
	o, err := a.subscribe(r)
	if err != nil {
		return err
	}
	defer a.streams.leave(o.openStream)
	if o.poll {
		return a.longPoll(w, r, o)
	}
	return a.pour(w, r, o)
}

// opened is a stream that has been let in.
type opened struct {
	*openStream
	wait time.Duration
	poll bool
}

// subscribe reads the question and opens what answers it.
func (a *API) subscribe(r *request) (*opened, error) {
	at, err := cursorOf(r.Request)
	if err != nil {
		return nil, err
	}
	wait, poll, err := waitOf(r.Request)
	if err != nil {
		return nil, err
	}
	place, err := a.streams.begin(actorKey(r.actor()))
	if err != nil {
		return nil, err
	}
	sub, err := a.Streams.Subscribe(r.Context(), at)
	if err != nil {
		a.streams.leave(place)
		return nil, err
	}
	place.reads(sub)
	return &opened{place, wait, poll}, nil
}

// cursorOf reads the rooms and how far the reader has come in each: the browser's own Last-Event-ID is newer than the
// address that it repeats.
func cursorOf(r *http.Request) (kontakt.Cursor, error) {
	at, err := kontakt.ParseCursor(r.URL.Query().Get("at"))
	if err != nil {
		return nil, err
	}
	last, err := kontakt.ParseCursor(r.Header.Get("Last-Event-ID"))
	if err != nil {
		return nil, err
	}
	if len(at) == 0 {
		at = last
	}
	for room := range at {
		if seq, ok := last[room]; ok {
			at[room] = seq
		}
	}
	if len(at) == 0 {
		return nil, badRequest("stream", errors.New("no room"))
	}
	return at, nil
}

func waitOf(r *http.Request) (wait time.Duration, poll bool, err error) {
	q := r.URL.Query()
	if !q.Has("wait") {
		return 0, false, nil
	}
	n, err := strconv.Atoi(q.Get("wait"))
	if err != nil || n < 0 || n > maxWait {
		return 0, false, badRequest("stream", errors.New("wait is not 0 to 30 seconds"))
	}
	return time.Duration(n) * time.Second, true, nil
}

func (a *API) longPoll(w http.ResponseWriter, r *request, o *opened) error {
	if err := deadlines(w, o.wait+writeWithin); err != nil {
		return err
	}
	events, err := o.sub.Next(r.Request.Context(), o.wait)
	if err != nil && !o.over(r) {
		return err
	}
	out := wire.Events{Events: make([]wire.Event, 0, len(events)), Cursor: o.sub.Cursor().String()}
	for _, e := range events {
		out.Events = append(out.Events, wire.FromEvent(e))
	}
	body, err := json.Marshal(out)
	if err != nil {
		return &kontakt.Error{Op: "httpapi.longPoll", Kind: kontakt.Internal, Err: err}
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(body)
	return err
}

// deadlines replaces the server's own, which are made for short requests: reading ends never, since the request has been
// read and net/http only listens for the hang-up, and writing ends after d.
func deadlines(w http.ResponseWriter, d time.Duration) error {
	rc := http.NewResponseController(w)
	if err := rc.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	return rc.SetWriteDeadline(time.Now().Add(d))
}

// pour writes events as they come until the reader, the session or the server ends.
func (a *API) pour(w http.ResponseWriter, r *request, o *opened) error {
	if a.cfg.Meter != nil {
		a.cfg.Meter.Streams(1)
		defer a.cfg.Meter.Streams(-1)
	}
	if !beginStream(w) {
		return nil
	}
	defer deadlines(w, writeWithin) // net/http writes the end after us, and the last deadline may have passed
	for {
		events, err := o.sub.Next(r.Request.Context(), wire.HeartbeatEvery)
		switch {
		case err != nil && o.over(r):
			return nil
		case err != nil:
			return err
		case len(events) == 0:
			if !a.beat(r, w) {
				return nil
			}
		default:
			if going, err := writeEvents(w, o.sub.Cursor(), events); err != nil || !going {
				return err
			}
		}
	}
}

// over says whether the stream ends because its reader has hung up or because it was told to.
func (o *opened) over(r *request) bool { return r.Request.Context().Err() != nil || o.isEnded() }

// beginStream says whether the reader is there. The pause before an EventSource comes back differs, lest a restart
// brings all of them at the same moment.
func beginStream(w http.ResponseWriter) bool {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	return flush(w, fmt.Appendf(nil, "retry: %d\n\n", 500+rand.IntN(2000)))
}

// beat tells a quiet stream's reader that it stands, and says whether to go on: who has signed out or been revoked is
// sent away, comes back and is told.
func (a *API) beat(r *request, w http.ResponseWriter) bool {
	var kind kontakt.Kind
	aside(func() {
		_, err := a.Sessions.Actor(r.Context(), r.secret)
		kind = kontakt.KindOf(err)
	})
	if kind == kontakt.Unauthenticated || kind == kontakt.Forbidden {
		return false
	}
	return flush(w, fmt.Appendf(nil, "event: %s\ndata: {\"at\":%q}\n\n", wire.HeartbeatEvent, a.now().UTC().Format(time.RFC3339Nano)))
}

// aside calls f on a goroutine of its own, panics included: the stack that a look at the database takes goes with it,
// where a stream that looks every few seconds would keep it, 24 kB and more for each of thousands.
func aside(f func()) {
	ended := make(chan any, 1)
	go func() {
		defer func() { ended <- recover() }()
		f()
	}()
	if v := <-ended; v != nil {
		panic(v)
	}
}

// writeEvents writes events, each with the whole cursor after it. at is the cursor behind the last, and the caller's to
// give away. It says whether the reader is still there.
func writeEvents(w http.ResponseWriter, at kontakt.Cursor, events []kontakt.Event) (going bool, err error) {
	for _, e := range slices.Backward(events) {
		at[e.Room] = e.Seq - 1 // a room's numbers have no gaps
	}
	var out []byte
	for _, e := range events {
		at[e.Room] = e.Seq
		data, err := json.Marshal(wire.FromEvent(e))
		if err != nil {
			return false, &kontakt.Error{Op: "httpapi.writeEvents", Kind: kontakt.Internal, Err: err}
		}
		out = fmt.Appendf(out, "id: %s\ndata: %s\n\n", at, data)
	}
	return flush(w, out), nil
}

// flush writes and sends, and says whether that went well; if not, the reader has hung up or is too slow, which is no
// error of ours.
func flush(w http.ResponseWriter, text []byte) bool {
	if deadlines(w, writeWithin) != nil {
		return false
	}
	if _, err := w.Write(text); err != nil {
		return false
	}
	return http.NewResponseController(w).Flush() == nil
}
