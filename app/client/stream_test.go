package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// follow runs a stream on rooms until the test ends and gives what it delivers.
func follow(t *testing.T, c *Client, at kontakt.Cursor) (*Stream, <-chan app.Event) {
	t.Helper()
	s := NewStream(c)
	s.Follow(at)
	events := make(chan app.Event, 100)
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { s.Run(ctx, func(e app.Event) { events <- e }) })
	t.Cleanup(func() { cancel(); run.Wait() })
	return s, events
}

var entryRoom = kontakt.EntryRoom(placeID)

// changed gives the event that a place has a new version, as it travels.
func changed(seq int) wire.Event {
	data, _ := json.Marshal(wire.EntryChanged{Entry: string(placeID), State: "waiting", Version: seq})
	return wire.Event{Room: string(entryRoom), Seq: int64(seq), Type: string(kontakt.EventEntryChanged), At: time.Now(), Data: data}
}

// pour writes events as the backend does and flushes them.
func pour(w http.ResponseWriter, events ...wire.Event) {
	for _, e := range events {
		data, _ := json.Marshal(e)
		fmt.Fprintf(w, "id: %s=%d\ndata: %s\n\n", e.Room, e.Seq, data)
	}
	w.(http.Flusher).Flush()
}

func greet(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1\n\n")
	w.(http.Flusher).Flush()
}

// after gives the Seq after which a request for the stream goes on.
func after(r *http.Request, room kontakt.Room) int {
	at, err := kontakt.ParseCursor(r.URL.Query().Get("at"))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return int(at[room])
}

// versions waits for the versions of a place, in order, and lets the news of the network pass.
func versions(t *testing.T, events <-chan app.Event, want ...int) {
	t.Helper()
	for _, v := range want {
		for {
			e := <-events
			if _, net := e.(app.NetChanged); net {
				continue
			}
			if got, ok := e.(app.PlaceChanged); !ok || got.Version != v || got.ID != placeID {
				t.Fatalf("got %+v, want version %d", e, v)
			}
			break
		}
	}
}

// TestStream_resumesAfterCuts: each connection brings one event and is cut; each event comes once and in order.
func TestStream_resumesAfterCuts(t *testing.T) {
	b := newBackend(t)
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		greet(w)
		seq := after(r, entryRoom)
		if seq >= 20 {
			<-r.Context().Done()
			return
		}
		pour(w, changed(max(seq, 1)), changed(seq+1)) // an old one again, then the next
		panic(http.ErrAbortHandler)
	}))
	_, events := follow(t, enrolled(t, b), kontakt.Cursor{entryRoom: 0})
	var want []int
	for v := 1; v <= 20; v++ {
		want = append(want, v)
	}
	versions(t, events, want...)
}

// TestStream_otherRooms: a change of rooms reconnects at once; a room that stays goes on, a new one begins where told.
func TestStream_otherRooms(t *testing.T) {
	b := newBackend(t)
	asked := make(chan string, 10)
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		greet(w)
		asked <- r.URL.Query().Get("at")
		if after(r, entryRoom) == 0 {
			pour(w, changed(1), changed(2))
		}
		<-r.Context().Done()
	}))
	s, events := follow(t, enrolled(t, b), kontakt.Cursor{entryRoom: 0})
	versions(t, events, 1, 2)
	<-asked
	s.Follow(kontakt.Cursor{entryRoom: 0})
	call := kontakt.CallRoom(callID)
	s.Follow(kontakt.Cursor{entryRoom: 1, call: 7})
	want := kontakt.Cursor{entryRoom: 2, call: 7}.String()
	if got := <-asked; got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
}

func TestStream_newDeviceSession(t *testing.T) {
	b := newBackend(t)
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		greet(w)
		pour(w, changed(after(r, entryRoom)+1))
		b.forget()
		panic(http.ErrAbortHandler)
	}))
	_, events := follow(t, enrolled(t, b), kontakt.Cursor{entryRoom: 0})
	versions(t, events, 1, 2, 3)
}

// TestStream_silence: a connection that looks alive and says nothing is left.
func TestStream_silence(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	c.limits.silence = 100 * time.Millisecond
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		greet(w)
		pour(w, changed(after(r, entryRoom)+1))
		<-r.Context().Done()
	}))
	_, events := follow(t, c, kontakt.Cursor{entryRoom: 0})
	versions(t, events, 1, 2)
}

// TestStream_heartbeatsKeepIt: a quiet stream with heartbeats is a living one.
func TestStream_heartbeatsKeepIt(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	c.limits.silence = 400 * time.Millisecond
	var connections atomic.Int32
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		connections.Add(1)
		greet(w)
		beat := time.NewTicker(100 * time.Millisecond)
		defer beat.Stop()
		for range 10 {
			select {
			case <-beat.C:
				fmt.Fprintf(w, "event: %s\ndata: {}\n\n", wire.HeartbeatEvent)
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
		pour(w, changed(1))
		<-r.Context().Done()
	}))
	_, events := follow(t, c, kontakt.Cursor{entryRoom: 0})
	versions(t, events, 1)
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

