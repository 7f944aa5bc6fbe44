package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"reflect"
	"strconv"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Ports are what the machine works with. Now, Sleep, NewKey, Log and Trace may be left out.
type Ports struct {
	Tablet  Tablet
	Signins Signins
	Line    Line
	Calls   Calls
	Guests  Guests
	Stream  Stream
	Phone   Phone
	Browser Browser
	Ringer  Ringer
	Memory  Memory

	Now    func() time.Time                           // the tablet's clock
	Sleep  func(context.Context, time.Duration) error // ends early with ctx
	NewKey func() string                              // a fresh idempotency key
	Log    *slog.Logger
	Trace  func(step string) // told how far the start of a call has come; must not wait
}

// Machine holds the state. One goroutine steps it; effects run beside it and come back as events. An effect lives no
// longer than what it was started for (see lifeOf), and an answer that comes after that is dropped.
type Machine struct {
	ports Ports

	mu      sync.Mutex
	inbox   []letter
	state   State
	signals *signalQueue // of the call that is held, or was last
	others  *othersFeed  // of the same call
	pickup  *pickup      // of the same call
	ready   relayAt      // what the next call was made ready with

	watching sync.Mutex // held while watchers are called, so that each sees the states in order
	watchers map[int]func(State)
	watched  int // watchers ever added

	root   context.Context // of Run: what ends with it has not been given up
	unsent unsent

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
	if p.Trace == nil {
		p.Trace = func(string) {}
	}
	return &Machine{
		ports: p, state: First(), watchers: map[int]func(State){}, root: context.Background(),
		wake: make(chan struct{}, 1), lives: map[string]life{}, signals: newSignalQueue(""), others: newOthersFeed(""), pickup: newPickup(""),
		unsent: unsent{memory: p.Memory, now: p.Now, log: p.Log},
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
			e = TapJoin{m.ports.NewKey()}
		}
	case TapTakeOver:
		if tap.Key == "" {
			e = TapTakeOver{Reason: tap.Reason, Key: m.ports.NewKey()}
		}
	case TapInviteKind:
		if tap.Key == "" {
			tap.Key = m.ports.NewKey()
			e = tap
		}
	case TapEndYes:
		if tap.At.IsZero() {
			e = TapEndYes{m.ports.Now()}
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
	m.Send(Launched{Settings: m.settings(), Said: m.said()})
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
	m.trace(l.event, screenLife(shown), screenLife(next))
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
func (m *Machine) start(ctx context.Context, s State, e Effect) {
	if name := lifeOf(s, e); name != wholeRun {
		if !livesOf(s)[name] {
			return
		}
		l, ok := m.lives[name]
		if !ok {
			l.ctx, l.end = context.WithCancel(ctx)
			m.lives[name] = l
		}
		ctx = l.ctx
	}
	run := func() {
		if ctx.Err() == nil {
			m.do(ctx, e)
		}
	}
	lane, replaces := laneOf(e)
	if lane == "" {
		m.work.Go(run)
		return
	}
	if m.lanes.add(lane, replaces, run) {
		m.work.Go(func() { m.lanes.work(lane) })
	}
}

// tell sends the answer of an effect, unless what asked for it is over.
func (m *Machine) tell(ctx context.Context, e Event) {
	if ctx.Err() == nil {
		m.post(letter{event: e, from: ctx})
	}
}

const settingsName = "settings"

// settings gives what was chosen on this tablet; what can't be read is not worth stopping for.
func (m *Machine) settings() Settings {
	s := DefaultSettings()
	data, err := m.ports.Memory.Load(settingsName)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		m.ports.Log.Warn("settings", "err", err)
		return DefaultSettings()
	}
	return s
}

func (m *Machine) saveSettings(s Settings) {
	data, err := json.Marshal(s)
	if err == nil {
		err = m.ports.Memory.Save(settingsName, data)
	}
	if err != nil {
		m.ports.Log.Warn("settings", "err", err)
	}
}

// wholeRun is the life of an effect that must be done whatever is shown next.
const wholeRun = ""

// livesOf names what is alive in a state: its screen, its place, what is made ready for a call, the call.
func livesOf(s State) map[string]bool {
	alive := map[string]bool{screenLife(s): true}
	for _, p := range []*Place{s.place(), s.removed} {
		if p != nil {
			alive["place/"+string(p.ID)] = true
		}
	}
	if id := warms(s); id != "" {
		alive["warm/"+string(id)] = true
	}
	if call := connects(s); call != "" {
		alive["call/"+string(call)] = true
	}
	return alive
}

func screenLife(s State) string {
	switch screen := s.Screen.(type) {
	case Starting:
		return "starting"
	case Enrol:
		return "enrol"
	case SignedOut:
		return "signed out"
	case SigningIn:
		return "signing in"
	case FindCitizen:
		return "find"
	case ChooseClinic:
		return "choose clinic"
	case ReadBack:
		return "read back"
	case Refused:
		return "refused"
	case Check:
		return "check/" + strconv.Itoa(screen.round)
	case Waiting:
		return "waiting"
	case Called:
		return "called"
	case InCall:
		return "in call"
	case Ended:
		return "ended"
	}
	return "none"
}

// lifeOf says how long an effect may live.
func lifeOf(s State, e Effect) string {
	switch e := e.(type) {
	case SignOut, CancelSignIn, HangUp, PassSignal, SetControls, TellMedia, Ring, Chime, SayLate, Follow, SaveSettings, Read,
		CloseStill, DropStill, PointAt:
		return wholeRun
	case Move:
		if e.Move == kontakt.MoveEnd {
			return wholeRun // the call is over on the tablet: the clinic has to learn it
		}
		return "place/" + string(e.ID)
	case FetchPlace:
		return "place/" + string(e.ID)
	case Warm:
		return "warm/" + string(e.Place)
	case Talk:
		return "call/" + string(e.Call)
	case Answered:
		return "call/" + string(e.Call)
	case SetOthers:
		return "call/" + string(e.Call)
	case Type:
		return "call/" + string(e.Call)
	case TakeStill:
		return "call/" + string(e.Call)
	case RemoveGuest:
		return "place/" + string(e.Place)
	case SetMode:
		return "place/" + string(e.Place)
	case After:
		switch then := e.Then.(type) {
		case RingAgain, RingOver, LateDue:
			return "place/" + string(s.place().ID)
		case RemovalOver:
			return "place/" + string(then.ID)
		}
	}
	return screenLife(s)
}

// laneOf says which effects wait for each other, and which take the place of their like that still wait.
func laneOf(e Effect) (lane string, replaces bool) {
	switch e := e.(type) {
	case CheckDevices, Warm, Talk, HangUp:
		return "phone", false
	case FinishSignIn, SignOut:
		return "session", false
	case FetchPlace:
		return "fetch/" + string(e.ID), true
	case SetControls:
		return "controls", true
	case TellMedia:
		return "media/" + string(e.Call), true
	case SaveSettings:
		return "settings", true
	case Follow:
		return "follow", true
	case Ring, Chime, SayLate:
		return "ring", false
	case Read:
		return "read/" + string(e.ID), false
	case PassSignal:
		return "signals", false
	case FetchGuests:
		return "guests/" + string(e.Place), true
	case SetMode:
		return "mode/" + string(e.Place), true
	case SetOthers:
		return "others", true
	case Type:
		return "type/" + string(e.Call), false
	case TakeStill, DeclineStill, CloseStill, DropStill:
		return "still", false
	case PointAt:
		return "point", true
	}
	return "", false
}
