package client

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func TestClient_enrolProveSignInRestart(t *testing.T) {
	b := newBackend(t)
	dir := t.TempDir()
	c := fresh(t, b.URL, dir)
	if known, err := c.Enrolled(t.Context()); known || err != nil {
		t.Fatalf("a fresh tablet: %v, %v", known, err)
	}
	if err := c.Enrol(t.Context(), "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	device, rooms, err := c.Open(t.Context())
	if err != nil || device.ID != b.device || rooms[kontakt.DeviceRoom(device.ID)] != 0 {
		t.Fatalf("opened %+v, %v, %v", device, rooms, err)
	}
	if ahead := time.Until(c.Now()); ahead < 119*time.Minute || ahead > 121*time.Minute {
		t.Errorf("the backend's clock is %v ahead, want 2 h", ahead)
	}
	who, err := c.FinishSignIn(t.Context(), kontakt.NewSigninID(), "code")
	if err != nil || who.ID != nurse {
		t.Fatalf("signed in %+v, %v", who, err)
	}
	b.on("GET /me", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer nurse" || r.Header.Get(wire.VersionHeader) != "1" {
			refuse(w, http.StatusUnauthorized, kontakt.Unauthenticated, kontakt.MsgSessionEnded)
			return
		}
		reply(w, http.StatusOK, wire.SessionReply{Employee: wire.Employee{ID: string(nurse)}})
	})
	again := fresh(t, b.URL, dir)
	if _, _, err := again.Open(t.Context()); err != nil {
		t.Errorf("after a restart the key proves nothing: %v", err)
	}
	if who, err := again.Employee(t.Context()); err != nil || who.ID != nurse {
		t.Errorf("after a restart %+v is signed in, %v", who, err)
	}
}

// TestClient_renewsOnce: many requests meet a session that has ended; one proof serves them all.
func TestClient_renewsOnce(t *testing.T) {
	b := newBackend(t)
	b.on("GET /device/entries", b.mine(func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, wire.Entries{Entries: []wire.Entry{place(kontakt.EntryWaiting)}})
	}))
	c := enrolled(t, b)
	if _, err := c.Held(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.forget()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if held, err := c.Held(t.Context()); err != nil || len(held) != 1 {
				t.Errorf("held %v, %v", held, err)
			}
		})
	}
	all.Wait()
	if n := b.opened(); n != 2 {
		t.Errorf("%d device sessions were opened, want 2", n)
	}
}

// TestClient_triesAgain: what is transient is asked again, always under the same key; what is final is not.
func TestClient_triesAgain(t *testing.T) {
	for _, row := range []struct {
		name     string
		answers  []kontakt.Kind // "" is a success
		wantErr  kontakt.Kind
		wantSeen int
	}{
		{"unavailable twice", []kontakt.Kind{kontakt.Unavailable, kontakt.Internal, ""}, "", 3},
		{"too many", []kontakt.Kind{kontakt.TooMany, ""}, "", 2},
		{"a conflict is final", []kontakt.Kind{kontakt.Conflict, ""}, kontakt.Conflict, 1},
		{"closed is final", []kontakt.Kind{kontakt.Closed, ""}, kontakt.Closed, 1},
		{"not attached is final", []kontakt.Kind{kontakt.NotAttached, ""}, kontakt.NotAttached, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := newBackend(t)
			var keys []string
			b.on("POST /entries", func(w http.ResponseWriter, r *http.Request) {
				keys = append(keys, r.Header.Get(wire.IdempotencyHeader))
				if kind := row.answers[len(keys)-1]; kind != "" {
					refuse(w, http.StatusTeapot, kind, kontakt.MsgClinicClosed)
					return
				}
				reply(w, http.StatusCreated, place(kontakt.EntryWaiting))
			})
			c := enrolled(t, b)
			signIn(t, c)
			_, err := c.Join(t.Context(), kontakt.Join{Mode: kontakt.ModeConsultation}, "key-of-a-join")
			if kontakt.KindOf(err) != row.wantErr {
				t.Errorf("error %v, want kind %q", err, row.wantErr)
			}
			if len(keys) != row.wantSeen || slices.ContainsFunc(keys, func(k string) bool { return k != "key-of-a-join" }) {
				t.Errorf("asked with keys %q, want %d times the same", keys, row.wantSeen)
			}
		})
	}
}

