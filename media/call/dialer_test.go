package call

import (
	"context"
	"errors"
	"net"
	"net/url"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// Pion waits for what it dials where a connection closes: a proxy that hangs must not hold up who hangs up.
func TestRelayDialer_closeGivesUpWhatIsDialled(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, scheme := range []string{"http", "https"} {
		to := &url.URL{Scheme: scheme, Host: l.Addr().String()}
		d := newRelayDialer(&Config{Proxy: func(*url.URL) (*url.URL, error) { return to, nil }}, kontakt.Relay{})
		failed := make(chan error, 1)
		go func() {
			_, err := d.Dial("tcp", "192.0.2.1:443")
			failed <- err
		}()
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err != nil { // it has said what it wants, and waits
			t.Fatal(err)
		}
		d.close()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", scheme, err)
		}
		c.Close()
	}
}
