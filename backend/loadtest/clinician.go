package loadtest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// sdp stands for a session description, with the size that one has.
var sdp = "v=0\r\n" + strings.Repeat("a=fmtp:96 prøve\r\n", 200)

// clinician is a doctor before the clinic's page.
type clinician struct {
	who  crowd.Staff
	page *crowd.Page
	at   kontakt.Cursor
	s    *steps
	b    *book

	came chan struct{} // somebody waits

	mu     sync.Mutex
	inCall map[kontakt.EntryID]chan struct{} // closed when the tablet has answered
}

// newClinician opens the page.
func newClinician(ctx context.Context, base string, who crowd.Staff, s *steps, b *book) (*clinician, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	c := &clinician{
		who: who, page: crowd.NewPage(base, who, &http.Client{Transport: t}), s: s, b: b,
		came: make(chan struct{}, 1), inCall: map[kontakt.EntryID]chan struct{}{},
	}
	var err error
	_, c.at, err = c.page.List(ctx)
	return c, err
}

// work takes in whoever comes until ctx ends.
func (c *clinician) work(ctx context.Context) {
	defer c.page.Close()
	var stream sync.WaitGroup
	defer stream.Wait()
	stream.Go(func() { c.page.Events(ctx, c.at, c.deliver, func(error) {}) })
	look := time.NewTicker(5 * time.Second) // an event tells most of the time, and the eye the rest
	defer look.Stop()
	for {
		select {
		case <-c.came:
		case <-look.C:
		case <-ctx.Done():
			return
		}
		for c.takeOne(ctx) && ctx.Err() == nil {
		}
	}
}

func (c *clinician) deliver(e kontakt.Event) {
	c.s.event.note(time.Since(e.At), nil)
	ch := change(e)
	switch kontakt.EntryState(ch.State) {
	case kontakt.EntryWaiting:
		select {
		case c.came <- struct{}{}:
		default:
		}
	case kontakt.EntryInCall:
		c.mu.Lock()
		defer c.mu.Unlock()
		if answered, mine := c.inCall[kontakt.EntryID(ch.Entry)]; mine {
			close(answered)
			delete(c.inCall, kontakt.EntryID(ch.Entry))
		}
	}
}

// takeOne takes one of the first who wait, and says whether there was somebody.
func (c *clinician) takeOne(ctx context.Context) bool {
	var rows []wire.ClinicEntry
	if err := c.s.list.time(func() (err error) { rows, _, err = c.page.List(ctx); return err }); err != nil {
		c.failed(ctx, err)
		return false
	}
	var waiting []wire.ClinicEntry
	for _, row := range rows {
		if kontakt.EntryState(row.State) == kontakt.EntryWaiting {
			waiting = append(waiting, row)
		}
	}
	if len(waiting) == 0 {
		return false
	}
	row := waiting[rand.IntN(min(3, len(waiting)))]
	id := kontakt.EntryID(row.ID)
	answered := make(chan struct{})
	c.mu.Lock()
	c.inCall[id] = answered
	c.mu.Unlock()
	began := time.Now()
	reply, err := c.page.Start(ctx, id, row.Version, key())
	if kontakt.KindOf(err) == kontakt.Conflict {
		c.s.taken.note(time.Since(began), nil)
		c.mu.Lock()
		delete(c.inCall, id)
		c.mu.Unlock()
		return true
	}
	c.s.start.note(time.Since(began), err)
	if err == nil {
		c.b.claim(id)
		err = c.call(ctx, id, reply, answered)
	}
	c.failed(ctx, err)
	return err == nil
}

func (c *clinician) failed(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		c.b.fail(c.who.Name, err)
	}
}

// call waits for the tablet, answers its offer and ends.
func (c *clinician) call(ctx context.Context, id kontakt.EntryID, reply wire.StartReply, answered chan struct{}) error {
	at, err := kontakt.ParseCursor(reply.Cursor)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-answered:
	case <-ctx.Done():
		return fmt.Errorf("waiting for the tablet to answer: %w", ctx.Err())
	}
	offer := make(chan wire.Signal, 1)
	var stream sync.WaitGroup
	defer stream.Wait()
	defer cancel()
	stream.Go(func() { c.page.Events(ctx, at, func(e kontakt.Event) { c.hear(e, offer) }, func(error) {}) })
	var got wire.Signal
	select {
	case got = <-offer:
	case <-ctx.Done():
		return fmt.Errorf("waiting for the offer: %w", ctx.Err())
	}
	answer := wire.Signal{Kind: string(kontakt.SignalAnswer), Peer: got.Peer, SDP: sdp}
	if err := c.s.signal.time(func() error {
		return c.page.Signal(ctx, kontakt.CallID(reply.Entry.Call.ID), []wire.Signal{answer}, key())
	}); err != nil {
		return err
	}
	return c.s.end.time(func() error { _, err := c.page.End(ctx, id, "done", key()); return err })
}

// hear takes the tablet's offer.
func (c *clinician) hear(e kontakt.Event, offer chan<- wire.Signal) {
	c.s.event.note(time.Since(e.At), nil)
	var got wire.Signal
	if e.Type == kontakt.EventSignal && json.Unmarshal(e.Data, &got) == nil && got.Kind == string(kontakt.SignalOffer) {
		select {
		case offer <- got:
		default:
		}
	}
}

// answers says whether an event is a clinician's answer.
func answers(e kontakt.Event) bool {
	var got wire.Signal
	return json.Unmarshal(e.Data, &got) == nil && got.Kind == string(kontakt.SignalAnswer)
}