// TestStream_longPoll: a proxy that holds the stream back until it ends gets long polls instead.
func TestStream_longPoll(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	c.limits.firstByte = 100 * time.Millisecond
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		if !r.URL.Query().Has("wait") {
			<-r.Context().Done() // not even headers
			return
		}
		seq := after(r, entryRoom)
		if seq >= 5 {
			<-r.Context().Done()
			return
		}
		e := changed(seq + 1)
		reply(w, http.StatusOK, wire.Events{Events: []wire.Event{e}, Cursor: fmt.Sprintf("%s=%d", entryRoom, e.Seq)})
	}))
	_, events := follow(t, c, kontakt.Cursor{entryRoom: 0})
	versions(t, events, 1, 2, 3, 4, 5)
}

// TestStream_offlineAndBack tells once that the backend is gone and once that it is back.
func TestStream_offlineAndBack(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	down := make(chan bool, 1)
	var mu sync.Mutex
	failing := 0
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if failing > 0 {
			failing--
			http.Error(w, "bad gateway", http.StatusBadGateway)
			return
		}
		greet(w)
		pour(w, changed(after(r, entryRoom)+1))
		select {
		case <-down:
			failing = 5
			panic(http.ErrAbortHandler)
		case <-r.Context().Done():
		}
	}))
	_, events := follow(t, c, kontakt.Cursor{entryRoom: 0})
	versions(t, events, 1)
	down <- true
	for _, offline := range []bool{true, false} {
		if e, ok := (<-events).(app.NetChanged); !ok || e.Offline != offline {
			t.Fatalf("told %+v, want offline %v", e, offline)
		} else if ahead := time.Until(e.Since); ahead < 119*time.Minute {
			t.Errorf("since %v, which is not the backend's clock", e.Since)
		}
	}
	versions(t, events, 2)
}

// TestStream_refusals: rooms that may not be read, and a tablet that is barred, reach the app as what they are.
func TestStream_refusals(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	_, events := follow(t, c, kontakt.Cursor{entryRoom: 0}) // the stream's route answers NotFound
	if e := <-events; e != (app.RoomsRefused{}) {
		t.Errorf("told %+v of rooms that may not be read", e)
	}
	b.on("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, kontakt.Forbidden, kontakt.MsgDeviceRevoked)
	})
	for e := range events {
		if refused, ok := e.(app.DeviceRefused); ok {
			if refused.Why.Key != kontakt.MsgDeviceRevoked {
				t.Errorf("told %+v of a barred tablet", refused)
			}
			break
		}
	}
}

// TestStream_refusedSession: a backend that refuses the session that it has just opened is asked once more and not again
// without a pause.
func TestStream_refusedSession(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked atomic.Int32
	b.on("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 2 {
			cancel()
		}
		refuse(w, http.StatusUnauthorized, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
	})
	s := NewStream(c)
	s.Follow(kontakt.Cursor{entryRoom: 0})
	var why error
	s.Events(ctx, func(kontakt.Event) {}, func(err error) { why = err; cancel() })
	if kontakt.KindOf(why) != kontakt.Unauthenticated || asked.Load() != 2 {
		t.Errorf("asked %d times, then told %v; want twice and why", asked.Load(), why)
	}
}

// TestStream_garbage: nothing that stands on a stream stops it, and it does not spin.
func TestStream_garbage(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	c.limits.firstWait, c.limits.longWait = 5*time.Millisecond, 50*time.Millisecond
	var mu sync.Mutex
	garbage := []string{"data: {\n\n", "data: []\n\n", `data: {"room":"x","seq":1,"type":"t"}` + "\n\n", `data: {"room":"` + string(entryRoom) + `","seq":0}` + "\n\n"}
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		greet(w)
		mu.Lock()
		defer mu.Unlock()
		if len(garbage) > 0 {
			fmt.Fprint(w, garbage[0])
			garbage = garbage[1:]
			return
		}
		odd := changed(1)
		odd.Data = json.RawMessage(`"odd"`)
		newer := changed(2)
		newer.Type = "entry.of_tomorrow"
		pour(w, odd, newer, changed(3))
		<-r.Context().Done()
	}))
	_, events := follow(t, c, kontakt.Cursor{entryRoom: 0})
	versions(t, events, 3)
}

