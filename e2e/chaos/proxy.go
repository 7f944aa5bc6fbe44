package main

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// link is a stretch of network that can be broken: a TCP proxy on an address of its own. What has come in while it was
// black is passed on when it is not, as TCP would have sent it again.
type link struct {
	address string
	listen  net.Listener
	pick    func() []string // where to go, the first that answers

	mu    sync.Mutex
	open  *sync.Cond
	black bool
	delay time.Duration
	pipes map[*pipe]struct{}
	ended bool
	wait  sync.WaitGroup
}

// pipe is one connection through a link.
type pipe struct {
	client, server *net.TCPConn
	forgotten      bool // the network between has lost it, and tells neither end
}

func newLink(pick func() []string) (*link, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	k := &link{address: l.Addr().String(), listen: l, pick: pick, pipes: map[*pipe]struct{}{}}
	k.open = sync.NewCond(&k.mu)
	k.wait.Go(k.accept)
	return k, nil
}

func (k *link) accept() {
	for {
		conn, err := k.listen.Accept()
		if err != nil {
			return
		}
		k.wait.Go(func() { k.serve(conn.(*net.TCPConn)) })
	}
}

func (k *link) serve(client *net.TCPConn) {
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
func (k *link) copy(p *pipe, to, from *net.TCPConn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
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
func (k *link) pass(p *pipe) bool {
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

// setBlack lets nothing through, or all again.
func (k *link) setBlack(black bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.black = black
	k.open.Broadcast()
}

// setDelay holds up what comes.
func (k *link) setDelay(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.delay = d
}

// cut resets every connection.
func (k *link) cut() {
	k.each(func(p *pipe) {
		for _, c := range []*net.TCPConn{p.client, p.server} {
			c.SetLinger(0)
			c.Close()
		}
	})
}

// halfClose ends one direction of every connection, the answers' or the questions'.
func (k *link) halfClose(answers bool) {
	k.each(func(p *pipe) {
		if answers {
			p.client.CloseWrite()
		} else {
			p.server.CloseWrite()
		}
	})
}

// forget loses every connection for good without a word to either end.
func (k *link) forget() { k.each(func(p *pipe) { p.forgotten = true }) }

func (k *link) each(do func(p *pipe)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for p := range k.pipes {
		do(p)
	}
}

// heal takes every standing fault away.
func (k *link) heal() {
	k.setDelay(0)
	k.setBlack(false)
}

func (k *link) close() {
	k.mu.Lock()
	k.ended = true
	k.open.Broadcast()
	k.mu.Unlock()
	k.listen.Close()
	k.cut()
	k.wait.Wait()
}
