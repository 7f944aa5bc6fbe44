package turn

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// Limits of TURN over TCP. A whole municipality may come from one address; a client that says nothing for longer than
// an allocation lives without a refresh is gone.
const (
	maxTCP        = 4096
	maxTCPAddress = 512
	tcpIdle       = 11 * time.Minute
	tcpWrite      = 10 * time.Second
)

// listener counts, limits and can end the connections of TURN over TCP, which pion leaves to their clients.
type listener struct {
	net.Listener
	mu    sync.Mutex
	open  map[*tcpConn]bool
	by    map[netip.Addr]int
	ended bool
}

func newListener(l net.Listener) *listener {
	return &listener{Listener: l, open: map[*tcpConn]bool{}, by: map[netip.Addr]int{}}
}

// Accept gives the next connection within the limits and hangs up on the others.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
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
	from := c.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended || len(l.open) >= maxTCP || l.by[from] >= maxTCPAddress {
		return nil
	}
	t := &tcpConn{Conn: c, of: l, from: from}
	l.open[t] = true
	l.by[from]++
	return t
}

// Close ends the listener and all its connections.
func (l *listener) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	l.ended = true
	open := make([]*tcpConn, 0, len(l.open))
	for c := range l.open {
		open = append(open, c)
	}
	l.mu.Unlock()
	for _, c := range open {
		c.Close()
	}
	return err
}

// tcpConn is one client's connection.
type tcpConn struct {
	net.Conn
	of   *listener
	from netip.Addr
	once sync.Once
}

func (c *tcpConn) Read(p []byte) (int, error) {
	if err := c.Conn.SetReadDeadline(time.Now().Add(tcpIdle)); err != nil {
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
		delete(c.of.open, c)
		if c.of.by[c.from]--; c.of.by[c.from] <= 0 {
			delete(c.of.by, c.from)
		}
		c.of.mu.Unlock()
		err = c.Conn.Close()
	})
	return err
}
