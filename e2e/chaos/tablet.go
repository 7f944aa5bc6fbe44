package main

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"kontaktlaege/app/client"
	"kontaktlaege/backend/loadtest/crowd"
	"kontaktlaege/internal/history"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// most is how many citizens one nurse has in the line at once.
const most = 4

// tablet is a nurse with a tablet: the real client of the app, its stream, and what it knows of its places.
type tablet struct {
	*actor
	who   crowd.Tablet
	wrong time.Duration // by how much its clock is

	client *client.Client
	stream *client.Stream
	reader *history.Reader
	on     bool
	off    context.CancelFunc // switches the stream off
	dead   chan struct{}      // closed when it is off
	turn   sync.Mutex         // who speaks for it when all comes to rest

	mu     sync.Mutex
	held   map[kontakt.EntryID]history.Place
	done   map[kontakt.EntryID]bool // let go of
	follow kontakt.Cursor
	rang   chan struct{}
	lost   chan struct{} // a room that the tablet follows is no longer its own
}

func newTablet(r *run, name string, who crowd.Tablet) (*tablet, error) {
	a, err := newActor(r, name)
	if err != nil {
		return nil, err
	}
	t := &tablet{actor: a, who: who, rang: make(chan struct{}, 1), lost: make(chan struct{}, 1)}
	if a.chance(40) {
		t.wrong = time.Duration(a.rng.IntN(97)-48) * 15 * time.Minute
	}
	return t, nil
}

func (t *tablet) now() time.Time { return time.Now().Add(t.wrong) }

// live is the tablet's day: switched on, used, run out of power, switched on again.
func (t *tablet) live(ctx context.Context) {
	for t.boot(ctx) {
		if t.use(ctx) {
			return
		}
		t.powerCut()
	}
}

// boot switches the tablet on and fetches what it holds; false when it is time to stop.
func (t *tablet) boot(ctx context.Context) bool {
	identity, err := t.who.Identity()
	if err == nil {
		t.client, err = client.New(client.Options{Base: t.base(), Identity: identity, App: "chaos", HTTP: t.http, Log: t.run.quiet, Now: t.now})
	}
	if err != nil {
		t.run.fail(err)
		return false
	}
	var room kontakt.Cursor
	for {
		if _, room, err = t.client.Open(ctx); err == nil {
			break
		}
		if !pause(ctx, 500*time.Millisecond) {
			return false
		}
	}
	t.mu.Lock()
	t.held, t.done, t.follow = map[kontakt.EntryID]history.Place{}, map[kontakt.EntryID]bool{}, kontakt.Cursor{}
	t.reader = t.run.history.NewReader(t.name)
	t.stream = client.NewStream(t.client)
	t.mu.Unlock()
	t.add(room)
	var life context.Context
	life, t.off = context.WithCancel(t.run.life)
	t.on = true
	dead, stream := make(chan struct{}), t.stream
	t.dead = dead
	go func() {
		defer close(dead)
		stream.Events(life, t.deliver, t.refused)
	}()
	t.hold(ctx)
	return true
}

// powerCut ends everything at once; the server is told nothing.
func (t *tablet) powerCut() {
	t.on = false
	t.off()
	<-t.dead
	t.net.Cut()
}

// refused notes that another has taken a place over: the app then fetches anew what it holds.
func (t *tablet) refused(err error) {
	if kontakt.KindOf(err) == kontakt.NotFound {
		select {
		case t.lost <- struct{}{}:
		default:
		}
	}
}