// TestTold: each event of the protocol reaches the app as its own.
func TestTold(t *testing.T) {
	device := kontakt.DeviceRoom(kontakt.NewDeviceID())
	signin := kontakt.NewSigninID()
	for _, row := range []struct {
		room kontakt.Room
		typ  kontakt.EventType
		data string
		want app.Event
	}{
		{entryRoom, kontakt.EventEntryChanged, `{"version":4}`, app.PlaceChanged{ID: placeID, Version: 4}},
		{entryRoom, kontakt.EventEntryCalled, `{"version":5}`, app.PlaceChanged{ID: placeID, Version: 5}},
		{kontakt.LineRoom(clinic), kontakt.EventLineChanged, `{}`, app.LineChanged{Clinic: clinic}},
		{entryRoom, kontakt.EventGuestChanged, `{"guest":"gst_a","state":"lobby"}`, app.GuestChanged{Place: placeID, Guest: "gst_a", State: kontakt.GuestLobby}},
		{kontakt.CallRoom(callID), kontakt.EventGuestChanged, `{"guest":"gst_a","state":"lobby"}`, nil}, // the place's room has it too
		{kontakt.CallRoom(callID), kontakt.EventCallEnded, `{}`, app.CallEnded{Call: callID}},
		{entryRoom, kontakt.EventCardChanged, `{"entry":"x","version":7}`, app.CardChanged{ID: placeID, Version: 7}},
		{kontakt.ClinicRoom(clinic), kontakt.EventCardChanged, `{"version":7}`, nil},
		{device, kontakt.EventSigninCompleted, `{"signin":"` + string(signin) + `","code":"c"}`, app.SigninCompleted{Signin: signin, Code: "c"}},
		{device, kontakt.EventSigninFailed, `{"signin":"` + string(signin) + `","msg":"login.failed"}`, app.SigninFailed{Signin: signin, Msg: kontakt.MsgLoginFailed}},
		{device, kontakt.EventSessionEnded, `{}`, app.SessionEnded{}},
		{device, kontakt.EventHandoverAccepted, `{"handover":"ovg_a"}`, app.OfferTaken{ID: "ovg_a"}},
		{device, kontakt.EventHandedOver, `{"entry":"` + string(placeID) + `"}`, app.PlaceHanded{ID: placeID}},
		{kontakt.ClinicRoom(clinic), kontakt.EventEntryChanged, `{"version":4}`, nil},
	} {
		got, err := told(kontakt.Event{Room: row.room, Seq: 1, Type: row.typ, Data: json.RawMessage(row.data)})
		if err != nil || got != row.want {
			t.Errorf("%s in %s: %+v, %v; want %+v", row.typ, row.room, got, err, row.want)
		}
	}
	got, err := told(kontakt.Event{Room: kontakt.CallRoom(callID), Type: kontakt.EventSignal, Data: json.RawMessage(`{"from":"clinic","kind":"answer","peer":"p","sdp":"v=0"}`)})
	if s, ok := got.(app.SignalCame); err != nil || !ok || s.Call != callID || s.Signal.SDP != "v=0" {
		t.Errorf("a signal: %+v, %v", got, err)
	}
	got, err = told(kontakt.Event{Room: kontakt.CallRoom(callID), Type: kontakt.EventSignal, Data: json.RawMessage(`{"from":"` + string(guestID) + `","kind":"state","rung":"sound"}`)})
	if s, ok := got.(app.SignalCame); err != nil || !ok || s.Signal.Rung != kontakt.RungSound || s.Signal.From != string(guestID) {
		t.Errorf("a guest's rung: %+v, %v", got, err)
	}
	if got, err := told(kontakt.Event{Room: device, Type: kontakt.EventDeviceRevoked}); err != nil || got.(app.DeviceRefused).Why.Key != kontakt.MsgDeviceRevoked {
		t.Errorf("a revocation: %+v, %v", got, err)
	}
}

// FuzzTold: whatever stands in an event's data, there is an event of ours or an error, never both and never a panic.
func FuzzTold(f *testing.F) {
	testkit.Seeds(f, "../../internal/wire/testdata/*.json")
	rooms := []kontakt.Room{entryRoom, kontakt.LineRoom(clinic), kontakt.CallRoom(callID), kontakt.DeviceRoom(kontakt.NewDeviceID())}
	types := []kontakt.EventType{
		kontakt.EventEntryChanged, kontakt.EventEntryCalled, kontakt.EventLineChanged, kontakt.EventClinicChanged, kontakt.EventSignal,
		kontakt.EventGuestChanged,
		kontakt.EventCallEnded, kontakt.EventSigninCompleted, kontakt.EventSigninFailed, kontakt.EventSessionEnded, kontakt.EventDeviceRevoked,
		kontakt.EventHandoverAccepted, kontakt.EventHandedOver,
	}
	f.Fuzz(func(t *testing.T, data string) {
		for _, room := range rooms {
			for _, typ := range types {
				got, err := told(kontakt.Event{Room: room, Seq: 1, Type: typ, Data: json.RawMessage(data)})
				if err != nil && got != nil {
					t.Fatalf("%s in %s: %+v and %v", typ, room, got, err)
				}
			}
		}
	})
}
