package backend

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// newcomers are the connections that were taken and whose first request has not been read. net/http's Shutdown drops
// those without a word; a restart must not, since the next process would have served them.
type newcomers struct {
	mu   sync.Mutex
	all  map[net.Conn]struct{}
	none chan struct{} // closed when there are none; nil while nobody waits
}

// changed is the server's ConnState.
func (n *newcomers) changed(c net.Conn, is http.ConnState) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if is == http.StateNew {
		if n.all == nil {
			n.all = map[net.Conn]struct{}{}
		}
		n.all[c] = struct{}{}
		return
	}
	delete(n.all, c)
	if len(n.all) == 0 && n.none != nil {
		close(n.none)
		n.none = nil
	}
}

// wait returns when there are none, or after a time: a connection that never asks anything is nobody's loss. Nothing
// new may come in any more.
func (n *newcomers) wait(atMost time.Duration) {
	n.mu.Lock()
	if len(n.all) == 0 {
		n.mu.Unlock()
		return
	}
	none := make(chan struct{})
	n.none = none
	n.mu.Unlock()
	select {
	case <-none:
	case <-time.After(atMost):
	}
}
