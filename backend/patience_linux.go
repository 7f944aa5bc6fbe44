package backend

import (
	"net"
	"syscall"
	"time"
)

// patience is how long what we sent may go unacknowledged before a connection counts as dead. A tablet whose network
// swallows everything says no goodbye: left to the kernel, its stream would take heartbeats for a quarter of an hour and
// the clinic would see it as here. With it and the heartbeat every 15 s, contact is told as lost within the grace time.
const patience = 20 * time.Second

// tcpUserTimeout is TCP_USER_TIMEOUT of linux/tcp.h, which package syscall does not name on every machine.
const tcpUserTimeout = 18

// impatient sets it on a connection. One that can't have it is served as it is.
func impatient(c net.Conn) error {
	if t, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = t.NetConn()
	}
	t, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = raw.Control(func(fd uintptr) {
		set = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(patience.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return set
}
