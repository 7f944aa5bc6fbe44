package client

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// fault is what a bad network does to one request.
type fault string

const (
	lostOnTheWay  fault = "lost on the way"        // the backend hears nothing
	lostAnswer    fault = "answer lost"            // the backend has done it
	halfAnswer    fault = "answer cut in half"     //
	silence       fault = "no answer for too long" // done, and the tablet gives up waiting
	arrivesLate   fault = "arrives late"           // after the tablet has given up, and maybe after its next try
	doubled       fault = "doubled"                // two at once, one answer
	strangersPage fault = "a stranger's page"      // a guest network answers in the backend's place
)

var faults = []fault{lostOnTheWay, lostAnswer, halfAnswer, silence, arrivesLate, doubled, strangersPage}

// badNetwork stands between a tablet and the backend and does to its requests what the test wants, one after another;
// then it lets everything through.
type badNetwork struct {
	*httptest.Server
	backend string
	on      string // only requests with this path suffer

	mu   sync.Mutex
	todo []fault
}

func newBadNetwork(t *testing.T, b *backend, on string, todo ...fault) *badNetwork {
	n := &badNetwork{backend: b.URL, on: "/api/v1/" + on, todo: todo}
	n.Server = httptest.NewServer(http.HandlerFunc(n.serve))
	t.Cleanup(n.settle)
	return n
}

// settle waits until everything that was held back has arrived.
func (n *badNetwork) settle() {
	n.CloseClientConnections()
	n.Close()
}

func (n *badNetwork) next(path string) fault {
	n.mu.Lock()
	defer n.mu.Unlock()
	if path != n.on || len(n.todo) == 0 {
		return ""
	}
	f := n.todo[0]
	n.todo = n.todo[1:]
	return f
}

func (n *badNetwork) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	cut := func() { panic(http.ErrAbortHandler) }
	switch n.next(r.URL.Path) {
	case lostOnTheWay:
		cut()
	case lostAnswer:
		n.pass(r, body)
		cut()
	case halfAnswer:
		_, answer := n.pass(r, body)
		w.Header().Set("Content-Length", "100000")
		w.Write(answer[:len(answer)/2])
		cut()
	case silence:
		n.pass(r, body)
		<-r.Context().Done()
	case arrivesLate:
		<-r.Context().Done()
		n.pass(r, body)
	case doubled:
		var both sync.WaitGroup
		both.Go(func() { n.pass(r, body) })
		status, answer := n.pass(r, body)
		both.Wait()
		w.WriteHeader(status)
		w.Write(answer)
	case strangersPage:
		io.WriteString(w, "<html>Velkommen til gæstenettet</html>")
	default:
		status, answer := n.pass(r, body)
		w.WriteHeader(status)
		w.Write(answer)
	}
}

// pass hands a request on, whatever has become of who sent it.
func (n *badNetwork) pass(r *http.Request, body []byte) (int, []byte) {
	req, err := http.NewRequest(r.Method, n.backend+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return http.StatusBadGateway, nil
	}
	req.Header = r.Header.Clone()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return http.StatusBadGateway, nil
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, answer
}

// once is a route of a backend that keeps its replies by key, as the protocol promises: the second request under a key
// gets what the first got.
type once struct {
	mu      sync.Mutex
	replies map[string]int // number drawn, or how the move was counted, by key
	keys    []string       // as they came
}

func (o *once) serve(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := r.Header.Get(wire.IdempotencyHeader)
	o.keys = append(o.keys, key)
	if _, known := o.replies[key]; !known {
		if o.replies == nil {
			o.replies = map[string]int{}
		}
		o.replies[key] = len(o.replies) + 1
	}
	e := place(kontakt.EntryWaiting)
	e.Number = o.replies[key]
	reply(w, http.StatusOK, e)
}

