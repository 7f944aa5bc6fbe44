package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

// planPatience is how long a sign-in waits for the round: it is fetched again by itself, and what waits in a queue is more
// important.
const planPatience = 3 * time.Second

// firstRound gives the round that a session begins with, and when it was read; nil where nobody is signed in, or where it
// is not known yet.
func (m *Machine) firstRound(ctx context.Context, by kontakt.EmployeeID) (*kontakt.Round, time.Time) {
	if by == "" {
		return nil, m.ports.Now()
	}
	limited, cancel := context.WithTimeout(ctx, planPatience)
	defer cancel()
	round, err := m.ports.Rounds.Round(limited)
	at := m.ports.Now()
	if m.failure(FetchRound{}, err).Failed() {
		return nil, at
	}
	return &round, at
}

// do asks until there is an answer: the list on the screen may be an old one.
func (e FetchRound) do(ctx context.Context, m *Machine) {
	for {
		round, err := m.ports.Rounds.Round(ctx)
		at := m.ports.Now()
		if kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil {
			continue
		}
		m.tell(ctx, RoundFetched{By: e.By, Round: round, At: at, Failure: m.failure(e, err)})
		return
	}
}

func (e FetchMissed) do(ctx context.Context, m *Machine) {
	for {
		missed, err := m.ports.Rounds.MissedVisits(ctx)
		if kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil {
			continue
		}
		m.tell(ctx, MissedFetched{By: e.By, Missed: missed, Failure: m.failure(e, err)})
		return
	}
}

// changed tells what became of a change of the round.
func (m *Machine) changed(ctx context.Context, e Effect, by kontakt.EmployeeID, change func(context.Context) (kontakt.Round, []kontakt.RowFault, error)) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	round, faults, err := change(limited)
	m.tell(ctx, RoundFetched{By: by, Round: round, At: m.ports.Now(), Change: true, Faults: faults, Failure: m.failure(e, err)})
}

func (e AddVisit) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	m.changed(ctx, e, e.By, func(ctx context.Context) (kontakt.Round, []kontakt.RowFault, error) {
		r, err := m.ports.Rounds.AddVisit(ctx, e.Plan, key)
		return r, nil, err
	})
}

func (e MoveVisit) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	m.changed(ctx, e, e.By, func(ctx context.Context) (kontakt.Round, []kontakt.RowFault, error) {
		r, err := m.ports.Rounds.MoveVisit(ctx, e.ID, e.To, key)
		return r, nil, err
	})
}

func (e EndVisit) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	m.changed(ctx, e, e.By, func(ctx context.Context) (kontakt.Round, []kontakt.RowFault, error) {
		r, err := m.ports.Rounds.EndVisit(ctx, e.ID, e.As, key)
		return r, nil, err
	})
}

func (e ImportRound) do(ctx context.Context, m *Machine) {
	m.changed(ctx, e, e.By, func(ctx context.Context) (kontakt.Round, []kontakt.RowFault, error) {
		return m.ports.Rounds.ImportRound(ctx, e.List)
	})
}

func (e TakeVisit) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	m.changed(ctx, e, e.By, func(ctx context.Context) (kontakt.Round, []kontakt.RowFault, error) {
		r, err := m.ports.Rounds.TakeVisit(ctx, e.ID, key)
		return r, nil, err
	})
}