// TestClient_strangersOnTheWay: a guest network's login page, a proxy's error, a cut: all of it is "no contact with the
// server", which is worth another try, and none of it is an answer.
func TestClient_strangersOnTheWay(t *testing.T) {
	for name, stranger := range map[string]http.HandlerFunc{
		"a login page": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>Wi-Fi</html>") },
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://wifi.example/", http.StatusFound)
		},
		"a proxy's error":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "bad gateway", http.StatusBadGateway) },
		"a proxy's refusal": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "forbidden", http.StatusForbidden) },
		"a cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"id":`)
			panic(http.ErrAbortHandler)
		},
		"too much":     func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat(" ", maxAnswer+1)) },
		"a black hole": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t)
			c := enrolled(t, b)
			c.limits.attempt = 200 * time.Millisecond
			var seen atomic.Int32 // a cut request may be asked again by net/http itself
			b.on("GET /entries/"+string(placeID), func(w http.ResponseWriter, r *http.Request) {
				if seen.Add(1) < 3 {
					stranger(w, r)
					return
				}
				reply(w, http.StatusOK, place(kontakt.EntryWaiting))
			})
			if e, err := c.Entry(t.Context(), placeID); err != nil || e.ID != placeID {
				t.Errorf("after %d tries: %+v, %v", seen.Load(), e, err)
			}
		})
	}
}

// TestClient_goesNowhereElse: who answers with another address, on this machine even, learns no session and no citizen.
func TestClient_goesNowhereElse(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s went to another address, with a session: %v", r.Method, r.URL.Path, r.Header.Get("Authorization") != "")
	}))
	defer elsewhere.Close()
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		b := newBackend(t)
		c := enrolled(t, b)
		signIn(t, c)
		turnedAway := make(chan string, 10)
		for _, route := range []string{"GET /device/entries", "POST /entries", "GET /stream"} {
			first := true
			b.on(route, func(w http.ResponseWriter, r *http.Request) {
				b.change(func() {
					if first {
						first = false
						turnedAway <- route
						http.Redirect(w, r, elsewhere.URL+"/login", status)
						return
					}
					reply(w, http.StatusOK, wire.Entries{})
				})
			})
		}
		if _, err := c.Held(t.Context()); err != nil {
			t.Errorf("%d: %v after another try", status, err)
		}
		c.Join(t.Context(), kontakt.Join{Mode: kontakt.ModeConsultation}, "key") // the answer is no place: that is not asked here
		follow(t, c, kontakt.Cursor{entryRoom: 0})
		for range 3 {
			<-turnedAway
		}
	}
}

func TestClient_givesUpInTime(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	b.on("GET /entries/"+string(placeID), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := c.Entry(ctx, placeID)
	if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Unavailable || msg != kontakt.MsgServerUnreachable {
		t.Errorf("a backend that does not answer: %v", err)
	}
}

// TestClient_sessionEnded: the tablet forgets an employee's session that the backend has ended, and goes on as itself.
func TestClient_sessionEnded(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	b.on("GET /device/entries", b.mine(func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, wire.Entries{}) }))
	if _, err := c.Held(t.Context()); kontakt.KindOf(err) != kontakt.Unauthenticated {
		t.Fatalf("with an ended session: %v", err)
	}
	if _, err := c.Held(t.Context()); err != nil {
		t.Errorf("as the device alone: %v", err)
	}
	if _, err := c.Lookup(t.Context(), testCPR(t), ""); kontakt.KindOf(err) != kontakt.Unauthenticated {
		t.Errorf("a look-up with nobody signed in: %v", err)
	}
}

