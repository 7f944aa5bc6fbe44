package backend_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// binaries is where kontaktd builds the real program, once.
var binaries string

var kontaktd = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(binaries, "kontaktd")
	out, err := exec.Command("go", "build", "-tags=migrated_fynedo", "-o", binary, "./cmd/kontaktd").CombinedOutput()
	if err != nil {
		return "", errors.Join(err, errors.New(string(out)))
	}
	return binary, nil
})

func TestMain(m *testing.M) {
	var err error
	if binaries, err = os.MkdirTemp("", "kontaktd-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(binaries)
	os.Exit(code)
}

// program is `kontaktd demo` in a process of its own.
type program struct {
	town
	binary, dir string
	cmd         *exec.Cmd
	ended       chan struct{}
	log         *logBuffer
}

func newProgram(t *testing.T) *program {
	t.Helper()
	binary, err := kontaktd()
	if err != nil {
		t.Fatal(err)
	}
	testkit.Guard(t, time.Minute)
	transport := &http.Transport{}
	p := &program{town: town{t: t, http: transport}, binary: binary, dir: t.TempDir(), log: &logBuffer{}}
	t.Cleanup(func() {
		p.kill()
		transport.CloseIdleConnections()
		nobodyIn(t, p.log.String())
	})
	p.start()
	return p
}

// start runs the program on free ports, or on those of its last start, until it answers.
func (p *program) start() {
	p.t.Helper()
	ready := filepath.Join(p.dir, "ready.json")
	if err := os.RemoveAll(ready); err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(p.binary, "--log-format=json", "--log-level=debug", "demo", "--data", filepath.Join(p.dir, "data"),
		"--port=0", "--provider-port=0", "--relay-port=0", "--metrics-port=0", "--ready-file", ready)
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd, ended := p.cmd, make(chan struct{})
	p.ended = ended
	go func() {
		cmd.Wait()
		close(ended)
	}()
	var said struct {
		URL   string
		Codes []string
	}
	for poll := time.NewTicker(10 * time.Millisecond); ; <-poll.C {
		text, err := os.ReadFile(ready)
		if err == nil {
			if err := json.Unmarshal(text, &said); err != nil {
				p.t.Fatal(err)
			}
			break
		}
		select {
		case <-p.ended:
			p.t.Fatalf("kontaktd ended at its start:\n%s", p.log)
		default:
		}
	}
	if p.url != "" && said.URL != p.url {
		p.t.Fatalf("after the restart at %s, before at %s", said.URL, p.url)
	}
	p.url = said.URL
	if p.codes == nil {
		p.codes = said.Codes
	}
	r, err := http.NewRequestWithContext(p.t.Context(), "GET", p.url+"/healthz", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if a := p.do(r); a.status != 200 {
		p.t.Fatalf("healthz: %d %s", a.status, a.body)
	}
}

// kill is kill -9.
func (p *program) kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

// rest reads a stream to its end, however that comes.
func (s *sse) rest() (events []wire.Event) {
	for {
		line, err := s.r.ReadString('\n')
		if err != nil {
			return events
		}
		if id, ok := strings.CutPrefix(line, "id: "); ok {
			s.id = strings.TrimSpace(id)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var e wire.Event
			if json.Unmarshal([]byte(data), &e) == nil && e.Room != "" {
				events = append(events, e)
			}
		}
	}
}

// kill -9 while two citizens wait, a stream is read and requests are under way: numbers and order are kept, whatever was
// acknowledged is in the log, the stream resumes without a gap or a repetition, and nobody has to sign in again.
func TestProgram_killedWhileSomeoneWaits(t *testing.T) {
	p := newProgram(t)
	first, second := p.enrol(0), p.enrol(1)
	sanne, mette := first.signIn("sanne"), second.signIn("mette")
	doctor := p.staff("lars")
	join := func(nurse who, cpr string) wire.Entry {
		c := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: cpr}, 200)
		return ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}, 201)
	}
	one, two := join(sanne, karen), join(mette, "140345-0101")
	before := ask[wire.ClinicEntries](doctor, "GET", "/clinic/entries", nil, 200)

	stream := sanne.open(one.Cursor)
	defer stream.close()
	heard := make(chan []wire.Event, 1)
	go func() { heard <- stream.rest() }()

	var acknowledged atomic.Int64
	enough, posted := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(posted)
		for i := 0; ; i++ {
			presence := []string{"away", "here"}[i%2]
			resp, err := p.http.RoundTrip(sanne.request("POST", "/entries/"+one.ID+"/presence", wire.PresenceRequest{Presence: presence}))
			if err != nil {
				return
			}
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != 200 {
				return
			}
			if acknowledged.Add(1) == 20 {
				close(enough)
			}
		}
	}()
	<-enough
	p.kill()
	<-posted
	events := <-heard
	p.start()

	after := ask[wire.ClinicEntries](doctor, "GET", "/clinic/entries", nil, 200)
	if len(after.Entries) != 2 || after.Entries[0].ID != one.ID || after.Entries[1].ID != two.ID ||
		after.Entries[0].Number != before.Entries[0].Number || after.Entries[1].Number != before.Entries[1].Number {
		t.Errorf("before %+v\nafter %+v", before.Entries, after.Entries)
	}
	if held := ask[wire.Entries](sanne, "GET", "/device/entries", nil, 200); len(held.Entries) != 1 || held.Entries[0].Number != one.Number {
		t.Errorf("the tablet holds %+v", held)
	}

	// one last event, to know where the log ends
	last := ask[wire.Entry](sanne, "POST", "/entries/"+one.ID+"/leave", wire.LeaveRequest{Reason: "left"}, 200)
	end := seqIn(t, last.Cursor, kontakt.EntryRoom(kontakt.EntryID(one.ID)))
	resumed := sanne.open(stream.id)
	defer resumed.close()
	room := "entry:" + one.ID
	at := int64(seqIn(t, one.Cursor, kontakt.Room(room)))
	check := func(e wire.Event) {
		if e.Room != room {
			return
		}
		if e.Seq != at+1 {
			t.Errorf("after %d comes %d", at, e.Seq)
		}
		at = e.Seq
	}
	for _, e := range events {
		check(e)
	}
	for at < int64(end) {
		check(resumed.next())
	}
	if last.Version-one.Version < int(acknowledged.Load())+1 {
		t.Errorf("%d changes were acknowledged, but version went from %d to %d", acknowledged.Load(), one.Version, last.Version)
	}
}

