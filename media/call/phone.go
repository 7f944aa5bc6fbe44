// Package call is the tablet's phone: one WebRTC call at a time (RFC 8825), with a page in a clinic's browser and with up
// to two guests, each on a connection of its own (mesh), so that nobody between them sees or hears anything.
//
// A Phone has a station, the devices and encoders that are open from the ring on, and in a call a session. The session
// has a leg for each other participant: its negotiation, its recovery, what is told to it beside sound and picture. A leg
// has one line at a time, which is one life of a peer connection. What can be right without a connection stands in packages
// of its own, told the time: what a path carries (congestion), what of sound and picture goes through it (ladder), packets
// (packet), real-time text (text), still pictures (still), and how the relay is dialled (relaydial).
//
// Invariants: the tablet offers, always and to all. A line has an id of its own (the Peer of its signals); signals of
// another line than the current one change nothing. Legs know nothing of each other: who can't be reached keeps nobody
// waiting. A path that is gone is looked for until the call ends; while nobody can be told of another one the old one is
// left to come back by itself. What is written, shown or pointed at outlives lines: nothing is lost with one, and nothing
// comes twice. Of what others send only so much is kept as docs/protocol.md allows; who sends more is held up or refused.
// Sound overtakes pictures and stills, and nobody waits for a slow reader: pictures are replaced by newer ones, early, and
// counted. A device that is missing or goes away never ends a call; it is tried again until it works. What a call opened
// is closed when it ends, so that no camera lamp stays on. Each goroutine has one owner that waits for its end; each
// object of libvpx or libopus belongs to one goroutine; after warm-up the way of a picture or a sound allocates nothing.
package call

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
	"kontaktlaege/media/call/still"
	"kontaktlaege/media/call/text"
)

// Config is what a Phone is made of.
type Config struct {
	Log             *slog.Logger
	OpenCamera      func(ctx context.Context, index int) (media.VideoSource, error)
	Cameras         func() int
	OpenMicrophone  func(ctx context.Context) (media.AudioSource, error)
	OpenLoudspeaker func(ctx context.Context, fill func(pcm []int16)) (media.AudioSink, error)
	NewVideoEncoder func(rate int) (media.VideoEncoder, error)
	NewVideoDecoder func() (media.VideoDecoder, error)
	NewAudioEncoder func(rate int) (media.AudioEncoder, error)
	NewAudioDecoder func() (media.AudioDecoder, error)
	NewVoice        func() media.Voice // nil: sound goes as the microphone heard it

	// Self and Remote take over one reference to each picture of the own camera and of another participant. They must not wait.
	Self   func(*media.Frame)
	Remote func(participant string, f *media.Frame)

	RelayOnly       bool // never a direct path
	IncludeLoopback bool // candidates on loopback too: both ends on one machine

	// Trace is told how far the start of a call has come, from several goroutines; it must not wait. nil: nobody asks.
	Trace func(step string)

	// Proxy names the HTTP proxy by whose CONNECT an https address is reached, nil for none: the relay over TCP and TLS goes
	// through it. A nil Proxy asks the environment (HTTPS_PROXY, NO_PROXY).
	Proxy func(*url.URL) (*url.URL, error)

	// Zero means 1280×720 at 30 pictures a second, 1.2 Mbit/s at the start, 2.5 Mbit/s at most, sound of 32 kbit/s.
	MaxWidth, MaxHeight, FPS                int
	VideoStartRate, VideoMaxRate, AudioRate int
}

func (c Config) withDefaults() Config {
	if c.Trace == nil {
		c.Trace = func(string) {}
	}
	for _, d := range []struct {
		value *int
		or    int
	}{
		{&c.MaxWidth, 1280},
		{&c.MaxHeight, 720},
		{&c.FPS, 30},
		{&c.VideoStartRate, 1_200_000},
		{&c.VideoMaxRate, 2_500_000},
		{&c.AudioRate, 32_000},
	} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	return c
}

// Controls are what the nurse sets, before a call or in it. Nothing is negotiated for them.
type Controls struct {
	Muted     bool
	CameraOff bool
	Camera    int
	Volume    float64 // 0–1
	Zoom      float64 // 1 or 0: none
	Torch     bool
}

// ErrBusy is what a second Call at the same time gets, and ErrNoCall what belongs into a call and comes outside one.
var (
	ErrBusy   = errors.New("call: there is a call already")
	ErrNoCall = errors.New("call: there is no call")
)

// Phone makes calls. Its methods may be used from any goroutine.
type Phone struct {
	cfg Config

	mu       sync.Mutex
	closed   bool
	controls Controls
	station  *station // nil while cold
	warm     *line    // gathered and waiting for a call, or nil
	warmEnds time.Time
	session  *session // nil outside a call
	calls    sync.WaitGroup
}

// New makes a phone that has opened nothing yet.
func New(cfg Config) *Phone {
	return &Phone{cfg: cfg.withDefaults(), controls: Controls{Volume: 1}}
}

