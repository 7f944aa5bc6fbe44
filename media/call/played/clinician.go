// Package played is the clinic's end of a drill's call (M14): a doctor who is drawn, with a voice that was made, on a real
// WebRTC connection over loopback, so that the tablet's whole way from camera to screen is gone.
//
// Invariants: it listens on 127.0.0.1 alone and tells of no other address, so that nothing of a drill leaves the machine,
// and none is needed. It answers and never offers. What it hears and sees of the tablet is thrown away, encoded as it came.
// Each goroutine ends with the Talk that started it.
package played

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/codec"
)

const (
	pictureRate  = 300_000 // bits a second
	soundRate    = 24_000
	perSecond    = 15 // pictures
	pictureLeast = 150_000
)

// Clinician plays calls.
type Clinician struct {
	voice func() []int16
	log   *slog.Logger
}

// New plays with a voice, of 48 kHz, which is asked for at the begin of each call.
func New(voice func() []int16, log *slog.Logger) *Clinician { return &Clinician{voice, log} }

// Talk plays until ctx ends. in brings the tablet's signals, what it says goes to out, and rate tells at each change what the
// path carries, in bits a second: 0 as much as there is, negative nothing.
func (c *Clinician) Talk(ctx context.Context, in <-chan kontakt.Signal, out func(kontakt.Signal), rate <-chan int) {
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		c.log.Warn("a drill has no other end", "error", err)
		return
	}
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	path := newPath(socket)
	mux := webrtc.NewICEUDPMux(quiet.NewLogger("ice"), path)
	t := &talk{voice: c.voice(), path: path, mux: mux, quiet: quiet, out: out}
	defer func() {
		t.drop()
		_ = mux.Close()
		_ = path.Close()
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case bits := <-rate:
			path.carry(bits)
			t.tell()
		case s := <-in:
			if err := t.hear(s); err != nil {
				c.log.Warn("a drill's signal", "kind", s.Kind, "error", err)
			}
		}
	}
}

// talk is one call, with one connection at a time.
type talk struct {
	voice []int16
	path  *path
	mux   ice.UDPMux
	quiet logging.LoggerFactory
	out   func(kontakt.Signal)

	peer string
	pc   *webrtc.PeerConnection
	stop context.CancelFunc
	work sync.WaitGroup
	loud atomic.Int64 // of the voice: opens the mouth
}

func (t *talk) hear(s kontakt.Signal) error {
	switch {
	case s.To != kontakt.ParticipantClinic:
	case s.Kind == kontakt.SignalOffer:
		return t.answer(s)
	case s.Kind == kontakt.SignalCandidates && s.Peer == t.peer && t.pc != nil:
		for _, i := range s.Candidates {
			if err := t.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: i.Candidate, SDPMid: i.SDPMid, SDPMLineIndex: i.SDPMLineIndex}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *talk) answer(s kontakt.Signal) error {
	if s.Peer != t.peer || t.pc == nil {
		t.drop()
		t.peer = s.Peer
		if err := t.connect(s.Peer); err != nil {
			return err
		}
	}
	if err := t.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: s.SDP}); err != nil {
		return err
	}
	answer, err := t.pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := t.pc.SetLocalDescription(answer); err != nil {
		return err
	}
	t.out(kontakt.Signal{Kind: kontakt.SignalAnswer, Peer: s.Peer, SDP: answer.SDP})
	t.tell()
	return nil
}

// tell says what of it can be seen.
func (t *talk) tell() {
	no, rung := false, kontakt.RungFull
	if !t.path.shows() {
		rung = kontakt.RungSound
	}
	t.out(kontakt.Signal{Kind: kontakt.SignalState, Muted: &no, CameraOff: &no, Rung: rung})
}