func seqIn(t testing.TB, cursor string, room kontakt.Room) kontakt.Seq {
	t.Helper()
	c, err := kontakt.ParseCursor(cursor)
	if err != nil {
		t.Fatal(err)
	}
	seq, ok := c[room]
	if !ok {
		t.Fatalf("%s is not in %s", room, cursor)
	}
	return seq
}

// A call outlives the backend: killed in mid-call it is still in call afterwards, and signals go on.
func TestProgram_killedInMidCall(t *testing.T) {
	p := newProgram(t)
	nurse := p.enrol(0).signIn("sanne")
	doctor := p.staff("lars")
	c := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	e := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}, 201)
	started := ask[wire.StartReply](doctor, "POST", "/clinic/entries/"+e.ID+"/start", wire.StartRequest{Version: e.Version}, 200)
	ask[wire.Entry](nurse, "POST", "/entries/"+e.ID+"/answer", nil, 200)
	signals := "/calls/" + started.Entry.Call.ID + "/signals"
	ask[wire.SignalsReply](nurse, "POST", signals, wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalOffer, Peer: "p", SDP: "v=0"}}}, 202)
	p.kill()
	p.start()
	again := ask[wire.StartReply](doctor, "GET", "/calls/"+started.Entry.Call.ID, nil, 200)
	if again.Entry.State != string(kontakt.EntryInCall) {
		t.Errorf("state = %s", again.Entry.State)
	}
	page := doctor.open(started.Cursor)
	defer page.close()
	if offer := page.signal("tablet", kontakt.SignalOffer); offer.Peer != "p" {
		t.Errorf("offer = %+v", offer)
	}
	ask[wire.SignalsReply](nurse, "POST", signals, wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalCandidates, Peer: "p", Candidates: []wire.Candidate{{Candidate: "c"}}}}}, 202)
	page.signal("tablet", kontakt.SignalCandidates)
}

// SIGTERM ends streams, answers what runs, and the program ends well.
func TestProgram_toldToStop(t *testing.T) {
	p := newProgram(t)
	tab := p.enrol(0)
	stream := tab.open(tab.cursor)
	defer stream.close()
	polled := make(chan answer, 1)
	poll := tab.request("GET", "/stream?wait=25&at="+url.QueryEscape(tab.cursor), nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		resp, err := p.http.RoundTrip(poll.WithContext(ctx))
		if err != nil {
			polled <- answer{body: []byte(err.Error())}
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		polled <- answer{status: resp.StatusCode, body: body}
	}()
	p.untilReaders("2")
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(stream.r); err != nil {
		t.Errorf("the stream ends with %v", err)
	}
	if a := <-polled; a.status != 200 {
		t.Errorf("the long poll that ran: %d %s", a.status, a.body)
	}
	<-p.ended
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code = %d:\n%s", code, p.log)
	}
	if !strings.Contains(p.log.String(), `"msg":"backend: stopping"`) {
		t.Error("the log does not say that it stops")
	}
}

// untilReaders waits until the program counts so many readers of its log.
func (p *program) untilReaders(n string) {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, "ready.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	var said struct{ Metrics string }
	if err := json.Unmarshal(text, &said); err != nil {
		p.t.Fatal(err)
	}
	for poll := time.NewTicker(10 * time.Millisecond); ; <-poll.C {
		r, err := http.NewRequestWithContext(p.t.Context(), "GET", said.Metrics, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		if strings.Contains(string(p.do(r).body), "kontakt_readers "+n+"\n") {
			return
		}
	}
}
