package httpapi

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// Over real connections of both kinds: the server's deadlines have passed when the event comes.
func TestStream_outlivesTheServersDeadlinesOnTheNetwork(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		t.Run(name, func(t *testing.T) {
			testkit.Guard(t, 20*time.Second)
			sub := newSubscription(nil)
			a := newAPI(t, Parts{Streams: fakeStreams(func(context.Context, kontakt.Cursor) (Subscription, error) { return sub, nil })}, nil)
			srv := httptest.NewUnstartedServer(a)
			const deadline = 2 * time.Second // within it the client has to be through TLS, on a busy machine too
			srv.Config.ReadTimeout, srv.Config.WriteTimeout = deadline, deadline
			srv.EnableHTTP2 = http2
			srv.StartTLS()
			defer srv.Close()
			room := kontakt.DeviceRoom(aDevice)
			r, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/api/v1/stream?at="+url.QueryEscape(kontakt.Cursor{room: 0}.String()), nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer device-secret")
			resp, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.Proto != name {
				t.Fatalf("protocol = %s", resp.Proto)
			}
			body := bufio.NewReader(resp.Body)
			message(t, body)
			<-time.After(deadline + deadline/4)
			sub.events <- []kontakt.Event{signalEvent(room, 1)}
			if m := message(t, body); m["id"] == "" {
				t.Errorf("message = %v", m)
			}
			a.EndStreams()
			<-sub.closed
		})
	}
}
