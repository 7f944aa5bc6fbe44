package sms_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/sms"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

const (
	token  = "demo-token"
	number = "20123456"
)

func message(t testing.TB, text string) []byte {
	t.Helper()
	to, err := kontakt.ParsePhone(number)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := sms.Message{To: to, Text: text}.Payload()
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// asked is a request as GatewayAPI documents it; a field that it does not know fails the test.
type asked struct {
	Sender     string `json:"sender"`
	Message    string `json:"message"`
	Recipients []struct {
		MSISDN int64 `json:"msisdn"`
	} `json:"recipients"`
	UserRef  string `json:"userref"`
	Encoding string `json:"encoding"`
}

// far is a gateway that checks what it is asked and answers as a test wants; it counts what it took by userref.
type far struct {
	t      testing.TB
	server *httptest.Server

	mu     sync.Mutex
	answer func(w http.ResponseWriter, r *http.Request) // nil: accepts
	taken  map[string]int
	last   asked
}

const accepts = `{"ids":[421332671],"usage":{"countries":{"DK":1},"currency":"DKK","total_cost":0.12}}`

func newFar(t testing.TB) *far {
	f := &far{t: t, taken: map[string]int{}}
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _, _ := r.BasicAuth()
		var a asked
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&a); err != nil || r.Method != http.MethodPost || r.URL.RequestURI() != "/rest/mtsms" || user != token || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("asked %s %s by %q: %v", r.Method, r.URL, user, err)
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		f.mu.Lock()
		f.taken[a.UserRef]++
		f.last = a
		answer := f.answer
		f.mu.Unlock()
		if answer == nil {
			io.WriteString(w, accepts)
			return
		}
		answer(w, r)
	}))
	t.Cleanup(f.server.Close)
	return f
}

// answers sets what it answers from now on.
func (f *far) answers(with func(w http.ResponseWriter, r *http.Request)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = with
}

