package main

import (
	"context"

	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
)

// something is what a nurse does next, by chance and by what the tablet shows.
func (t *tablet) something(ctx context.Context) {
	if p, rings := t.pick(kontakt.EntryCalled); rings && t.chance(70) {
		switch n := t.rng.IntN(10); {
		case n < 6:
			t.move(ctx, p, kontakt.MoveAnswer, "")
		case n < 7:
			t.move(ctx, p, kontakt.MoveNotNow, "")
		case n < 8:
			t.move(ctx, p, kontakt.MoveWait, "")
		case n < 9:
			t.signal(ctx, p)
		default:
			t.move(ctx, p, kontakt.MoveLeave, "not_relevant")
		}
		return
	}
	if p, talks := t.pick(kontakt.EntryInCall, kontakt.EntryInterrupted); talks && t.chance(60) {
		switch n := t.rng.IntN(10); {
		case n < 4:
			t.move(ctx, p, kontakt.MoveEnd, "done")
		case n < 6:
			t.media(ctx, p, false)
		case n < 8:
			t.media(ctx, p, true)
		default:
			t.signal(ctx, p)
		}
		return
	}
	switch n := t.rng.IntN(100); {
	case n < 40:
		t.join(ctx)
	case n < 52:
		t.look(ctx)
	case n < 62:
		t.hold(ctx)
	case n < 72:
		t.repeat(ctx)
	case n < 86:
		t.presence(ctx)
	case n < 94:
		if p, any := t.pick(kontakt.EntryWaiting, kontakt.EntryCalled); any {
			t.move(ctx, p, kontakt.MoveLeave, "left")
		}
	default: // what the rules refuse is asked for too
		if p, any := t.pick(kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall); any {
			t.move(ctx, p, []kontakt.Move{kontakt.MoveAnswer, kontakt.MoveNotNow, kontakt.MoveWait, kontakt.MoveEnd}[t.rng.IntN(4)], reasonOf[t.rng.IntN(2)])
		}
	}
}

var reasonOf = []string{"done", "phone"}

// join draws a number, now and then at a clinic that is not the citizen's.
func (t *tablet) join(ctx context.Context) {
	if t.open() >= most {
		return
	}
	citizen := t.run.crowd.Citizens[t.rng.IntN(len(t.run.crowd.Citizens))]
	at := citizen.Clinic
	if t.chance(3) {
		at = t.run.crowd.Clinics[t.rng.IntN(len(t.run.crowd.Clinics))].ID
	}
	j := kontakt.Join{Citizen: citizen.ID, Clinic: at, Mode: kontakt.ModeConsultation, Told: kontakt.Told{Reason: "prøve"}, Consent: kontakt.Consent{Kind: kontakt.ConsentOral}}
	if t.chance(15) {
		j.TakeOver = "prøve"
	}
	op := history.Op{Kind: history.Join, Citizen: j.Citizen, Clinic: j.Clinic, Device: t.who.Device, Over: j.TakeOver != ""}
	t.change(ctx, op, func(ctx context.Context, key string) (history.Reply, error) {
		e, err := t.client.Join(ctx, j, key)
		if err != nil {
			return history.Reply{}, err
		}
		return t.took(e), nil
	})
}

// open counts the places that the tablet holds.
func (t *tablet) open() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, p := range t.held {
		if p.State.Open() {
			n++
		}
	}
	return n
}

// look reads one place anew.
func (t *tablet) look(ctx context.Context) {
	p, any := t.pick(kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall, kontakt.EntryInterrupted)
	if !any {
		return
	}
	t.do(ctx, history.Op{Kind: history.Look, Entry: p.Entry, Device: t.who.Device}, func(ctx context.Context) (history.Reply, error) {
		e, err := t.client.Entry(ctx, p.Entry)
		if err != nil {
			return history.Reply{}, err
		}
		return t.took(e), nil
	})
}

// hold reads all places of the tablet.
func (t *tablet) hold(ctx context.Context) {
	t.do(ctx, history.Op{Kind: history.Held, Device: t.who.Device}, func(ctx context.Context) (history.Reply, error) {
		all, err := t.client.Held(ctx)
		var answer history.Reply
		for _, e := range all {
			answer.Saw = append(answer.Saw, *t.took(e).Got)
		}
		return answer, err
	})
}

// move asks for a move from the tablet's side.
func (t *tablet) move(ctx context.Context, p history.Place, m kontakt.Move, reason string) history.Reply {
	if m != kontakt.MoveEnd && m != kontakt.MoveLeave {
		reason = ""
	}
	op := history.Op{Kind: history.Kind(m), Entry: p.Entry, Device: t.who.Device}
	return t.change(ctx, op, func(ctx context.Context, key string) (history.Reply, error) {
		e, err := t.client.Move(ctx, p.Entry, m, reason, key)
		if err != nil {
			return history.Reply{}, err
		}
		return t.took(e), nil
	})
}

func (t *tablet) presence(ctx context.Context) {
	if p, any := t.pick(kontakt.EntryWaiting, kontakt.EntryCalled, kontakt.EntryInCall); any {
		t.move(ctx, p, []kontakt.Move{kontakt.MoveHere, kontakt.MoveAway}[t.rng.IntN(2)], "")
	}
}

// media tells that picture and sound are gone, or back.
func (t *tablet) media(ctx context.Context, p history.Place, live bool) {
	if p.Call == "" {
		return
	}
	kind := history.Lost
	if live {
		kind = history.Live
	}
	t.do(ctx, history.Op{Kind: kind, Entry: p.Entry, Call: p.Call, Device: t.who.Device}, func(ctx context.Context) (history.Reply, error) {
		return history.Reply{}, t.client.TellMedia(ctx, p.Call, live)
	})
}

// signal negotiates.
func (t *tablet) signal(ctx context.Context, p history.Place) {
	if p.Call == "" {
		return
	}
	muted := t.chance(50)
	op := history.Op{Kind: history.Signal, Entry: p.Entry, Call: p.Call, Device: t.who.Device}
	t.change(ctx, op, func(ctx context.Context, key string) (history.Reply, error) {
		return history.Reply{}, t.client.Signal(ctx, p.Call, []kontakt.Signal{{Kind: kontakt.SignalState, Muted: &muted}}, key)
	})
}