// connect makes a connection that sends.
func (t *talk) connect(peer string) error {
	m, r := &webrtc.MediaEngine{}, &interceptor.Registry{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return err
	}
	if err := webrtc.RegisterDefaultInterceptors(m, r); err != nil {
		return err
	}
	s := webrtc.SettingEngine{LoggerFactory: t.quiet}
	s.SetIncludeLoopbackCandidate(true)
	s.SetICEUDPMux(t.mux)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetICETimeouts(5*time.Second, time.Minute, 500*time.Millisecond)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	t.pc, t.stop = pc, stop
	pc.OnICECandidate(func(i *webrtc.ICECandidate) {
		if i == nil {
			return
		}
		j := i.ToJSON()
		t.out(kontakt.Signal{Kind: kontakt.SignalCandidates, Peer: peer, Candidates: []kontakt.Candidate{
			{Candidate: j.Candidate, SDPMid: j.SDPMid, SDPMLineIndex: j.SDPMLineIndex},
		}})
	})
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		t.work.Go(func() {
			for {
				if _, _, err := track.ReadRTP(); err != nil {
					return
				}
			}
		})
	})
	return t.send(ctx, pc)
}

// send begins to show and to speak.
func (t *talk) send(ctx context.Context, pc *webrtc.PeerConnection) error {
	video, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90_000}, "picture", "drill")
	if err != nil {
		return err
	}
	audio, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2}, "voice", "drill")
	if err != nil {
		return err
	}
	pictures, err := codec.NewVP8Encoder(codec.VP8Config{Width: width, Height: height, FPS: perSecond, Rate: pictureRate})
	if err != nil {
		return err
	}
	sounds, err := codec.NewOpusEncoder(codec.OpusConfig{Rate: soundRate})
	if err != nil {
		_ = pictures.Close()
		return err
	}
	for _, track := range []webrtc.TrackLocal{audio, video} {
		sender, err := pc.AddTrack(track)
		if err != nil {
			_ = pictures.Close()
			_ = sounds.Close()
			return err
		}
		t.work.Go(func() {
			for {
				packets, _, err := sender.ReadRTCP()
				if err != nil {
					return
				}
				for _, p := range packets {
					if asksForKey(p) {
						pictures.RequestKey()
					}
				}
			}
		})
	}
	t.work.Go(func() { defer pictures.Close(); t.show(ctx, pictures, video) })
	t.work.Go(func() { defer sounds.Close(); t.speak(ctx, sounds, audio) })
	return nil
}

func (t *talk) show(ctx context.Context, e media.VideoEncoder, track *webrtc.TrackLocalStaticSample) {
	var pool media.FramePool
	tick := time.NewTicker(time.Second / perSecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !t.path.shows() {
			continue
		}
		f := pool.Get(width, height)
		f.Time = media.Now()
		draw(f, n, t.loud.Load() > audible)
		au, err := e.Encode(ctx, f)
		f.Release()
		if err == nil && len(au.Data) > 0 {
			_ = track.WriteSample(pionmedia.Sample{Data: au.Data, Duration: time.Second / perSecond})
		}
	}
}

// audible is the mean amplitude from which on the mouth is open.
const audible = 600

// breath lies between two times that the voice says what it says.
const breath = 3 * media.SampleRate / 2

func (t *talk) speak(ctx context.Context, e media.AudioEncoder, track *webrtc.TrackLocalStaticSample) {
	tick := time.NewTicker(media.PieceDuration)
	defer tick.Stop()
	pcm := make([]int16, media.SamplesPerPiece)
	for at := 0; ; at = (at + len(pcm)) % (len(t.voice) + breath) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		clear(pcm)
		if at < len(t.voice) {
			copy(pcm, t.voice[at:])
		}
		var sum int64
		for _, v := range pcm {
			sum += max(int64(v), -int64(v))
		}
		t.loud.Store(sum / int64(len(pcm)))
		if p, err := e.Encode(ctx, pcm); err == nil {
			_ = track.WriteSample(pionmedia.Sample{Data: p, Duration: media.PieceDuration})
		}
	}
}

// drop ends the connection.
func (t *talk) drop() {
	if t.pc == nil {
		return
	}
	t.stop()
	_ = t.pc.GracefulClose()
	t.work.Wait()
	t.pc = nil
}
