package main

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// clinician is a doctor before the clinic's page: the list, its stream, and the calls that were started from it.
type clinician struct {
	*actor
	who  crowd.Staff
	page *crowd.Page
	rows []history.Place // the list as it was last shown
	mine map[kontakt.EntryID]bool

	removed kontakt.EntryID // the last that this clinician removed
	dead    chan struct{}   // closed when the stream is off
	came    chan struct{}   // somebody waits who did not a moment ago
}

func newClinician(r *run, name string, who crowd.Staff) (*clinician, error) {
	a, err := newActor(r, name)
	if err != nil {
		return nil, err
	}
	return &clinician{actor: a, who: who, page: crowd.NewPage(a.base(), who, a.http), mine: map[kontakt.EntryID]bool{}, dead: make(chan struct{}), came: make(chan struct{}, 1)}, nil
}

// live is the clinician's day.
func (c *clinician) live(ctx context.Context) {
	var at kontakt.Cursor
	for at == nil {
		if at = c.list(ctx); at == nil && !pause(ctx, 500*time.Millisecond) {
			close(c.dead)
			return
		}
	}
	reader := c.run.history.NewReader(c.name)
	reader.Whole = true
	for room, seq := range at {
		reader.Note(history.Saw{Room: room, Seq: seq, Type: history.From})
	}
	go func() {
		defer close(c.dead)
		c.page.Events(c.run.life, maps.Clone(at), func(e kontakt.Event) { c.deliver(reader, e) }, func(error) {})
	}()
	for c.waitForSomething(ctx) {
		c.something(ctx)
	}
}

// waitForSomething waits until the clinician thinks of something, or rushes with all the others at who has just come.
func (c *clinician) waitForSomething(ctx context.Context) bool {
	timer := time.NewTimer(time.Duration(c.rng.Int64N(2 * int64(c.run.pace))))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-c.came:
		if c.chance(30) {
			c.list(ctx)
			c.startFirst(ctx)
		}
	}
	return ctx.Err() == nil
}

func (c *clinician) deliver(reader *history.Reader, e kontakt.Event) {
	saw := history.Saw{Room: e.Room, Seq: e.Seq, Type: e.Type}
	if e.Type == kontakt.EventEntryChanged || e.Type == kontakt.EventEntryCalled {
		var data wire.EntryChanged
		if err := json.Unmarshal(e.Data, &data); err != nil {
			c.run.fail(err)
		}
		saw.State, saw.Version = kontakt.EntryState(data.State), data.Version
	}
	reader.Note(saw)
	if saw.State == kontakt.EntryWaiting {
		select {
		case c.came <- struct{}{}:
		default:
		}
	}
}

// something is what a clinician does next.
func (c *clinician) something(ctx context.Context) {
	switch n := c.rng.IntN(100); {
	case n < 30:
		c.list(ctx)
	case n < 65:
		c.startOne(ctx)
	case n < 75:
		c.repeat(ctx)
	case n < 83:
		c.goOn(ctx)
	case n < 93:
		c.arrange(ctx)
	case n < 98: // what the rules may refuse is asked for too
		if len(c.rows) > 0 {
			p := c.rows[c.rng.IntN(len(c.rows))]
			if c.chance(50) {
				c.noAnswer(ctx, p.Entry)
			} else {
				c.end(ctx, p.Entry)
			}
		}
	default:
		c.opening(ctx, false)
		pause(ctx, time.Duration(c.rng.IntN(1500))*time.Millisecond)
		c.opening(ctx, true)
	}
}

func (c *clinician) op(kind history.Kind, id kontakt.EntryID) history.Op {
	return history.Op{Kind: kind, Entry: id, Clinic: c.who.Clinic, Staff: c.who.ID}
}

// list reads the list, and gives where the clinic's room is read on from; nil when there was no answer.
func (c *clinician) list(ctx context.Context) kontakt.Cursor {
	var at kontakt.Cursor
	answer := c.do(ctx, c.op(history.List, ""), func(ctx context.Context) (history.Reply, error) {
		rows, from, err := c.page.List(ctx)
		var answer history.Reply
		for _, row := range rows {
			answer.Saw = append(answer.Saw, rowOf(row))
		}
		at = from
		return answer, err
	})
	if at != nil {
		c.rows = answer.Saw
	}
	return at
}

func rowOf(w wire.ClinicEntry) history.Place {
	p := history.Place{Entry: kontakt.EntryID(w.ID), Version: w.Version, State: kontakt.EntryState(w.State), Number: w.Number}
	if w.Call != nil {
		p.Call = kontakt.CallID(w.Call.ID)
	}
	return p
}

// startFirst calls the first in.
func (c *clinician) startFirst(ctx context.Context) {
	for _, p := range c.rows {
		if p.State == kontakt.EntryWaiting {
			c.start(ctx, p)
			return
		}
	}
}

// startOne calls somebody in, mostly one of the first, whom others want too.
func (c *clinician) startOne(ctx context.Context) {
	if c.chance(70) {
		c.list(ctx)
	}
	var waiting []history.Place
	for _, p := range c.rows {
		if p.State == kontakt.EntryWaiting {
			waiting = append(waiting, p)
		}
	}
	switch {
	case len(waiting) > 0 && c.chance(90):
		c.start(ctx, waiting[c.rng.IntN(min(3, len(waiting)))])
	case len(c.rows) > 0:
		c.start(ctx, c.rows[c.rng.IntN(len(c.rows))])
	}
}

func (c *clinician) start(ctx context.Context, p history.Place) history.Reply {
	op := c.op(history.Start, p.Entry)
	op.Version = p.Version
	c.mine[p.Entry] = true
	return c.change(ctx, op, func(ctx context.Context, key string) (history.Reply, error) {
		reply, err := c.page.Start(ctx, p.Entry, p.Version, key)
		got := rowOf(reply.Entry)
		return history.Reply{Got: &got}, err
	})
}

// goOn ends a call of the clinician's own, or gives up its ring.
func (c *clinician) goOn(ctx context.Context) {
	for _, p := range c.rows {
		if !c.mine[p.Entry] {
			continue
		}
		switch p.State {
		case kontakt.EntryCalled:
			c.noAnswer(ctx, p.Entry)
			return
		case kontakt.EntryInCall, kontakt.EntryInterrupted:
			c.end(ctx, p.Entry)
			return
		}
	}
	c.list(ctx)
}

func (c *clinician) noAnswer(ctx context.Context, id kontakt.EntryID) {
	c.move(ctx, history.NoAnswer, id, "no-answer", nil)
}

func (c *clinician) end(ctx context.Context, id kontakt.EntryID) {
	c.move(ctx, history.End, id, "end", wire.EndRequest{Reason: "done"})
}

func (c *clinician) opening(ctx context.Context, open bool) {
	kind, in := history.CloseRoom, wire.OpeningRequest{Reason: "prøve"}
	if open {
		kind, in = history.OpenRoom, wire.OpeningRequest{Open: true}
	}
	c.change(ctx, c.op(kind, ""), func(ctx context.Context, key string) (history.Reply, error) {
		_, err := c.page.SetOpening(ctx, in, key)
		return history.Reply{}, err
	})
}
