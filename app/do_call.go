package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

// redialPause lies before a call that could not go on is made again.
const redialPause = time.Second

func (e CheckDevices) do(ctx context.Context, m *Machine) {
	relay, relayErr := m.tryRelay(ctx)
	noRelay := m.failure(e, relayErr)
	err := m.ports.Phone.Check(ctx, relay, func(r CheckReport) {
		if noRelay.Failed() {
			r.Network = CheckItem{State: CheckBad, Problem: noRelay.Say}
			r.Relay = CheckItem{State: CheckBad, Problem: Sentence{Key: kontakt.MsgRelayUnreachable}}
		}
		m.tell(ctx, CheckReported{r})
	})
	if ctx.Err() == nil {
		m.failure(e, err)
	}
}

func (e Warm) do(ctx context.Context, m *Machine) {
	relay := m.relay(ctx)
	if ctx.Err() != nil {
		return
	}
	m.mu.Lock()
	m.ready = relayAt{relay, m.ports.Now()}
	m.mu.Unlock()
	if f := m.failure(e, m.ports.Phone.Warm(ctx, relay)); f.Failed() {
		m.tell(ctx, WarmFailed{f.Say})
	}
}

// do keeps a call up until its life ends: what breaks is offered again, with fresh credentials and a fresh Peer.
func (e Talk) do(ctx context.Context, m *Machine) {
	held := m.hold(e.Call)
	setup := m.setup(ctx, held)
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
			m.tellOthers(held) // while it rings there are none to tell of
		}
		err := m.ports.Phone.Call(ctx, setup)
		if ctx.Err() != nil {
			return
		}
		setup.Report(CallStatus{Media: MediaLost, Problem: m.failure(e, err).Say})
		if m.ports.Sleep(ctx, redialPause) != nil {
			return
		}
	}
}

// setup ties the phone to the call that is held, but for relay and controls, which are of each try.
func (m *Machine) setup(ctx context.Context, held *heldCall) CallSetup {
	call, incoming := held.id, make(chan kontakt.Signal)
	m.work.Go(func() { held.signals.pump(ctx, incoming) })
	return CallSetup{
		Incoming: incoming,
		Renew:    m.tryRelay,
		Send: func(ctx context.Context, s []kontakt.Signal) error {
			return m.ports.Calls.Signal(ctx, call, s, m.ports.NewKey())
		},
		Answered: held.pickup.given,
		Others:   held.others.list,
		Report:   func(st CallStatus) { m.tell(ctx, CallReported{Call: call, Status: st}) },
		Text:     func(from, text string) { m.tell(ctx, TextCame{Call: call, From: from, Text: text}) },
		Still:    func(c StillChange) { m.tell(ctx, StillChanged{Call: call, Change: c}) },
		Point: func(from, id string, x, y float64, on bool) {
			m.tell(ctx, PointerMoved{Call: call, ID: id, From: from, X: x, Y: y, On: on})
		},
	}
}

// do lets the call through, with all who take part. One that begins after its answer has read that in the state.
func (e Answered) do(_ context.Context, m *Machine) {
	if held := m.holding(e.Call); held != nil {
		held.pickup.give(func() { m.tellOthers(held) })
	}
}

// do tells of the others. A call that begins later reads them in the state.
func (e SetOthers) do(_ context.Context, m *Machine) {
	if held := m.holding(e.Call); held != nil {
		m.tellOthers(held)
	}
}

func (e PassSignal) do(_ context.Context, m *Machine) {
	if held := m.holding(e.Call); held != nil && !held.signals.put(e.Signal) {
		m.ports.Log.Warn("signal dropped", "call", e.Call, "kind", e.Signal.Kind)
	}
}

func (HangUp) do(_ context.Context, m *Machine) { m.ports.Phone.HangUp() }

func (e SetControls) do(_ context.Context, m *Machine) { m.ports.Phone.Set(e.Controls) }

func (e TellMedia) do(ctx context.Context, m *Machine) {
	m.failure(e, m.ports.Calls.TellMedia(ctx, e.Call, e.Live))
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
