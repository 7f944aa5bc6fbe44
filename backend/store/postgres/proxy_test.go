package postgres_test

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"sync"
	"testing"
)

// proxy stands between a node and the database and can swallow everything, as a network does that says no goodbye.
type proxy struct {
	t        testing.TB
	listener net.Listener
	to       string
	done     sync.WaitGroup

	mu     sync.Mutex
	thaw   chan struct{} // closed while packets pass
	conns  []net.Conn
	commit func(pass func()) // what happens to the next COMMIT; nil: it passes
}

// between gives a proxy to an address's server and the address through it.
func between(t testing.TB, address string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, listener: l, to: u.Host, thaw: make(chan struct{})}
	close(p.thaw)
	u.Host = l.Addr().String()
	p.done.Go(p.accept)
	t.Cleanup(p.close)
	return p, u.String()
}

func (p *proxy) close() {
	p.listener.Close()
	p.Thaw()
	p.Cut()
	p.done.Wait()
}

func (p *proxy) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.to)
		if err != nil {
			near.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, near, far)
		p.mu.Unlock()
		p.done.Go(func() { p.pipe(near, far, true) })
		p.done.Go(func() { p.pipe(far, near, false) })
	}
}

// commitMessage is COMMIT as pgx sends it.
var commitMessage = []byte("Q\x00\x00\x00\x0bcommit\x00")

func (p *proxy) pipe(from, to net.Conn, up bool) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		thaw, commit := p.thaw, p.commit
		hit := up && commit != nil && bytes.Contains(buf[:n], commitMessage)
		if hit {
			p.commit = nil
		}
		p.mu.Unlock()
		<-thaw
		pass := func() { to.Write(buf[:n]) }
		if hit {
			from.Close() // first: the answer to a COMMIT that passes must not come back
			commit(pass)
			return
		}
		if pass(); err != nil {
			return
		}
	}
}

// Freeze swallows all packets, of new connections too, until Thaw.
func (p *proxy) Freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thaw = make(chan struct{})
}

// Thaw lets them pass again.
func (p *proxy) Thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.thaw:
	default:
		close(p.thaw)
	}
}

// Cut ends all connections.
func (p *proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			p.t.Error(err)
		}
	}
	p.conns = nil
}

// OnCommit has the next COMMIT handled by f, whose pass sends it on; the connection is over before.
func (p *proxy) OnCommit(f func(pass func())) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commit = f
}