// deliver takes an event as the app does.
func (t *tablet) deliver(e kontakt.Event) {
	saw := history.Saw{Room: e.Room, Seq: e.Seq, Type: e.Type}
	var data wire.EntryChanged
	kind, id := e.Room.Split()
	if kind == "entry" && (e.Type == kontakt.EventEntryChanged || e.Type == kontakt.EventEntryCalled) {
		if err := json.Unmarshal(e.Data, &data); err != nil {
			t.run.fail(err)
		}
		saw.State, saw.Version = kontakt.EntryState(data.State), data.Version
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, follows := t.follow[e.Room]; !follows {
		return
	}
	t.reader.Note(saw)
	if saw.Version > 0 {
		t.learn(history.Place{Entry: kontakt.EntryID(id), State: saw.State, Version: saw.Version, Call: kontakt.CallID(data.Call)})
	}
}

// learn keeps what is newer than what was known. t.mu is held.
func (t *tablet) learn(p history.Place) {
	was := t.held[p.Entry]
	if p.Version < was.Version || t.done[p.Entry] {
		return
	}
	if p.Call == "" && (p.State == kontakt.EntryInCall || p.State == kontakt.EntryInterrupted) {
		p.Call = was.Call // events name it only when it rings
	}
	t.reader.Believe(p)
	t.held[p.Entry] = p
	if p.State == kontakt.EntryCalled {
		select {
		case t.rang <- struct{}{}:
		default:
		}
	}
}

// roomy is how many rooms a tablet follows before it lets go of those that are over.
const roomy = kontakt.MaxRooms - 16

// add follows more rooms, from where an answer stood.
func (t *tablet) add(at kontakt.Cursor) {
	t.mu.Lock()
	for room, seq := range at {
		_, follows := t.follow[room]
		if kind, id := room.Split(); follows || kind == "entry" && t.done[kontakt.EntryID(id)] {
			continue
		}
		t.follow[room] = seq
		t.reader.Note(history.Saw{Room: room, Seq: seq, Type: history.From})
	}
	if len(t.follow) > roomy {
		t.letGo()
	}
	next := maps.Clone(t.follow)
	t.mu.Unlock()
	t.stream.Follow(next)
}

// letGo stops following places that have ended and calls that are over, for good. t.mu is held.
func (t *tablet) letGo() {
	calls := map[kontakt.Room]bool{}
	for id, p := range t.held {
		if p.State.Open() {
			calls[kontakt.CallRoom(p.Call)] = true
			continue
		}
		t.done[id] = true
		delete(t.held, id)
	}
	for room := range t.follow {
		kind, id := room.Split()
		if kind == "entry" && t.done[kontakt.EntryID(id)] || kind == "call" && !calls[room] {
			delete(t.follow, room)
			t.reader.Note(history.Saw{Room: room, Type: history.Until})
		}
	}
}

// took gives an answer's place to the record, and its rooms to the stream.
func (t *tablet) took(e kontakt.Entry) history.Reply {
	p := t.placeOf(e)
	t.add(e.Cursor)
	t.mu.Lock()
	t.learn(p)
	t.mu.Unlock()
	t.run.owns(e.ID, t)
	return history.Reply{Got: &p}
}

func (t *tablet) placeOf(e kontakt.Entry) history.Place {
	p := history.Place{Entry: e.ID, Version: e.Version, State: e.State, Number: e.Number, Call: callOf(e.Call)}
	if e.Call != nil && !e.Call.RingUntil.IsZero() {
		p.RingLeft = e.Call.RingUntil.Sub(t.now())
	}
	return p
}

// pick gives one of the tablet's places in one of the states.
func (t *tablet) pick(states ...kontakt.EntryState) (history.Place, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var fit []history.Place
	for _, id := range slices.Sorted(maps.Keys(t.held)) {
		if slices.Contains(states, t.held[id].State) {
			fit = append(fit, t.held[id])
		}
	}
	if len(fit) == 0 {
		return history.Place{}, false
	}
	return fit[t.rng.IntN(len(fit))], true
}

// use does one thing after the other; true when it is time to stop, false when the power goes.
func (t *tablet) use(ctx context.Context) bool {
	for {
		if !t.waitForSomething(ctx) {
			return true
		}
		if t.chance(1) {
			return false
		}
		if t.chance(4) { // the power goes in the middle of something
			short, cancel := context.WithTimeout(ctx, time.Duration(t.rng.IntN(200))*time.Millisecond)
			t.something(short)
			cancel()
			if ctx.Err() != nil {
				return true
			}
			t.powerCut()
			if !t.boot(ctx) {
				return true
			}
			if t.chance(80) && len(t.sent) > 0 {
				t.again(ctx, t.sent[len(t.sent)-1])
			}
			continue
		}
		t.something(ctx)
	}
}

func (t *tablet) waitForSomething(ctx context.Context) bool {
	timer := time.NewTimer(time.Duration(t.rng.Int64N(2 * int64(t.run.pace))))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-t.lost:
		t.powerCut()
		return t.boot(ctx)
	case <-t.rang:
		if t.chance(20) { // nobody is at the tablet, and the ring runs out
			return pause(ctx, ring+ring/2)
		}
	}
	return ctx.Err() == nil
}
