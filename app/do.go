package app

import (
	"context"
	"errors"
	"time"

	"kontaktlaege/internal/kontakt"
)

// How long an effect may take in the eyes of the person who waits for it; the port retries within that.
const (
	patience      = 20 * time.Second // for an answer to a tap
	joinPatience  = 3 * time.Minute  // for a number: the same join again and again, until the nurse turns back
	relayPatience = 4 * time.Second  // for credentials: a direct way may do without
	leavePatience = 5 * time.Second  // for the backend to hear of a sign-out
)

// Pauses of the machine's own retries.
const (
	redialPause = time.Second
	toldPause   = 5 * time.Second
)

// do runs one effect and tells its answer.
func (m *Machine) do(ctx context.Context, e Effect) {
	switch e := e.(type) {
	case Start:
		m.tell(ctx, m.open(ctx))
	case Enroll:
		m.tell(ctx, Enrolled{m.failure(e, within(ctx, patience, func(ctx context.Context) error {
			return m.ports.Tablet.Enrol(ctx, e.Code)
		}))})
	case BeginSignIn:
		m.beginSignIn(ctx)
	case CancelSignIn:
		m.failure(e, within(ctx, patience, func(ctx context.Context) error { return m.ports.Signins.CancelSignIn(ctx, e.Signin) }))
	case FinishSignIn:
		m.tell(ctx, m.finishSignIn(ctx, e))
	case SignOut:
		m.failure(e, within(ctx, leavePatience, m.ports.Signins.SignOut))
	case OpenBrowser:
		if m.failure(e, m.ports.Browser.Open(ctx, e.URL)).Failed() {
			m.tell(ctx, BrowserFailed{Sentence{Key: kontakt.MsgLoginNoBrowser}})
		}
	case Find:
		m.find(ctx, e)
	case FetchClinics:
		m.clinics(ctx)
	case Join:
		m.join(ctx, e)
	case Read:
		m.read(ctx, e)
	case FetchPlace:
		entry, err := m.ports.Line.Entry(ctx, e.ID)
		m.tell(ctx, PlaceFetched{ID: e.ID, Entry: entry, At: m.ports.Now(), Failure: m.failure(e, err)})
	case FetchHeld:
		held, err := m.ports.Line.Held(ctx)
		m.tell(ctx, HeldFetched{Held: held, At: m.ports.Now(), Failure: m.failure(e, err)})
	case Move:
		m.move(ctx, e)
	case CheckDevices:
		m.check(ctx)
	case Warm:
		m.warm(ctx)
	case Talk:
		m.talk(ctx, e.Call)
	case Answered:
		m.answered(e.Call)
	case HangUp:
		m.ports.Phone.HangUp()
	case PassSignal:
		if !m.passSignal(e) {
			m.ports.Log.Warn("signal dropped", "call", e.Call, "kind", e.Signal.Kind)
		}
	case SetControls:
		m.ports.Phone.Set(e.Controls)
	case TellMedia:
		m.failure(e, m.ports.Calls.TellMedia(ctx, e.Call, e.Live))
	case Ring:
		m.ports.Ringer.Ring(e.On)
	case Chime:
		m.ports.Ringer.Chime()
	case SayLate:
		m.keepSaid(e.Word)
		m.ports.Ringer.SayLate(e.Language, e.Word.By)
	case Follow:
		m.ports.Stream.Follow(e.At)
	case SaveSettings:
		m.saveSettings(e.Settings)
	case After:
		if m.ports.Sleep(ctx, e.Delay) == nil {
			m.tell(ctx, e.Then)
		}
	default:
		m.doTalk(ctx, e)
	}
}

func within(ctx context.Context, limit time.Duration, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return f(ctx)
}

// failure logs an effect's failure, by kind and never by its contents, and gives it to the step.
func (m *Machine) failure(e Effect, err error) Failure {
	f := FailureOf(err)
	if f.Failed() && !errors.Is(err, context.Canceled) { // whoever asked has left
		m.ports.Log.Warn("effect failed", "effect", nameOf(e), "kind", f.Kind, "err", err)
	}
	return f
}

// open finds out what this tablet is in the middle of.
func (m *Machine) open(ctx context.Context) Event {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	failed := func(err error) Event { return Started{Failure: m.failure(Start{}, err)} }

	enrolled, err := m.ports.Tablet.Enrolled(ctx)
	switch {
	case kontakt.KindOf(err) == kontakt.Gone:
		return NotEnrolled{m.failure(Start{}, err).Say}
	case err != nil:
		return failed(err)
	case !enrolled:
		return NotEnrolled{}
	}
	device, rooms, err := m.ports.Tablet.Open(ctx)
	if msg, _ := kontakt.MsgOf(err); msg == kontakt.MsgEnrolUnknown {
		return NotEnrolled{m.failure(Start{}, err).Say}
	} else if err != nil {
		return failed(err)
	}
	employee, err := m.ports.Tablet.Employee(ctx)
	if err != nil && kontakt.KindOf(err) != kontakt.Unauthenticated {
		return failed(err)
	}
	unsent, err := m.sendUnsent(ctx, employee.ID)
	if err != nil {
		return failed(err)
	}
	held, err := m.ports.Line.Held(ctx)
	if err != nil {
		return failed(err)
	}
	if unsent != nil && mostUrgent(held) != nil {
		m.unsent.remove(unsent.Key) // it was heard, or the nurse is in the middle of something else
		unsent = nil
	}
	return Started{Device: device, Rooms: rooms, Employee: employee, Held: held, Unsent: unsent, At: m.ports.Now()}
}

