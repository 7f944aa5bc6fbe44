package call

import (
	"context"
	"log/slog"
	"math"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call/still"
	"kontaktlaege/media/call/text"
)

// leg is the way to one other participant, whatever becomes of its connections. Its goroutine, run, owns all but what mu
// guards, so that a participant who can't be reached keeps nobody else waiting.
type leg struct {
	id      string // the participant
	cfg     *Config
	setup   *Setup
	station *station
	out     *outbox
	log     *slog.Logger
	changed func() // something to report; must not wait
	tell    func(func())
	end     context.CancelFunc

	inbox inbox

	line      *line // nil while none could be made
	held      bool  // it rings: nothing of it is sent, heard or shown
	replaced  sync.WaitGroup
	relay     kontakt.Relay
	controls  Controls
	remote    Remote
	stats     Stats
	meter     meter
	told      kontakt.Signal // the state that the other side knows
	attempt   int            // tries to restore the path
	lived     bool           // the path has stood once
	left      bool           // the network that the line was made on has been left
	offeredAt time.Time
	welcomed  time.Time   // when the other side last was there anew
	again     *time.Timer // to welcome it once more
	pictured  time.Time   // when a picture came last, or none was to come
	rescue    *time.Timer
	flush     *time.Timer
	pending   []kontakt.Candidate

	text     text.Conversation
	stills   *still.Exchange
	pointing still.Pointing
	beat     *time.Timer // of what goes beside sound and picture

	mu    sync.Mutex
	shown view
}

// view is what others may know of a leg.
type view struct {
	remote Remote
	stats  Stats
	rung   kontakt.Rung
	line   *line
}

