package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// Stream reads the events of a tablet's rooms. It reconnects by itself, goes on in each room after the last event that
// it delivered, and asks by long poll where something on the way holds a stream back.
type Stream struct {
	c *Client

	mu      sync.Mutex
	at      kontakt.Cursor
	changed chan struct{} // closed when the set of rooms changes
}

var _ app.Stream = (*Stream)(nil)

// NewStream gives a stream that follows nothing yet.
func NewStream(c *Client) *Stream {
	return &Stream{c: c, at: kontakt.Cursor{}, changed: make(chan struct{})}
}

// Follow implements app.Stream.
func (s *Stream) Follow(at kontakt.Cursor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := maps.Clone(at)
	same := len(next) == len(s.at)
	for room := range next {
		if seq, ok := s.at[room]; ok {
			next[room] = seq
		} else {
			same = false
		}
	}
	if same {
		return
	}
	s.at = next
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Stream) rooms() (kontakt.Cursor, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.at), s.changed
}

// Run implements app.Stream.
func (s *Stream) Run(ctx context.Context, deliver func(app.Event)) {
	offline := false
	s.Events(ctx, func(e kontakt.Event) {
		event, err := told(e)
		if err != nil {
			s.c.log.Warn("event not understood", "room", e.Room, "seq", e.Seq, "type", e.Type)
		} else if event != nil {
			deliver(event)
		}
	}, func(err error) {
		switch msg, params := kontakt.MsgOf(err); {
		case msg == kontakt.MsgDeviceRevoked || msg == kontakt.MsgEnrolUnknown:
			deliver(app.DeviceRefused{Why: app.Sentence{Key: msg, Params: params}})
		case kontakt.KindOf(err) == kontakt.NotFound:
			deliver(app.RoomsRefused{})
		case offline != (err != nil):
			offline = err != nil
			deliver(app.NetChanged{Offline: offline, Since: s.c.Now()})
		}
	})
}

// Events delivers each event of the rooms that are followed until ctx ends. state is told nil when the backend has been
// reached and why when it can't be; both are called from Events' own goroutine.
func (s *Stream) Events(ctx context.Context, deliver func(kontakt.Event), state func(error)) {
	conn := connection{s: s, deliver: deliver, state: state}
	pause := s.c.limits.firstWait
	for ctx.Err() == nil {
		at, changed := s.rooms()
		if len(at) == 0 {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		conn.reached = false
		err := conn.run(ctx, at, changed)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errRoomsChanged) {
			continue
		}
		if conn.reached {
			pause = s.c.limits.firstWait // it worked a moment ago: come back soon, and say nothing yet
		} else {
			state(err)
		}
		wait(ctx, changed, max(jitter(pause), conn.retry, retryAfter(err)))
		if !conn.reached {
			pause = min(2*pause, s.c.limits.longWait)
		}
	}
}

func wait(ctx context.Context, changed <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-changed:
	case <-ctx.Done():
	}
}

var (
	errRoomsChanged = errors.New("client: other rooms are wanted")
	errSilent       = errors.New("client: nothing was heard for too long")
	errHeldBack     = errors.New("client: something on the way holds the stream back")
)

// connection is what lasts over the connections of a run.
type connection struct {
	s       *Stream
	deliver func(kontakt.Event)
	state   func(error)

	reached   bool          // this connection has brought something
	retry     time.Duration // the pause that the backend asked for
	pollUntil time.Time     // until then by long poll
}

// run reads until the connection ends, always with an error that says why.
func (c *connection) run(ctx context.Context, at kontakt.Cursor, changed <-chan struct{}) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-changed:
			cancel(errRoomsChanged)
		case <-done:
		}
	}()
	c.retry = 0
	var err error
	if time.Now().Before(c.pollUntil) {
		err = c.poll(ctx, at)
	} else {
		err = c.listen(ctx, cancel, at)
		if errors.Is(err, errHeldBack) {
			c.pollUntil = time.Now().Add(c.s.c.limits.pollFor)
		}
	}
	if cause := context.Cause(ctx); errors.Is(cause, errRoomsChanged) {
		return errRoomsChanged
	}
	return err
}

// open asks for the stream with the device's session, and once more with a new one where it has run out.
func (c *connection) open(ctx context.Context, query url.Values) (*http.Response, error) {
	r := call{op: "client.stream", as: asDevice, method: http.MethodGet, path: "stream", query: query}
	stale := ""
	for {
		token, err := c.s.c.deviceToken(ctx, stale)
		if err != nil {
			return nil, err
		}
		req, err := c.s.c.request(ctx, r, token)
		if err != nil {
			return nil, err
		}
		resp, err := c.s.c.http.Do(req)
		if err != nil {
			return nil, unreachable(r.op, err)
		}
		if resp.StatusCode == http.StatusOK {
			return resp, nil
		}
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // a problem cut short is one of its status
		resp.Body.Close()
		err = problem(r.op, resp, body)
		if kontakt.KindOf(err) != kontakt.Unauthenticated || stale != "" {
			return nil, err
		}
		stale = token
	}
}

