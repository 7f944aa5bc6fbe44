package turn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"sync"

	pion "github.com/pion/turn/v5"
	"golang.org/x/time/rate"
)

// Why an allocation is refused, for the log.
var (
	errQuota     = errors.New("turn: quota of this user reached")
	errTCPPeer   = errors.New("turn: relaying over TCP to a peer is not offered")
	errPort      = errors.New("turn: choosing the relayed port is not offered")
	errFamily    = errors.New("turn: no public address of this family")
	errPortsUsed = errors.New("turn: no free port in the range")
)

// socketKey tells allocations apart; an IPv4 and an IPv6 socket may have the same port.
type socketKey struct {
	port uint16
	is4  bool
}

// sockets are the live allocations.
type sockets struct {
	mu     sync.Mutex
	byPort map[socketKey]*socket
	users  map[string]*user
}

// user is one who holds allocations.
type user struct {
	name  string
	holds int
	rate  *rate.Limiter
}

func (s *sockets) live(port uint16, is4 bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byPort[socketKey{port, is4}] != nil
}

func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byPort)
}

// take reserves one allocation of the user's quota; nil: it is used up. perSecond is for all of the user's, in bytes.
func (s *sockets) take(name string, quota, perSecond int) *user {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[name]
	if u == nil {
		u = &user{name: name, rate: rate.NewLimiter(rate.Limit(perSecond), max(perSecond/3, 64<<10))}
		s.users[name] = u
	}
	if u.holds >= quota {
		return nil
	}
	u.holds++
	return u
}

// used is how many a user holds.
func (s *sockets) used(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[name]; u != nil {
		return u.holds
	}
	return 0
}

func (s *sockets) give(u *user) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.holds--; u.holds <= 0 {
		delete(s.users, u.name)
	}
}

func (s *sockets) add(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byPort[c.key] = c
}

func (s *sockets) remove(c *socket) {
	s.mu.Lock()
	delete(s.byPort, c.key)
	s.mu.Unlock()
	s.give(c.user)
}

func (s *sockets) all() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*socket, 0, len(s.byPort))
	for _, c := range s.byPort {
		all = append(all, c)
	}
	return all
}

// socket is the relayed end of one allocation. It drops what mayReach refuses and what goes beyond its user's rate, and
// takes packets between two allocations of this relay over the loopback, since many a firewall does not turn a packet
// round to its own sender.
type socket struct {
	*net.UDPConn
	relay   *Relay
	user    *user
	key     socketKey
	public  netip.Addr
	turning bool // listens on all addresses, so that the loopback reaches it
	once    sync.Once
}

func (c *socket) WriteTo(p []byte, to net.Addr) (int, error) {
	u, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, fmt.Errorf("turn: peer of type %T", to)
	}
	peer := unmapped(u.AddrPort())
	if !c.relay.mayReach(peer) || !c.user.rate.AllowN(c.relay.now(), len(p)) {
		c.relay.dropped.Add(1)
		return len(p), nil
	}
	if c.turning && c.relay.public(peer.Addr()) && c.relay.sockets.live(peer.Port(), c.key.is4) {
		peer = netip.AddrPortFrom(loopback(c.key.is4), peer.Port())
	}
	return c.UDPConn.WriteToUDPAddrPort(p, peer)
}

func (c *socket) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, from, err := c.UDPConn.ReadFromUDPAddrPort(p)
		if err != nil {
			return n, nil, err
		}
		from = unmapped(from)
		if c.turning && from.Addr() == loopback(c.key.is4) && c.relay.sockets.live(from.Port(), c.key.is4) {
			from = netip.AddrPortFrom(c.public, from.Port())
		}
		if !c.relay.mayReach(from) || !c.user.rate.AllowN(c.relay.now(), n) {
			c.relay.dropped.Add(1)
			continue
		}
		return n, net.UDPAddrFromAddrPort(from), nil
	}
}

// Close ends the allocation and gives its place in the quota back.
func (c *socket) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		c.relay.sockets.remove(c)
		err = c.UDPConn.Close()
	})
	return err
}

func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

func loopback(is4 bool) netip.Addr {
	if is4 {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.IPv6Loopback()
}

// Validate, and the methods below, make Relay pion's generator of relay addresses.
func (r *Relay) Validate() error { return nil }

// AllocatePacketConn opens the relayed end of a new allocation.
func (r *Relay) AllocatePacketConn(conf pion.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	if conf.RequestedPort != 0 {
		return nil, nil, errPort
	}
	is4 := conf.Network == "udp4"
	public, ok := r.publicOf(is4)
	if !ok {
		return nil, nil, errFamily
	}
	u := r.sockets.take(conf.UserID, r.cfg.Quota, r.cfg.Rate/8)
	if u == nil {
		return nil, nil, errQuota
	}
	conn, err := r.listenRelayed(conf.Network, is4)
	if err != nil {
		r.sockets.give(u)
		return nil, nil, err
	}
	local := unmapped(conn.LocalAddr().(*net.UDPAddr).AddrPort())
	c := &socket{
		UDPConn: conn, relay: r, user: u, key: socketKey{local.Port(), is4},
		public: public, turning: local.Addr().IsUnspecified(),
	}
	r.sockets.add(c)
	return c, net.UDPAddrFromAddrPort(netip.AddrPortFrom(public, local.Port())), nil
}

// portTries is how many ports of the range are tried for one allocation.
const portTries = 32

func (r *Relay) listenRelayed(network string, is4 bool) (*net.UDPConn, error) {
	host := r.bind(is4)
	if r.cfg.MinPort == 0 {
		return listenUDP(network, host, 0)
	}
	width := int(r.cfg.MaxPort) - int(r.cfg.MinPort) + 1
	for range portTries {
		conn, err := listenUDP(network, host, int(r.cfg.MinPort)+rand.IntN(width))
		if err == nil {
			return conn, nil
		}
	}
	return nil, errPortsUsed
}

func listenUDP(network string, host netip.Addr, port int) (*net.UDPConn, error) {
	var lc net.ListenConfig
	c, err := lc.ListenPacket(context.Background(), network, net.JoinHostPort(host.String(), strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	return c.(*net.UDPConn), nil
}

// AllocateListener refuses: no peer is reached over TCP.
func (r *Relay) AllocateListener(pion.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errTCPPeer
}

// AllocateConn refuses: no peer is reached over TCP.
func (r *Relay) AllocateConn(pion.AllocateConnConfig) (net.Conn, error) { return nil, errTCPPeer }
