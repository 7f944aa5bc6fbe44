package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// pipes is a listener whose connections are pipes, so that a server's deadlines run on a test's own time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.done); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// serveOnPipes runs a real server whose own deadlines are far too short for a stream, and gives a way to dial it.
func serveOnPipes(t *testing.T, a http.Handler) (dial func() net.Conn) {
	p := pipes{make(chan net.Conn), make(chan struct{})}
	srv := &http.Server{Handler: a, ReadTimeout: 2 * time.Second, WriteTimeout: 2 * time.Second}
	go srv.Serve(p)
	t.Cleanup(func() { srv.Close() })
	return func() net.Conn {
		here, there := net.Pipe()
		p.conns <- there
		t.Cleanup(func() { here.Close() })
		return here
	}
}

// dialStream asks for the stream and gives its body.
func dialStream(t *testing.T, conn net.Conn, query string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("GET", "http://kontakt.example/api/v1/stream?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer device-secret")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	go r.Write(conn)
	resp, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// message reads one SSE message: its fields by name.
func message(t *testing.T, body *bufio.Reader) map[string]string {
	t.Helper()
	fields := map[string]string{}
	for {
		line, err := body.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended: %v", err)
		}
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return fields
		}
		name, value, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("line %q", line)
		}
		fields[name] = value
	}
}

func newSubscription(at kontakt.Cursor) *fakeSubscription {
	c := kontakt.Cursor{}
	for room, seq := range at {
		c[room] = seq
	}
	return &fakeSubscription{events: make(chan []kontakt.Event, 4), at: c, closed: make(chan struct{})}
}

func signalEvent(room kontakt.Room, seq kontakt.Seq) kontakt.Event {
	return kontakt.Event{Room: room, Seq: seq, Type: kontakt.EventLineChanged, At: t0, Data: json.RawMessage(`{}`)}
}

func TestStream_eventsWithTheWholeCursorAsTheirID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := kontakt.DeviceRoom(aDevice), kontakt.LineRoom(kontakt.NewClinicID())
		subs, asked := make(chan *fakeSubscription, 1), make(chan kontakt.Actor, 1)
		a := newAPI(t, Parts{Streams: fakeStreams(func(ctx context.Context, at kontakt.Cursor) (Subscription, error) {
			who, _ := kontakt.ActorFrom(ctx)
			sub := newSubscription(at)
			asked <- who
			subs <- sub
			return sub, nil
		})}, nil)
		dial := serveOnPipes(t, a)
		at := kontakt.Cursor{one: 5, two: 7}
		resp := dialStream(t, dial(), "at="+url.QueryEscape(at.String()))
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("X-Accel-Buffering") != "no" || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", resp.StatusCode, resp.Header)
		}
		sub := <-subs
		if who := <-asked; who.Device != aDevice {
			t.Errorf("the actor of the subscription is %+v", who)
		}
		body := bufio.NewReader(resp.Body)
		if m := message(t, body); m["retry"] == "" {
			t.Errorf("first message = %v", m)
		}
		sub.events <- []kontakt.Event{signalEvent(two, 8), signalEvent(one, 6)}
		for _, want := range []kontakt.Cursor{{one: 5, two: 8}, {one: 6, two: 8}} {
			m := message(t, body)
			if m["id"] != want.String() {
				t.Errorf("id = %q, want %q", m["id"], want)
			}
			var e wire.Event
			if err := json.Unmarshal([]byte(m["data"]), &e); err != nil || e.Type != string(kontakt.EventLineChanged) {
				t.Errorf("data = %s: %v", m["data"], err)
			}
			if _, ok := m["event"]; ok {
				t.Errorf("an event with a name is not seen by onmessage: %v", m)
			}
		}
	})
}

// The server's own deadlines are two seconds; a stream lives through minutes of silence and its heartbeats are events,
// which a page can hear, without an id, so that they move nothing.
func TestStream_heartbeatsOutliveTheServersDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sub := newSubscription(nil)
		a := newAPI(t, Parts{Streams: fakeStreams(func(context.Context, kontakt.Cursor) (Subscription, error) { return sub, nil })}, nil)
		dial := serveOnPipes(t, a)
		resp := dialStream(t, dial(), "at="+url.QueryEscape(kontakt.Cursor{kontakt.DeviceRoom(aDevice): 0}.String()))
		body := bufio.NewReader(resp.Body)
		message(t, body)
		began := time.Now()
		for i := range 20 {
			m := message(t, body)
			if m["event"] != wire.HeartbeatEvent || m["data"] == "" {
				t.Fatalf("message %d = %v", i, m)
			}
			if _, ok := m["id"]; ok {
				t.Errorf("a heartbeat has an id: %v", m)
			}
		}
		if took := time.Since(began); took != 20*wire.HeartbeatEvery {
			t.Errorf("20 heartbeats took %v", took)
		}
		sub.events <- []kontakt.Event{signalEvent(kontakt.DeviceRoom(aDevice), 1)}
		if m := message(t, body); m["id"] == "" {
			t.Errorf("after the silence: %v", m)
		}
	})
}

func TestStream_aReaderThatDoesNotReadIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sub := newSubscription(nil)
		a := newAPI(t, Parts{Streams: fakeStreams(func(context.Context, kontakt.Cursor) (Subscription, error) { return sub, nil })}, nil)
		dial := serveOnPipes(t, a)
		conn := dial()
		resp := dialStream(t, conn, "at="+url.QueryEscape(kontakt.Cursor{kontakt.DeviceRoom(aDevice): 0}.String()))
		message(t, bufio.NewReader(resp.Body))
		sub.events <- []kontakt.Event{signalEvent(kontakt.DeviceRoom(aDevice), 1)}
		began := time.Now()
		<-sub.closed
		if took := time.Since(began); took != writeWithin {
			t.Errorf("cut after %v, want %v", took, writeWithin)
		}
	})
}

func TestStream_endsWithItsSession(t *testing.T) {
	for name, kind := range map[string]kontakt.Kind{"signed out": kontakt.Unauthenticated, "revoked": kontakt.Forbidden} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var gone atomic.Bool
				sub := newSubscription(nil)
				a := newAPI(t, Parts{
					Streams: fakeStreams(func(context.Context, kontakt.Cursor) (Subscription, error) { return sub, nil }),
					Sessions: fakeSessions{func(ctx context.Context, secret string) (kontakt.Actor, error) {
						if gone.Load() {
							return kontakt.Actor{}, &kontakt.Error{Op: "fake", Kind: kind}
						}
						return lookUp(ctx, secret)
					}},
				}, nil)
				dial := serveOnPipes(t, a)
				resp := dialStream(t, dial(), "at="+url.QueryEscape(kontakt.Cursor{kontakt.DeviceRoom(aDevice): 0}.String()))
				body := bufio.NewReader(resp.Body)
				message(t, body)
				message(t, body) // a heartbeat
				gone.Store(true)
				if rest, err := io.ReadAll(body); err != nil || len(rest) > 0 {
					t.Errorf("after the session: %q, %v", rest, err)
				}
				<-sub.closed
			})
		})
	}
}

func TestStream_endsWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sub := newSubscription(nil)
		a := newAPI(t, Parts{Streams: fakeStreams(func(context.Context, kontakt.Cursor) (Subscription, error) { return sub, nil })}, nil)
		dial := serveOnPipes(t, a)
		at := "at=" + url.QueryEscape(kontakt.Cursor{kontakt.DeviceRoom(aDevice): 0}.String())
		resp := dialStream(t, dial(), at)
		body := bufio.NewReader(resp.Body)
		message(t, body)
		began := time.Now()
		a.EndStreams()
		if _, err := io.ReadAll(body); err != nil {
			t.Errorf("the stream does not end well: %v", err)
		}
		if time.Since(began) != 0 {
			t.Error("the end waited for something")
		}
		if resp := dialStream(t, dial(), at); resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a stream during the stop: %d", resp.StatusCode)
		}
	})
}

// A tablet whose network dies leaves streams behind that look alive: the newest must always get in.
func TestStream_theNewestOfASessionCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := make(chan *fakeSubscription, 1)
		a := newAPI(t, Parts{Streams: fakeStreams(func(context.Context, kontakt.Cursor) (Subscription, error) {
			s := newSubscription(nil)
			made <- s
			return s, nil
		})}, nil)
		dial := serveOnPipes(t, a)
		at := "at=" + url.QueryEscape(kontakt.Cursor{kontakt.DeviceRoom(aDevice): 0}.String())
		var subs []*fakeSubscription
		for range maxStreams + 2 {
			message(t, bufio.NewReader(dialStream(t, dial(), at).Body))
			subs = append(subs, <-made)
		}
		<-subs[0].closed
		<-subs[1].closed
		synctest.Wait()
		select {
		case <-subs[2].closed:
			t.Error("the third is ended as well")
		default:
		}
		a.EndStreams()
		synctest.Wait()
		if n := len(a.streams.open); n != 0 {
			t.Errorf("sessions with streams = %d", n)
		}
	})
}

