package backend_test

import (
	"math"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// taken is what a process has taken and must give back.
type taken struct {
	goroutines, files int
	heap              int64 // bytes
}

// takes looks at this process once what is on its way out has gone, which it has when two looks are alike, and no more
// than most, or when that takes too long.
func (s *stage) takes(most taken) taken {
	s.t.Helper()
	var now, last taken
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		s.http.(*http.Transport).CloseIdleConnections()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		last, now = now, taken{goroutines: runtime.NumGoroutine(), files: s.files()}
		if now == last && now.goroutines <= most.goroutines && now.files <= most.files || time.Now().After(deadline) {
			break
		}
	}
	runtime.GC()
	runtime.GC() // what finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	now.heap = int64(m.HeapAlloc) - int64(s.log.b.Cap())
	return now
}

// files counts what the process has open, without the database's: of those there are as many as ever read at once.
func (s *stage) files() (n int) {
	s.t.Helper()
	const here = "/proc/self/fd"
	open, err := os.ReadDir(here)
	if err != nil {
		s.t.Skip("this system does not tell what a process has open:", err)
	}
	for _, f := range open {
		if to, err := os.Readlink(filepath.Join(here, f.Name())); err == nil && !strings.Contains(to, "kontakt.db") {
			n++
		}
	}
	return n
}

// shift is a nurse's and a clinician's: they sign in, see some citizens one after another, and sign out.
func (s *stage) shift(tab *tablet, visits int) {
	s.t.Helper()
	for began := time.Now().Unix(); time.Now().Unix() == began; { // who signs in again in the same second has not proven anything new
		time.Sleep(5 * time.Millisecond)
	}
	nurse, doctor := tab.signIn("sanne"), s.staff("lars")
	for range visits {
		s.visit(nurse, doctor)
	}
	ask[struct{}](nurse, "DELETE", "/sessions/current", nil, 204)
	ask[struct{}](doctor, "DELETE", "/sessions/current", nil, 204)
}

// visit is one citizen's: a number is drawn, the clinic calls, both talk, and it ends.
func (s *stage) visit(nurse, doctor who) {
	s.t.Helper()
	citizen := ask[wire.Citizen](nurse, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	entry := ask[wire.Entry](nurse, "POST", "/entries", wire.JoinRequest{Citizen: citizen.ID, Clinic: citizen.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken}, 201)
	waiting := nurse.open(entry.Cursor)
	defer waiting.close()
	started := ask[wire.StartReply](doctor, "POST", "/clinic/entries/"+entry.ID+"/start", wire.StartRequest{Version: entry.Version}, 200)
	page := doctor.open(started.Cursor)
	defer page.close()
	waiting.until(kontakt.EventEntryCalled)
	ringing := ask[wire.Entry](nurse, "GET", "/entries/"+entry.ID, nil, 200)
	call := nurse.open(ringing.Cursor)
	defer call.close()
	ask[wire.Entry](nurse, "POST", "/entries/"+entry.ID+"/answer", nil, 200)
	signals := wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalOffer, Peer: "p1", SDP: "v=0 offer"}}}
	ask[wire.SignalsReply](nurse, "POST", "/calls/"+ringing.Call.ID+"/signals", signals, 202)
	page.signal("tablet", kontakt.SignalOffer)
	ask[wire.ClinicEntry](doctor, "POST", "/clinic/entries/"+entry.ID+"/end", wire.EndRequest{Reason: "done"}, 200)
	call.until(kontakt.EventCallEnded)
	page.until(kontakt.EventCallEnded)
}

// A backend runs for months: a day's sign-ins, places, streams and calls leave nothing of themselves in its process.
func TestServer_aDayIsGivenBack(t *testing.T) {
	s := newStage(t)
	tab := s.enrol(0)
	shifts, visits := 5, 6
	if testing.Short() {
		shifts = 2
	}
	s.shift(tab, visits) // opens the database's connections
	before := s.takes(taken{goroutines: math.MaxInt, files: math.MaxInt})
	for range shifts {
		s.shift(tab, visits)
	}
	after := s.takes(before)
	t.Logf("%+v; after %d visits %+v", before, shifts*visits, after)
	if after.goroutines > before.goroutines || after.files > before.files || after.heap > before.heap+512<<10 {
		t.Errorf("%+v; after %d visits %+v", before, shifts*visits, after)
	}
}
