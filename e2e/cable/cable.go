// Package cable is a stretch of network that can be broken: a TCP link on an address of its own between two programs under
// test. Nothing that has been sent is lost unless a connection is cut or forgotten, as with TCP; it counts what passes.
package cable

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Link is one. What has come in while it was black is passed on when it is not, as TCP would have sent it again.
type Link struct {
	Address string // host and port, to be dialled
	listen  net.Listener
	pick    func() []string // where to go, the first that answers

	mu    sync.Mutex
	open  *sync.Cond
	black bool
	delay time.Duration
	pipes map[*pipe]struct{}
	ended bool
	wait  sync.WaitGroup
	bytes atomic.Int64 // both ways
}

// pipe is one connection through a link.
type pipe struct {
	client, server *net.TCPConn
	forgotten      bool // the network between has lost it, and tells neither end
}

// New opens a link to the first of the addresses that answers, asked for anew for each connection.
func New(pick func() []string) (*Link, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	k := &Link{Address: l.Addr().String(), listen: l, pick: pick, pipes: map[*pipe]struct{}{}}
	k.open = sync.NewCond(&k.mu)
	k.wait.Go(k.accept)
	return k, nil
}

func (k *Link) accept() {
	for {
		conn, err := k.listen.Accept()
		if err != nil {
			return
		}
		k.wait.Go(func() { k.serve(conn.(*net.TCPConn)) })
	}
}

func (k *Link) serve(client *net.TCPConn) {
	defer client.Close()
	if !k.pass(nil) {
		return
	}
	server := dial(k.pick())
	if server == nil {
		client.SetLinger(0)
		return
	}
	defer server.Close()
	p := &pipe{client: client, server: server}
	k.mu.Lock()
	if k.ended {
		k.mu.Unlock()
		return
	}
	k.pipes[p] = struct{}{}
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		delete(k.pipes, p)
		k.mu.Unlock()
	}()
	var both sync.WaitGroup
	both.Go(func() { k.copy(p, server, client) })
	both.Go(func() { k.copy(p, client, server) })
	both.Wait()
}

func dial(addresses []string) *net.TCPConn {
	for _, a := range addresses {
		if conn, err := (&net.Dialer{Timeout: time.Second}).Dial("tcp", a); err == nil {
			return conn.(*net.TCPConn)
		}
	}
	return nil
}

// copy passes on one direction until it ends; a break in the middle breaks both ends.
func (k *Link) copy(p *pipe, to, from *net.TCPConn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			k.bytes.Add(int64(n))
			if !k.pass(p) {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				from.Close()
				return
			}
		}
		switch {
		case err == nil:
		case !k.pass(p): // what has happened to one end is told to the other when it can be
			return
		case errors.Is(err, io.EOF):
			to.CloseWrite()
			return
		default:
			to.SetLinger(0)
			to.Close()
			return
		}
	}
}

// pass waits until the link lets something through; false when it never will.
func (k *Link) pass(p *pipe) bool {
	k.mu.Lock()
	for (k.black || p != nil && p.forgotten) && !k.ended {
		k.open.Wait()
	}
	delay, ended := k.delay, k.ended
	k.mu.Unlock()
	if delay > 0 {
		time.Sleep(delay)
	}
	return !ended
}

// SetBlack lets nothing through, or all again.
func (k *Link) SetBlack(black bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.black = black
	k.open.Broadcast()
}

// SetDelay holds up what comes.
func (k *Link) SetDelay(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.delay = d
}

// Bytes gives how much has passed, both ways together.
func (k *Link) Bytes() int64 { return k.bytes.Load() }

// Cut resets every connection.
func (k *Link) Cut() {
	k.each(func(p *pipe) {
		for _, c := range []*net.TCPConn{p.client, p.server} {
			c.SetLinger(0)
			c.Close()
		}
	})
}

// HalfClose ends one direction of every connection, the answers' or the questions'.
func (k *Link) HalfClose(answers bool) {
	k.each(func(p *pipe) {
		if answers {
			p.client.CloseWrite()
		} else {
			p.server.CloseWrite()
		}
	})
}

// Forget loses every connection for good without a word to either end.
func (k *Link) Forget() { k.each(func(p *pipe) { p.forgotten = true }) }

func (k *Link) each(do func(p *pipe)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for p := range k.pipes {
		do(p)
	}
}

// Heal takes every standing fault away.
func (k *Link) Heal() {
	k.SetDelay(0)
	k.SetBlack(false)
}

// Close ends it and all that passes.
func (k *Link) Close() {
	k.mu.Lock()
	k.ended = true
	k.open.Broadcast()
	k.mu.Unlock()
	k.listen.Close()
	k.Cut()
	k.wait.Wait()
}