func TestStream_resumesFromTheBrowsersLastID(t *testing.T) {
	one, two := kontakt.DeviceRoom(aDevice), kontakt.EntryRoom(kontakt.NewEntryID())
	for _, c := range []struct {
		name     string
		at, last kontakt.Cursor
		want     kontakt.Cursor
	}{
		{"first time", kontakt.Cursor{one: 3}, nil, kontakt.Cursor{one: 3}},
		{"the address is older", kontakt.Cursor{one: 3}, kontakt.Cursor{one: 9}, kontakt.Cursor{one: 9}},
		{"a room has been added since", kontakt.Cursor{one: 3, two: 1}, kontakt.Cursor{one: 9}, kontakt.Cursor{one: 9, two: 1}},
		{"a room has been left since", kontakt.Cursor{one: 3}, kontakt.Cursor{one: 9, two: 4}, kontakt.Cursor{one: 9}},
		{"no address", nil, kontakt.Cursor{one: 9}, kontakt.Cursor{one: 9}},
	} {
		var got kontakt.Cursor
		a := newAPI(t, Parts{Streams: fakeStreams(func(_ context.Context, at kontakt.Cursor) (Subscription, error) {
			got = at
			return nil, &kontakt.Error{Op: "fake", Kind: kontakt.NotFound}
		})}, nil)
		w := ask(a, "GET", "/api/v1/stream?at="+url.QueryEscape(c.at.String()), "device-secret", "", func(r *http.Request) {
			if c.last != nil {
				r.Header.Set("Last-Event-ID", c.last.String())
			}
		})
		if got.String() != c.want.String() || w.Code != 404 {
			t.Errorf("%s: %s, want %s (%d)", c.name, got, c.want, w.Code)
		}
	}
}

func TestStream_badQuestions(t *testing.T) {
	a := newAPI(t, Parts{}, nil)
	good := url.QueryEscape(kontakt.Cursor{kontakt.DeviceRoom(aDevice): 0}.String())
	for _, q := range []string{"", "at=", "at=device:x=1", "at=" + good + "," + good, "at=" + good + "&wait=31", "at=" + good + "&wait=-1", "at=" + good + "&wait=x"} {
		if w := ask(a, "GET", "/api/v1/stream?"+q, "device-secret", ""); w.Code != 400 {
			t.Errorf("%q: %d %s", q, w.Code, w.Body)
		}
	}
}

func TestStream_longPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := kontakt.DeviceRoom(aDevice)
		subs := make(chan *fakeSubscription, 1)
		a := newAPI(t, Parts{Streams: fakeStreams(func(_ context.Context, at kontakt.Cursor) (Subscription, error) {
			sub := newSubscription(at)
			subs <- sub
			return sub, nil
		})}, nil)
		dial := serveOnPipes(t, a)
		read := func(resp *http.Response) (e wire.Events) {
			if err := json.NewDecoder(resp.Body).Decode(&e); err != nil || resp.StatusCode != 200 {
				t.Fatal(resp.StatusCode, err)
			}
			return e
		}
		query := "wait=25&at=" + url.QueryEscape(kontakt.Cursor{room: 4}.String())
		began := time.Now()
		quiet := read(dialStream(t, dial(), query))
		if len(quiet.Events) != 0 || quiet.Cursor != (kontakt.Cursor{room: 4}).String() || time.Since(began) != 25*time.Second {
			t.Errorf("silence: %+v after %v", quiet, time.Since(began))
		}
		<-(<-subs).closed
		go func() {
			sub := <-subs
			time.Sleep(3 * time.Second) // on the bubble's clock
			sub.events <- []kontakt.Event{signalEvent(room, 5), signalEvent(room, 6)}
		}()
		some := read(dialStream(t, dial(), query))
		if len(some.Events) != 2 || some.Events[1].Seq != 6 || some.Cursor != (kontakt.Cursor{room: 6}).String() {
			t.Errorf("events: %+v", some)
		}
	})
}

func TestStream_aCutSubscriptionEndsTheStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sub := newSubscription(nil)
		sub.err = &kontakt.Error{Op: "fake", Kind: kontakt.Gone}
		a := newAPI(t, Parts{Streams: fakeStreams(func(context.Context, kontakt.Cursor) (Subscription, error) { return sub, nil })}, nil)
		dial := serveOnPipes(t, a)
		resp := dialStream(t, dial(), "at="+url.QueryEscape(kontakt.Cursor{kontakt.DeviceRoom(aDevice): 0}.String()))
		body := bufio.NewReader(resp.Body)
		message(t, body)
		close(sub.events)
		if _, err := io.ReadAll(body); err != nil {
			t.Error(err)
		}
	})
}
