package call_test

import (
	"context"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"
	"github.com/pion/webrtc/v4/pkg/media/samplebuilder"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/codec"
)

// clinic is the other end, or a guest, made of pion and our codecs alone: it answers, sends a moving picture and a tone,
// and measures what comes.
type clinic struct {
	t         testing.TB
	id        string  // the participant
	hz        float64 // its tone
	relay     kontakt.Relay
	relayOnly bool
	settings  func(*webrtc.SettingEngine)

	page page // what it does beside sound and picture

	toTablet chan kontakt.Signal
	frames   atomic.Int64 // decoded
	luma     atomic.Int64
	tone     atomic.Uint64
	offers   atomic.Int64
	restarts atomic.Int64
	reorder  atomic.Bool // candidates before the answer

	down    atomic.Bool // takes no signals
	mute    bool        // never answers
	late    bool        // before its answer comes one to a connection of before
	nowhere bool        // says nothing of where it can be reached, and looks for nobody
	still   atomic.Bool // its camera gives nothing, and nobody is told
	onRTP   func()      // hears of each packet, if not nil

	mu    sync.Mutex
	peer  string
	pc    *webrtc.PeerConnection
	stop  context.CancelFunc
	wg    sync.WaitGroup
	state kontakt.Signal
	peers []string
}

func newClinic(t testing.TB) *clinic {
	c := &clinic{t: t, id: kontakt.ParticipantClinic, hz: toneHz, toTablet: make(chan kontakt.Signal, 1000)}
	t.Cleanup(c.close)
	return c
}

// take is the way from the tablet.
func (c *clinic) take(_ context.Context, signals []kontakt.Signal) error {
	if c.down.Load() {
		return errDown
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range signals {
		if s.To != c.id {
			continue
		}
		switch s.Kind {
		case kontakt.SignalOffer:
			c.offer(s)
		case kontakt.SignalCandidates:
			if s.Peer != c.peer || c.nowhere {
				continue
			}
			for _, i := range s.Candidates {
				if err := c.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: i.Candidate, SDPMid: i.SDPMid, SDPMLineIndex: i.SDPMLineIndex}); err != nil {
					c.t.Errorf("candidate %q: %v", i.Candidate, err)
				}
			}
		case kontakt.SignalState:
			c.state = s
		}
	}
	return nil
}

func (c *clinic) lastState() (muted, cameraOff bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Muted != nil && *c.state.Muted, c.state.CameraOff != nil && *c.state.CameraOff
}

// offer answers. c.mu is held.
func (c *clinic) offer(s kontakt.Signal) {
	c.offers.Add(1)
	if s.Peer == c.peer {
		c.restarts.Add(1)
	} else {
		c.drop()
		c.peer = s.Peer
		c.peers = append(c.peers, s.Peer)
		c.connect(s.Peer)
	}
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: s.SDP}); err != nil {
		c.t.Errorf("offer: %v", err)
		return
	}
	if c.mute {
		return
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		c.t.Error(err)
		return
	}
	switch {
	case c.nowhere:
	case c.reorder.Load():
		all := webrtc.GatheringCompletePromise(c.pc)
		if err := c.pc.SetLocalDescription(answer); err != nil {
			c.t.Error(err)
		}
		<-all // the candidates have gone ahead
	default:
		if err := c.pc.SetLocalDescription(answer); err != nil {
			c.t.Error(err)
		}
	}
	said := kontakt.Signal{From: c.id, To: kontakt.ParticipantTablet, Kind: kontakt.SignalAnswer, Peer: s.Peer, SDP: answer.SDP}
	if c.late {
		old := said
		old.Peer, old.SDP = "old", strings.ReplaceAll(said.SDP, "a=ice-pwd:", "a=ice-pwd:old")
		c.toTablet <- old
	}
	c.toTablet <- said
}

func (c *clinic) connect(peer string) {
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		c.t.Fatal(err)
	}
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	s.SetICETimeouts(2*time.Second, 20*time.Second, 300*time.Millisecond)
	if c.settings != nil {
		c.settings(&s)
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(s))
	cfg := webrtc.Configuration{}
	for _, r := range c.relay.Servers {
		cfg.ICEServers = append(cfg.ICEServers, webrtc.ICEServer{URLs: r.URLs, Username: r.Username, Credential: r.Credential})
	}
	if c.relayOnly {
		cfg.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	pc, err := api.NewPeerConnection(cfg)
	if err != nil {
		c.t.Fatal(err)
	}
	c.pc = pc
	if err := c.page.attach(pc); err != nil {
		c.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	pc.OnICECandidate(func(i *webrtc.ICECandidate) {
		if i == nil {
			return
		}
		j := i.ToJSON()
		c.toTablet <- kontakt.Signal{
			From: c.id, To: kontakt.ParticipantTablet, Kind: kontakt.SignalCandidates, Peer: peer,
			Candidates: []kontakt.Candidate{{Candidate: j.Candidate, SDPMid: j.SDPMid, SDPMLineIndex: j.SDPMLineIndex}},
		}
	})
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
		c.wg.Go(func() {
			if t.Kind() == webrtc.RTPCodecTypeVideo {
				c.watch(ctx, pc, t)
			} else {
				c.listen(ctx, t)
			}
		})
	})
	video, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, "v", "clinic")
	if err != nil {
		c.t.Fatal(err)
	}
	audio, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "a", "clinic")
	if err != nil {
		c.t.Fatal(err)
	}
	var key atomic.Bool
	for _, t := range []webrtc.TrackLocal{audio, video} {
		sender, err := pc.AddTrack(t)
		if err != nil {
			c.t.Fatal(err)
		}
		c.wg.Go(func() {
			for {
				if _, _, err := sender.ReadRTCP(); err != nil {
					return
				}
				key.Store(true)
			}
		})
	}
	c.wg.Go(func() { c.show(ctx, video) })
	c.wg.Go(func() { c.sing(ctx, audio) })
}

