package call

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"kontaktlaege/internal/kontakt"
)

const (
	coalesce     = 100 * time.Millisecond // candidates are told together
	restartAfter = 2 * time.Second        // of a lost path: ICE restart
	relayAfter   = 6 * time.Second        // after that: over the relay only
	againAfter   = 8 * time.Second        // after that, in turn
	connectLimit = 8 * time.Second        // from the answer to a path
)

// Setup is what one call needs.
type Setup struct {
	Relay kontakt.Relay
	// Renew fetches credentials for the relay before the last ones expire; nil: these last for the call.
	Renew func(ctx context.Context) (kontakt.Relay, error)
	// Send tells the other side. One goroutine calls it, again with the same signals after an error that may pass.
	Send func(ctx context.Context, signals []kontakt.Signal) error
	// Incoming are the signals to the tablet, in order; old ones do no harm.
	Incoming <-chan kontakt.Signal
	// Report is called from one goroutine, on each change and once a second.
	Report func(Status)
	// Fresh leaves the warm connection aside: the tablet comes back in the middle of a call.
	Fresh bool
	// Others are the other participants in the order of offering, at each change. nil: the clinic alone.
	Others <-chan []string
	Text   func(from, t140 string) // real-time text of another (RFC 8865), as it comes
	Still  func(StillEvent)
	Point  func(from string, p Pointer)
}

// session is one call. One goroutine, run, owns all but what mu guards.
type session struct {
	phone   *Phone
	setup   Setup
	station *station
	hangUp  context.CancelFunc
	out     *outbox

	line     *line
	lines    sync.WaitGroup // those replaced, on their way to their end
	status   Status
	remote   Remote
	last     Status // as it was reported
	reported bool
	meter    meter
	told     kontakt.Signal // the state that the other side knows
	attempt  int            // tries to restore the path
	lived    bool           // the path has stood once
	rescue   *time.Timer
	flush    *time.Timer
	pending  []kontakt.Candidate

	moved  chan struct{} // the network has changed
	relays chan kontakt.Relay

	mu       sync.Mutex
	controls Controls
	turned   chan struct{} // controls have changed
}

func newSession(p *Phone, st *station, setup Setup, hangUp context.CancelFunc) *session {
	return &session{
		phone: p, setup: setup, station: st, hangUp: hangUp, out: newOutbox(p.cfg.Log, setup.Send),
		rescue: stoppedTimer(), flush: stoppedTimer(),
		moved: make(chan struct{}, 1), relays: make(chan kontakt.Relay), turned: make(chan struct{}, 1),
	}
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

func (s *session) networkChanged() {
	select {
	case s.moved <- struct{}{}:
	default:
	}
}

func (s *session) set(c Controls) {
	s.mu.Lock()
	s.controls = c
	s.mu.Unlock()
	select {
	case s.turned <- struct{}{}:
	default:
	}
}

// run is the call, from the first offer on; warm is a line ready for it, or nil.
func (s *session) run(ctx context.Context, warm *line) error {
	sending, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { s.out.run(sending) })
	if s.setup.Renew != nil {
		wg.Go(func() { s.keepRelay(sending) })
	}
	defer func() {
		stop()
		wg.Wait()
		s.rescue.Stop()
		s.flush.Stop()
		s.station.connect(s.line, nil)
		if s.line != nil {
			s.line.close()
		}
		s.lines.Wait()
	}()
	if err := s.begin(warm, s.phone.cfg.RelayOnly); err != nil {
		return err
	}
	s.tellState(true)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	incoming := s.setup.Incoming
	for {
		s.report()
		select {
		case <-ctx.Done():
			return nil
		case sig, ok := <-incoming:
			if !ok {
				incoming = nil
				continue
			}
			s.hear(sig)
		case <-s.line.wake:
			s.look()
		case <-s.flush.C:
			s.tellCandidates()
		case <-s.rescue.C:
			s.restore()
		case <-s.moved:
			s.attempt = 0
			if s.lived {
				s.restore()
			} else {
				s.renew(false)
			}
		case s.setup.Relay = <-s.relays:
			if err := s.line.use(s.setup.Relay); err != nil {
				s.phone.cfg.Log.Warn("call: new relay credentials not taken", "err", err)
			}
		case <-s.out.through:
			if s.lived && s.status.State != Live {
				s.attempt = 1 // what was gathered while the network was gone is worth little
				s.restore()
			}
		case <-s.turned:
			s.tellState(false)
		case <-s.station.changed:
			s.tellState(false)
		case <-second.C:
			s.status.Stats = s.meter.measure(s.station, s.line, s.status.Stats)
		}
	}
}

// renewPause lies between tries to get credentials that are missing.
const renewPause = 30 * time.Second

