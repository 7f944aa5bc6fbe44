package backend

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
)

// What the kernel holds after the server's own hook is what cuts a dead tablet off.
func TestConnected_aConnectionThatAcknowledgesNothingIsCut(t *testing.T) {
	testkit.Guard(t, 10*time.Second)
	s := &Server{log: slog.New(slog.DiscardHandler)}
	for _, start := range []func(*httptest.Server){(*httptest.Server).Start, (*httptest.Server).StartTLS} {
		got := make(chan int, 1)
		srv := httptest.NewUnstartedServer(http.NotFoundHandler())
		srv.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
			ctx = s.connected(ctx, c)
			got <- userTimeout(t, c)
			return ctx
		}
		start(srv)
		client := srv.Client()
		res, err := client.Get(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		client.CloseIdleConnections()
		srv.Close()
		if ms := <-got; ms != int(patience.Milliseconds()) {
			t.Errorf("%s: cut after %d ms, want %v", srv.URL, ms, patience)
		}
	}
}

func userTimeout(t *testing.T, c net.Conn) (ms int) {
	if over, ok := c.(*tls.Conn); ok {
		c = over.NetConn()
	}
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Error(err)
		return 0
	}
	if ctlErr := raw.Control(func(fd uintptr) {
		ms, err = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout)
	}); ctlErr != nil || err != nil {
		t.Error(ctlErr, err)
	}
	return ms
}