// listen reads server-sent events.
func (c *connection) listen(ctx context.Context, cancel context.CancelCauseFunc, at kontakt.Cursor) error {
	limits := c.s.c.limits
	var heard atomic.Bool
	watchdog := time.AfterFunc(limits.firstByte, func() {
		if heard.Load() {
			cancel(errSilent)
		} else {
			cancel(errHeldBack)
		}
	})
	defer watchdog.Stop()
	resp, err := c.open(ctx, url.Values{"at": {at.String()}})
	if err != nil {
		return c.because(ctx, err)
	}
	defer resp.Body.Close()
	in := newReader(alive{resp.Body, func() {
		heard.Store(true)
		watchdog.Reset(limits.silence)
		c.heard()
	}})
	for {
		m, err := in.next()
		c.retry = min(in.retry, limits.longWait)
		if err != nil {
			return c.because(ctx, err)
		}
		if m.event == wire.HeartbeatEvent {
			c.beat(m.data)
		}
		if m.event != "" {
			continue // a heartbeat, or what a newer backend says
		}
		var w wire.Event
		if err := json.Unmarshal([]byte(m.data), &w); err != nil {
			return c.garbled(errors.New("an event that is not JSON"))
		}
		if err := c.event(w); err != nil {
			return err
		}
	}
}

// beat hears what time it is.
func (c *connection) beat(data string) {
	var beat struct{ At time.Time }
	if json.Unmarshal([]byte(data), &beat) == nil && !beat.At.IsZero() {
		c.s.c.setClock(beat.At)
	}
}

// because gives the reason why reading ended: the watchdog's own words where it was the watchdog.
func (c *connection) because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errHeldBack) || errors.Is(cause, errSilent) {
		err = cause
	}
	if _, ok := errors.AsType[*kontakt.Error](err); ok {
		return err
	}
	return unreachable("client.stream", err)
}

// alive calls heard for every read that brings something.
type alive struct {
	io.Reader
	heard func()
}

func (a alive) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if n > 0 {
		a.heard()
	}
	return n, err
}

// heard tells, once a connection, that the backend is there.
func (c *connection) heard() {
	if !c.reached {
		c.reached = true
		c.state(nil)
		c.s.c.online.call()
	}
}

// event delivers one that has not been delivered. One of a room that is no longer followed is dropped.
func (c *connection) event(w wire.Event) error {
	e, err := wire.ToEvent(w)
	if err != nil {
		return c.garbled(err)
	}
	c.s.mu.Lock()
	seq, followed := c.s.at[e.Room]
	fresh := followed && e.Seq > seq
	if fresh {
		c.s.at[e.Room] = e.Seq
	}
	c.s.mu.Unlock()
	if fresh {
		c.deliver(e)
	}
	return nil
}

// garbled counts as not having reached the backend, so that one bad event is not asked for again without a pause.
func (c *connection) garbled(err error) error {
	c.reached = false
	return unreachable("client.stream", err)
}

// pollWait is how long the backend holds a long poll, in seconds.
const pollWait = 25

// poll asks again and again, each answer at once with what there is. The first does not wait for anything: it shows
// whether the backend is there.
func (c *connection) poll(ctx context.Context, at kontakt.Cursor) error {
	seconds := 0
	for time.Now().Before(c.pollUntil) {
		begun := time.Now()
		got, err := c.pollOnce(ctx, at, seconds)
		if err != nil {
			c.pollUntil = time.Time{} // it was the network, then: the stream is worth another try
			return err
		}
		c.heard()
		for _, w := range got.Events {
			if err := c.event(w); err != nil {
				return err
			}
		}
		at, _ = c.s.rooms()
		if seconds > 0 && len(got.Events) == 0 && time.Since(begun) < c.s.c.limits.firstWait {
			wait(ctx, nil, c.s.c.limits.firstWait) // something answers at once in the backend's place
		}
		seconds = pollWait
	}
	return unreachable("client.poll", errors.New("time to try the stream again"))
}

func (c *connection) pollOnce(ctx context.Context, at kontakt.Cursor, seconds int) (wire.Events, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second+c.s.c.limits.attempt)
	defer cancel()
	resp, err := c.open(ctx, url.Values{"at": {at.String()}, "wait": {strconv.Itoa(seconds)}})
	if err != nil {
		return wire.Events{}, err
	}
	defer resp.Body.Close()
	var got wire.Events
	if err := json.NewDecoder(io.LimitReader(resp.Body, 16*maxAnswer)).Decode(&got); err != nil {
		return wire.Events{}, unreachable("client.poll", errors.New("the answer is not JSON"))
	}
	return got, nil
}
