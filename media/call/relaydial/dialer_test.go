package relaydial

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// Pion waits for what it dials where a connection closes: a proxy that hangs must not hold up who hangs up.
func TestDialer_closeGivesUpWhatIsDialled(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, scheme := range []string{"http", "https"} {
		to := &url.URL{Scheme: scheme, Host: l.Addr().String()}
		d := New(func(*url.URL) (*url.URL, error) { return to, nil }, kontakt.Relay{})
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
		d.Close()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", scheme, err)
		}
		c.Close()
	}
}

// Over TCP a write waits for a network that stands still, and ICE with it: neither that a path is gone would be noticed,
// nor could anybody hang up. What got through before still reads as whole messages.
func TestDialer_aNetworkThatStandsStillHoldsNobodyUp(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d := New(func(*url.URL) (*url.URL, error) { return nil, nil }, kontakt.Relay{})
	defer d.Close()
	c, err := d.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	relay, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	const messages, size = 20_000, 1200 // far more than the kernel keeps
	b := make([]byte, size)
	for i := range uint32(messages) {
		binary.BigEndian.PutUint32(b, i)
		if n, err := c.Write(b); n != size || err != nil {
			t.Fatalf("message %d: %d, %v", i, n, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if _, err := c.Write(b); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a write after it: %v", err)
	}
	came, last := 0, -1
	for {
		_, err := io.ReadFull(relay, b)
		if err != nil { // what was cut off at the end is no message
			break
		}
		if i := int(binary.BigEndian.Uint32(b)); i <= last {
			t.Fatalf("message %d after %d", i, last)
		} else {
			last = i
		}
		came++
	}
	if came == 0 || came == messages {
		t.Errorf("%d of %d came", came, messages)
	}
}
