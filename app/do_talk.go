package app

import (
	"context"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// typePause is how long text waits for a call that is being made again.
const typePause = 250 * time.Millisecond

// doTalk runs the effects of a call besides its media.
func (m *Machine) doTalk(ctx context.Context, e Effect) {
	phone := m.ports.Phone
	switch e := e.(type) {
	case InviteGuest:
		m.invite(ctx, e)
	case FetchGuests:
		all, err := m.ports.Guests.Guests(ctx, e.Place)
		m.tell(ctx, GuestsFetched{Place: e.Place, Guests: all, Failure: m.failure(e, err)})
	case RemoveGuest:
		err := within(ctx, patience, func(ctx context.Context) error {
			return m.ports.Guests.RemoveGuest(ctx, e.Place, e.Guest, m.ports.NewKey())
		})
		m.tell(ctx, GuestRemoved{Place: e.Place, Guest: e.Guest, Failure: m.failure(e, err)})
	case SetMode:
		m.setMode(ctx, e)
	case SetOthers:
		m.setOthers(e.Call)
	case Type:
		m.failure(e, m.typed(ctx, e.Text))
	case TakeStill:
		phone.TakeStill(ctx)
	case DeclineStill:
		phone.DeclineStill(e.To)
	case CloseStill:
		phone.CloseStill(e.ID)
	case DropStill:
		phone.DropStill(e.ID)
	case PointAt:
		phone.Point(e.ID, e.X, e.Y, e.On)
	}
}

// typed sends text; one that comes while the phone calls again waits for the call.
func (m *Machine) typed(ctx context.Context, text string) error {
	err := m.ports.Phone.Type(text)
	for kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, typePause) == nil {
		err = m.ports.Phone.Type(text)
	}
	return err
}

func (m *Machine) invite(ctx context.Context, e InviteGuest) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	guest, link, sent, err := m.ports.Guests.Invite(limited, e.Place, e.Invite, e.Key)
	m.tell(ctx, Invited{Place: e.Place, Key: e.Key, Guest: guest, Link: link, Sent: sent, Failure: m.failure(e, err)})
}

func (m *Machine) setMode(ctx context.Context, e SetMode) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	entry, err := m.ports.Guests.SetMode(limited, e.Place, e.Mode, m.ports.NewKey())
	f := m.failure(e, err)
	if !f.Failed() {
		m.tell(ctx, PlaceFetched{ID: e.Place, Entry: entry, At: m.ports.Now()})
	}
	m.tell(ctx, ModeSet{Place: e.Place, Mode: e.Mode, Failure: f})
}

// othersFeed tells a call who else takes part: the newest list, which whoever has not taken yet gets instead of an older one.
type othersFeed struct {
	call kontakt.CallID
	mu   sync.Mutex
	list chan []string
}

func newOthersFeed(call kontakt.CallID) *othersFeed {
	return &othersFeed{call: call, list: make(chan []string, 1)}
}

// put asks for the list while nobody else puts one, so that the last that is put is the newest.
func (f *othersFeed) put(newest func() []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.list:
	default:
	}
	f.list <- newest()
}

// setOthers tells the call that is held who takes part by now.
func (m *Machine) setOthers(call kontakt.CallID) {
	m.mu.Lock()
	feed := m.others
	m.mu.Unlock()
	if feed.call != call {
		return // it reads the list when it begins
	}
	feed.put(func() []string { return idsOf(othersOf(m.State())) })
}
