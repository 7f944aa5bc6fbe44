package backend_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/demo"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

const idleStreams = 2000

// BenchmarkServer_idleStream tells what one tablet costs that only listens, beside what net/http alone takes for a
// stream that does nothing, in the same run.
func BenchmarkServer_idleStream(b *testing.B) {
	for b.Loop() {
		address, requests := bareServer(b)
		bare := idleCost(b, address, requests)
		address, requests = fullServer(b)
		ours := idleCost(b, address, requests)
		b.ReportMetric(ours, "B/stream")
		b.ReportMetric(bare, "bare-B/stream")
		b.ReportMetric(ours/bare, "ratio")
	}
}

// idleCost opens the streams, one a request, and gives the memory that each takes on the server's side: the client's is
// a bare connection.
func idleCost(b *testing.B, address string, requests []string) float64 {
	b.Helper()
	before, running := memory(), runtime.NumGoroutine()
	conns := make([]net.Conn, 0, len(requests))
	for _, r := range requests {
		c, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		conns = append(conns, c)
		if _, err := c.Write([]byte(r)); err != nil {
			b.Fatal(err)
		}
		status, err := bufio.NewReaderSize(c, 16).ReadString(' ')
		if err != nil || !strings.HasPrefix(status, "HTTP/1.1") {
			b.Fatal(status, err)
		}
	}
	for i := range conns { // the answers are read, so that all have come as far as waiting
		buf := make([]byte, 4096)
		if _, err := conns[i].Read(buf); err != nil {
			b.Fatal(err)
		}
	}
	cost := float64(memory()-before) / float64(len(requests))
	for _, c := range conns {
		c.Close()
	}
	for runtime.NumGoroutine() > running+len(requests)/100 { // what lingers would count as less of whoever comes next
		time.Sleep(time.Millisecond)
	}
	return cost
}

func memory() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func bareServer(b *testing.B) (address string, requests []string) {
	b.Helper()
	l := listen(b)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "retry: 1000\n\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
		tick := time.NewTicker(15 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
			}
		}
	})}
	go srv.Serve(l)
	b.Cleanup(func() { srv.Close() })
	for range idleStreams {
		requests = append(requests, "GET / HTTP/1.1\r\nHost: "+l.Addr().String()+"\r\n\r\n")
	}
	return l.Addr().String(), requests
}

func fullServer(b *testing.B) (address string, requests []string) {
	b.Helper()
	var rooms, secrets []string
	s := openStage(b, func(ctx context.Context, db *store.DB) error {
		return db.Update(ctx, func(tx *store.Tx) error {
			m, err := tx.MunicipalityByCVR(demo.MunicipalityCVR)
			if err != nil {
				return err
			}
			for range idleStreams {
				id, secret := kontakt.NewDeviceID(), kontakt.NewSecret()
				d := store.Device{Device: kontakt.Device{ID: id, Name: "Tablet", Municipality: m.ID}, PublicKey: make([]byte, 32)}
				if err := tx.AddDevice(d); err != nil {
					return err
				}
				session := store.Session{ID: kontakt.NewSessionID(), Role: kontakt.RoleDevice, Device: id, Municipality: m.ID, ExpiresAt: tx.Now().Add(time.Hour)}
				if err := tx.AddSession(session, secret); err != nil {
					return err
				}
				rooms, secrets = append(rooms, string(kontakt.DeviceRoom(id))), append(secrets, secret)
			}
			return nil
		})
	})
	u, err := url.Parse(s.url)
	if err != nil {
		b.Fatal(err)
	}
	for i := range rooms {
		requests = append(requests, "GET /api/v1/stream?at="+url.QueryEscape(rooms[i]+"=0")+" HTTP/1.1\r\nHost: "+u.Host+"\r\nAuthorization: Bearer "+secrets[i]+"\r\n\r\n")
	}
	return u.Host, requests
}
