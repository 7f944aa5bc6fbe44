package turn_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"kontaktlaege/backend/turn"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

const secret = "demo-secret-of-tests"

var t0 = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func open(t *testing.T, change func(*turn.Config)) *turn.Relay {
	t.Helper()
	cfg := turn.Config{Secret: secret, Listen: netip.MustParseAddrPort("127.0.0.1:0")}
	if change != nil {
		change(&cfg)
	}
	r, err := turn.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if n := r.Allocations(); n != 0 {
			t.Errorf("allocations after Close = %d", n)
		}
	})
	return r
}

// credentials asks as a tablet of its own.
func credentials(t *testing.T, r *turn.Relay, device kontakt.DeviceID) kontakt.ICEServer {
	t.Helper()
	ctx := kontakt.WithActor(t.Context(), kontakt.Actor{Role: kontakt.RoleDevice, Device: device})
	got, err := r.Relay(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Servers) != 1 || len(got.Servers[0].URLs) == 0 || got.ExpiresIn <= 0 {
		t.Fatalf("relay = %+v", got)
	}
	return got.Servers[0]
}

// client is a real TURN client over UDP or TCP.
func client(t *testing.T, network, url string, c kontakt.ICEServer) *pion.Client {
	t.Helper()
	at, err := stun.ParseURI(url)
	if err != nil {
		t.Fatal(err)
	}
	to := net.JoinHostPort(at.Host, portOf(url))
	var conn net.PacketConn
	if network == "tcp" {
		dialed, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", to)
		if err != nil {
			t.Fatal(err)
		}
		conn = pion.NewSTUNConn(dialed)
	} else {
		if conn, err = (&net.ListenConfig{}).ListenPacket(t.Context(), "udp4", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	cl, err := pion.NewClient(&pion.ClientConfig{
		TURNServerAddr: to, Username: c.Username, Password: c.Credential, Conn: conn,
		RequestedAddressFamily: pion.RequestedAddressFamilyIPv4, RTO: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := cl.Listen(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close(); conn.Close() })
	return cl
}

func portOf(url string) string {
	host, _, _ := strings.Cut(url, "?")
	return host[strings.LastIndexByte(host, ':')+1:]
}

func allocate(t *testing.T, cl *pion.Client) net.PacketConn {
	t.Helper()
	c, err := cl.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func codeOf(t *testing.T, err error) stun.ErrorCode {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if te, ok := errors.AsType[*stun.TurnError](err); ok {
		return te.ErrorCodeAttr.Code
	}
	t.Fatalf("error without a code: %v", err)
	return 0
}

// exchange sends both ways between two peers until each has heard the other.
func exchange(t *testing.T, one, two net.PacketConn, addrOne, addrTwo net.Addr) {
	t.Helper()
	heard := func(c net.PacketConn, want string) bool {
		buf := make([]byte, 64)
		c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		n, _, err := c.ReadFrom(buf)
		return err == nil && string(buf[:n]) == want
	}
	var first, second bool
	for !first || !second {
		if t.Context().Err() != nil {
			t.Fatal("nothing heard")
		}
		if _, err := one.WriteTo([]byte("from one"), addrTwo); err != nil {
			t.Fatal(err)
		}
		if _, err := two.WriteTo([]byte("from two"), addrOne); err != nil {
			t.Fatal(err)
		}
		second = heard(two, "from one") || second
		first = heard(one, "from two") || first
	}
}

func TestRelay_twoRelayOnlyPeersReachEachOther(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			testkit.Guard(t, 30*time.Second)
			r := open(t, nil) // loopback is not allowed: the live allocations are the exception
			a := credentials(t, r, kontakt.NewDeviceID())
			b := credentials(t, r, kontakt.NewDeviceID())
			one := allocate(t, client(t, network, a.URLs[0], a))
			two := allocate(t, client(t, network, b.URLs[0], b))
			exchange(t, one, two, one.LocalAddr(), two.LocalAddr())
			if n := r.Allocations(); n != 2 {
				t.Errorf("allocations = %d, want 2", n)
			}
		})
	}
}

// A machine behind a NAT gives out an address that it does not have itself: packets between two allocations must not
// depend on a router that turns them round. 192.0.2.1 stands for that address; nothing answers there.
func TestRelay_twoRelayOnlyPeersBehindOneToOneNAT(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	r := open(t, func(c *turn.Config) {
		c.Listen = netip.MustParseAddrPort("0.0.0.0:0")
		c.Public = []netip.Addr{netip.MustParseAddr("192.0.2.1")}
		c.Host = "127.0.0.1"
	})
	a := credentials(t, r, kontakt.NewDeviceID())
	b := credentials(t, r, kontakt.NewDeviceID())
	one := allocate(t, client(t, "udp", a.URLs[0], a))
	two := allocate(t, client(t, "tcp", b.URLs[1], b))
	if ip := one.LocalAddr().(*net.UDPAddr).IP.String(); ip != "192.0.2.1" {
		t.Fatalf("relayed address = %s", ip)
	}
	exchange(t, one, two, one.LocalAddr(), two.LocalAddr())
	if err := r.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRelay_deniesPeersInsideOurNetwork(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	r := open(t, nil)
	c := credentials(t, r, kontakt.NewDeviceID())
	cl := client(t, "udp", c.URLs[0], c)
	allocate(t, cl)
	for _, peer := range []string{
		"127.0.0.2", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "224.0.0.1",
		"255.255.255.255", "0.0.0.0", "198.18.0.1",
	} {
		err := cl.CreatePermission(&net.UDPAddr{IP: net.ParseIP(peer), Port: 53})
		if code := codeOf(t, err); code != stun.CodeForbidden {
			t.Errorf("%s: code = %d, want 403", peer, code)
		}
	}
	if err := cl.CreatePermission(&net.UDPAddr{IP: net.ParseIP("198.41.0.4"), Port: 53}); err != nil {
		t.Errorf("a peer on the internet: %v", err)
	}
	if r.Denied() != 10 {
		t.Errorf("denied = %d, want 10", r.Denied())
	}
}

// Permission for the relay's own address is given without a port: a packet to a port that is no allocation must go nowhere.
func TestRelay_ownAddressReachesAllocationsOnly(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	service, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	r := open(t, nil)
	a := credentials(t, r, kontakt.NewDeviceID())
	b := credentials(t, r, kontakt.NewDeviceID())
	one := allocate(t, client(t, "udp", a.URLs[0], a))
	two := allocate(t, client(t, "udp", b.URLs[0], b))
	if _, err := one.WriteTo([]byte("to a service of this machine"), service.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	if _, err := service.WriteTo([]byte("from it"), one.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	exchange(t, one, two, one.LocalAddr(), two.LocalAddr()) // later packets came through, so the earlier ones are dealt with
	service.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if n, _, err := service.ReadFrom(make([]byte, 64)); err == nil {
		t.Errorf("the service got %d bytes", n)
	}
	if r.Dropped() != 2 {
		t.Errorf("dropped = %d, want 2", r.Dropped())
	}
}

func TestRelay_allowListOpensLoopback(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	r := open(t, func(c *turn.Config) { c.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	peer, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	c := credentials(t, r, kontakt.NewDeviceID())
	relayed := allocate(t, client(t, "udp", c.URLs[0], c))
	exchange(t, relayed, peer, relayed.LocalAddr(), peer.LocalAddr())
}

func TestRelay_expiryCountsOnAllocateOnly(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	var now atomic.Pointer[time.Time]
	now.Store(&t0)
	r := open(t, func(c *turn.Config) {
		c.TTL = time.Minute
		c.Now = func() time.Time { return *now.Load() }
	})
	a := credentials(t, r, kontakt.NewDeviceID())
	b := credentials(t, r, kontakt.NewDeviceID())
	clOne := client(t, "udp", a.URLs[0], a)
	one := allocate(t, clOne)
	two := allocate(t, client(t, "udp", b.URLs[0], b))

	later := t0.Add(2 * time.Minute)
	now.Store(&later)
	if code := codeOf(t, errorOf(client(t, "udp", a.URLs[0], a).Allocate())); code != stun.CodeUnauthorized {
		t.Errorf("allocate with an expired credential: code = %d, want 401", code)
	}
	if r.Refused() == 0 {
		t.Error("the refusal is not counted")
	}
	if err := clOne.CreatePermission(two.LocalAddr()); err != nil { // signed with the expired credential
		t.Errorf("permission in a running allocation: %v", err)
	}
	exchange(t, one, two, one.LocalAddr(), two.LocalAddr())
	if err := one.Close(); err != nil { // a refresh with lifetime 0, signed with the expired credential
		t.Errorf("refresh of a running allocation: %v", err)
	}
	for r.Allocations() != 1 && t.Context().Err() == nil {
		one.Close() // a refresh is sent once and may be lost
	}
}

func errorOf(_ net.PacketConn, err error) error { return err }

func TestRelay_refusesWrongPasswords(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	r := open(t, nil)
	good := credentials(t, r, kontakt.NewDeviceID())
	_, id, _ := strings.Cut(good.Username, ":")
	for name, c := range map[string]kontakt.ICEServer{
		"another's password":  {Username: good.Username, Credential: credentials(t, r, kontakt.NewDeviceID()).Credential},
		"a later expiry":      {Username: "9999999999:" + id, Credential: good.Credential},
		"no expiry":           {Username: id, Credential: good.Credential},
		"a negative expiry":   {Username: "-1:" + id, Credential: good.Credential},
		"an expiry too large": {Username: "99999999999999999999:" + id, Credential: good.Credential},
		"no id":               {Username: "9999999999:", Credential: good.Credential},
	} {
		if code := codeOf(t, errorOf(client(t, "udp", good.URLs[0], c).Allocate())); code != stun.CodeUnauthorized {
			t.Errorf("%s: code = %d, want 401", name, code)
		}
	}
	if n := r.Allocations(); n != 0 {
		t.Errorf("allocations = %d", n)
	}
}

func TestRelay_quotaCountsByUser(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	r := open(t, func(c *turn.Config) { c.Quota = 2 })
	greedy, other := kontakt.NewDeviceID(), kontakt.NewDeviceID()
	var held []net.PacketConn
	for range 2 {
		c := credentials(t, r, greedy)
		held = append(held, allocate(t, client(t, "udp", c.URLs[0], c)))
	}
	c := credentials(t, r, greedy)
	if code := codeOf(t, errorOf(client(t, "tcp", c.URLs[1], c).Allocate())); code != stun.CodeAllocQuotaReached {
		t.Errorf("third allocation: code = %d, want 486", code)
	}
	o := credentials(t, r, other)
	allocate(t, client(t, "udp", o.URLs[0], o))
	held[0].Close()
	for r.Allocations() != 2 && t.Context().Err() == nil {
		held[0].Close()
	}
	allocate(t, client(t, "udp", c.URLs[0], c)) // the place is free again
}

func TestRelay_refusesTCPToPeers(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	r := open(t, func(c *turn.Config) { c.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	c := credentials(t, r, kontakt.NewDeviceID())
	if _, err := client(t, "tcp", c.URLs[1], c).AllocateTCP(); err == nil {
		t.Error("an allocation for TCP peers was given")
	}
}

func TestRelay_credentialsNeedAnActor(t *testing.T) {
	r := open(t, nil)
	if _, err := r.Relay(t.Context()); kontakt.KindOf(err) != kontakt.Unauthenticated {
		t.Errorf("nobody: %v", err)
	}
}

func TestRelay_checkReallyAllocates(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	r := open(t, nil)
	if err := r.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	url := r.URLs()[1]
	gone := open(t, func(c *turn.Config) { c.URLs = []string{"turn:127.0.0.1:" + closedPort(t) + "?transport=tcp", url} })
	err := gone.Check(t.Context())
	if kontakt.KindOf(err) != kontakt.Unavailable || !strings.Contains(err.Error(), "relay not reachable from this machine at turn:127.0.0.1:") {
		t.Errorf("a relay that is not there: %v", err)
	}
	if strings.Contains(err.Error(), url) {
		t.Errorf("the address that works is blamed: %v", err)
	}
	foreign := open(t, func(c *turn.Config) { c.URLs = []string{url}; c.Secret = "another secret than it" })
	if err := foreign.Check(t.Context()); err == nil {
		t.Error("a relay with another secret passes")
	}
}

// closedPort gives a port on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func TestOpen_badConfigurationSaysWhat(t *testing.T) {
	for want, cfg := range map[string]turn.Config{
		"secret":     {Secret: "short", Listen: netip.MustParseAddrPort("127.0.0.1:0")},
		"public one": {Secret: secret, Listen: netip.MustParseAddrPort("0.0.0.0:0")},
		"ports":      {Secret: secret, Listen: netip.MustParseAddrPort("127.0.0.1:0"), MinPort: 5, MaxPort: 4},
		`"http:x"`:   {Secret: secret, URLs: []string{"http:x"}},
		"192.0.2.77": {Secret: secret, Listen: netip.MustParseAddrPort("192.0.2.77:0")},
	} {
		if _, err := turn.Open(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestRelay_portRangeIsKept(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	r := open(t, func(c *turn.Config) { c.MinPort, c.MaxPort = 64000, 64999 })
	c := credentials(t, r, kontakt.NewDeviceID())
	conn := allocate(t, client(t, "udp", c.URLs[0], c))
	if p := conn.LocalAddr().(*net.UDPAddr).Port; p < 64000 || p > 64999 {
		t.Errorf("port = %d", p)
	}
}

func TestClose_endsClientsOverTCP(t *testing.T) {
	testkit.Guard(t, 30*time.Second)
	r := open(t, nil)
	c := credentials(t, r, kontakt.NewDeviceID())
	conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", "127.0.0.1:"+portOf(c.URLs[1]))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cl := client(t, "tcp", c.URLs[1], c) // by its allocation we know that the first is accepted too
	allocate(t, cl)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read after Close: %v", err)
	}
}
