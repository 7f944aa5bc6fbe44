package call

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call/still"
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
	// Answered is closed when the tablet's end is answered. Before that, while it rings, the connection with the clinic is
	// made, and nothing is heard or seen through it at either end. nil: the call is answered already.
	Answered <-chan struct{}
	// Fresh leaves the warm connection aside: the tablet comes back in the middle of a call.
	Fresh bool
	// Others are the other participants in the order of offering, at each change. nil: the clinic alone.
	Others <-chan []string

	// These may be nil. They are called one at a time and must not wait.
	Text  func(from, t140 string) // real-time text of another (RFC 8865), as it comes
	Still func(still.Event)       // a still picture came, was asked for, is on its way, was dropped
	Point func(from string, p still.Pointer)
}

const (
	// maxRemotes is how many others there may be: each gets a connection of its own.
	maxRemotes = 3
	// levelPause lies between two looks at how loud everybody is.
	levelPause = 200 * time.Millisecond
)

// session is one call: it knows who takes part and hands each what is for it. One goroutine, run, owns it; others put into
// its inbox what they want done.
type session struct {
	phone   *Phone
	setup   Setup
	station *station
	hangUp  context.CancelFunc
	out     *outbox

	legs     []*leg // in the order of the participants
	running  sync.WaitGroup
	relay    kontakt.Relay // the newest
	held     bool          // it rings: nothing goes either way yet
	status   Status
	reported bool
	levels   levels

	controls Controls

	inbox   inbox         // what others have run do
	changed chan struct{} // a leg has something to report
	telling sync.Mutex    // around what the setup's functions beside Report are told
}

func newSession(p *Phone, st *station, setup Setup, c Controls, hangUp context.CancelFunc) *session {
	return &session{
		phone: p, setup: setup, station: st, hangUp: hangUp, out: newOutbox(p.cfg.Log, setup.Send), relay: setup.Relay,
		held: setup.Answered != nil, controls: c, inbox: newInbox(), changed: make(chan struct{}, 1),
	}
}

func (s *session) nudge() { signal(s.changed) }

// post has the session's goroutine do something.
func (s *session) post(do func()) {
	if !s.inbox.put(do) {
		s.phone.cfg.Log.Warn("call: more is asked of the call than it can do")
	}
}

func (s *session) networkChanged() {
	s.out.kick()
	s.post(func() { s.each((*leg).moved) })
}

func (s *session) set(c Controls) {
	s.post(func() {
		s.controls = c
		s.each(func(l *leg) { l.set(c) })
	})
}

// use has each leg look for its next path with other credentials.
func (s *session) use(relay kontakt.Relay) {
	s.post(func() {
		s.relay = relay
		s.each(func(l *leg) { l.use(relay) })
	})
}

// run is the call, from the first offer on; warm is a line to the clinic ready for it, or nil.
func (s *session) run(ctx context.Context, warm *line) error {
	sending, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { s.out.run(sending) })
	if s.setup.Renew != nil {
		wg.Go(func() { s.keepRelay(sending) })
	}
	defer func() {
		s.seat(ctx, nil, nil)
		s.running.Wait()
		stop()
		wg.Wait()
	}()
	s.seat(ctx, []string{kontakt.ParticipantClinic}, warm)
	second, quick := time.NewTicker(time.Second), time.NewTicker(levelPause)
	defer second.Stop()
	defer quick.Stop()
	incoming, others, answered := s.setup.Incoming, s.setup.Others, s.setup.Answered
	if s.held {
		others = nil // nobody else has to know of a call that is not answered
	}
	for {
		s.report()
		select {
		case <-ctx.Done():
			return nil
		case <-answered:
			answered, others = nil, s.setup.Others
			s.begin()
		case sig, ok := <-incoming:
			if !ok {
				incoming = nil
				continue
			}
			s.hear(sig)
		case ids, ok := <-others:
			if !ok {
				others = nil
				continue
			}
			s.seat(ctx, ids, nil)
		case <-s.out.through:
			s.each((*leg).through)
		case <-s.station.changed:
			s.each(func(l *leg) { l.tellState(false) })
		case <-s.inbox.wake:
			for _, do := range s.inbox.take() {
				do()
			}
		case <-s.changed:
		case <-quick.C:
			s.levels = s.hearken()
		case <-second.C:
			s.each((*leg).measure)
		}
	}
}

// begin lets sound and picture through: the call is answered. An offer that was refused while it rang, since another
// tablet held the place too, is made anew.
func (s *session) begin() {
	s.held, s.reported = false, false
	again := s.out.refused.Load()
	s.each(func(l *leg) { l.begin(again) })
}

// each has all legs do something, each in its own time.
func (s *session) each(do func(*leg)) {
	for _, l := range s.legs {
		l.post(func() { do(l) })
	}
}

// seat makes a leg for each participant that is new, and ends those of the ones that went.
func (s *session) seat(ctx context.Context, ids []string, warm *line) {
	before := s.legs
	s.legs = nil
	for _, id := range ids {
		if id == kontakt.ParticipantTablet || slices.ContainsFunc(s.legs, func(l *leg) bool { return l.id == id }) {
			continue
		}
		if len(s.legs) == maxRemotes {
			s.phone.cfg.Log.Warn("call: more participants than connections", "participants", len(ids))
			break
		}
		i := slices.IndexFunc(before, func(l *leg) bool { return l.id == id })
		if i >= 0 {
			s.legs = append(s.legs, before[i])
			continue
		}
		s.legs = append(s.legs, s.join(ctx, id, warm))
		warm = nil
	}
	for _, l := range before {
		if !slices.Contains(s.legs, l) {
			l.end()
		}
	}
}

func (s *session) join(ctx context.Context, id string, warm *line) *leg {
	l := newLeg(id, s)
	ctx, l.end = context.WithCancel(ctx)
	s.running.Go(func() { l.run(ctx, warm) })
	return l
}

// hear hands a signal to whom it concerns. One that comes without a sender is of nobody in this call.
func (s *session) hear(sig kontakt.Signal) {
	if sig.To != "" && sig.To != kontakt.ParticipantTablet {
		return
	}
	for _, l := range s.legs {
		if l.id == sig.From {
			l.post(func() { l.hear(sig) })
		}
	}
}

// levels are how loud everybody was lately.
type levels struct {
	own    float64
	remote [maxRemotes]float64
}

func (s *session) hearken() levels {
	steps := func(v float64) float64 { return math.Round(v*levelSteps) / levelSteps }
	l := levels{own: steps(s.station.microphoneLevel())}
	for i, g := range s.legs {
		l.remote[i] = steps(g.look().loudness())
	}
	return l
}

// levelSteps keep what wavers by less than anybody sees from being reported.
const levelSteps = 50

// report tells how the call stands, if it has changed.
func (s *session) report() {
	st := Status{
		Rung: kontakt.RungFull, Level: s.levels.own, Silent: s.station.dead.silent(),
		Zooms: s.station.lens.zooms.Load(), Torches: s.station.lens.torches.Load(),
		Camera: s.station.camera.trouble(), Microphone: s.station.microphone.trouble(), Loudspeaker: s.station.loudspeaker.trouble(),
	}
	for i, l := range s.legs {
		v := l.look()
		v.remote.Level = s.levels.remote[i]
		st.Remotes = append(st.Remotes, v.remote)
		if l.id == kontakt.ParticipantClinic {
			st.State, st.Path, st.Rung, st.Stats = v.remote.State, v.remote.Path, v.rung, v.stats
		}
	}
	if !s.reported || !st.Equal(s.status) {
		s.reported, s.status = true, st
		s.setup.Report(st)
	}
}
