package call_test

import (
	"context"
	"errors"
	"math"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/call"
)

func askForKey(pc *webrtc.PeerConnection, t *webrtc.TrackRemote) {
	_ = pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(t.SSRC())}})
}

// flows waits until picture and sound have come both ways anew.
func flows(t *testing.T, tab *tablet, c *clinic) {
	t.Helper()
	here, there := tab.room.remote.Load(), c.frames.Load()
	until(t, "ten pictures here", func() bool { return tab.room.remote.Load() >= here+10 })
	until(t, "ten pictures there", func() bool { return c.frames.Load() >= there+10 })
	until(t, "sound here", func() bool { return math.Float64frombits(tab.room.tone.Load()) > 0.1 })
	until(t, "sound there", c.hears)
	until(t, "live", func() bool { return tab.last().State == call.Live })
}

func TestCall_pictureAndSoundBothWays(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	if s := tab.last(); s.Path != call.PathDirect {
		t.Errorf("path = %q, want direct", s.Path)
	}
	if l := tab.room.remoteLuma.Load(); l < 180 || l > 225 {
		t.Errorf("brightness = %d, want about 195: it is another picture", l)
	}
	until(t, "statistics", func() bool {
		s := tab.last().Stats
		return s.SendRate > 0 && s.ReceiveRate > 0 && s.FPSReceived > 10 && s.FPSSent > 10 && s.Width == testWidth && s.Played > 10
	})
	end()
}

// startRelay runs a real TURN server, over UDP and TCP, that takes everybody.
func startRelay(t testing.TB) kontakt.Relay {
	return startRelayFor(t, func(string) bool { return true })
}

// startRelayFor runs one that asks takes about each user, each time.
func startRelayFor(t testing.TB, takes func(user string) bool) kontakt.Relay {
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	generator := func() turn.RelayAddressGenerator {
		return &turn.RelayAddressGeneratorStatic{RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1"}
	}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "test",
		AuthHandler: func(a *turn.RequestAttributes) (string, []byte, bool) {
			return a.Username, turn.GenerateAuthKey(a.Username, a.Realm, "secret"), takes(a.Username)
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: udp, RelayAddressGenerator: generator()}},
		ListenerConfigs:   []turn.ListenerConfig{{Listener: tcp, RelayAddressGenerator: generator()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return kontakt.Relay{ExpiresIn: time.Hour, Servers: []kontakt.ICEServer{{
		URLs:     []string{"turn:" + udp.LocalAddr().String() + "?transport=udp", "turn:" + tcp.Addr().String() + "?transport=tcp"},
		Username: "tablet", Credential: "secret",
	}}}
}

func TestCall_relayOnly(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	relay := startRelay(t)
	tab, c := newTablet(t, func(cfg *call.Config) { cfg.RelayOnly = true }), newClinic(t)
	c.relay, c.relayOnly = relay, true
	end := tab.call(c, relay)
	flows(t, tab, c)
	if s := tab.last(); s.Path != call.PathRelay {
		t.Errorf("path = %q, want relay", s.Path)
	}
	end()
}

func TestCall_warmLineIsUsed(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	relay := startRelay(t)
	tab, c := newTablet(t), newClinic(t)
	for range 2 { // the second refreshes the first
		if err := tab.phone.Warm(t.Context(), relay); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "own picture", func() bool { return tab.room.self.Load() > 0 })
	end := tab.call(c, relay)
	flows(t, tab, c)
	end()
}

func TestCall_reloadedPageGetsFreshPeer(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	c.reload()
	flows(t, tab, c)
	c.mu.Lock()
	peers := append([]string(nil), c.peers...)
	c.mu.Unlock()
	if len(peers) != 2 || peers[0] == peers[1] {
		t.Errorf("peers = %v, want two different ones", peers)
	}
	end()
}

func TestCall_candidatesBeforeAnswer(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	c.reorder.Store(true)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	end()
}

func TestCall_signalsOfAnotherLineChangeNothing(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	c.late = true
	bad := "candidate:1 1 udp 1 not-an-address 9 typ host"
	for _, s := range []kontakt.Signal{
		{Kind: kontakt.SignalAnswer, Peer: "old", SDP: "v=0\r\n"},
		{Kind: kontakt.SignalCandidates, Peer: "old", Candidates: []kontakt.Candidate{{Candidate: bad}}},
		{Kind: kontakt.SignalAnswer},
		{Kind: "unknown"},
	} {
		s.From = kontakt.ParticipantClinic
		c.toTablet <- s
	}
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	c.mu.Lock()
	peer := c.peer
	c.mu.Unlock()
	c.toTablet <- kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalCandidates, Peer: peer, Candidates: []kontakt.Candidate{{Candidate: bad}, {}}}
	c.toTablet <- kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalAnswer, Peer: peer, SDP: "no description at all"}
	flows(t, tab, c)
	if n := c.offers.Load(); n != 1 {
		t.Errorf("%d offers, want 1", n)
	}
	end()
}