// TestBadNetwork_doesEachThingOnce sends what must neither be lost nor doubled through each fault, and through long
// random rows of them: the backend does it exactly once, and the tablet has the answer to that one.
func TestBadNetwork_doesEachThingOnce(t *testing.T) {
	type errand struct {
		path string
		send func(context.Context, *Client) (kontakt.Entry, error)
	}
	move := func(verb string, m kontakt.Move, reason string) errand {
		return errand{"entries/" + string(placeID) + "/" + verb, func(ctx context.Context, c *Client) (kontakt.Entry, error) {
			return c.Move(ctx, placeID, m, reason, "key-of-an-errand")
		}}
	}
	errands := map[string]errand{
		"join": {"entries", func(ctx context.Context, c *Client) (kontakt.Entry, error) {
			return c.Join(ctx, kontakt.Join{Mode: kontakt.ModeConsultation}, "key-of-an-errand")
		}},
		"leave": move("leave", kontakt.MoveLeave, "left"), "answer": move("answer", kontakt.MoveAnswer, ""),
		"not now": move("not-now", kontakt.MoveNotNow, ""), "wait": move("wait", kontakt.MoveWait, ""), "end": move("end", kontakt.MoveEnd, "done"),
		"read": {"entries/" + string(placeID) + "/read", func(ctx context.Context, c *Client) (kontakt.Entry, error) {
			return c.Read(ctx, placeID, []kontakt.MessageID{kontakt.NewMessageID()}, "key-of-an-errand")
		}},
	}
	rows := map[string][]fault{}
	for _, f := range faults {
		rows[string(f)] = []fault{f}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"a bad afternoon", "a worse one", "the cellar"} {
		for range 8 {
			rows[name] = append(rows[name], faults[random.IntN(len(faults))])
		}
	}
	for what, e := range errands {
		for how, todo := range rows {
			t.Run(what+"/"+how, func(t *testing.T) {
				b := newBackend(t)
				n := newBadNetwork(t, b, e.path, todo...)
				var done once
				b.on("POST /"+e.path, done.serve)
				c := fresh(t, n.URL, t.TempDir())
				if err := c.Enrol(t.Context(), "ABCD-EFGH"); err != nil {
					t.Fatal(err)
				}
				signIn(t, c)
				c.limits.attempt, c.limits.retries = 60*time.Millisecond, 20*time.Second
				got, err := e.send(t.Context(), c)
				if err != nil || got.Number != 1 {
					t.Errorf("after %v: number %d, %v", todo, got.Number, err)
				}
				c.Close()
				n.settle()
				if len(done.replies) != 1 || slices.ContainsFunc(done.keys, func(k string) bool { return k != "key-of-an-errand" }) {
					t.Errorf("after %v it was done %d times, with keys %q", todo, len(done.replies), done.keys)
				}
			})
		}
	}
}

// TestClient_registryDownIsForTheNurse: the backend has already waited for the register; the nurse decides what now.
func TestClient_registryDownIsForTheNurse(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	asked := 0
	b.on("POST /citizens/lookup", func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Retry-After", "60")
		refuse(w, http.StatusServiceUnavailable, kontakt.Unavailable, kontakt.MsgRegistryDown)
	})
	_, err := c.Lookup(t.Context(), testCPR(t), "")
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgRegistryDown || asked != 1 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// TestStream_clock (E41): the times on the screen follow the backend's heartbeat when the tablet's clock jumps.
func TestStream_clock(t *testing.T) {
	b := newBackend(t)
	beats := make(chan struct{})
	b.on("GET /stream", b.mine(func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case <-beats:
				io.WriteString(w, "event: heartbeat\ndata: {\"at\":\""+time.Now().UTC().Format(time.RFC3339Nano)+"\"}\n\n")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}))
	c := enrolled(t, b)
	var wrong atomic.Int64 // nanoseconds
	c.wall = func() time.Time { return time.Now().Add(time.Duration(wrong.Load())) }
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	s := NewStream(c)
	s.Follow(kontakt.Cursor{kontakt.DeviceRoom(b.device): 0})
	off := func() time.Duration { return time.Until(c.Now()).Abs() }
	wrong.Store(int64(-2 * time.Hour))
	if off() < time.Hour {
		t.Fatal("the clock did not jump: this test shows nothing")
	}
	go func() {
		defer close(over)
		s.Events(ctx, func(kontakt.Event) {}, func(error) {})
	}()
	defer func() { cancel(); <-over }()
	for _, jump := range []time.Duration{-2 * time.Hour, 0} {
		wrong.Store(int64(jump))
		for off() > clockSlack {
			beats <- struct{}{} // the guard ends a test that waits in vain
		}
	}
}
