package app

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

func (e FetchCard) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	got := CardFetched{ID: e.ID}
	var err error
	if got.Table, got.Scores, err = m.ports.Cards.TOBS(limited); err == nil {
		got.Card, err = m.ports.Cards.Card(limited, e.ID)
	}
	got.Failure = m.failure(e, err)
	m.tell(ctx, got)
}

// do saves what was written, for as long as the place stands: again after a bad network, and together with what another
// tablet has written meanwhile.
func (e SaveCard) do(ctx context.Context, m *Machine) {
	base, draft, key := e.Base, e.Draft, m.ports.NewKey()
	for {
		draft.Version = base.Version
		card, err := m.ports.Cards.SaveCard(ctx, e.ID, draft, key)
		switch msg, _ := kontakt.MsgOf(err); {
		case msg == kontakt.MsgCardChanged:
			base, draft, key = card, merged(base, draft, card), m.ports.NewKey()
			continue
		case kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil:
			continue
		}
		m.tell(ctx, CardSaved{ID: e.ID, Sent: e.Draft, Card: card, Failure: m.failure(e, err)})
		return
	}
}