func (m *Machine) beginSignIn(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id, url, expiresIn, err := m.ports.Signins.BeginSignIn(limited)
	m.tell(ctx, SigninBegun{Signin: id, URL: url, ExpiresIn: expiresIn, Failure: m.failure(BeginSignIn{}, err)})
}

// finishSignIn opens the session and fetches what it goes on with; a session that can't is closed again.
func (m *Machine) finishSignIn(ctx context.Context, e FinishSignIn) Event {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	employee, err := m.ports.Signins.FinishSignIn(limited, e.Signin, e.Code)
	if err != nil {
		return SignedInAs{Failure: m.failure(e, err)}
	}
	held, err := m.ports.Line.Held(limited)
	if err != nil {
		m.failure(SignOut{}, within(ctx, leavePatience, m.ports.Signins.SignOut))
		return SignedInAs{Failure: m.failure(e, err)}
	}
	return SignedInAs{Employee: employee, Held: held, At: m.ports.Now()}
}

func (m *Machine) find(ctx context.Context, e Find) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	citizen, err := m.ports.Line.Lookup(limited, e.CPR, e.Clinic)
	m.tell(ctx, CitizenFound{Citizen: citizen, Failure: m.failure(e, err)})
}

func (m *Machine) clinics(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := m.ports.Line.Clinics(limited)
	m.tell(ctx, ClinicsFetched{Clinics: all, Failure: m.failure(FetchClinics{}, err)})
}

func (m *Machine) join(ctx context.Context, e Join) {
	limited, cancel := context.WithTimeout(ctx, joinPatience)
	defer cancel()
	m.unsent.add(errand{Key: e.Key, By: m.State().Employee.ID, Join: &e.Join})
	entry, err := m.ports.Line.Join(limited, e.Join, e.Key)
	m.sent(e.Key)
	m.tell(ctx, Joined{Entry: entry, At: m.ports.Now(), Failure: m.failure(e, err)})
}

// move asks for a move under one key, however often it is asked. The end of a call is asked for until there is an
// answer: the nurse has left that screen, and the clinic must not go on waiting.
func (m *Machine) move(ctx context.Context, e Move) {
	key := m.ports.NewKey()
	move := func() (kontakt.Entry, error) { return m.ports.Line.Move(ctx, e.ID, e.Move, e.Reason, key) }
	if e.Move == kontakt.MoveEnd || e.Move == kontakt.MoveLeave {
		m.unsent.add(errand{Key: key, Entry: e.ID, Move: e.Move, Reason: e.Reason})
		defer m.sent(key)
	}
	entry, err := move()
	if e.Move == kontakt.MoveEnd {
		entry, err = m.untilTold(ctx, entry, err, move)
	}
	m.tell(ctx, Moved{ID: e.ID, Move: e.Move, Entry: entry, At: m.ports.Now(), Failure: m.failure(e, err)})
}

// read tells that messages were read, until there is an answer.
func (m *Machine) read(ctx context.Context, e Read) {
	key := m.ports.NewKey()
	m.unsent.add(errand{Key: key, Entry: e.ID, Read: e.Messages})
	defer m.sent(key)
	read := func() (kontakt.Entry, error) { return m.ports.Line.Read(ctx, e.ID, e.Messages, key) }
	entry, err := read()
	entry, err = m.untilTold(ctx, entry, err, read)
	if !m.failure(e, err).Failed() { // else it stays as it is shown: a place is not lost with a mark
		m.tell(ctx, PlaceFetched{ID: e.ID, Entry: entry, At: m.ports.Now()})
	}
}

// untilTold asks again for as long as the answer may become another.
func (m *Machine) untilTold(ctx context.Context, entry kontakt.Entry, err error, again func() (kontakt.Entry, error)) (kontakt.Entry, error) {
	for kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil {
		entry, err = again()
	}
	return entry, err
}

// relay gives credentials, or none: then the direct way has to do.
func (m *Machine) relay(ctx context.Context) kontakt.Relay {
	relay, err := m.tryRelay(ctx)
	if err != nil {
		m.failure(Talk{}, err)
	}
	return relay
}

func (m *Machine) tryRelay(ctx context.Context) (relay kontakt.Relay, err error) {
	err = within(ctx, relayPatience, func(ctx context.Context) error {
		relay, err = m.ports.Calls.Relay(ctx)
		return err
	})
	return relay, err
}

