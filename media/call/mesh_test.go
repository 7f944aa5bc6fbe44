package call_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media/call"
)

// gathering is a call of a tablet with several others.
type gathering struct {
	tab    *tablet
	ends   []*clinic // all that may take part
	others chan []string
	end    func()
}

// guestIDs are those of up to three guests.
var guestIDs = []string{"g_one", "g_two", "g_three"}

// gather begins a call with the clinic; guests are there, and do not take part yet.
func gather(t *testing.T, guests int) *gathering {
	t.Helper()
	g := &gathering{tab: newTablet(t), ends: []*clinic{newClinic(t)}, others: make(chan []string)}
	for i := range guests {
		c := newClinic(t)
		c.id, c.hz = guestIDs[i], tonesHz[(i+1)%len(tonesHz)]
		g.ends = append(g.ends, c)
	}
	incoming := make(chan kontakt.Signal)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, c := range g.ends {
		wg.Go(func() {
			for {
				select {
				case s := <-c.toTablet:
					select {
					case incoming <- s:
					case <-ctx.Done():
						return
					}
				case <-ctx.Done():
					return
				}
			}
		})
	}
	done := make(chan error, 1)
	go func() {
		done <- g.tab.phone.Call(context.Background(), call.Setup{
			Send: g.send, Incoming: incoming, Others: g.others, Report: g.tab.report,
		})
	}()
	g.end = sync.OnceFunc(func() {
		g.tab.phone.HangUp()
		if err := <-done; err != nil {
			t.Errorf("Call = %v, want nil after HangUp", err)
		}
		cancel()
		wg.Wait()
	})
	t.Cleanup(g.end)
	return g
}

func (g *gathering) send(ctx context.Context, all []kontakt.Signal) error {
	for _, c := range g.ends {
		if err := c.take(ctx, all); err != nil {
			return err
		}
	}
	return nil
}

// seat says who takes part.
func (g *gathering) seat(who ...*clinic) {
	var ids []string
	for _, c := range who {
		ids = append(ids, c.id)
	}
	g.others <- ids
}

// flows waits until pictures have come from c and there anew, and the tablet's sound there.
func (g *gathering) flows(c *clinic) {
	g.tab.t.Helper()
	here, there := g.tab.room.pictures(c.id).Load(), c.frames.Load()
	until(g.tab.t, "ten pictures from "+c.id, func() bool { return g.tab.room.pictures(c.id).Load() >= here+10 })
	until(g.tab.t, "ten pictures at "+c.id, func() bool { return c.frames.Load() >= there+10 })
	until(g.tab.t, "sound at "+c.id, c.hears)
	until(g.tab.t, c.id+" live", func() bool { return g.remote(c).State == call.Live })
}

func (g *gathering) remote(c *clinic) call.Remote {
	for _, r := range g.tab.last().Remotes {
		if r.ID == c.id {
			return r
		}
	}
	return call.Remote{}
}

func TestMesh_threeRemotes(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	g := gather(t, 2)
	g.seat(g.ends...)
	for _, c := range g.ends {
		g.flows(c)
	}
	for i := range tonesHz {
		until(t, "each one's sound in the loudspeaker", func() bool {
			return math.Float64frombits(g.tab.room.tones[i].Load()) > 0.1
		})
	}
	until(t, "a level of each, and the size of each one's picture", func() bool {
		for _, c := range g.ends {
			if r := g.remote(c); r.Level < 0.5 || r.Width != testWidth || r.Height != testHeight {
				return false
			}
		}
		return true
	})
	if s := g.tab.last(); len(s.Remotes) != 3 || s.Remotes[0].ID != g.ends[0].id || s.Remotes[2].ID != g.ends[2].id {
		t.Errorf("remotes = %v, want the three in their order", s.Remotes)
	}
	g.end()
}

func TestMesh_guestComesAndGoes(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	g := gather(t, 1)
	clinic, guest := g.ends[0], g.ends[1]
	g.flows(clinic)
	if n := guest.offers.Load(); n != 0 {
		t.Fatalf("%d offers to somebody who does not take part", n)
	}
	for round := int64(1); round <= 2; round++ {
		g.seat(clinic, guest)
		g.flows(guest)
		if n := guest.offers.Load(); n != round {
			t.Errorf("%d offers to the guest, want %d", n, round)
		}
		g.seat(clinic)
		until(t, "the guest gone", func() bool { return len(g.tab.last().Remotes) == 1 })
		until(t, "its connection closed", guest.gone)
		shown := g.tab.room.pictures(guest.id).Load()
		g.flows(clinic)
		if n := g.tab.room.pictures(guest.id).Load(); n > shown+1 {
			t.Errorf("%d pictures of the guest after it went", n-shown)
		}
	}
	if n := clinic.offers.Load(); n != 1 {
		t.Errorf("%d offers to the clinic, want 1: a guest changes nothing for it", n)
	}
	g.end()
}

func TestMesh_unreachableGuestDisturbsNobody(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	g := gather(t, 2)
	clinic, deaf, lost := g.ends[0], g.ends[1], g.ends[2]
	deaf.mute = true // takes the offers, and never answers
	cable := lost.onCable()
	g.seat(clinic, deaf, lost)
	g.flows(clinic)
	g.flows(lost)
	cable.cut.Store(true)
	until(t, "one of them lost", func() bool { return g.remote(lost).State == call.Lost })
	g.flows(clinic)
	if s := g.tab.last(); s.State != call.Live {
		t.Errorf("state = %v, want that with the clinic: live", s.State)
	}
	if r := g.remote(deaf); r.State != call.Connecting {
		t.Errorf("who never answered is %v, want connecting", r.State)
	}
	cable.cut.Store(false)
	g.flows(lost)
	if n := clinic.offers.Load(); n != 1 {
		t.Errorf("%d offers to the clinic, want 1", n)
	}
	g.end()
}

func TestMesh_fourthRemoteIsLeftOut(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	g := gather(t, 3)
	g.seat(g.ends...)
	g.flows(g.ends[2])
	if n := len(g.tab.last().Remotes); n != 3 {
		t.Errorf("%d remotes, want 3", n)
	}
	if n := g.ends[3].offers.Load(); n != 0 {
		t.Errorf("%d offers to the fourth", n)
	}
	g.end()
}

func TestMesh_signalsOfOthersChangeNothing(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	g := gather(t, 1)
	clinic, guest := g.ends[0], g.ends[1]
	g.seat(clinic, guest)
	g.flows(clinic)
	g.flows(guest)
	yes := true
	for _, s := range []kontakt.Signal{
		{From: "g_stranger", Kind: kontakt.SignalReady},
		{From: guest.id, To: kontakt.ParticipantClinic, Kind: kontakt.SignalReady},
		{From: clinic.id, To: guest.id, Kind: kontakt.SignalState, Muted: &yes},
		{Kind: kontakt.SignalReady},
	} {
		clinic.toTablet <- s
	}
	clinic.toTablet <- kontakt.Signal{From: guest.id, Kind: kontakt.SignalState, CameraOff: &yes, Rung: kontakt.RungSound}
	until(t, "what the guest says of itself", func() bool { r := g.remote(guest); return r.CameraOff && r.Rung == kontakt.RungSound })
	if r := g.remote(clinic); r.Muted || r.CameraOff {
		t.Errorf("clinic = %+v, want untouched", r)
	}
	g.flows(clinic)
	g.flows(guest)
	if a, b := clinic.offers.Load(), guest.offers.Load(); a != 1 || b != 1 {
		t.Errorf("%d and %d offers, want one each", a, b)
	}
	g.end()
}
