package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

func (e Find) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	citizen, err := m.ports.Line.Lookup(limited, e.CPR, e.Clinic)
	m.tell(ctx, CitizenFound{Citizen: citizen, Failure: m.failure(e, err)})
}

func (e FetchClinics) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := m.ports.Line.Clinics(limited)
	m.tell(ctx, ClinicsFetched{Clinics: all, Failure: m.failure(e, err)})
}

func (e FetchPlace) do(ctx context.Context, m *Machine) {
	entry, err := m.ports.Line.Entry(ctx, e.ID)
	m.tell(ctx, PlaceFetched{ID: e.ID, Entry: entry, At: m.ports.Now(), Failure: m.failure(e, err)})
}

func (e FetchHeld) do(ctx context.Context, m *Machine) {
	held, err := m.ports.Line.Held(ctx)
	m.tell(ctx, HeldFetched{Held: held, At: m.ports.Now(), Failure: m.failure(e, err)})
}

func (e Join) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, joinPatience)
	defer cancel()
	kept := e.Join
	kept.Told, kept.Consent.Reason = kontakt.Told{}, "" // of a citizen: said again after a restart, or read from the place if it was heard
	m.unsent.add(errand{Key: e.Key, By: m.State().Employee.ID, Join: &kept})
	entry, err := m.ports.Line.Join(limited, e.Join, e.Key)
	m.sent(e.Key)
	m.tell(ctx, Joined{Entry: entry, At: m.ports.Now(), Failure: m.failure(e, err)})
}

// insists says whether a move is asked for until there is an answer: the nurse has left that screen, and the clinic must not
// go on waiting, or go on believing that she is in the room.
func (e Move) insists() bool {
	return e.Move == kontakt.MoveEnd || e.Move == kontakt.MoveAway || e.Move == kontakt.MoveHere || e.Over
}

// do asks for a move under one key, however often it is asked.
func (e Move) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	move := func() (kontakt.Entry, error) { return m.ports.Line.Move(ctx, e.ID, e.Move, e.Reason, key) }
	if e.insists() || e.Move == kontakt.MoveLeave || e.Move == kontakt.MoveWithdraw {
		m.unsent.add(errand{Key: key, Entry: e.ID, Move: e.Move, Reason: e.Reason})
		defer m.sent(key)
	}
	entry, err := move()
	if e.insists() {
		entry, err = m.untilTold(ctx, entry, err, move)
	}
	m.tell(ctx, Moved{ID: e.ID, Move: e.Move, Entry: entry, At: m.ports.Now(), Failure: m.failure(e, err)})
}

// do tells that messages were read, until there is an answer.
func (e Read) do(ctx context.Context, m *Machine) {
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

// toldPause lies between two tries at what has to be told.
const toldPause = 5 * time.Second

// untilTold asks again for as long as the answer may become another.
func (m *Machine) untilTold(ctx context.Context, entry kontakt.Entry, err error, again func() (kontakt.Entry, error)) (kontakt.Entry, error) {
	for kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil {
		entry, err = again()
	}
	return entry, err
}
