// Package stream tells readers what happens in their rooms, from the event log.
//
// Invariants: a reader first registers for wake-ups and then reads the log, so no event falls between; what it is given
// comes from the log alone, in each room's order, none missing and none twice; a wake-up is only a hint, and a slow poll
// of the counters makes good a missed one; nothing is buffered for a reader but which rooms to look at, so a slow one
// costs nothing but its connection, and is cut; rooms are checked against the reader's rights before the first event, and
// a guest's, whom somebody may show out of a call, in the very transaction of each read: it gets nothing of a room that was
// written once it may read it no longer.
package stream

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Rights says who may read which rooms.
type Rights interface {
	MayRead(ctx context.Context, rooms []kontakt.Room) error
}

// Presence is told which tablets have a stream open, when one opens and all of them again and again, and which calls' and
// which clinics' rooms are read.
type Presence interface {
	Seen(ctx context.Context, devices []kontakt.DeviceID) error
	Attended(ctx context.Context, calls []kontakt.CallID) error
	Staffed(ctx context.Context, clinics []kontakt.ClinicID) error
}

const (
	batch     = 256              // events that Next reads of one room at once
	seenEvery = 15 * time.Second // presence
	pollEvery = 3 * time.Second  // for missed wake-ups
	slowAfter = time.Minute      // that long events lie for a reader before it is cut
)

// Hub is all readers of one process.
type Hub struct {
	db       *store.DB
	rights   Rights
	presence Presence

	missed chan struct{} // there is something in it when wake-ups may have been missed

	mu      sync.Mutex
	rooms   map[kontakt.Room]audience
	devices map[kontakt.DeviceID]int // open streams
}

// audience is who reads a room.
type audience struct {
	readers []*Subscription
	polled  kontakt.Seq // the room's counter as the last poll saw it
}

// New makes a hub that the store wakes. Run keeps it going.
func New(db *store.DB, rights Rights, presence Presence) *Hub {
	h := &Hub{
		db: db, rights: rights, presence: presence, missed: make(chan struct{}, 1),
		rooms: map[kontakt.Room]audience{}, devices: map[kontakt.DeviceID]int{},
	}
	db.Watch(h.wake)
	return h
}

// Readers is how many streams are open.
func (h *Hub) Readers() int { return len(h.all()) }

// Subscription is one reader. It is for one goroutine; only Close may be called from another. Thousands of them wait, so
// that it has slices where a few rooms would each want a map.
type Subscription struct {
	hub    *Hub
	device kontakt.DeviceID // of the reader; "": no tablet
	guest  *kontakt.Actor   // the reader, where it is a guest: may lose its rights while it reads
	rooms  []kontakt.Room
	at     []kontakt.Seq // how far it has come in each of rooms
	wake   chan struct{} // there is something in it when Next should look at what is below

	mu     sync.Mutex
	dirty  map[kontakt.Room]struct{} // nil while nothing is to be looked at: thousands of readers wait so
	since  time.Time                 // when the first of dirty came
	closed bool
}

