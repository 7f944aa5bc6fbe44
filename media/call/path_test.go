package call_test

import (
	"context"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/call"
)

// cutConn is a socket whose cable can be pulled.
type cutConn struct {
	net.PacketConn
	cut  atomic.Bool
	loss atomic.Int32 // in per cent, each way

	mu   sync.Mutex
	seen map[string]bool // addresses that something came from; true: dead
}

func (c *cutConn) WriteTo(p []byte, to net.Addr) (int, error) {
	if c.drops(to) {
		return len(p), nil
	}
	return c.PacketConn.WriteTo(p, to)
}

func (c *cutConn) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, from, err := c.PacketConn.ReadFrom(p)
		if err != nil || !c.drops(from) {
			return n, from, err
		}
	}
}

func (c *cutConn) drops(peer net.Addr) bool {
	if c.cut.Load() || rand.Int32N(100) < c.loss.Load() {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	dead := c.seen[peer.String()]
	if !dead {
		c.seen[peer.String()] = false
	}
	return dead
}

// move has the other side's addresses up to now be dead: it has another network.
func (c *cutConn) move() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for peer := range c.seen {
		c.seen[peer] = true
	}
}

// onCable has all of the clinic's direct traffic go through one socket.
func (c *clinic) onCable() *cutConn {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	cable := &cutConn{PacketConn: conn, seen: map[string]bool{}}
	mux := webrtc.NewICEUDPMux(nil, cable)
	c.t.Cleanup(func() { mux.Close(); conn.Close() })
	c.settings = func(s *webrtc.SettingEngine) { s.SetICEUDPMux(mux) }
	return cable
}

func TestPath_cutAndBackByICERestart(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)

	cable.cut.Store(true)
	c.down.Store(true)
	until(t, "lost", func() bool { return tab.last().State == call.Lost })
	cable.cut.Store(false)
	c.down.Store(false)
	flows(t, tab, c)
	end()
}

func TestPath_restartWhileCut(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	cable.cut.Store(true)
	until(t, "an ICE restart", func() bool { return c.restarts.Load() > 0 })
	cable.cut.Store(false)
	flows(t, tab, c)
	c.mu.Lock()
	peers := len(c.peers)
	c.mu.Unlock()
	if peers != 1 {
		t.Errorf("%d connections, want the first to be restored", peers)
	}
	end()
}

// A page gives a path up long before we do: what comes back then needs an ICE restart.
func TestPath_longCutNeedsNewOffer(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	mux := c.settings
	c.settings = func(s *webrtc.SettingEngine) {
		mux(s)
		s.SetICETimeouts(time.Second, 4*time.Second, 300*time.Millisecond)
	}
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	cable.cut.Store(true)
	c.down.Store(true) // the backend as well
	until(t, "lost", func() bool { return tab.last().State == call.Lost })
	offers := c.offers.Load()
	time.AfterFunc(8*time.Second, func() {
		cable.cut.Store(false)
		c.down.Store(false)
	})
	flows(t, tab, c)
	if c.offers.Load() == offers {
		t.Error("no new offer")
	}
	end()
}

func TestPath_directDiesRelayTakesOver(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	relay := startRelay(t)
	tab, c := newTablet(t), newClinic(t)
	c.relay = relay
	c.relay.Servers = []kontakt.ICEServer{relay.Servers[0]}
	c.relay.Servers[0].URLs = relay.Servers[0].URLs[1:] // by TCP: over UDP it would also be a STUN server, and so another cable
	cable := c.onCable()
	end := tab.call(c, relay)
	flows(t, tab, c)
	if p := tab.last().Path; p != call.PathDirect {
		t.Fatalf("path = %q, want direct", p)
	}
	cable.cut.Store(true) // for good
	until(t, "the relay", func() bool { s := tab.last(); return s.State == call.Live && s.Path == call.PathRelay })
	flows(t, tab, c)
	end()
}

// Where the other side has answered and yet no path comes up, the next is tried over the relay alone: some firewalls let
// the checks through and little else.
func TestPath_answeredInVainIsTriedOverTheRelayAlone(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	c.nowhere = true
	var mu sync.Mutex
	found := map[string][]string{} // what was said of where the tablet can be reached, by connection
	var peers []string
	send := func(ctx context.Context, signals []kontakt.Signal) error {
		mu.Lock()
		for _, s := range signals {
			if s.Kind == kontakt.SignalOffer {
				peers = append(peers, s.Peer)
				found[s.Peer] = append(found[s.Peer], s.SDP)
			}
			for _, i := range s.Candidates {
				found[s.Peer] = append(found[s.Peer], i.Candidate)
			}
		}
		mu.Unlock()
		return c.take(ctx, signals)
	}
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{Relay: startRelay(t), Send: send, Incoming: c.toTablet, Report: tab.report})
	}()
	until(t, "candidates of a second connection", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(peers) > 1 && strings.Contains(strings.Join(found[peers[1]], ""), "typ ")
	})
	mu.Lock()
	for i, direct := range []bool{true, false} {
		if got := slices.ContainsFunc(found[peers[i]], func(s string) bool { return strings.Contains(s, "typ host") }); got != direct {
			t.Errorf("connection %d: direct %v, want %v: %q", i+1, got, direct, found[peers[i]])
		}
	}
	mu.Unlock()
	tab.phone.HangUp()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A call that outlasts its credentials for the relay is restored with fresh ones.
func TestPath_restoredWithRenewedCredentials(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	var renewed atomic.Bool
	first := startRelayFor(t, func(user string) bool { return user == "clinic" || (user == "second") == renewed.Load() })
	as := func(user string, lasts time.Duration) kontakt.Relay {
		s := first.Servers[0]
		s.Username = user
		return kontakt.Relay{ExpiresIn: lasts, Servers: []kontakt.ICEServer{s}}
	}
	tab, c := newTablet(t, func(cfg *call.Config) { cfg.RelayOnly = true }), newClinic(t)
	c.relay, c.relayOnly = as("clinic", time.Hour), true
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{
			Relay: as("first", time.Minute+3*time.Second), // renewed a minute before
			Renew: func(context.Context) (kontakt.Relay, error) {
				renewed.Store(true)
				return as("second", time.Hour), nil
			},
			Send: c.take, Incoming: c.toTablet, Report: tab.report,
		})
	}()
	flows(t, tab, c)
	until(t, "fresh credentials", renewed.Load)
	offers := c.offers.Load()
	tab.phone.NetworkChanged()
	until(t, "a new path", func() bool { return c.offers.Load() > offers })
	flows(t, tab, c)
	tab.phone.HangUp()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
