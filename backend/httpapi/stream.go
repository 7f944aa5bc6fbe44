package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// writeWithin is how long one write to a reader may take: who takes in less is cut and resumes from the log.
const writeWithin = 10 * time.Second

// maxWait is the longest long poll, in seconds.
const maxWait = 30

// maxStreams is how many streams one session may hold. A reader whose network has died leaves streams behind that look
// alive for a while, so the newest counts and the oldest is ended.
const maxStreams = 6

// stream answers GET /stream: server-sent events, or with wait a long poll.
func (a *API) stream(w http.ResponseWriter, r *request) error {
	at, err := cursorOf(r.Request)
	if err != nil {
		return err
	}
	wait, poll, err := waitOf(r.Request)
	if err != nil {
		return err
	}
	ctx, end, err := a.streams.begin(r.Context(), actorKey(r.actor))
	if err != nil {
		return err
	}
	defer end()
	sub, err := a.Streams.Subscribe(ctx, at)
	if err != nil {
		return err
	}
	defer sub.Close()
	if poll {
		return a.longPoll(ctx, w, sub, wait)
	}
	if a.cfg.Meter != nil {
		a.cfg.Meter.Streams(1)
		defer a.cfg.Meter.Streams(-1)
	}
	return a.pour(ctx, w, r, sub, at)
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

func (a *API) longPoll(ctx context.Context, w http.ResponseWriter, sub Subscription, wait time.Duration) error {
	if err := deadlines(w, wait+writeWithin); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	events, err := sub.Next(within)
	if err != nil && within.Err() == nil {
		return err
	}
	out := wire.Events{Events: make([]wire.Event, 0, len(events)), Cursor: sub.Cursor().String()}
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
func (a *API) pour(ctx context.Context, w http.ResponseWriter, r *request, sub Subscription, at kontakt.Cursor) error {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	rc := http.NewResponseController(w)
	var out bytes.Buffer
	flush := func() error {
		if err := deadlines(w, writeWithin); err != nil {
			return err
		}
		_, err := out.WriteTo(w)
		if err != nil {
			return err
		}
		return rc.Flush()
	}
	// The pause before an EventSource comes back differs, lest a restart brings all of them at the same moment.
	fmt.Fprintf(&out, "retry: %d\n\n", 500+rand.IntN(2000))
	if err := flush(); err != nil {
		return nil // hung up: the reader's own decision
	}
	defer deadlines(w, writeWithin) // net/http writes the end after us, and the last deadline may have passed
	at = maps.Clone(at)
	for {
		within, cancel := context.WithTimeout(ctx, wire.HeartbeatEvery)
		events, err := sub.Next(within)
		quiet := within.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && quiet:
			if _, err := a.Sessions.Actor(ctx, r.secret); kontakt.KindOf(err) == kontakt.Unauthenticated || kontakt.KindOf(err) == kontakt.Forbidden {
				return nil // signed out or revoked: the reader comes back and is told
			}
			fmt.Fprintf(&out, "event: %s\ndata: {\"at\":%q}\n\n", wire.HeartbeatEvent, a.now().UTC().Format(time.RFC3339Nano))
		case err != nil:
			return err
		}
		for _, e := range events {
			at[e.Room] = e.Seq
			data, err := json.Marshal(wire.FromEvent(e))
			if err != nil {
				return &kontakt.Error{Op: "httpapi.pour", Kind: kontakt.Internal, Err: err}
			}
			fmt.Fprintf(&out, "id: %s\ndata: %s\n\n", at, data)
		}
		if err := flush(); err != nil {
			return nil
		}
	}
}

// streams are those that are open, by session.
type streams struct {
	mu      *sync.Mutex
	open    map[string][]*openStream
	closing context.Context
	close   context.CancelFunc
}

type openStream struct{ cancel context.CancelFunc }

func newStreams() streams {
	closing, cancel := context.WithCancel(context.Background())
	return streams{mu: &sync.Mutex{}, open: map[string][]*openStream{}, closing: closing, close: cancel}
}

// EndStreams ends every stream and lets none begin: readers come back, to the process that follows this one.
func (a *API) EndStreams() { a.streams.close() }

// begin opens a place for key; its context ends with the reader's, with EndStreams, or when newer streams of the same
// session take the place.
func (s *streams) begin(ctx context.Context, key string) (context.Context, func(), error) {
	if s.closing.Err() != nil {
		return nil, nil, &kontakt.Error{Op: "httpapi.stream", Kind: kontakt.Unavailable, Msg: kontakt.MsgServerUnreachable}
	}
	ctx, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(s.closing, cancel)
	me := &openStream{cancel}
	s.mu.Lock()
	defer s.mu.Unlock()
	all := append(s.open[key], me)
	if len(all) > maxStreams {
		all[0].cancel()
		all = slices.Clone(all[1:])
	}
	s.open[key] = all
	return ctx, func() {
		unhook()
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		left := slices.DeleteFunc(s.open[key], func(o *openStream) bool { return o == me })
		if len(left) == 0 {
			delete(s.open, key)
		} else {
			s.open[key] = left
		}
	}, nil
}
