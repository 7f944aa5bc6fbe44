package played

import (
	"net"
	"sync"
	"time"

	"github.com/pion/rtcp"
)

// longestQueue is how long a packet waits on a narrow path before there is no room for it.
const longestQueue = 300 * time.Millisecond

// path is a socket behind a link that carries so much: what comes waits its turn, and what finds the queue full is lost.
type path struct {
	net.PacketConn

	came chan packet
	gone chan struct{}
	end  sync.Once
	work sync.WaitGroup

	mu      sync.Mutex
	rate    int       // bits a second; 0: no limit, negative: nothing
	in, out time.Time // until when each way is taken
}

type packet struct {
	data []byte
	from net.Addr
	due  time.Time
}

func newPath(socket net.PacketConn) *path {
	p := &path{PacketConn: socket, came: make(chan packet, 4096), gone: make(chan struct{})}
	p.work.Go(p.read)
	return p
}

// carry sets what it carries from now on.
func (p *path) carry(rate int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate = rate
}

// shows says whether there is room for a picture.
func (p *path) shows() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rate == 0 || p.rate >= pictureLeast
}

// takes says when a packet of that size is through, and whether there is room for it. until is when its way is free.
func (p *path) takes(size int, until *time.Time, now time.Time) (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate == 0 {
		return now, true
	}
	begin := *until
	if begin.Before(now) {
		begin = now
	}
	if p.rate < 0 || begin.Sub(now) > longestQueue {
		return now, false
	}
	*until = begin.Add(time.Duration(size) * 8 * time.Second / time.Duration(p.rate))
	return *until, true
}

func (p *path) read() {
	buffer := make([]byte, 2048)
	for {
		n, from, err := p.PacketConn.ReadFrom(buffer)
		if err != nil {
			close(p.came)
			return
		}
		due, room := p.takes(n, &p.in, time.Now())
		if !room {
			continue
		}
		select {
		case p.came <- packet{append([]byte(nil), buffer[:n]...), from, due}:
		case <-p.gone:
		}
	}
}

// ReadFrom gives the next packet when it is through.
func (p *path) ReadFrom(into []byte) (int, net.Addr, error) {
	next, open := <-p.came
	if !open {
		return 0, nil, net.ErrClosed
	}
	if wait := time.Until(next.due); wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		select {
		case <-t.C:
		case <-p.gone:
			return 0, nil, net.ErrClosed
		}
	}
	return copy(into, next.data), next.from, nil
}

// WriteTo sends what finds room, and says of the rest nothing, as a network does.
func (p *path) WriteTo(data []byte, to net.Addr) (int, error) {
	if _, room := p.takes(len(data), &p.out, time.Now()); !room {
		return len(data), nil
	}
	return p.PacketConn.WriteTo(data, to)
}

// Close ends it. It may be called twice.
func (p *path) Close() error {
	var err error
	p.end.Do(func() {
		close(p.gone)
		err = p.PacketConn.Close()
		p.work.Wait()
	})
	return err
}

// asksForKey says whether the tablet wants a picture that stands by itself.
func asksForKey(p rtcp.Packet) bool {
	switch p.(type) {
	case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
		return true
	}
	return false
}
