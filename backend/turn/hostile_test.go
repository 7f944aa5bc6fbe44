package turn_test

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/stun/v4"

	"kontaktlaege/backend/turn"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// Strangers who connect and say nothing, or little and slowly, give their places back; who has an allocation keeps it.
func TestHostile_idleStrangersLoseTheirPlaces(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	r := open(t, nil)
	c := credentials(t, r, kontakt.NewDeviceID())
	mine := client(t, "tcp", c.URLs[1], c) // as long as it takes
	allocate(t, mine)
	r.ProveWithin(100 * time.Millisecond)
	for name, says := range map[string]string{"nothing": "", "half a message": "\x00\x01\x00\x08\x21\x12"} {
		conn, err := net.Dial("tcp", "127.0.0.1:"+portOf(c.URLs[1]))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte(says)); err != nil {
			t.Fatal(err)
		}
		conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, syscall.ETIMEDOUT) || isTimeout(err) {
			t.Errorf("who says %s is still there: %v", name, err)
		}
	}
	if err := mine.CreatePermission(&net.UDPAddr{IP: net.IPv4(198, 41, 0, 4), Port: 53}); err != nil {
		t.Errorf("who has an allocation: %v", err)
	}
}

// The allocation outlives the time that its client had to show the credential.
func TestHostile_whoHasShownACredentialStays(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	r := open(t, nil)
	c := credentials(t, r, kontakt.NewDeviceID())
	r.ProveWithin(5 * time.Second)
	mine := client(t, "tcp", c.URLs[1], c)
	allocate(t, mine)
	stranger, err := net.Dial("tcp", "127.0.0.1:"+portOf(c.URLs[1])) // has its time after mine
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	stranger.SetReadDeadline(time.Now().Add(30 * time.Second))
	if _, err := stranger.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("a stranger is still there: %v", err)
	}
	if err := mine.CreatePermission(&net.UDPAddr{IP: net.IPv4(198, 41, 0, 4), Port: 53}); err != nil {
		t.Errorf("after the time: %v", err)
	}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// Pion keeps each permission for minutes: a client of ours, however it got its credential, can't have the relay keep millions.
func TestHostile_permissionsAreBounded(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	r := open(t, nil)
	c := credentials(t, r, kontakt.NewDeviceID())
	cl := client(t, "udp", c.URLs[0], c)
	first := allocate(t, cl)
	peer := func(i int) net.Addr {
		return net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 41, byte(i >> 8), byte(i)}), 53))
	}
	for i := 0; i < turn.MaxPermissions; i += 16 {
		var some []net.Addr
		for j := range 16 {
			some = append(some, peer(i+j))
		}
		if err := cl.CreatePermission(some...); err != nil {
			t.Fatalf("permission %d: %v", i, err)
		}
	}
	if code := codeOf(t, cl.CreatePermission(peer(turn.MaxPermissions))); code != stun.CodeForbidden {
		t.Errorf("one more: code = %d, want 403", code)
	}
	if err := cl.CreatePermission(peer(7)); err != nil {
		t.Errorf("one that it has, again: %v", err)
	}
	first.Close()
	for r.Allocations() != 0 && t.Context().Err() == nil {
		first.Close() // a refresh is sent once and may be lost
	}
	allocate(t, cl)
	if err := cl.CreatePermission(peer(turn.MaxPermissions)); err != nil {
		t.Errorf("in a new allocation: %v", err)
	}
}

// weary is a listener that for a while has no file left.
type weary struct {
	net.Listener
	fails atomic.Int64
}

func (w *weary) Accept() (net.Conn, error) {
	if w.fails.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	return w.Listener.Accept()
}

// Too many open files for a moment must not be the end of the relay over TCP: pion gives up at the first error.
func TestHostile_listenerOutlivesTooManyOpenFiles(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &weary{Listener: l}
	w.fails.Store(3)
	r := open(t, func(c *turn.Config) { c.Secure = w })
	c := credentials(t, r, kontakt.NewDeviceID())
	allocate(t, client(t, "tcp", "turn:"+l.Addr().String()+"?transport=tcp", c))
	if w.fails.Load() >= 0 {
		t.Error("nothing failed")
	}
}

// What one user has relayed ends at a rate, in all of its allocations together; the other's goes on.
func TestHostile_aFloodEndsAtTheUsersRate(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	r := open(t, func(c *turn.Config) { c.Rate = 8_000 })
	greedy := kontakt.NewDeviceID()
	a, b := credentials(t, r, greedy), credentials(t, r, greedy)
	one, two := allocate(t, client(t, "udp", a.URLs[0], a)), allocate(t, client(t, "udp", b.URLs[0], b))
	packet := make([]byte, 1000)
	for r.Dropped() == 0 { // 64 of them are the burst, and a second lets one more pass
		if t.Context().Err() != nil {
			t.Fatal("nothing was dropped")
		}
		if _, err := one.WriteTo(packet, two.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	before := r.Dropped()
	for r.Dropped() == before {
		if t.Context().Err() != nil {
			t.Fatal("another allocation is a way round")
		}
		if _, err := two.WriteTo(packet, one.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	c, d := credentials(t, r, kontakt.NewDeviceID()), credentials(t, r, kontakt.NewDeviceID())
	three, four := allocate(t, client(t, "udp", c.URLs[0], c)), allocate(t, client(t, "udp", d.URLs[0], d))
	exchange(t, three, four, three.LocalAddr(), four.LocalAddr())
}

// The rate is what it says: after a burst, seconds let through what their bits are, and not their bytes.
func TestHostile_theRateIsInBits(t *testing.T) {
	testkit.Guard(t, 60*time.Second)
	began := time.Now()
	var ahead atomic.Int64
	r := open(t, func(c *turn.Config) {
		c.Rate, c.Now = 80_000, func() time.Time { return began.Add(time.Duration(ahead.Load())) }
	})
	a, b := credentials(t, r, kontakt.NewDeviceID()), credentials(t, r, kontakt.NewDeviceID())
	one, two := allocate(t, client(t, "udp", a.URLs[0], a)), allocate(t, client(t, "udp", b.URLs[0], b))
	exchange(t, one, two, one.LocalAddr(), two.LocalAddr())
	relayed := func(mark byte) (n int) { // until something is dropped
		packet, buf := make([]byte, 1000), make([]byte, 2000)
		packet[0] = mark
		for before := r.Dropped(); r.Dropped() == before && t.Context().Err() == nil; {
			if _, err := one.WriteTo(packet, two.LocalAddr()); err != nil {
				t.Fatal(err)
			}
			two.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
			if size, _, err := two.ReadFrom(buf); err == nil && size == len(packet) && buf[0] == mark {
				n++
			}
		}
		return n
	}
	relayed(1) // the burst
	ahead.Add(int64(2 * time.Second))
	if n := relayed(2); n == 0 || n > 21 {
		t.Errorf("%d packets of 1000 bytes in 2 s at 80 kbit/s, want 20", n)
	}
}
