package relaydial

import (
	"errors"
	"net"
	"sync"
	"time"
)

const (
	// promptBuffer is how much the kernel may hold of what goes to a relay over TCP, in bytes: what waits there is late sound.
	// At 300 ms there and back it still carries 1.7 Mbit/s.
	promptBuffer = 64 << 10
	// promptWaiting is how many messages may wait besides, which is a picture's worth.
	promptWaiting = 64
	// promptFarewell is how long what waits at the end may take to leave: it frees our place at the relay.
	promptFarewell = 200 * time.Millisecond
)

// promptConn is a connection over TCP that is written to as to UDP: a write never waits, and where the network does not
// keep up the message is dropped. ICE writes from the loop in which it also notices that a path is gone, and in which it
// closes. Each write is one whole message of TURN, so that what is left still reads right.
type promptConn struct {
	net.Conn          // that speaks, over TLS or not
	base     net.Conn // what carries it: closing that says nothing any more
	out      chan []byte
	ending   chan struct{}
	once     sync.Once
	written  chan struct{} // closed when nobody writes any more
}

func newPromptConn(c, base net.Conn) *promptConn {
	p := &promptConn{Conn: c, base: base, out: make(chan []byte, promptWaiting), ending: make(chan struct{}), written: make(chan struct{})}
	go p.write()
	return p
}

// Write takes a message over or drops it.
func (p *promptConn) Write(b []byte) (int, error) {
	select {
	case <-p.ending:
		return 0, net.ErrClosed
	case <-p.written:
		return 0, net.ErrClosed
	default:
	}
	select {
	case p.out <- append([]byte(nil), b...):
	default:
	}
	return len(b), nil
}

func (p *promptConn) write() {
	defer close(p.written)
	for {
		select {
		case b := <-p.out:
			if !p.pass(b) {
				return
			}
		case <-p.ending:
			for len(p.out) > 0 && p.pass(<-p.out) {
			}
			return
		}
	}
}

// pass writes one message. What was cut off in the middle can't be gone on with.
func (p *promptConn) pass(b []byte) bool {
	if _, err := p.Conn.Write(b); err != nil {
		_ = p.base.Close() // the reader learns it from there
		return false
	}
	return true
}

// Close gives what waits a moment to leave.
func (p *promptConn) Close() error {
	err := net.ErrClosed
	p.once.Do(func() {
		close(p.ending)
		_ = p.base.SetWriteDeadline(time.Now().Add(promptFarewell))
		<-p.written
		if err = p.base.Close(); errors.Is(err, net.ErrClosed) { // what waited did not leave. TLS would wait to say its farewell.
			err = nil
		}
	})
	return err
}
