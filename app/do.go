package app

import (
	"context"
	"errors"
	"reflect"
	"time"
)

// How long an effect may take in the eyes of the person who waits for it; the port retries within that.
const (
	patience      = 20 * time.Second // for an answer to a tap
	joinPatience  = 3 * time.Minute  // for a number: the same join again and again, until the nurse turns back
	relayPatience = 4 * time.Second  // for credentials: a direct way may do without
	leavePatience = 5 * time.Second  // for the backend to hear of a sign-out
)

func within(ctx context.Context, limit time.Duration, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return f(ctx)
}

// failure logs an effect's failure, by kind and never by its contents, which may hold a CPR number, and gives it to the
// step.
func (m *Machine) failure(e Effect, err error) Failure {
	f := FailureOf(err)
	if f.Failed() && !errors.Is(err, context.Canceled) { // whoever asked has left
		m.ports.Log.Warn("effect failed", "effect", reflect.TypeOf(e).Name(), "kind", f.Kind, "err", err)
	}
	return f
}

func (e Ring) do(_ context.Context, m *Machine) { m.ports.Ringer.Ring(e.On) }

func (Chime) do(_ context.Context, m *Machine) { m.ports.Ringer.Chime() }

func (e SayLate) do(_ context.Context, m *Machine) {
	m.notes.write(saidName, e.Word)
	if e.Quiet {
		m.ports.Ringer.Chime()
		return
	}
	m.ports.Ringer.SayLate(e.Language, e.Word.By)
}

func (e Follow) do(_ context.Context, m *Machine) { m.ports.Stream.Follow(e.At) }

func (e SaveSettings) do(_ context.Context, m *Machine) { m.notes.write(SettingsNote, e.Settings) }

func (e After) do(ctx context.Context, m *Machine) {
	if m.ports.Sleep(ctx, e.Delay) == nil {
		m.tell(ctx, e.Then)
	}
}
