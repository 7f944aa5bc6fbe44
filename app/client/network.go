package client

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// connections are those that are open, so that they can be ended when the network under them is another one: nothing on
// a dead one says so for tens of seconds, and an answer that comes by it never comes.
type connections struct {
	dialer net.Dialer

	mu   sync.Mutex
	open map[*connected]struct{}
}

// connected is one of them.
type connected struct {
	net.Conn
	all *connections
}

func newConnections() *connections {
	return &connections{dialer: net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}, open: map[*connected]struct{}{}}
}

func (c *connections) dial(ctx context.Context, network, address string) (net.Conn, error) {
	raw, err := c.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	conn := &connected{Conn: raw, all: c}
	c.mu.Lock()
	c.open[conn] = struct{}{}
	c.mu.Unlock()
	return conn, nil
}

func (c *connected) Close() error {
	c.all.mu.Lock()
	delete(c.all.open, c)
	c.all.mu.Unlock()
	return c.Conn.Close()
}

// end ends all. Who waits on one gets an error and tries again on another.
func (c *connections) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		_ = conn.Conn.Close()
	}
	clear(c.open)
}

// transport notices a network that has silently gone: a tablet moves between them.
func transport(c *connections) http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = c.dial
	t.IdleConnTimeout = 30 * time.Second
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 8 * time.Second}
	return t
}

// NetworkChanged has everything go over new connections: the tablet has another network.
func (c *Client) NetworkChanged() {
	c.connections.end()
}

// networkLook lies between two looks at the tablet's own address.
const networkLook = time.Second

// WatchNetwork calls changed each time when the tablet has another address towards the world than before, until ctx ends.
// A network that goes and comes back as it was is no change: connections outlive that.
func WatchNetwork(ctx context.Context, changed func()) {
	tick := time.NewTicker(networkLook)
	defer tick.Stop()
	watch(ctx, tick.C, ownAddress, changed)
}

func watch(ctx context.Context, tick <-chan time.Time, own func() string, changed func()) {
	last := own()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		now := own()
		if now == "" {
			continue // none at all
		}
		if last != "" && now != last {
			changed()
		}
		last = now
	}
}

// ownAddress asks the system from which address it would send, which sends nothing. The addresses asked for are those
// that are set aside for examples (RFC 5737, RFC 3849).
func ownAddress() string {
	for _, to := range []struct{ network, address string }{{"udp4", "192.0.2.1:9"}, {"udp6", "[2001:db8::1]:9"}} {
		conn, err := net.Dial(to.network, to.address)
		if err != nil {
			continue
		}
		defer conn.Close()
		if own, ok := conn.LocalAddr().(*net.UDPAddr); ok {
			return own.IP.String()
		}
	}
	return ""
}