func newLeg(id string, s *session) *leg {
	l := &leg{
		id: id, cfg: &s.phone.cfg, setup: &s.setup, station: s.station, out: s.out, log: s.phone.cfg.Log, changed: s.nudge,
		inbox: newInbox(), tell: s.tell, relay: s.relay, controls: s.controls, remote: Remote{ID: id}, held: s.held,
		rescue: stoppedTimer(), flush: stoppedTimer(), beat: stoppedTimer(), again: stoppedTimer(),
	}
	l.stills = still.NewExchange(id, func(e still.Event) {
		if l.setup.Still != nil {
			l.tell(func() { l.setup.Still(e) })
		}
	})
	l.shown.remote = l.remote
	return l
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// post has the leg's goroutine do something.
func (l *leg) post(do func()) {
	if !l.inbox.put(do) {
		l.log.Warn("call: a participant sends more than can be read", "participant", l.id)
	}
}

// look gives what is known of it.
func (l *leg) look() view {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shown
}

func (l *leg) publish() {
	v := view{remote: l.remote, stats: l.stats, rung: kontakt.RungFull, line: l.line}
	if l.line != nil {
		v.rung = l.line.rung()
	}
	l.mu.Lock()
	same := v == l.shown
	l.shown = v
	l.mu.Unlock()
	if !same {
		l.changed()
	}
}

// loudness says how loud the other side is.
func (v view) loudness() float64 {
	if v.line == nil || v.remote.State != Live {
		return 0
	}
	return math.Float64frombits(v.line.level.Load())
}

// run keeps the way open until ctx ends; warm is a line ready for it, or nil.
func (l *leg) run(ctx context.Context, warm *line) {
	defer l.close()
	l.renewWith(warm, l.cfg.RelayOnly)
	l.tellState(true)
	for {
		l.publish()
		var woken chan struct{}
		var unread chan message
		if l.line != nil {
			woken, unread = l.line.wake, l.line.beside.unread
		}
		select {
		case <-ctx.Done():
			return
		case <-l.inbox.wake:
			for _, do := range l.inbox.take() {
				do()
			}
		case <-woken:
			l.follow()
			l.flushBeside()
		case m := <-unread:
			l.read(m)
		case <-l.beat.C:
			l.flushBeside()
		case <-l.flush.C:
			l.tellCandidates()
		case <-l.again.C:
			l.welcome()
		case <-l.rescue.C:
			l.restore()
		}
	}
}

func (l *leg) close() {
	l.rescue.Stop()
	l.again.Stop()
	l.flush.Stop()
	l.beat.Stop()
	l.stills.End()
	if l.line != nil {
		l.out.forget(l.line.id)
		l.station.connect(l.line, nil)
		l.line.close()
	}
	l.replaced.Wait()
}

// renew replaces the line and offers; where that fails it is tried again.
func (l *leg) renew(relayOnly bool) { l.renewWith(nil, relayOnly) }

func (l *leg) renewWith(warm *line, relayOnly bool) {
	next, err := l.prepare(warm, relayOnly)
	if err != nil {
		l.log.Warn("call: no new connection", "participant", l.id, "err", err)
		l.rescue.Reset(againAfter)
		return
	}
	if !l.held {
		l.station.connect(l.line, next)
	}
	if old := l.line; old != nil {
		l.out.forget(old.id)
		l.replaced.Go(old.close)
	}
	l.line = next
	l.rescue.Stop()
	l.offer()
}

// begin lets sound and picture through.
func (l *leg) begin(again bool) {
	l.held = false
	if again || l.line == nil {
		l.renew(false)
		l.tellState(true)
		return
	}
	l.station.connect(nil, l.line)
}

// prepare gives a line that has its offer: the warm one with the newest credentials, or one made now.
func (l *leg) prepare(warm *line, relayOnly bool) (*line, error) {
	var err error
	next := warm
	switch {
	case warm == nil:
		if next, err = newLine(l.cfg, l.id, l.relay, relayOnly || l.cfg.RelayOnly, l.station.pictures.nudge); err != nil {
			return nil, err
		}
		err = next.offer()
	case len(l.relay.Servers) > 0:
		err = next.use(l.relay)
	}
	if err != nil {
		next.close()
		return nil, err
	}
	return next, nil
}

func (l *leg) offer() {
	l.pending = nil
	l.offeredAt = time.Now()
	l.put(kontakt.Signal{Kind: kontakt.SignalOffer, Peer: l.line.id, SDP: l.line.description()})
	l.cfg.Trace("offer made")
}

func (l *leg) put(s kontakt.Signal) {
	s.To = l.id
	l.out.put(s)
}

// hear takes a signal of the other side.
func (l *leg) hear(sig kontakt.Signal) {
	switch {
	case sig.Kind == kontakt.SignalReady:
		l.again.Reset(max(renewApart-time.Since(l.welcomed), 0))
	case sig.Kind == kontakt.SignalState:
		l.noteState(sig)
	case l.line == nil || sig.Peer != l.line.id:
		l.log.Debug("call: signal of a line that is over", "kind", sig.Kind)
	case sig.Kind == kontakt.SignalAnswer:
		l.cfg.Trace("answer came")
		if err := l.line.answer(sig.SDP); err != nil {
			l.log.Warn("call: answer not usable", "err", err)
			return
		}
		l.log.Info("call: answered", "participant", l.id, "after", time.Since(l.offeredAt).Round(time.Millisecond))
		if !l.line.connected() {
			l.rescue.Reset(connectLimit)
		}
	case sig.Kind == kontakt.SignalCandidates:
		if err := l.line.add(sig.Candidates); err != nil {
			l.log.Info("call: candidate not usable", "err", err)
		}
	}
}

// renewApart is the least between two lines that the other side asks for: each costs a path to be looked for.
const renewApart = time.Second

// welcome makes a new line to somebody who is there anew.
func (l *leg) welcome() {
	l.welcomed = time.Now()
	l.renew(false)
	l.tellState(true)
}

func (l *leg) noteState(sig kontakt.Signal) {
	if sig.Muted != nil {
		l.remote.Muted = *sig.Muted
	}
	if sig.CameraOff != nil {
		l.remote.CameraOff = *sig.CameraOff
	}
	if sig.Rung != "" {
		l.remote.Rung = sig.Rung
	}
}

// set takes what the nurse has set.
func (l *leg) set(c Controls) {
	l.controls = c
	l.tellState(false)
}

func (l *leg) tellCandidates() {
	if len(l.pending) > 0 && l.line != nil {
		l.put(kontakt.Signal{Kind: kontakt.SignalCandidates, Peer: l.line.id, Candidates: l.pending})
		l.pending = nil
	}
}

// tellState says what the other side can't hear or see, and why not matters not: a microphone that is missing is as
// silent as one that is muted.
func (l *leg) tellState(again bool) {
	muted := l.controls.Muted || l.station.microphone.trouble() != nil
	off := l.controls.CameraOff || l.station.camera.trouble() != nil
	rung := kontakt.RungFull
	if l.line != nil {
		rung = l.line.rung()
	}
	if !again && l.told.Muted != nil && *l.told.Muted == muted && *l.told.CameraOff == off && l.told.Rung == rung {
		return
	}
	l.told = kontakt.Signal{Kind: kontakt.SignalState, Muted: &muted, CameraOff: &off, Rung: rung}
	l.put(l.told)
}

// frozenAfter is how long a picture that should move may stand still until that is said.
const frozenAfter = 2 * time.Second

// measure is done once a second.
func (l *leg) measure() {
	if l.line == nil {
		return
	}
	before := l.stats.FramesDecoded
	l.stats = l.meter.measure(l.station, l.line, l.stats)
	l.remote.Width, l.remote.Height = l.stats.Width, l.stats.Height
	now := time.Now()
	if l.stats.FramesDecoded != before || !l.awaitsPicture() {
		l.pictured = now
	}
	l.remote.Frozen = now.Sub(l.pictured) > frozenAfter
}

// awaitsPicture says whether the other side says that it sends one that moves.
func (l *leg) awaitsPicture() bool {
	return l.remote.Rung.Step().Moves && !l.held && l.line.connected() && !l.remote.CameraOff
}