func TestCall_muteAndCameraOffAreTold(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)

	tab.phone.Set(call.Controls{Muted: true, Volume: 1})
	until(t, "silence there", func() bool { return math.Float64frombits(c.tone.Load()) < 0.01 })
	until(t, "word of it", func() bool { m, off := c.lastState(); return m && !off })

	tab.phone.Set(call.Controls{CameraOff: true, Volume: 1})
	until(t, "word of it", func() bool { m, off := c.lastState(); return !m && off })
	until(t, "the camera closed", func() bool { return tab.room.openCameras.Load() == 0 })
	until(t, "sound again", c.hears)

	tab.phone.Set(call.Controls{Volume: 1})
	flows(t, tab, c)

	yes := true
	c.toTablet <- kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalState, Muted: &yes, CameraOff: &yes}
	until(t, "remote state", func() bool { s := tab.last().Remotes[0]; return s.Muted && s.CameraOff })
	end()
}

// A telephone that puts its camera to sleep tells nobody. While sound goes on, the face that stands still is told of as
// such; one whose camera is off is none.
func TestCall_aPictureThatStandsStillIsNoticed(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	c.still.Store(true)
	until(t, "noticed", func() bool { s := tab.last(); return s.State == call.Live && s.Remotes[0].Frozen })
	off, on := true, false
	told := func(off *bool) {
		c.toTablet <- kontakt.Signal{From: kontakt.ParticipantClinic, Kind: kontakt.SignalState, Muted: &on, CameraOff: off}
	}
	told(&off)
	until(t, "a camera that is off", func() bool { r := tab.last().Remotes[0]; return r.CameraOff && !r.Frozen })
	told(&on)
	until(t, "noticed again", func() bool { return tab.last().Remotes[0].Frozen })
	c.still.Store(false)
	flows(t, tab, c)
	until(t, "moves", func() bool { return !tab.last().Remotes[0].Frozen })
	end()
}

func TestCall_switchCamera(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	tab.phone.Set(call.Controls{Camera: 1, Volume: 1})
	until(t, "the other camera's picture", func() bool { return c.luma.Load() < 130 })
	if n := c.offers.Load(); n != 1 {
		t.Errorf("%d offers, want 1: nothing is negotiated for a camera", n)
	}
	end()
}

func TestCall_zoomAndTorch(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	until(t, "word that the camera can", func() bool { s := tab.last(); return s.Zooms && s.Torches })
	tab.phone.Set(call.Controls{Zoom: 2.5, Torch: true})
	until(t, "closer and lit", func() bool { return math.Float64frombits(tab.room.zoom.Load()) == 2.5 && tab.room.torch.Load() })
	tab.phone.Set(call.Controls{Camera: 1, Zoom: 2.5, Torch: true})
	until(t, "word that the other camera can't", func() bool { s := tab.last(); return !s.Zooms && !s.Torches })
	tab.phone.Set(call.Controls{Zoom: 0.5})
	until(t, "the first one as it was made", func() bool {
		return math.Float64frombits(tab.room.zoom.Load()) == 1 && !tab.room.torch.Load() && tab.last().Zooms
	})
	end()
}

func TestCall_cameraLostComesBack(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	tab.room.unplug.Store(true)
	until(t, "the problem reported", func() bool {
		p := tab.last().Camera
		return p != nil && p.Problem == media.DeviceLost
	})
	until(t, "the clinic told", func() bool { _, off := c.lastState(); return off })
	until(t, "sound goes on", c.hears)
	tab.room.unplug.Store(false)
	until(t, "the problem gone", func() bool { return tab.last().Camera == nil })
	flows(t, tab, c)
	until(t, "the clinic told", func() bool { _, off := c.lastState(); return !off })
	end()
}

func TestCall_loudspeakerLostComesBack(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	tab.room.deaf.Store(true)
	until(t, "the problem reported", func() bool {
		p := tab.last().Loudspeaker
		return p != nil && p.Problem == media.DeviceNone // lost, and still not there when it was tried again
	})
	tab.room.deaf.Store(false)
	tab.room.tone.Store(0)
	until(t, "the problem gone", func() bool { return tab.last().Loudspeaker == nil })
	flows(t, tab, c)
	end()
}

func TestCall_withoutCameraAndMicrophone(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	tab.room.cameraBroken.Store(true)
	tab.room.microphoneGone.Store(true)
	end := tab.call(c, kontakt.Relay{})
	until(t, "pictures here", func() bool { return tab.room.remote.Load() > 10 })
	until(t, "sound here", func() bool { return math.Float64frombits(tab.room.tone.Load()) > 0.1 })
	s := tab.last()
	if s.Camera == nil || s.Camera.Problem != media.DeviceNone || s.Microphone == nil || s.Microphone.Problem != media.DeviceRefused {
		t.Errorf("camera %v, microphone %v: want none and refused", s.Camera, s.Microphone)
	}
	end()
}

