package turn

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of TURN over TCP. A whole municipality may come from one address; a client that says nothing for longer than
// an allocation lives without a refresh is gone. One that has not shown a credential has less time, so that strangers
// can't hold all places.
const (
	maxTCP        = 4096
	maxTCPAddress = 512
	tcpIdle       = 11 * time.Minute
	tcpProve      = 30 * time.Second
	tcpWrite      = 10 * time.Second
)

// byAddress counts connections. An address that has none is not in it, so that strangers leave nothing behind.
type byAddress map[netip.Addr]int

func (b byAddress) less(a netip.Addr) {
	if b[a]--; b[a] <= 0 {
		delete(b, a)
	}
}

// fromOf is where a connection over TCP comes from.
func fromOf(c net.Conn) netip.AddrPort { return unmapped(c.RemoteAddr().(*net.TCPAddr).AddrPort()) }

// listener counts, limits and can end the connections of TURN over TCP, which pion leaves to their clients.
type listener struct {
	net.Listener
	within time.Duration // for a client to show its credential
	mu     sync.Mutex
	open   map[netip.AddrPort]*tcpConn
	by     byAddress
	ended  bool
}

func newListener(l net.Listener) *listener {
	return &listener{Listener: l, within: tcpProve, open: map[netip.AddrPort]*tcpConn{}, by: byAddress{}}
}

// Accept gives the next connection within the limits and hangs up on the others.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := accept(l.Listener)
		if err != nil {
			return nil, err
		}
		if t := l.admit(c); t != nil {
			return t, nil
		}
		c.Close()
	}
}

func (l *listener) admit(c net.Conn) *tcpConn {
	from := fromOf(c)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended || len(l.open) >= maxTCP || l.by[from.Addr()] >= maxTCPAddress {
		return nil
	}
	t := &tcpConn{Conn: c, of: l, from: from, prove: time.Now().Add(l.within)}
	l.open[from] = t
	l.by[from.Addr()]++
	return t
}

// prove notes that a client has shown its credential, where it is one of these.
func (l *listener) prove(from net.Addr) {
	t, ok := from.(*net.TCPAddr)
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.open[unmapped(t.AddrPort())]; c != nil {
		c.proved.Store(true)
	}
}

// accept gives the next connection. What passes, such as too many open files, it waits out, as net/http does.
func accept(l net.Listener) (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		c, err := l.Accept()
		if t, ok := err.(interface{ Temporary() bool }); !ok || !t.Temporary() {
			return c, err
		}
		time.Sleep(pause)
	}
}

// Close ends the listener and all its connections, none of which has to wait for another's farewell.
func (l *listener) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	l.ended = true
	open := make([]*tcpConn, 0, len(l.open))
	for _, c := range l.open {
		open = append(open, c)
	}
	l.mu.Unlock()
	var wg sync.WaitGroup
	for _, c := range open {
		wg.Go(func() { c.Close() })
	}
	wg.Wait()
	return err
}

// tcpConn is one client's connection.
type tcpConn struct {
	net.Conn
	of     *listener
	from   netip.AddrPort
	prove  time.Time // by when the client shows its credential
	proved atomic.Bool
	once   sync.Once
}

func (c *tcpConn) Read(p []byte) (int, error) {
	until := time.Now().Add(tcpIdle)
	if !c.proved.Load() {
		until = c.prove
	}
	if err := c.Conn.SetReadDeadline(until); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write gives up on a client that does not read: the relay waits for nobody.
func (c *tcpConn) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(tcpWrite)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	if err != nil {
		c.Close()
	}
	return n, err
}

func (c *tcpConn) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		c.of.mu.Lock()
		if c.of.open[c.from] == c { // the client may have come again from there
			delete(c.of.open, c.from)
		}
		c.of.by.less(c.from.Addr())
		c.of.mu.Unlock()
		err = c.Conn.Close()
	})
	return err
}
