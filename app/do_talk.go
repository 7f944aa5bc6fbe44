package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

func (e InviteGuest) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	guest, link, sent, err := m.ports.Guests.Invite(limited, e.Place, e.Invite, e.Key)
	m.tell(ctx, Invited{Place: e.Place, Key: e.Key, Guest: guest, Link: link, Sent: sent, Failure: m.failure(e, err)})
}

func (e FetchGuests) do(ctx context.Context, m *Machine) {
	all, err := m.ports.Guests.Guests(ctx, e.Place)
	m.tell(ctx, GuestsFetched{Place: e.Place, Guests: all, Failure: m.failure(e, err)})
}

func (e RemoveGuest) do(ctx context.Context, m *Machine) {
	err := within(ctx, patience, func(ctx context.Context) error {
		return m.ports.Guests.RemoveGuest(ctx, e.Place, e.Guest, m.ports.NewKey())
	})
	m.tell(ctx, GuestRemoved{Place: e.Place, Guest: e.Guest, Failure: m.failure(e, err)})
}

func (e SetMode) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	entry, err := m.ports.Guests.SetMode(limited, e.Place, e.Mode, m.ports.NewKey())
	f := m.failure(e, err)
	if !f.Failed() {
		m.tell(ctx, PlaceFetched{ID: e.Place, Entry: entry, At: m.ports.Now()})
	}
	m.tell(ctx, ModeSet{Place: e.Place, Mode: e.Mode, Failure: f})
}

// typePause is how long text waits for a call that is being made again.
const typePause = 250 * time.Millisecond

// do sends text; one that comes while the phone calls again waits for the call.
func (e Type) do(ctx context.Context, m *Machine) {
	err := m.ports.Phone.Type(e.Text)
	for kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, typePause) == nil {
		err = m.ports.Phone.Type(e.Text)
	}
	m.failure(e, err)
}

func (TakeStill) do(ctx context.Context, m *Machine) { m.ports.Phone.TakeStill(ctx) }

func (e DeclineStill) do(_ context.Context, m *Machine) { m.ports.Phone.DeclineStill(e.To) }

func (e CloseStill) do(_ context.Context, m *Machine) { m.ports.Phone.CloseStill(e.ID) }

func (e DropStill) do(_ context.Context, m *Machine) { m.ports.Phone.DropStill(e.ID) }

func (e PointAt) do(_ context.Context, m *Machine) { m.ports.Phone.Point(e.ID, e.X, e.Y, e.On) }