func TestCall_hangUpWhileConnecting(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab := newTablet(t)
	sent := make(chan struct{}, 100)
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{
			Send:     func(context.Context, []kontakt.Signal) error { sent <- struct{}{}; return nil },
			Incoming: make(chan kontakt.Signal), Report: tab.report,
		})
	}()
	<-sent
	if err := tab.phone.Call(t.Context(), call.Setup{}); !errors.Is(err, call.ErrBusy) {
		t.Errorf("second call: %v, want %v", err, call.ErrBusy)
	}
	tab.phone.HangUp()
	if err := <-done; err != nil {
		t.Errorf("Call = %v, want nil", err)
	}
}

func TestCall_backendDownAtTheStart(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	c.down.Store(true)
	tries := atomic.Int32{}
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{
			Send: func(ctx context.Context, s []kontakt.Signal) error {
				if tries.Add(1) == 3 {
					c.down.Store(false)
				}
				return c.take(ctx, s)
			},
			Incoming: c.toTablet, Report: tab.report,
		})
	}()
	flows(t, tab, c)
	tab.phone.HangUp()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A signal that the backend refuses for good is lost alone: those behind it go through.
func TestCall_refusedSignalHoldsNobodyUp(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	var alone atomic.Int32
	done := make(chan error, 1)
	go func() {
		done <- tab.phone.Call(context.Background(), call.Setup{
			Send: func(ctx context.Context, all []kontakt.Signal) error {
				for _, s := range all {
					if s.Kind != kontakt.SignalState {
						continue
					}
					if len(all) == 1 {
						alone.Add(1)
					}
					return &kontakt.Error{Op: "test", Kind: kontakt.Invalid}
				}
				return c.take(ctx, all)
			},
			Incoming: c.toTablet, Report: tab.report,
		})
	}()
	flows(t, tab, c)
	if n := alone.Load(); n != 1 {
		t.Errorf("the refused signal was sent alone %d times, want once", n)
	}
	tab.phone.HangUp()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A browser would send into the old path for seconds after an ICE restart.
func TestCall_networkChangeTakesANewConnection(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab, c := newTablet(t), newClinic(t)
	end := tab.call(c, kontakt.Relay{})
	flows(t, tab, c)
	tab.phone.NetworkChanged()
	until(t, "a new connection", func() bool { return c.peersOf() == 2 })
	flows(t, tab, c)
	end()
}

func TestCheck_devicesAndRelay(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab := newTablet(t)
	tab.room.cameraBroken.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	var last atomic.Pointer[call.CheckReport]
	done := make(chan error, 1)
	relay := startRelay(t)
	go func() { done <- tab.phone.Check(ctx, relay, func(r call.CheckReport) { last.Store(&r) }) }()
	until(t, "camera bad", func() bool {
		r := last.Load()
		var d *media.DeviceError
		return r != nil && r.Camera.State == call.CheckBad && errors.As(r.Camera.Err, &d) && d.Problem == media.DeviceNone
	})
	until(t, "relay and microphone good, with a level", func() bool {
		r := last.Load()
		return r.Relay.State == call.CheckGood && r.Microphone.State == call.CheckGood && r.Level > 0.5
	})
	tab.room.cameraBroken.Store(false)
	until(t, "camera good once it is plugged in", func() bool { return last.Load().Camera.State == call.CheckGood })
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Check = %v, want nil", err)
	}
}

func TestCheck_relayUnreachable(t *testing.T) {
	testkit.Guard(t, 5*time.Minute)
	tab := newTablet(t)
	good := startRelay(t)
	for name, relay := range map[string]kontakt.Relay{
		"no server at all":  {},
		"nobody there":      {Servers: []kontakt.ICEServer{{URLs: []string{"turn:127.0.0.1:1?transport=tcp"}, Username: "u", Credential: "c"}}},
		"wrong credentials": {Servers: []kontakt.ICEServer{{URLs: good.Servers[0].URLs, Username: "u", Credential: "wrong"}}},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		bad := make(chan error, 1)
		done := make(chan error, 1)
		go func() {
			done <- tab.phone.Check(ctx, relay, func(r call.CheckReport) {
				if r.Relay.State != call.CheckRunning {
					select {
					case bad <- r.Relay.Err:
					default:
					}
				}
			})
		}()
		if err := <-bad; !errors.Is(err, call.ErrRelayUnreachable) {
			t.Errorf("%s: %v, want %v", name, err, call.ErrRelayUnreachable)
		}
		cancel()
		<-done
	}
}