// Subscribe opens a reader at a cursor. A cursor that is ahead of the log, as after a database was put back from a
// backup, is Gone: the reader must fetch its state anew.
func (h *Hub) Subscribe(ctx context.Context, at kontakt.Cursor) (*Subscription, error) {
	const op = "stream.Subscribe"
	if len(at) == 0 || len(at) > kontakt.MaxRooms {
		return nil, &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest}
	}
	rooms := slices.Sorted(maps.Keys(at))
	if err := h.rights.MayRead(ctx, rooms); err != nil {
		return nil, err
	}
	actor, _ := kontakt.ActorFrom(ctx)
	s := &Subscription{
		hub: h, device: actor.Device, rooms: rooms, at: make([]kontakt.Seq, len(rooms)), wake: make(chan struct{}, 1),
	}
	if actor.Role == kontakt.RoleGuest {
		guest := actor
		s.guest = &guest
	}
	for i, room := range rooms {
		s.at[i] = at[room]
	}
	h.add(s)
	var end kontakt.Cursor
	if err := h.db.View(ctx, func(tx *store.Tx) (err error) { end, err = tx.Cursor(rooms...); return err }); err != nil {
		s.Close()
		return nil, err
	}
	for room, seq := range at {
		if seq > end[room] {
			s.Close()
			return nil, &kontakt.Error{Op: op, Kind: kontakt.Gone, Msg: kontakt.MsgNotFound}
		}
	}
	s.mark(rooms, h.db.Now())
	if s.device != "" {
		if err := h.presence.Seen(ctx, []kontakt.DeviceID{s.device}); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

func (h *Hub) add(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, room := range s.rooms {
		a := h.rooms[room]
		a.readers = append(a.readers, s)
		h.rooms[room] = a
	}
	if s.device != "" {
		h.devices[s.device]++
	}
}

// Close ends the reader; a Next that waits answers Gone.
func (s *Subscription) Close() {
	s.mu.Lock()
	done := s.closed
	s.closed = true
	s.mu.Unlock()
	if done {
		return
	}
	s.rouse()
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, room := range s.rooms {
		a := h.rooms[room]
		a.readers = slices.DeleteFunc(a.readers, func(r *Subscription) bool { return r == s })
		if len(a.readers) == 0 {
			delete(h.rooms, room)
		} else {
			h.rooms[room] = a
		}
	}
	if s.device != "" {
		if h.devices[s.device]--; h.devices[s.device] == 0 {
			delete(h.devices, s.device)
		}
	}
}

// Cursor tells how far the reader has come. It is the caller's own copy.
func (s *Subscription) Cursor() kontakt.Cursor {
	at := make(kontakt.Cursor, len(s.rooms))
	for i, room := range s.rooms {
		at[room] = s.at[i]
	}
	return at
}

// Next gives the events after the cursor, in each room's order, and moves the cursor behind them. It waits until there
// are some; none means that none came within that time. A subscription that was cut or closed answers Gone.
func (s *Subscription) Next(ctx context.Context, within time.Duration) ([]kontakt.Event, error) {
	enough := time.Now().Add(within)
	timer := time.AfterFunc(within, s.rouse)
	defer timer.Stop()
	for {
		events, err := s.read(ctx)
		if err != nil || len(events) > 0 || !time.Now().Before(enough) {
			return events, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.wake:
		}
	}
}

// read looks at the rooms that were named since the last time.
func (s *Subscription) read(ctx context.Context) ([]kontakt.Event, error) {
	s.mu.Lock()
	rooms, closed := slices.Sorted(maps.Keys(s.dirty)), s.closed
	s.dirty = nil
	s.mu.Unlock()
	if closed {
		return nil, &kontakt.Error{Op: "stream.Next", Kind: kontakt.Gone, Msg: kontakt.MsgServerUnreachable}
	}
	if len(rooms) == 0 {
		return nil, nil
	}
	var events []kontakt.Event
	var more []kontakt.Room
	var cut bool
	// Not to be given up with ctx: a transaction under it would leave it a map for as long as the stream lives.
	ctx = context.WithoutCancel(ctx)
	if s.guest != nil {
		ctx = kontakt.WithActor(ctx, *s.guest)
	}
	asked := rooms
	err := s.hub.db.View(ctx, func(tx *store.Tx) (err error) {
		events, more = nil, nil
		if rooms, cut, err = s.left(tx, asked); err != nil {
			return err
		}
		for _, room := range rooms {
			found, err := tx.Events(room, s.at[slices.Index(s.rooms, room)], batch)
			if err != nil {
				return err
			}
			if len(found) == batch {
				more = append(more, room)
			}
			events = append(events, found...)
		}
		return nil
	})
	if err != nil {
		s.mark(asked, s.hub.db.Now())
		return nil, err
	}
	s.mark(more, s.hub.db.Now())
	for _, e := range events {
		s.at[slices.Index(s.rooms, e.Room)] = e.Seq
	}
	if cut && len(more) == 0 {
		s.Close()
	}
	return events, nil
}

// left gives which of the rooms are still the reader's. Where a guest has lost one, its stream ends, with all that the
// others have: the reader learns there why, and asks anew.
func (s *Subscription) left(tx *store.Tx, rooms []kontakt.Room) (mine []kontakt.Room, cut bool, err error) {
	if s.guest == nil {
		return rooms, false, nil
	}
	for _, room := range s.rooms {
		switch err := s.hub.rights.MayRead(tx.Context(), []kontakt.Room{room}); kontakt.KindOf(err) {
		case "":
			mine = append(mine, room)
		case kontakt.Hidden, kontakt.NotFound, kontakt.Forbidden:
			cut = true
		default:
			return nil, false, err
		}
	}
	return mine, cut, nil
}

// mark notes that there may be something to read.
func (s *Subscription) mark(rooms []kontakt.Room, now time.Time) {
	if len(rooms) == 0 {
		return
	}
	s.mu.Lock()
	if s.dirty == nil {
		s.dirty, s.since = make(map[kontakt.Room]struct{}, len(rooms)), now
	}
	for _, room := range rooms {
		s.dirty[room] = struct{}{}
	}
	s.mu.Unlock()
	s.rouse()
}

// rouse makes Next look.
func (s *Subscription) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// wake marks the rooms for their readers. Where it does not say which, Run looks at the counters of all at once.
func (h *Hub) wake(rooms []kontakt.Room) {
	if rooms == nil {
		select {
		case h.missed <- struct{}{}:
		default:
		}
		return
	}
	now := h.db.Now()
	for _, room := range rooms {
		for _, s := range h.readers(room) {
			s.mark([]kontakt.Room{room}, now)
		}
	}
}

func (h *Hub) readers(room kontakt.Room) []*Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.rooms[room].readers)
}