// keepRelay keeps the credentials for the relay fresh: a path that is lost after hours of talk is looked for with ones
// that the relay still takes.
func (s *session) keepRelay(ctx context.Context) {
	lasts := s.setup.Relay.ExpiresIn
	for {
		pause := lasts - relayMargin
		if pause <= 0 {
			pause = renewPause
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
		relay, err := s.setup.Renew(ctx)
		if err != nil {
			lasts = 0
			continue
		}
		lasts = relay.ExpiresIn
		select {
		case s.relays <- relay:
		case <-ctx.Done():
			return
		}
	}
}

// begin replaces the line and offers.
func (s *session) begin(l *line, relayOnly bool) error {
	if l == nil {
		var err error
		if l, err = newLine(&s.phone.cfg, kontakt.ParticipantClinic, s.setup.Relay, relayOnly || s.phone.cfg.RelayOnly, s.station.requestKey); err != nil {
			return err
		}
		if err = l.offer(); err != nil {
			l.close()
			return err
		}
	} else if len(s.setup.Relay.Servers) > 0 {
		if err := l.use(s.setup.Relay); err != nil { // what it was warmed with is older
			l.close()
			return err
		}
	}
	s.station.connect(s.line, l)
	if old := s.line; old != nil {
		s.out.forget(old.id)
		s.lines.Go(old.close)
	}
	s.line, s.pending = l, nil
	s.rescue.Stop()
	s.offer()
	return nil
}

// renew is begin where a failure must not end the call.
func (s *session) renew(relayOnly bool) {
	if err := s.begin(nil, relayOnly); err != nil {
		s.phone.cfg.Log.Warn("call: no new connection", "err", err)
		s.rescue.Reset(againAfter)
	}
}

func (s *session) offer() {
	s.pending = nil
	s.out.put(kontakt.Signal{Kind: kontakt.SignalOffer, Peer: s.line.id, SDP: s.line.description()})
}

// hear takes a signal of the other side.
func (s *session) hear(sig kontakt.Signal) {
	log := s.phone.cfg.Log
	switch {
	case sig.Kind == kontakt.SignalReady:
		s.renew(false)
		s.tellState(true)
	case sig.Kind == kontakt.SignalState:
		if sig.Muted != nil {
			s.remote.Muted = *sig.Muted
		}
		if sig.CameraOff != nil {
			s.remote.CameraOff = *sig.CameraOff
		}
	case sig.Peer != s.line.id:
		log.Debug("call: signal of a line that is over", "kind", sig.Kind)
	case sig.Kind == kontakt.SignalAnswer:
		if err := s.line.answer(sig.SDP); err != nil {
			log.Warn("call: answer not usable", "err", err)
			return
		}
		if !s.line.connected() {
			s.rescue.Reset(connectLimit)
		}
	case sig.Kind == kontakt.SignalCandidates:
		if err := s.line.add(sig.Candidates); err != nil {
			log.Info("call: candidate not usable", "err", err)
		}
	}
}

// look sees what the line has come to.
func (s *session) look() {
	if found := s.line.found(); len(found) > 0 {
		if len(s.pending) == 0 {
			s.flush.Reset(coalesce)
		}
		s.pending = append(s.pending, found...)
	}
	state := s.line.connection()
	switch {
	case state == webrtc.PeerConnectionStateConnected:
		if s.status.State != Live {
			s.status.State = Live
			s.station.requestKey()
		}
		s.lived, s.attempt = true, 0
		s.rescue.Stop()
	case s.status.State == Live && !stands(state):
		s.status.State, s.status.Path = Lost, ""
		s.rescue.Reset(restartAfter)
	}
}

// stands says whether a path in this state may come up or stay up by itself.
func stands(s webrtc.PeerConnectionState) bool {
	return s == webrtc.PeerConnectionStateConnected || s == webrtc.PeerConnectionStateConnecting || s == webrtc.PeerConnectionStateNew
}

// restore looks for a path again: by an ICE restart first, then by a new connection; over the relay alone where the
// other side has answered and yet no path came up.
func (s *session) restore() {
	s.attempt++
	state := s.line.connection()
	restartable := s.line.stable() && s.lived && state != webrtc.PeerConnectionStateClosed && state != webrtc.PeerConnectionStateNew
	if s.attempt == 1 && restartable {
		if err := s.line.restart(); err == nil {
			s.offer()
			s.rescue.Reset(relayAfter)
			return
		}
	}
	s.renew(s.line.stable() && !s.line.relayOnly && len(s.setup.Relay.Servers) > 0)
	if s.lived {
		s.rescue.Reset(againAfter)
	}
}

func (s *session) tellCandidates() {
	if len(s.pending) > 0 {
		s.out.put(kontakt.Signal{Kind: kontakt.SignalCandidates, Peer: s.line.id, Candidates: s.pending})
		s.pending = nil
	}
}

// tellState says what the other side can't hear or see, and why not matters not: a microphone that is missing is as
// silent as one that is muted.
func (s *session) tellState(again bool) {
	s.mu.Lock()
	c := s.controls
	s.mu.Unlock()
	muted := c.Muted || s.station.microphone.trouble() != nil
	off := c.CameraOff || s.station.camera.trouble() != nil
	if !again && s.told.Muted != nil && *s.told.Muted == muted && *s.told.CameraOff == off {
		return
	}
	s.told = kontakt.Signal{Kind: kontakt.SignalState, Muted: &muted, CameraOff: &off}
	s.out.put(s.told)
}

// report tells how the call stands, if it has changed.
func (s *session) report() {
	st := &s.status
	st.Camera, st.Microphone, st.Loudspeaker = s.station.camera.trouble(), s.station.microphone.trouble(), s.station.loudspeaker.trouble()
	if st.State == Live {
		st.Path, _ = s.line.path()
	}
	s.remote.ID, s.remote.State, s.remote.Path = kontakt.ParticipantClinic, st.State, st.Path
	s.remote.Width, s.remote.Height, s.remote.Level = st.Stats.Width, st.Stats.Height, math.Float64frombits(s.line.level.Load())
	st.Rung, st.Level, st.Remotes = s.line.rung(), s.station.microphoneLevel(), []Remote{s.remote}
	if !s.reported || !st.Equal(s.last) {
		s.reported, s.last = true, *st
		s.setup.Report(*st)
	}
}