func TestClient_signOutForgetsFirst(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	told := ""
	b.on("DELETE /sessions/current", func(w http.ResponseWriter, r *http.Request) {
		if c.identity.Session() != "" {
			t.Error("the session is still there while the backend is told")
		}
		told = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusNoContent)
	})
	if err := c.SignOut(t.Context()); err != nil || told != "Bearer nurse" {
		t.Errorf("told %q, %v", told, err)
	}
}

func TestClient_barredOrUnknown(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	b.change(func() {
		b.barred = &wire.Problem{Kind: string(kontakt.Forbidden), Msg: string(kontakt.MsgDeviceRevoked)}
	})
	_, _, err := c.Open(t.Context())
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgDeviceRevoked {
		t.Errorf("a barred tablet: %v", err)
	}
	b.change(func() { b.barred, b.device = nil, kontakt.NewDeviceID() }) // another database
	_, _, err = c.Open(t.Context())
	if msg, _ := kontakt.MsgOf(err); msg != kontakt.MsgEnrolUnknown || kontakt.KindOf(err) == kontakt.Unauthenticated {
		t.Errorf("a tablet that the backend does not know: %v", err)
	}
}

// TestClient_wrongClocks: what is left of a ring counts, not when the backend's clock says that it ends.
func TestClient_wrongClocks(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	b.on("GET /entries/"+string(placeID), func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, place(kontakt.EntryCalled)) })
	e, err := c.Entry(t.Context(), placeID)
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(e.Call.RingUntil); left < 40*time.Second || left > 42*time.Second {
		t.Errorf("%v left of the ring, want 42 s", left)
	}
}

// TestClient_movesGoWhereTheyBelong goes through every move there is: those that are a tablet's have their address, all others
// are refused before they are sent.
func TestClient_movesGoWhereTheyBelong(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	tablets := map[kontakt.Move]string{
		kontakt.MoveLeave: `leave {"reason":"left"}`, kontakt.MoveAnswer: "answer ", kontakt.MoveNotNow: "not-now ",
		kontakt.MoveWait: "wait ", kontakt.MoveEnd: `end {"reason":"left"}`,
		kontakt.MoveAway: `presence {"presence":"away"}`, kontakt.MoveHere: `presence {"presence":"here"}`,
		kontakt.MoveWithdraw: "consent/withdraw ", kontakt.MoveEmergency: "emergency ",
	}
	moves := append(everyMove(t), "fly")
	for _, m := range moves {
		want, tablet := tablets[m]
		delete(tablets, m)
		if !tablet {
			if _, err := c.Move(t.Context(), placeID, m, "left", "key-of-a-move"); kontakt.KindOf(err) != kontakt.Invalid {
				t.Errorf("%s, which is no tablet's: %v", m, err)
			}
			continue
		}
		verb, _, _ := strings.Cut(want, " ")
		got := ""
		b.on("POST /entries/"+string(placeID)+"/"+verb, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = verb + " " + string(body)
			if r.Header.Get(wire.IdempotencyHeader) != "key-of-a-move" {
				t.Errorf("%s without its key", verb)
			}
			reply(w, http.StatusOK, place(kontakt.EntryWaiting))
		})
		if _, err := c.Move(t.Context(), placeID, m, "left", "key-of-a-move"); err != nil || got != want {
			t.Errorf("%s: asked %q, %v; want %q", m, got, err, want)
		}
	}
	if len(moves) < 18 || len(tablets) > 0 {
		t.Errorf("read %d moves, and none of %v: have they moved?", len(moves), tablets)
	}
}

// everyMove reads the moves out of the vocabulary, so that a new one can't be forgotten here.
func everyMove(t *testing.T) []kontakt.Move {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../internal/kontakt/entry.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []kontakt.Move
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := v.Type.(*ast.Ident); ok && kind.Name == "Move" {
			word, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, kontakt.Move(word))
		}
		return true
	})
	return all
}

