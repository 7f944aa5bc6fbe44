package app

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Hand-over (M9): a nurse offers all that her tablet holds, and the rest of her round, to whoever scans her code; or she
// takes what a colleague offers. It is the backend that moves it. What goes over is taken off this tablet whatever it shows
// then, and when it hears of it: a word from the stream that was missed comes later by the stream's cursor.

// HandOver: what this tablet holds is offered to a colleague.
type HandOver struct {
	Busy    bool   // the offer is being made
	Code    string // as it was told once; "": there is none, or it is over
	Until   time.Time
	Over    bool   // the minute is over
	Taken   string // by whom; "": by nobody yet
	Problem Sentence

	offer kontakt.HandoverID
	from  kontakt.EntryID // the place that was shown before
}

type (
	// TapHandOver offers all that the tablet holds to a colleague, also anew. The machine fills Key.
	TapHandOver struct{ Key string }
	// TapAccept takes what a colleague offers by this code, which kontakt.ParseHandoverCode has taken. The machine fills Key.
	TapAccept struct{ Code, Key string }

	// Offered answers Offer.
	Offered struct {
		Handover kontakt.Handover
		Code     string
		At       time.Time
		Failure  Failure
	}
	// OfferAccepted answers Accept.
	OfferAccepted struct {
		Got     kontakt.Accepted
		At      time.Time
		Failure Failure
	}
	// OfferFetched answers FetchOffer.
	OfferFetched struct {
		Handover kontakt.Handover
		Failure  Failure
	}
	// HandedFetched answers FetchHanded.
	HandedFetched struct {
		ID      kontakt.EntryID
		Entry   kontakt.Entry
		At      time.Time
		Failure Failure
	}
	// OfferOver: the offer's minute is over by the tablet's clock.
	OfferOver struct{ ID kontakt.HandoverID }

	// OfferTaken: a colleague has taken what was offered here. PlaceHanded: a place has another tablet; it may be this one.
	OfferTaken  struct{ ID kontakt.HandoverID }
	PlaceHanded struct{ ID kontakt.EntryID }

	// Offer makes an offer, Withdraw takes it back, Accept takes a colleague's; FetchOffer asks who took the own one, FetchHanded for a place that has another
	// tablet.
	Offer       struct{ Key string }
	Withdraw    struct{ ID kontakt.HandoverID }
	Accept      struct{ Code, Key string }
	FetchOffer  struct{ ID kontakt.HandoverID }
	FetchHanded struct{ ID kontakt.EntryID }
)

func (TapHandOver) event()   {}
func (TapAccept) event()     {}
func (Offered) event()       {}
func (OfferAccepted) event() {}
func (OfferFetched) event()  {}
func (HandedFetched) event() {}
func (OfferOver) event()     {}
func (OfferTaken) event()    {}
func (PlaceHanded) event()   {}

func (Offer) course(s State) course    { return course{life: screenLife(s)} }
func (Accept) course(s State) course   { return course{life: screenLife(s)} }
func (Withdraw) course(State) course   { return course{life: wholeRun} }
func (FetchOffer) course(State) course { return course{life: wholeRun, lane: "offer", replaces: true} }

func (e FetchHanded) course(State) course {
	return course{life: wholeRun, lane: "handed/" + string(e.ID), replaces: true}
}

func (e Offer) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	h, code, err := m.ports.Handovers.HandOver(limited, e.Key)
	m.tell(ctx, Offered{Handover: h, Code: code, At: m.ports.Now(), Failure: m.failure(e, err)})
}

// do takes an offer back. Where that does not reach the backend, the offer ends with its minute.
func (e Withdraw) do(ctx context.Context, m *Machine) {
	key := m.ports.NewKey()
	m.failure(e, within(ctx, patience, func(ctx context.Context) error { return m.ports.Handovers.WithdrawHandover(ctx, e.ID, key) }))
}

func (e Accept) do(ctx context.Context, m *Machine) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	got, err := m.ports.Handovers.AcceptHandover(limited, e.Code, e.Key)
	m.tell(ctx, OfferAccepted{Got: got, At: m.ports.Now(), Failure: m.failure(e, err)})
}

// do asks until there is an answer: what has gone over must go off this tablet.
func (e FetchOffer) do(ctx context.Context, m *Machine) {
	h, err := m.ports.Handovers.Handover(ctx, e.ID)
	for kontakt.KindOf(err).Transient() && m.ports.Sleep(ctx, toldPause) == nil {
		h, err = m.ports.Handovers.Handover(ctx, e.ID)
	}
	m.tell(ctx, OfferFetched{Handover: h, Failure: m.failure(e, err)})
}

func (e FetchHanded) do(ctx context.Context, m *Machine) {
	fetch := func() (kontakt.Entry, error) { return m.ports.Line.Entry(ctx, e.ID) }
	entry, err := fetch()
	entry, err = m.untilTold(ctx, entry, err, fetch)
	m.tell(ctx, HandedFetched{ID: e.ID, Entry: entry, At: m.ports.Now(), Failure: m.failure(e, err)})
}