func (c *clinic) show(ctx context.Context, track *webrtc.TrackLocalStaticSample) {
	e, err := codec.NewVP8Encoder(codec.VP8Config{Rate: 500_000})
	if err != nil {
		c.t.Error(err)
		return
	}
	defer e.Close()
	var pool media.FramePool
	tick := time.NewTicker(time.Second / 30)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if c.still.Load() {
			continue
		}
		f := pool.Get(testWidth, testHeight)
		f.Time = media.Now()
		paint(f, n, 0)
		if n%30 == 0 {
			e.RequestKey()
		}
		au, err := e.Encode(ctx, f)
		f.Release()
		if err == nil && len(au.Data) > 0 {
			_ = track.WriteSample(pionmedia.Sample{Data: au.Data, Duration: time.Second / 30})
		}
	}
}

func (c *clinic) sing(ctx context.Context, track *webrtc.TrackLocalStaticSample) {
	e, err := codec.NewOpusEncoder(codec.OpusConfig{Rate: 32_000})
	if err != nil {
		c.t.Error(err)
		return
	}
	defer e.Close()
	tick := time.NewTicker(media.PieceDuration)
	defer tick.Stop()
	pcm := make([]int16, media.SamplesPerPiece)
	for at := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		at = tone(pcm, at, c.hz)
		if p, err := e.Encode(ctx, pcm); err == nil {
			_ = track.WriteSample(pionmedia.Sample{Data: p, Duration: media.PieceDuration})
		}
	}
}

func (c *clinic) watch(ctx context.Context, pc *webrtc.PeerConnection, t *webrtc.TrackRemote) {
	var pool media.FramePool
	d, err := codec.NewVP8Decoder(&pool)
	if err != nil {
		c.t.Error(err)
		return
	}
	defer d.Close()
	b := samplebuilder.New(16, &codecs.VP8Packet{}, t.Codec().ClockRate)
	for {
		p, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		if c.onRTP != nil {
			c.onRTP()
		}
		b.Push(p)
		for s := b.Pop(); s != nil; s = b.Pop() {
			f, err := d.Decode(ctx, media.AccessUnit{Data: s.Data})
			if err != nil {
				askForKey(pc, t)
				continue
			}
			if f != nil {
				c.luma.Store(int64(mean(f.Y)))
				c.frames.Add(1)
				f.Release()
			}
		}
	}
}

func (c *clinic) listen(ctx context.Context, t *webrtc.TrackRemote) {
	d, err := codec.NewOpusDecoder()
	if err != nil {
		c.t.Error(err)
		return
	}
	defer d.Close()
	pcm := make([]int16, 5760)
	for {
		p, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		if c.onRTP != nil {
			c.onRTP()
		}
		if n, err := d.Decode(ctx, p.Payload, pcm); err == nil && n > 0 {
			c.tone.Store(math.Float64bits(toneLevel(pcm[:n], toneHz)))
		}
	}
}

// gone says that the connection has ended, as far as it knows.
func (c *clinic) gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pc == nil || c.pc.ConnectionState() != webrtc.PeerConnectionStateConnected
}

func (c *clinic) hears() bool { return math.Float64frombits(c.tone.Load()) > 0.1 }

// ready says that a page stands ready, as after a reload.
func (c *clinic) ready() {
	c.toTablet <- kontakt.Signal{From: c.id, To: kontakt.ParticipantTablet, Kind: kontakt.SignalReady}
}

func (c *clinic) drop() {
	if c.pc != nil {
		c.stop()
		_ = c.pc.GracefulClose()
		c.wg.Wait()
		c.pc = nil
	}
}

// reload is what a browser does: the connection goes without a word, and a new page asks.
func (c *clinic) reload() {
	c.mu.Lock()
	c.drop()
	c.peer = ""
	c.mu.Unlock()
	c.frames.Store(0)
	c.ready()
}

func (c *clinic) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
}