// TestClient_manySignals: a burst goes in parts that the backend takes, in order, each under its own key.
func TestClient_manySignals(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	var seen []string
	keys := map[string]bool{}
	b.on("POST /calls/"+string(callID)+"/signals", b.mine(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 64<<10 {
			t.Errorf("%d bytes at once", r.ContentLength)
		}
		var in wire.SignalsRequest
		read(r, &in)
		if len(in.Signals) > 64 {
			t.Errorf("%d signals at once", len(in.Signals))
		}
		for _, s := range in.Signals {
			seen = append(seen, s.Peer)
		}
		keys[r.Header.Get(wire.IdempotencyHeader)] = true
		reply(w, http.StatusAccepted, map[string]int{"seq": 1})
	}))
	var all []kontakt.Signal
	var want []string
	for i := range 150 {
		peer := string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		want = append(want, peer)
		all = append(all, kontakt.Signal{Kind: kontakt.SignalOffer, Peer: peer, SDP: strings.Repeat("v", 1000)})
	}
	if err := c.Signal(t.Context(), callID, all, kontakt.NewSecret()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen, want) || len(keys) < 3 {
		t.Errorf("%d signals arrived in %d parts", len(seen), len(keys))
	}
}

func TestClient_onlyEncrypted(t *testing.T) {
	for base, good := range map[string]bool{
		"https://kontakt.example": true, "http://127.0.0.1:8080": true, "http://localhost:1": true, "http://[::1]:1": true,
		"http://kontakt.example": false, "ftp://kontakt.example": false, "kontakt.example": false, "": false,
		"https://u:p@kontakt.example": false, "http://127.0.0.1.example": false, "https://k.example/?a=b": false,
	} {
		if _, err := New(Options{Base: base}); (err == nil) != good {
			t.Errorf("%q: %v", base, err)
		}
	}
}

// TestClient_evilAddress: what the backend gives for the browser must be a page.
func TestClient_evilAddress(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	for address, good := range map[string]bool{
		"https://kontakt.example/signin/start/x": true, "http://127.0.0.1:1/x": true,
		"file:///etc/passwd": false, "javascript:alert(1)": false, "-x": false, "": false,
	} {
		b.on("POST /signins", b.mine(func(w http.ResponseWriter, _ *http.Request) {
			reply(w, http.StatusCreated, wire.SigninReply{Signin: string(kontakt.NewSigninID()), URL: address, ExpiresIn: 300})
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, got, _, err := c.BeginSignIn(ctx)
		cancel()
		if (err == nil) != good || good && got != address {
			t.Errorf("%q: %q, %v", address, got, err)
		}
	}
}

// TestClient_cprStaysInTheBody: the number is in one request's body, and in no address, header or error.
func TestClient_cprStaysInTheBody(t *testing.T) {
	b := newBackend(t)
	c := enrolled(t, b)
	signIn(t, c)
	b.on("POST /citizens/lookup", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) != `{"cpr":"2902004100"}` {
			t.Errorf("asked with %s", body)
		}
		for k, v := range r.Header {
			if strings.Contains(strings.Join(v, " "), "290200") {
				t.Errorf("header %s holds the number", k)
			}
		}
		refuse(w, http.StatusNotFound, kontakt.NotFound, kontakt.MsgCitizenUnknown)
	})
	_, err := c.Lookup(t.Context(), testCPR(t), "")
	f := app.FailureOf(err)
	if f.Say.Key != kontakt.MsgCitizenUnknown || strings.Contains(err.Error(), "290200") {
		t.Errorf("an unknown citizen: %v", err)
	}
}

func testCPR(t *testing.T) kontakt.CPR {
	t.Helper()
	cpr, err := kontakt.ParseCPR("290200-4100", kontakt.DateOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	return cpr
}

// TestClient_noBackendAtAll: nothing listens there.
func TestClient_noBackendAtAll(t *testing.T) {
	closed := httptest.NewServer(nil)
	base := closed.URL
	closed.Close()
	b := newBackend(t)
	dir := t.TempDir()
	if err := fresh(t, b.URL, dir).Enrol(t.Context(), "ABCD-EFGH"); err != nil {
		t.Fatal(err)
	}
	_, _, err := fresh(t, base, dir).Open(t.Context())
	if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != kontakt.Unavailable || msg != kontakt.MsgServerUnreachable {
		t.Errorf("no backend: %v", err)
	}
}
