package call_test

import (
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/call"
)

// cutFor pulls the cable, and with it the way of the signals where that is asked for, for at least as long as it takes to
// be noticed and up to 5 s.
func cutFor(t testing.TB, tab *tablet, c *clinic, cable *cutConn, signalsToo bool) {
	began := time.Now()
	c.down.Store(signalsToo)
	cable.cut.Store(true)
	until(t, "lost", func() bool { return tab.last().State == call.Lost })
	<-time.After(5*time.Second - time.Since(began))
	cable.cut.Store(false)
	c.down.Store(false)
}

// peersOf says how many connections the other end has seen.
func (c *clinic) peersOf() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.peers)
}

// A network that comes back as it was brings the call back with it: nothing is negotiated.
func TestRecovery_networkGoneForFiveSeconds(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	cutFor(t, tab, c, cable, true)
	flows(t, tab, c)
	if n := c.peersOf(); n != 1 {
		t.Errorf("%d connections, want the first to come back", n)
	}
	end()
}

func TestRecovery_pathGoneForFiveSeconds(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	cutFor(t, tab, c, cable, false)
	until(t, "an ICE restart, as signals get through", func() bool { return c.restarts.Load() > 0 })
	flows(t, tab, c)
	if n := c.peersOf(); n != 1 {
		t.Errorf("%d connections, want the first to be restored", n)
	}
	end()
}

func TestRecovery_anotherAddress(t *testing.T) {
	for _, told := range []bool{true, false} {
		name := "unnoticed"
		if told {
			name = "noticed"
		}
		t.Run(name, func(t *testing.T) {
			testkit.Guard(t, 5*time.Minute)
			tab, c := newTablet(t), newClinic(t)
			cable := c.onCable()
			end := tab.call(c, kontakt.Relay{})
			flows(t, tab, c)
			cable.move()
			if told {
				tab.phone.NetworkChanged()
			}
			if told {
				until(t, "a new connection", func() bool { return c.peersOf() == 2 })
			} else {
				until(t, "an ICE restart", func() bool { return c.restarts.Load() > 0 })
			}
			flows(t, tab, c)
			end()
		})
	}
}

// While nobody can be told of another path the call goes on over the one that there is, and over it again after a cut.
func TestRecovery_backendGone(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	c.down.Store(true)
	tab.phone.Set(call.Controls{Muted: true}) // something to tell
	tab.phone.Set(call.Controls{})
	flows(t, tab, c)
	tab.phone.NetworkChanged() // a second network, say; the one in use is there still
	flows(t, tab, c)
	cable.cut.Store(true)
	until(t, "lost", func() bool { return tab.last().State == call.Lost })
	cable.cut.Store(false)
	flows(t, tab, c)
	if n := c.peersOf(); n != 1 {
		t.Errorf("%d connections while nobody could be told of another", n)
	}
	c.down.Store(false)
	until(t, "the new connection", func() bool { return c.peersOf() == 2 })
	flows(t, tab, c)
	end()
}

// The tablet comes back with another address, and only then can anybody be told.
func TestRecovery_bothGoneAndAnotherAddress(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	cable := c.onCable()
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	cable.move()
	c.down.Store(true)
	tab.phone.NetworkChanged()
	until(t, "lost", func() bool { return tab.last().State == call.Lost })
	c.down.Store(false)
	flows(t, tab, c)
	end()
}

// BenchmarkRecovery measures from the network's return to pictures both ways: after a cut of everything, of the path
// alone, and from a change of address that the tablet was told of.
func BenchmarkRecovery(b *testing.B) {
	for _, bench := range []struct {
		name string
		away func(*tablet, *clinic, *cutConn)
	}{
		{"everything5s", func(tab *tablet, c *clinic, cable *cutConn) { cutFor(b, tab, c, cable, true) }},
		{"path5s", func(tab *tablet, c *clinic, cable *cutConn) { cutFor(b, tab, c, cable, false) }},
		{"address", func(tab *tablet, _ *clinic, cable *cutConn) { cable.move(); tab.phone.NetworkChanged() }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var total, worst time.Duration
			for range b.N {
				tab, c := newTablet(b), newClinic(b)
				cable := c.onCable()
				end := tab.call(c, kontakt.Relay{})
				until(b, "pictures", func() bool { return c.frames.Load() > 10 && tab.room.remote.Load() > 10 })
				bench.away(tab, c, cable)
				began, here, there := time.Now(), tab.room.remote.Load(), c.frames.Load()
				until(b, "pictures again", func() bool { return c.frames.Load() > there+1 && tab.room.remote.Load() > here+1 })
				took := time.Since(began)
				total, worst = total+took, max(worst, took)
				end()
				c.close()
			}
			b.ReportMetric(float64(total.Milliseconds())/float64(b.N), "ms-to-pictures")
			b.ReportMetric(float64(worst.Milliseconds()), "ms-worst")
		})
	}
}
