package turn

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// ALPN names. RFC 7443's is what a client of TURN says, where it says anything.
const (
	alpnHTTP2 = "h2"
	alpnHTTP1 = "http/1.1"
	alpnTURN  = "stun.turn"
)

// helloWithin is how long a client may take from connecting to the first byte of what it wants.
const helloWithin = 10 * time.Second

// maxHello is how many may be about to say it: each costs some 50 KB of TLS before anybody knows who it is. One address,
// behind which a whole municipality may sit, has not all of the places.
const (
	maxHello        = 4096
	maxHelloAddress = 512
)

// shared is one TLS port for pages and relay, since many a firewall lets nothing but 443 out. Browsers and HTTP clients
// say by ALPN that they want pages; of a client that says nothing the first byte tells, which is below 4 in every STUN
// message (RFC 8489 §5) and a letter in every HTTP request.
type shared struct {
	raw    net.Listener
	config *tls.Config
	pages  *dealt
	relay  *dealt

	mu    sync.Mutex
	hello map[net.Conn]bool // connections that have not said what they want
	from  byAddress         // of those
	ended bool
	wg    sync.WaitGroup
}

// Share deals the connections of l out, decrypted. Closing pages ends l; what was already taken is still dealt out, so that
// a restart drops nobody. relay ends with it.
func Share(l net.Listener, config *tls.Config) (pages, relay net.Listener) {
	config = config.Clone()
	config.NextProtos = []string{alpnHTTP2, alpnHTTP1, alpnTURN}
	s := &shared{raw: l, config: config, hello: map[net.Conn]bool{}, from: byAddress{}}
	s.pages = &dealt{of: s, open: make(chan net.Conn), done: make(chan struct{}), closed: make(chan struct{})}
	s.relay = &dealt{of: s, open: make(chan net.Conn), done: make(chan struct{}), closed: make(chan struct{})}
	go s.accept()
	return s.pages, s.relay
}

func (s *shared) accept() {
	c, err := accept(s.raw)
	for ; err == nil; c, err = accept(s.raw) {
		s.take(c)
	}
	s.wg.Wait()
	for _, d := range []*dealt{s.pages, s.relay} {
		d.err = err
		close(d.done)
	}
}

// take has a connection dealt out, unless too many wait for what they want to say.
func (s *shared) take(raw net.Conn) {
	from := fromOf(raw).Addr()
	s.mu.Lock()
	room := len(s.hello) < maxHello && s.from[from] < maxHelloAddress
	if room {
		s.hello[raw] = true
		s.from[from]++
	}
	s.mu.Unlock()
	if !room {
		raw.Close()
		return
	}
	s.wg.Go(func() { s.deal(raw, from) })
}

func (s *shared) deal(raw net.Conn, from netip.Addr) {
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.hello, raw)
		s.from.less(from)
	}()
	c, to := s.ask(raw)
	if c == nil {
		raw.Close()
		return
	}
	select {
	case to.open <- c:
	case <-to.closed:
		c.Close()
	case <-time.After(helloWithin): // nobody takes it
		c.Close()
	}
}

// ask finds out what a client wants; nil where it does not say in time.
func (s *shared) ask(raw net.Conn) (net.Conn, *dealt) {
	ctx, cancel := context.WithDeadline(context.Background(), s.until())
	defer cancel()
	c := tls.Server(raw, s.config)
	if c.HandshakeContext(ctx) != nil {
		return nil, nil
	}
	switch c.ConnectionState().NegotiatedProtocol {
	case alpnHTTP2, alpnHTTP1:
		return c, s.pages
	case alpnTURN:
		return c, s.relay
	}
	var first [1]byte
	if c.SetReadDeadline(s.until()) != nil {
		return nil, nil
	}
	if n, err := c.Read(first[:]); n == 0 || err != nil {
		return nil, nil
	}
	if c.SetReadDeadline(time.Time{}) != nil {
		return nil, nil
	}
	begun := &begunConn{Conn: c, read: first[:]}
	if first[0] < 4 {
		return begun, s.relay
	}
	return begun, s.pages
}

// until is how long a client that is to say something now has.
func (s *shared) until() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return time.Now().Add(helloAtEnd)
	}
	return time.Now().Add(helloWithin)
}

// close stops taking connections and gives up those that wait to be asked for long.
func (s *shared) close() error {
	s.mu.Lock()
	first := !s.ended
	s.ended = true
	late := time.Now().Add(helloAtEnd)
	for c := range s.hello {
		c.SetDeadline(late)
	}
	s.mu.Unlock()
	if !first {
		return net.ErrClosed
	}
	return s.raw.Close()
}

// helloAtEnd is how long a client that connected just before the end has.
const helloAtEnd = time.Second

// dealt is one of the two listeners.
type dealt struct {
	of     *shared
	open   chan net.Conn
	done   chan struct{} // nothing comes any more, for err
	err    error
	once   sync.Once
	closed chan struct{}
}

// Accept gives the next connection.
func (d *dealt) Accept() (net.Conn, error) {
	select {
	case c := <-d.open:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	case <-d.done:
		return nil, d.err
	}
}

// Close of the pages ends the port, of the relay only its share.
func (d *dealt) Close() error {
	if d == d.of.pages {
		return d.of.close()
	}
	d.once.Do(func() { close(d.closed) })
	return nil
}

// Addr is the port's.
func (d *dealt) Addr() net.Addr { return d.of.raw.Addr() }

// begunConn is a connection of which one byte was read already.
type begunConn struct {
	*tls.Conn
	read []byte
}

func (c *begunConn) Read(p []byte) (int, error) {
	if len(c.read) > 0 && len(p) > 0 {
		n := copy(p, c.read)
		c.read = slices.Delete(c.read, 0, n)
		return n, nil
	}
	return c.Conn.Read(p)
}