func (f *far) open() sms.Sender {
	f.t.Helper()
	s, err := sms.Open(sms.Config{URL: f.server.URL, Token: token, Sender: "Kontakt"})
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func TestGateway_sendsAsDocumented(t *testing.T) {
	f := newFar(t)
	for text, encoding := range map[string]string{"Lægen er klar: åbn https://kontakt.example/s/æøå {1}": "", "مرحبا": "UCS2", "Hej 👋": "UCS2"} {
		if err := f.open().Send(t.Context(), "ud_1", message(t, text)); err != nil {
			t.Fatal(err)
		}
		a := f.lastAsked()
		if a.Message != text || a.Sender != "Kontakt" || a.UserRef != "ud_1" || len(a.Recipients) != 1 || a.Recipients[0].MSISDN != 4520123456 || a.Encoding != encoding {
			t.Errorf("asked %+v", a)
		}
	}
}

// A link that opens nothing any more is not brought to anybody.
func TestSend_nothingThatCameTooLate(t *testing.T) {
	to, err := kontakt.ParsePhone("20123456")
	if err != nil {
		t.Fatal(err)
	}
	f := newFar(t)
	for until, kind := range map[time.Duration]kontakt.Kind{time.Hour: "", -time.Second: kontakt.Gone} {
		payload, err := sms.Message{To: to, Text: "Linket", Until: time.Now().Add(until)}.Payload()
		if err != nil {
			t.Fatal(err)
		}
		if err := f.open().Send(t.Context(), "ud_"+string(kind), payload); kontakt.KindOf(err) != kind {
			t.Errorf("until %v from now: %v, want %q", until, err, kind)
		}
	}
	if asked := f.counts(); asked["ud_"] != 1 || asked["ud_gone"] != 0 {
		t.Errorf("asked %v", asked)
	}
}

// What the gateway may answer, and what becomes of the message: gone for good, to be tried again, or there.
func TestGateway_whatItAnswers(t *testing.T) {
	status := func(code int, body string, header ...string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			io.WriteString(w, body)
		}
	}
	// What a hostile or broken gateway repeats of the request must not come back out in an error.
	const echo = `{"code":"0x0216","incident_uuid":"d8127429-fa0c","message":"20123456: hemmelig tekst demo-token","variables":["4520123456"]}`
	for name, row := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		kind   kontakt.Kind // "": success
		msg    kontakt.MsgKey
		after  time.Duration
		says   string
	}{
		"taken":                        {answer: status(200, accepts)},
		"taken, with another 2xx":      {answer: status(202, accepts)},
		"the number is refused":        {answer: status(422, echo), kind: kontakt.Invalid, msg: kontakt.MsgSMSRefused, says: "status 422, code 0x0216"},
		"the request is refused":       {answer: status(400, "no JSON: 20123456"), kind: kontakt.Invalid, msg: kontakt.MsgSMSRefused, says: "status 400, code none"},
		"a code that is no code":       {answer: status(400, `{"code":"20123456"}`), kind: kontakt.Invalid, msg: kontakt.MsgSMSRefused, says: "code none"},
		"the token is refused":         {answer: status(401, echo), kind: kontakt.Forbidden, msg: kontakt.MsgNoSender},
		"no money left":                {answer: status(403, echo), kind: kontakt.Forbidden, msg: kontakt.MsgNoSender},
		"a redirect is not followed":   {answer: status(307, "", "Location", "/elsewhere"), kind: kontakt.Forbidden, msg: kontakt.MsgNoSender},
		"too slow for it":              {answer: status(408, ""), kind: kontakt.Unavailable},
		"too many, and when":           {answer: status(429, echo, "Retry-After", "90"), kind: kontakt.TooMany, after: 90 * time.Second},
		"too many, and an absurd time": {answer: status(429, echo, "Retry-After", "999999999"), kind: kontakt.TooMany, after: 24 * time.Hour},
		"too many, and no time":        {answer: status(429, echo, "Retry-After", "soon"), kind: kontakt.TooMany},
		"too many, and a time gone by": {answer: status(429, echo, "Retry-After", "Mon, 02 Jan 2006 15:04:05 GMT"), kind: kontakt.TooMany},
		"it is down":                   {answer: status(503, echo, "Retry-After", "5"), kind: kontakt.Unavailable, after: 5 * time.Second},
		"it is broken":                 {answer: status(500, "<html>"), kind: kontakt.Unavailable},
		"success without a message":    {answer: status(200, `{"ids":[]}`), kind: kontakt.Unavailable},
		"success in no JSON":           {answer: status(200, "OK 20123456"), kind: kontakt.Unavailable},
		"success of another shape":     {answer: status(200, `{"ids":{"a":1}}`), kind: kontakt.Unavailable},
		"nothing":                      {answer: status(200, ""), kind: kontakt.Unavailable},
		"an endless answer": {answer: func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"ids":[1],"more":"`)
			for line := strings.Repeat("x", 1<<10); ; {
				if _, err := io.WriteString(w, line); err != nil {
					return // it was hung up on: had it not been, this would go on
				}
			}
		}, kind: kontakt.Unavailable},
		"cut in the middle of the answer": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(accepts)))
			io.WriteString(w, accepts[:20])
			panic(http.ErrAbortHandler)
		}, kind: kontakt.Unavailable, says: "no whole answer"},
		"cut before the answer": {answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, kind: kontakt.Unavailable, says: "no whole answer"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFar(t)
			f.answers(row.answer)
			err := f.open().Send(t.Context(), "ud_1", message(t, "hemmelig tekst"))
			msg, _ := kontakt.MsgOf(err)
			if kontakt.KindOf(err) != row.kind || row.msg != "" && msg != row.msg {
				t.Fatalf("err = %v, want %s %s", err, row.kind, row.msg)
			}
			asks, ok := errors.AsType[interface {
				error
				RetryAfter() time.Duration
			}](err)
			if ok != (row.after > 0) || ok && asks.RetryAfter() != row.after {
				t.Errorf("asks for a pause: %v, want %v", ok, row.after)
			}
			if n := f.counts()["ud_1"]; n != 1 {
				t.Errorf("asked %d times in one attempt", n)
			}
			if err == nil {
				return
			}
			for _, never := range []string{"20123456", "hemmelig", token} {
				if strings.Contains(err.Error(), never) {
					t.Errorf("%q is in %v", never, err)
				}
			}
			if !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v does not say %q", err, row.says)
			}
		})
	}
}

