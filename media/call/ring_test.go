package call_test

import (
	"context"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/call"
)

// While it rings the connection stands, and not one packet of sound or picture leaves; what an end that does not keep to
// that sends is neither shown nor played. The answer lets both through on the connection that is there.
func TestCall_nothingLeavesBeforeTheAnswer(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	var left atomic.Int64
	c.onRTP = func() { left.Add(1) }
	answered := make(chan struct{})
	end := tab.ring(c, kontakt.Relay{}, answered)
	until(t, "what the other end sends is here", func() bool { s := tab.last(); return s.State == call.Live && s.Stats.ReceiveRate > 100_000 })
	until(t, "own picture", func() bool { return tab.room.self.Load() > 10 })
	if n := left.Load(); n != 0 {
		t.Errorf("%d packets have left before the answer", n)
	}
	if n, heard := tab.room.remote.Load(), math.Float64frombits(tab.room.tone.Load()); n != 0 || heard > 0.01 {
		t.Errorf("%d pictures were shown before the answer, and a tone of %g was heard", n, heard)
	}
	close(answered)
	flows(t, tab, c)
	if n := c.offers.Load(); n != 1 {
		t.Errorf("%d offers, want the one from before the answer", n)
	}
	end()
}

// A ring that nobody answers leaves nothing behind.
func TestCall_aRingThatIsOver(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	var left atomic.Int64
	c.onRTP = func() { left.Add(1) }
	end := tab.ring(c, kontakt.Relay{}, make(chan struct{}))
	until(t, "connected", func() bool { return tab.last().State == call.Live })
	end()
	until(t, "the other end is alone", c.gone)
	if n := left.Load(); n != 0 {
		t.Errorf("%d packets have left though nobody has answered", n)
	}
	if n := tab.room.openCameras.Load() + tab.room.openMicrophones.Load(); n != 0 {
		t.Errorf("%d devices stand open", n)
	}
}

// Where signals are refused while it rings, since another tablet may be the one that answers, the answer offers anew.
func TestCall_refusedWhileItRings(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	answered := make(chan struct{})
	var refused atomic.Int64
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{
			Incoming: c.toTablet, Report: tab.report, Answered: answered,
			Send: func(ctx context.Context, signals []kontakt.Signal) error {
				select {
				case <-answered:
					return c.take(ctx, signals)
				default:
					refused.Add(1)
					return &kontakt.Error{Op: "test", Kind: kontakt.NotFound}
				}
			},
		})
	}()
	until(t, "an offer is refused", func() bool { return refused.Load() > 0 })
	close(answered)
	flows(t, tab, c)
	tab.phone.HangUp()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