func (m *Machine) check(ctx context.Context) {
	relay, relayErr := m.tryRelay(ctx)
	noRelay := m.failure(CheckDevices{}, relayErr)
	err := m.ports.Phone.Check(ctx, relay, func(r CheckReport) {
		if noRelay.Failed() {
			r.Network = CheckItem{State: CheckBad, Problem: noRelay.Say}
			r.Relay = CheckItem{State: CheckBad, Problem: Sentence{Key: kontakt.MsgRelayUnreachable}}
		}
		m.tell(ctx, CheckReported{r})
	})
	if ctx.Err() == nil {
		m.failure(CheckDevices{}, err)
	}
}

func (m *Machine) warm(ctx context.Context) {
	relay := m.relay(ctx)
	if ctx.Err() != nil {
		return
	}
	m.mu.Lock()
	m.ready = relayAt{relay, m.ports.Now()}
	m.mu.Unlock()
	if f := m.failure(Warm{}, m.ports.Phone.Warm(ctx, relay)); f.Failed() {
		m.tell(ctx, WarmFailed{f.Say})
	}
}

// relayAt is credentials with the time at which they came.
type relayAt struct {
	kontakt.Relay
	at time.Time
}

// readyRelay gives, once, the credentials that the call was made ready with, where half of their time is left: whoever
// has pressed answer need not wait for others.
func (m *Machine) readyRelay() (kontakt.Relay, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.ready
	m.ready = relayAt{}
	lasts := r.ExpiresIn
	r.ExpiresIn -= m.ports.Now().Sub(r.at)
	return r.Relay, len(r.Servers) > 0 && r.ExpiresIn > lasts/2
}

// talk keeps a call up until its life ends: what breaks is offered again, with fresh credentials and a fresh Peer.
func (m *Machine) talk(ctx context.Context, call kontakt.CallID) {
	incoming := make(chan kontakt.Signal)
	signals, others, pickup := newSignalQueue(call), newOthersFeed(call), newPickup(call)
	m.mu.Lock()
	m.signals, m.others, m.pickup = signals, others, pickup
	answered := talks(m.state) == call
	m.mu.Unlock()
	if answered {
		pickup.give(func() {})
	}
	m.work.Go(func() { signals.pump(ctx, incoming) })
	setup := CallSetup{
		Incoming: incoming,
		Renew:    m.tryRelay,
		Send: func(ctx context.Context, s []kontakt.Signal) error {
			return m.ports.Calls.Signal(ctx, call, s, m.ports.NewKey())
		},
		Answered: pickup.given,
		Others:   others.list,
		Report:   func(st CallStatus) { m.tell(ctx, CallReported{Call: call, Status: st}) },
		Text:     func(from, text string) { m.tell(ctx, TextCame{Call: call, From: from, Text: text}) },
		Still:    func(c StillChange) { m.tell(ctx, StillChanged{Call: call, Change: c}) },
		Point: func(from, id string, x, y float64, on bool) {
			m.tell(ctx, PointerMoved{Call: call, ID: id, From: from, X: x, Y: y, On: on})
		},
	}
	var usable bool
	for setup.Relay, usable = m.readyRelay(); ctx.Err() == nil; usable = false {
		if !usable {
			setup.Relay = m.relay(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		setup.Controls = firstControls
		if screen, ok := m.State().Screen.(InCall); ok {
			setup.Controls = screen.Controls
			m.setOthers(call) // while it rings there are none to tell of
		}
		err := m.ports.Phone.Call(ctx, setup)
		if ctx.Err() != nil {
			return
		}
		f := m.failure(Talk{Call: call}, err)
		setup.Report(CallStatus{Media: MediaLost, Problem: f.Say})
		if m.ports.Sleep(ctx, redialPause) != nil {
			return
		}
	}
}

// passSignal gives a signal to the call that is held. One of another call is of no use any more.
func (m *Machine) passSignal(e PassSignal) bool {
	m.mu.Lock()
	signals := m.signals
	m.mu.Unlock()
	return signals.call != e.Call || signals.put(e.Signal)
}

// nameOf names an effect for the log. Its fields stay out of it: they may hold a CPR number.
func nameOf(e Effect) string {
	switch e := e.(type) {
	case Start:
		return "start"
	case Enroll:
		return "enrol"
	case BeginSignIn:
		return "begin sign-in"
	case CancelSignIn:
		return "cancel sign-in"
	case FinishSignIn:
		return "finish sign-in"
	case SignOut:
		return "sign out"
	case OpenBrowser:
		return "open browser"
	case Find:
		return "find"
	case FetchClinics:
		return "fetch clinics"
	case Join:
		return "join"
	case Read:
		return "read"
	case FetchPlace:
		return "fetch place"
	case FetchHeld:
		return "fetch held"
	case Move:
		return "move " + string(e.Move)
	case CheckDevices:
		return "check"
	case Warm:
		return "warm"
	case Talk:
		return "talk"
	case Answered:
		return "answered"
	case TellMedia:
		return "tell media"
	case InviteGuest:
		return "invite guest"
	case FetchGuests:
		return "fetch guests"
	case RemoveGuest:
		return "remove guest"
	case SetMode:
		return "set mode"
	case Type:
		return "type"
	}
	return "other"
}