func TestGateway_hangsAndIsNotThere(t *testing.T) {
	f := newFar(t)
	begun, end := make(chan struct{}), make(chan struct{})
	defer close(end)
	f.answers(func(http.ResponseWriter, *http.Request) { close(begun); <-end })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	if err := f.open().Send(ctx, "ud_1", message(t, "x")); kontakt.KindOf(err) != kontakt.Unavailable {
		t.Errorf("hangs: %v", err)
	}
	expired, done := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer done()
	if err := f.open().Send(expired, "ud_1", message(t, "x")); kontakt.KindOf(err) != kontakt.Unavailable || !strings.Contains(err.Error(), "no answer in time") {
		t.Errorf("out of time: %v", err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	s, err := sms.Open(sms.Config{URL: gone.URL, Token: token, Sender: "Kontakt"})
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	if err := s.Send(t.Context(), "ud_1", message(t, "x")); kontakt.KindOf(err) != kontakt.Unavailable || !strings.Contains(err.Error(), "dial failed") {
		t.Errorf("not there: %v", err)
	}
}

func TestOpen_refusesWhatCannotWork(t *testing.T) {
	good := sms.Config{URL: "https://gatewayapi.example", Token: token, Sender: "Kontakt"}
	for name, row := range map[string]struct {
		change func(*sms.Config)
		says   string // "": fine
	}{
		"a gateway":               {func(*sms.Config) {}, ""},
		"a number as the sender":  {func(c *sms.Config) { c.Sender = "4570123456" }, ""},
		"one on loopback":         {func(c *sms.Config) { c.URL = "http://127.0.0.1:8000/" }, ""},
		"nothing":                 {func(c *sms.Config) { *c = sms.Config{} }, sms.ErrNone.Error()},
		"in the open":             {func(c *sms.Config) { c.URL = "http://gatewayapi.example" }, "https is needed"},
		"no address":              {func(c *sms.Config) { c.URL = "gatewayapi.example" }, "not a scheme and a host"},
		"an address with a path":  {func(c *sms.Config) { c.URL += "/rest/mtsms" }, "not a scheme and a host"},
		"a token in the address":  {func(c *sms.Config) { c.URL = "https://t@gatewayapi.example" }, "not a scheme and a host"},
		"no token":                {func(c *sms.Config) { c.Token = "" }, "token"},
		"no sender":               {func(c *sms.Config) { c.Sender = "" }, "as the sender"},
		"a long sender":           {func(c *sms.Config) { c.Sender = "Lægernes hus" }, "as the sender"},
		"a gateway and a file":    {func(c *sms.Config) { c.File = filepath.Join(t.TempDir(), "sms") }, "not both"},
		"a file in no folder":     {func(c *sms.Config) { *c = sms.Config{File: filepath.Join(t.TempDir(), "no", "sms")} }, "no such file"},
		"a file for demo is fine": {func(c *sms.Config) { *c = sms.Config{File: filepath.Join(t.TempDir(), "sms")} }, ""},
	} {
		c := good
		row.change(&c)
		if _, err := sms.Open(c); (err == nil) != (row.says == "") || err != nil && !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want %q", name, err, row.says)
		}
	}
}

func TestFile_isALineForEach(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sms.jsonl")
	s, err := sms.Open(sms.Config{File: path})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Åbn linket\nnu", "igen"} {
		if err := s.Send(t.Context(), "ud_1", message(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if lines := strings.Split(strings.TrimSpace(string(text)), "\n"); err != nil || len(lines) != 2 || !strings.Contains(lines[0], `"to":"+4520123456","text":"Åbn linket\nnu"`) || !strings.Contains(lines[1], `"reference":"ud_1"`) {
		t.Errorf("%v:\n%s", err, text)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
}

func TestMessage_payload(t *testing.T) {
	to, err := kontakt.ParsePhone(number)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]sms.Message{
		"no number": {Text: "x"}, "no text": {To: to}, "broken text": {To: to, Text: "\xff"}, "endless text": {To: to, Text: strings.Repeat("å", sms.MaxText+1)},
	} {
		if p, err := m.Payload(); kontakt.KindOf(err) != kontakt.Invalid {
			t.Errorf("%s: %s, %v", name, p, err)
		}
	}
}

// A payload is what Payload made, or is refused for good before anything is sent.
func FuzzSend_payload(f *testing.F) {
	testkit.Seeds(f, "testdata/payload/*.json")
	path := filepath.Join(f.TempDir(), "sms")
	s, err := sms.Open(sms.Config{File: path})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		if err := s.Send(t.Context(), "ud_1", []byte(payload)); err != nil && kontakt.KindOf(err) != kontakt.Invalid {
			t.Fatal(err)
		}
	})
}

// Whatever a gateway answers, nothing breaks and nothing of it comes out but a status and a code.
func FuzzGateway_answer(f *testing.F) {
	testkit.Seeds(f, "testdata/answer/*.txt")
	gateway := newFar(f)
	var code int
	var body string
	gateway.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", body)
		w.WriteHeader(code)
		io.WriteString(w, body)
	})
	s, payload := gateway.open(), message(f, "x")
	f.Fuzz(func(t *testing.T, answer string) {
		for _, code = range []int{200, 422, 429} {
			body = strings.Map(func(r rune) rune {
				if r < ' ' {
					return -1
				}
				return r
			}, answer)
			err := s.Send(t.Context(), "ud_1", payload)
			if code != 200 && err == nil {
				t.Fatalf("%d is no success", code)
			}
			if err != nil && len(err.Error()) > 120 {
				t.Fatalf("the gateway's words are in %v", err)
			}
		}
	})
}

func (f *far) lastAsked() asked {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}
