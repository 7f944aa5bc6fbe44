package app

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Ports are what the machine works with. Now, Sleep, NewKey, Log and Trace may be left out.
type Ports struct {
	Tablet    Tablet
	Signins   Signins
	Line      Line
	Calls     Calls
	Guests    Guests
	Cards     Cards
	Orders    Orders
	Rounds    Rounds
	Summaries Summaries
	Records   Records
	Stream    Stream
	Handovers Handovers
	Scanner   Scanner
	Phone     Phone
	Browser   Browser
	Ringer    Ringer
	Voice     Voice // nil: the tablet has none
	Memory    Memory
	Dialer    Dialer

	Now    func() time.Time                           // the tablet's clock
	Sleep  func(context.Context, time.Duration) error // ends early with ctx
	NewKey func() string                              // a fresh idempotency key
	Log    *slog.Logger
	Trace  func(step string) // told how far the start of a call has come; must not wait
}

// Machine holds the state. One goroutine steps it; effects run beside it and come back as events. An effect lives no
// longer than what it was started for (see course), and an answer that comes after that is dropped.
type Machine struct {
	ports Ports

	mu    sync.Mutex
	inbox []letter
	state State
	held  *heldCall // or the one that was held last
	ready relayAt   // what the next call was made ready with

	watching sync.Mutex // held while watchers are called, so that each sees the states in order
	watchers map[int]func(State)
	watched  int // watchers ever added

	root   context.Context // of Run: what ends with it has not been given up
	notes  notes
	unsent unsent

	guard   Guard
	quit    func()
	touched time.Time // by a person, last

	wake  chan struct{}
	work  sync.WaitGroup
	lives map[string]life // owned by Run's goroutine
	lanes lanes
}

// letter is an event and the life of the effect that sent it; nil for taps and the stream.
type letter struct {
	event Event
	from  context.Context
}

type life struct {
	ctx context.Context
	end context.CancelFunc
}

// NewMachine gives a machine that stands still until Run.
func NewMachine(p Ports) *Machine {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Sleep == nil {
		p.Sleep = sleep
	}
	if p.NewKey == nil {
		p.NewKey = kontakt.NewSecret
	}
	if p.Log == nil {
		p.Log = slog.Default()
	}
	if p.Voice == nil {
		p.Voice = noVoice{}
	}
	if p.Trace == nil {
		p.Trace = func(string) {}
	}
	kept := notes{memory: p.Memory, log: p.Log}
	return &Machine{
		ports: p, state: First(), watchers: map[int]func(State){}, root: context.Background(),
		wake: make(chan struct{}, 1), lives: map[string]life{}, held: newHeldCall(""), quit: func() {}, touched: p.Now(),
		notes: kept, unsent: unsent{notes: kept, now: p.Now},
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Send gives the machine an event. It never waits and may be called from anywhere.
func (m *Machine) Send(e Event) {
	switch tap := e.(type) {
	case TapJoin:
		if tap.Key == "" {
			tap.Key = m.ports.NewKey()
			e = tap
		}
	case TapTakeOver:
		if tap.Key == "" {
			tap.Key = m.ports.NewKey()
			e = tap
		}
	case TapHandOver:
		if tap.Key == "" {
			e = TapHandOver{m.ports.NewKey()}
		}
	case TapAccept:
		if tap.Key == "" {
			tap.Key = m.ports.NewKey()
			e = tap
		}
	case TapInviteKind:
		if tap.Key == "" {
			tap.Key = m.ports.NewKey()
			e = tap
		}
	case TapOrderSend:
		if tap.Key == "" {
			e = TapOrderSend{m.ports.NewKey()}
		}
	case TapOrderAgain:
		if tap.Key == "" {
			e = TapOrderAgain{tap.Ref, m.ports.NewKey()}
		}
	case TapEndYes:
		if tap.At.IsZero() {
			e = TapEndYes{m.ports.Now()}
		}
	case TapWithdraw:
		if tap.At.IsZero() {
			e = TapWithdraw{m.ports.Now()}
		}
	case TapPlanLater:
		if tap.At.IsZero() {
			e = TapPlanLater{m.ports.Now()}
		}
	case TapPlanEarlier:
		if tap.At.IsZero() {
			e = TapPlanEarlier{m.ports.Now()}
		}
	}
	m.post(letter{event: e})
}

func (m *Machine) post(l letter) {
	m.mu.Lock()
	m.inbox = append(m.inbox, l)
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default: // it is awake already
	}
}

// State gives the state now.
func (m *Machine) State() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

// Subscribe calls show with the state now and after each change, in order and one at a time. show must not wait, and
// must not subscribe.
func (m *Machine) Subscribe(show func(State)) (stop func()) {
	m.watching.Lock()
	defer m.watching.Unlock()
	id := m.watched
	m.watched++
	m.watchers[id] = show
	show(m.State())
	return func() {
		m.watching.Lock()
		defer m.watching.Unlock()
		delete(m.watchers, id)
	}
}

// Run works until ctx ends and everything that it started has ended. It is called once.
func (m *Machine) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	m.root = ctx
	m.work.Go(func() { m.ports.Stream.Run(ctx, m.Send) })
	m.Send(Launched{Settings: m.notes.settings(), Said: m.notes.said(), Voices: m.voices(), Lock: m.notes.lock(), Guard: m.guard})
	for ctx.Err() == nil {
		select {
		case <-m.wake:
			for _, l := range m.letters() {
				m.step(ctx, l)
			}
		case <-ctx.Done():
		}
	}
	cancel()
	m.work.Wait()
	m.ports.Ringer.Ring(false)
	m.ports.Phone.HangUp()
}

// voices gives the languages that can be read aloud.
func (m *Machine) voices() []string {
	return slices.DeleteFunc(slices.Clone(Languages), func(l string) bool { return !m.ports.Voice.Speaks(l) })
}

func (m *Machine) letters() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.inbox
	m.inbox = nil
	return all
}

func (m *Machine) step(ctx context.Context, l letter) {
	if l.from != nil && l.from.Err() != nil {
		return // what asked for this is over
	}
	shown := m.State()
	next, effects := Step(shown, l.event)
	m.trace(l.event, shown, next)
	if !reflect.DeepEqual(shown, next) {
		m.show(next)
	}
	alive := livesOf(next)
	for name, l := range m.lives {
		if !alive[name] {
			l.end()
			delete(m.lives, name)
		}
	}
	for _, e := range effects {
		m.start(ctx, next, e)
	}
}

func (m *Machine) show(s State) {
	m.mu.Lock()
	m.state = s
	m.mu.Unlock()
	m.watching.Lock()
	defer m.watching.Unlock()
	for _, show := range m.watchers {
		show(s)
	}
}

// start runs an effect on its lane, or at once where it has none.
func (m *Machine) start(ctx context.Context, shown State, e Effect) {
	c := e.course(shown)
	if c.life != wholeRun {
		if !livesOf(shown)[c.life] {
			return
		}
		l, ok := m.lives[c.life]
		if !ok {
			l.ctx, l.end = context.WithCancel(ctx)
			m.lives[c.life] = l
		}
		ctx = l.ctx
	}
	run := func() {
		if ctx.Err() == nil {
			e.do(ctx, m)
		}
	}
	if c.lane == "" {
		m.work.Go(run)
		return
	}
	if m.lanes.add(c.lane, c.replaces, run) {
		m.work.Go(func() { m.lanes.work(c.lane) })
	}
}

// tell sends the answer of an effect, unless what asked for it is over.
func (m *Machine) tell(ctx context.Context, e Event) {
	if ctx.Err() == nil {
		m.post(letter{event: e, from: ctx})
	}
}