// powered gives the station, and starts it when it is cold.
func (p *Phone) powered() (*station, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, media.ErrClosed
	}
	if p.station == nil {
		s, err := newStation(&p.cfg, p.controls)
		if err != nil {
			return nil, err
		}
		p.station = s
	}
	return p.station, nil
}

// relayMargin is how long before its end a relay credential counts as too old for a new call.
const relayMargin = time.Minute

// Warm opens what a call needs and is not open, and gathers the candidates of a peer connection, so that Call has only
// to send the offer. It returns when all that stands; a missing device is no error. Call it again with a fresh relay
// before the last one expires.
func (p *Phone) Warm(ctx context.Context, relay kontakt.Relay) error {
	st, err := p.powered()
	if err != nil {
		return err
	}
	l, err := newLine(&p.cfg, kontakt.ParticipantClinic, relay, p.cfg.RelayOnly, st.pictures.nudge)
	if err != nil {
		return err
	}
	if err = l.offer(); err == nil {
		select {
		case <-l.gathered():
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err != nil {
		l.close()
		return err
	}
	p.mu.Lock()
	old := p.warm
	if p.closed || p.station != st || p.session != nil {
		old = l // too late: the phone went cold, or the call began without it
	} else {
		p.warm, p.warmEnds = l, time.Now().Add(relay.ExpiresIn-relayMargin)
	}
	p.mu.Unlock()
	if old != nil {
		old.close()
	}
	return nil
}

// takeWarm gives the warm line if it is still good, and none otherwise.
func (p *Phone) takeWarm(use bool) *line {
	p.mu.Lock()
	l, good := p.warm, use && time.Now().Before(p.warmEnds)
	p.warm = nil
	p.mu.Unlock()
	if l != nil && !good {
		l.close()
		l = nil
	}
	return l
}

// Cool closes the devices and gives the warm connection up: nobody is called any more. In a call it does nothing.
func (p *Phone) Cool() {
	p.mu.Lock()
	if p.session != nil {
		p.mu.Unlock()
		return
	}
	st, l := p.station, p.warm
	p.station, p.warm = nil, nil
	p.mu.Unlock()
	if l != nil {
		l.close()
	}
	if st != nil {
		st.close()
	}
}

// Call offers, and keeps the call until ctx ends or HangUp; both give nil. The devices are closed after it.
func (p *Phone) Call(ctx context.Context, setup Setup) error {
	st, err := p.powered()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := p.begin(st, setup, cancel)
	if err != nil {
		return err
	}
	defer p.calls.Done()
	err = s.run(ctx, p.takeWarm(!setup.Fresh))

	p.mu.Lock()
	p.session = nil
	p.mu.Unlock()
	p.Cool()
	return err
}

// begin makes the phone's one session.
func (p *Phone) begin(st *station, setup Setup, hangUp context.CancelFunc) (*session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return nil, media.ErrClosed
	case p.session != nil:
		return nil, ErrBusy
	}
	p.session = newSession(p, st, setup, p.controls, hangUp)
	p.calls.Add(1)
	return p.session, nil
}

// HangUp ends the running call.
func (p *Phone) HangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session != nil {
		p.session.hangUp()
	}
}

// NetworkChanged tells that the tablet has another network: the call looks for a path at once.
func (p *Phone) NetworkChanged() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session != nil {
		p.session.networkChanged()
	}
}

// Set applies the nurse's controls. It never waits.
func (p *Phone) Set(c Controls) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.controls = c
	if p.station != nil {
		p.station.set(c)
	}
	if p.session != nil {
		p.session.set(c)
	}
}

// Close ends everything and waits for its end.
func (p *Phone) Close() error {
	p.mu.Lock()
	p.closed = true
	if p.session != nil {
		p.session.hangUp()
	}
	p.mu.Unlock()
	p.calls.Wait()
	p.Cool()
	return nil
}

// Type sends real-time text to all: T.140, that is what was written, with U+0008 for each character taken back and U+2028
// for a new line. It is kept until the other side's channel took it, over new connections too.
func (p *Phone) Type(t140 string) error {
	t140, err := text.Typed(t140)
	if err != nil {
		return err
	}
	return p.toAll(func(l *leg) { l.text.Add(t140) })
}

// SendStill offers a still picture to all, and sends it to who takes it; it goes on after a break.
func (p *Phone) SendStill(offer still.Offer) error {
	return p.toAll(func(l *leg) { l.stills.Send(offer) })
}

// DeclineStill tells a participant who asked for one: not now.
func (p *Phone) DeclineStill(to string) {
	_ = p.toAll(func(l *leg) {
		if l.id == to {
			l.stills.Decline()
		}
	})
}

// DropStill has everybody forget it, whoever sent it.
func (p *Phone) DropStill(id string) {
	_ = p.toAll(func(l *leg) { l.stills.Drop(id) })
}

// Point shows all where on a still picture the nurse points, or that she does not any more.
func (p *Phone) Point(at still.Pointer) {
	_ = p.toAll(func(l *leg) { l.pointing.Set(at) })
}

// toAll has the legs of the call do something, and send what is due then.
func (p *Phone) toAll(do func(*leg)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session == nil {
		return ErrNoCall
	}
	return p.session.all(do)
}
