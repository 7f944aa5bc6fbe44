package call

import (
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call/congestion"
	"kontaktlaege/media/call/ladder"
	"kontaktlaege/media/call/relaydial"
)

const (
	maxEarly       = 256 // candidates kept until the answer comes
	reportInterval = time.Second
)

// line is one life of a peer connection. Its owner is the session (or nobody yet, while it is warm); pion's callbacks
// only note what happened and wake the owner.
type line struct {
	id        string // Peer of its signals
	to        string // the participant at its other end
	relayOnly bool
	made      time.Time
	pc        *webrtc.PeerConnection
	bwe       *congestion.Controller
	dial      *relaydial.Dialer

	video, audio             *outStream
	videoSender, audioSender *webrtc.RTPSender
	pictures                 *pictureIn
	sounds                   *soundIn
	beside                   *channels
	requestKey               func() // wakes who sends pictures: the other side wants a key frame

	wake chan struct{} // something below has changed

	mu         sync.Mutex
	candidates []kontakt.Candidate // found here, not told yet
	state      webrtc.PeerConnectionState

	early    []kontakt.Candidate // owner's: told by the other side before its answer
	stop     chan struct{}
	stopOnce sync.Once
	wg       sync.WaitGroup

	lossSent atomic.Uint32 // fraction lost of the sound, 1/256, as the other side reports it
	level    atomic.Uint64 // float bits: of the other side's last piece of sound
	sending  atomic.Pointer[kontakt.Rung]
	plan     atomic.Pointer[ladder.Plan] // of the sound that is sent
}

func newLine(cfg *Config, to string, relay kontakt.Relay, relayOnly bool, requestKey func()) (*line, error) {
	bwe := congestion.New(cfg.VideoStartRate+cfg.AudioRate, cfg.VideoMaxRate+4*cfg.AudioRate)
	dial := relaydial.New(cfg.Proxy, relay)
	from := newSources()
	api, err := newAPI(cfg, bwe, dial, from)
	if err != nil {
		dial.Close()
		return nil, errors.Join(err, bwe.Close())
	}
	pc, err := api.NewPeerConnection(configuration(relay, relayOnly))
	if err != nil {
		dial.Close()
		return nil, errors.Join(err, bwe.Close())
	}
	l := &line{
		id: rand.Text(), to: to, relayOnly: relayOnly, made: time.Now(), pc: pc, bwe: bwe, dial: dial, requestKey: requestKey,
		wake: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	var sound ladder.Sound
	l.plan.Store(sound.Update(bwe.Read(media.Now()).Carries, media.Now()))
	if err := l.prepare(cfg); err != nil {
		l.close()
		return nil, err
	}
	l.wg.Go(func() {
		select {
		case <-l.stop:
		case <-from.over:
			_ = l.pc.Close() // the leg makes another
		}
	})
	return l, nil
}

func (l *line) prepare(cfg *Config) (err error) {
	if l.pictures, err = newPictureIn(cfg, l.to, l.askForKey); err != nil {
		return err
	}
	if l.sounds, err = newSoundIn(cfg); err != nil {
		return err
	}
	if l.video, err = newOutStream(videoCodec, "video"); err != nil {
		return err
	}
	if l.audio, err = newOutStream(audioCodec, "audio"); err != nil {
		return err
	}
	if l.beside, err = newChannels(l.pc, l.stop, l.nudge); err != nil {
		return err
	}
	if l.audioSender, err = l.pc.AddTrack(l.audio.track); err != nil {
		return err
	}
	if l.videoSender, err = l.pc.AddTrack(l.video.track); err != nil {
		return err
	}
	l.pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c == nil {
			return
		}
		i := c.ToJSON()
		l.mu.Lock()
		l.candidates = append(l.candidates, kontakt.Candidate{Candidate: i.Candidate, SDPMid: i.SDPMid, SDPMLineIndex: i.SDPMLineIndex})
		l.mu.Unlock()
		l.nudge()
	})
	l.pc.OnICEConnectionStateChange(func(s webrtc.ICEConnectionState) {
		if s == webrtc.ICEConnectionStateConnected {
			cfg.Trace("path found (ICE)")
		}
	})
	l.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			cfg.Trace("connected (DTLS)")
		}
		l.mu.Lock()
		l.state = s
		l.mu.Unlock()
		l.nudge()
	})
	l.pc.SCTP().Transport().ICETransport().OnSelectedCandidatePairChange(func(*webrtc.ICECandidatePair) {
		l.bwe.Moved(media.Now())
	})
	l.pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
		if t.Kind() == webrtc.RTPCodecTypeVideo {
			l.wg.Go(func() { l.pictures.receive(t) })
		} else {
			l.wg.Go(func() { l.sounds.receive(t) })
		}
		l.wg.Go(func() { drain(r) })
	})
	l.wg.Go(func() { l.feedback(l.videoSender, true) })
	l.wg.Go(func() { l.feedback(l.audioSender, false) })
	l.wg.Go(l.report)
	return nil
}

func (l *line) nudge() {
	signal(l.wake)
}

// drain reads the other side's sender reports for the interceptors, which work in the read path.
func drain(r *webrtc.RTPReceiver) {
	buf := make([]byte, 1500)
	for {
		if _, _, err := r.Read(buf); err != nil {
			return
		}
	}
}

// use has the next gathering ask the relay with other credentials.
func (l *line) use(relay kontakt.Relay) error {
	l.dial.Learn(relay)
	return l.pc.SetConfiguration(configuration(relay, l.relayOnly))
}

// offer makes the description and starts to gather.
func (l *line) offer() error {
	d, err := l.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	return l.pc.SetLocalDescription(d)
}

