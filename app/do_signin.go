package app

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

func (e Start) do(ctx context.Context, m *Machine) { m.tell(ctx, e.open(ctx, m)) }

// open finds out what this tablet is in the middle of.
func (e Start) open(ctx context.Context, m *Machine) Event {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	failed := func(err error) Event { return Started{Failure: m.failure(e, err)} }

	enrolled, err := m.ports.Tablet.Enrolled(ctx)
	switch {
	case kontakt.KindOf(err) == kontakt.Gone:
		return NotEnrolled{m.failure(e, err).Say}
	case err != nil:
		return failed(err)
	case !enrolled:
		return NotEnrolled{}
	}
	device, rooms, err := m.ports.Tablet.Open(ctx)
	if msg, _ := kontakt.MsgOf(err); msg == kontakt.MsgEnrolUnknown {
		return NotEnrolled{m.failure(e, err).Say}
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
	round, at := m.firstRound(ctx, employee.ID)
	return Started{Device: device, Rooms: rooms, Employee: employee, Held: held, Round: round, Unsent: unsent, At: at}
}

func (e Enroll) do(ctx context.Context, m *Machine) {
	err := within(ctx, patience, func(ctx context.Context) error { return m.ports.Tablet.Enrol(ctx, e.Code) })
	m.tell(ctx, Enrolled{m.failure(e, err)})
}

func (e BeginSignIn) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id, url, expiresIn, err := m.ports.Signins.BeginSignIn(limited)
	m.tell(ctx, SigninBegun{Signin: id, URL: url, ExpiresIn: expiresIn, Failure: m.failure(e, err)})
}

func (e OpenBrowser) do(ctx context.Context, m *Machine) {
	if m.failure(e, m.ports.Browser.Open(ctx, e.URL)).Failed() {
		m.tell(ctx, BrowserFailed{Sentence{Key: kontakt.MsgLoginNoBrowser}})
	}
}

func (e CancelSignIn) do(ctx context.Context, m *Machine) {
	m.failure(e, within(ctx, patience, func(ctx context.Context) error { return m.ports.Signins.CancelSignIn(ctx, e.Signin) }))
}

func (e FinishSignIn) do(ctx context.Context, m *Machine) { m.tell(ctx, e.finish(ctx, m)) }

// finish opens the session and fetches what it goes on with; a session that can't is closed again.
func (e FinishSignIn) finish(ctx context.Context, m *Machine) Event {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	employee, err := m.ports.Signins.FinishSignIn(limited, e.Signin, e.Code)
	if err != nil {
		return SignedInAs{Failure: m.failure(e, err)}
	}
	held, err := m.ports.Line.Held(limited)
	if err != nil {
		SignOut{}.do(ctx, m)
		return SignedInAs{Failure: m.failure(e, err)}
	}
	round, at := m.firstRound(limited, employee.ID)
	return SignedInAs{Employee: employee, Held: held, Round: round, At: at}
}

func (e SignOut) do(ctx context.Context, m *Machine) {
	m.failure(e, within(ctx, leavePatience, m.ports.Signins.SignOut))
}