// restart makes an offer with new ICE credentials on the running connection (RFC 8839 §4.4.1.1.1).
func (l *line) restart() error {
	d, err := l.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.candidates = nil // of the credentials that end
	l.mu.Unlock()
	return l.pc.SetLocalDescription(d)
}

// stable says that no offer waits for its answer.
func (l *line) stable() bool { return l.pc.SignalingState() == webrtc.SignalingStateStable }

func (l *line) gathered() <-chan struct{} { return webrtc.GatheringCompletePromise(l.pc) }

// description gives the offer with the candidates found so far, which then need no telling.
func (l *line) description() string {
	l.mu.Lock()
	l.candidates = nil
	l.mu.Unlock()
	return l.pc.LocalDescription().SDP
}

// found gives the candidates since the last time.
func (l *line) found() []kontakt.Candidate {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.candidates
	l.candidates = nil
	return c
}

func (l *line) connection() webrtc.PeerConnectionState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

// setRung is the sender of pictures', which says what it sends through this line.
func (l *line) setRung(r kontakt.Rung) {
	if l.rung() != r {
		l.sending.Store(&r)
		l.nudge()
	}
}

// rung says what is sent through this line.
func (l *line) rung() kontakt.Rung {
	if r := l.sending.Load(); r != nil {
		return *r
	}
	return kontakt.RungFull
}

func (l *line) connected() bool { return l.connection() == webrtc.PeerConnectionStateConnected }

// answer applies the other side's description, then the candidates that were too early.
func (l *line) answer(sdp string) error {
	if l.stable() {
		return nil // said twice
	}
	if err := l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		return err
	}
	early := l.early
	l.early = nil
	return l.add(early)
}

// add takes candidates of the other side; it keeps them while an answer is missing.
func (l *line) add(candidates []kontakt.Candidate) error {
	if !l.stable() {
		if room := maxEarly - len(l.early); len(candidates) > room {
			candidates = candidates[:room]
		}
		l.early = append(l.early, candidates...)
		return nil
	}
	var errs []error
	for _, c := range candidates {
		if c.Candidate == "" {
			continue // end of candidates
		}
		err := l.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// feedback reads what the other side reports about a stream of ours.
func (l *line) feedback(sender *webrtc.RTPSender, video bool) {
	buf := make([]byte, 1500)
	attributes := interceptor.Attributes{}
	for {
		n, a, err := sender.Read(buf)
		if err != nil {
			return
		}
		if a == nil {
			a = attributes
			clear(a)
		}
		packets, err := a.GetRTCPPackets(buf[:n])
		if err != nil {
			continue
		}
		for _, p := range packets {
			switch p := p.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				if video {
					l.requestKey()
				}
			case *rtcp.ReceiverReport:
				l.noteLoss(p.Reports)
			case *rtcp.SenderReport:
				l.noteLoss(p.Reports)
			}
		}
	}
}

func (l *line) noteLoss(reports []rtcp.ReceptionReport) {
	ssrc := l.audioSSRC()
	for _, r := range reports {
		if r.SSRC == ssrc {
			l.lossSent.Store(uint32(r.FractionLost))
		}
	}
}

func (l *line) audioSSRC() uint32 { return ssrcOf(l.audioSender) }
func (l *line) videoSSRC() uint32 { return ssrcOf(l.videoSender) }

func ssrcOf(s *webrtc.RTPSender) uint32 {
	if e := s.GetParameters().Encodings; len(e) > 0 {
		return uint32(e[0].SSRC)
	}
	return 0
}

// report sends sender reports (RFC 3550 §6.4.1). pion's own take the time of sending for the time of capture, which
// would put the picture behind the sound by as long as its encoder needs.
func (l *line) report() {
	tick := time.NewTicker(reportInterval)
	defer tick.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
		}
		if !l.connected() {
			continue
		}
		now, at := time.Now(), media.Now()
		for _, s := range []struct {
			ssrc   uint32
			stream *outStream
		}{{l.videoSSRC(), l.video}, {l.audioSSRC(), l.audio}} {
			if s.stream.packets.Load() == 0 {
				continue
			}
			// A path that is gone is ICE's to notice.
			_ = l.pc.WriteRTCP([]rtcp.Packet{&rtcp.SenderReport{
				SSRC: s.ssrc, NTPTime: ntp(now), RTPTime: s.stream.timestamp(at),
				PacketCount: s.stream.packets.Load(), OctetCount: s.stream.octets.Load(),
			}})
		}
	}
}

// askForKey asks the other side for a key frame.
func (l *line) askForKey(ssrc uint32) {
	_ = l.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}})
}

// path says how the media go. Before there is a connection pion's transport is being made, and must not be asked.
func (l *line) path() (Path, time.Duration) {
	transport := l.audioSender.Transport()
	if transport == nil || !l.connected() {
		return "", 0
	}
	pair, err := transport.ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return "", 0
	}
	var rtt time.Duration
	if s, ok := transport.ICETransport().GetSelectedCandidatePairStats(); ok {
		rtt = time.Duration(s.CurrentRoundTripTime * float64(time.Second))
	}
	if slices.Contains([]webrtc.ICECandidateType{pair.Local.Typ, pair.Remote.Typ}, webrtc.ICECandidateTypeRelay) {
		return PathRelay, rtt
	}
	return PathDirect, rtt
}

// close ends the connection and waits for its goroutines. It may be called twice.
func (l *line) close() {
	l.stopOnce.Do(func() { close(l.stop) })
	l.dial.Close()
	_ = l.pc.GracefulClose()
	l.wg.Wait()
	if l.pictures != nil {
		l.pictures.close()
	}
	if l.sounds != nil {
		l.sounds.close()
	}
}
